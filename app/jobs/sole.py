"""A SQLite database is one process's: the lock that refuses a second one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HELP = "一个 SQLite 数据库只能有一个服务进程。请先停止那个进程，或改用 PostgreSQL（设置 DATABASE_URL）。"


class CannotWorkError(Exception):
    """This process cannot work on plans; the argument says why, in words for the operator."""


class AlreadyRunningError(CannotWorkError):
    """Another process plans on this database already."""


@contextmanager
def sole_process(database: Path) -> Iterator[None]:
    """Hold the lock of a SQLite file until the block ends or the process dies.

    The lock lies beside the file itself, whatever links lead to it. Raises ``CannotWorkError``.
    """
    file = database.resolve()
    path = file.with_name(f"{file.name}.lock")
    try:
        if file.exists() and file.stat().st_nlink > 1:
            raise CannotWorkError(
                f"数据库 {file} 有多个硬链接，SQLite 会因此损坏数据。请只保留一个文件名（可改用符号链接）。"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotWorkError(
            f"数据库所在的文件夹 {path.parent} 不能写入（{error.strerror}）。请检查权限和磁盘，或以 DATABASE_URL 另设。"
        ) from error
    try:
        _lock(lock, file)
        yield
    finally:
        os.close(lock)


def _lock(descriptor: int, file: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
        raise AlreadyRunningError(f"数据库 {file} 已由进程 {owner or '未知'} 使用，{HELP}") from error
    with suppress(OSError):  # on a full disk the lock holds without the number
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
