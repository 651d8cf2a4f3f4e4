"""The openings of one visit of a draft, as the planner finds them, with reasons and people as the tables hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.planning.drafts import DraftProblem, assignments_of
from app.planning.names import row_of
from solver import openings as planner
from solver.io import details_to_json
from solver.problem import Half
from solver.reasons import Reason as PlanReason

Reason = Mapping[str, Any]
"""``{"code": …, …}`` as plan files hold it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A half-day in which the visit could begin, or the rule that closes it; ``fits`` speaks of its present team."""

    day: date
    half: Half
    reason: Reason | None
    fits: bool


@dataclass(frozen=True, slots=True)
class PersonOpening:
    """An inspector of the visit's pool or present team, or the rule that keeps him or her out."""

    inspector_id: int
    reason: Reason | None


class Openings:
    """One visit of a draft, tried on the timetable of all other visits."""

    def __init__(self, given: DraftProblem, entries: Iterable[Mapping[str, Any]], visit: str) -> None:
        self._openings = planner.Openings(given.candidates, assignments_of(entries), visit)

    def half_days(self, first: date | None = None, last: date | None = None) -> list[Opening]:
        """Every half-day of the visit's window, or of the part of it between two days."""
        return [
            Opening(each.day, each.half, _written(each.reason) if each.reason is not None else None, each.fits)
            for each in self._openings.half_days(first, last)
        ]

    def can_begin(self, day: date, half: Half) -> bool:
        """Whether the rule of consecutive days lets the visit begin in a half-day; ``people`` are asked only then."""
        return self._openings.can_begin(day, half)

    def people(self, day: date, half: Half) -> list[PersonOpening]:
        """Everybody of the visit's pool and of its present team, for a half-day in which it ``can_begin``."""
        return [
            PersonOpening(row_of(each.inspector), _written(each.reason) if each.reason is not None else None)
            for each in self._openings.people(day, half)
        ]

    def reasons(self) -> list[dict[str, Any]]:
        """Why the visit is unscheduled, as a plan file says it: each rule with the half-days that it closes."""
        return [_written(reason) for reason in self._openings.reasons()]


def _written(reason: PlanReason) -> dict[str, Any]:
    return {"code": reason.code, **details_to_json(reason.details)}
