"""The starts that a visit can have in some plan, once caps and the order of visits are taken into account.

``Candidates`` judge a visit by itself. Here its starts are narrowed by what no plan can change: months and years whose
caps leave too few half-days for a team, and visits that must come before. The search and the models work on these
starts; which rule closes a start is told by the candidates and by the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np

from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates
from solver.problem import Precedence, Visit

NO_CAP = 1 << 40
"""Half-days that are left where there is no cap."""


class Windows:
    """The starts of each visit of a problem, narrowed; visits by their number in the file."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._staffed: dict[tuple[bytes, int, int, tuple[tuple[str, int], ...]], BoolArray | None] = {}
        self._starts: dict[int, IntArray] = {}

    def starts(self, visit: int) -> IntArray:
        """The slots in which the visit may begin in some plan, ascending."""
        narrowed = self._narrowed.get(visit)
        return self._with_room(visit) if narrowed is None else narrowed

    def preferred(self, visit: int) -> slice:
        """The part of ``starts`` that leaves each later visit of its chain a start; all of them if there is none."""
        count = len(self.starts(visit))
        return self._preferred.get(visit, slice(0, count))

    def followers(self, visit: int) -> int:
        """How many visits the longest chain has that waits for the visit."""
        return self._followers.get(visit, 0)

    def _with_room(self, visit: int) -> IntArray:
        """The candidates' starts at which enough members have half-days left in the months and years of the visit."""
        if visit not in self._starts:
            starts = self._candidates.starts(visit)
            mask = self._staffed_mask(visit)
            self._starts[visit] = starts if mask is None else starts[mask[starts]]
        return self._starts[visit]

    def _staffed_mask(self, visit: int) -> BoolArray | None:
        """Per slot, whether a team has room for a visit that begins there; ``None`` if no cap can forbid one."""
        wanted = self._candidates.problem.visits[visit]
        members = self._candidates.members(visit)
        key = (members.tobytes(), wanted.half_days, wanted.team.size, tuple(sorted(wanted.team.requires.items())))
        if key not in self._staffed:
            self._staffed[key] = self._staffed_at_all_slots(wanted, members)
        return self._staffed[key]

    def _staffed_at_all_slots(self, wanted: Visit, members: IntArray) -> BoolArray | None:
        month_left, year_left = self._left
        if not len(members) or min(int(month_left[members].min()), int(year_left[members].min())) >= wanted.half_days:
            return None
        calendar = self._candidates.calendar
        slots = np.flatnonzero(calendar.begins(wanted.half_days))
        room: BoolArray = self._candidates.available_from(days_spanned(wanted.half_days))[members][:, slots // 2].copy()
        for left, numbers in ((month_left, calendar.month_numbers), (year_left, calendar.year_numbers)):
            first = numbers[slots // 2]
            last = numbers[(slots + wanted.half_days - 1) // 2]
            in_first = sum((numbers[(slots + k) // 2] == first).astype(np.int64) for k in range(wanted.half_days))
            room &= left[members][:, first] >= in_first
            room &= left[members][:, last] >= np.where(first == last, in_first, wanted.half_days - in_first)
        enough = room.sum(axis=0) >= wanted.team.size
        for tag, least in wanted.team.requires.items():
            enough &= room[self._candidates.bearers(tag)[members]].sum(axis=0) >= least
        mask = np.zeros(calendar.slots, dtype=np.bool_)
        mask[slots[enough]] = True
        return mask

    @cached_property
    def _left(self) -> tuple[IntArray, IntArray]:
        """Inspectors × months and × years: half-days that the history leaves of the caps."""
        calendar, history = self._candidates.calendar, self._candidates.history
        inspectors = self._candidates.problem.inspectors
        months = np.full((len(inspectors), len(calendar.months)), NO_CAP, dtype=np.int64)
        years = np.full((len(inspectors), len(calendar.years)), NO_CAP, dtype=np.int64)
        for k, who in enumerate(inspectors):
            if who.half_days_per_month is not None:
                past = [history.month_half_days(who.id, month) for month in calendar.months]
                months[k] = who.half_days_per_month - np.array(past, dtype=np.int64)
            if who.half_days_per_year is not None:
                past = [history.year_half_days(who.id, year) for year in calendar.years]
                years[k] = who.half_days_per_year - np.array(past, dtype=np.int64)
        return months, years

    @cached_property
    def _order(self) -> Sequence[int]:
        """The visits with precedences among each other, those that come before first."""
        sorter: TopologicalSorter[int] = TopologicalSorter()
        for after, rules in self._befores.items():
            sorter.add(after, *(before for before, _ in rules))
        try:
            return tuple(sorter.static_order())
        except CycleError:
            return ()

    @cached_property
    def _befores(self) -> dict[int, list[tuple[int, Precedence]]]:
        """For each visit those that must come before it."""
        numbers = self._candidates.visit_numbers
        found: dict[int, list[tuple[int, Precedence]]] = {}
        for rule in self._candidates.problem.precedences:
            if rule.before in numbers and rule.after in numbers:
                found.setdefault(numbers[rule.after], []).append((numbers[rule.before], rule))
        return found

    @cached_property
    def _narrowed(self) -> dict[int, IntArray]:
        """Starts after the earliest end, and within ``max_days`` of the latest, of what must come before."""
        found: dict[int, IntArray] = {}
        for visit in self._order:
            starts = self._with_room(visit)
            for before, rule in self._befores.get(visit, ()):
                starts = starts[_between(self._first(starts), self._last(before, found[before]), rule)]
            found[visit] = starts
        return found

    @cached_property
    def _preferred(self) -> dict[int, slice]:
        """Starts that end before the latest start, and within ``max_days`` of the earliest, of what comes after."""
        found: dict[int, slice] = {}
        low: dict[int, int] = {}
        high: dict[int, int] = {}
        for visit in reversed(self._order):
            starts = self.starts(visit)
            last = self._last(visit, starts)
            begin = int(np.searchsorted(last, low.get(visit, -NO_CAP)))
            end = int(np.searchsorted(last, high.get(visit, NO_CAP), side="right"))
            found[visit] = slice(begin, end) if begin < end else slice(0, len(starts))
            first = self._first(starts[found[visit]])
            if not len(first):
                continue
            for before, rule in self._befores.get(visit, ()):
                high[before] = min(high.get(before, NO_CAP), int(first[-1]) - rule.min_days)
                if rule.max_days is not None:
                    low[before] = max(low.get(before, -NO_CAP), int(first[0]) - rule.max_days)
        return found

    @cached_property
    def _followers(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for visit in reversed(self._order):
            own = found.setdefault(visit, 0)
            for before, _ in self._befores.get(visit, ()):
                found[before] = max(found.get(before, 0), own + 1)
        return found

    def _first(self, starts: IntArray) -> IntArray:
        """The dates of the first days of visits that begin in these slots, as day counts."""
        return self._candidates.calendar.ordinals[starts // 2]

    def _last(self, visit: int, starts: IntArray) -> IntArray:
        """The dates of the last days of the visit, were it to begin in these slots."""
        return self._first(starts) + days_spanned(self._candidates.problem.visits[visit].half_days) - 1


def _between(first: IntArray, last_before: IntArray, rule: Precedence) -> BoolArray:
    """Which first days keep the rule with some of the last days (ascending) of what must come before."""
    if not len(last_before):
        return np.zeros(len(first), dtype=np.bool_)
    keep = first >= int(last_before[0]) + rule.min_days
    if rule.max_days is not None:
        keep &= first <= int(last_before[-1]) + rule.max_days
    return np.asarray(keep, dtype=np.bool_)
