"""DBOS, on which the work on plans runs: each attempt at a plan is a workflow, and each part of it a step.

DBOS keeps what was begun, what each step ended with, and when: in a second SQLite file, or in a schema of its own on
PostgreSQL. Who works on a plan is decided by our lease (``app.jobs.lease``) and held by the plan's row
(``app.jobs.held``), since DBOS by itself takes over nothing from a dead worker: the next attempt is a workflow of its
own, and it closes what the attempts before left open.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.engine import URL, make_url

from app.core.config import Settings
from app.jobs.held import Held

APPLICATION = "dudao"
FLOW_VERSION = "2"
"""Raised only when the order of a flow's steps changes."""
CLOSING_SECONDS = 2.0
"""How long the end of the process waits for DBOS, which itself waits for a database that does not answer."""

_lock = threading.Lock()
_users = 0
_flow: Callable[[int, int], None]


@contextmanager
def launched(settings: Settings, executor: str) -> Iterator[None]:
    """DBOS while the block runs; there is one of it in a process, which several blocks share."""
    global _users
    with _lock:
        if _users == 0:
            _launch(settings, executor)
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _close()


def _launch(settings: Settings, executor: str) -> None:
    global _flow
    database = _system_database(settings)
    if settings.is_sqlite:
        _write_ahead(Path(database.database or ""))
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": database.render_as_string(hide_password=False),
        "application_version": FLOW_VERSION,
        "executor_id": executor,
        "log_level": "WARNING",  # at INFO it prints an advertisement
    }
    DBOS(config=config)
    _flow = DBOS.workflow(name="plan")(_run_attempt)
    logger = logging.getLogger("dbos")
    logger.handlers.clear()
    logger.propagate = True
    DBOS.launch()


def _close() -> None:
    closing = threading.Thread(target=DBOS.destroy, kwargs={"destroy_registry": True}, name="dbos-end", daemon=True)
    closing.start()
    closing.join(CLOSING_SECONDS)


def _system_database(settings: Settings) -> URL:
    url = make_url(settings.database_url)
    if not settings.is_sqlite:
        return url
    file = Path(url.database or "dudao.sqlite").resolve()
    return URL.create("sqlite", database=f"{file.with_suffix('')}-jobs.sqlite")


def _write_ahead(file: Path) -> None:
    """DBOS leaves its file in rollback mode, three times slower; the mode is kept in the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


_work: dict[str, Callable[[], None]] = {}
"""What the workflows of this process do, by their ids: a workflow is registered once, before DBOS is launched."""


def _run_attempt(plan_id: int, number: int) -> None:
    _work[_flow_id(plan_id, number)]()


def attempt(held: Held, work: Callable[[], None]) -> None:
    """Run the work of one attempt at a plan as a workflow; the one of the attempt before is closed if it is open."""
    flow_id = _flow_id(held.plan_id, held.attempt)
    _close_flow(_flow_id(held.plan_id, held.attempt - 1))
    _work[flow_id] = work
    try:
        with SetWorkflowID(flow_id):
            _flow(held.plan_id, held.attempt)
    finally:
        del _work[flow_id]


def _flow_id(plan_id: int, number: int) -> str:
    return f"plan-{plan_id}-attempt-{number}"


def _close_flow(flow_id: str) -> None:
    """End the workflow of an attempt whose worker died; one that ended by itself stays as it is."""
    status = DBOS.get_workflow_status(flow_id)
    if status is not None and status.status == "PENDING":
        DBOS.cancel_workflow(flow_id)


def step(name: str, part: Callable[[], None]) -> None:
    """Run a part of the work as a step of the workflow around it; outside of one it is called as it is."""
    if DBOS.workflow_id is None:
        part()
    else:
        DBOS.run_step({"name": name}, part)
