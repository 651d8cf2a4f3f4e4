"""What is wrong with a plan, and the details that explain it or why a visit is unscheduled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

ReasonValue = str | int | date | tuple["ReasonValue", ...]

Details = Mapping[str, ReasonValue]
"""The ids, dates and numbers that explain a reason or a violation."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a visit is left out: a typed code, and the ids, dates and numbers that make it plain."""

    code: str
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a plan breaks: its code, the visit at which it is reported, and what explains it."""

    code: str
    visit: str
    details: Details = field(default_factory=dict)
