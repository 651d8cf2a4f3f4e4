"""Beside the work on a plan: once a second its row is told how far the work is, and says whether to go on.

All of that happens in a thread of its own, so that a database that does not answer never keeps anybody from stopping
a child process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import Session, col

from app.core.db import writing
from app.jobs.held import Held
from app.jobs.lease import HeldLease
from app.jobs.solve_process import SolveProgress, StopReason
from app.models import Plan, PlanPhase, PlanWork

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
CHECKPOINT_SECONDS = 10.0
"""Between two copies of the solver's checkpoint into the database, at least."""
END_SECONDS = 1.0
"""How long the end of the work waits for a look that is under way."""


class Watch:
    """What the work tells (``enter``, ``progress``, ``checkpoint``), and what its row answers (``why_stop``)."""

    def __init__(self, engine: sa.Engine, held: Held, lease: HeldLease, stopping: threading.Event) -> None:
        self.phase = PlanPhase.READING
        self.progress: SolveProgress | None = None
        self.checkpoint: Path | None = None
        self.used_seconds = 0.0
        self._engine = engine
        self._held = held
        self._lease = lease
        self._stopping = stopping
        self._elapsed_before = 0.0
        self._began_at = time.monotonic()
        self._cancelled = False
        self._lost = False
        self._kept_at = self._began_at
        self._kept_version = 0

    def start(self, elapsed_before: float, used_seconds: float) -> None:
        """The seconds of earlier attempts: of all work on the plan, and of search."""
        self._elapsed_before = elapsed_before
        self.used_seconds = used_seconds

    def enter(self, phase: PlanPhase) -> None:
        """Note what is done from now on."""
        self.phase = phase

    def elapsed(self) -> float:
        """The seconds that all attempts have worked on the plan."""
        return self._elapsed_before + time.monotonic() - self._began_at

    def searched(self) -> float:
        """The seconds of search of all attempts."""
        return self.used_seconds + (self.progress.elapsed_seconds if self.progress is not None else 0.0)

    def why_stop(self) -> StopReason | None:
        """Why the work has to stop; asks nobody, and so answers at once."""
        if self._lost or not self._lease.is_held(self._held.executor):
            return StopReason.LOST
        if self._stopping.is_set():
            return StopReason.SHUTDOWN
        return StopReason.CANCELLED if self._cancelled else None

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look once a second until the block ends."""
        ended = threading.Event()
        thread = threading.Thread(target=self._look_until, args=(ended,), name="watch-plan", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(END_SECONDS)

    def _look_until(self, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                self._look()
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.warning("progress_not_written", plan=self._held.plan_id, error=str(error).splitlines()[0])
            ended.wait(LOOK_SECONDS)

    def _look(self) -> None:
        values: dict[str, Any] = {"phase": self.phase.value, "elapsed_seconds": self.elapsed()}
        if self.progress is not None:
            values |= {
                "scheduled": self.progress.scheduled,
                "visits": self.progress.visits,
                "total": self.progress.total,
                "bound": self.progress.bound,
            }
        with writing(self._engine) as session:
            told = sa.update(Plan).where(self._held.condition()).values(values)
            found = session.execute(told.returning(col(Plan.cancel_requested_at))).first()
            if found is None:
                self._lost = True
                return
            self._cancelled = found[0] is not None
            self._keep_checkpoint(session)

    def _keep_checkpoint(self, session: Session) -> None:
        """Copy the checkpoint when it is new and the last copy is old; the row of the plan is locked."""
        if self.checkpoint is None or time.monotonic() - self._kept_at < CHECKPOINT_SECONDS:
            return
        try:
            version, content = self.checkpoint.stat().st_mtime_ns, self.checkpoint.read_bytes()
        except FileNotFoundError:
            return
        if version != self._kept_version:
            keep_checkpoint(session, self._held.plan_id, content, self.searched())
            self._kept_version = version
            self._kept_at = time.monotonic()


def keep_checkpoint(session: Session, plan_id: int, content: bytes, used_seconds: float) -> None:
    """Keep a plan that the search can go on from; the caller holds the plan."""
    session.execute(
        sa.update(PlanWork)
        .where(col(PlanWork.plan_id) == plan_id)
        .values(checkpoint=content, used_seconds=used_seconds)
    )
