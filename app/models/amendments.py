"""Moves of published visits: the numbered amendments of a version."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import word_type
from app.models.plans import Half


class Amendment(SQLModel, table=True):
    """A visit of a published version that was moved: from where, when and by whom.

    ``number`` counts the amendments of a version from 1; the version as published is the state before all of them.
    Where the visit went is where the next amendment found it, or where it stands.
    """

    __table_args__ = (sa.UniqueConstraint("version_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="published_version.id", index=True)
    number: int
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    from_on: date
    from_half: Half = Field(sa_type=word_type(Half))
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
