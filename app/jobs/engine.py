"""The engine of durable work: takes plans from the queue in the database and runs each attempt as a workflow of DBOS.

Nothing of it is kept in memory or on disk. A worker that dies loses its lease, another one takes its plans, and
whatever the dead one still had under way is refused (``app.jobs.held``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import make_url

from app.core.clock import Clock
from app.core.config import Settings
from app.jobs.durable import attempt, launched
from app.jobs.held import Held, take
from app.jobs.lease import HeldLease
from app.jobs.scratch import remove_abandoned
from app.jobs.sole import sole_process

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
"""How long a free worker waits before it looks for a plan again."""
TROUBLE_SECONDS = 2.0
"""The same while the database does not answer."""
IDLE_SECONDS = 5.5
"""How long stopping waits for work that was told to stop."""
LEASE_SECONDS = 1.0
"""How long stopping waits for the lease to be ended."""

Work = Callable[[Held, HeldLease], None]


@contextmanager
def running(
    settings: Settings, engine: sa.Engine, clock: Clock, work: Work, stopping: threading.Event
) -> Iterator[None]:
    """Work on the plans of the queue until the block ends; stopping takes at most ``IDLE_SECONDS + 2 * LEASE_SECONDS``.

    ``work`` ends soon after ``stopping`` is set, which the end of the block does. Raises ``CannotWorkError`` when
    another process works on the same SQLite file, or its folder cannot be written.
    """
    with ExitStack() as scope:
        if settings.is_sqlite:
            scope.enter_context(sole_process(_file_of(settings)))
        remove_abandoned(settings.work_dir)
        lease = HeldLease(engine, settings.lease_seconds, is_sole=settings.is_sqlite)
        scope.enter_context(launched(settings, lease.executor))
        jobs = _Jobs(engine, clock, lease, work, settings.plans_at_once, stopping)
        kept = threading.Event()
        keeper = _thread("keep-lease", lambda: _keep(lease, kept))
        taker = _thread("take-plans", jobs.take_while_working)
        log.info("jobs_started", executor=lease.executor, plans_at_once=settings.plans_at_once)
        try:
            yield
        finally:
            stopping.set()
            taker.join(LEASE_SECONDS)
            if not jobs.wait_until_idle(IDLE_SECONDS):
                log.warning("jobs_left_running", executor=lease.executor)
            kept.set()
            keeper.join(LEASE_SECONDS)
            log.info("jobs_stopped", executor=lease.executor)


def _file_of(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "dudao.sqlite")


def _keep(lease: HeldLease, stopping: threading.Event) -> None:
    lease.keep(stopping)
    try:
        lease.end()
    except sa.exc.SQLAlchemyError as error:  # the other workers end it in time
        log.warning("lease_left", executor=lease.executor, error=str(error).splitlines()[0])


def _thread(name: str, target: Callable[[], None]) -> threading.Thread:
    """A thread that a database which does not answer cannot make the process wait for."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


class _Jobs:
    """The plans that this process works on, each in a thread."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock,
        lease: HeldLease,
        work: Work,
        at_once: int,
        stopping: threading.Event,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = lease
        self._work = work
        self._at_once = at_once
        self._stopping = stopping
        self._running: set[int] = set()
        self._changed = threading.Condition()

    def take_while_working(self) -> None:
        """Take plans as long as there are some and room for them; a database that does not answer is waited for."""
        while not self._stopping.is_set():
            pause = POLL_SECONDS
            try:
                pause = 0 if self._take_one() else POLL_SECONDS
            except (sa.exc.SQLAlchemyError, OSError) as error:
                log.warning("queue_not_read", error=str(error).splitlines()[0])
                pause = TROUBLE_SECONDS
            self._stopping.wait(pause)

    def _take_one(self) -> bool:
        executor = self._lease.executor
        at_work = self._running.copy()
        if len(at_work) >= self._at_once or not self._lease.is_held(executor):
            return False
        held = take(self._engine, self._clock, executor, at_work)
        if held is None:
            return False
        with self._changed:
            self._running.add(held.plan_id)
        _thread(f"plan-{held.plan_id}", lambda: self._run(held))
        return True

    def _run(self, held: Held) -> None:
        log.info("plan_taken", plan=held.plan_id, attempt=held.attempt, executor=held.executor)
        try:
            attempt(held, lambda: self._work(held, self._lease))
        except Exception:  # the plan is free again: this process has it without working on it
            log.exception("work_failed", plan=held.plan_id)
            self._stopping.wait(TROUBLE_SECONDS)
        finally:
            with self._changed:
                self._running.discard(held.plan_id)
                self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait for the work under way; whether all of it has ended."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)
