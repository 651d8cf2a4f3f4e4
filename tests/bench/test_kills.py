"""The short form of ``python -m tests.bench.kills``: a few kills, a restart, a freeze, a full disk."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.kills import on_a_full_disk, on_postgres, on_sqlite
from tests.bench.postgres import Postgres


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """A server that may be restarted, as that of the other tests may not."""
    with Postgres.started() as postgres:
        yield postgres


@pytest.mark.postgres
@pytest.mark.parametrize(("what", "times"), [("kill", 3), ("restart", 1), ("freeze", 1)])
def test_on_postgresql_every_plan_ends_once(own_postgres: Postgres, tmp_path: Path, what: str, times: int) -> None:
    report = on_postgres(own_postgres, tmp_path, what, random.Random(7), times)
    assert report.wrong == []
    assert report.plans > 0


def test_on_sqlite_every_plan_ends_once(tmp_path: Path) -> None:
    report = on_sqlite(tmp_path, random.Random(7), 2)
    assert report.wrong == []
    assert report.plans > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small file system")
def test_a_full_disk_ends_no_plan(tmp_path: Path) -> None:
    report = on_a_full_disk(tmp_path, random.Random(7), 1)
    assert report.wrong == []
    assert report.plans > 0
