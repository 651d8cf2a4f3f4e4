"""Answers kept for requests that are sent again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH


class KeptAnswer(SQLModel, table=True):
    """The answer to a request of an account that bore an Idempotency-Key; ``fingerprint`` is a digest of the request.

    It is written in the transaction of the work that it answers, so that there is never one without the other.
    """

    __tablename__ = "kept_answer"

    user_id: int = Field(foreign_key="account.id", primary_key=True)
    key: str = Field(max_length=NAME_LENGTH, primary_key=True)
    fingerprint: str = Field(max_length=CODE_LENGTH)
    status: int
    headers: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    body: bytes
    created_at: datetime = Field(index=True)
