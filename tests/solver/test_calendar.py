"""Slot arithmetic, on days with a weekend, a holiday and two turns of the year in them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from solver.calendar import Calendar, HalfDay, Month, Slot, days_spanned, half_days_from, past_half_days, past_last_day
from solver.problem import DateRange, PastVisit
from tests.builders import FRIDAY, MONDAY, NEXT_MONDAY, THURSDAY, TUESDAY, WEDNESDAY, WEEK

NEW_YEAR = Calendar.of([date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 5)])


def test_runs_end_where_the_next_date_is_missing() -> None:
    calendar = Calendar.of([MONDAY, TUESDAY, THURSDAY, FRIDAY, NEXT_MONDAY])

    assert calendar.run_left.tolist() == [2, 1, 2, 1, 1]
    assert list(calendar.runs()) == [range(2), range(2, 4), range(4, 5)]


def test_a_calendar_of_no_days_has_no_slots() -> None:
    calendar = Calendar.of([])

    assert (calendar.slots, list(calendar.runs()), calendar.day_number(MONDAY)) == (0, [], None)


def test_slots_go_to_dates_and_back() -> None:
    calendar = Calendar.of(WEEK)
    tuesday_afternoon = calendar.slot(TUESDAY, "pm")

    assert tuesday_afternoon == 3
    assert calendar.date_of(Slot(3)) == TUESDAY
    assert calendar.half_of(Slot(3)) == "pm"
    assert calendar.slot(NEXT_MONDAY, "am") is None


def test_begins_needs_the_days_in_a_row_and_the_morning() -> None:
    """Three half-days are two days: not from Friday on, and never in an afternoon."""
    calendar = Calendar.of([THURSDAY, FRIDAY, NEXT_MONDAY])

    assert calendar.begins(1).tolist() == [True] * 6
    assert calendar.begins(3).tolist() == [True, False, False, False, False, False]


def test_a_visit_over_new_year_counts_in_both_months_and_years() -> None:
    """Five half-days from 30 December on: four of December, one of January."""
    assert NEW_YEAR.months == (Month(2025, 12), Month(2026, 1))
    assert NEW_YEAR.month_half_days(Slot(0), 5) == {0: 4, 1: 1}
    assert NEW_YEAR.year_half_days(Slot(0), 5) == {0: 4, 1: 1}
    assert NEW_YEAR.last_date(Slot(0), 5) == date(2026, 1, 1)
    assert list(NEW_YEAR.days_taken(Slot(0), 5)) == [0, 1, 2]


def test_masks_hold_both_ends_and_nothing_of_a_reversed_range() -> None:
    calendar = Calendar.of(WEEK)

    assert calendar.mask([DateRange(TUESDAY, WEDNESDAY), DateRange(FRIDAY, MONDAY)]).tolist() == [
        False, True, True, False, False,
    ]  # fmt: skip
    assert calendar.day_range(FRIDAY, MONDAY) == range(4, 1)
    assert len(calendar.day_range(FRIDAY, MONDAY)) == 0


def test_weekdays_are_those_of_the_iso_calendar() -> None:
    assert Calendar.of(WEEK).weekday_mask({1, 5}).tolist() == [True, False, False, False, True]
    assert Calendar.of(WEEK).weekday_mask(None).all()


def test_all_through_counts_nothing_beyond_the_last_day() -> None:
    calendar = Calendar.of(WEEK)
    free = ~calendar.mask([DateRange(WEDNESDAY, WEDNESDAY)])

    assert calendar.all_through(free, 2).tolist() == [True, False, False, True, False]
    assert not calendar.all_through(free, 9).any()


def test_half_days_of_the_history_need_no_inspection_day() -> None:
    saturday = FRIDAY + timedelta(days=1)
    past = PastVisit("h", "e1", FRIDAY, "am", half_days=3, team=("i1",), burden=0)

    assert list(past_half_days(past)) == [HalfDay(FRIDAY, 0), HalfDay(FRIDAY, 1), HalfDay(saturday, 0)]
    assert list(Calendar.of(WEEK).slots_among(past_half_days(past))) == [8, 9]
    assert past_last_day(past) == saturday
    assert list(half_days_from(FRIDAY, "pm", 1)) == [HalfDay(FRIDAY, 1)]


@given(st.sets(st.dates(date(2024, 12, 20), date(2025, 1, 15)), min_size=1), st.integers(1, 10))
def test_a_visit_that_may_begin_takes_consecutive_dates(days: set[date], half_days: int) -> None:
    calendar = Calendar.of(sorted(days))
    for start in range(calendar.slots):
        if calendar.begins(half_days)[start]:
            taken = [calendar.days[day] for day in calendar.days_taken(Slot(start), half_days)]
            assert len(taken) == days_spanned(half_days)
            assert taken == [taken[0] + timedelta(days=k) for k in range(len(taken))]
