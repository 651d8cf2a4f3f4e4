"""The working date moves on: offices publish on, visits before it are done; it never moves back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from app.core.clock import Clock
from app.models import (
    Demonstration,
    Inspectee,
    PastInspection,
    Plan,
    PublishedVersion,
    Role,
    User,
    VisitOutcome,
)
from seed import SCENARIOS, MoveRefusedError, NoAdministratorError, Scenario
from seed.moving import begin, move
from seed.past import carry_out, put_into_force, remember
from tests.app import builders
from tests.app.builders import Places
from tests.app.plans.rows import MONDAY, Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme
from tests.conftest import NOW

SEED_NUMBER = 1
CLOCK = Clock(time=lambda: NOW)
NEXT_YEAR = date(2023, 3, 6)


@pytest.fixture
def demonstration(session: Session) -> Demonstration:
    """A demonstration that has just begun, on 2022-09-01."""
    assert begin(session, CLOCK).made
    return session.get_one(Demonstration, 1)


@pytest.fixture
def plan(session: Session, places: Places) -> Plan:
    """A plan with a visit in October 2022, in force to the end of that year, one in March and one in November 2023."""
    builders.a_user(session, Role.ADMIN)
    person = builders.an_inspector(session, places.banner_office)
    days = (MONDAY, NEXT_YEAR, date(2023, 11, 6))
    units = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in days]
    visits = [Visit(unit, [person], day) for unit, day in zip(units, days, strict=True)]
    plan = a_solved_plan(session, [places.banner_office], visits)
    a_version(session, plan, places.banner_office)
    return plan


def to(session: Session, until: date | None = None, scenario: Scenario | None = None, clock: Clock = CLOCK) -> bool:
    """Move, and say whether anything was done."""
    return any(part.made for part in move(session, clock, SEED_NUMBER, {}, scenario, until))


def done(session: Session) -> list[date]:
    return sorted(row.done_on for row in session.exec(select(VisitOutcome)))


def versions(session: Session) -> list[tuple[int, date]]:
    rows = session.exec(select(PublishedVersion).order_by(col(PublishedVersion.number)))
    return [(row.number, row.until) for row in rows]


@pytest.mark.usefixtures("plan")
def test_visits_before_the_day_are_done_and_the_year_is_put_into_force(
    session: Session, demonstration: Demonstration
) -> None:
    assert to(session, NEXT_YEAR + timedelta(days=1))
    assert done(session) == [MONDAY, NEXT_YEAR]
    # the plan's last day is 2023-12-29: the second year is in force to its end, as far as the plan reaches
    assert versions(session) == [(1, date(2022, 12, 31)), (2, date(2023, 12, 29))]
    assert demonstration.working_on == date(2023, 3, 7)


@pytest.mark.usefixtures("plan", "demonstration")
def test_a_visit_on_the_day_itself_is_not_done_yet(session: Session) -> None:
    to(session, MONDAY)
    assert done(session) == []
    to(session, MONDAY + timedelta(days=1))
    assert done(session) == [MONDAY]
    assert versions(session) == [(1, date(2022, 12, 31))]


@pytest.mark.usefixtures("plan", "demonstration")
def test_a_second_run_changes_nothing(session: Session) -> None:
    to(session, NEXT_YEAR)
    before = (done(session), versions(session))
    assert not to(session, NEXT_YEAR)
    assert not to(session)
    assert (done(session), versions(session)) == before


@pytest.mark.usefixtures("plan")
def test_what_an_office_recorded_itself_stays(session: Session, demonstration: Demonstration, places: Places) -> None:
    first = min(builders.id_of(unit) for unit in session.exec(select(Inspectee)))
    own = VisitOutcome(
        visit_key=f"round-1-{first}",
        inspectee_id=first,
        office_id=builders.id_of(places.banner_office),
        done_on=MONDAY + timedelta(days=1),
        recorded_at=NOW,
    )
    session.add(own)
    session.flush()
    assert to(session, date(2022, 11, 1))
    assert done(session) == [date(2022, 10, 18)]
    assert demonstration.working_on == date(2022, 11, 1)


@pytest.mark.parametrize(
    ("until", "scenario", "words"),
    [
        (date(2022, 9, 30), None, "不能退回 2022-09-30"),
        (date(2022, 11, 1), "next-round", "从 2026-01-05 开始"),
        (date(2026, 1, 1), None, "晚于场景“first-round”的最后一天 2025-12-31"),
    ],
)
@pytest.mark.usefixtures("plan")
def test_what_leads_nowhere_is_refused(
    session: Session, demonstration: Demonstration, until: date, scenario: str | None, words: str
) -> None:
    to(session, date(2022, 10, 1))
    with pytest.raises(MoveRefusedError, match=words):
        to(session, until, SCENARIOS[scenario] if scenario else None)
    assert (demonstration.working_on, demonstration.scenario) == (date(2022, 10, 1), "first-round")


def test_the_next_round_does_not_turn_back(session: Session) -> None:
    session.add(Demonstration(scenario="next-round", working_on=date(2026, 2, 1), moved_at=NOW))
    session.flush()
    with pytest.raises(MoveRefusedError, match="已是 2026-02-01，不能退回 2022-09-01"):
        to(session, None, SCENARIOS["first-round"])
    assert not to(session, None, SCENARIOS["next-round"])


@pytest.mark.usefixtures("demonstration")
def test_a_date_that_the_environment_sets_is_not_moved(session: Session) -> None:
    clock = Clock(working_date=date(2022, 9, 1))
    with pytest.raises(MoveRefusedError, match="DUDAO_TODAY 设定为 2022-09-01"):
        to(session, date(2022, 10, 1), clock=clock)
    assert not to(session, clock=clock)


@pytest.mark.usefixtures("plan")
def test_offices_publish_on_in_an_administrators_name(session: Session) -> None:
    for user in session.exec(select(User)):
        user.ended_at = NOW
    session.flush()
    with pytest.raises(NoAdministratorError):
        put_into_force(session, CLOCK, NEXT_YEAR)


def test_findings_are_the_same_whenever_they_are_recorded_and_rechecks_follow_them(
    session: Session, places: Places
) -> None:
    person = builders.an_inspector(session, places.banner_office)
    units = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(40)]
    days = [MONDAY + timedelta(days=7 * (number // 10) + number % 5) for number in range(40)]
    visits = [
        Visit(unit, [person], day, "am" if number % 10 < 5 else "pm")
        for number, (unit, day) in enumerate(zip(units, days, strict=True))
    ]
    a_version(session, a_solved_plan(session, [places.banner_office], visits), places.banner_office)
    carry_out(session, CLOCK, SEED_NUMBER, date(2022, 12, 1))
    first = {row.visit_key: row.findings for row in session.exec(select(VisitOutcome))}
    for row in session.exec(select(VisitOutcome)):
        session.delete(row)
    session.flush()
    carry_out(session, CLOCK, SEED_NUMBER, date(2022, 12, 1))
    assert {row.visit_key: row.findings for row in session.exec(select(VisitOutcome))} == first
    # two in five have findings, give or take; each says what, how grave, and by when it is rectified
    with_findings = [each for each in first.values() if each]
    assert 8 <= len(with_findings) <= 24
    assert {tuple(sorted(finding)) for each in with_findings for finding in each} == {
        ("rectify_by", "severity", "text")
    }
    assert all("合成数据" in finding["text"] for each in with_findings for finding in each)


@pytest.mark.usefixtures("plan")
def test_the_calendar_in_force_becomes_the_next_rounds_past(session: Session) -> None:
    a_programme(session)  # the code of the visits, a comprehensive one
    put_into_force(session, CLOCK, date(2023, 3, 7))
    assert remember(session, date(2023, 3, 7)).made == (("记录", 2),)
    rows = session.exec(select(PastInspection).order_by(col(PastInspection.first_on))).all()
    assert [(row.programme_code, row.first_on, row.half_days, row.comprehensive, row.synthetic) for row in rows] == [
        ("round", MONDAY, 1, True, True),
        ("round", NEXT_YEAR, 1, True, True),
    ]
    assert not remember(session, date(2023, 3, 7)).made
