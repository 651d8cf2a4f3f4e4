"""Routine and the end of heads' terms from the tables: who may make a visit, when, and what coverage says of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from app.demand.coverage import Coverage
from app.demand.schemas import CoverageOut, CoverageQuery, CoverageState
from app.models import AreaInspector, Inspector, Office, Plan, ProgrammeRule, Rank, UnplannedDuty
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.app.planning.builders import (
    World,
    a_setting,
    a_world,
    an_assignment,
    person_in,
    problem_of,
    somebody,
    visit_in,
)
from tests.app.programmes.builders import a_plan, a_planned_visit, a_programme

PHASE = {
    "name": "evaluation",
    "title": "经常性督导",
    "half_days": 1,
    "size": 1,
    "pool": "owner",
    "requires": {"inspector": 1},
    "weight": 3,
}


@pytest.fixture
def world(session: Session, places: Places) -> World:
    """The small world with routine, and the one school in an area."""
    world = a_world(session, places)
    a_programme(
        session,
        code="routine",
        rule=ProgrammeRule.ROUTINE,
        comprehensive=False,
        notice_days=0,
        max_interval_years=None,
        phases=[PHASE],
    )
    world.school.area_id = id_of(builders.an_area(session, places.banner))
    session.flush()
    return world


def _people(
    session: Session, world: World, office: Office, *half_days: int | None, rank: Rank = Rank.MEMBER
) -> list[Inspector]:
    people = [somebody(session, office, half_days_per_month=each, rank=rank) for each in half_days]
    for person in people:
        added(session, AreaInspector(area_id=world.school.area_id or 0, inspector_id=id_of(person)))
    return people


def _key(world: World, half: int = 1) -> str:
    return f"routine-2023-spring-{half}-{world.school.id}"


def test_three_people_of_the_area_make_its_routine_and_the_responsible_one_is_preferred(
    session: Session, world: World
) -> None:
    first, *_ = people = _people(session, world, world.places.banner_office, 4, 4, None)
    world.school.responsible_inspector_id = first.id
    found = problem_of(session, world)
    visit, area = visit_in(found, _key(world)), f"area:{world.school.area_id}"
    assert (visit.team.pool, visit.prefers) == ((area,), frozenset({f"i{first.id}"}))
    assert all(area in person_in(found, person).tags for person in people)
    assert visit_in(found, f"round-{world.round_id}-{world.school.id}").team.pool == ("pool:150402",)


@pytest.mark.parametrize(
    ("half_days", "pool"),
    [
        # one school asks 4 half-days a year: twice that is 8, and nine months of three people who give none are 0
        ((4, 4), "pool:150402"),
        ((0, 0, 0), "pool:150402"),
        ((1, 0, 0), "area"),
    ],
)
def test_an_area_with_too_few_people_or_too_little_time_is_helped_by_its_office(
    session: Session, world: World, half_days: tuple[int, ...], pool: str
) -> None:
    _people(session, world, world.places.banner_office, *half_days)
    (found,) = visit_in(problem_of(session, world), _key(world)).team.pool
    assert found.startswith(pool)


def test_people_of_another_office_are_not_the_owners_to_assign(session: Session, world: World) -> None:
    _people(session, world, world.places.city_office, 4, 4, 4)
    assert visit_in(problem_of(session, world), _key(world)).team.pool == ("pool:150402",)


def test_chiefs_make_routine_visits_only_where_the_others_cannot(session: Session, world: World) -> None:
    office = world.places.banner_office
    others = _people(session, world, office, 4, 4, 4)
    (chief,) = _people(session, world, office, 4, rank=Rank.CHIEF)
    area = f"area:{world.school.area_id}"
    found = problem_of(session, world)
    assert [area in person_in(found, person).tags for person in (*others, chief)] == [True] * 3 + [False]
    for person in others[1:]:
        person.half_days_per_month = 0
    others[0].half_days_per_month = 0
    session.flush()
    assert area in person_in(problem_of(session, world), chief).tags


def test_a_setting_lets_chiefs_make_routine_visits_as_others_do(session: Session, world: World) -> None:
    _people(session, world, world.places.banner_office, 4, 4, 4)
    (chief,) = _people(session, world, world.places.banner_office, 4, rank=Rank.CHIEF)
    a_setting(session, "chiefs_make_routine_visits", True)
    assert f"area:{world.school.area_id}" in person_in(problem_of(session, world), chief).tags


def test_outside_a_staffed_area_the_office_spares_its_chiefs(session: Session, world: World) -> None:
    other = somebody(session, world.places.banner_office, half_days_per_month=4)
    chief = somebody(session, world.places.banner_office, rank=Rank.CHIEF, half_days_per_month=16)
    found = problem_of(session, world)
    assert visit_in(found, _key(world)).team.pool == ("routine:150402",)
    tags = [person_in(found, person).tags for person in (other, chief)]
    assert ["routine:150402" in each for each in tags] == [True, False]


@pytest.mark.parametrize(("lends", "pool"), [(True, "area"), (False, "pool:150400")])
def test_a_banner_lends_its_people_for_the_citys_schools_if_the_setting_says_so(
    session: Session, world: World, lends: bool, pool: str
) -> None:
    world.school.owner_office_id = id_of(world.places.city_office)
    (first, *_) = _people(session, world, world.places.banner_office, 4, 4, 4)
    a_setting(session, "banners_lend_for_city_schools", lends)
    found = problem_of(session, world, world.places.city_office)
    (tag,) = visit_in(found, _key(world)).team.pool
    assert tag.startswith(pool)
    known = {person.id for person in found.problem.inspectors}
    assert (f"i{first.id}" in known) is lends


# coverage


def _rows(session: Session, plan: Plan, programme: str) -> list[CoverageOut]:
    return Coverage(session, plan).page(CoverageQuery(programme=programme, page_size=100)).items


def _plan(session: Session, world: World, **changes: Any) -> Plan:
    fields: dict[str, Any] = {"first_day": date(2023, 1, 1), "last_day": date(2023, 7, 31)} | changes
    return a_plan(session, world.places.city, [id_of(world.places.banner_office)], **fields)


def test_each_half_of_a_term_is_a_duty_of_its_own(session: Session, world: World) -> None:
    plan = _plan(session, world)
    team = [somebody(session, world.places.banner_office)]
    visit = a_planned_visit(session, plan, world.school, "routine", key=_key(world))
    day = date(2023, 4, 4)
    assignment = an_assignment(session, visit, team, first_on=day, last_on=day)
    details = {"term_year": 2023, "season": "spring", "half": 2}
    added(
        session,
        UnplannedDuty(
            plan_id=id_of(plan),
            inspectee_id=id_of(world.school),
            programme_code="routine",
            phase="evaluation",
            reason="no_day",
            details=details,
        ),
    )
    autumn, first, second = _rows(session, plan, "routine")
    # the autumn term of 2022 ends on 8 January, inside the plan
    assert (autumn.state, autumn.reasons) == (CoverageState.UNCOVERED, ["uncovered"])
    assert (first.state, first.assignment_id, first.first_on) == (CoverageState.PLANNED, assignment.id, day)
    assert (second.state, second.reasons) == (CoverageState.UNPLANNED, ["no_day"])
    assert second.messages == ["经常性督导：2023 年春季学期后半段剩余工作日均不宜督导（假期、考试或停课）。"]


def test_a_visit_in_the_other_half_covers_nothing(session: Session, world: World) -> None:
    plan = _plan(session, world, first_day=date(2023, 3, 1))
    visit = a_planned_visit(session, plan, world.school, "routine", key=_key(world))
    late = date(2023, 6, 6)
    an_assignment(session, visit, [somebody(session, world.places.banner_office)], first_on=late, last_on=late)
    assert [row.state for row in _rows(session, plan, "routine")] == [CoverageState.UNCOVERED] * 2


def test_the_end_of_a_heads_term_is_covered_by_the_visit_that_serves_it(session: Session, world: World) -> None:
    a_programme(session, code="principal_term", rule=ProgrammeRule.PRINCIPAL_TERM)
    world.school.head_term_ends_on = date(2023, 7, 31)
    plan = _plan(session, world)
    assert [row.state for row in _rows(session, plan, "principal_term")] == [CoverageState.UNCOVERED]
    visit = a_planned_visit(session, plan, world.school, "principal_term", key=f"round-{world.round_id}-1")
    an_assignment(session, visit, [somebody(session, world.places.banner_office)])
    assert [row.state for row in _rows(session, plan, "principal_term")] == [CoverageState.PLANNED]


@pytest.mark.parametrize(
    ("ends_on", "duties"),
    [
        # 180 days after 2022-07-04 are 2022-12-31, the day before the plan
        (date(2022, 7, 4), 0),
        (date(2022, 7, 5), 1),
        (date(2023, 7, 31), 1),
        (date(2023, 8, 1), 0),
        (None, 0),
    ],
)
def test_only_terms_that_end_about_the_plans_days_are_duties(
    session: Session, world: World, ends_on: date | None, duties: int
) -> None:
    a_programme(session, code="principal_term", rule=ProgrammeRule.PRINCIPAL_TERM)
    world.school.head_term_ends_on = ends_on
    assert len(_rows(session, _plan(session, world), "principal_term")) == duties
