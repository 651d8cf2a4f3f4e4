"""Small problems solved to a proven optimum: one model of all days and people, every rule and part exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.candidates import Candidates
from solver.model import objective
from solver.model.build import build, steady_solver
from solver.model.scope import Scope
from solver.model.variables import Expression, Variables
from solver.problem import Problem
from solver.standing import Placement
from solver.travel import TravelTable

SMALL_DUTIES = 4_000
"""The most duties (visit, inspector, start) of a problem that is worth an exact model."""

STEP_DETERMINISTIC_SECONDS = 2.0
"""Work after which a proof is given up, in the solver's own measure: about a second each on one core."""

_EXACT_DOUBLE = 2**53


@dataclass(frozen=True, slots=True)
class ExactPlan:
    """The best plan found of a small problem, by number of the visits, and what was proved about all plans.

    ``placements`` lacks the visits left out. ``optimal`` is true if no plan is better, in the order asked for;
    ``bound`` of the total and ``changed_bound`` are ``None`` where the order asked for proves none.
    """

    placements: Mapping[int, Placement]
    optimal: bool
    bound: int | None
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

    With ``least_change`` the order is: weight left out, baseline assignments changed, total. Deterministic: one
    worker, and time counted as work.
    """
    candidates = candidates or Candidates(problem)
    scope = Scope(candidates, TravelTable.of(problem), tuple(range(len(problem.visits))))
    x = build(scope)
    proved: dict[str, int] = {}
    best: dict[int, Placement] | None = None
    for name, part in _steps(least_change).items():
        value = part(x)
        x.model.minimize(value)
        solver = steady_solver(seed, deterministic_seconds)
        status = solver.solve(x.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        best = {visit: place for visit in scope.free if (place := x.place_of(solver, visit)) is not None}
        optimal = status == cp_model.OPTIMAL
        proved[name] = solver.value(value) if optimal else _whole_bound(solver)
        if least_change:
            if not optimal:
                break
            x.model.add(value <= proved[name])
    assert best is not None
    return ExactPlan(
        placements=best,
        optimal=optimal and "total" in proved,
        bound=None if least_change else proved["total"],
        unscheduled_bound=proved["unscheduled"],
        changed_bound=proved.get("changed"),
    )


def _steps(least_change: bool) -> Mapping[str, Callable[[Variables], Expression]]:
    """What is minimised one after the other: for least change each among the best of the one before."""
    if least_change:
        return {"unscheduled": objective.unscheduled, "changed": objective.changed, "total": objective.total}
    return {"unscheduled": objective.unscheduled, "total": objective.total}


def _whole_bound(solver: cp_model.CpSolver) -> int:
    """The proven bound as a whole number; a double that large may have been rounded up, so some of it is given away."""
    bound = solver.best_objective_bound
    return math.floor(bound if abs(bound) < _EXACT_DOUBLE else bound - abs(bound) * 2**-50)
