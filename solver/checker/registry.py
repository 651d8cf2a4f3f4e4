"""The hard rules under the codes that they report, in the order of docs/contract.md section 3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from solver.checker import load, pins, team, time
from solver.checker.facts import Facts
from solver.reasons import Violation

Rule = Callable[[Facts], list[Violation]]

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "once": time.check_once,
        "slots": time.check_slots,
        "window": time.check_window,
        "closed": time.check_closed,
        "team_size": team.check_team_size,
        "team_pool": team.check_team_pool,
        "team_requires": team.check_team_requires,
        "excluded": team.check_excluded,
        "available": team.check_available,
        "double_booked": team.check_double_booked,
        "transfer": team.check_transfer,
        "evening": team.check_evening,
        "month_cap": load.check_month_cap,
        "year_cap": load.check_year_cap,
        "inspectee_overlap": time.check_inspectee_overlap,
        "inspectee_gap": time.check_inspectee_gap,
        "burden": load.check_burden,
        "resource": load.check_resource,
        "precedence": time.check_precedence,
        "separation": time.check_separation,
        "pinned": pins.check_pinned,
    }
)
"""The function of each hard rule."""

TEAM_RULES = frozenset(
    {
        "team_size",
        "team_pool",
        "team_requires",
        "excluded",
        "available",
        "double_booked",
        "transfer",
        "evening",
        "month_cap",
        "year_cap",
    }
)
"""The rules that judge a team: about a pin without one they have nothing to say."""
