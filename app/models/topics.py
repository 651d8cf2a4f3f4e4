"""Thematic inspections: topics of a year, and the logged draws of the units that they visit."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order


class Topic(SQLModel, table=True):
    """A topic that an office inspects in some units within some days, announced or not.

    ``programme_code`` is the programme on the yearly list under which it runs; ``kinds`` and ``region_ids`` bound the
    candidates of a draw, empty ones do not; ``sample_size`` or ``sample_percent`` says how many are drawn.
    ``inspectee_ids`` are the units, listed or drawn.
    """

    __table_args__ = (
        in_order(),
        sa.CheckConstraint("size >= 3", name="size"),
        sa.CheckConstraint("half_days > 0", name="half_days"),
        sa.CheckConstraint("sample_size IS NULL OR sample_percent IS NULL", name="sample"),
    )

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    year: int = Field(index=True)
    title: str = Field(max_length=NAME_LENGTH)
    programme_code: str = Field(max_length=CODE_LENGTH, index=True)
    legal_basis: str
    unannounced: bool = False
    first_on: date
    last_on: date
    half_days: int
    size: int = 3
    requires: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    weight: int
    kinds: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    region_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    sample_size: int | None = None
    sample_percent: int | None = None
    inspectee_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    ended_on: date | None = None


class TopicDraw(SQLModel, table=True):
    """A draw of a topic's units, whole enough that anyone repeats it: method, seed, candidates, number, result.

    Candidates and result are the units' codes in the register.
    """

    __tablename__ = "topic_draw"

    id: int | None = Field(default=None, primary_key=True)
    topic_id: int = Field(foreign_key="topic.id", unique=True)
    method: str = Field(max_length=NAME_LENGTH)
    seed: str = Field(max_length=NAME_LENGTH)
    candidates: list[str] = Field(sa_type=sa.JSON)
    number: int
    drawn: list[str] = Field(sa_type=sa.JSON)
    drawn_at: datetime
    drawn_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
