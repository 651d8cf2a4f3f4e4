"""What programmes require, as tables hold it: visits, and requirements without a visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class RequiredVisitRecord:
    """A required visit as tables hold it, with the programmes and phases that it serves."""

    key: str
    inspectee_id: int
    office_id: int
    half_days: int
    earliest: date
    latest: date
    late: bool
    serves: tuple[tuple[str, str], ...]
    unannounced: bool = False


@dataclass(frozen=True, slots=True)
class UnplannedRequirement:
    """A requirement for which no visit is planned, with the reason, as tables hold it; ``details`` are plain JSON."""

    inspectee_id: int
    programme_code: str
    phase: str
    reason: str
    due_on: date | None
    details: Mapping[str, Any] = field(default_factory=dict)
