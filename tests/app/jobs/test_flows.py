"""The flow of a plan with a real database file, a real engine and a real child, on the smallest world."""

from __future__ import annotations

import gzip
import json
import shutil
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
from app.jobs.engine import places_for
from app.jobs.flows import ENDED, READY, SOLVED, Planner, PlanningFailed
from app.jobs.worker import working
from app.models import Assignment, DocumentKind, Plan, PlanDocument, PlannedVisit, PlanState, Rank
from app.planning.documents import packed, unpacked
from tests.app import builders
from tests.app.builders import id_of
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
    return Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite", today=TODAY, solver_workers=1)


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database of the test."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def planner(engine: sa.Engine, settings: Settings) -> Planner:
    """Works on plans part by part, without the engine of durable work."""
    return Planner(engine, settings, Clock(TODAY), threading.Event())


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


def test_each_part_leaves_what_the_next_one_needs(planner: Planner, engine: sa.Engine) -> None:
    plan_id = id_of(plan_of(engine))
    assert list(planner.waiting().values()) == [plan_id]
    assert planner.prepare(plan_id) == READY
    assert list(planner.waiting().values()) == [plan_id]  # the engine knows it, unless its database is lost
    assert planner.prepare(plan_id) == READY  # as after a kill: it begins anew and leaves the same
    with reading(engine) as session:
        keys = session.exec(select(PlannedVisit.key)).all()
        assert keys == ["round-1-1"]
    assert planner.solve(plan_id) == SOLVED
    assert planner.store(plan_id) == SOLVED
    plan = plan_of(engine)
    assert (plan.state, plan.scheduled, plan.visits, plan.failure) == (PlanState.SOLVED, 1, 1, "")
    assert plan.figures is not None
    assert plan.figures["programmes"] == [{"programme": "round", "asked": 1, "planned": 1}]
    with reading(engine) as session:
        (assignment,) = session.exec(select(Assignment)).all()
        assert not assignment.carried_out
        problem = session.get_one(PlanDocument, (plan_id, DocumentKind.PROBLEM)).content
        solution = session.get_one(PlanDocument, (plan_id, DocumentKind.SOLUTION)).content
    assert [visit["id"] for visit in unpacked(problem)["visits"]] == ["round-1-1"]
    assert unpacked(solution)["assignments"][0]["day"] == assignment.first_on.isoformat()


def test_a_plan_that_has_ended_is_not_touched_when_its_parts_are_run_again(planner: Planner, engine: sa.Engine) -> None:
    # Killed between the last writing and the engine's note of it, the engine runs the part again, without its files.
    plan_id = id_of(plan_of(engine))
    for part in (planner.prepare, planner.solve, planner.store):
        part(plan_id)
    before = plan_of(engine)
    for part in (planner.prepare, planner.solve, planner.store):
        assert part(plan_id) == ENDED
    assert plan_of(engine) == before
    assert planner.waiting() == {}
    with reading(engine) as session:
        assert len(session.exec(select(Assignment)).all()) == 1


def test_what_ended_without_an_answer_stays_so_when_it_is_run_again(planner: Planner, engine: sa.Engine) -> None:
    plan_id = id_of(plan_of(engine))
    planner.prepare(plan_id)

    def ask_to_cancel(_session: Session, plan: Plan) -> None:
        plan.cancel_requested_at = plan.created_at

    change(engine, ask_to_cancel)
    assert planner.solve(plan_id) == ENDED
    assert plan_of(engine).state is PlanState.CANCELLED
    assert [part(plan_id) for part in (planner.prepare, planner.solve, planner.store)] == [ENDED] * 3
    assert plan_of(engine).state is PlanState.CANCELLED


def test_a_plan_goes_on_when_the_engine_has_lost_its_database(settings: Settings, engine: sa.Engine) -> None:
    give(engine, TOO_LONG)
    with working(settings):
        wait_until(engine, is_at_work)
    jobs = Path(places_for(settings).database.database or "")
    for file in jobs.parent.glob(f"{jobs.name}*"):
        file.unlink()
    give(engine, SECONDS)
    with working(settings):
        assert wait_until(engine, has_ended).state is PlanState.SOLVED


def test_from_the_queue_to_a_solved_plan(settings: Settings, engine: sa.Engine) -> None:
    with working(settings):
        assert wait_until(engine, has_ended).state is PlanState.SOLVED
    assert list(places_for(settings).work.iterdir()) == []


def give(engine: sa.Engine, seconds: int) -> None:
    """Let the plan think for so long."""

    def set_seconds(_session: Session, plan: Plan) -> None:
        plan.seconds = seconds

    change(engine, set_seconds)


def test_cancelled_while_it_is_solved(settings: Settings, engine: sa.Engine) -> None:
    give(engine, TOO_LONG)

    def ask_to_cancel(_session: Session, plan: Plan) -> None:
        plan.cancel_requested_at = plan.created_at

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


def test_an_answer_that_breaks_a_rule_is_not_stored(planner: Planner, engine: sa.Engine, settings: Settings) -> None:
    plan_id = id_of(plan_of(engine))
    planner.prepare(plan_id)
    planner.solve(plan_id)
    (answer,) = places_for(settings).work.glob("*/plan.json.gz")
    solution = unpacked(answer.read_bytes())
    solution["assignments"][0]["team"].pop()  # two are fewer than the three that the law asks
    solution["assignments"][0]["leader"] = solution["assignments"][0]["team"][0]
    answer.write_bytes(packed(solution))
    with pytest.raises(PlanningFailed, match="未予保存") as failed:
        planner.store(plan_id)
    assert "team_size" in {fault.code for fault in failed.value.faults}
    with reading(engine) as session:
        assert session.exec(select(Assignment)).all() == []
    assert plan_of(engine).state is PlanState.SOLVING  # the flow then ends it as failed


def test_pins_that_contradict_each_other_are_told(planner: Planner, engine: sa.Engine) -> None:
    plan_id = id_of(plan_of(engine))
    planner.prepare(plan_id)

    def pin_to_a_sunday(session: Session, _plan: Plan) -> None:
        document = session.get_one(PlanDocument, (plan_id, DocumentKind.PROBLEM))
        problem: dict[str, Any] = unpacked(document.content)
        problem["pins"] = [{"visit": "round-1-1", "day": "2023-03-12", "half": "am"}]
        document.content = gzip.compress(json.dumps(problem).encode())

    change(engine, pin_to_a_sunday)
    assert planner.solve(plan_id) == ENDED
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
