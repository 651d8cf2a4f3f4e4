"""What is asked of plans and what is answered: shapes only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.assignments.schemas import PersonOut, ServedOut
from app.core.fields import Code, Day, Input, Name, Output, QueryId, RowId, example
from app.core.paging import PageQuery
from app.models import Half, PlanState

LONGEST_SECONDS = 86_400
"""What the solver takes as a limit at most: a day."""


ChangeKind = Literal["day", "half", "team", "added", "dropped"]


class PlanRequest(Input):
    """What to plan: a region's offices, from a first to a last day, with so many seconds to think."""

    model_config = example(
        name="2022—2023 年红山区督导安排", region="150402", first_day="2022-09-01", last_day="2023-12-29", seconds=60
    )

    name: Name = Field(description="日程名称 (name)", examples=["2022—2025 年全市督导安排"])
    region: Code = Field(description="行政区划代码或编号 (adcode or id)", examples=["150400"])
    first_day: Day = Field(description="起始日 (first day)", examples=["2022-09-01"])
    last_day: Day = Field(description="结束日 (last day)", examples=["2025-12-31"])
    seconds: Annotated[int, Field(strict=True, ge=1, le=LONGEST_SECONDS)] = Field(
        description="求解时间上限，秒 (seconds to plan)", examples=[60]
    )
    based_on: RowId | None = Field(default=None, description="在哪个日程的基础上少作改动 (the plan to change little)")


class PlanQuery(PageQuery):
    """Which plans."""

    state: PlanState | None = None
    region: QueryId | None = None
    based_on: QueryId | None = None


class AssignmentQuery(PageQuery):
    """Which assignments; a date range keeps those with a day in it."""

    inspector: QueryId | None = Field(default=None, description="督学编号 (a member of the team)")
    inspectee: QueryId | None = Field(default=None, description="被督导单位编号 (inspectee)")
    region: QueryId | None = Field(default=None, description="单位所在行政区编号 (region of the inspectee)")
    office: QueryId | None = Field(default=None, description="负责机构编号 (owning office)")
    programme: Code | None = Field(default=None, description="督导项目代码 (programme)")
    first_day: Day | None = Field(default=None, description="自哪一天 (from)")
    last_day: Day | None = Field(default=None, description="至哪一天 (to)")


class UnscheduledQuery(PageQuery):
    """Which unscheduled visits."""

    office: QueryId | None = None
    programme: Code | None = None


class ChangeQuery(PageQuery):
    """Which changes."""

    kind: ChangeKind | None = None
    office: QueryId | None = None


class ProgressOut(Output):
    """How far the planner is: its phase, seconds, visits placed of all, and the best total and bound so far."""

    phase: str
    elapsed_seconds: float
    scheduled: int
    visits: int
    total: int | None
    bound: int | None


class PlanEvent(Output):
    """What an event of a plan tells: its state and how far the planner is."""

    id: int
    state: PlanState
    progress: ProgressOut


class ChangeCounts(Output):
    """How many visits differ from the plan that this one is based on; ``day`` and ``half`` may change a team too."""

    kept: int
    day: int
    half: int
    team: int
    added: int
    dropped: int


class PlanOut(Output):
    """A plan: what was asked, how far it is, and its figures once it is solved; ``score.travel`` is metres.

    ``revision`` counts the changes made by hand since it was solved.
    """

    id: int
    name: str
    region_id: int
    region: str
    first_day: date
    last_day: date
    seconds: int
    based_on: int | None
    working_on: date
    offices: list[int]
    state: PlanState
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested_at: datetime | None
    attempts: int
    progress: ProgressOut
    score: dict[str, int] | None
    total: int | None
    bound: int | None
    unscheduled_bound: int | None
    figures: dict[str, Any] | None
    changes: ChangeCounts | None
    failure: str
    faults: list[dict[str, Any]]
    revision: int


class ReasonOut(Output):
    """Why a visit is unscheduled: a code that is stable, the ids and numbers, and the words."""

    code: str
    details: dict[str, Any]
    message: str


class UnscheduledOut(Output):
    """An unscheduled visit."""

    visit: str
    inspectee_id: int
    inspectee: str
    office_id: int
    half_days: int
    earliest: date
    latest: date
    late: bool
    serves: list[ServedOut]
    reasons: list[ReasonOut]


class PlacementOut(Output):
    """When a visit is made in a plan, and by whom."""

    first_on: date
    half: Half
    team: list[PersonOut]


class ChangeOut(Output):
    """A visit that differs from the plan before: its placement there and here."""

    visit: str
    kind: ChangeKind
    inspectee_id: int
    inspectee: str
    office_id: int
    before: PlacementOut | None
    after: PlacementOut | None
