"""The pins judged on their own, before anything is planned."""

from __future__ import annotations

from collections.abc import Mapping

from solver.checker.facts import Facts
from solver.checker.registry import RULES, TEAM_RULES
from solver.plan import Assignment
from solver.problem import LEAD, Inspector, Pin, Problem, Visit
from solver.reasons import Violation


def check_pins(problem: Problem) -> tuple[Violation, ...]:
    """The rules that the pins and the history break on their own, so that no plan exists.

    The pins are judged as if they were the plan: visits without a pin are neither missing nor waited for, the rules
    about teams judge the pins that name one, and a leader may still be chosen among the pinned team.
    """
    visits = {visit.id: visit for visit in problem.visits}
    inspectors = {inspector.id: inspector for inspector in problem.inspectors}
    pinned = {pin.visit for pin in problem.pins}
    known = pinned | {past.visit for past in problem.history}
    everywhere = Facts.of(problem, [_assignment(pin, visits, inspectors) for pin in problem.pins])
    with_team = Facts.of(
        problem, [_assignment(pin, visits, inspectors) for pin in problem.pins if pin.team is not None]
    )
    waiting = {precedence.before for precedence in problem.precedences} - known
    violations = []
    for code, check in RULES.items():
        found = check(with_team if code in TEAM_RULES else everywhere)
        violations += [
            violation
            for violation in found
            if violation.visit in pinned and not (code == "precedence" and violation.details["before"] in waiting)
        ]
    return tuple(violations)


def _assignment(pin: Pin, visits: Mapping[str, Visit], inspectors: Mapping[str, Inspector]) -> Assignment:
    team = pin.team or ()
    bearers = [member for member in team if LEAD in inspectors[member].tags]
    leader = bearers[0] if bearers and visits[pin.visit].team.requires.get(LEAD, 0) >= 1 else None
    return Assignment(pin.visit, pin.day, pin.half, team, leader)
