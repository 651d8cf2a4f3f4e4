"""Unscheduled visits placed by CP-SAT together with the visits that are in their way.

For an unscheduled visit some of its possible starts are chosen, those with the fewest visits in the way first. What
is there at its candidates' half-days, in their full months, at its inspectee and before it in its chain is decided
anew with it, in one model (``repair``), whatever the pools of these visits are.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from solver.calendar import IntArray
from solver.candidates import Candidates
from solver.model.repair import Effort, Repair
from solver.timetable import NOBODY, Timetable
from solver.travel import TravelTable
from solver.windows import Windows

EFFORTS = (
    Effort(starts=24, members=14, deterministic_seconds=0.4),
    Effort(starts=48, members=24, deterministic_seconds=1.0),
    Effort(starts=96, members=40, deterministic_seconds=3.0),
)
"""The first, the second and all later tries of a visit."""

MOST_FREED = (12, 20, 28)
"""How many visits in the way are decided anew, at the first, the second and later tries."""

MOST_STARTS = 24
"""Of a visit with more starts a random choice of so many is looked at, another at each try."""

TRIES = 8
"""How often a visit is tried, with more visits or others in its way each time."""


@dataclass(slots=True, eq=False)
class Gap:
    """The unscheduled visits of a timetable, which is changed by what is decided.

    ``least_weight`` is what no plan leaves less of: with it the gap is closed.
    """

    candidates: Candidates
    timetable: Timetable
    least_weight: int
    is_over: Callable[[], bool]
    on_placed: Callable[[int], None]
    seed: int = 1
    windows: Windows = field(init=False)
    random: random.Random = field(init=False)
    befores: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.windows = Windows(self.candidates)
        self.random = random.Random(self.seed)
        self.befores = {}
        numbers = self.candidates.visit_numbers
        for rule in self.candidates.problem.precedences:
            if rule.before in numbers and rule.after in numbers:
                self.befores.setdefault(numbers[rule.after], []).append(numbers[rule.before])

    def close(self) -> None:
        """Try each unscheduled visit until none is left that fits, or the time is over."""
        repairs = [Repair(self.candidates, self.timetable, self._travel(), effort) for effort in EFFORTS]
        for number_of_try in range(TRIES):
            level = min(number_of_try, len(EFFORTS) - 1)
            for visit in self._unscheduled():
                if self.is_over() or self._weight() <= self.least_weight:
                    return
                if visit not in self.timetable.placements:
                    repairs[level].place([visit, *self._freed(visit, level)])
                    self.on_placed(len(self.timetable.placements))

    def _travel(self) -> TravelTable:
        return TravelTable.of(self.candidates.problem, [])

    def _weight(self) -> int:
        placed = self.timetable.placements
        return sum(visit.weight for k, visit in enumerate(self.candidates.problem.visits) if k not in placed)

    def _unscheduled(self) -> list[int]:
        """The visits without a placement that have a start and members enough, those with the fewest starts first."""
        visits = self.candidates.problem.visits
        found = [
            number
            for number, visit in enumerate(visits)
            if number not in self.timetable.placements
            and len(self.windows.starts(number))
            and len(self.candidates.members(number)) >= visit.team.size
        ]
        return sorted(found, key=lambda number: (len(self.windows.starts(number)), -visits[number].weight, number))

    def _freed(self, visit: int, level: int) -> list[int]:
        """The visits to decide anew: what comes before it and is unscheduled, its inspectee's, those in the way."""
        visits, placed = self.candidates.problem.visits, self.timetable.placements
        chain = self._missing_befores(visit)
        siblings = [other for other in placed if visits[other].inspectee == visits[visit].inspectee and other != visit]
        by_start = [self._in_the_way(visit, start) for start in self._some_starts(visit)]
        self.random.shuffle(by_start)
        by_start.sort(key=len)
        freed = dict.fromkeys([*chain, *siblings])
        for blockers in by_start:
            if len(freed.keys() | blockers) > MOST_FREED[level] and len(freed) > len(chain) + len(siblings):
                break
            freed.update(dict.fromkeys(self.random.sample(sorted(blockers), min(len(blockers), MOST_FREED[level]))))
        return [other for other in freed if other != visit]

    def _missing_befores(self, visit: int) -> list[int]:
        """The unscheduled visits that must come before the visit, however far ahead."""
        found: dict[int, None] = {}
        to_ask = [visit]
        while to_ask:
            for before in self.befores.get(to_ask.pop(), ()):
                if before not in self.timetable.placements and before not in found:
                    found[before] = None
                    to_ask.append(before)
        return list(found)

    def _some_starts(self, visit: int) -> list[int]:
        starts: list[int] = self.windows.starts(visit).tolist()
        return starts if len(starts) <= MOST_STARTS else sorted(self.random.sample(starts, MOST_STARTS))

    def _in_the_way(self, visit: int, start: int) -> set[int]:
        """The visits that keep candidates from the visit at this start: at the same time, or filling their month."""
        calendar, timetable = self.candidates.calendar, self.timetable
        half_days = self.candidates.problem.visits[visit].half_days
        days = np.arange(start - start % 2, start + half_days + (start + half_days) % 2)
        month = int(calendar.month_numbers[start // 2])
        whole_month = np.flatnonzero(np.repeat(calendar.month_numbers == month, 2))
        found: set[int] = set()
        for member in self.candidates.members(visit).tolist():
            is_full = timetable.month_left[member, month] < half_days
            found |= self._visits_at(member, np.union1d(days, whole_month) if is_full else days)
        return found

    def _visits_at(self, member: int, slots: IntArray) -> set[int]:
        """The visits of the plan that a person makes in these half-days; the history is not to be moved."""
        numbers, timetable = self.candidates.visit_numbers, self.timetable
        stays = np.unique(timetable.stay_at[member, slots[slots < timetable.stay_at.shape[1]]])
        names = (timetable.stays[stay].visit for stay in stays.tolist() if stay != NOBODY)
        return {numbers[name] for name in names if name in numbers and numbers[name] in timetable.placements}
