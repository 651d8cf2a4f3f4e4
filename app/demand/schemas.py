"""Answers about required visits, how far a plan covers them, and capacity."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from app.core.fields import Code, Day, Output, QueryId
from app.core.paging import PageQuery
from app.models import InspecteeKind


class CoverageState(StrEnum):
    """The state of a requirement in a plan.

    ``planned`` and ``carried_out``: it has a visit in the plan. ``done``: it was inspected in the round already.
    ``unscheduled``: the planner left its visit out. ``unplanned``: no visit is required now. ``uncovered``: nothing
    of this is so; the plan was made before the register or the rules changed.
    """

    PLANNED = "planned"
    CARRIED_OUT = "carried_out"
    DONE = "done"
    UNSCHEDULED = "unscheduled"
    UNPLANNED = "unplanned"
    UNCOVERED = "uncovered"


class CoverageOut(Output):
    """An inspectee's duty with its visit, or the reason that it has none."""

    inspectee_id: int
    inspectee: str
    kind: InspecteeKind
    region_id: int
    office_id: int
    programme: str
    phase: str
    state: CoverageState
    visit: str | None
    assignment_id: int | None
    first_on: date | None
    due_on: date | None
    reasons: list[str]
    messages: list[str]


class CoverageQuery(PageQuery):
    """Which duties."""

    region: QueryId | None = Field(default=None, description="单位所在行政区编号 (region of the inspectee)")
    office: QueryId | None = Field(default=None, description="负责机构编号 (owning office)")
    inspectee: QueryId | None = Field(default=None, description="被督导单位编号 (inspectee)")
    programme: Code | None = Field(default=None, description="督导项目代码 (programme)")
    state: CoverageState | None = Field(default=None, description="状态 (state)")


class ServedPhaseOut(Output):
    """A programme that a visit serves, with its phase."""

    programme: str
    phase: str


class RequiredVisitOut(Output):
    """A required visit; ``alone_because`` says why a government's evaluation shares no stay."""

    visit: str
    inspectee_id: int
    inspectee: str
    region_id: int
    office_id: int
    half_days: int
    earliest: date
    latest: date
    late: bool
    due_on: date | None
    team_size: int
    requires: dict[str, int]
    pool: list[str]
    weight: int
    burden: int
    serves: list[ServedPhaseOut]
    alone_because: str | None


class UnplannedOut(Output):
    """A requirement for which no visit is planned now, with the reason."""

    inspectee_id: int
    inspectee: str
    region_id: int
    programme: str
    phase: str
    reason: str
    due_on: date | None
    details: dict[str, Any]
    message: str


class RequiredVisitsOut(Output):
    """A page of required visits, and the requirements without one in the same region."""

    items: list[RequiredVisitOut]
    total: int
    page: int
    page_size: int
    unplanned: list[UnplannedOut]


class RequiredVisitQuery(PageQuery):
    """Which required visits, on which days: by default from the working date to the end of its year."""

    region: Code = Field(description="行政区划代码或编号 (adcode or id)", examples=["150400"])
    first_day: Day | None = None
    last_day: Day | None = None
    programme: Code | None = None
    late: bool | None = None


class CapacityQuery(PageQuery):
    """Half-days required against half-days available, on which days, of which region's offices."""

    region: Code = Field(description="行政区划代码或编号 (adcode or id)", examples=["150400"])
    first_day: Day | None = None
    last_day: Day | None = None
    office: QueryId | None = None


class SkillCapacityOut(Output):
    """The same for the people who bear a skill or rank."""

    tag: str
    asked: int
    available: int


class CapacityOut(Output):
    """Half-days of an office's people in a calendar month: required, held by assignments, available in all."""

    office_id: int
    office: str
    month: date
    asked: int
    held: int
    available: int
    by_tag: list[SkillCapacityOut]
