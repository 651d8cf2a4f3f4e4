"""Whether a plan keeps every hard rule, and what it scores: code apart from the search, with its own arithmetic.

The rules are docs/contract.md section 3, one function each, registered under its code; the score is section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from solver.checker.alone import check_pins
from solver.checker.facts import Facts
from solver.checker.registry import RULES
from solver.checker.score import score_of
from solver.plan import Plan, Score
from solver.problem import Problem
from solver.reasons import Violation

__all__ = ["RULES", "CheckReport", "check", "check_pins"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Every violation of a plan, by rule, and its score; without violations the plan is valid."""

    violations: tuple[Violation, ...]
    score: Score


def check(problem: Problem, plan: Plan) -> CheckReport:
    """Judge a plan by every hard rule and score it; the score that the plan states is not looked at."""
    facts = Facts.of(problem, plan.assignments, (entry.visit for entry in plan.unscheduled))
    violations = tuple(violation for check_rule in RULES.values() for violation in check_rule(facts))
    return CheckReport(violations, score_of(facts))
