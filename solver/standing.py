"""A plan as tables: who is where in each half-day, and what months, years, inspectees and resources have left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.calendar import IntArray, Slot, half_days_from, past_half_days, past_last_day
from solver.candidates import Candidates
from solver.plan import Assignment

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit, of the plan or the history, at its inspectee: days as date numbers, slots where they are any."""

    visit: str
    first: int
    last: int
    slots: tuple[int, ...]
    burden: int


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What stands, history included; inspectors and slots by number.

    ``stay_at[i, slot]`` is the position in ``stays`` of what the inspector is at, ``NOBODY`` if free;
    ``month_left`` and ``year_left`` are half-days, very many without a cap.
    """

    stays: Sequence[Stay]
    place_of_stay: Sequence[str | None]
    stay_at: IntArray
    month_left: IntArray
    year_left: IntArray
    of_inspectee: Mapping[str, Sequence[Stay]]
    resource_use: Mapping[str, IntArray]
    last_day: Mapping[str, int]

    @classmethod
    def of(cls, candidates: Candidates, assignments: Sequence[Assignment]) -> Standing:
        """Tables of the assignments of a plan and of the history."""
        builder = _Builder(candidates)
        for past in candidates.problem.history:
            slots = tuple(int(slot) for slot in candidates.calendar.slots_among(past_half_days(past)))
            stay = Stay(past.visit, past.day.toordinal(), past_last_day(past).toordinal(), slots, past.burden)
            builder.add(stay, past.inspectee, past.team, past.resources)
        for assignment in assignments:
            visit = candidates.problem.visits[candidates.visit_numbers[assignment.visit]]
            taken = list(half_days_from(assignment.day, assignment.half, visit.half_days))
            slots = tuple(int(slot) for slot in candidates.calendar.slots_among(taken))
            stay = Stay(visit.id, assignment.day.toordinal(), taken[-1].day.toordinal(), slots, visit.burden)
            builder.add(stay, visit.inspectee, assignment.team, visit.resources)
            builder.take_half_days(slots, assignment.team)
        return builder.standing()


_NO_CAP = 1 << 40


class _Builder:
    """Fills the tables one stay after the other."""

    def __init__(self, candidates: Candidates) -> None:
        problem, calendar = candidates.problem, candidates.calendar
        self._candidates = candidates
        self._stays: list[Stay] = []
        self._places: list[str | None] = []
        self._stay_at = np.full((len(problem.inspectors), calendar.slots), NOBODY, dtype=np.int64)
        self._of_inspectee: dict[str, list[Stay]] = {}
        self._use: dict[str, IntArray] = {}
        history = candidates.history
        self._month_left = np.array(
            [
                [
                    _NO_CAP if who.half_days_per_month is None
                    else who.half_days_per_month - history.month_half_days(who.id, month)
                    for month in calendar.months
                ]
                for who in problem.inspectors
            ],
            dtype=np.int64,
        ).reshape(len(problem.inspectors), len(calendar.months))  # fmt: skip
        self._year_left = np.array(
            [
                [
                    _NO_CAP if who.half_days_per_year is None
                    else who.half_days_per_year - history.year_half_days(who.id, year)
                    for year in calendar.years
                ]
                for who in problem.inspectors
            ],
            dtype=np.int64,
        ).reshape(len(problem.inspectors), len(calendar.years))  # fmt: skip

    def add(self, stay: Stay, inspectee: str, team: Sequence[str], resources: Sequence[str]) -> None:
        """A stay with its people and resources; those that have left the problem are passed over."""
        unit = self._candidates.inspectees.get(inspectee)
        slots = np.array(stay.slots, dtype=np.int64)
        for member in team:
            number = self._candidates.inspector_numbers.get(member)
            if number is not None:
                self._stay_at[number, slots] = len(self._stays)
        for resource in resources:
            self._use.setdefault(resource, np.zeros(self._candidates.calendar.slots, dtype=np.int64))[slots] += 1
        self._of_inspectee.setdefault(inspectee, []).append(stay)
        self._stays.append(stay)
        self._places.append(None if unit is None else unit.place)

    def take_half_days(self, slots: Sequence[int], team: Sequence[str]) -> None:
        """Half-days on duty of the plan; those of the history are counted from the start."""
        calendar = self._candidates.calendar
        for member in team:
            number = self._candidates.inspector_numbers[member]
            for slot in slots:
                day = calendar.day_of(Slot(slot))
                self._month_left[number, calendar.month_numbers[day]] -= 1
                self._year_left[number, calendar.year_numbers[day]] -= 1

    def standing(self) -> Standing:
        """The tables as they are now."""
        return Standing(
            stays=self._stays,
            place_of_stay=self._places,
            stay_at=self._stay_at,
            month_left=self._month_left,
            year_left=self._year_left,
            of_inspectee=self._of_inspectee,
            resource_use=self._use,
            last_day={stay.visit: stay.last for stay in self._stays},
        )
