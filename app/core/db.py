"""The database: engines, the two kinds of transaction, and the way to the newest revision.

SQLite begins a transaction only when told to: a ``writing`` one takes the write lock at once and so waits for its
turn, where a transaction that reads first and writes later would fail as soon as another process wrote in between.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any

import alembic.command
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi import Depends, Request
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.core.config import Settings
from app.core.trouble import GONE

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
BUSY_MILLISECONDS = 15_000
"""How long a SQLite writer waits for another one before it gives up."""

POSTGRES_CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A server that no longer answers is noticed after seconds, by libpq's own parameters; the last is milliseconds."""

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def make_engine(settings: Settings, *, foreign_keys: bool = True) -> sa.Engine:
    """An engine on the database of the settings; ``foreign_keys`` off is for rebuilding SQLite's tables."""
    url = make_url(settings.database_url)
    if not settings.is_sqlite:
        return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=POSTGRES_CONNECTION)
    engine = sa.create_engine(url, hide_parameters=True)  # a statement's parameters may be secrets
    if url.database and url.database != ":memory:":
        file = Path(url.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        _watch_file(engine, file)
    sa.event.listen(engine, "connect", _pragmas(foreign_keys))
    sa.event.listen(engine, "begin", _begin)
    return engine


def _watch_file(engine: sa.Engine, file: Path) -> None:
    """Never write into a file that was deleted, and never make a new one in its place.

    A connection of the pool to a file that was deleted or replaced is closed; once there was a file, a missing one is
    an error and not a new database.
    """
    known = file.exists()

    def require_file(*_: object) -> None:
        if known and not file.exists():
            raise sqlite3.OperationalError(f"{GONE}: {file}")

    def note_file(_connection: object, record: sa.pool.ConnectionPoolEntry) -> None:
        nonlocal known
        known = True
        record.info[_IDENTITY] = _identity(file)

    def compare_file(_connection: object, record: sa.pool.ConnectionPoolEntry, _proxy: object) -> None:
        if record.info.get(_IDENTITY) != _identity(file):
            raise sa.exc.DisconnectionError(f"{GONE}: {file}")

    sa.event.listen(engine, "do_connect", require_file)
    sa.event.listen(engine, "connect", note_file)
    sa.event.listen(engine, "checkout", compare_file)


_IDENTITY = "dudao.file"
"""Where the record of a connection keeps which file it has opened."""


def _identity(file: Path) -> tuple[int, int] | None:
    """Device and number of a file, which a new file of the same name does not share."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _pragmas(foreign_keys: bool) -> Any:
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by its own rules
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    return set_pragmas


def _begin(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """A session that sees one state of the database and never commits."""
    with Session(engine) as session:
        yield session


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Session]:
    """A session whose transaction commits when the block ends and rolls back when it raises."""
    with Session(engine.execution_options(writing=True), expire_on_commit=False) as session:
        yield session
        session.commit()


SHARED_SESSION = "dudao.session"
"""Where the scope of a request within a request holds the session of the outer one."""


def get_session(request: Request) -> Iterator[Session]:
    """The session of a request: one transaction, committed before the answer leaves, rolled back on any error."""
    shared: Session | None = request.scope.get(SHARED_SESSION)
    if shared is not None:  # the transaction is the outer request's, and so is its end
        yield shared
        return
    engine: sa.Engine = request.app.state.engine
    open_session = reading if request.method in _READING_METHODS else writing
    with open_session(engine) as session:
        yield session


Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens a writing transaction of its own, which commits whatever becomes of the request."""


def get_transaction(request: Request) -> Transaction:
    """What opens a short transaction beside the request's own session, which must not be writing."""
    return partial(writing, request.app.state.engine)


def get_reading_session(request: Request) -> Iterator[Session]:
    """A session that never commits, whatever the method of the request."""
    with reading(request.app.state.engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session, scope="function")]
TransactionDep = Annotated[Transaction, Depends(get_transaction)]
ReadingSessionDep = Annotated[Session, Depends(get_reading_session, scope="function")]


def alembic_config(settings: Settings) -> Config:
    """Alembic's configuration for the database of the settings, wherever the process was started."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["settings"] = settings
    return config


def migrate(settings: Settings) -> None:
    """Bring the database of the settings to the newest revision; make it when there is none."""
    alembic.command.upgrade(alembic_config(settings), "head")


def is_at_head(engine: sa.Engine) -> bool:
    """Whether the database stands at the newest revision of the migrations."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table(_VERSION.name):
            return False
        return set(connection.execute(sa.select(_VERSION.c.version_num)).scalars()) == _heads()


_VERSION = sa.table("alembic_version", sa.column("version_num"))
"""Where Alembic keeps the revision; its own reader logs two lines each time, and this is read often."""


@cache
def _heads() -> frozenset[str]:
    """The newest revision that this process knows of."""
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())
