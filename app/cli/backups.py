"""``dudao backup`` and ``dudao restore``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from app.cli.output import fail
from app.core import backup
from app.core.config import Settings
from app.jobs.sole import CannotWorkError, sole_process


def back_up(settings: Settings, file: Path) -> None:
    """Copy the database into a new file; says why it cannot."""
    with _said():
        backup.back_up(settings, file)


def restore(settings: Settings, file: Path, now: datetime) -> Path | None:
    """Make the database anew from a copy, unless a server uses it; where the present one was put."""
    sole = sole_process(Path(make_url(settings.database_url).database or "")) if settings.is_sqlite else nullcontext()
    with _said(), sole:
        return backup.restore(settings, file, now)


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except (backup.BackupError, CannotWorkError) as error:
        fail(str(error))
    except sqlite3.Error as error:
        fail(f"数据库或备份文件不能读写：{error}。")
