"""The plan as immutable values: what the solver answers (docs/contract.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Annotated

from solver.problem import Half, InspectorId, VisitId, Weights
from solver.reasons import Reason
from solver.validation import Distinct, Holds, MayBeAbsent, Since

METRES_PER_KILOMETRE = 1000

MAX_REASONS = 1_000
"""Reasons that one visit left out may carry."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A visit with the day and half in which it begins and its team."""

    visit: VisitId
    day: date
    half: Half
    team: Annotated[tuple[InspectorId, ...], Distinct()]
    leader: InspectorId | None = None


@dataclass(frozen=True, slots=True)
class Unscheduled:
    """A visit left out, with at least one reason."""

    visit: VisitId
    reasons: Annotated[tuple[Reason, ...], Holds(1, MAX_REASONS)]


Part = Annotated[int, MayBeAbsent()]
"""One part of a score; a plan file that leaves it out is taken as 0, since the stated score is not judged."""


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of the score, unweighted; ``travel`` in metres. Lower is better."""

    unscheduled: Part = 0
    travel: Part = 0
    balance: Part = 0
    buffer: Part = 0
    preference: Part = 0
    change_day: Part = 0
    change_half: Part = 0
    change_member: Part = 0
    overload: Annotated[Part, Since(2)] = 0

    def total(self, weights: Weights) -> int:
        """Σ weight × part, the travel part in whole kilometres (docs/contract.md section 4)."""
        return sum(
            (getattr(weights, part.name) or 0)
            * (self.travel // METRES_PER_KILOMETRE if part.name == "travel" else getattr(self, part.name))
            for part in fields(self)
        )


class PlanStatus(StrEnum):
    """The three words that a plan file knows."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Plan:
    """Every visit of the problem, assigned or left out; a bound that was not proved is ``None``."""

    problem: str
    assignments: tuple[Assignment, ...]
    unscheduled: tuple[Unscheduled, ...]
    score: Score
    status: PlanStatus
    bound: int | None = None
    unscheduled_bound: int | None = None
    changed: int | None = None
    changed_bound: int | None = None
