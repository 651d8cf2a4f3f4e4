"""A small world to plan in: 赤峰市 with two banners, a school, people, a calendar of 2022 to 2026, the programmes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from app.models import (
    Assignment,
    Half,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    Plan,
    PlannedVisit,
    PublishedVersion,
    RoundSubject,
    Season,
    Setting,
    TeamMember,
)
from app.planning.to_problem import PlanningProblem, to_problem
from solver.problem import Inspectee as SolverInspectee
from solver.problem import Inspector as SolverInspector
from solver.problem import Visit
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.app.programmes.builders import (
    a_burden_rule,
    a_chain_programme,
    a_government_programme,
    a_plan,
    a_planned_visit,
    a_programme,
    a_round,
)

YEARS = range(2022, 2027)


@dataclass(frozen=True, slots=True)
class World:
    """Rows of the smallest world in which everything that planning reads exists once."""

    places: Places
    school: Inspectee
    government: Inspectee
    round_id: int
    government_round_id: int


def a_world(session: Session, places: Places) -> World:
    """A primary school and a government of 红山区; programmes, rounds, terms of primary schools, one burden rule."""
    for year in YEARS:
        builders.a_calendar_year(session, year)
        spring = (date(year, 3, 1), date(year, 7, 10))
        autumn = (date(year, 9, 1), date(year + 1, 1, 8))
        for season, (first, last) in ((Season.SPRING, spring), (Season.AUTUMN, autumn)):
            builders.a_school_term(session, year=year, season=season, first_on=first, last_on=last)
    a_programme(session)
    a_government_programme(session)
    a_chain_programme(session)
    a_burden_rule(session)
    return World(
        places=places,
        school=builders.an_inspectee(session, places.banner, places.banner_office, name="红山一小"),
        government=a_government(session, places),
        round_id=id_of(a_round(session)),
        government_round_id=id_of(a_round(session, subject=RoundSubject.GOVERNMENTS)),
    )


def a_government(session: Session, places: Places) -> Inspectee:
    """The government of 红山区, which the city inspects."""
    return builders.an_inspectee(
        session, places.banner, places.city_office, name="红山区人民政府", kind=InspecteeKind.GOVERNMENT, classes=0
    )


def a_setting(session: Session, key: str, value: Any) -> None:
    """A setting of the rules that is not its default."""
    added(session, Setting(key=key, value=value, updated_at=datetime(2022, 9, 1, tzinfo=UTC)))


def somebody(session: Session, office: Office, **changes: Any) -> Inspector:
    """An inspector with an appointment from 2022 to the end of 2024, trained before."""
    person = builders.an_inspector(session, office, **changes)
    builders.an_appointment(session, person)
    builders.an_entry_training(session, person)
    return person


def problem_of(session: Session, world: World, *offices: Office, **changes: Any) -> PlanningProblem:
    """The problem of a plan of some offices, the banner's by default, asked on 2022-09-01 for 2022 to 2025."""
    planned = [id_of(office) for office in offices or (world.places.banner_office,)]
    return to_problem(session, a_plan(session, world.places.city, planned, **changes))


def visit_in(found: PlanningProblem, key: str) -> Visit:
    """The visit of a key."""
    return next(visit for visit in found.problem.visits if visit.id == key)


def person_in(found: PlanningProblem, person: Inspector) -> SolverInspector:
    """Somebody as the planner sees him or her."""
    return next(each for each in found.problem.inspectors if each.id == f"i{person.id}")


def unit_in(found: PlanningProblem, unit: Inspectee) -> SolverInspectee:
    """A unit as the planner sees it."""
    return next(each for each in found.problem.inspectees if each.id == f"e{unit.id}")


def an_assignment(session: Session, visit: PlannedVisit, team: list[Inspector], **changes: Any) -> Assignment:
    """A visit of two half-days on 2023-03-14."""
    fields: dict[str, Any] = {
        "plan_id": visit.plan_id,
        "visit_id": visit.id,
        "inspectee_id": visit.inspectee_id,
        "office_id": visit.office_id,
        "first_on": date(2023, 3, 14),
        "last_on": date(2023, 3, 14),
        "half": Half.AM,
        "half_days": visit.half_days,
    }
    row = added(session, Assignment(**fields | changes))
    for member in team:
        added(session, TeamMember(assignment_id=id_of(row), inspector_id=id_of(member)))
    return row


def in_force(session: Session, world: World, unit: Inspectee, team: list[Inspector], **changes: Any) -> Plan:
    """A plan whose one assignment, at the unit, is published up to the end of 2023."""
    office_id = unit.owner_office_id
    plan = a_plan(session, world.places.city, [office_id])
    key = changes.pop("key", f"round-{world.round_id}-{unit.id}")
    an_assignment(session, a_planned_visit(session, plan, unit, "round", key=key), team, **changes)
    number = changes.get("number", 1)
    version = PublishedVersion(
        office_id=office_id,
        number=number,
        plan_id=id_of(plan),
        until=date(2023, 12, 31),
        published_at=datetime(2022, 10, 1, tzinfo=UTC),
    )
    added(session, version)
    return plan
