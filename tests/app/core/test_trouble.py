"""What is wrong with a database is told in words, and what may pass is distinguished from what stays wrong."""

from __future__ import annotations

import errno
import resource
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.config import Settings
from app.core.db import make_engine
from app.core.trouble import BAD_ADDRESS, BUSY, DAMAGED, FULL, READ_ONLY, UNREACHABLE, may_pass, words_for


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """A SQLite database with a table."""
    engine = make_engine(Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite"))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE thing (id INTEGER PRIMARY KEY, content BLOB)"))
    yield engine
    engine.dispose()


def error_of(engine: sa.Engine, statement: str) -> sa.exc.DBAPIError:
    with pytest.raises(sa.exc.DBAPIError) as raised, engine.begin() as connection:
        connection.execute(sa.text(statement))
    return raised.value


FILL = "INSERT INTO thing (content) VALUES (zeroblob(10000000))"


def test_a_full_disk_passes(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=50")
    error = error_of(engine, FILL)
    assert (may_pass(error), words_for(error)) == (True, FULL)


def test_a_file_that_may_not_grow_passes(engine: sa.Engine) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        error = error_of(engine, FILL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert may_pass(error)
    with engine.begin() as connection:
        connection.execute(sa.text(FILL))  # it goes on by itself


def test_a_database_that_may_not_be_written_passes(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    error = error_of(engine, FILL)
    assert (may_pass(error), words_for(error)) == (True, READ_ONLY)


def test_a_lock_of_another_passes(engine: sa.Engine, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "dudao.sqlite")
    other.execute("BEGIN IMMEDIATE")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
    error = error_of(engine, FILL)
    other.close()
    assert (may_pass(error), words_for(error)) == (True, BUSY)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "dudao.sqlite").write_bytes(b"no database " * 1000)
    engine = make_engine(Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite"))
    error = error_of(engine, "SELECT 1")
    engine.dispose()
    assert words_for(error) == DAMAGED


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "INSERT INTO thing (id) VALUES (1), (1)"])
def test_what_a_statement_has_wrong_stays_wrong(engine: sa.Engine, statement: str) -> None:
    assert not may_pass(error_of(engine, statement))


def test_a_server_that_nobody_reaches_passes() -> None:
    engine = make_engine(Settings(database_url="postgresql://127.0.0.1:1/nowhere"))
    error = error_of(engine, "SELECT 1")
    assert (may_pass(error), words_for(error)) == (True, UNREACHABLE)


def test_errors_of_the_system_and_of_the_address() -> None:
    assert words_for(OSError(errno.ENOSPC, "No space left on device")) == FULL
    assert words_for(PermissionError(errno.EACCES, "Permission denied")) == READ_ONLY
    assert words_for(sa.exc.NoSuchModuleError("no such dialect")) == BAD_ADDRESS
    assert may_pass(OSError(errno.ENOSPC, "No space left on device"))
    assert not may_pass(ValueError("a fault of the program"))
