"""The same engine on PostgreSQL: work goes on after a stop, under the number that the stopped worker had."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.core.config import Settings
from app.jobs.engine import WORKER_LOCK, Interrupted, running, step
from tests.app.jobs.test_engine import WAIT_SECONDS, Deeds, always

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(new_postgres_database: Callable[[], str]) -> Settings:
    """Settings on a PostgreSQL database of this test."""
    return Settings(database_url=new_postgres_database())


def test_an_interrupted_part_is_run_again_by_the_next_worker(settings: Settings) -> None:
    deeds = Deeds()
    stopping = threading.Event()

    def part(_plan_id: int) -> str:
        deeds.add("part")
        if len(deeds.done) == 1 and stopping.wait(WAIT_SECONDS):
            raise Interrupted
        return ""

    def work(plan_id: int) -> str:
        return step("part", part, plan_id)

    with running(settings, work, always({"1-a": 1}), stopping):
        deeds.wait_for(1)
    with running(settings, work, always({}), threading.Event()):
        assert deeds.wait_for(2) == ["part", "part"]


def test_each_worker_that_lives_holds_a_number_of_its_own(settings: Settings) -> None:
    engine = sa.create_engine(settings.database_url, poolclass=sa.NullPool)

    def held() -> set[int]:
        with engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :kind"),
                {"kind": WORKER_LOCK},
            )
            return set(rows.scalars())

    with engine.connect() as other:
        other.execute(sa.text("SELECT pg_advisory_lock(:kind, 1)"), {"kind": WORKER_LOCK})
        other.commit()
        with running(settings, lambda _: "", always({}), threading.Event()):
            assert held() == {1, 2}
    assert held() == set()


def test_a_worker_that_lives_takes_over_from_one_that_died(settings: Settings) -> None:
    """The first worker is a process of its own, which ends in the middle of its part without a word."""
    first = subprocess.run(
        [sys.executable, "-c", DYING_WORKER, settings.database_url], timeout=WAIT_SECONDS, stdin=subprocess.DEVNULL
    )
    assert first.returncode == DIED
    deeds = Deeds()
    engine = sa.create_engine(settings.database_url, poolclass=sa.NullPool)
    with engine.connect() as other:  # somebody has its number for a moment, so this worker is another one
        other.execute(sa.text("SELECT pg_advisory_lock(:kind, 1)"), {"kind": WORKER_LOCK})
        other.commit()
        with running(
            settings, lambda n: step("part", lambda number: deeds.add(str(number)), n), always({}), threading.Event()
        ):
            assert not deeds.done
            other.execute(sa.text("SELECT pg_advisory_unlock(:kind, 1)"), {"kind": WORKER_LOCK})
            other.commit()
            assert deeds.wait_for(1) == ["1"]
    engine.dispose()


DIED = 9
DYING_WORKER = """
import os, sys, threading
from app.core.config import Settings
from app.jobs.engine import running, step

def work(number):
    return step("part", lambda _: os._exit(9), number)

with running(Settings(database_url=sys.argv[1]), work, lambda: {"1-a": 1}, threading.Event()):
    threading.Event().wait()
"""
