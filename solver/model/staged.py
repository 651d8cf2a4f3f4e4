"""Complete plans by CP-SAT alone, in stages: pool by pool, the rigid visits first, then the unscheduled ones again.

One model of everything does not start. So the visits are taken in small batches, those first that have few starts for
the people that they need; each batch is one model beside what is assigned already (``repair``), in which scarce
capacity has a price. A visit that is not placed is tried again together with visits that obstruct it: the model of
these few finds an exchange where there is one, and proves that there is none otherwise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from solver.candidates import Candidates
from solver.model.pins import pinned_with_befores
from solver.model.repair import Effort, Repair
from solver.retry import Retry
from solver.timetable import Timetable
from solver.travel import TravelTable

BATCH = 4
"""Visits of teams placed by one model."""

SINGLE_BATCH = 12
"""Visits of one person placed by one model."""

TEAM_EFFORT = Effort(starts=12, members=12, deterministic_seconds=0.2, crowding_metres=1_500)
SINGLE_EFFORT = Effort(starts=12, members=8, deterministic_seconds=0.15, crowding_metres=1_500)
PIN_EFFORT = Effort(starts=40, members=30, deterministic_seconds=5.0)
EXCHANGE_EFFORT = Effort(starts=24, members=16, deterministic_seconds=0.6)

EXCHANGED = 9
"""Visits that obstruct an unscheduled one and are moved with it."""

TRIES = 12
"""How often an unscheduled visit is tried, with other obstructing visits each time."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Progress of the stages: a name for people, visits placed so far, and all of them."""

    name: str
    placed: int
    visits: int


def plan_in_stages(
    candidates: Candidates,
    *,
    seed: int = 1,
    is_over: Callable[[], bool],
    on_stage: Callable[[Stage], None],
    start: Timetable | None = None,
) -> Timetable:
    """The plan after all stages, or when time is over; pins are placed first, and what ``start`` has is kept."""
    timetable = start if start is not None else Timetable(candidates)
    total = len(candidates.problem.visits)
    pools = list(_pools(candidates))
    pinned = [number for number in pinned_with_befores(candidates) if number not in timetable.placements]
    if pinned:
        travel = TravelTable.of(candidates.problem, _places(candidates, pinned))
        Repair(candidates, timetable, travel, PIN_EFFORT, is_over=is_over).place(pinned)
    for name, numbers in pools:
        to_place = [number for number in numbers if number not in timetable.placements]
        if not to_place or is_over():
            continue
        travel = TravelTable.of(candidates.problem, _places(candidates, to_place))
        for batch, effort in batches(candidates, to_place):
            if is_over():
                return timetable
            Repair(candidates, timetable, travel, effort, is_over=is_over).place(batch)
            on_stage(Stage(f"place {name}", len(timetable.placements), total))
    for name, numbers in pools:
        to_place = [number for number in numbers if number not in timetable.placements]
        if not to_place or is_over():
            continue
        travel = TravelTable.of(candidates.problem, _places(candidates, to_place))
        exchange = _Exchange(candidates, timetable, travel, seed, is_over)
        left = exchange.unscheduled(to_place)
        for _ in range(TRIES):
            left = [number for number in left if not is_over() and exchange.is_worth_a_try(number)]
            for number in left:
                if is_over():
                    return timetable
                exchange.place(number)
                on_stage(Stage(f"exchange {name}", len(timetable.placements), total))
            left = [number for number in left if number not in timetable.placements]
    return timetable


def _pools(candidates: Candidates) -> Iterator[tuple[str, list[int]]]:
    """The visits by pool; those that borrow from several tags first, the others use what is left."""
    pools: dict[tuple[str, ...], list[int]] = {}
    for number, visit in enumerate(candidates.problem.visits):
        pools.setdefault(tuple(sorted(visit.team.pool)), []).append(number)
    for pool in sorted(pools, key=lambda tags: (-len(tags), tags)):
        yield ", ".join(pool), pools[pool]


def _places(candidates: Candidates, numbers: Sequence[int]) -> list[str]:
    """The places of a pool's visits, and of everything at which its people can be too."""
    people = {member for number in numbers for member in candidates.members(number).tolist()}
    inspectors, visits = candidates.problem.inspectors, candidates.problem.visits
    places = [inspectors[member].base for member in sorted(people)]
    own = set(numbers)
    places += [
        candidates.inspectees[visit.inspectee].place
        for number, visit in enumerate(visits)
        if number in own or not people.isdisjoint(candidates.members(number).tolist())
    ]
    return list(dict.fromkeys(places))


def batches(candidates: Candidates, numbers: Sequence[int]) -> Iterator[tuple[list[int], Effort]]:
    """Visits that are placed together: teams before single people, each the most rigid first."""
    visits = candidates.problem.visits
    teams = [number for number in numbers if visits[number].team.size > 1 or visits[number].team.requires]
    singles = [number for number in numbers if visits[number].team.size == 1 and not visits[number].team.requires]
    teams.sort(key=lambda number: (_slack(candidates, number), number))

    def by_preferred(number: int) -> tuple[date, list[str], str, int]:
        visit = visits[number]
        return visit.latest, sorted(visit.prefers), visit.inspectee, number

    singles.sort(key=by_preferred)
    for group, size, effort in ((teams, BATCH, TEAM_EFFORT), (singles, SINGLE_BATCH, SINGLE_EFFORT)):
        for first in range(0, len(group), size):
            yield group[first : first + size], effort


def _slack(candidates: Candidates, number: int) -> float:
    """Starts × candidates for each half-day of a member that the visit needs."""
    visit = candidates.problem.visits[number]
    needed = visit.team.size * visit.half_days
    return len(candidates.starts(number)) * len(candidates.members(number)) / (needed * needed)


class _Exchange:
    """Moves visits that obstruct an unscheduled one."""

    def __init__(
        self,
        candidates: Candidates,
        timetable: Timetable,
        travel: TravelTable,
        seed: int,
        is_over: Callable[[], bool],
    ) -> None:
        self._candidates = candidates
        self._timetable = timetable
        self._retry = Retry(candidates, timetable)
        self._repair = Repair(candidates, timetable, travel, EXCHANGE_EFFORT, is_over=is_over)
        self._random = random.Random(seed)
        self._hopeless: set[int] = set()

    def unscheduled(self, numbers: Sequence[int]) -> list[int]:
        """The visits without a place that have a start at all, the weightiest first."""
        visits = self._candidates.problem.visits
        found = [
            number
            for number in numbers
            if number not in self._timetable.placements and len(self._candidates.starts(number))
        ]
        return sorted(found, key=lambda number: (-visits[number].weight, number))

    def is_worth_a_try(self, number: int) -> bool:
        """Not if it must follow an unscheduled visit, or if moving its inspectee's other visits did not help."""
        visit = self._candidates.problem.visits[number]
        return number not in self._hopeless and not self._retry.missing_befores(visit)

    def place(self, number: int) -> None:
        """Try one unscheduled visit with some that obstruct it.

        Where its inspectee's other visits leave it no start, only they are moved, and once: more would not help.
        """
        visits = self._candidates.problem.visits
        siblings = [
            other for other in self._timetable.placements if visits[other].inspectee == visits[number].inspectee
        ]
        if not self._retry.allowed_starts(visits[number], self._candidates.starts(number)).size:
            if not self._repair.place([number, *siblings]):
                self._hopeless.add(number)
            return
        obstructing = self._obstructing(number)
        self._random.shuffle(obstructing)
        obstructing.sort(key=lambda other: -self._clash(number, other) - self._random.random())
        self._repair.place([number, *obstructing[:EXCHANGED]])

    def _obstructing(self, number: int) -> list[int]:
        """Visits of the same people in the same months, and all others of the inspectee."""
        calendar, visits = self._candidates.calendar, self._candidates.problem.visits
        people = set(self._candidates.members(number).tolist())
        months = set(calendar.month_numbers[self._candidates.starts(number) // 2].tolist())
        return [
            other
            for other, placement in self._timetable.placements.items()
            if visits[other].inspectee == visits[number].inspectee
            or (int(calendar.month_numbers[placement.start // 2]) in months and not people.isdisjoint(placement.team))
        ]

    def _clash(self, number: int, other: int) -> float:
        """How promising it is to move the other: at the same inspectee, or many starts of its own and a small team."""
        visits = self._candidates.problem.visits
        if visits[other].inspectee == visits[number].inspectee:
            return 10.0
        return float(np.log1p(_slack(self._candidates, other)) / 10)
