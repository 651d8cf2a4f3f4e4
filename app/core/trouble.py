"""What may be wrong with a database or a disk: whether it may pass, and the words for it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping

import sqlalchemy.exc as sa

GONE = "the database file was deleted or replaced"
"""The error of a SQLite file that is no longer the one that was opened."""

FULL = "磁盘已满，不能写入。请腾出空间，之后会自动恢复。"
READ_ONLY = "数据库或其文件夹只读，不能写入。请检查权限和挂载方式，之后会自动恢复。"
DAMAGED = "数据库文件已损坏，或不是数据库。请停止服务，用 dudao restore 恢复备份。"
MISSING = "数据库文件已被删除或移走。请停止服务，用 dudao restore 恢复备份，或放回原文件。"
BUSY = "数据库正忙，暂时排不上。请稍后重试。"
UNREACHABLE = "数据库暂时不可用。请稍后重试；如一直如此，请检查 DATABASE_URL 和数据库是否在运行。"
BAD_ADDRESS = "DATABASE_URL 不是可用的数据库地址。请写成 sqlite:///文件 或 postgresql://用户@主机/数据库。"

_OF_SQLITE: Mapping[str, str] = {
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
}
"""By the beginning of SQLite's name of the error; the rest of it is a detail."""
_OF_POSTGRES: Mapping[str, str] = {"53100": FULL, "25006": READ_ONLY, "53300": BUSY, "55P03": BUSY, "XX001": DAMAGED}
"""By SQLSTATE."""
_OF_SYSTEM: Mapping[int, str] = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
}
"""By the number of the operating system's error."""


def may_pass(error: BaseException) -> bool:
    """Whether an error comes from a database or disk that may work again: full, locked, gone, restarted, cut off.

    What a statement itself has wrong stays wrong, however often it is sent.
    """
    if isinstance(error, OSError | sa.TimeoutError | sa.PendingRollbackError):
        return True
    if not isinstance(error, sa.DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error, sa.InterfaceError | sa.InternalError):
        return True
    if isinstance(error, sa.IntegrityError | sa.ProgrammingError | sa.DataError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_name(error.orig) != "SQLITE_ERROR"
    return isinstance(error, sa.OperationalError)


def words_for(error: BaseException) -> str:
    """What is wrong and what to do, in words for the user or the operator."""
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0, f"文件不能读写（{error.strerror or error}）。请检查磁盘和权限。")
    if isinstance(error, sa.ArgumentError):
        return BAD_ADDRESS
    if isinstance(error, sa.TimeoutError):
        return BUSY
    if isinstance(error, sa.DBAPIError):
        if isinstance(error.orig, sqlite3.Error):
            return _words_for_sqlite(error.orig)
        return _OF_POSTGRES.get(getattr(error.orig, "sqlstate", None) or "", UNREACHABLE)
    return UNREACHABLE


def _words_for_sqlite(error: sqlite3.Error) -> str:
    if GONE in str(error):
        return MISSING
    name = _sqlite_name(error)
    return next((words for begin, words in _OF_SQLITE.items() if name.startswith(begin)), UNREACHABLE)


def _sqlite_name(error: sqlite3.Error) -> str:
    """SQLite's name of the error; one that we have raised ourselves has none."""
    return getattr(error, "sqlite_errorname", "")
