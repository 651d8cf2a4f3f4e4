"""Inputs and outputs of the calendar."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.fields import Day, Input, Name, OptionalCode, Output, Patch, RowId, Text, Year, distinct, example, unset
from app.core.paging import PageQuery
from app.models import CalendarStatus, DayKind, InspecteeKind, Season

Kinds = Annotated[list[InspecteeKind], Field(max_length=len(InspecteeKind)), AfterValidator(distinct)]


class YearCreate(Input):
    """A new year; without an official notice it is provisional."""

    model_config = example(year=2024, status="official", source="国务院办公厅关于2024年部分节假日安排的通知")

    year: Year
    status: CalendarStatus = CalendarStatus.PROVISIONAL
    source: Text = ""


class YearPatch(Patch):
    """What may change of a year."""

    model_config = example(status="official", source="国务院办公厅关于2023年部分节假日安排的通知")

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

    model_config = example(day="2023-05-01", kind="holiday", name="劳动节")

    day: Day
    kind: DayKind
    name: Name


class DayPatch(Patch):
    """What may change of a day."""

    model_config = example(name="国庆节")

    kind: DayKind = unset()
    name: Name = unset()


class DayOut(Output):
    """A holiday or a make-up day."""

    day: date
    kind: DayKind
    name: str


class TermCreate(Input):
    """A term of one kind of inspectee; it begins in the year."""

    model_config = example(kind="primary", season="autumn", first_on="2023-08-28", last_on="2024-01-12")

    kind: InspecteeKind
    season: Season
    first_on: Day
    last_on: Day
    source: Text = ""


class TermPatch(Patch):
    """What may change of a term."""

    model_config = example(last_on="2023-07-07")

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

    model_config = example(name="中考", first_on="2023-06-24", last_on="2023-06-26", kinds=["junior", "nine_year"])

    name: Name
    first_on: Day
    last_on: Day
    kinds: Kinds = Field(default_factory=list)
    region_id: RowId | None = None
    code: OptionalCode = ""
    source: Text = ""


class ClosedDaysPatch(Patch):
    """What may change of closed days."""

    model_config = example(last_on="2023-06-27")

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
