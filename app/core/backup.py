"""Copies of the whole database in one file, and a database made from such a copy.

A SQLite database is copied by SQLite's online backup, which takes what is still in the write-ahead log too and lets
writers go on. PostgreSQL is copied by its own programs, which must be installed on this machine.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL, make_url

from app.core.config import Settings
from app.core.db import MIGRATIONS, migrate

SQLITE_BEGIN = b"SQLite format 3\0"
POSTGRES_BEGIN = b"PGDMP"
SIDE_FILES = ("-wal", "-shm")
"""What SQLite keeps beside a file that is in use."""


class BackupError(Exception):
    """No copy could be made, or none restored; the argument says why, in words for the operator."""


def back_up(settings: Settings, copy: Path) -> None:
    """Copy the database of the settings into a new file. Raises ``BackupError``, ``OSError`` or ``sqlite3.Error``."""
    if copy.exists():
        raise BackupError(f"文件 {copy} 已存在，不覆盖。请另取文件名。")
    part = copy.with_name(f"{copy.name}.part")
    url = make_url(settings.database_url)
    try:
        with _private():
            if settings.is_sqlite:
                _copy_sqlite(_existing(url), part)
            else:
                _run("pg_dump", url, "--format=custom", f"--file={part}")
        _sync(part)
        part.rename(copy)
    finally:
        part.unlink(missing_ok=True)


def restore(settings: Settings, copy: Path, now: datetime) -> Path | None:
    """Make the database of the settings anew from a copy, and bring it to the newest revision.

    Nothing else may use the database. Returns where the SQLite file was put that was there before. Raises
    ``BackupError``, ``OSError`` or ``sqlite3.Error``.
    """
    url = make_url(settings.database_url)
    begin = _begin_of(copy)
    if begin.startswith(SQLITE_BEGIN) and settings.is_sqlite:
        aside = _restore_sqlite(copy, Path(url.database or "").resolve(), now)
    elif begin.startswith(POSTGRES_BEGIN) and not settings.is_sqlite:
        aside = None
        _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(copy))
    else:
        kind = "SQLite" if settings.is_sqlite else "PostgreSQL"
        raise BackupError(f"文件 {copy} 不是 {kind} 数据库的备份。请核对文件和 DATABASE_URL。")
    migrate(settings)
    return aside


def _existing(url: URL) -> Path:
    file = Path(url.database or "").resolve()
    if not file.is_file():
        raise BackupError(f"没有数据库文件 {file}。请检查 DATABASE_URL。")
    return file


def _begin_of(copy: Path) -> bytes:
    with copy.open("rb") as file:
        return file.read(len(SQLITE_BEGIN))


@contextmanager
def _private() -> Iterator[None]:
    """New files are this user's alone: a copy holds every person's data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _copy_sqlite(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")  # the copy is one file, without a log beside it
        (found,) = writing.execute("PRAGMA integrity_check").fetchone()
    if found != "ok":
        raise BackupError(f"数据库 {source} 的内容已损坏：{found}。")


def _restore_sqlite(copy: Path, target: Path, now: datetime) -> Path | None:
    part = target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _private():
            _copy_sqlite(copy.resolve(), part)
        _require_known_revision(copy, part)
        _sync(part)
        aside = _put_aside(target, now)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return aside


def _require_known_revision(copy: Path, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        try:
            found = {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
        except sqlite3.OperationalError as error:
            raise BackupError(f"文件 {copy} 不是本服务的数据库。") from error
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if not found or not found <= known:
        raise BackupError(f"备份 {copy} 来自更新版本的服务，本版本不能使用。请先更新服务。")


def _put_aside(file: Path, now: datetime) -> Path | None:
    """Move the present database away with what is beside it, so that nothing is lost by a wrong copy."""
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%S}.bak")
    for end in ("", *SIDE_FILES):
        beside = file.with_name(file.name + end)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + end))
    return aside


def _sync(file: Path) -> None:
    """A copy that was reported survives a loss of power."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run a program of PostgreSQL on the database; the password goes by the environment, where nobody else reads it."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            f"本机没有 {program}，不能备份或恢复 PostgreSQL。请安装与数据库同版本的 PostgreSQL 客户端，"
            f"或在数据库服务器上用 {program} 操作。"
        )
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    surroundings = os.environ | ({"PGPASSWORD": url.password} if url.password else {})
    done = subprocess.run(
        [path, f"--dbname={plain}", *arguments], env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{program} 未成功（状态 {done.returncode}）：{done.stderr.strip()[-500:]}")
