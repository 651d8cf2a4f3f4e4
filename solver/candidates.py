"""The starts and members that each visit has left, and which rule removed each other one.

What is removed here can stand in no valid plan whatever the other visits do: a start because of the days, the visit's
window, its inspectee, its pin or the history; a member because of pool, exclusion or pin, and at one start because of
an absence. The rules of ``PRUNED_CODES`` hold for every start with ``members_at`` it, so the model need not state them.
Everything is computed when first asked for, and shared among the visits that are alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import permutations

import numpy as np

from solver.calendar import (
    BoolArray,
    Calendar,
    IntArray,
    Month,
    Slot,
    across_night_of,
    days_spanned,
    month_of,
    past_half_days,
    past_last_day,
)
from solver.problem import BaselineAssignment, DateRange, Inspectee, PastVisit, Pin, Precedence, Problem, Visit

PRUNED_CODES = frozenset({"slots", "window", "closed", "team_pool", "excluded", "available"})
"""The hard rules that hold by the choice of a start and of members at it; every other one is a rule of the model."""

START_CODES = (
    "slots",
    "window",
    "closed",
    "pinned",
    "burden",
    "inspectee_overlap",
    "inspectee_gap",
    "precedence",
    "separation",
    "resource",
    "available",
)
"""The rules that can remove a start, in the order in which they are asked: a start is removed by the first."""

MEMBER_CODES = ("team_pool", "excluded", "pinned")
"""The rules that can remove a member, in the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class History:
    """What the history weighs, by the ids of the problem; people and inspectees that have left count nowhere.

    ``busy`` holds, by inspector and slot, the inspectee visited; ``across_night``, by inspector and slot, the visits in
    the half-day across the night: the afternoon of the date before a morning, the morning of the date after an
    afternoon, inspection days or not. ``half_days`` are by inspector and month.
    """

    by_inspectee: Mapping[str, Sequence[PastVisit]]
    by_visit: Mapping[str, PastVisit]
    busy: Mapping[str, Mapping[int, str]]
    across_night: Mapping[str, Mapping[int, Sequence[PastVisit]]]
    half_days: Mapping[str, Mapping[Month, int]]
    resource_use: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, problem: Problem, calendar: Calendar) -> History:
        """Gather the history of a problem."""
        by_inspectee: dict[str, list[PastVisit]] = {}
        busy: dict[str, dict[int, str]] = {}
        across_night: dict[str, dict[int, list[PastVisit]]] = {}
        half_days: dict[str, dict[Month, int]] = {}
        use: dict[str, dict[int, int]] = {}
        for past in problem.history:
            by_inspectee.setdefault(past.inspectee, []).append(past)
            taken = list(past_half_days(past))
            slots = list(calendar.slots_among(taken))
            beside = list(calendar.slots_among(across_night_of(half_day) for half_day in taken))
            for member in past.team:
                months = half_days.setdefault(member, {})
                for half_day in taken:
                    month = month_of(half_day.day)
                    months[month] = months.get(month, 0) + 1
                busy.setdefault(member, {}).update(dict.fromkeys(slots, past.inspectee))
                for slot in set(beside).difference(slots):
                    across_night.setdefault(member, {}).setdefault(slot, []).append(past)
            for resource in past.resources:
                slot_use = use.setdefault(resource, {})
                for slot in slots:
                    slot_use[slot] = slot_use.get(slot, 0) + 1
        return cls(by_inspectee, {past.visit: past for past in problem.history}, busy, across_night, half_days, use)

    def total_half_days(self, inspector: str) -> int:
        """All half-days of an inspector's history; they count in ``balance``."""
        return sum(self.half_days.get(inspector, {}).values())

    def month_half_days(self, inspector: str, month: Month) -> int:
        """Half-days that count in ``month_cap``."""
        return self.half_days.get(inspector, {}).get(month, 0)

    def year_half_days(self, inspector: str, year: int) -> int:
        """Half-days that count in ``year_cap``."""
        return sum(count for month, count in self.half_days.get(inspector, {}).items() if month.year == year)


class Candidates:
    """Starts and members left for each visit of a problem; visits and inspectors by their number in the file."""

    def __init__(self, problem: Problem, calendar: Calendar | None = None) -> None:
        self.problem = problem
        self.calendar = calendar or Calendar.of(problem.days)
        self.history = History.of(problem, self.calendar)
        self.visit_numbers = {visit.id: k for k, visit in enumerate(problem.visits)}
        self.inspector_numbers = {inspector.id: k for k, inspector in enumerate(problem.inspectors)}
        self.inspectees = {inspectee.id: inspectee for inspectee in problem.inspectees}
        self.periods = {period.id: period for period in problem.periods}
        self.pins: Mapping[str, Pin] = {pin.visit: pin for pin in problem.pins}
        self._past_befores = _past_befores(problem, self.history)
        self._past_separations = _past_separations(problem, self.history)
        self._capacity = {resource.id: resource.capacity for resource in problem.resources}
        self._open: dict[tuple[int, int], BoolArray] = {}
        self._begins: dict[int, BoolArray] = {}
        self._free: dict[int, BoolArray] = {}
        self._pools: dict[tuple[str, ...], BoolArray] = {}
        self._members: dict[tuple[tuple[str, ...], frozenset[str]], IntArray] = {}
        self._starts: dict[int, IntArray] = {}
        self._alike: dict[Hashable, IntArray] = {}
        closures: dict[tuple[DateRange, ...], int] = {}
        self._closures = {
            inspectee.id: closures.setdefault(inspectee.closed, len(closures)) for inspectee in problem.inspectees
        }
        self._staffed: dict[tuple[bytes, int, int, tuple[tuple[str, int], ...]], BoolArray] = {}

    @cached_property
    def baseline(self) -> Mapping[int, BaselineAssignment]:
        """The assignments of the baseline whose visits are in the problem."""
        numbers = self.visit_numbers
        return {numbers[given.visit]: given for given in self.problem.baseline if given.visit in numbers}

    @cached_property
    def available(self) -> BoolArray:
        """Inspectors × days: neither absent nor off by weekday (rule ``available``)."""
        if not self.problem.inspectors:
            return np.zeros((0, len(self.calendar.days)), dtype=np.bool_)
        return np.stack(
            [
                self.calendar.weekday_mask(inspector.weekdays) & ~self.calendar.mask(inspector.unavailable)
                for inspector in self.problem.inspectors
            ]
        )

    def available_from(self, day_count: int) -> BoolArray:
        """Inspectors × days: available on the day and on the ``day_count`` − 1 inspection days after it."""
        if day_count not in self._free:
            self._free[day_count] = self.calendar.all_through(self.available, day_count)
        return self._free[day_count]

    def starts(self, visit: int) -> IntArray:
        """The slots in which a visit may begin, ascending; ``available`` asks for as many free members as needed."""
        if visit not in self._starts:
            wanted = self.problem.visits[visit]
            if self._is_unaffected(visit, wanted):
                self._starts[visit] = self._starts_of_alike(wanted)
            else:
                slots = self._starts_in_window(visit)
                for _, keep in self._start_masks(visit, slots):
                    slots = slots[keep]
                self._starts[visit] = slots
        return self._starts[visit]

    def _is_unaffected(self, visit: int, wanted: Visit) -> bool:
        """Whether no rule beyond the window but ``available`` can remove a start, as is so for nearly all visits."""
        inspectee = self.inspectees[wanted.inspectee]
        return (
            wanted.id not in self.pins
            and wanted.inspectee not in self.history.by_inspectee
            and visit not in self._past_befores
            and visit not in self._past_separations
            and all(self._is_never_full(name) for name in wanted.resources)
            and all(wanted.burden <= limit for limit in inspectee.max_burden.values())
        )

    def _is_never_full(self, resource: str) -> bool:
        return self._capacity[resource] > 0 and not self.history.resource_use.get(resource)

    def _starts_of_alike(self, wanted: Visit) -> IntArray:
        """The starts of an unaffected visit, computed once for all that are alike."""
        team = wanted.team
        key = (
            self._closures[wanted.inspectee],
            wanted.half_days,
            wanted.earliest,
            wanted.latest,
            team.size,
            team.pool,
            wanted.excluded,
            tuple(sorted(team.requires.items())),
        )
        starts = self._alike.get(key)
        if starts is None:
            window = self._window_slice(wanted)
            mask = self._open_mask(self.inspectees[wanted.inspectee], wanted.half_days)[window]
            staffed = self._staffed_days(self._pool_members(wanted), wanted)[window.start // 2 : window.stop // 2]
            starts = self._alike[key] = np.flatnonzero(mask & np.repeat(staffed, 2)) + window.start
        return starts

    def members(self, visit: int) -> IntArray:
        """The numbers of the inspectors who may be in the team, ascending; nobody can take the pinned team's place."""
        wanted = self.problem.visits[visit]
        pin = self.pins.get(wanted.id)
        if pin is not None and pin.team is not None:
            allowed = self._pool_members(wanted)
            pinned = {self.inspector_numbers[member] for member in pin.team}
            return np.array([member for member in allowed if member in pinned], dtype=np.int64)
        return self._pool_members(wanted)

    def members_at(self, visit: int, start: Slot) -> IntArray:
        """Those of ``members`` who are available on every day of a visit that begins in ``start``."""
        members = self.members(visit)
        free = self.available_from(days_spanned(self.problem.visits[visit].half_days))
        return np.compress(free[members, start // 2], members)

    def removed_starts(self, visit: int) -> dict[str, list[Slot]]:
        """The slots in which the visit may not begin, under the first rule of ``START_CODES`` that removes each."""
        wanted = self.problem.visits[visit]
        everything = np.arange(self.calendar.slots, dtype=np.int64)
        begins = self._begins_mask(wanted.half_days)
        removed = {"slots": everything[~begins]}
        slots = self._starts_in_window(visit)
        inside = np.zeros(self.calendar.slots, dtype=np.bool_)
        inside[self._window_slice(wanted)] = True
        removed["window"] = everything[begins & ~inside]
        removed["closed"] = np.setdiff1d(everything[begins & inside], slots)
        for code, keep in self._start_masks(visit, slots):
            removed[code] = np.concatenate([removed.get(code, everything[:0]), slots[~keep]])
            slots = slots[keep]
        return {code: [Slot(int(slot)) for slot in gone] for code, gone in removed.items() if len(gone)}

    def removed_members(self, visit: int) -> dict[str, list[int]]:
        """The inspectors who may not be in the team, under the first rule of ``MEMBER_CODES`` that removes each."""
        wanted = self.problem.visits[visit]
        pool = self._pool_mask(wanted.team.pool)
        removed: dict[str, list[int]] = {"team_pool": [int(k) for k in np.flatnonzero(~pool)]}
        allowed = self._pool_members(wanted)
        removed["excluded"] = [int(k) for k in np.setdiff1d(np.flatnonzero(pool), allowed)]
        removed["pinned"] = [int(k) for k in np.setdiff1d(allowed, self.members(visit))]
        return {code: gone for code, gone in removed.items() if gone}

    def bearers(self, tag: str) -> BoolArray:
        """Per inspector, whether the tag is borne."""
        return self._pool_mask((tag,))

    def _pool_mask(self, pool: tuple[str, ...]) -> BoolArray:
        if pool not in self._pools:
            tags = frozenset(pool)
            self._pools[pool] = np.array(
                [not tags.isdisjoint(inspector.tags) for inspector in self.problem.inspectors], dtype=np.bool_
            )
        return self._pools[pool]

    def _pool_members(self, wanted: Visit) -> IntArray:
        key = (wanted.team.pool, wanted.excluded)
        if key not in self._members:
            mask: BoolArray = self._pool_mask(wanted.team.pool).copy()
            mask[[self.inspector_numbers[inspector] for inspector in wanted.excluded]] = False
            self._members[key] = np.flatnonzero(mask)
        return self._members[key]

    def _begins_mask(self, half_days: int) -> BoolArray:
        if half_days not in self._begins:
            self._begins[half_days] = self.calendar.begins(half_days)
        return self._begins[half_days]

    def _open_mask(self, inspectee: Inspectee, half_days: int) -> BoolArray:
        """Per slot, whether a visit may begin there by the rules ``slots`` and ``closed``."""
        key = (self._closures[inspectee.id], half_days)
        if key not in self._open:
            open_days = ~self.calendar.mask(inspectee.closed)
            through = self.calendar.all_through(open_days, days_spanned(half_days))
            self._open[key] = self._begins_mask(half_days) & np.repeat(through, 2)
        return self._open[key]

    def _window_slice(self, wanted: Visit) -> slice:
        """The slots whose visit has its first and its last day in the window (rules ``slots`` and ``window``)."""
        span = self.calendar.day_range(wanted.earliest, wanted.latest)
        stop = max(span.start, span.stop - days_spanned(wanted.half_days) + 1)
        return slice(2 * span.start, 2 * stop)

    def _starts_in_window(self, visit: int) -> IntArray:
        wanted = self.problem.visits[visit]
        window = self._window_slice(wanted)
        mask = self._open_mask(self.inspectees[wanted.inspectee], wanted.half_days)
        starts: IntArray = np.flatnonzero(mask[window]) + window.start
        return starts

    def _start_masks(self, visit: int, slots: IntArray) -> Iterator[tuple[str, BoolArray]]:
        """For each rule beyond the window the starts that it keeps, of those that the rules before it kept."""
        wanted = self.problem.visits[visit]
        for code, keeps in (
            ("pinned", self._keeps_pin),
            ("burden", self._keeps_burden),
            ("inspectee_overlap", self._keeps_overlap),
            ("inspectee_gap", self._keeps_gap),
            ("precedence", self._keeps_precedence),
            ("separation", self._keeps_separation),
            ("resource", self._keeps_resource),
            ("available", self._keeps_available),
        ):
            keep = keeps(visit, wanted, slots)
            if keep is not None:
                yield code, keep
                slots = slots[keep]

    def _keeps_pin(self, _visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        pin = self.pins.get(wanted.id)
        if pin is None:
            return None
        start = self.calendar.slot(pin.day, pin.half)
        return np.equal(slots, -1 if start is None else start)

    def _keeps_burden(self, _visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        """Periods whose limit the visit exceeds alone or with the history."""
        inspectee = self.inspectees[wanted.inspectee]
        if not inspectee.max_burden or wanted.burden == 0:
            return None
        past_visits = self.history.by_inspectee.get(inspectee.id, ())
        full = []
        for period_id, limit in inspectee.max_burden.items():
            period = self.periods[period_id]
            past = sum(visit.burden for visit in past_visits if period.first <= visit.day <= period.last)
            if past + wanted.burden > limit:
                full.append(self.calendar.day_range(period.first, period.last))
        if not full:
            return None
        blocked = np.zeros(len(self.calendar.days), dtype=np.bool_)
        for span in full:
            blocked[span.start : span.stop] = True
        return np.logical_not(blocked[slots // 2])

    def _keeps_overlap(self, _visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        past_visits = self.history.by_inspectee.get(wanted.inspectee)
        if not past_visits:
            return None
        taken = np.zeros(self.calendar.slots + wanted.half_days, dtype=np.bool_)
        for past in past_visits:
            taken[list(self.calendar.slots_among(past_half_days(past)))] = True
        clear: BoolArray = ~np.logical_or.reduce([taken[slots + k] for k in range(wanted.half_days)])
        return clear

    def _keeps_gap(self, _visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        gap = self.inspectees[wanted.inspectee].min_gap_days
        past_visits = self.history.by_inspectee.get(wanted.inspectee)
        if not gap or not past_visits or wanted.burden == 0:
            return None
        first = self.calendar.ordinals[slots // 2]
        last = first + days_spanned(wanted.half_days) - 1
        keep = np.ones(len(slots), dtype=np.bool_)
        for past in past_visits:
            if past.burden > 0:
                past_first, past_end = past.day.toordinal(), past_last_day(past).toordinal()
                keep &= (first - past_end >= gap) | (past_first - last >= gap)
        return keep

    def _keeps_precedence(self, visit: int, _wanted: Visit, slots: IntArray) -> BoolArray | None:
        befores = self._past_befores.get(visit)
        if not befores:
            return None
        first = self.calendar.ordinals[slots // 2]
        keep = np.ones(len(slots), dtype=np.bool_)
        for precedence, past_end in befores:
            distance = first - past_end.toordinal()
            keep &= distance >= precedence.min_days
            if precedence.max_days is not None:
                keep &= distance <= precedence.max_days
        return keep

    def _keeps_separation(self, visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        separated = self._past_separations.get(visit)
        if not separated:
            return None
        first = self.calendar.ordinals[slots // 2]
        last = first + days_spanned(wanted.half_days) - 1
        keep = np.ones(len(slots), dtype=np.bool_)
        for past, min_days in separated:
            keep &= (first - past_last_day(past).toordinal() >= min_days) | (past.day.toordinal() - last >= min_days)
        return keep

    def _keeps_resource(self, _visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        """Half-days in which a resource has no capacity or is used up by the history."""
        if all(self._capacity[name] and not self.history.resource_use.get(name) for name in wanted.resources):
            return None
        full = np.zeros(self.calendar.slots + wanted.half_days, dtype=np.bool_)
        for resource in wanted.resources:
            capacity = self._capacity[resource]
            if capacity == 0:
                full[:] = True
            used = self.history.resource_use.get(resource, {})
            full[[slot for slot, count in used.items() if count >= capacity]] = True
        if not full.any():
            return None
        clear: BoolArray = ~np.logical_or.reduce([full[slots + k] for k in range(wanted.half_days)])
        return clear

    def _keeps_available(self, visit: int, wanted: Visit, slots: IntArray) -> BoolArray | None:
        """Starts with as many members free as the team has and as each required tag asks for."""
        return np.take(self._staffed_days(self.members(visit), wanted), slots // 2)

    def _staffed_days(self, members: IntArray, wanted: Visit) -> BoolArray:
        """Per day, whether a visit that begins on it has enough of these members, and of each required tag."""
        team = wanted.team
        day_count = days_spanned(wanted.half_days)
        key = (members.tobytes(), day_count, team.size, tuple(sorted(team.requires.items())))
        if key not in self._staffed:
            free = self.available_from(day_count)[members]
            staffed = free.sum(axis=0) >= team.size
            for tag, least in team.requires.items():
                staffed &= free[self.bearers(tag)[members]].sum(axis=0) >= least
            self._staffed[key] = staffed
        return self._staffed[key]


def _past_separations(problem: Problem, history: History) -> dict[int, list[tuple[PastVisit, int]]]:
    """The visits of the history from which a visit is separated, by its number, with the least days."""
    numbers = {visit.id: k for k, visit in enumerate(problem.visits)}
    found: dict[int, list[tuple[PastVisit, int]]] = {}
    for separation in problem.separations:
        for one, other in permutations(separation.visits):
            past = history.by_visit.get(other)
            if one in numbers and past is not None:
                found.setdefault(numbers[one], []).append((past, separation.min_days))
    return found


def _past_befores(problem: Problem, history: History) -> dict[int, list[tuple[Precedence, date]]]:
    """Precedences whose ``before`` is of the history, by the number of ``after``, with the last day of ``before``."""
    numbers = {visit.id: k for k, visit in enumerate(problem.visits)}
    found: dict[int, list[tuple[Precedence, date]]] = {}
    for precedence in problem.precedences:
        past = history.by_visit.get(precedence.before)
        after = numbers.get(precedence.after)
        if past is not None and after is not None:
            found.setdefault(after, []).append((precedence, past_last_day(past)))
    return found
