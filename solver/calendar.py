"""Dates to slot numbers and back: the only place with slot arithmetic.

A *day number* counts the inspection days of a problem from 0. A *slot* is a half-day: slot = 2·day number + half,
where half is 0 (``am``) or 1 (``pm``). A *run* is a stretch of inspection days that are consecutive calendar dates;
inside it slots that follow each other are half-days that follow each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, NewType

import numpy as np
from numpy.typing import NDArray

from solver.problem import DateRange, Half, PastVisit

Day = NewType("Day", int)
"""The number of an inspection day, from 0."""

Slot = NewType("Slot", int)
"""The number of a half-day: 2·day + half."""

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

HALVES: tuple[Half, Half] = ("am", "pm")


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int


class HalfDay(NamedTuple):
    """A half-day by its date, which need not be an inspection day; ``half`` is 0 or 1."""

    day: date
    half: int


def days_spanned(half_days: int) -> int:
    """The number of days that a visit takes: half a day is a day of duty too."""
    return (half_days + 1) // 2


def month_of(day: date) -> Month:
    """The calendar month of a date."""
    return Month(day.year, day.month)


def half_days_from(day: date, half: Half, half_days: int) -> Iterator[HalfDay]:
    """The half-days that a visit takes, by date; one of more than one half-day begins ``am`` (rule ``slots``)."""
    if half_days == 1:
        yield HalfDay(day, HALVES.index(half))
        return
    for k in range(half_days):
        yield HalfDay(day + timedelta(days=k // 2), k % 2)


def across_night_of(half_day: HalfDay) -> HalfDay:
    """The afternoon before a morning, the morning after an afternoon: the half-day across the night."""
    return HalfDay(half_day.day + timedelta(days=1 if half_day.half else -1), 1 - half_day.half)


def past_half_days(past: PastVisit) -> Iterator[HalfDay]:
    """The half-days that a visit of the history took."""
    return half_days_from(past.day, past.half, past.half_days)


def past_last_day(past: PastVisit) -> date:
    """The last day of a visit of the history."""
    return past.day + timedelta(days=days_spanned(past.half_days) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The inspection days of a problem, numbered; arrays have one entry per day number.

    ``ordinals`` are proleptic Gregorian day counts; ``run_left`` is the number of days of the run that are left from
    a day on, itself included; ``months[month_numbers[d]]`` and ``years[year_numbers[d]]`` hold day ``d``.
    """

    days: tuple[date, ...]
    ordinals: IntArray
    run_left: IntArray
    months: tuple[Month, ...]
    month_numbers: IntArray
    years: tuple[int, ...]
    year_numbers: IntArray

    @classmethod
    def of(cls, days: Sequence[date]) -> Calendar:
        """Number the days, which are ascending."""
        ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
        run_left = np.ones(len(days), dtype=np.int64)
        for d in range(len(days) - 2, -1, -1):
            if ordinals[d + 1] == ordinals[d] + 1:
                run_left[d] = run_left[d + 1] + 1
        months = tuple(dict.fromkeys(month_of(day) for day in days))
        years = tuple(dict.fromkeys(day.year for day in days))
        month_number = {month: k for k, month in enumerate(months)}
        year_number = {year: k for k, year in enumerate(years)}
        return cls(
            days=tuple(days),
            ordinals=ordinals,
            run_left=run_left,
            months=months,
            month_numbers=np.array([month_number[month_of(day)] for day in days], dtype=np.int64),
            years=years,
            year_numbers=np.array([year_number[day.year] for day in days], dtype=np.int64),
        )

    @property
    def slots(self) -> int:
        """The number of half-days."""
        return 2 * len(self.days)

    def day_number(self, day: date) -> Day | None:
        """The number of a date, ``None`` if it is no inspection day."""
        position = bisect_left(self.days, day)
        if position < len(self.days) and self.days[position] == day:
            return Day(position)
        return None

    def slot(self, day: date, half: Half) -> Slot | None:
        """The slot of a half-day by date, ``None`` if it is on no inspection day."""
        number = self.day_number(day)
        return None if number is None else Slot(2 * number + HALVES.index(half))

    def slots_among(self, half_days: Iterable[HalfDay]) -> Iterator[Slot]:
        """The slots of those half-days that lie on inspection days."""
        for half_day in half_days:
            number = self.day_number(half_day.day)
            if number is not None:
                yield Slot(2 * number + half_day.half)

    def day_of(self, slot: Slot) -> Day:
        """The day that holds the slot."""
        return Day(slot // 2)

    def date_of(self, slot: Slot) -> date:
        """The date that holds the slot."""
        return self.days[slot // 2]

    def half_of(self, slot: Slot) -> Half:
        """The half of the day that the slot is."""
        return HALVES[slot % 2]

    def slots_of_day(self, day: Day) -> tuple[Slot, Slot]:
        """The morning and the afternoon of a day."""
        return Slot(2 * day), Slot(2 * day + 1)

    def slots_taken(self, start: Slot, half_days: int) -> range:
        """The slots of a visit that begins in ``start`` and is allowed to (``begins``)."""
        return range(start, start + half_days)

    def days_taken(self, start: Slot, half_days: int) -> range:
        """The day numbers of a visit that begins in ``start``."""
        return range(start // 2, start // 2 + days_spanned(half_days))

    def last_day(self, start: Slot, half_days: int) -> Day:
        """The last day of a visit that begins in ``start``."""
        return Day(start // 2 + days_spanned(half_days) - 1)

    def last_date(self, start: Slot, half_days: int) -> date:
        """The date of the last day of a visit that begins in ``start``."""
        return self.days[self.last_day(start, half_days)]

    def begins(self, half_days: int) -> BoolArray:
        """Per slot, whether a visit of this length may begin there (rule ``slots``)."""
        mask = np.zeros(self.slots, dtype=np.bool_)
        mask[0::2] = self.run_left >= days_spanned(half_days)
        if half_days == 1:
            mask[1::2] = True
        return mask

    def day_range(self, first: date, last: date) -> range:
        """The day numbers from one date to another, both inclusive; empty when they are reversed."""
        return range(bisect_left(self.days, first), bisect_right(self.days, last))

    def mask(self, ranges: Iterable[DateRange]) -> BoolArray:
        """Per day, whether it lies in one of the ranges."""
        found = np.zeros(len(self.days), dtype=np.bool_)
        for first, last in ranges:
            span = self.day_range(first, last)
            found[span.start : span.stop] = True
        return found

    def weekday_mask(self, weekdays: Iterable[int] | None) -> BoolArray:
        """Per day, whether its ISO weekday is one of these; all days for ``None``."""
        if weekdays is None:
            return np.ones(len(self.days), dtype=np.bool_)
        return np.isin((self.ordinals - 1) % 7 + 1, list(weekdays))

    def all_through(self, free: BoolArray, day_count: int) -> BoolArray:
        """Per day, whether it and the ``day_count`` − 1 days after it are all free; days last along the last axis.

        Days that would lie beyond the calendar count as not free.
        """
        result = free.copy()
        for shift in range(1, day_count):
            left = max(0, free.shape[-1] - shift)
            result[..., :left] &= free[..., shift:]
            result[..., left:] = False
        return result

    def follows(self, day: Day) -> bool:
        """Whether the next inspection day is the next calendar date."""
        return bool(self.run_left[day] > 1)

    def runs(self) -> Iterator[range]:
        """The runs, as ranges of day numbers."""
        first = 0
        while first < len(self.days):
            stop = first + int(self.run_left[first])
            yield range(first, stop)
            first = stop

    def month_half_days(self, start: Slot, half_days: int) -> dict[int, int]:
        """The half-days of a visit by number of the month; a visit may lie in two."""
        counts: dict[int, int] = {}
        for slot in self.slots_taken(start, half_days):
            number = int(self.month_numbers[slot // 2])
            counts[number] = counts.get(number, 0) + 1
        return counts

    def year_half_days(self, start: Slot, half_days: int) -> dict[int, int]:
        """The half-days of a visit by number of the year; a visit may lie in two."""
        counts: dict[int, int] = {}
        for slot in self.slots_taken(start, half_days):
            number = int(self.year_numbers[slot // 2])
            counts[number] = counts.get(number, 0) + 1
        return counts
