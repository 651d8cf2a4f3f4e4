"""The solver's values that the rooms above the bridge name: only ``app.planning`` imports ``solver``."""

from __future__ import annotations

from app.models import Half
from solver.demand import RequiredVisit
from solver.demand.keys import ChainKey, RecheckKey, RoutineKey, TermOfYear, parse_key, topic_phase
from solver.problem import DateRange
from solver.problem import Half as SolverHalf

__all__ = [
    "ChainKey",
    "DateRange",
    "RecheckKey",
    "RequiredVisit",
    "RoutineKey",
    "TermOfYear",
    "parse_key",
    "solver_half",
    "topic_phase",
]


def solver_half(half: Half) -> SolverHalf:
    """A half of the day as the solver writes it."""
    return "am" if half is Half.AM else "pm"
