"""The same engine on PostgreSQL: several workers, of which some die, freeze or lose their connections."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core.config import Settings
from app.core.db import make_engine, migrate, reading
from app.jobs.held import Held
from app.jobs.lease import HeldLease
from app.models import Lease, PlanState
from tests.app.jobs.test_engine import WAIT_SECONDS, Deeds, add_plans, at_work, finish, plans

pytestmark = pytest.mark.postgres

LEASE_SECONDS = 2.0


@pytest.fixture
def settings(new_postgres_database: Callable[[], str], tmp_path: Path) -> Settings:
    """Settings on a PostgreSQL database of this test, with two plans that wait."""
    settings = Settings(database_url=new_postgres_database(), work_dir=tmp_path, lease_seconds=LEASE_SECONDS)
    migrate(settings)
    add_plans(settings, 2)
    return settings


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database of the test."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def second_engine(settings: Settings) -> Iterator[sa.Engine]:
    """The connections of a second worker."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def leases(engine: sa.Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.exec(select(Lease.executor)).all())


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


OTHER_WORKER = """
import sys, threading
from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import make_engine
from app.jobs.engine import running

settings = Settings(database_url=sys.argv[1], lease_seconds=float(sys.argv[2]))

def work(held, lease):
    print(held.plan_id, held.attempt, flush=True)
    while lease.is_held(held.executor):
        threading.Event().wait(0.05)
    print("lost", flush=True)
    threading.Event().wait()

with running(settings, make_engine(settings), Clock(), work, threading.Event()):
    threading.Event().wait()
"""


@pytest.fixture
def other(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another worker that has taken the first plan and works on it for ever; it tells when it has lost it."""
    command = [sys.executable, "-c", OTHER_WORKER, settings.database_url, str(LEASE_SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while not (line := process.stdout.readline()).startswith("1 "):  # its log goes the same way
            assert line
        yield process
        process.kill()


def lines_until(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for each in process.stdout:
        if each.strip() == line:
            return
    raise AssertionError(line)


def test_two_workers_share_the_queue_and_take_nothing_from_each_other(
    settings: Settings, engine: sa.Engine, second_engine: sa.Engine
) -> None:
    deeds = Deeds()
    go_on = threading.Event()

    def work(held: Held, _lease: HeldLease) -> None:
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        assert go_on.wait(WAIT_SECONDS)
        finish(engine, held)

    with at_work(settings, engine, work), at_work(settings, second_engine, work):
        assert sorted(deeds.wait_for(2)) == ["1, attempt 1", "2, attempt 1"]
        assert len(leases(engine)) == 2
        threading.Event().wait(2 * LEASE_SECONDS)
        go_on.set()
        until(lambda: all(plan.state is PlanState.SOLVED for plan in plans(engine)))
    assert len(deeds.done) == 2
    assert leases(engine) == set()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_the_plan_of_a_worker_that_is_killed_or_frozen_is_taken_over_once(
    settings: Settings, engine: sa.Engine, other: subprocess.Popen[str], number: signal.Signals
) -> None:
    deeds = Deeds()

    def work(held: Held, _lease: HeldLease) -> None:
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        if held.plan_id == 2:
            finish(engine, held)

    os.kill(other.pid, number)
    stopping = threading.Event()

    def keep(held: Held, lease: HeldLease) -> None:
        work(held, lease)
        if held.plan_id == 1:
            stopping.wait(WAIT_SECONDS)

    with at_work(settings, engine, keep, stopping):
        assert sorted(deeds.wait_for(2)) == ["1, attempt 2", "2, attempt 1"]
        if number == signal.SIGSTOP:
            os.kill(other.pid, signal.SIGCONT)
            lines_until(other, "lost")
        threading.Event().wait(LEASE_SECONDS)
        assert len(deeds.done) == 2
        assert plans(engine)[0].attempts == 2


def test_cut_connections_are_made_again_and_lose_nothing(
    settings: Settings, engine: sa.Engine, second_engine: sa.Engine
) -> None:
    deeds = Deeds()
    go_on = threading.Event()

    def work(held: Held, _lease: HeldLease) -> None:
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        assert go_on.wait(WAIT_SECONDS)
        finish(engine, held)

    two = settings.model_copy(update={"plans_at_once": 2})
    with at_work(two, engine, work):
        deeds.wait_for(2)
        before = leases(engine)
        for _ in range(3):
            with second_engine.connect() as connection:
                connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            threading.Event().wait(LEASE_SECONDS / 2)
        assert leases(engine) == before
        go_on.set()
        until(lambda: all(plan.state is PlanState.SOLVED for plan in plans(engine)))
    assert [plan.attempts for plan in plans(engine)] == [1, 1]


def test_a_worker_whose_lease_was_removed_begins_a_new_one(settings: Settings, engine: sa.Engine) -> None:
    with at_work(settings, engine, lambda *_: None):
        until(lambda: len(leases(engine)) == 1)
        (first,) = leases(engine)
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM lease"))
        until(lambda: len(leases(engine)) == 1 and leases(engine) != {first})
