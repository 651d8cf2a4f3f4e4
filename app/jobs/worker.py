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
def working(settings: Settings) -> Iterator[threading.Event]:
    """Work on whatever is in the queue until the block ends; what is not finished then goes on at the next start.

    The event may be set before, to begin stopping. Raises ``CannotWorkError`` when another process works on the same
    SQLite file, or its folder cannot be written.
    """
    engine = make_engine(settings)
    stopping = threading.Event()
    clock = clock_for(settings)
    planner = Planner(engine, settings, clock, stopping)
    try:
        with running(settings, engine, clock, planner.run, stopping):
            yield stopping
    finally:
        engine.dispose()
