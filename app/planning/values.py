"""The solver's values that the rooms above the bridge name: only ``app.planning`` imports ``solver``."""

from __future__ import annotations

from solver.demand import RequiredVisit
from solver.demand.keys import ChainKey, RecheckKey, RoutineKey, TermOfYear, parse_key, topic_phase
from solver.problem import DateRange

__all__ = [
    "ChainKey",
    "DateRange",
    "RecheckKey",
    "RequiredVisit",
    "RoutineKey",
    "TermOfYear",
    "parse_key",
    "topic_phase",
]
