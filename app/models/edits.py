"""What was changed by hand in a plan that is solved and not published."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import word_type


class EditKind(StrEnum):
    """What was done to a visit."""

    MOVE = "move"
    PLACE = "place"
    TAKE_OUT = "take_out"
    LOCK = "lock"
    UNLOCK = "unlock"


class EditState(StrEnum):
    """In effect; taken back and ready to be done again; taken back and overtaken by another edit."""

    DONE = "done"
    UNDONE = "undone"
    VOID = "void"


class PlanEdit(SQLModel, table=True):
    """An edit of a visit: who, when, and how it stood before and after; ``number`` is its place in the plan's log."""

    __tablename__ = "plan_edit"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    number: int
    visit_id: int = Field(foreign_key="planned_visit.id", index=True)
    kind: EditKind = Field(sa_type=word_type(EditKind))
    state: EditState = Field(default=EditState.DONE, sa_type=word_type(EditState))
    before: dict[str, Any] = Field(sa_type=sa.JSON)
    after: dict[str, Any] = Field(sa_type=sa.JSON)
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
