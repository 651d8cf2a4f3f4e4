"""Folders for the files of a child process, which hold nothing that is not in the database too.

A folder lives as long as the child that needs it. The guard of the child removes it when the worker is killed; what
is left when both are killed at once is removed by the next worker that starts in the same place.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

PREFIX = "dudao-work-"
LOCK = "owner"
"""The file in a folder that its owner keeps locked."""
NEWBORN_SECONDS = 60.0
"""A folder without a lock file may be one that is being made, but not for so long."""


def place(work_dir: Path | None) -> Path:
    """Where the folders are made."""
    return work_dir or Path(tempfile.gettempdir())


@contextmanager
def scratch_folder(work_dir: Path | None) -> Iterator[Path]:
    """A new folder that only this user may enter; gone when the block ends. Raises ``OSError`` where none can be."""
    where = place(work_dir)
    where.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
    try:
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(work_dir: Path | None) -> None:
    """Remove the folders of this user whose owners are dead."""
    for folder in place(work_dir).glob(f"{PREFIX}*"):
        try:
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
                log.info("work_folder_removed", folder=str(folder))
        except OSError as error:  # somebody else was quicker
            log.info("work_folder_left", folder=str(folder), error=str(error))


def _is_abandoned(folder: Path) -> bool:
    status = folder.lstat()
    if status.st_uid != os.geteuid() or folder.is_symlink():
        return False
    lock = folder / LOCK
    if not lock.exists():
        return time.time() - status.st_mtime > NEWBORN_SECONDS
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
