"""The kinds of visits that trips are made of, and which of them a trip cannot contain together.

A trip lies in one run of consecutive dates. So two visits of a *group*, of one length at one place, can be in one trip
only if the days on which they may be reach into the same run, and if the minimum gap of their inspectee leaves room
for both there. A run in which no group has two visits that can meet is *plain*, any other one *mixed*. A visit with
which none of its group can share a trip is alone. Others have colours, and those of one colour never share a trip;
visits beyond the last colour may all meet.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from solver.bounds.stopping import Watch
from solver.calendar import IntArray, days_spanned
from solver.candidates import Candidates

ALONE = 0
MOST_COLOURS = 3
REPEATABLE = MOST_COLOURS + 1


class Group(NamedTuple):
    """Visits of so many half-days at a place, with a burden or without one."""

    place: str
    half_days: int
    is_burden: bool


class Item(NamedTuple):
    """Visits of a group that are ``ALONE`` in their trip, of one colour, or ``REPEATABLE``.

    ``is_plain`` if they are in plain runs only, ``is_apart`` if no two visits of the group can be on one day;
    ``preferred`` are the inspectors whom they prefer.
    """

    group: Group
    is_plain: bool
    kind: int
    is_apart: bool
    preferred: tuple[int, ...] = ()

    def in_plain_runs(self) -> Item:
        """The item that these visits are on trips in plain runs."""
        return Item(self.group, is_plain=True, kind=ALONE, is_apart=False, preferred=self.preferred)

    def excludes(self, other: Item) -> bool:
        """Whether no trip contains visits of both; of the item itself: no two of its visits."""
        if self.group != other.group:
            return False
        return ALONE in (self.kind, other.kind) or (self.kind == other.kind and self.kind != REPEATABLE)

    def needs_night_to(self, other: Item) -> bool:
        """Whether a trip to a visit of each takes two days, though both are of one half-day."""
        return self.group == other.group and self.group.half_days == 1 and self.is_apart and self != other


@dataclass(slots=True)
class _Unit:
    """A visit, or visits of one inspectee that the gap keeps out of each other's trips: the days they may take."""

    first: int
    last: int
    visits: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Meeting:
    """The units of a group: first and last runs that they reach into, each sorted."""

    first: list[int]
    last: list[int]
    is_apart: bool

    def reaching(self, first: int, last: int) -> int:
        """How many of the units reach into one of these runs."""
        return bisect_right(self.first, last) - bisect_left(self.last, first)


MOST_PREFERRED = 4
"""Preferred inspectors of one visit that are distinguished; the preference of a visit with more of them is relaxed."""


def preferred_numbers(candidates: Candidates, visit: int) -> tuple[int, ...]:
    """The inspectors whom a visit prefers, ascending; none where the preference is relaxed."""
    preferred = sorted(candidates.inspector_numbers[name] for name in candidates.problem.visits[visit].prefers)
    return tuple(preferred) if len(preferred) <= MOST_PREFERRED else ()


class Items:
    """The items of a problem, numbered as they are met."""

    def __init__(self, candidates: Candidates, watch: Watch) -> None:
        runs = list(candidates.calendar.runs())
        self._longest_run = max((len(run) for run in runs), default=0)
        self._run_of = np.repeat(np.arange(len(runs)), [len(run) for run in runs])
        self._candidates = candidates
        self._numbers: dict[Item, int] = {}
        self._colour: dict[int, int] = {}
        units = self._units(watch)
        self._meetings = {key: self._meeting(of_key) for key, of_key in watch.each(units.items())}
        self._mixed_before = self._count_mixed(watch.each(units.values()), len(runs))

    def __iter__(self) -> Iterator[Item]:
        """The items by number."""
        return iter(self._numbers)

    def number_of(self, visit: int, earliest: int, latest: int) -> int:
        """The number of the item that a visit is if it begins in one of these slots."""
        group = self._group(visit)
        meeting = self._meetings[group]
        first, last = int(self._run_of[earliest // 2]), int(self._run_of[latest // 2])
        kind = ALONE if meeting.reaching(first, last) <= 1 else self._colour[visit]
        is_plain = bool(self._mixed_before[first] == self._mixed_before[last + 1])
        item = Item(group, is_plain, kind, meeting.is_apart, preferred_numbers(self._candidates, visit))
        return self._numbers.setdefault(item, len(self._numbers))

    def _group(self, visit: int) -> Group:
        details = self._candidates.problem.visits[visit]
        place = self._candidates.inspectees[details.inspectee].place
        return Group(place, details.half_days, details.burden > 0)

    def _units(self, watch: Watch) -> dict[Group, list[_Unit]]:
        """The units of each group."""
        found: dict[Group, list[_Unit]] = {}
        kept_apart: dict[tuple[str, Group], _Unit] = {}
        for number, visit in watch.each(enumerate(self._candidates.problem.visits)):
            starts = self._candidates.starts(number)
            if not len(starts):
                continue
            first, last = int(starts.min()) // 2, int(starts.max()) // 2 + days_spanned(visit.half_days) - 1
            group = self._group(number)
            unit = kept_apart.get((visit.inspectee, group)) if self._is_kept_apart(number) else None
            if unit is None:
                unit = _Unit(first, last, [])
                found.setdefault(group, []).append(unit)
                if self._is_kept_apart(number):
                    kept_apart[visit.inspectee, group] = unit
            unit.first, unit.last = min(unit.first, first), max(unit.last, last)
            unit.visits.append(number)
        return found

    def _is_kept_apart(self, visit: int) -> bool:
        """Whether no run has room for this visit, the gap of its inspectee and another visit of its length."""
        details = self._candidates.problem.visits[visit]
        gap = self._candidates.inspectees[details.inspectee].min_gap_days or 0
        return details.burden > 0 and gap > 0 and 2 * days_spanned(details.half_days) + gap - 1 > self._longest_run

    def _meeting(self, units: list[_Unit]) -> _Meeting:
        """Colour the units so that those of one colour reach into no run in common."""
        free_after = [-1] * MOST_COLOURS
        is_apart, last_day = True, -1
        for unit in sorted(units, key=lambda unit: unit.first):
            is_apart = is_apart and unit.first > last_day
            last_day = max(last_day, unit.last)
            first, last = int(self._run_of[unit.first]), int(self._run_of[unit.last])
            free = [colour for colour in range(MOST_COLOURS) if free_after[colour] < first]
            colour = free[0] + 1 if free else REPEATABLE
            if free:
                free_after[free[0]] = last
            self._colour.update(dict.fromkeys(unit.visits, colour))
        firsts = sorted(self._run_of[[unit.first for unit in units]].tolist())
        lasts = sorted(self._run_of[[unit.last for unit in units]].tolist())
        return _Meeting(firsts, lasts, is_apart)

    def _count_mixed(self, meetings: Iterable[list[_Unit]], runs: int) -> IntArray:
        """By run how many mixed runs there are before it."""
        changes = np.zeros(runs + 1, dtype=np.int64)
        for units in meetings:
            reached = -1
            for unit in sorted(units, key=lambda unit: unit.first):
                first, last = int(self._run_of[unit.first]), int(self._run_of[unit.last])
                if first <= reached:
                    changes[first] += 1
                    changes[min(last, reached) + 1] -= 1
                reached = max(reached, last)
        return np.concatenate([[0], np.cumsum(np.cumsum(changes[:-1]) > 0)])
