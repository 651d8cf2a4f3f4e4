"""Visits placed in a timetable, a few at a time, by a model of them alone.

All other assignments are given; of each visit the most promising starts and members are kept, so that a model has some
thousand duties and is solved in tenths of a second. The unscheduled weight goes first, then what the visits add to the
score. Visits that were assigned are never unscheduled for nothing: where the model finds nothing better they return to
where they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from ortools.sat.python import cp_model

from solver.calendar import HALVES, BoolArray, IntArray, Month, Slot
from solver.candidates import Candidates
from solver.model import objective
from solver.model.build import build, never, solve_until, steady_solver
from solver.model.scope import Scope
from solver.model.travel import travel
from solver.model.variables import Expression, Variables, sum_of, total_of
from solver.plan import METRES_PER_KILOMETRE
from solver.problem import Visit
from solver.retry import Retry
from solver.timetable import NOBODY, Placement, Timetable
from solver.travel import TravelTable


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of a visit's choice a model keeps, and how long it is worked on.

    ``starts`` and ``members`` are per visit; ``crowding_metres`` is added to a duty for each tenth of the member's
    month that is used already, squared: it keeps room where it is scarce. ``is_exact`` asks for the travel that the
    contract counts; otherwise travel is what each duty adds to its member's day by itself, with the crowding.
    """

    starts: int = 16
    members: int = 14
    deterministic_seconds: float = 0.4
    crowding_metres: int = 600
    seed: int = 1
    is_exact: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What a model keeps of one visit: ``metres[k, s]`` is what member k adds from start s on."""

    starts: IntArray
    members: IntArray
    metres: IntArray


class Repair:
    """Places visits of one part of a problem; ``timetable`` is changed by what is decided.

    ``load_prices`` are what a half-day of each inspector costs beside the other parts, in thousandths.
    """

    def __init__(
        self,
        candidates: Candidates,
        timetable: Timetable,
        travel: TravelTable,
        effort: Effort,
        load_prices: IntArray | None = None,
        is_over: Callable[[], bool] = never,
    ) -> None:
        self._candidates = candidates
        self._is_over = is_over
        self._load_prices = load_prices
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
        fixed, elsewhere = self._surroundings(choices)
        scope = Scope(
            self._candidates,
            self._travel,
            tuple(sorted(choices)),
            fixed=fixed,
            starts={number: choice.starts.tolist() for number, choice in choices.items()},
            members={number: choice.members.tolist() for number, choice in choices.items()},
            elsewhere=elsewhere,
        )
        x = build(scope)
        metres = travel if self._effort.is_exact else partial(_added_metres, choices=choices)
        others = objective.thousandths(x, metres, OWN_PARTS) + self._load_price(x)
        moved = [term for number, place in before.items() for term in _moved(x, number, place)]
        ties = len(moved) + 1
        price = _price_of_weight(x) // ties
        x.model.minimize(ties * (price * objective.unscheduled(x) + others) + sum_of(moved))
        for number in choices:
            x.hint(number, before.get(number))
        solver = steady_solver(self._effort.seed, self._effort.deterministic_seconds)
        if self._effort.is_exact:
            solver.parameters.cp_model_probing_level = 0  # takes as long as the rest, and gains nothing here
        if solve_until(solver, x.model, self._is_over) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return {}
        return {number: place for number in choices if (place := x.place_of(solver, number)) is not None}

    def _load_price(self, x: Variables) -> Expression:
        """Σ of what the half-days of the members cost."""
        if self._load_prices is None:
            return 0
        return total_of(
            (int(self._load_prices[member]) * x.scope.visit(number).half_days, term)
            for number in x.scope.free
            for member, term in x.all_members(number)
        )

    def _surroundings(
        self, choices: Mapping[int, _Choice]
    ) -> tuple[dict[int, Placement], dict[tuple[int, Month], int]]:
        """The placements that the visits can meet, and the other half-days of their people, by month.

        They meet those of their people on the same days and the days beside them, those at their inspectees, and those
        that use the same resources.
        """
        visits, calendar = self._candidates.problem.visits, self._candidates.calendar
        people = {member for choice in choices.values() for member in choice.members.tolist()}
        inspectees = {visits[number].inspectee for number in choices}
        resources = {resource for number in choices for resource in visits[number].resources}
        ordered = self._ordered_with(choices)
        days = {
            day + beside
            for number, choice in choices.items()
            for start in choice.starts.tolist()
            for day in calendar.days_taken(Slot(start), visits[number].half_days)
            for beside in (-1, 0, 1)
        }
        fixed: dict[int, Placement] = {}
        elsewhere: dict[tuple[int, Month], int] = {}
        for number, placement in self._timetable.placements.items():
            visit = visits[number]
            ours = people.intersection(placement.team)
            is_near = not days.isdisjoint(calendar.days_taken(placement.start, visit.half_days))
            is_met = is_near and (ours or not resources.isdisjoint(visit.resources))
            if is_met or number in ordered or visit.inspectee in inspectees:
                fixed[number] = placement
            elif ours:
                for month, half_days in calendar.month_half_days(placement.start, visit.half_days).items():
                    for member in ours:
                        key = (member, calendar.months[month])
                        elsewhere[key] = elsewhere.get(key, 0) + half_days
        return fixed, elsewhere

    def _ordered_with(self, choices: Mapping[int, _Choice]) -> set[int]:
        """The visits that precedences and separations tie to these."""
        numbers = self._candidates.visit_numbers
        ordered: set[int] = set()
        for names in self._candidates.problem.coupled_visits():
            pair = {numbers[name] for name in names if name in numbers}
            if not pair.isdisjoint(choices):
                ordered |= pair
        return ordered

    def _choice(self, number: int, before: Placement | None) -> _Choice | None:
        """The starts and members worth a model, ``None`` if no start is possible."""
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
        costs = max(1, self._candidates.problem.weights.travel) * metres + self._own_costs(number, members, starts)
        kept = self._best_starts(visit, members, starts, usable, costs, before)
        starts, usable, metres, costs = starts[kept], usable[:, kept], metres[:, kept], costs[:, kept]
        people = self._best_members(visit, members, usable, costs, before)
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

    def _own_costs(self, number: int, members: IntArray, starts: IntArray) -> IntArray:
        """Members × starts: what buffer, preference, changes and loads cost beside travel, shared out in the team."""
        problem, calendar = self._candidates.problem, self._candidates.calendar
        visit, weights = problem.visits[number], problem.weights
        last = calendar.ordinals[(starts + visit.half_days - 1) // 2]
        spare = visit.latest.toordinal() - last
        of_start = weights.buffer * np.maximum(0, problem.buffer_days_of(visit) - spare)
        of_member = np.zeros(len(members), dtype=np.int64)
        if visit.prefers:
            of_member += weights.preference * ~np.isin(members, sorted(visit_prefers(self._candidates, visit)))
        given = self._candidates.baseline.get(number)
        if given is not None:
            same_day = calendar.ordinals[starts // 2] == given.day.toordinal()
            same_half = starts % 2 == HALVES.index(given.half)
            of_start += np.where(same_day, np.where(same_half, 0, weights.change_half), weights.change_day)
            team = [who for name in given.team if (who := self._candidates.inspector_numbers.get(name)) is not None]
            of_member += weights.change_member * ~np.isin(members, team)
        costs: IntArray = METRES_PER_KILOMETRE * (of_start[None, :] // visit.team.size + of_member[:, None])
        if self._load_prices is not None:
            costs = costs + visit.half_days * self._load_prices[members][:, None]
        return costs

    def _place_rows(self, members: IntArray, slots: IntArray) -> IntArray:
        """Members × slots: the row of the place of the visit there, ``NOBODY`` if there is none."""
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
        costs: IntArray,
        before: Placement | None,
    ) -> IntArray:
        """The starts with the cheapest teams, each need of the team by itself; that of before is kept."""
        cost = _cheapest(usable, costs, visit.team.size)
        for tag, least in visit.team.requires.items():
            if least > 0:
                bears = self._candidates.bearers(tag)[members]
                cost = np.maximum(cost, _cheapest(usable[bears], costs[bears], least))
        kept = np.argsort(cost, kind="stable")[: self._effort.starts]
        if before is not None:
            kept = np.union1d(kept, np.flatnonzero(starts == before.start))
        return np.sort(kept)

    def _best_members(
        self, visit: Visit, members: IntArray, usable: BoolArray, costs: IntArray, before: Placement | None
    ) -> IntArray:
        """The cheapest members at their best starts, and of each needed tag the cheapest bearers."""
        best = np.where(usable, costs, np.iinfo(np.int64).max).min(axis=1)
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


def _moved(x: Variables, number: int, before: Placement) -> list[Expression]:
    """How much of a placement is not as before: of equal solutions the one that moves least is taken."""
    if number not in x.scope.free:
        return []
    return [1 - x.starts(number, before.start), *(1 - x.member(number, member) for member in before.team)]


OWN_PARTS = ("buffer", "preference", "change_day", "change_half", "change_member", "overload")
"""The score parts of one visit by itself; the balance is left to ``load_prices``."""

LARGEST_OBJECTIVE = 1 << 60


def _price_of_weight(x: Variables) -> int:
    """What a unit of unscheduled weight costs: more than anything else may add up to, as far as the numbers reach."""
    weight = sum(x.scope.visit(number).weight for number in x.scope.free)
    return min(10**9 * METRES_PER_KILOMETRE, LARGEST_OBJECTIVE // max(1, weight))


def visit_prefers(candidates: Candidates, visit: Visit) -> set[int]:
    """The preferred inspectors, by number."""
    return {candidates.inspector_numbers[name] for name in visit.prefers}


def _cheapest(usable: BoolArray, costs: IntArray, count: int) -> IntArray:
    """Per start, the sum of the ``count`` smallest of the usable members' costs."""
    far = np.int64(1) << 50
    ordered = np.sort(np.where(usable, costs, far), axis=0)[:count]
    return np.asarray(ordered.sum(axis=0), dtype=np.int64)


def _added_metres(x: Variables, *, choices: Mapping[int, _Choice]) -> Expression:
    """Σ of what each duty adds by itself."""
    terms: list[tuple[int, Expression]] = []
    for number, choice in choices.items():
        column = {int(slot): k for k, slot in enumerate(choice.starts)}
        for row, member in enumerate(choice.members.tolist()):
            terms += [(int(choice.metres[row, column[slot]]), term) for slot, term in x.duties(number, member)]
    return total_of(terms)
