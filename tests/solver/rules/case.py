"""The form of a case."""

from __future__ import annotations

from dataclasses import dataclass

from solver.plan import Plan
from solver.problem import Problem
from solver.reasons import Violation


@dataclass(frozen=True)
class Case:
    """Two plans of one problem that differ in what the rule is about: one keeps every rule, one breaks this one."""

    what: str
    problem: Problem
    allowed: Plan
    forbidden: Plan
    violation: Violation

    @property
    def code(self) -> str:
        return self.violation.code

    def __str__(self) -> str:
        return f"{self.code}: {self.what}"
