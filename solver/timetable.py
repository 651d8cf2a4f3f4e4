"""The timetable of a plan: who is where in each half-day, and what capacity people and resources have left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from solver.calendar import IntArray, Slot, past_half_days, past_last_day
from solver.candidates import Candidates
from solver.plan import Assignment

NOBODY = -1

_NO_CAP = 1 << 40


class Placement(NamedTuple):
    """Where a visit is assigned: the slot in which it begins and the numbers of its members, ascending."""

    start: Slot
    team: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit, of the plan or the history, at its inspectee: days as date numbers, slots where they are any."""

    visit: str
    inspectee: str
    first: int
    last: int
    slots: tuple[int, ...]
    burden: int


class Timetable:
    """The placements of a plan and the history of its problem; visits, inspectors and slots by number.

    ``stay_at[i, slot]`` is the position in ``stays`` of what the inspector is at, ``NOBODY`` if free; ``month_left``
    and ``year_left`` are the half-days that the caps leave, very many without one; ``first_day`` and ``last_day`` are
    date numbers by visit, of the history too.
    """

    def __init__(self, candidates: Candidates) -> None:
        problem, calendar, history = candidates.problem, candidates.calendar, candidates.history
        people = problem.inspectors
        self._candidates = candidates
        self.placements: dict[int, Placement] = {}
        self.stays: list[Stay] = []
        self.stay_at: IntArray = np.full((len(people), calendar.slots), NOBODY, dtype=np.int64)
        self.month_left: IntArray = np.full((len(people), len(calendar.months)), _NO_CAP, dtype=np.int64)
        self.year_left: IntArray = np.full((len(people), len(calendar.years)), _NO_CAP, dtype=np.int64)
        self.of_inspectee: dict[str, list[Stay]] = {}
        self.resource_use: dict[str, IntArray] = {}
        self.first_day: dict[str, int] = {}
        self.last_day: dict[str, int] = {}
        self._position: dict[int, int] = {}
        self._month_of_day: Sequence[int] = calendar.month_numbers.tolist()
        self._year_of_day: Sequence[int] = calendar.year_numbers.tolist()
        for number, who in enumerate(people):
            if who.half_days_per_month is not None:
                past = [history.month_half_days(who.id, month) for month in calendar.months]
                self.month_left[number] = who.half_days_per_month - np.array(past, dtype=np.int64)
            if who.half_days_per_year is not None:
                past = [history.year_half_days(who.id, year) for year in calendar.years]
                self.year_left[number] = who.half_days_per_year - np.array(past, dtype=np.int64)
        for past_visit in problem.history:
            first, last = past_visit.day.toordinal(), past_last_day(past_visit).toordinal()
            slots = tuple(int(slot) for slot in calendar.slots_among(past_half_days(past_visit)))
            stay = Stay(past_visit.visit, past_visit.inspectee, first, last, slots, past_visit.burden)
            members = (candidates.inspector_numbers.get(member) for member in past_visit.team)
            self._enter(stay, [member for member in members if member is not None], past_visit.resources)

    @classmethod
    def of(cls, candidates: Candidates, assignments: Iterable[Assignment]) -> Timetable:
        """The assignments of a plan that keeps the rules ``slots`` and ``double_booked``."""
        timetable = cls(candidates)
        for number, placement in placements_of(candidates, assignments).items():
            timetable.put(number, placement)
        return timetable

    def put(self, number: int, placement: Placement) -> None:
        """Assign a visit; nothing is checked."""
        visit, calendar = self._candidates.problem.visits[number], self._candidates.calendar
        slots = tuple(calendar.slots_taken(placement.start, visit.half_days))
        first, last = calendar.ordinals[slots[0] // 2], calendar.ordinals[slots[-1] // 2]
        stay = Stay(visit.id, visit.inspectee, int(first), int(last), slots, visit.burden)
        self.placements[number] = placement
        self._position[number] = self._enter(stay, placement.team, visit.resources)
        self._take_half_days(placement, slots, 1)

    def take(self, number: int) -> Placement:
        """Remove a visit; where it was assigned."""
        visit = self._candidates.problem.visits[number]
        placement = self.placements.pop(number)
        stay = self.stays[self._position.pop(number)]
        slots = _slice_of(stay.slots)
        for member in placement.team:
            self.stay_at[member, slots] = NOBODY
        for resource in visit.resources:
            self.resource_use[resource][slots] -= 1
        self.of_inspectee[stay.inspectee].remove(stay)
        del self.first_day[visit.id], self.last_day[visit.id]
        self._take_half_days(placement, stay.slots, -1)
        return placement

    def _enter(self, stay: Stay, team: Sequence[int], resources: Sequence[str]) -> int:
        slots = _slice_of(stay.slots)
        for member in team:
            self.stay_at[member, slots] = len(self.stays)
        for resource in resources:
            use = self.resource_use.get(resource)
            if use is None:
                use = self.resource_use[resource] = np.zeros(self._candidates.calendar.slots, dtype=np.int64)
            use[slots] += 1
        self.of_inspectee.setdefault(stay.inspectee, []).append(stay)
        self.first_day[stay.visit], self.last_day[stay.visit] = stay.first, stay.last
        self.stays.append(stay)
        return len(self.stays) - 1

    def _take_half_days(self, placement: Placement, slots: Sequence[int], sign: int) -> None:
        for slot in slots:
            month, year = self._month_of_day[slot // 2], self._year_of_day[slot // 2]
            for member in placement.team:
                self.month_left[member, month] -= sign
                self.year_left[member, year] -= sign


def _slice_of(slots: Sequence[int]) -> slice:
    """The slots of one visit, which follow each other, as a slice; a visit of the history may have none."""
    return slice(slots[0], slots[-1] + 1) if slots else slice(0, 0)


def placements_of(candidates: Candidates, assignments: Iterable[Assignment]) -> dict[int, Placement]:
    """Assignments by numbers; one that begins on no inspection day is in no half-day, and has none."""
    found: dict[int, Placement] = {}
    for assignment in assignments:
        start = candidates.calendar.slot(assignment.day, assignment.half)
        if start is not None:
            team = sorted(candidates.inspector_numbers[member] for member in assignment.team)
            found[candidates.visit_numbers[assignment.visit]] = Placement(start, tuple(team))
    return found
