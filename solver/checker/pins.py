"""The rule about pins."""

from __future__ import annotations

from solver.checker.facts import Facts
from solver.reasons import Violation


def check_pinned(facts: Facts) -> list[Violation]:
    """Every pin stands: the same day and half, and the same team if it names one. Its leader is advice."""
    violations = []
    for pin in facts.problem.pins:
        found = facts.assignments.get(pin.visit)
        if (
            found is None
            or (found.day, found.half) != (pin.day, pin.half)
            or (pin.team is not None and set(found.team) != set(pin.team))
        ):
            violations.append(Violation("pinned", pin.visit, {"day": pin.day, "half": pin.half}))
    return violations
