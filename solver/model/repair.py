"""Visits placed on what stands, a few at a time, by a model of them alone.

What stands is given; of each visit the most promising starts and members are kept, so that a model has some thousand
duties and is solved in tenths of a second. The weight left out goes first, then what the visits add to the score, with
travel measured by what each duty adds to its member's day by itself. Visits that stood are never left out for nothing:
where the model finds nothing better they return to where they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from solver.calendar import BoolArray, IntArray
from solver.candidates import Candidates
from solver.model import objective
from solver.model.build import build, steady_solver
from solver.model.scope import Scope
from solver.model.variables import Expression, Variables, total_of
from solver.plan import METRES_PER_KILOMETRE
from solver.problem import Visit
from solver.retry import Retry
from solver.timetable import NOBODY, Placement, Timetable
from solver.travel import TravelTable


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of a visit's choice a model keeps, and how long it is worked on.

    ``starts`` and ``members`` are per visit; ``crowding_metres`` is added to a duty for each tenth of the member's
    month that is used already, squared: it keeps room where it is scarce.
    """

    starts: int = 16
    members: int = 14
    deterministic_seconds: float = 0.4
    crowding_metres: int = 600
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What a model keeps of one visit: ``metres[k, s]`` is what member k adds from start s on."""

    starts: IntArray
    members: IntArray
    metres: IntArray


class Repair:
    """Places visits of one part of a problem; ``timetable`` is changed by what is decided."""

    def __init__(self, candidates: Candidates, timetable: Timetable, travel: TravelTable, effort: Effort) -> None:
        self._candidates = candidates
        self._timetable = timetable
        self._travel = travel
        self._effort = effort
        self._retry = Retry(candidates, timetable)
        self._index_places()

    def place(self, visits: Sequence[int]) -> bool:
        """Decide these visits anew, assigned ones among them; whether less weight is unscheduled than before.

        An error leaves the timetable as it was.
        """
        if not visits:
            return False
        self._cover_places(visits)
        before = {number: self._timetable.take(number) for number in visits if number in self._timetable.placements}
        kept: Mapping[int, Placement] = before
        weight = self._candidates.problem.visits
        try:
            choices = {
                number: choice for number in visits if (choice := self._choice(number, before.get(number))) is not None
            }
            decided = self._decide(choices, before) if choices else {}
            placed_before, placed_now = (
                sum(weight[number].weight for number in placed) for placed in (before, decided)
            )
            kept = decided if placed_now >= placed_before else before
        finally:
            for number, placement in kept.items():
                self._timetable.put(number, placement)
        return placed_now > placed_before

    def _cover_places(self, visits: Sequence[int]) -> None:
        """Extend the travel table to the places of these visits, and to all at which their candidates can be.

        A candidate of one visit may be assigned to visits of any other pool, or have been at any inspectee.
        """
        problem, timetable = self._candidates.problem, self._timetable
        people = np.unique(np.concatenate([self._candidates.members(number) for number in visits]))
        stays = np.unique(timetable.stay_at[people])
        inspectees = {problem.visits[number].inspectee for number in visits}
        inspectees |= {timetable.stays[stay].inspectee for stay in stays.tolist() if stay != NOBODY}
        places = [problem.inspectors[member].base for member in people.tolist()]
        places += [
            self._candidates.inspectees[name].place
            for name in sorted(inspectees)
            if name in self._candidates.inspectees  # an inspectee of the history may have left the problem
        ]
        if not self._travel.index.keys() >= set(places):
            self._travel = TravelTable.of(problem, [*self._travel.index, *places])
            self._index_places()

    def _index_places(self) -> None:
        """Look up the rows of the inspectees' places and of the bases in the travel table."""
        problem, index = self._candidates.problem, self._travel.index
        self._rows = {unit.id: index[unit.place] for unit in problem.inspectees if unit.place in index}
        self._bases = [index.get(who.base, NOBODY) for who in problem.inspectors]

    def _decide(self, choices: Mapping[int, _Choice], before: Mapping[int, Placement]) -> dict[int, Placement]:
        """Solve the model of these visits; an empty answer where it found nothing."""
        scope = Scope(
            self._candidates,
            self._travel,
            tuple(sorted(choices)),
            fixed=self._neighbours(choices),
            starts={number: choice.starts.tolist() for number, choice in choices.items()},
            members={number: choice.members.tolist() for number, choice in choices.items()},
        )
        x = build(scope)
        others = objective.thousandths(x, lambda x: _added_metres(x, choices), OWN_PARTS)
        x.model.minimize(_price_of_weight(x) * objective.unscheduled(x) + others)
        for number in choices:
            x.hint(number, before.get(number))
        solver = steady_solver(self._effort.seed, self._effort.deterministic_seconds)
        if solver.solve(x.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {}
        return {number: place for number in choices if (place := x.place_of(solver, number)) is not None}

    def _neighbours(self, choices: Mapping[int, _Choice]) -> dict[int, Placement]:
        """The placements that the visits can meet: of their people, at their inspectees, with their resources."""
        visits, numbers = self._candidates.problem.visits, self._candidates.visit_numbers
        people = {member for choice in choices.values() for member in choice.members.tolist()}
        units = {visits[number].inspectee for number in choices}
        resources = {resource for number in choices for resource in visits[number].resources}
        slots = {
            slot + k
            for number, choice in choices.items()
            for slot in choice.starts.tolist()
            for k in range(visits[number].half_days)
        }
        ordered: set[int | None] = set()
        for rule in self._candidates.problem.precedences:
            pair = {numbers.get(rule.before), numbers.get(rule.after)}
            if not pair.isdisjoint(choices):
                ordered |= pair
        return {
            number: placement
            for number, placement in self._timetable.placements.items()
            if number in ordered
            or not people.isdisjoint(placement.team)
            or visits[number].inspectee in units
            or (
                not resources.isdisjoint(visits[number].resources)
                and not slots.isdisjoint(range(placement.start, placement.start + visits[number].half_days))
            )
        }

    def _choice(self, number: int, before: Placement | None) -> _Choice | None:
        """The starts and members worth a model, ``None`` if the visit can stand nowhere."""
        visit = self._candidates.problem.visits[number]
        starts = self._retry.allowed_starts(visit, self._candidates.starts(number))
        members = self._candidates.members(number)
        if not len(starts):
            return None
        usable = self._retry.usable(members, visit, starts)
        enough = self._retry.enough(visit, members, usable)
        starts, usable = starts[enough], usable[:, enough]
        if not len(starts):
            return None
        metres = self._metres(visit, members, starts)
        kept = self._best_starts(visit, members, starts, usable, metres, before)
        starts, usable, metres = starts[kept], usable[:, kept], metres[:, kept]
        people = self._best_members(visit, members, usable, metres, before)
        return _Choice(starts, members[people], metres[people])

    def _metres(self, visit: Visit, members: IntArray, starts: IntArray) -> IntArray:
        """Members × starts: what a duty adds to its member's travel by itself, and what its month's room is worth.

        Alone on its days it costs the way there and home; beside another visit on the day, or on the day before or
        after, the way between the two instead of one way home.
        """
        table, row = self._travel, self._rows[visit.inspectee]
        bases = np.array([self._bases[member] for member in members], dtype=np.int64)
        alone = (table.base_metres[bases, row] + table.base_metres[row, bases])[:, None]
        metres = np.repeat(alone, len(starts), axis=1)
        last = starts + visit.half_days - 1
        day_before, day_after = 2 * (starts // 2) - 1, 2 * (last // 2) + 2
        for slots, extra in ((starts ^ 1, 0), (last ^ 1, 0), (day_before, table.overnight_metres),
                             (day_after, table.overnight_metres)):  # fmt: skip
            other = self._place_rows(members, slots)
            known = other != NOBODY
            between = table.metres[np.where(known, other, row), row]
            to_base = table.base_metres[np.where(known, other, row), bases[:, None]]
            joined = np.maximum(0, table.base_metres[row, bases][:, None] + between + extra - to_base)
            metres = np.where(known, np.minimum(metres, joined), metres)
        return metres + self._crowding(members, starts)

    def _place_rows(self, members: IntArray, slots: IntArray) -> IntArray:
        """Members × slots: the row of the place of what stands there, ``NOBODY`` if nothing does."""
        inside = (slots >= 0) & (slots < self._candidates.calendar.slots)
        stays = self._timetable.stay_at[members][:, np.where(inside, slots, 0)]
        stays = np.where(inside[None, :], stays, NOBODY)
        found: IntArray = np.full(stays.shape, NOBODY, dtype=np.int64)
        for row, column in np.argwhere(stays != NOBODY).tolist():
            found[row, column] = self._rows.get(self._timetable.stays[stays[row, column]].inspectee, NOBODY)
        return found

    def _crowding(self, members: IntArray, starts: IntArray) -> IntArray:
        """Members × starts: the price of a month that is used up in part, in metres."""
        caps = np.array(
            [self._candidates.problem.inspectors[member].half_days_per_month or 0 for member in members], dtype=np.int64
        )[:, None]
        months = self._candidates.calendar.month_numbers[starts // 2]
        left = np.clip(self._timetable.month_left[members][:, months], 0, None)
        tenths = np.where(caps > 0, 10 - 10 * np.minimum(left, caps) // np.maximum(1, caps), 0)
        crowding: IntArray = tenths * tenths * self._effort.crowding_metres // 10
        return crowding

    def _best_starts(
        self,
        visit: Visit,
        members: IntArray,
        starts: IntArray,
        usable: BoolArray,
        metres: IntArray,
        before: Placement | None,
    ) -> IntArray:
        """The starts with the cheapest teams, each need of the team considered by itself; that of before is kept."""
        cost = _cheapest(usable, metres, visit.team.size)
        for tag, least in visit.team.requires.items():
            if least > 0:
                bears = self._candidates.bearers(tag)[members]
                cost = np.maximum(cost, _cheapest(usable[bears], metres[bears], least))
        kept = np.argsort(cost, kind="stable")[: self._effort.starts]
        if before is not None:
            kept = np.union1d(kept, np.flatnonzero(starts == before.start))
        return np.sort(kept)

    def _best_members(
        self, visit: Visit, members: IntArray, usable: BoolArray, metres: IntArray, before: Placement | None
    ) -> IntArray:
        """The cheapest members at their best starts, and of each needed tag the cheapest bearers."""
        best = np.where(usable, metres, np.iinfo(np.int64).max).min(axis=1)
        order = np.argsort(best, kind="stable")
        order = order[usable[order].any(axis=1)]
        kept = set(order[: self._effort.members].tolist())
        for tag, least in visit.team.requires.items():
            bears = self._candidates.bearers(tag)[members]
            kept |= set(order[bears[order]][: least + self._effort.members // 3].tolist())
        kept |= {k for k in order.tolist() if members[k] in visit_prefers(self._candidates, visit)}
        if before is not None:
            kept |= set(np.flatnonzero(np.isin(members, before.team)).tolist())
        return np.array(sorted(kept), dtype=np.int64)


OWN_PARTS = ("buffer", "preference", "change_day", "change_half", "change_member")
"""The score parts of a visit that stands, by itself; the balance is left to others."""

LARGEST_OBJECTIVE = 1 << 60


def _price_of_weight(x: Variables) -> int:
    """What a unit of weight left out costs: more than anything else may add up to, as far as the numbers reach."""
    weight = sum(x.scope.visit(number).weight for number in x.scope.free)
    return min(10**9 * METRES_PER_KILOMETRE, LARGEST_OBJECTIVE // max(1, weight))


def visit_prefers(candidates: Candidates, visit: Visit) -> set[int]:
    """The preferred inspectors, by number."""
    return {candidates.inspector_numbers[name] for name in visit.prefers}


def _cheapest(usable: BoolArray, metres: IntArray, count: int) -> IntArray:
    """Per start, the sum of the ``count`` smallest of the usable members' metres."""
    far = np.int64(1) << 40
    ordered = np.sort(np.where(usable, metres, far), axis=0)[:count]
    return np.asarray(ordered.sum(axis=0), dtype=np.int64)


def _added_metres(x: Variables, choices: Mapping[int, _Choice]) -> Expression:
    """Σ of what each duty adds by itself."""
    terms: list[tuple[int, Expression]] = []
    for number, choice in choices.items():
        column = {int(slot): k for k, slot in enumerate(choice.starts)}
        for row, member in enumerate(choice.members.tolist()):
            terms += [(int(choice.metres[row, column[slot]]), term) for slot, term in x.duties(number, member)]
    return total_of(terms)
