"""The hard rules under their codes."""

from __future__ import annotations

from collections.abc import Callable

from solver.checker.facts import Facts
from solver.plan import Violation

Rule = Callable[[Facts], list[Violation]]

RULES: dict[str, Rule] = {}
"""Every hard rule under the code that it reports."""

TEAM_RULES: set[str] = set()
"""The codes of those that judge a team: a pin without one is silent about them."""


def rule(code: str, *, of_team: bool = False) -> Callable[[Rule], Rule]:
    """Register the function that checks one rule."""

    def register(check: Rule) -> Rule:
        RULES[code] = check
        if of_team:
            TEAM_RULES.add(code)
        return check

    return register
