"""What takes units and leaders away from inspection: quality monitoring, and weeks in which leaders are on duty."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import NAME_LENGTH, in_order


class MonitoringSample(SQLModel, table=True):
    """The units that a quality monitoring drew, which nobody inspects on its days."""

    __tablename__ = "monitoring_sample"
    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_LENGTH)
    first_on: date = Field(index=True)
    last_on: date
    inspectee_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    source: str = ""


class OfficeDuty(SQLModel, table=True):
    """Days on which an office's people, or those of chief rank alone, are on another duty, as in the region's weeks."""

    __tablename__ = "office_duty"
    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    name: str = Field(max_length=NAME_LENGTH)
    first_on: date
    last_on: date
    chiefs_only: bool = True
    source: str = ""
