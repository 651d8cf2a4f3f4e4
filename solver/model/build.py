"""Variables, then every rule, then the objective; the order of the rules does not matter."""

from __future__ import annotations

from collections.abc import Callable

from solver.model.rules import RULES
from solver.model.scope import Scope
from solver.model.variables import Expression, Variables


def build(scope: Scope, objective: Callable[[Variables], Expression]) -> Variables:
    """The variables of a model that holds every hard rule and minimises the objective."""
    x = Variables(scope)
    for rule in RULES.values():
        rule(x)
    x.model.minimize(objective(x))
    return x
