"""The calendar: years official or provisional, holidays and make-up days, school terms, closed days."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order, word_type
from app.models.inspectees import InspecteeKind


class CalendarStatus(StrEnum):
    """Whether a year's holidays stand in an official notice or are expected only."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


class CalendarYear(SQLModel, table=True):
    """A calendar year whose holidays are known or expected."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    status: CalendarStatus = Field(sa_type=word_type(CalendarStatus))
    source: str = ""


class DayKind(StrEnum):
    """A holiday is a working weekday that is free; a make-up day a weekend day that is worked."""

    HOLIDAY = "holiday"
    MAKE_UP_DAY = "make_up_day"


class CalendarDay(SQLModel, table=True):
    """A day that is not what its weekday says."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    year: int = Field(foreign_key="calendar_year.year", index=True)
    kind: DayKind = Field(sa_type=word_type(DayKind))
    name: str = Field(max_length=NAME_LENGTH)


class Season(StrEnum):
    """The two terms of a school year."""

    SPRING = "spring"
    AUTUMN = "autumn"


class SchoolTerm(SQLModel, table=True):
    """A school term of one kind of unit; outside it, no unit of the kind can be visited."""

    __tablename__ = "school_term"
    __table_args__ = (sa.UniqueConstraint("kind", "year", "season"), in_order())

    id: int | None = Field(default=None, primary_key=True)
    kind: InspecteeKind = Field(sa_type=word_type(InspecteeKind))
    year: int = Field(index=True)
    season: Season = Field(sa_type=word_type(Season))
    first_on: date
    last_on: date
    source: str = ""


class ClosedDays(SQLModel, table=True):
    """Exam days and others on which the units of some kinds, everywhere or in one region, are closed."""

    __tablename__ = "closed_days"
    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_LENGTH)
    first_on: date = Field(index=True)
    last_on: date
    kinds: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    region_id: int | None = Field(default=None, foreign_key="region.id", index=True)
    code: str = Field(default="", max_length=CODE_LENGTH)
    source: str = ""
