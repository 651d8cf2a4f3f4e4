"""What is assigned already: history, baseline, other offices, the notice period, the plan before a re-plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from app.models import Half, InspecteeKind, Inspector, Plan
from solver.problem import BaselineAssignment, DateRange, PastVisit, Pin
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.planning.builders import World, a_world, an_assignment, in_force, problem_of, somebody, unit_in, visit_in
from tests.app.programmes.builders import a_plan, a_planned_visit


@pytest.fixture
def world(session: Session, places: Places) -> World:
    return a_world(session, places)


@pytest.fixture
def team(session: Session, world: World) -> list[Inspector]:
    return [somebody(session, world.places.banner_office) for _ in range(3)]


def _ids(team: list[Inspector]) -> tuple[str, ...]:
    return tuple(f"i{member.id}" for member in team)


ON_2023_02_01: dict[str, Any] = {"working_on": date(2023, 2, 1), "first_day": date(2023, 2, 1)}


def test_what_is_in_force_and_not_begun_is_the_baseline(session: Session, world: World, team: list[Inspector]) -> None:
    in_force(session, world, world.school, team, leader_id=team[0].id)
    found = problem_of(session, world, **ON_2023_02_01)
    key = f"round-{world.round_id}-{world.school.id}"
    assert found.problem.baseline == (BaselineAssignment(key, date(2023, 3, 14), "am", _ids(team), f"i{team[0].id}"),)
    assert found.problem.history == ()
    assert [visit.key for visit in found.visits] == [key]


def test_what_has_begun_is_history_and_is_asked_no_more(session: Session, world: World, team: list[Inspector]) -> None:
    in_force(session, world, world.school, team)
    day = date(2023, 3, 15)
    found = problem_of(session, world, working_on=day, first_day=day)
    key = f"round-{world.round_id}-{world.school.id}"
    assert found.problem.history == (
        PastVisit(key, f"e{world.school.id}", date(2023, 3, 14), "am", 2, _ids(team), 1, ("cars:150402",)),
    )
    assert (found.visits, found.problem.baseline) == ((), ())
    assert [(duty.inspectee_id, duty.reason) for duty in found.unplanned] == [(world.school.id, "done")]


def test_what_lies_before_the_first_planned_day_stays_as_it_is(
    session: Session, world: World, team: list[Inspector]
) -> None:
    # Asked on 2023-02-01 for the days from 2023-09-01 on: the visit of 2023-03-14 has not begun, yet it stays.
    in_force(session, world, world.school, team)
    found = problem_of(session, world, working_on=date(2023, 2, 1), first_day=date(2023, 9, 1))
    assert [past.visit for past in found.problem.history] == [f"round-{world.round_id}-{world.school.id}"]
    assert found.visits == ()


def test_what_other_offices_have_in_force_blocks_their_people_and_hosts(
    session: Session, world: World, team: list[Inspector]
) -> None:
    in_force(session, world, world.government, team, key="chain-1-launch")
    found = problem_of(session, world)
    past = PastVisit(
        "chain-1-launch",
        f"e{world.government.id}",
        date(2023, 3, 14),
        "am",
        2,
        _ids(team),
        1,
        ("cars:150400", "host:150402"),
    )
    assert found.problem.history == (past,)


def test_inside_the_notice_a_visit_keeps_its_day_or_moves_beyond_the_notice(
    session: Session, world: World, team: list[Inspector]
) -> None:
    # Asked on 2023-03-01: new visits begin on 2023-03-31 at the earliest; this one stands on 2023-03-14.
    in_force(session, world, world.school, team)
    found = problem_of(session, world, working_on=date(2023, 3, 1), first_day=date(2023, 3, 1))
    visit = visit_in(found, f"round-{world.round_id}-{world.school.id}")
    assert visit.earliest == date(2023, 3, 14)
    assert DateRange(date(2023, 3, 15), date(2023, 3, 30)) in unit_in(found, world.school).closed


def test_the_plan_that_is_asked_again_is_the_baseline_in_force_or_not(
    session: Session, world: World, team: list[Inspector]
) -> None:
    before = a_plan(session, world.places.city, [id_of(world.places.banner_office)])
    key = f"round-{world.round_id}-{world.school.id}"
    visit = a_planned_visit(session, before, world.school, "round", key=key)
    an_assignment(session, visit, team, first_on=date(2024, 3, 12), last_on=date(2024, 3, 12), half=Half.AM)
    found = problem_of(session, world, based_on_id=before.id, **ON_2023_02_01)
    assert found.problem.baseline == (BaselineAssignment(key, date(2024, 3, 12), "am", _ids(team)),)


def a_draft(session: Session, world: World, team: list[Inspector], **changes: Any) -> Plan:
    """A plan of the banner in which the school's visit stands on 2024-03-12."""
    before = a_plan(session, world.places.city, [id_of(world.places.banner_office)])
    visit = a_planned_visit(session, before, world.school, "round", key=f"round-{world.round_id}-{world.school.id}")
    day = date(2024, 3, 12)
    an_assignment(session, visit, team, first_on=day, last_on=day, leader_id=team[0].id, **changes)
    return before


def test_what_is_locked_in_the_plan_that_is_asked_again_is_pinned_with_its_team(
    session: Session, world: World, team: list[Inspector]
) -> None:
    before = a_draft(session, world, team, locked=True)
    found = problem_of(session, world, based_on_id=before.id, **ON_2023_02_01)
    key = f"round-{world.round_id}-{world.school.id}"
    assert found.problem.pins == (Pin(key, date(2024, 3, 12), "am", _ids(team), f"i{team[0].id}"),)


def test_what_is_not_locked_is_not_pinned(session: Session, world: World, team: list[Inspector]) -> None:
    before = a_draft(session, world, team)
    assert problem_of(session, world, based_on_id=before.id, **ON_2023_02_01).problem.pins == ()
    # nor is anything where there is no re-plan
    assert problem_of(session, world, **ON_2023_02_01).problem.pins == ()


def test_of_a_team_that_is_no_longer_whole_day_and_half_are_pinned(
    session: Session, world: World, team: list[Inspector]
) -> None:
    before = a_draft(session, world, team, locked=True)
    team[0].office_id = id_of(world.places.other_office)  # the banner's visits are made by its own people
    session.flush()
    found = problem_of(session, world, based_on_id=before.id, **ON_2023_02_01)
    key = f"round-{world.round_id}-{world.school.id}"
    assert found.problem.pins == (Pin(key, date(2024, 3, 12), "am"),)


def test_the_number_of_queries_does_not_depend_on_the_size(
    session: Session, world: World, team: list[Inspector], queries: list[str]
) -> None:
    in_force(session, world, world.school, team)
    session.flush()
    queries.clear()
    problem_of(session, world, **ON_2023_02_01)
    asked = len(queries)
    for _ in range(3):
        school = builders.an_inspectee(session, world.places.banner, world.places.banner_office)
        builders.a_closure(session, school)
        builders.a_recusal(session, somebody(session, world.places.banner_office), inspectee_id=school.id)
    queries.clear()
    found = problem_of(session, world, **ON_2023_02_01)
    assert (len(found.problem.visits), len(queries)) == (4, asked)


def test_visits_know_their_rows(session: Session, world: World) -> None:
    found = problem_of(session, world)
    visit = found.visits[0]
    assert (visit.inspectee_id, visit.office_id) == (world.school.id, world.places.banner_office.id)
    assert visit.serves == (("round", "evaluation"),)
    assert world.school.kind is InspecteeKind.PRIMARY
