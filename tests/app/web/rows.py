"""One small calendar in force, the same for the queries and for the browser.

红山区 has three schools of the round and its government; its office published first a version that is no longer in
force and then one until 2023-06-30. 松山区 has nothing published. The working date is 2023-04-05.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlmodel import Session

from app.models import (
    Assignment,
    CalendarStatus,
    Half,
    Inspectee,
    InspecteeKind,
    PersonKind,
    Plan,
    PlannedVisit,
    PlanState,
    Programme,
    ProgrammeRule,
    PublishedVersion,
    Recognition,
    Round,
    RoundSubject,
    ServedProgramme,
    ValidationTarget,
)
from tests.app.builders import (
    Places,
    a_calendar_year,
    added,
    an_inspectee,
    an_inspector,
    id_of,
    places,
)

TODAY = date(2023, 4, 5)
SOURCE = "规划第六章"
PUBLISHED = datetime(2022, 12, 30, 20, 0, tzinfo=UTC)
"""The evening in UTC, and already the 31st in Shanghai."""


def a_plan(session: Session, of: Places) -> Plan:
    """A published plan of the city."""
    plan = Plan(
        name="2023—2025",
        region_id=id_of(of.city),
        first_day=date(2023, 1, 1),
        last_day=date(2025, 12, 31),
        seconds=10,
        working_on=TODAY,
        state=PlanState.PUBLISHED,
        created_at=PUBLISHED,
    )
    return added(session, plan)


def a_programme(session: Session, rule: ProgrammeRule, name: str, first: date, last: date | None = None) -> Programme:
    """A programme with one basis, known by its rule."""
    count = f"{rule.value}{first.year}"
    programme = Programme(
        code=count, name=name, rule=rule, legal_basis=f"{name}的依据", in_force_from=first, in_force_to=last
    )
    return added(session, programme)


def a_visit(session: Session, plan: Plan, unit: Inspectee, programme: Programme, day: date) -> None:
    """A visit of one day that serves one programme."""
    visit = PlannedVisit(
        plan_id=id_of(plan),
        key=f"{programme.code}-{unit.id}",
        inspectee_id=id_of(unit),
        office_id=unit.owner_office_id,
        half_days=2,
        earliest=plan.first_day,
        latest=plan.last_day,
    )
    added(session, visit)
    added(session, ServedProgramme(visit_id=id_of(visit), programme_code=programme.code, phase="visit"))
    assignment = Assignment(
        plan_id=id_of(plan),
        visit_id=id_of(visit),
        inspectee_id=id_of(unit),
        office_id=unit.owner_office_id,
        first_on=day,
        last_on=day,
        half=Half.AM,
        half_days=2,
    )
    added(session, assignment)


def a_small_calendar(session: Session) -> None:
    """The rows that the module's docstring tells."""
    of = places(session)
    banner, office = of.banner, of.banner_office
    passed, coming, beyond = (an_inspectee(session, banner, office, synthetic=True) for _ in range(3))
    an_inspectee(session, banner, office, kind=InspecteeKind.KINDERGARTEN, opened_on=date(2024, 9, 1))
    an_inspectee(session, banner, office, kind=InspecteeKind.KINDERGARTEN, closed_on=date(2022, 7, 31))
    government = an_inspectee(session, banner, of.city_office, kind=InspecteeKind.GOVERNMENT, name="红山区人民政府")
    an_inspector(session, office, synthetic=True)
    an_inspector(session, office, kind=PersonKind.PART_TIME)
    an_inspector(session, office, kind=PersonKind.PART_TIME, ended_on=date(2023, 1, 1))
    an_inspector(session, of.city_office, kind=PersonKind.EXPERT)
    for subject, name in ((RoundSubject.SCHOOLS, "学校轮"), (RoundSubject.GOVERNMENTS, "政府轮")):
        first, last = date(2023, 1, 1), date(2025, 12, 31)
        added(session, Round(name=name, subject=subject, first_on=first, last_on=last, source=SOURCE))
    of_schools = a_programme(session, ProgrammeRule.ROUND, "学校综合督导", date(2021, 1, 1))
    of_governments = a_programme(session, ProgrammeRule.GOVERNMENT, "履行教育职责评价", date(2021, 1, 1))
    a_programme(session, ProgrammeRule.ROUND, "旧办法", date(2015, 1, 1), date(2020, 12, 31))
    a_programme(session, ProgrammeRule.CHAIN, "尚未施行的办法", date(2025, 10, 14))
    for region, recognition, year in (
        (of.other, Recognition.PRESCHOOL_UNIVERSAL, 2024),
        (banner, Recognition.COMPULSORY_QUALITY, 2025),
    ):
        target = ValidationTarget(
            region_id=id_of(region), recognition=recognition, target_year=year, source=SOURCE, synthetic=year == 2024
        )
        added(session, target)
    a_calendar_year(session, 2023)
    a_calendar_year(session, 2027, status=CalendarStatus.PROVISIONAL)

    replaced, plan = a_plan(session, of), a_plan(session, of)
    for unit in (passed, coming, beyond):
        a_visit(session, replaced, unit, of_schools, date(2023, 2, 1))
    a_visit(session, plan, passed, of_schools, date(2023, 3, 1))
    a_visit(session, plan, coming, of_schools, date(2023, 6, 30))  # begins on the last day in force
    a_visit(session, plan, beyond, of_schools, date(2023, 7, 3))  # outlook
    a_visit(session, plan, government, of_governments, date(2023, 5, 8))  # the city's office published nothing
    for number, published in ((1, replaced), (2, plan)):
        version = PublishedVersion(
            office_id=id_of(office),
            number=number,
            plan_id=id_of(published),
            until=date(2023, 6, 30),
            published_at=PUBLISHED,
        )
        added(session, version)
