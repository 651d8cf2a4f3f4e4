"""Small problems solved to a proven optimum: one model of all days and people, every rule and part exact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.candidates import Candidates
from solver.model import objective
from solver.model.build import build, steady_solver
from solver.model.scope import Scope
from solver.model.variables import Expression, Variables
from solver.problem import Problem
from solver.timetable import Placement
from solver.travel import TravelTable

SMALL_DUTIES = 2_500
"""The most duties (visit, inspector, start) of a problem that is worth an exact model."""

STEP_DETERMINISTIC_SECONDS = 2.0
"""Work after which a proof is given up, in the solver's own measure: about a second each on one core."""

_EXACT_DOUBLE = 2**53


@dataclass(frozen=True, slots=True)
class ExactPlan:
    """The best plan found of a small problem, by number of the visits, and what was proved about all plans.

    ``placements`` lacks the visits left out. ``optimal`` is true if no plan is better, in the order asked for.
    ``changed_bound`` is ``None`` unless least change was asked for.
    """

    placements: Mapping[int, Placement]
    optimal: bool
    bound: int
    unscheduled_bound: int
    changed_bound: int | None


def is_small(candidates: Candidates) -> bool:
    """Whether an exact model of the whole problem is worth building."""
    duties = 0
    for visit in range(len(candidates.problem.visits)):
        duties += len(candidates.starts(visit)) * len(candidates.members(visit))
        if duties > SMALL_DUTIES:
            return False
    return True


def solve_exactly(
    problem: Problem,
    candidates: Candidates | None = None,
    *,
    least_change: bool = False,
    seed: int = 1,
    deterministic_seconds: float = STEP_DETERMINISTIC_SECONDS,
) -> ExactPlan | None:
    """The optimal plan of a small problem, ``None`` if no plan was found (the pins may allow none).

    With ``least_change`` the order is: weight left out, baseline assignments changed, total; ``bound`` still speaks of
    the total of any plan. Deterministic: one worker, and time counted as work.
    """
    candidates = candidates or Candidates(problem)
    x = build(Scope(candidates, TravelTable.of(problem), tuple(range(len(problem.visits)))))
    parts = {"unscheduled": objective.unscheduled(x), "total": objective.total(x)}
    free = _Minima(x, seed, deterministic_seconds)
    if not all(free.add(name, part) for name, part in parts.items()):
        return None
    best, changed_bound = free, None
    if least_change:
        best = _Minima(x, seed, deterministic_seconds)
        for name, part in {**parts, "changed": objective.changed(x)}.items():
            if name != "total" and (not best.add(name, part) or not best.keep(name, part)):
                break
        best.add("total", parts["total"])
        changed_bound = best.proved.get("changed", 0)
    return ExactPlan(
        placements=best.placements,
        optimal=best.is_optimal,
        bound=free.proved["total"],
        unscheduled_bound=free.proved["unscheduled"],
        changed_bound=changed_bound,
    )


class _Minima:
    """One part after the other minimised in one model; the last solution found, and what was proved of each part."""

    def __init__(self, x: Variables, seed: int, deterministic_seconds: float) -> None:
        self._x = x
        self._seed = seed
        self._deterministic_seconds = deterministic_seconds
        self.placements: dict[int, Placement] = {}
        self.proved: dict[str, int] = {}
        self.is_optimal = True

    def add(self, name: str, part: Expression) -> bool:
        """Minimise a part; whether there is a solution."""
        self._x.model.minimize(part)
        solver = steady_solver(self._seed, self._deterministic_seconds)
        status = solver.solve(self._x.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False
        found = {visit: self._x.place_of(solver, visit) for visit in self._x.scope.free}
        self.placements = {visit: place for visit, place in found.items() if place is not None}
        self.is_optimal = self.is_optimal and status == cp_model.OPTIMAL
        self.proved[name] = solver.value(part) if status == cp_model.OPTIMAL else _whole_bound(solver)
        return True

    def keep(self, name: str, part: Expression) -> bool:
        """Hold the part at its minimum from now on; whether that was proved."""
        if self.is_optimal:
            self._x.model.add(part <= self.proved[name])
        return self.is_optimal


def _whole_bound(solver: cp_model.CpSolver) -> int:
    """The proven bound as a whole number; a double that large may have been rounded up, so some of it is given away."""
    bound = solver.best_objective_bound
    return math.floor(bound if abs(bound) < _EXACT_DOUBLE else bound - abs(bound) * 2**-50)
