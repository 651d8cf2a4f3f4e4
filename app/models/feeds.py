"""Calendar feeds of inspectors: the secret address, and how often each event has moved."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, not_negative


class CalendarFeed(SQLModel, table=True):
    """The feed that an inspector opened; of its secret address only a digest is kept."""

    __tablename__ = "calendar_feed"

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", unique=True)
    secret_hash: str = Field(max_length=CODE_LENGTH, unique=True)
    created_at: datetime


class CalendarEvent(SQLModel, table=True):
    """A duty in an inspector's calendar, in force or cancelled since; ``key`` names the same duty in every plan.

    ``assignment_id`` is where it stands, or stood last; ``sequence`` rises when it moves (RFC 5545 section 3.8.7.4) and
    ``changed_at`` whenever anything of it changes.
    """

    __tablename__ = "calendar_event"
    __table_args__ = (sa.UniqueConstraint("inspector_id", "key"), not_negative("sequence"))

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id")
    key: str = Field(max_length=NAME_LENGTH, index=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    sequence: int = 0
    cancelled: bool = False
    changed_at: datetime
