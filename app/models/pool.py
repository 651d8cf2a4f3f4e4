"""The way of an inspector into office and out of it, step by step."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.models.base import NAME_LENGTH, in_order, word_type


class PoolStage(StrEnum):
    """The steps in their order; renewal of a term begins again with the first."""

    RECOMMENDED = "recommended"
    CHECKED = "checked"
    PUBLICISED = "publicised"
    APPOINTED = "appointed"
    TRAINED = "trained"
    IN_OFFICE = "in_office"
    ENDED = "ended"


class PoolStep(SQLModel, table=True):
    """A step that was taken: on which days, by whom, and which letter, card or minute shows it.

    Whether somebody counts is decided by appointments and trainings alone; the steps that make those rows only tell
    how they came about.
    """

    __tablename__ = "pool_step"
    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", index=True)
    stage: PoolStage = Field(sa_type=word_type(PoolStage))
    first_on: date
    last_on: date
    done_by: str = Field(max_length=NAME_LENGTH)
    evidence: str
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    recorded_at: datetime
