"""Small problems solved to a proven optimum: one model of all days and people, every rule and part exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.candidates import Candidates
from solver.model import objective
from solver.model.build import build, never, solve_until, steady_solver
from solver.model.scope import Scope
from solver.model.variables import Expression, Variables, total_of
from solver.problem import Problem
from solver.timetable import Placement
from solver.travel import TravelTable

STEP_DETERMINISTIC_SECONDS = 2.0
"""Work after which a proof is given up, in the solver's own measure: about a second each on one core."""

_EXACT_DOUBLE = 2**53


@dataclass(frozen=True, slots=True)
class ExactPlan:
    """The best plan found of a small problem, by number of the visits, and what was proved about all plans.

    ``placements`` lacks the unscheduled visits. ``optimal`` is true if no plan is better, in the order asked for.
    ``changed_bound`` is ``None`` unless least change was asked for.
    """

    placements: Mapping[int, Placement]
    optimal: bool
    bound: int
    unscheduled_bound: int
    changed_bound: int | None


def solve_exactly(
    problem: Problem,
    candidates: Candidates | None = None,
    *,
    least_change: bool = False,
    seed: int = 1,
    deterministic_seconds: float = STEP_DETERMINISTIC_SECONDS,
    is_over: Callable[[], bool] = never,
) -> ExactPlan | None:
    """The optimal plan of a small problem, ``None`` if no plan was found (the pins may allow none).

    Plans are compared by total; of equal totals the plan with fewer unscheduled visits is better, then the one with
    less of their weight. With ``least_change`` the order is: unscheduled weight, baseline assignments changed, total;
    ``bound`` is still one of the total of any plan. Deterministic, with one worker and time counted as work, unless
    ``is_over`` ends it early: then the best plan so far is returned.
    """
    candidates = candidates or Candidates(problem)
    x = build(Scope(candidates, TravelTable.of(problem), tuple(range(len(problem.visits)))))
    parts = {"unscheduled": objective.unscheduled(x), "total": objective.total(x)}
    free = _Minima(x, seed, deterministic_seconds, is_over)
    if not all(free.add(name, part) for name, part in parts.items()):
        return free.plan(changed_bound=0 if least_change else None)
    if not least_change:
        if free.has_unscheduled() and free.keep("total", parts["total"]):
            free.add("unscheduled visits", _unscheduled_visits(x))
        return free.plan()
    best = _Minima(x, seed, deterministic_seconds, is_over, free.placements)
    for name, part in {**parts, "changed": objective.changed(x)}.items():
        if name != "total" and (not best.add(name, part) or not best.keep(name, part)):
            break
    best.add("total", parts["total"])
    best.proved |= free.proved
    return best.plan(changed_bound=best.proved.get("changed", 0))


def _unscheduled_visits(x: Variables) -> Expression:
    """The number of unscheduled visits first, then their weight."""
    weights = {visit: x.scope.visit(visit).weight for visit in x.scope.free}
    one_more = sum(weights.values()) + 1
    return total_of((-one_more - weight, x.placed(visit)) for visit, weight in weights.items())


class _Minima:
    """One part after the other minimised in one model; the last solution found, and what was proved of each part."""

    def __init__(
        self,
        x: Variables,
        seed: int,
        deterministic_seconds: float,
        is_over: Callable[[], bool],
        placements: Mapping[int, Placement] | None = None,
    ) -> None:
        self._x = x
        self._seed = seed
        self._deterministic_seconds = deterministic_seconds
        self._is_over = is_over
        self.placements = placements
        self.proved: dict[str, int] = {}
        self.is_optimal = True

    def add(self, name: str, part: Expression) -> bool:
        """Minimise a part from the last solution on; whether there is a solution."""
        x = self._x
        x.model.minimize(part)
        if self.placements is not None:
            x.model.clear_hints()  # type: ignore[no-untyped-call]
            for visit in x.scope.free:
                x.hint(visit, self.placements.get(visit))
        solver = steady_solver(self._seed, self._deterministic_seconds)
        status = solve_until(solver, x.model, self._is_over)
        self.is_optimal = self.is_optimal and status == cp_model.OPTIMAL
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return False
        found = {visit: x.place_of(solver, visit) for visit in x.scope.free}
        self.placements = {visit: place for visit, place in found.items() if place is not None}
        self.proved[name] = solver.value(part) if status == cp_model.OPTIMAL else _whole_bound(solver)
        return True

    def keep(self, name: str, part: Expression) -> bool:
        """Hold the part at its minimum from now on; whether that was proved."""
        if self.is_optimal:
            self._x.model.add(part <= self.proved[name])
        return self.is_optimal

    def has_unscheduled(self) -> bool:
        """Whether the last solution lacks a visit."""
        return self.placements is not None and len(self.placements) < len(self._x.scope.free)

    def plan(self, changed_bound: int | None = None) -> ExactPlan | None:
        """The last solution with the bounds that were proved, ``None`` without a solution."""
        if self.placements is None:
            return None
        return ExactPlan(
            placements=self.placements,
            optimal=self.is_optimal,
            bound=self.proved.get("total", 0),
            unscheduled_bound=self.proved.get("unscheduled", 0),
            changed_bound=changed_bound,
        )


def _whole_bound(solver: cp_model.CpSolver) -> int:
    """The proven bound as a whole number; a double that large may have been rounded up, so some of it is given away."""
    bound = solver.best_objective_bound
    return math.floor(bound if abs(bound) < _EXACT_DOUBLE else bound - abs(bound) * 2**-50)
