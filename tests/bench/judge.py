"""Plans judged: by this repository's checker, and by an independent one if there is a file of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from solver.checker import check
from solver.io import plan_to_json, problem_to_json
from solver.plan import Plan, Unscheduled
from solver.problem import Problem
from solver.reasons import Reason

Reference = Callable[[object, object], tuple[Sequence[Sequence[object]], Mapping[str, int]]]
"""Another checker: problem and plan as JSON objects in, violations and parts of the score out."""


class DisagreementError(AssertionError):
    """A plan breaks a rule where none may be broken, or two checkers judge it differently."""


def load_reference(path: Path) -> Reference:
    """The function ``check`` of a Python file."""
    spec = importlib.util.spec_from_file_location("reference_checker", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Reference, module.check)


def repaired(problem: Problem, plan: Plan) -> Plan:
    """The plan without the visits at which rules are broken, and then without those that broke by their going."""
    while broken := {violation.visit for violation in check(problem, plan).violations}:
        kept = tuple(assignment for assignment in plan.assignments if assignment.visit not in broken)
        if len(kept) == len(plan.assignments):
            raise DisagreementError(f"{problem.name}: cannot be repaired at {sorted(broken)[:5]}")
        gone = [assignment.visit for assignment in plan.assignments if assignment.visit in broken]
        left = tuple(Unscheduled(visit, (Reason("capacity"),)) for visit in gone)
        plan = replace(plan, assignments=kept, unscheduled=plan.unscheduled + left)
    return plan


def confirm(problem: Problem, plan: Plan, reference: Reference | None) -> tuple[int, int]:
    """The weight left out and the rest of a plan that both checkers accept. Raises ``DisagreementError``."""
    report = check(problem, plan)
    total = report.score.total(problem.weights)
    if report.violations:
        raise DisagreementError(f"{problem.name}: {report.violations[0]}")
    if reference is not None:
        violations, score = reference(problem_to_json(problem), plan_to_json(plan, problem))
        if violations or score["total"] != total:
            raise DisagreementError(f"{problem.name}: {total} here, there {score['total']} and {violations[:3]}")
    return report.score.unscheduled, total - problem.weights.unscheduled * report.score.unscheduled
