"""The solver's values that the rooms above the bridge name: only ``app.planning`` imports ``solver``."""

from __future__ import annotations

from solver.demand import DemandedVisit
from solver.problem import DateRange

__all__ = ["DateRange", "DemandedVisit"]
