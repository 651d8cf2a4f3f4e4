"""Inputs and outputs of inspectors and of what is kept about them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.fields import (
    Code,
    Count,
    Day,
    Flag,
    Input,
    Latitude,
    Longitude,
    LongText,
    Name,
    OptionalCode,
    OptionalName,
    Output,
    Patch,
    PositiveCount,
    QueryId,
    RowId,
    Text,
    distinct,
    example,
    unset,
)
from app.core.paging import PageQuery
from app.models import AbsenceKind, PersonKind, Rank, Skill

Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]
Weekdays = Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(distinct)]
Skills = Annotated[list[Skill], Field(max_length=len(Skill)), AfterValidator(distinct)]


class InspectorCreate(Input):
    """A new person; allowances are half-days on duty, none is no limit; weekdays are 1 for Monday to 7."""

    model_config = example(
        code="D15040201",
        name="王敏",
        kind="part_time",
        rank="leader",
        office_id=2,
        base_name="红山区政府",
        base_lon=118.96,
        base_lat=42.26,
        skills=["compulsory"],
        half_days_per_month=8,
    )

    code: Code
    name: Name
    kind: PersonKind
    rank: Rank = Rank.MEMBER
    office_id: RowId
    base_name: OptionalName = ""
    base_lon: Longitude
    base_lat: Latitude
    skills: Skills = Field(default_factory=list)
    weekdays: Weekdays | None = None
    half_days_per_month: Count | None = None
    half_days_per_year: Count | None = None
    load_before_half_days: Count = 0
    card_number: OptionalCode = ""
    phone: OptionalCode = ""


class InspectorPatch(Patch):
    """What may change of a person."""

    model_config = example(rank="leader", skills=["compulsory", "finance"])

    code: Code = unset()
    name: Name = unset()
    kind: PersonKind = unset()
    rank: Rank = unset()
    office_id: RowId = unset()
    base_name: OptionalName = unset()
    base_lon: Longitude = unset()
    base_lat: Latitude = unset()
    skills: Skills = unset()
    weekdays: Weekdays | None = None
    half_days_per_month: Count | None = None
    half_days_per_year: Count | None = None
    load_before_half_days: Count = unset()
    card_number: OptionalCode = unset()
    phone: OptionalCode = unset()


class InspectorOut(Output):
    """A person."""

    id: int
    code: str
    name: str
    kind: PersonKind
    rank: Rank
    office_id: int
    base_name: str
    base_lon: float
    base_lat: float
    skills: list[Skill]
    weekdays: list[int] | None
    half_days_per_month: int | None
    half_days_per_year: int | None
    load_before_half_days: int
    card_number: str
    phone: str
    ended_on: date | None
    synthetic: bool


class InspectorQuery(PageQuery):
    """Filters of the list of people."""

    office_id: QueryId | None = None
    kind: PersonKind | None = None
    rank: Rank | None = None
    skill: Skill | None = None
    appointed_on: Day | None = Field(default=None, description="该日在聘 (appointed on that day)")
    ended: bool | None = Field(default=None, description="是否已离任 (ended or not)")
    q: OptionalName = Field(default="", description="姓名或编号包含 (name or code contains)")


class AbsenceCreate(Input):
    """Days away, both inclusive."""

    model_config = example(first_on="2023-05-08", last_on="2023-05-12", kind="training", note="自治区培训")

    first_on: Day
    last_on: Day
    kind: AbsenceKind = AbsenceKind.LEAVE
    note: Text = ""


class AbsencePatch(Patch):
    """What may change of an absence."""

    model_config = example(last_on="2022-10-13")

    first_on: Day = unset()
    last_on: Day = unset()
    kind: AbsenceKind = unset()
    note: Text = unset()


class AbsenceOut(Output):
    """An absence."""

    id: int
    inspector_id: int
    first_on: date
    last_on: date
    kind: AbsenceKind
    note: str


class RecusalCreate(Input):
    """A recusal from an inspectee, or from whatever inspectee a named person heads."""

    model_config = example(inspectee_id=1, reason="配偶在该校任教", first_on="2022-01-01")

    inspectee_id: RowId | None = None
    person_name: Name | None = None
    reason: LongText
    first_on: Day
    last_on: Day | None = None


class RecusalPatch(Patch):
    """What may change of a recusal."""

    model_config = example(reason="近亲属在该校任职")

    inspectee_id: RowId | None = None
    person_name: Name | None = None
    reason: LongText = unset()
    first_on: Day = unset()
    last_on: Day | None = None


class RecusalOut(Output):
    """A recusal."""

    id: int
    inspector_id: int
    inspectee_id: int | None
    person_name: str | None
    reason: str
    first_on: date
    last_on: date | None


class AppointmentCreate(Input):
    """A term of office; without a number it is the next one."""

    model_config = example(first_on="2025-01-01", last_on="2027-12-31")

    first_on: Day
    last_on: Day | None = None
    number: PositiveCount | None = Field(default=None, description="第几个任期 (which term)")


class AppointmentPatch(Patch):
    """What may change of a term of office."""

    model_config = example(last_on="2024-11-30")

    first_on: Day = unset()
    last_on: Day | None = None
    number: PositiveCount = unset()


class AppointmentOut(Output):
    """A term of office."""

    id: int
    inspector_id: int
    first_on: date
    last_on: date | None
    number: int


class EmploymentCreate(Input):
    """Where somebody works or worked; an inspectee of the register is named by its id too."""

    model_config = example(employer="红山区教育局", region_id=2, first_on="2012-08-01", last_on="2018-07-31")

    employer: Name
    inspectee_id: RowId | None = None
    region_id: RowId | None = None
    first_on: Day
    last_on: Day | None = None


class EmploymentPatch(Patch):
    """What may change of an employment."""

    model_config = example(last_on="2021-08-31")

    employer: Name = unset()
    inspectee_id: RowId | None = None
    region_id: RowId | None = None
    first_on: Day = unset()
    last_on: Day | None = None


class EmploymentOut(Output):
    """An employment."""

    id: int
    inspector_id: int
    employer: str
    inspectee_id: int | None
    region_id: int | None
    first_on: date
    last_on: date | None


class TrainingCreate(Input):
    """A training; the first entry training opens the inspector's duty."""

    model_config = example(title="督学年度集中培训", first_on="2023-03-06", last_on="2023-03-10", hours=40)

    title: Name
    first_on: Day
    last_on: Day
    hours: Count
    entry: Flag = False


class TrainingPatch(Patch):
    """What may change of a training."""

    model_config = example(hours=42)

    title: Name = unset()
    first_on: Day = unset()
    last_on: Day = unset()
    hours: Count = unset()
    entry: Flag = unset()


class TrainingOut(Output):
    """A training."""

    id: int
    inspector_id: int
    title: str
    first_on: date
    last_on: date
    hours: int
    entry: bool


class InspectorDetail(InspectorOut):
    """A person with all that is kept about them, each list by first day."""

    appointments: list[AppointmentOut]
    trainings: list[TrainingOut]
    employments: list[EmploymentOut]
    absences: list[AbsenceOut]
    recusals: list[RecusalOut]


class RecordQuery(PageQuery):
    """Filters of what is kept about a person: what touches these days."""

    first_on: Day | None = Field(default=None, description="此日或以后仍有效 (not over before this day)")
    last_on: Day | None = Field(default=None, description="此日或以前已开始 (begun by this day)")
