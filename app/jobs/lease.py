"""The lease of a worker: who holds it lives, and nobody else takes the plans that it works on.

A worker raises a number in its row of the table ``lease`` several times in the length of a lease, on whatever
connection the pool has. The others compare that number with the one they read before: a row that has not changed
while they themselves beat for the length of a lease is removed, and with it the claim on its plans. No clock of
another machine is asked, so a jump of a clock takes nothing from anybody. A worker that cannot renew its lease stops
its children before another one may remove the row. On SQLite the lock on the file is the lease, and the row has no
rivals.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from math import inf

import sqlalchemy as sa
import structlog
from sqlmodel import col

from app.core.db import writing
from app.models import Lease

log = structlog.get_logger(__name__)

BEATS = 5
"""How often a lease is renewed in its length, and how many missed beats end that of another worker."""
OWN_SHARE = 0.8
"""The part of its length after which a lease that could not be renewed counts as lost for its own holder."""


def new_executor() -> str:
    """A name that no other worker has or had."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


class HeldLease:
    """Begins, renews and ends the lease of this process; ``is_sole`` when a lock keeps every other process away."""

    def __init__(self, engine: sa.Engine, seconds: float, *, is_sole: bool) -> None:
        self.executor = new_executor()
        self._engine = engine
        self._seconds = seconds
        self._is_sole = is_sole
        self._begun = False
        self._held_until = -inf
        self._others = Missed()

    def is_held(self, executor: str) -> bool:
        """Whether this process still holds the lease of that name."""
        return executor == self.executor and time.monotonic() < self._held_until

    def keep(self, stopping: threading.Event) -> None:
        """Renew the lease until ``stopping`` is set; a database that does not answer is waited for."""
        interval = self._seconds / BEATS
        while not stopping.wait(interval if self._begun else 0):
            try:
                self._beat()
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.warning("lease_not_renewed", executor=self.executor, error=str(error).splitlines()[0])
                stopping.wait(interval)

    def end(self) -> None:
        """Remove the lease, so that others take its plans at once."""
        self._held_until = -inf
        self._remove(self.executor)

    def _beat(self) -> None:
        sent_at = time.monotonic()
        if not self._begun:
            self._begin()
        elif self._is_sole:
            return
        elif not self._renew():
            log.warning("lease_lost", executor=self.executor)
            self._held_until = -inf
            self._begun = False
            self.executor = new_executor()
            return
        self._held_until = inf if self._is_sole else sent_at + self._seconds * OWN_SHARE

    def _begin(self) -> None:
        with writing(self._engine) as session:
            if self._is_sole:
                session.execute(sa.delete(Lease))
            session.execute(sa.insert(Lease).values(executor=self.executor, beats=0, beat_at=sa.func.now()))
        self._begun = True
        log.info("lease_begun", executor=self.executor)

    def _renew(self) -> bool:
        """Beat once, and look at the beats of the others; whether the lease was still there."""
        with writing(self._engine) as session:
            mine = col(Lease.executor) == self.executor
            beat = sa.update(Lease).where(mine).values(beats=col(Lease.beats) + 1, beat_at=sa.func.now())
            renewed = session.execute(beat.returning(col(Lease.beats))).all()
            others = session.execute(sa.select(col(Lease.executor), col(Lease.beats)).where(~mine)).all()
        for executor, beats in self._others.after(dict(others)).items():
            if self._remove(executor, beats):
                log.warning("lease_ended_of_other", executor=executor)
        return bool(renewed)

    def _remove(self, executor: str, beats: int | None = None) -> bool:
        """Remove a lease unless it was renewed in the meantime; whether it was there."""
        statement = sa.delete(Lease).where(col(Lease.executor) == executor)
        if beats is not None:
            statement = statement.where(col(Lease.beats) == beats)
        with writing(self._engine) as session:
            return bool(session.execute(statement.returning(col(Lease.executor))).all())


class Missed:
    """Counts for each other lease how often it was seen without a new beat."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}

    def after(self, beats: Mapping[str, int]) -> dict[str, int]:
        """Note the beats of this look; the leases that have missed as many as end a lease."""
        seen = self._seen
        self._seen = {
            executor: (number, seen[executor][1] + 1 if executor in seen and seen[executor][0] == number else 0)
            for executor, number in beats.items()
        }
        return {executor: number for executor, (number, missed) in self._seen.items() if missed >= BEATS}
