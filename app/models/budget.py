"""What inspections cost: rates by which planned costs are worked out, and what was spent; money in fen (1/100 yuan)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order, not_negative, word_type


class CostKind(StrEnum):
    """What money is spent on; ``other`` has no rate."""

    TRAVEL = "travel"
    NIGHT = "night"
    EXPERT = "expert"
    OTHER = "other"


class CostRate(SQLModel, table=True):
    """What a kilometre, a night away or an expert's half-day costs on some days."""

    __tablename__ = "cost_rate"
    __table_args__ = (in_order(), not_negative("fen"), sa.CheckConstraint("kind <> 'other'", name="kind_has_a_rate"))

    id: int | None = Field(default=None, primary_key=True)
    kind: CostKind = Field(sa_type=word_type(CostKind), index=True)
    fen: int
    first_on: date
    last_on: date | None = None
    source: str = ""


class ActualCost(SQLModel, table=True):
    """Money that an office spent on a programme in a banner, with the voucher that shows it."""

    __tablename__ = "actual_cost"
    __table_args__ = (not_negative("fen"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    programme_code: str = Field(max_length=CODE_LENGTH, index=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    spent_on: date = Field(index=True)
    kind: CostKind = Field(sa_type=word_type(CostKind))
    fen: int = Field(sa_type=sa.BigInteger)
    voucher: str = Field(max_length=NAME_LENGTH)
    note: str = ""
