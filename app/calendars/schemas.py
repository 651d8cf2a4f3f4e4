"""Inputs and outputs of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.fields import Day, Input, Name, OptionalCode, Output, Patch, RowId, Text, Year, distinct, unset
from app.core.paging import PageQuery
from app.models import CalendarStatus, DayKind, InspecteeKind, Season

Kinds = Annotated[list[InspecteeKind], Field(max_length=len(InspecteeKind)), AfterValidator(distinct)]


class YearCreate(Input):
    """A new year; without an official notice it is provisional."""

    year: Year
    status: CalendarStatus = CalendarStatus.PROVISIONAL
    source: Text = ""


class YearPatch(Patch):
    """What may change of a year."""

    status: CalendarStatus = unset()
    source: Text = unset()


class YearOut(Output):
    """A year, official or provisional."""

    year: int
    status: CalendarStatus
    source: str


class YearQuery(PageQuery):
    """Filters of the list of years."""

    status: CalendarStatus | None = None


class DayCreate(Input):
    """A day that is not what its weekday says."""

    day: Day
    kind: DayKind
    name: Name


class DayPatch(Patch):
    """What may change of a day."""

    kind: DayKind = unset()
    name: Name = unset()


class DayOut(Output):
    """A holiday or a make-up day."""

    day: date
    kind: DayKind
    name: str


class TermCreate(Input):
    """A term of one kind of unit; it begins in the year."""

    kind: InspecteeKind
    season: Season
    first_on: Day
    last_on: Day
    source: Text = ""


class TermPatch(Patch):
    """What may change of a term."""

    first_on: Day = unset()
    last_on: Day = unset()
    source: Text = unset()


class TermOut(Output):
    """A school term; ``year`` is the one in which it begins."""

    id: int
    kind: InspecteeKind
    year: int
    season: Season
    first_on: date
    last_on: date
    source: str


class ClosedDaysCreate(Input):
    """Exam or other days; no kinds means every kind, no region means everywhere."""

    name: Name
    first_on: Day
    last_on: Day
    kinds: Kinds = Field(default_factory=list)
    region_id: RowId | None = None
    code: OptionalCode = ""
    source: Text = ""


class ClosedDaysPatch(Patch):
    """What may change of closed days."""

    name: Name = unset()
    first_on: Day = unset()
    last_on: Day = unset()
    kinds: Kinds = unset()
    region_id: RowId | None = None
    code: OptionalCode = unset()
    source: Text = unset()


class ClosedDaysOut(Output):
    """Exam or other closed days."""

    id: int
    name: str
    first_on: date
    last_on: date
    kinds: list[InspecteeKind]
    region_id: int | None
    code: str
    source: str


class CalendarOut(YearOut):
    """A whole year: its special days, the terms that begin in it, the closed days that touch it."""

    days: list[DayOut]
    terms: list[TermOut]
    closed_days: list[ClosedDaysOut]
