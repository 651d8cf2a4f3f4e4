"""Variables, then every rule; the order does not matter. The caller says what is minimised, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait

from ortools.sat.python import cp_model

from solver.model.rules import RULES, Rule
from solver.model.scope import Scope
from solver.model.variables import Variables

POLL_SECONDS = 0.05
"""How often the caller of a running solver is asked whether to stop."""


def never() -> bool:
    """The stop rule of a caller who does not stop."""
    return False


def build(scope: Scope, rules: Mapping[str, Rule] = RULES) -> Variables:
    """The variables of a model that holds every hard rule of the scope, or only the rules that are given."""
    x = Variables(scope)
    for rule in rules.values():
        rule(x)
    return x


def steady_solver(seed: int, deterministic_seconds: float) -> cp_model.CpSolver:
    """A solver that gives the same answer again: one worker, time counted as work, signals left to the caller."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = deterministic_seconds
    solver.parameters.catch_sigint_signal = False
    return solver


def solve_until(
    solver: cp_model.CpSolver, model: cp_model.CpModel, is_over: Callable[[], bool]
) -> cp_model.CpSolverStatus:
    """Solve, and stop the solver within about a tenth of a second after ``is_over`` says yes."""
    if is_over():
        return cp_model.UNKNOWN
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="cp-sat") as pool:
        job = pool.submit(solver.solve, model)
        while not wait([job], timeout=POLL_SECONDS).done:
            if is_over():
                solver.stop_search()
        return job.result()
