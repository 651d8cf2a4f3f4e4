"""The lease by which a worker holds the plans that it works on."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.base import NAME_LENGTH


class Lease(SQLModel, table=True):
    """A living worker: ``beats`` rises while it lives, and its plans are free as soon as the row is gone.

    Other workers compare ``beats`` with what they read before, so no clock decides who lives. ``beat_at``, by the
    database's clock, is for people.
    """

    executor: str = Field(primary_key=True, max_length=NAME_LENGTH)
    beats: int = 0
    beat_at: datetime
