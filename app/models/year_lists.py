"""The yearly list: what an office may carry out in a calendar year, and since when that must be on a list."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order


class YearListRule(SQLModel, table=True):
    """Whether an office may carry out only what is on its list of the year, with the basis and the days in force."""

    __tablename__ = "year_list_rule"
    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    required: bool
    first_on: date
    last_on: date | None = None
    law: bool
    basis: str


class YearList(SQLModel, table=True):
    """The list that an office filed for a calendar year."""

    __tablename__ = "year_list"
    __table_args__ = (sa.UniqueConstraint("office_id", "year"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    year: int
    filed_on: date
    source: str = ""


class YearListItem(SQLModel, table=True):
    """A programme on a list; one that was added after the filing day bears the number of its approval."""

    __tablename__ = "year_list_item"
    __table_args__ = (sa.UniqueConstraint("list_id", "programme_code"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="year_list.id", index=True)
    programme_code: str = Field(max_length=CODE_LENGTH, index=True)
    filed_on: date
    approval_number: str = Field(default="", max_length=NAME_LENGTH)
