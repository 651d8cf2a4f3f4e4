"""Proven lower bounds of a problem's total and of its unscheduled weight (solver/MODEL.md, "Bounds")."""

from __future__ import annotations

from solver.bounds.bound import Bound, lower_bound

__all__ = ["Bound", "lower_bound"]
