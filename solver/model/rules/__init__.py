"""The hard rules of the model: one function per rule code, registered under its code.

Each rule adds what it needs to the model of the variables that it is given, in any order, and depends on no other
rule. ``PRUNED_CODES`` hold by the choice of starts, members and duties alone (solver/candidates.py); together the two
are all hard rules of the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from solver.model.rules import load, pins, team, time
from solver.model.variables import Variables

Rule = Callable[[Variables], None]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "once": time.once,
        "team_size": team.team_size,
        "team_requires": team.team_requires,
        "double_booked": team.double_booked,
        "transfer": team.transfer,
        "evening": team.evening,
        "month_cap": load.month_cap,
        "year_cap": load.year_cap,
        "inspectee_overlap": time.inspectee_overlap,
        "inspectee_gap": time.inspectee_gap,
        "burden": load.burden,
        "resource": load.resource,
        "precedence": time.precedence,
        "separation": time.separation,
        "pinned": pins.pinned,
    }
)
"""The function of each hard rule that candidates alone do not keep, by rule code."""
