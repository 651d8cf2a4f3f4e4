"""Plans inspections: a problem as values in, a plan as values out, and a checker that trusts neither.

Everything here loads at once. The planner itself, ``solver.solve.solve``, takes seconds to load and is imported from
there by those who plan.
"""

from solver.checker import CheckReport, check, check_pins
from solver.errors import InputError, InvalidInput, SolverError
from solver.io import (
    parse_plan,
    parse_problem,
    plan_to_json,
    problem_to_json,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)
from solver.plan import Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import Problem
from solver.reasons import Reason, Violation
from solver.result import Progress, Result, Status
from solver.settings import SolveSettings

__all__ = [
    "Assignment",
    "CheckReport",
    "InputError",
    "InvalidInput",
    "Plan",
    "PlanStatus",
    "Problem",
    "Progress",
    "Reason",
    "Result",
    "Score",
    "SolveSettings",
    "SolverError",
    "Status",
    "Unscheduled",
    "Violation",
    "check",
    "check_pins",
    "parse_plan",
    "parse_problem",
    "plan_to_json",
    "problem_to_json",
    "read_plan",
    "read_problem",
    "write_plan",
    "write_problem",
]
