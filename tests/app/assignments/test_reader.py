"""The one reader of assignments: what it finds, and what of it is in force."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from app.assignments.reader import AssignmentRecord, in_force, in_force_besides, of_plan
from app.models import Half, Plan
from tests.app.builders import Places, an_inspectee, an_inspector, id_of
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_solved_plan, a_version


@pytest.fixture
def visits(session: Session, places: Places) -> list[Visit]:
    """One visit of the city's office, one of the banner's with the same inspector."""
    somebody = an_inspector(session, places.city_office)
    of_city = an_inspectee(session, places.banner, places.city_office)
    of_banner = an_inspectee(session, places.banner, places.banner_office)
    return [Visit(of_city, [somebody], MONDAY), Visit(of_banner, [somebody], TUESDAY, "pm")]


@pytest.fixture
def plan(session: Session, places: Places, visits: list[Visit]) -> Plan:
    """A plan of both offices, of which the banner's share alone is in force."""
    plan = a_solved_plan(session, [places.city_office, places.banner_office], visits)
    a_version(session, plan, places.banner_office)
    return plan


def test_a_record_is_the_assignment_with_its_team_and_what_it_serves(
    session: Session, places: Places, plan: Plan, visits: list[Visit]
) -> None:
    assert in_force(session) == [
        AssignmentRecord(
            key=visits[1].key,
            plan_id=id_of(plan),
            inspectee_id=id_of(visits[1].unit),
            office_id=id_of(places.banner_office),
            first_on=TUESDAY,
            last_on=TUESDAY,
            half=Half.PM,
            half_days=1,
            team=(id_of(visits[1].team[0]),),
            leader_id=id_of(visits[1].team[0]),
            serves=(("round", "evaluation"),),
        )
    ]


def test_of_a_plan_every_assignment_is_read_by_day(session: Session, plan: Plan, visits: list[Visit]) -> None:
    assert [record.key for record in of_plan(session, id_of(plan))] == [visit.key for visit in visits]


@pytest.mark.usefixtures("plan")
def test_what_is_in_force_of_other_offices_leaves_the_own_out(session: Session, places: Places) -> None:
    assert in_force_besides(session, [id_of(places.banner_office)]) == []
    assert len(in_force_besides(session, [id_of(places.city_office)])) == 1
