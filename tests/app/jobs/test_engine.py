"""The engine of durable work on a real SQLite file: what is taken, what a restart takes up, who is refused."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from dbos import DBOS
from sqlmodel import col, select

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import make_engine, migrate, reading, writing
from app.jobs import engine as jobs
from app.jobs.durable import step
from app.jobs.engine import running
from app.jobs.held import Held
from app.jobs.lease import HeldLease
from app.jobs.sole import AlreadyRunningError, CannotWorkError
from app.models import Lease, Plan, PlanState
from tests.app import builders
from tests.app.plans.rows import a_plan
from tests.conftest import TODAY

WAIT_SECONDS = 30.0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with three plans that wait."""
    file = tmp_path_factory.mktemp("built") / "dudao.sqlite"
    settings = Settings(database_url=f"sqlite:///{file}")
    migrate(settings)
    add_plans(settings, 3)
    return file


def add_plans(settings: Settings, number: int) -> None:
    """Add plans that wait."""
    engine = make_engine(settings)
    with writing(engine) as session:
        places = builders.places(session)
        for _ in range(number):
            a_plan(session, [places.banner_office])
    engine.dispose()


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """Settings on a copy of that file."""
    shutil.copy(built, tmp_path / "dudao.sqlite")
    return Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite", work_dir=tmp_path / "work")


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database of the test."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


class Deeds:
    """What was done, in order; waits for a number of deeds."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._changed = threading.Condition()

    def add(self, deed: str) -> str:
        """Note a deed."""
        with self._changed:
            self.done.append(deed)
            self._changed.notify_all()
        return deed

    def wait_for(self, count: int) -> list[str]:
        """The deeds as soon as there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.done) >= count, WAIT_SECONDS), self.done
            return list(self.done)


Work = Callable[[Held, HeldLease], None]


def at_work(
    settings: Settings, engine: sa.Engine, work: Work, stopping: threading.Event | None = None
) -> AbstractContextManager[None]:
    """The engine with this work."""
    return running(settings, engine, Clock(TODAY), work, stopping or threading.Event())


def finish(engine: sa.Engine, held: Held) -> None:
    """End a plan as solved."""
    with writing(engine) as session:
        session.execute(sa.update(Plan).where(held.condition()).values(state=PlanState.SOLVED, executor=None))


def plans(engine: sa.Engine) -> list[Plan]:
    with reading(engine) as session:
        return list(session.exec(select(Plan).order_by(col(Plan.id))).all())


def test_each_plan_is_taken_once_in_the_order_of_the_queue(settings: Settings, engine: sa.Engine) -> None:
    deeds = Deeds()

    def work(held: Held, _lease: HeldLease) -> None:
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        finish(engine, held)

    with at_work(settings, engine, work):
        assert deeds.wait_for(3) == ["1, attempt 1", "2, attempt 1", "3, attempt 1"]
        threading.Event().wait(2 * jobs.POLL_SECONDS)
    assert len(deeds.done) == 3


def test_what_was_interrupted_is_taken_again_by_the_next_process(settings: Settings, engine: sa.Engine) -> None:
    deeds = Deeds()
    stopping = threading.Event()

    def interrupted(held: Held, _lease: HeldLease) -> None:
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        stopping.wait(WAIT_SECONDS)

    with at_work(settings, engine, interrupted, stopping):
        deeds.wait_for(1)
    assert plans(engine)[0].state is PlanState.SOLVING

    def work(held: Held, _lease: HeldLease) -> None:
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        finish(engine, held)

    with at_work(settings, engine, work):
        assert deeds.wait_for(2)[:2] == ["1, attempt 1", "1, attempt 2"]
        deeds.wait_for(4)
    with reading(engine) as session:
        assert session.exec(select(Lease)).all() == []


def test_work_that_fails_without_an_end_is_begun_again(settings: Settings, engine: sa.Engine) -> None:
    deeds = Deeds()

    def work(held: Held, _lease: HeldLease) -> None:
        if len(deeds.done) == 0:
            deeds.add("fails")
            raise RuntimeError("nobody foresaw this")
        deeds.add(f"{held.plan_id}, attempt {held.attempt}")
        finish(engine, held)

    with at_work(settings, engine, work):
        assert deeds.wait_for(4) == ["fails", "1, attempt 2", "2, attempt 1", "3, attempt 1"]


def test_as_many_plans_at_once_as_the_settings_say(settings: Settings, engine: sa.Engine) -> None:
    begun = Deeds()
    go_on = threading.Event()

    def work(held: Held, _lease: HeldLease) -> None:
        begun.add(f"plan {held.plan_id}")
        assert go_on.wait(WAIT_SECONDS)
        finish(engine, held)

    with at_work(settings.model_copy(update={"plans_at_once": 2}), engine, work):
        begun.wait_for(2)
        threading.Event().wait(3 * jobs.POLL_SECONDS)
        assert len(begun.done) == 2
        go_on.set()
        assert sorted(begun.wait_for(3)) == ["plan 1", "plan 2", "plan 3"]


def test_a_database_that_does_not_answer_is_waited_for(settings: Settings, engine: sa.Engine) -> None:
    deeds = Deeds()

    def work(held: Held, _lease: HeldLease) -> None:
        deeds.add(str(held.plan_id))
        finish(engine, held)

    file = Path(engine.url.database or "")
    hidden = file.rename(file.with_name("hidden"))
    engine.dispose()
    with at_work(settings, engine, work):
        threading.Event().wait(2 * jobs.POLL_SECONDS)
        assert deeds.done == []
        assert not file.exists()
        hidden.rename(file)
        assert deeds.wait_for(3) == ["1", "2", "3"]


def nothing(_held: Held, _lease: HeldLease) -> None:
    """Work that leaves the plan as it is."""


@pytest.mark.parametrize("link", [False, True])
def test_a_second_process_on_the_same_file_is_refused_and_told_why(
    settings: Settings, engine: sa.Engine, tmp_path: Path, link: bool
) -> None:
    other = settings
    if link:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "other.sqlite").symlink_to(tmp_path / "dudao.sqlite")
        other = Settings(database_url=f"sqlite:///{tmp_path}/elsewhere/other.sqlite")
    with (
        at_work(settings, engine, nothing),
        pytest.raises(AlreadyRunningError, match=rf"由进程 {os.getpid()} 使用.*只能有一个服务进程"),
        at_work(other, engine, nothing),
    ):
        pass


def test_a_file_with_two_names_is_refused(settings: Settings, engine: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "other.sqlite").hardlink_to(tmp_path / "dudao.sqlite")
    with pytest.raises(CannotWorkError, match="硬链接"), at_work(settings, engine, nothing):
        pass


def test_a_folder_that_cannot_be_written_is_told_in_words(engine: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/file/dudao.sqlite")
    with pytest.raises(CannotWorkError, match="不能写入"), at_work(settings, engine, nothing):
        pass


def test_every_attempt_is_a_workflow_and_what_was_left_open_is_closed(settings: Settings, engine: sa.Engine) -> None:
    """The first attempt at plan 1 fails without an end; DBOS then knows of both, and of the other plans."""
    deeds = Deeds()
    flows: dict[str, str] = {}

    def work(held: Held, _lease: HeldLease) -> None:
        step("note", lambda: flows.update({str(DBOS.workflow_id): "begun"}))
        if deeds.add(f"{held.plan_id}, attempt {held.attempt}") == "1, attempt 1":
            raise RuntimeError("it fails")
        finish(engine, held)

    with at_work(settings, engine, work):
        deeds.wait_for(4)
        jobs_of = {flow.workflow_id: flow.status for flow in DBOS.list_workflows()}
        steps = [each["function_name"] for each in DBOS.list_workflow_steps("plan-2-attempt-1")]
    assert sorted(flows) == ["plan-1-attempt-1", "plan-1-attempt-2", "plan-2-attempt-1", "plan-3-attempt-1"]
    assert (jobs_of["plan-1-attempt-1"], jobs_of["plan-2-attempt-1"]) == ("ERROR", "SUCCESS")
    assert steps == ["note"]
