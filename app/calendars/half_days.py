"""Arithmetic of half-days: a visit's half-days follow one another, two on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.models import Half

HALVES_PER_DAY = 2


def last_day(first_on: date, half_days: int) -> date:
    """The last day of a visit; one of more than a half-day begins in the morning (docs/contract.md, rule ``slots``)."""
    return first_on + timedelta(days=(half_days - 1) // HALVES_PER_DAY)


def half_days_from(first_on: date, half: Half, half_days: int) -> Iterator[tuple[date, Half]]:
    """Each half-day of a visit."""
    first = 1 if half is Half.PM else 0
    for number in range(first, first + half_days):
        days, afternoon = divmod(number, HALVES_PER_DAY)
        yield first_on + timedelta(days=days), Half.PM if afternoon else Half.AM
