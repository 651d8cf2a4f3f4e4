"""A process that works on plans: the engine and the flow put together from the settings."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.clock import clock_for
from app.core.config import Settings
from app.core.db import make_engine
from app.jobs.engine import running
from app.jobs.flows import Planner


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """Work on whatever is in the queue until the block ends; what is not finished then goes on at the next start.

    Raises ``AlreadyRunningError`` when another process works on the same SQLite file.
    """
    engine = make_engine(settings)
    stopping = threading.Event()
    planner = Planner(engine, settings, clock_for(settings), stopping)
    try:
        with running(settings, planner.run, planner.waiting, stopping):
            yield
    finally:
        engine.dispose()
