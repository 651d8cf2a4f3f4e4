"""Inputs and outputs of inspected inspectees, areas and evaluation methods."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from app.core.fields import (
    Code,
    Count,
    Day,
    Flag,
    Input,
    Latitude,
    Longitude,
    Name,
    OptionalName,
    Output,
    Patch,
    QueryId,
    RowId,
    Text,
    example,
    unset,
)
from app.core.paging import PageQuery
from app.models import InspecteeKind

HalfDays = Annotated[int, Field(strict=True, ge=1, le=10)]


class InspecteeCreate(Input):
    """A new inspectee; without an owner office it gets the one that the settings name for its kind."""

    model_config = example(
        code="S2115001",
        name="红山区第十小学",
        kind="primary",
        region_id=2,
        township="西屯街道",
        lon=118.95,
        lat=42.27,
        pupils=860,
        classes=20,
    )

    code: Code
    name: Name
    kind: InspecteeKind
    region_id: RowId
    owner_office_id: RowId | None = None
    parent_id: RowId | None = None
    township: OptionalName = ""
    lon: Longitude
    lat: Latitude
    pupils: Count = 0
    classes: Count = 0
    boarding: Flag = False
    opened_on: Day | None = None
    head_name: OptionalName = ""
    head_term_ends_on: Day | None = None
    area_id: RowId | None = None
    responsible_inspector_id: RowId | None = None
    source: Text = ""


class InspecteePatch(Patch):
    """What may change of an inspectee; it stays in its banner."""

    model_config = example(pupils=910, classes=21)

    code: Code = unset()
    name: Name = unset()
    kind: InspecteeKind = unset()
    owner_office_id: RowId = unset()
    parent_id: RowId | None = None
    township: OptionalName = unset()
    lon: Longitude = unset()
    lat: Latitude = unset()
    pupils: Count = unset()
    classes: Count = unset()
    boarding: Flag = unset()
    opened_on: Day | None = None
    head_name: OptionalName = unset()
    head_term_ends_on: Day | None = None
    area_id: RowId | None = None
    responsible_inspector_id: RowId | None = None
    source: Text = unset()


class InspecteeOut(Output):
    """An inspectee."""

    id: int
    code: str
    name: str
    kind: InspecteeKind
    region_id: int
    owner_office_id: int
    parent_id: int | None
    township: str
    lon: float
    lat: float
    pupils: int
    classes: int
    boarding: bool
    opened_on: date | None
    closed_on: date | None
    closing_reason: str
    head_name: str
    head_term_ends_on: date | None
    area_id: int | None
    responsible_inspector_id: int | None
    synthetic: bool
    source: str


class ClosureCreate(Input):
    """Days on which the inspectee cannot be visited, both inclusive."""

    model_config = example(first_on="2023-09-04", last_on="2023-09-15", reason="校舍加固")

    first_on: Day
    last_on: Day
    reason: Text = ""


class ClosurePatch(Patch):
    """What may change of a closure."""

    model_config = example(last_on="2023-05-05")

    first_on: Day = unset()
    last_on: Day = unset()
    reason: Text = unset()


class ClosureOut(Output):
    """A closure."""

    id: int
    inspectee_id: int
    first_on: date
    last_on: date
    reason: str


class PastInspectionCreate(Input):
    """An inspection that took place outside this service."""

    model_config = example(programme_code="round", first_on="2020-10-12", half_days=2)

    programme_code: Code
    first_on: Day
    half_days: HalfDays = 2
    comprehensive: Flag = True


class PastInspectionPatch(Patch):
    """What may change of a past inspection."""

    model_config = example(half_days=4)

    programme_code: Code = unset()
    first_on: Day = unset()
    half_days: HalfDays = unset()
    comprehensive: Flag = unset()


class PastInspectionOut(Output):
    """A past inspection."""

    id: int
    inspectee_id: int
    programme_code: str
    first_on: date
    half_days: int
    comprehensive: bool
    synthetic: bool


class InspecteeDetail(InspecteeOut):
    """An inspectee with its closures and past inspections, each by first day."""

    closures: list[ClosureOut]
    past_inspections: list[PastInspectionOut]


class InspecteeQuery(PageQuery):
    """Filters of the list of inspectees."""

    region_id: QueryId | None = None
    owner_office_id: QueryId | None = None
    kind: InspecteeKind | None = None
    parent_id: QueryId | None = None
    area_id: QueryId | None = None
    responsible_inspector_id: QueryId | None = None
    boarding: bool | None = None
    open_on: Day | None = Field(default=None, description="该日已开办且未停办 (open on that day)")
    q: OptionalName = Field(default="", description="名称或编号包含 (name or code contains)")


class RecordQuery(PageQuery):
    """Filters of an inspectee's closures and past inspections: what touches these days."""

    first_on: Day | None = Field(default=None, description="此日或以后 (not over before this day)")
    last_on: Day | None = Field(default=None, description="此日或以前 (begun by this day)")


class AreaCreate(Input):
    """A new responsibility area of a banner."""

    model_config = example(region_id=2, name="第二责任区")

    region_id: RowId
    name: Name


class AreaPatch(Patch):
    """What may change of an area."""

    model_config = example(name="西城责任区")

    name: Name = unset()


class AreaOut(Output):
    """A responsibility area."""

    id: int
    region_id: int
    name: str


class AreaMemberCreate(Input):
    """An inspector who joins an area."""

    model_config = example(inspector_id=1)

    inspector_id: RowId


class AreaMemberOut(Output):
    """An inspector of an area, with what he or she gives; no half-days is without limit."""

    inspector_id: int
    name: str
    office_id: int
    half_days_per_month: int | None


class AreaMemberQuery(PageQuery):
    """A page of an area's people."""


class AllotmentRequest(Input):
    """Whose inspectees are to be allotted."""

    model_config = example(office_id=2)

    office_id: RowId


class AllotmentOut(Output):
    """How many inspectees got a responsible inspector, how many another one than before, and which got none."""

    office_id: int
    units: int
    drawn: int
    changed: int
    without: list[int]


class AreaQuery(PageQuery):
    """Filters of the list of areas."""

    region_id: QueryId | None = None


class EvaluationMethodCreate(Input):
    """A method by which a kind of inspectee is evaluated."""

    model_config = example(kind="junior", title="初中综合督导评估办法", version="2022", in_force_from="2022-03-01")

    kind: InspecteeKind
    title: Name
    version: Code
    in_force_from: Day
    in_force_to: Day | None = None


class EvaluationMethodPatch(Patch):
    """What may change of a method; a new version is a new method."""

    model_config = example(in_force_to="2025-12-31")

    title: Name = unset()
    version: Code = unset()
    in_force_from: Day = unset()
    in_force_to: Day | None = None


class EvaluationMethodOut(Output):
    """A method of evaluation."""

    id: int
    kind: InspecteeKind
    title: str
    version: str
    in_force_from: date
    in_force_to: date | None


class EvaluationMethodQuery(PageQuery):
    """Filters of the list of methods."""

    kind: InspecteeKind | None = None
    in_force_on: Day | None = Field(default=None, description="该日有效 (in force on that day)")
