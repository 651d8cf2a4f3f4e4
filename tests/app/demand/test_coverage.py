"""Coverage: of every unit and programme the visit or the reason, counted from the tables alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from app.demand.coverage import Coverage
from app.demand.schemas import CoverageOut, CoverageQuery, CoverageState
from app.models import Inspectee, Plan, UnplannedDuty, UnscheduledVisit
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.app.planning.builders import World, a_world, an_assignment, somebody
from tests.app.programmes.builders import a_plan, a_planned_visit, a_target


@pytest.fixture
def world(session: Session, places: Places) -> World:
    return a_world(session, places)


@pytest.fixture
def plan(session: Session, world: World) -> Plan:
    return a_plan(session, world.places.city, [id_of(world.places.banner_office)])


def _rows(session: Session, plan: Plan, **query: object) -> list[CoverageOut]:
    return Coverage(session, plan).page(CoverageQuery.model_validate(query)).items


def _state(session: Session, plan: Plan) -> tuple[CoverageState, date | None]:
    (row,) = _rows(session, plan)
    return row.state, row.first_on


def test_a_duty_without_any_trace_is_uncovered(session: Session, world: World, plan: Plan) -> None:
    assert _rows(session, plan) == [
        CoverageOut(
            inspectee_id=id_of(world.school),
            inspectee="红山一小",
            kind=world.school.kind,
            region_id=id_of(world.places.banner),
            office_id=id_of(world.places.banner_office),
            programme="round",
            phase="evaluation",
            state=CoverageState.UNCOVERED,
            visit=None,
            assignment_id=None,
            first_on=None,
            due_on=None,
            reasons=["uncovered"],
            messages=["编制日程之后名册、轮次或验收目标有变动，该日程不含此项。请重新编制日程。"],
        )
    ]


@pytest.mark.parametrize(("carried_out", "state"), [(False, CoverageState.PLANNED), (True, CoverageState.CARRIED_OUT)])
def test_a_visit_of_the_plan_covers(
    session: Session, world: World, plan: Plan, carried_out: bool, state: CoverageState
) -> None:
    visit = a_planned_visit(session, plan, world.school, "round")
    team = [somebody(session, world.places.banner_office)]
    assignment = an_assignment(session, visit, team, carried_out=carried_out)
    (row,) = _rows(session, plan)
    assert (row.state, row.visit, row.assignment_id) == (state, visit.key, assignment.id)


def test_a_visit_outside_the_round_does_not_cover(session: Session, world: World, plan: Plan) -> None:
    visit = a_planned_visit(session, plan, world.school, "round")
    before = date(2022, 12, 30)
    an_assignment(session, visit, [], first_on=before, last_on=before)
    assert _state(session, plan) == (CoverageState.UNCOVERED, None)


def test_a_visit_for_another_programme_does_not_cover(session: Session, world: World, plan: Plan) -> None:
    an_assignment(session, a_planned_visit(session, plan, world.school, "thematic"), [])
    assert _state(session, plan) == (CoverageState.UNCOVERED, None)


@pytest.mark.parametrize(
    ("day", "comprehensive", "state"),
    [
        (date(2023, 1, 1), True, CoverageState.DONE),
        (date(2022, 12, 31), True, CoverageState.UNCOVERED),  # before the round
        (date(2023, 1, 1), False, CoverageState.UNCOVERED),
    ],
)
def test_a_comprehensive_inspection_in_the_round_covers(
    session: Session, world: World, plan: Plan, day: date, comprehensive: bool, state: CoverageState
) -> None:
    builders.a_past_inspection(session, world.school, first_on=day, comprehensive=comprehensive)
    assert _state(session, plan)[0] is state


def test_a_visit_that_was_left_out_shows_its_reasons(session: Session, world: World, plan: Plan) -> None:
    visit = a_planned_visit(session, plan, world.school, "round")
    added(session, UnscheduledVisit(visit_id=id_of(visit), plan_id=id_of(plan), reasons=[{"code": "no_team"}]))
    (row,) = _rows(session, plan)
    assert (row.state, row.reasons) == (CoverageState.UNSCHEDULED, ["no_team"])
    assert row.messages == ["期限 2023-01-01 至 2023-12-31：没有一个日子能组成合乎要求的督导小组。"]


def test_a_duty_that_is_not_asked_shows_why(session: Session, world: World, plan: Plan) -> None:
    _duty(session, plan, world.school, round_id=world.round_id)
    (row,) = _rows(session, plan)
    assert (row.state, row.reasons, row.due_on) == (CoverageState.UNPLANNED, ["not_yet_due"], date(2025, 12, 31))


def test_a_reason_of_another_round_explains_nothing(session: Session, world: World, plan: Plan) -> None:
    _duty(session, plan, world.school, round_id=world.round_id + 1000)
    assert _state(session, plan) == (CoverageState.UNCOVERED, None)


def _duty(session: Session, plan: Plan, unit: Inspectee, round_id: int) -> None:
    duty = UnplannedDuty(
        plan_id=id_of(plan),
        inspectee_id=id_of(unit),
        programme_code="round",
        phase="evaluation",
        reason="not_yet_due",
        due_on=date(2025, 12, 31),
        details={"round": str(round_id)},
    )
    added(session, duty)


def test_units_outside_the_round_owe_nothing(session: Session, world: World, plan: Plan) -> None:
    world.school.closed_on = date(2023, 1, 1)  # the first day of the round
    session.add(world.school)
    builders.an_inspectee(session, world.places.banner, world.places.banner_office, opened_on=date(2026, 1, 1))
    session.flush()
    assert _rows(session, plan) == []


def test_a_government_owes_its_evaluation_and_the_phases_of_its_targets(session: Session, world: World) -> None:
    target = a_target(session, world.places.banner)
    plan = a_plan(session, world.places.city, [id_of(world.places.city_office)])
    for phase, day in (("launch", date(2022, 11, 1)), ("review", date(2023, 10, 10))):
        visit = a_planned_visit(
            session, plan, world.government, "compulsory_quality", phase=phase, key=f"chain-{target.id}-{phase}"
        )
        an_assignment(session, visit, [], first_on=day, last_on=day)
    found = [(row.programme, row.phase, row.state) for row in _rows(session, plan)]
    assert found == [
        ("government", "evaluation", CoverageState.UNCOVERED),
        ("compulsory_quality", "launch", CoverageState.PLANNED),
        ("compulsory_quality", "review", CoverageState.PLANNED),
    ]
    assert Coverage(session, plan).counts() == {"compulsory_quality": {"planned": 2}, "government": {"uncovered": 1}}


def test_filters_and_pages(session: Session, world: World, plan: Plan) -> None:
    other = builders.an_inspectee(session, world.places.banner, world.places.banner_office)
    an_assignment(session, a_planned_visit(session, plan, other, "round", key="round-1-b"), [])
    assert [row.inspectee_id for row in _rows(session, plan, state="planned")] == [other.id]
    assert [row.inspectee_id for row in _rows(session, plan, inspectee=world.school.id)] == [world.school.id]
    assert [row.inspectee_id for row in _rows(session, plan, page=2, page_size=1)] == [other.id]
    assert _rows(session, plan, programme="government") == []


def test_the_number_of_queries_does_not_depend_on_the_size(
    session: Session, world: World, plan: Plan, queries: list[str]
) -> None:
    queries.clear()
    assert len(_rows(session, plan)) == 1
    asked = len(queries)
    for _ in range(2):
        builders.an_inspectee(session, world.places.banner, world.places.banner_office)
    queries.clear()
    assert (len(_rows(session, plan)), len(queries)) == (3, asked)
