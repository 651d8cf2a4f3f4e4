"""The half-days of a visit, and its last day."""

from __future__ import annotations

from datetime import date

import pytest

from app.calendars.half_days import half_days_from, last_day
from app.models import Half

MONDAY, TUESDAY = date(2023, 3, 6), date(2023, 3, 7)


@pytest.mark.parametrize(("half_days", "last"), [(1, MONDAY), (2, MONDAY), (3, TUESDAY), (4, TUESDAY)])
def test_the_last_day_of_a_visit_counts_two_half_days_to_a_day(half_days: int, last: date) -> None:
    assert last_day(MONDAY, half_days) == last


def test_the_half_days_of_a_visit_follow_one_another() -> None:
    assert list(half_days_from(MONDAY, Half.AM, 3)) == [(MONDAY, Half.AM), (MONDAY, Half.PM), (TUESDAY, Half.AM)]


def test_a_half_day_in_the_afternoon_is_that_afternoon() -> None:
    assert list(half_days_from(MONDAY, Half.PM, 1)) == [(MONDAY, Half.PM)]
