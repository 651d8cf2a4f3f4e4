"""The planner's search compiles itself once and keeps the result; tests with short limits do that beforehand."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from app.jobs.solve_process import SolveOrder, solve
from solver.io import write_problem
from solver.problem import Problem
from tests.builders import MONDAY, a_problem, a_visit, an_inspectee, an_inspector

DAYS = tuple(MONDAY + timedelta(days=number) for number in range(600))


def a_problem_to_search() -> Problem:
    """Too many days, people and visits to be solved exactly."""
    numbers = range(12)
    return a_problem(
        days=DAYS,
        inspectors=tuple(an_inspector(f"i{number}") for number in numbers),
        inspectees=tuple(an_inspectee(f"e{number}") for number in numbers),
        visits=tuple(a_visit(f"v{n}", inspectee=f"e{n}", half_days=2, size=3, latest=DAYS[-1]) for n in numbers),
    )


@lru_cache
def compile_planner() -> None:
    """Run the planner once, however long it takes to compile."""
    with tempfile.TemporaryDirectory() as folder:
        problem, plan, checkpoint = (Path(folder) / name for name in ("problem.json", "plan.json", "checkpoint.json"))
        write_problem(a_problem_to_search(), problem)
        order = SolveOrder(Path(folder), problem, plan, checkpoint, seconds=2, workers=1)
        solve(order, on_progress=lambda _: None, why_stop=lambda: None)
