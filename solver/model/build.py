"""Variables, then every rule; the order does not matter. The caller says what is minimised."""

from __future__ import annotations

from ortools.sat.python import cp_model

from solver.model.rules import RULES
from solver.model.scope import Scope
from solver.model.variables import Variables


def build(scope: Scope) -> Variables:
    """The variables of a model that holds every hard rule of the scope."""
    x = Variables(scope)
    for rule in RULES.values():
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
