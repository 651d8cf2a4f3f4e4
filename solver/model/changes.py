"""How few assignments of the baseline must change so that some visits can be placed: a relaxation, solved by CP-SAT.

The visits to place are free, with all their candidates. The other assignments near them are loose: each is kept, or is
changed to something that the model does not know. Every plan is a solution of that model, so its optimum is a bound of
every plan; and where the visits that it changes find other places, its solution is a plan that meets the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ortools.sat.python import cp_model

from solver.candidates import Candidates
from solver.model import objective
from solver.model.build import build, solve_until, steady_solver
from solver.model.rules import RULES, Rule
from solver.model.scope import Scope
from solver.model.variables import total_of
from solver.timetable import Placement
from solver.travel import TravelTable

MOST_DUTIES = 60_000
"""Duties (visit, inspector, start) of the free visits that a model may have: it is built in about a second."""

DETERMINISTIC_SECONDS = 8.0
"""Work after which a proof is given up, in the solver's own measure: about a second each on one core."""

_EXACT_DOUBLE = 2**53


@dataclass(frozen=True, slots=True, eq=False)
class FewestChanges:
    """A solution of the relaxation: where free visits are placed, which loose visits are changed, and what is proved.

    In every plan ``price`` · unscheduled weight of the free visits + changed assignments of free and loose visits is at
    least ``bound``. ``price`` is more than all of these assignments; ``is_optimal`` if the solution is at the bound.
    """

    placements: Mapping[int, Placement]
    changed: frozenset[int]
    price: int
    bound: int
    is_optimal: bool


def fewest_changes(
    candidates: Candidates,
    free: Sequence[int],
    loose: Mapping[int, Placement],
    *,
    seed: int,
    is_over: Callable[[], bool],
) -> FewestChanges | None:
    """Place the free visits with the least unscheduled weight, and then with the fewest changes.

    ``None`` if the model would be too large, or where ``is_over`` said yes before there was a solution.
    """
    if sum(len(candidates.starts(number)) * len(candidates.members(number)) for number in free) > MOST_DUTIES:
        return None
    scope = Scope(candidates, _travel(candidates, [*free, *loose]), tuple(free), loose=loose, is_relaxation=True)
    x = build(scope)
    price = len(free) + len(loose) + 1
    changed = objective.changed(x) + total_of((1, 1 - x.placed(number)) for number in loose)
    x.model.minimize(price * objective.unscheduled(x) + changed)
    solver = steady_solver(seed, DETERMINISTIC_SECONDS)
    solver.parameters.cp_model_probing_level = 0  # probing and symmetry take seconds of a model solved in tenths
    solver.parameters.symmetry_level = 0
    status = solve_until(solver, x.model, is_over)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    places = {number: place for number in free if (place := x.place_of(solver, number)) is not None}
    moved = frozenset(number for number in loose if not solver.value(x.placed(number)))
    return FewestChanges(places, moved, price, _whole_bound(solver), status == cp_model.OPTIMAL)


DAY_RULES: Mapping[str, Rule] = MappingProxyType(
    {name: RULES[name] for name in ("once", "inspectee_overlap", "inspectee_gap", "burden")}
)
"""The rules about the visits of one inspectee, of any team."""


def least_unscheduled_at(candidates: Candidates, visits: Sequence[int], *, seed: int) -> int:
    """The weight that every plan leaves unscheduled of some visits of one inspectee, by rules about days alone."""
    x = build(Scope(candidates, TravelTable.of(candidates.problem, ()), tuple(visits), is_relaxation=True), DAY_RULES)
    x.model.minimize(objective.unscheduled(x))
    solver = steady_solver(seed, DETERMINISTIC_SECONDS)
    if solver.solve(x.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0
    return _whole_bound(solver)


def _travel(candidates: Candidates, visits: Sequence[int]) -> TravelTable:
    """Travel between the places of the visits, of all their candidates, and of the history of these."""
    problem = candidates.problem
    places = [candidates.inspectees[problem.visits[number].inspectee].place for number in visits]
    people = sorted({member for number in visits for member in candidates.members(number).tolist()})
    for member in people:
        inspector = problem.inspectors[member]
        places.append(inspector.base)
        past = {
            name for name in candidates.history.busy.get(inspector.id, {}).values() if name in candidates.inspectees
        }
        places += [candidates.inspectees[name].place for name in sorted(past)]
    return TravelTable.of(problem, places)


def _whole_bound(solver: cp_model.CpSolver) -> int:
    """The proven bound as a whole number: rounded up, since the objective is whole, unless a double is too coarse."""
    bound = solver.best_objective_bound
    return math.ceil(bound - 1e-6) if abs(bound) < _EXACT_DOUBLE else math.floor(bound - abs(bound) * 2**-50)
