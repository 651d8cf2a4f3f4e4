"""The flow of a plan with a real database file, a real engine and a real child, on the smallest world."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import make_engine, migrate, reading, writing
from app.jobs.flows import Planner
from app.jobs.held import Held, LostError, take
from app.jobs.lease import HeldLease
from app.jobs.scratch import PREFIX
from app.jobs.watch import Watch
from app.jobs.worker import working
from app.models import Assignment, DocumentKind, Plan, PlanDocument, PlannedVisit, PlanState, PlanWork, Rank
from app.planning.documents import packed, unpacked
from tests.app import builders
from tests.app.jobs.warm import compile_planner
from tests.app.planning.builders import a_world, somebody
from tests.app.plans.rows import a_plan
from tests.conftest import TODAY

WAIT_SECONDS = 60.0
SECONDS, TOO_LONG = 3, 600
"""What a plan is given to think, and what none of those that are stopped uses up."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with a school, a government, four inspectors and a plan that waits for its banner."""
    compile_planner()
    file = tmp_path_factory.mktemp("built") / "dudao.sqlite"
    settings = Settings(database_url=f"sqlite:///{file}")
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        places = builders.places(session)
        a_world(session, places)
        for rank in (Rank.LEADER, Rank.LEADER, Rank.MEMBER, Rank.MEMBER):
            somebody(session, places.banner_office, rank=rank, skills=["compulsory"])
        a_plan(session, [places.banner_office], last_day=date(2025, 12, 31), seconds=SECONDS)
    engine.dispose()
    return file


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """Settings on a copy of that file."""
    shutil.copy(built, tmp_path / "dudao.sqlite")
    return Settings(
        database_url=f"sqlite:///{tmp_path}/dudao.sqlite", today=TODAY, solver_workers=1, work_dir=tmp_path / "work"
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database of the test."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


class Worker:
    """Works on plans part by part under a lease, without the engine that takes them from the queue."""

    def __init__(self, engine: sa.Engine, settings: Settings) -> None:
        self.engine = engine
        self.stopping = threading.Event()
        self.planner = Planner(engine, settings, Clock(TODAY), self.stopping)
        self.lease = HeldLease(engine, settings.lease_seconds, is_sole=True)
        threading.Thread(target=self.lease.keep, args=(self.stopping,), daemon=True).start()
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.lease.is_held(self.lease.executor):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def take(self) -> Held:
        """Take the plan."""
        held = take(self.engine, Clock(TODAY), self.lease.executor, ())
        assert held is not None
        return held

    def watch(self, held: Held) -> Watch:
        """A watch of which nobody looks."""
        return Watch(self.engine, held, self.lease, self.stopping)


@pytest.fixture
def worker(engine: sa.Engine, settings: Settings) -> Iterator[Worker]:
    """A worker that holds its lease."""
    worker = Worker(engine, settings)
    yield worker
    worker.stopping.set()


def plan_of(engine: sa.Engine) -> Plan:
    """The one plan as it stands."""
    with reading(engine) as session:
        return session.exec(select(Plan)).one()


def wait_until(engine: sa.Engine, is_so: Callable[[Plan], bool]) -> Plan:
    """The plan as soon as it is so."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so(plan := plan_of(engine)):
        assert time.monotonic() < deadline, plan
        time.sleep(0.05)
    return plan


def is_at_work(plan: Plan) -> bool:
    return plan.state is PlanState.SOLVING and plan.attempts == 1


def has_ended(plan: Plan) -> bool:
    return plan.state not in (PlanState.QUEUED, PlanState.SOLVING)


def change(engine: sa.Engine, alter: Callable[[Session, Plan], None]) -> None:
    with writing(engine) as session:
        alter(session, session.exec(select(Plan)).one())


def work_of(engine: sa.Engine) -> PlanWork | None:
    with reading(engine) as session:
        return session.exec(select(PlanWork)).first()


def test_each_part_leaves_what_the_next_one_needs(worker: Worker, engine: sa.Engine, settings: Settings) -> None:
    held, planner = worker.take(), worker.planner
    planner.prepare(held, worker.watch(held))
    planner.prepare(held, worker.watch(held))  # as after a kill: it begins anew and leaves the same
    with reading(engine) as session:
        keys = session.exec(select(PlannedVisit.key)).all()
        assert keys == ["round-1-1"]
    planner.solve(held, worker.watch(held))
    work = work_of(engine)
    assert work is not None
    assert work.answer is not None
    assert list((settings.work_dir or Path()).iterdir()) == []  # the answer lies in the database alone
    planner.store(held, worker.watch(held))
    plan = plan_of(engine)
    assert (plan.state, plan.scheduled, plan.visits, plan.failure) == (PlanState.SOLVED, 1, 1, "")
    assert (plan.executor, work_of(engine)) == (None, None)
    assert plan.figures is not None
    assert plan.figures["programmes"] == [{"programme": "round", "asked": 1, "planned": 1}]
    with reading(engine) as session:
        (assignment,) = session.exec(select(Assignment)).all()
        assert not assignment.carried_out
        problem = session.get_one(PlanDocument, (held.plan_id, DocumentKind.PROBLEM)).content
        solution = session.get_one(PlanDocument, (held.plan_id, DocumentKind.SOLUTION)).content
    assert [visit["id"] for visit in unpacked(problem)["visits"]] == ["round-1-1"]
    assert unpacked(solution)["assignments"][0]["day"] == assignment.first_on.isoformat()


def test_another_worker_goes_on_with_what_is_in_the_database(
    worker: Worker, engine: sa.Engine, settings: Settings, tmp_path: Path
) -> None:
    held = worker.take()
    worker.planner.prepare(held, worker.watch(held))
    worker.planner.solve(held, worker.watch(held))
    elsewhere = Worker(engine, settings.model_copy(update={"work_dir": tmp_path / "elsewhere"}))
    elsewhere.planner.run(elsewhere.take(), elsewhere.lease)
    plan = plan_of(engine)
    assert (plan.state, plan.attempts) == (PlanState.SOLVED, 2)
    elsewhere.stopping.set()


def test_who_has_lost_a_plan_writes_nothing_any_more(worker: Worker, engine: sa.Engine, settings: Settings) -> None:
    held = worker.take()
    worker.planner.prepare(held, worker.watch(held))
    worker.planner.solve(held, worker.watch(held))
    other = Worker(engine, settings)  # its lease is the only one now
    newer = other.take()
    before = plan_of(engine)
    for part in (worker.planner.prepare, worker.planner.solve, worker.planner.store, worker.planner.cancel):
        with pytest.raises(LostError):
            part(held, worker.watch(held))
    worker.planner.run(held, worker.lease)  # ends without a word
    assert plan_of(engine) == before
    other.planner.run(newer, other.lease)
    assert (plan_of(engine).state, plan_of(engine).attempts) == (PlanState.SOLVED, 2)
    other.stopping.set()


def test_a_plan_that_has_ended_is_not_touched_again(worker: Worker, engine: sa.Engine) -> None:
    held = worker.take()
    worker.planner.run(held, worker.lease)
    before = plan_of(engine)
    assert before.state is PlanState.SOLVED
    worker.planner.run(held, worker.lease)
    assert plan_of(engine) == before
    assert take(engine, Clock(TODAY), worker.lease.executor, ()) is None
    with reading(engine) as session:
        assert len(session.exec(select(Assignment)).all()) == 1


def ask_to_cancel(_session: Session, plan: Plan) -> None:
    plan.cancel_requested_at = plan.created_at


@pytest.mark.parametrize("parts", [0, 1, 2])
def test_cancelled_between_two_parts(worker: Worker, engine: sa.Engine, parts: int) -> None:
    held = worker.take()
    for part in (worker.planner.prepare, worker.planner.solve)[:parts]:
        part(held, worker.watch(held))
    change(engine, ask_to_cancel)
    worker.planner.run(held, worker.lease)
    assert plan_of(engine).state is PlanState.CANCELLED
    assert work_of(engine) is None


def test_from_the_queue_to_a_solved_plan(settings: Settings, engine: sa.Engine) -> None:
    with working(settings):
        assert wait_until(engine, has_ended).state is PlanState.SOLVED
    assert list((settings.work_dir or Path()).iterdir()) == []


def give(engine: sa.Engine, seconds: int) -> None:
    """Let the plan think for so long."""

    def set_seconds(_session: Session, plan: Plan) -> None:
        plan.seconds = seconds

    change(engine, set_seconds)


def test_cancelled_while_it_is_solved(settings: Settings, engine: sa.Engine) -> None:
    give(engine, TOO_LONG)
    with working(settings):
        wait_until(engine, is_at_work)
        change(engine, ask_to_cancel)
        plan = wait_until(engine, has_ended)
    assert (plan.state, plan.score) == (PlanState.CANCELLED, None)
    with reading(engine) as session:
        assert session.exec(select(Assignment)).all() == []


def test_stopped_in_the_middle_it_goes_on_at_the_next_start(settings: Settings, engine: sa.Engine) -> None:
    give(engine, TOO_LONG)
    with working(settings):
        wait_until(engine, is_at_work)
    assert plan_of(engine).state is PlanState.SOLVING
    give(engine, SECONDS)
    with working(settings):
        plan = wait_until(engine, has_ended)
    assert (plan.state, plan.attempts) == (PlanState.SOLVED, 2)


def test_an_answer_that_breaks_a_rule_is_not_stored(worker: Worker, engine: sa.Engine) -> None:
    held = worker.take()
    worker.planner.prepare(held, worker.watch(held))
    worker.planner.solve(held, worker.watch(held))

    def spoil(session: Session, _plan: Plan) -> None:
        work = session.exec(select(PlanWork)).one()
        solution = unpacked(work.answer or b"")
        solution["assignments"][0]["team"].pop()  # two are fewer than the three that the law requires
        solution["assignments"][0]["leader"] = solution["assignments"][0]["team"][0]
        work.answer = packed(solution)

    change(engine, spoil)
    worker.planner.run(held, worker.lease)
    plan = plan_of(engine)
    assert plan.state is PlanState.FAILED
    assert "未予保存" in plan.failure
    assert "team_size" in {fault["code"] for fault in plan.faults}
    with reading(engine) as session:
        assert session.exec(select(Assignment)).all() == []


def test_pins_that_contradict_each_other_are_told(worker: Worker, engine: sa.Engine) -> None:
    held = worker.take()
    worker.planner.prepare(held, worker.watch(held))

    def pin_to_a_sunday(session: Session, _plan: Plan) -> None:
        document = session.get_one(PlanDocument, (held.plan_id, DocumentKind.PROBLEM))
        problem: dict[str, Any] = unpacked(document.content)
        problem["pins"] = [{"visit": "round-1-1", "day": "2023-03-12", "half": "am"}]
        document.content = gzip.compress(json.dumps(problem).encode())

    change(engine, pin_to_a_sunday)
    worker.planner.run(held, worker.lease)
    plan = plan_of(engine)
    assert plan.state is PlanState.INFEASIBLE
    assert plan.failure.startswith("已固定的安排之间相互矛盾")
    assert {fault["code"] for fault in plan.faults} == {"slots"}


def test_what_cannot_be_solved_ends_as_failed(settings: Settings, engine: sa.Engine) -> None:
    def break_the_problem(session: Session, plan: Plan) -> None:
        session.execute(sa.update(Plan).values(office_ids=[987654]).where(col(Plan.id) == plan.id))

    change(engine, break_the_problem)
    with working(settings):
        plan = wait_until(engine, has_ended)
    assert plan.state is PlanState.FAILED
    assert plan.failure != ""


def test_a_solver_that_always_ends_badly_fails_the_plan_after_some_runs(worker: Worker, engine: sa.Engine) -> None:
    held = worker.take()
    worker.planner.prepare(held, worker.watch(held))

    def no_problem(session: Session, _plan: Plan) -> None:
        session.get_one(PlanDocument, (held.plan_id, DocumentKind.PROBLEM)).content = b"no file of the contract"

    change(engine, no_problem)
    worker.planner.run(held, worker.lease)
    assert plan_of(engine).state is PlanState.FAILED


class Trouble:
    """Refuses statements of an engine while it lasts, as a database does whose disk is full."""

    def __init__(self, engine: sa.Engine, statement: str) -> None:
        self.refused = 0
        self.lasts = True
        self._statement = statement
        sa.event.listen(engine, "before_cursor_execute", self._refuse)

    def _refuse(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self.lasts and statement.startswith(self._statement):
            self.refused += 1
            raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize(
    "statement", ["INSERT INTO planned_visit", "UPDATE plan_work", "INSERT INTO assignment", "DELETE FROM plan_work"]
)
def test_what_cannot_be_written_for_a_while_is_written_afterwards(
    worker: Worker, engine: sa.Engine, statement: str
) -> None:
    trouble = Trouble(engine, statement)
    held = worker.take()
    work = threading.Thread(target=worker.planner.run, args=(held, worker.lease), daemon=True)
    work.start()
    deadline = time.monotonic() + WAIT_SECONDS
    while trouble.refused < 2:
        assert time.monotonic() < deadline
        assert plan_of(engine).state is PlanState.SOLVING
        time.sleep(0.05)
    trouble.lasts = False
    work.join(WAIT_SECONDS)
    plan = plan_of(engine)
    assert (plan.state, plan.attempts, plan.failure) == (PlanState.SOLVED, 1, "")


def test_a_plan_that_cannot_be_written_can_be_cancelled(worker: Worker, engine: sa.Engine) -> None:
    trouble = Trouble(engine, "INSERT INTO planned_visit")
    held = worker.take()
    work = threading.Thread(target=worker.planner.run, args=(held, worker.lease), daemon=True)
    work.start()
    deadline = time.monotonic() + WAIT_SECONDS
    while not trouble.refused:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    change(engine, ask_to_cancel)
    work.join(WAIT_SECONDS)
    assert plan_of(engine).state is PlanState.CANCELLED


def test_a_folder_that_cannot_be_written_is_waited_for(worker: Worker, engine: sa.Engine, settings: Settings) -> None:
    place = settings.work_dir
    assert place is not None
    place.write_text("in the way of the folder")
    held = worker.take()
    work = threading.Thread(target=worker.planner.run, args=(held, worker.lease), daemon=True)
    work.start()
    wait_until(engine, lambda plan: plan.phase == "solving")
    place.unlink()
    work.join(WAIT_SECONDS)
    assert plan_of(engine).state is PlanState.SOLVED


def test_folders_of_dead_workers_are_removed_and_those_of_the_living_are_private(
    settings: Settings, engine: sa.Engine
) -> None:
    place = settings.work_dir
    assert place is not None
    dead = place / f"{PREFIX}dead"
    dead.mkdir(parents=True)
    (dead / "owner").touch()
    (dead / "problem.json.gz").touch()
    give(engine, TOO_LONG)
    with working(settings):
        wait_until(engine, lambda plan: plan.phase == "solving")
        deadline = time.monotonic() + WAIT_SECONDS
        while not (living := list(place.iterdir())) or dead in living:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in living] == [0o700]
    assert list(place.iterdir()) == []


def test_progress_tells_each_phase_with_the_time_since_the_beginning(settings: Settings, engine: sa.Engine) -> None:
    seen: list[tuple[str, float]] = []

    def note(plan: Plan) -> bool:
        if plan.phase and (not seen or seen[-1][0] != plan.phase):
            seen.append((plan.phase, plan.elapsed_seconds))
        return has_ended(plan)

    with working(settings):
        wait_until(engine, note)
    phases = [phase for phase, _ in seen]
    order = ["reading", "expanding", "preparing", "solving", "checking", "storing", "done"]
    assert phases == [phase for phase in order if phase in phases]
    assert {"solving", "done"} <= set(phases)
    times = [elapsed for _, elapsed in seen]
    assert times == sorted(times)
    assert times[-1] > 0


def test_the_preparation_tells_what_it_reads_expands_and_prepares(worker: Worker) -> None:
    held = worker.take()
    watch = worker.watch(held)
    told: list[str] = []
    watch.enter = lambda phase: told.append(phase.value)  # type: ignore[method-assign]
    worker.planner.prepare(held, watch)
    assert told == ["reading", "expanding", "preparing"]
