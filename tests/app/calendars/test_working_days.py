"""Which days are worked, and how long a span may be."""

from __future__ import annotations

from datetime import date

import pytest

from app.calendars.working_days import is_too_long, is_worked, last_worked_until
from app.models import DayKind

FRIDAY, SATURDAY = date(2023, 3, 10), date(2023, 3, 11)


@pytest.mark.parametrize(
    ("day", "kind", "worked"),
    [
        (FRIDAY, None, True),
        (SATURDAY, None, False),
        (FRIDAY, DayKind.HOLIDAY, False),
        (SATURDAY, DayKind.MAKE_UP_DAY, True),
    ],
)
def test_a_day_is_worked_by_its_weekday_unless_the_calendar_says_otherwise(
    day: date, kind: DayKind | None, worked: bool
) -> None:
    assert is_worked(day, kind) is worked


@pytest.mark.parametrize(
    ("day", "marked", "last"),
    [
        (FRIDAY, {}, FRIDAY),
        (SATURDAY, {}, FRIDAY),
        (SATURDAY, {SATURDAY: DayKind.MAKE_UP_DAY}, SATURDAY),
        (SATURDAY, {FRIDAY: DayKind.HOLIDAY}, date(2023, 3, 9)),
    ],
)
def test_the_last_worked_day_until_a_day(day: date, marked: dict[date, DayKind], last: date) -> None:
    assert last_worked_until(day, marked) == last


@pytest.mark.parametrize(
    ("first", "last", "too_long"),
    [
        (date(2022, 9, 1), date(2028, 8, 31), False),
        (date(2022, 9, 1), date(2028, 9, 1), True),
        (date(2024, 2, 29), date(2030, 2, 28), False),
        (date(2024, 2, 29), date(2030, 3, 1), True),
    ],
)
def test_six_years_are_the_longest_span(first: date, last: date, too_long: bool) -> None:
    assert is_too_long(first, last) is too_long
