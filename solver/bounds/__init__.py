"""Proven lower bounds of a problem's total and of its weight left out (solver/MODEL.md, "Bounds")."""

from __future__ import annotations

from solver.bounds.bound import Bound, lower_bound

__all__ = ["Bound", "lower_bound"]
