"""The engine of durable work: its database, its identity, its queue, and the sweep that feeds it.

The engine's own tables live in a second SQLite file, or in a schema of their own on PostgreSQL, where the
migrations do not look. Its identity is what a restart recovers by, so no two processes that live may share one: on
SQLite a file lock refuses the second; on PostgreSQL each worker holds the lowest free number by an advisory lock, which
a killed worker's connection gives back: a worker that lives puts its work into the queue again, or else the next one
to start takes over its number and its work.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.engine import URL, make_url

from app.core.config import Settings

log = structlog.get_logger(__name__)

APPLICATION = "dudao"
FLOW_VERSION = "1"
"""Raised only when the order of a flow's steps changes: work begun under another version is not taken up."""
QUEUE = "plans"
SWEEP_SECONDS = 1.0
QUEUE_POLL_SECONDS = 0.5
STOP_SECONDS = 20.0
"""How long stopping waits for parts that were interrupted."""
MOST_WORKERS = 1_000
_WORKER = "worker-"
WORKER_LOCK = 0x6475_6461
"""First key of the advisory locks that number the workers, so that they meet no other program's."""


class AlreadyRunningError(Exception):
    """Another process plans on this database already."""


class Interrupted(BaseException):
    """The process stops; the part that runs is not over and is run again by the next process.

    No ``Exception``, because the engine records those as the end of a flow.
    """


@dataclass(frozen=True, slots=True)
class EnginePlaces:
    """Where the engine keeps what it needs: its database, and the folder of the files that children work on."""

    database: URL
    work: Path


def places_for(settings: Settings) -> EnginePlaces:
    """The places that follow from the database of the settings; DUDAO_WORK_DIR moves the folder."""
    url = make_url(settings.database_url)
    if not settings.is_sqlite:
        return EnginePlaces(url, settings.work_dir or Path(tempfile.gettempdir()) / "dudao-work")
    file = Path(url.database or "dudao.sqlite").absolute()
    stem = file.with_suffix("")
    jobs = URL.create("sqlite", database=f"{stem}-jobs.sqlite")
    return EnginePlaces(jobs, settings.work_dir or Path(f"{stem}-work"))


@contextmanager
def _identity(settings: Settings) -> Iterator[str]:
    """A name that no other living process has; held until the block ends or the process dies."""
    if settings.is_sqlite:
        with _file_lock(Path(make_url(settings.database_url).database or "dudao.sqlite")):
            yield "local"
    else:
        engine = sa.create_engine(settings.database_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            yield f"{_WORKER}{_lowest_free_number(connection)}"
            connection.rollback()


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    path = database.with_name(f"{database.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise AlreadyRunningError(
                f"数据库 {database} 已由进程 {file.read().strip() or '未知'} 使用，"
                "一个 SQLite 数据库只能有一个服务进程。请先停止那个进程，或改用 PostgreSQL（设置 DATABASE_URL）。"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lowest_free_number(connection: sa.Connection) -> int:
    for number in range(1, MOST_WORKERS + 1):
        taken = connection.execute(
            sa.text("SELECT pg_try_advisory_lock(:kind, :number)"), {"kind": WORKER_LOCK, "number": number}
        ).scalar_one()
        if taken:
            connection.commit()  # the lock is the session's; no transaction stays open beside it
            return number
    raise AlreadyRunningError(f"已有 {MOST_WORKERS} 个规划进程在运行，不能再启动。")


class _Abandoned:
    """Work of workers that have died, found by the locks that they no longer hold; on SQLite there is but one."""

    def __init__(self, settings: Settings, executor: str) -> None:
        self._engine = sa.create_engine(settings.database_url, poolclass=sa.NullPool)
        self._looks = not settings.is_sqlite
        self._executor = executor

    def take_over(self) -> None:
        """Put it into the queue again, where it goes on after the last part that had ended."""
        if not self._looks:
            return
        left: dict[int, list[str]] = defaultdict(list)
        for flow in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            if flow.executor_id is not None and flow.executor_id != self._executor:
                left[int(flow.executor_id.removeprefix(_WORKER))].append(flow.workflow_id)
        for number, flows in left.items():
            with self._engine.begin() as connection:  # while it holds the number, no worker that starts can have it
                if _is_free(connection, number):
                    for flow_id in flows:
                        DBOS.resume_workflow(flow_id, queue_name=QUEUE)
                    log.warning("work_taken_over", worker=number, flows=len(flows))


def _is_free(connection: sa.Connection, number: int) -> bool:
    """Whether no living worker holds the number; if so, it is held until the transaction ends."""
    statement = sa.text("SELECT pg_try_advisory_xact_lock(:kind, :number)")
    return bool(connection.execute(statement, {"kind": WORKER_LOCK, "number": number}).scalar_one())


def _write_ahead(file: str) -> None:
    """The engine leaves its file in rollback mode, three times slower; the mode is kept in the file."""
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _expected_end(record: logging.LogRecord) -> bool:
    """Keep what is no news out of the log: a cancelled flow is an answer, not an error."""
    return "Cancelled" not in record.getMessage()


def _quiet() -> None:
    logger = logging.getLogger("dbos")
    logger.handlers.clear()
    logger.propagate = True
    logger.addFilter(_expected_end)


class _Busy:
    """Counts the flows that run in this process, so that stopping can wait for them."""

    def __init__(self) -> None:
        self._running = 0
        self._changed = threading.Condition()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._changed:
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._running == 0, seconds)


@contextmanager
def running(
    settings: Settings,
    work: Callable[[int], str],
    waiting: Callable[[], Mapping[str, int]],
    stopping: threading.Event,
) -> Iterator[None]:
    """Take up what an earlier process left, then work on whatever ``waiting`` names, until the block ends.

    ``work`` is a flow that runs its parts by ``step``. ``waiting`` maps a key to the id to work on; a key is worked on
    once, however often it is named. ``stopping`` is set when the block ends: a part that sees it raises
    ``Interrupted``. Raises ``AlreadyRunningError`` when another process works on the same SQLite file.
    """
    places = places_for(settings)
    busy = _Busy()

    def counted(plan_id: int) -> str:
        with busy.one_more():
            return work(plan_id)

    with _identity(settings) as executor:
        if settings.is_sqlite:
            _write_ahead(places.database.database or "")
        DBOS(config=_configuration(places.database, executor))
        flow = DBOS.workflow(name="plan")(counted)
        left = _Abandoned(settings, executor).take_over
        sweeper = threading.Thread(target=_sweep, args=(flow, waiting, left, stopping), name="sweep-plans", daemon=True)
        try:
            _quiet()
            DBOS.launch()
            DBOS.register_queue(
                QUEUE,
                worker_concurrency=settings.plans_at_once,
                polling_interval_sec=QUEUE_POLL_SECONDS,
                on_conflict="always_update",
            )
            sweeper.start()
            log.info("jobs_started", executor=executor, plans_at_once=settings.plans_at_once)
            yield
        finally:
            stopping.set()
            if sweeper.is_alive():
                sweeper.join()
            if not busy.wait_until_idle(STOP_SECONDS):
                log.warning("jobs_left_running", executor=executor)
            DBOS.destroy(destroy_registry=True)
            log.info("jobs_stopped", executor=executor)


def _configuration(database: URL, executor: str) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": database.render_as_string(hide_password=False),
        "application_version": FLOW_VERSION,
        "executor_id": executor,
        "log_level": "WARNING",  # at INFO the engine prints an advertisement
    }


def _sweep(
    flow: Callable[[int], str],
    waiting: Callable[[], Mapping[str, int]],
    take_over: Callable[[], None],
    stopping: threading.Event,
) -> None:
    """Hand new and abandoned work to the queue; when the database does not answer, the next sweep tries again."""
    handed: set[str] = set()
    while not stopping.is_set():
        try:
            take_over()
            found = waiting()
            for key in found.keys() - handed:
                with SetWorkflowID(key):
                    DBOS.enqueue_workflow(QUEUE, flow, found[key])
            handed = set(found)
        except sa.exc.DBAPIError as error:
            log.warning("sweep_failed", error=str(error))
        stopping.wait(SWEEP_SECONDS)


def step(name: str, part: Callable[[int], str], plan_id: int) -> str:
    """Run a part of a flow so that its answer is kept: after a restart a part that had ended is not run again."""
    return DBOS.run_step({"name": name}, part, plan_id)
