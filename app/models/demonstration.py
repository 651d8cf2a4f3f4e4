"""The demonstration that a database holds: which one it is, and its working date."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH


class Demonstration(SQLModel, table=True):
    """At most one row: the scenario that was loaded and the working date that it has reached, which only rises."""

    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    scenario: str = Field(max_length=CODE_LENGTH)
    working_on: date
    moved_at: datetime
