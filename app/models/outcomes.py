"""What came of a visit: when it was carried out, and its findings."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import NAME_LENGTH


class Severity(StrEnum):
    """How grave a finding is; it decides how long rectification may take."""

    MINOR = "minor"
    MAJOR = "major"
    URGENT = "urgent"


class VisitOutcome(SQLModel, table=True):
    """A visit that was carried out; ``visit_key`` names it in every plan.

    Each of ``findings`` has text, severity and the day by which it is to be rectified.
    """

    __tablename__ = "visit_outcome"

    id: int | None = Field(default=None, primary_key=True)
    visit_key: str = Field(max_length=NAME_LENGTH, unique=True)
    inspectee_id: int = Field(foreign_key="inspectee.id", index=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    done_on: date
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
