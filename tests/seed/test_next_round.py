"""The second demonstration in a database without a calendar: what it adds to the first one's data."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlmodel import Session, col, select

import seed
from app.core.clock import Clock, DateSource, with_stored
from app.core.security import Passwords
from app.models import (
    Appointment,
    AreaInspector,
    BurdenRule,
    CalendarStatus,
    CalendarYear,
    Inspectee,
    InspecteeKind,
    Inspector,
    PastInspection,
    Round,
    RoundSubject,
    TargetStatus,
    Training,
    ValidationTarget,
    YearList,
)
from seed import NEXT_ROUND, Wish
from tests.seed.test_load import everything

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


@pytest.fixture
def next_round(seeded: Session, cheap_passwords: Passwords) -> Session:
    """The seeded database, moved on to the second demonstration within a transaction that is rolled back."""
    assert seed.load_into(seeded, Clock(), Wish(NEXT_ROUND), passwords=cheap_passwords).changed
    return seeded


def in_office(session: Session, day: date) -> Counter[int]:
    """How many inspectors each office has on a day."""
    rows = session.exec(select(Inspector.office_id, Appointment).where(Appointment.inspector_id == Inspector.id))
    return Counter(office for office, term in rows if term.first_on <= day <= (term.last_on or date.max))


def test_a_second_run_changes_nothing(next_round: Session, cheap_passwords: Passwords) -> None:
    before = everything(next_round)
    again = seed.load_into(next_round, Clock(), Wish(NEXT_ROUND), passwords=cheap_passwords)
    assert again.lines() == ["数据已齐备，本次未作任何改动。"]
    assert everything(next_round) == before


def test_the_working_date_is_the_first_monday_of_2026(next_round: Session) -> None:
    clock = with_stored(Clock(), next_round)
    assert (clock.today(), clock.source) == (date(2026, 1, 5), DateSource.DEMONSTRATION)


def test_rounds_lists_and_holidays_of_the_years(next_round: Session) -> None:
    rounds = next_round.exec(select(Round).where(Round.first_on == FIRST, Round.last_on == LAST)).all()
    assert {row.subject for row in rounds} == {RoundSubject.GOVERNMENTS, RoundSubject.SCHOOLS}
    # 13 offices file a list for each of seven years
    assert Counter(next_round.exec(select(YearList.year)).all()) == dict.fromkeys(range(2022, 2029), 13)
    provisional = select(CalendarYear.year).where(CalendarYear.status == CalendarStatus.PROVISIONAL)
    assert next_round.exec(provisional.order_by(col(CalendarYear.year))).all() == [2027, 2028]
    (rule,) = next_round.exec(select(BurdenRule).where(col(BurdenRule.last_on).is_(None))).all()
    assert (rule.law, rule.first_on, rule.comprehensive_per_year) == (True, date(2025, 10, 14), 1)


def test_targets_are_made_up_and_say_so_and_nothing_tells_what_became_of_the_plans(next_round: Session) -> None:
    targets = next_round.exec(select(ValidationTarget)).all()
    new = [target for target in targets if target.target_year >= 2026]
    assert len(new) == 10
    assert all(target.synthetic and "合成数据" in target.source for target in new)
    # a launch two years ahead lies inside the round at the earliest
    assert {target.target_year for target in new} == {2028, 2029, 2030}
    old = [target for target in targets if target.target_year < 2026]
    assert [(each.status, each.actual_year, each.synthetic) for each in old] == [
        (TargetStatus.WITHDRAWN, None, False)
    ] * 9
    assert all("不陈述该目标的实际结果" in each.source for each in old)


def test_every_unit_has_had_its_first_round_after_it_opened(next_round: Session) -> None:
    held = Counter[int]()
    opened = {unit.id: unit.opened_on for unit in next_round.exec(select(Inspectee))}
    for row in next_round.exec(select(PastInspection).where(col(PastInspection.first_on) >= date(2023, 1, 1))):
        held[row.inspectee_id] += 1
        assert row.synthetic
        assert row.first_on <= date(2025, 12, 31)
        assert row.first_on >= (opened[row.inspectee_id] or date.min)
    assert held == dict.fromkeys(opened, 1)


def test_offices_keep_their_strength_and_nobody_serves_a_fourth_term(next_round: Session) -> None:
    before = in_office(next_round, date(2022, 9, 1))
    for day in (FIRST, date(2026, 7, 1), date(2027, 7, 1), date(2028, 7, 1), LAST):
        now = in_office(next_round, day)
        assert {office: number for office, number in before.items() if now[office] < number} == {}
    assert max(next_round.exec(select(Appointment.number)).all()) == 3


def test_successors_are_trained_before_their_first_day_and_take_over_areas_and_schools(next_round: Session) -> None:
    successors = next_round.exec(select(Inspector).where(col(Inspector.code).like("%-2"))).all()
    assert len(successors) > 50
    entries = {row.inspector_id: row.last_on for row in next_round.exec(select(Training).where(Training.entry))}
    first = dict[int | None, date]()
    for term in next_round.exec(select(Appointment).order_by(col(Appointment.first_on).desc())):
        first[term.inspector_id] = term.first_on
    assert all(entries[person.id or 0] < first[person.id] for person in successors)
    with_area = set(next_round.exec(select(AreaInspector.inspector_id)).all())
    assert {person.id for person in successors} <= with_area
    # the responsible inspector of a school is in office
    serving = {
        term.inspector_id
        for term in next_round.exec(select(Appointment))
        if term.first_on <= NEXT_ROUND.working_on <= (term.last_on or date.max)
    }
    schools = next_round.exec(select(Inspectee).where(Inspectee.kind != InspecteeKind.GOVERNMENT)).all()
    assert {school.responsible_inspector_id for school in schools} <= serving


def test_no_heads_term_is_over(next_round: Session) -> None:
    ends = [school.head_term_ends_on for school in next_round.exec(select(Inspectee).where(col(Inspectee.synthetic)))]
    assert min(day for day in ends if day is not None) >= NEXT_ROUND.working_on
