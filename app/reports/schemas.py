"""Inputs and outputs of cost rates, actual costs, the budget report and the aims; money in fen (1/100 yuan)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import (
    Code,
    Count,
    Day,
    Flag,
    Input,
    LongText,
    Name,
    OptionalCode,
    Output,
    Patch,
    QueryId,
    RowId,
    Text,
    Year,
    example,
    unset,
)
from app.core.paging import PageQuery
from app.models import AimSubject, CostKind, Season

Fen = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000_000, description="金额，分 (fen)")]


class RateCreate(Input):
    """What a kilometre, a night or an expert's half-day costs from a day on, in fen."""

    model_config = example(
        kind="night", fen=32_000, first_on="2018-01-01", last_on="2019-12-31", source="差旅费管理办法"
    )

    kind: CostKind
    fen: Count
    first_on: Day
    last_on: Day | None = None
    source: Text = ""


class RatePatch(Patch):
    """What may change of a rate."""

    model_config = example(source="差旅费管理办法")

    fen: Count = unset()
    first_on: Day = unset()
    last_on: Day | None = None
    source: Text = unset()


class RateOut(Output):
    """A rate."""

    id: int
    kind: CostKind
    fen: int
    first_on: date
    last_on: date | None
    source: str


class RateQuery(PageQuery):
    """Filters of the rates."""

    kind: CostKind | None = None
    in_force_on: Day | None = Field(default=None, description="在哪一天有效 (in force on)")


class CostCreate(Input):
    """Money that an office spent on a programme in a banner."""

    model_config = example(
        office_id=2,
        programme_code="round",
        region_id=2,
        spent_on="2022-08-15",
        kind="night",
        fen=64_000,
        voucher="2022-08-031",
    )

    office_id: RowId
    programme_code: Code
    region_id: RowId
    spent_on: Day
    kind: CostKind
    fen: Fen
    voucher: Name
    note: Text = ""


class CostPatch(Patch):
    """What may change of an actual cost."""

    model_config = example(note="两晚")

    programme_code: Code = unset()
    region_id: RowId = unset()
    spent_on: Day = unset()
    kind: CostKind = unset()
    fen: Fen = unset()
    voucher: Name = unset()
    note: Text = unset()


class CostOut(Output):
    """Money that was spent."""

    id: int
    office_id: int
    programme_code: str
    region_id: int
    spent_on: date
    kind: CostKind
    fen: int
    voucher: str
    note: str


class CostQuery(PageQuery):
    """Filters of the actual costs."""

    office_id: QueryId | None = None
    region_id: QueryId | None = None
    programme: OptionalCode | None = None
    year: Year | None = None


class BudgetFilter(BaseModel):
    """What the report is of: what is in force or, with ``plan``, all that a plan has assigned."""

    model_config = ConfigDict(extra="forbid")

    plan: QueryId | None = Field(default=None, description="某个日程的全部安排；不填则为现行安排 (of a plan)")
    office_id: QueryId | None = None
    region_id: QueryId | None = None
    programme: OptionalCode | None = None
    year: Year | None = None


class BudgetLineQuery(PageQuery, BudgetFilter):
    """The same for the lines, page by page."""


class PlannedOut(Output):
    """What is planned: quantities and, by the rates of their days, money. ``visits`` are those begun in the year."""

    visits: int
    metres: int
    nights: int
    expert_half_days: int
    travel_fen: int
    night_fen: int
    expert_fen: int
    fen: int


class ActualOut(Output):
    """What was spent, by kind and in all."""

    travel_fen: int
    night_fen: int
    expert_fen: int
    other_fen: int
    fen: int


class BudgetShareOut(Output):
    """Planned against actual of a part of the whole; ``left_fen`` is negative where more was spent than planned."""

    key: str
    name: str
    planned: PlannedOut
    actual: ActualOut
    left_fen: int


class BudgetLineOut(Output):
    """The finest part: an office, a programme, a banner, a year."""

    office_id: int
    office: str
    programme_code: str
    programme: str
    region_id: int
    region: str
    year: int
    planned: PlannedOut
    actual: ActualOut
    left_fen: int


class UnpricedOut(Output):
    """A quantity on days without a rate: it stands in no sum of money."""

    kind: CostKind
    quantity: int
    unit: str


class BudgetOut(Output):
    """Planned against actual in all and three times split; each split adds up to the whole.

    A visit that serves several programmes is split among them in equal parts.
    """

    plan_id: int | None
    whole: BudgetShareOut
    by_programme: list[BudgetShareOut]
    by_banner: list[BudgetShareOut]
    by_year: list[BudgetShareOut]
    unpriced: list[UnpricedOut]


class AimQuery(PageQuery):
    """The day on which the aims are looked at."""

    on: Day | None = Field(default=None, description="截至哪一天，默认系统日期 (as of)")


class AimCreate(Input):
    """An aim with the place where the plan sets it."""

    model_config = example(
        code="quality",
        title="全市优质均衡的旗县区约占百分之二十",
        subject="compulsory_quality",
        percent=20,
        about=True,
        due_on="2025-12-31",
        source="规划",
    )

    code: Code
    title: Name
    subject: AimSubject
    percent: Annotated[int, Field(strict=True, ge=1, le=100)]
    about: Flag = False
    due_on: Day
    source: LongText


class AimPatch(Patch):
    """What may change of an aim."""

    model_config = example(percent=25)

    title: Name = unset()
    percent: Annotated[int, Field(strict=True, ge=1, le=100)] = unset()
    about: Flag = unset()
    due_on: Day = unset()
    source: LongText = unset()


class AimState(StrEnum):
    """Where an aim stands."""

    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    SHORT = "short"


class AimOut(Output):
    """An aim of the plan and where it stands.

    ``of`` are the banners or units that it speaks of, ``wanted`` how many of them the percentage asks, ``reached``
    those that have passed or were inspected, ``planned`` those that have a target or a visit in force ahead,
    ``failed`` those that did not pass, and ``open`` those that are left without anything of it.
    """

    id: int
    code: str
    title: str
    subject: AimSubject
    percent: int
    about: bool
    due_on: date
    source: str
    on: date
    of: int
    wanted: int
    reached: int
    planned: int
    failed: int
    open: int
    reached_percent: float
    named_percent: float
    state: AimState
    notes: list[str]


class BurdenTotalQuery(PageQuery):
    """Filters of the counts; with ``plan`` as if all of it were in force."""

    year: Year | None = Field(default=None, description="年份，默认系统日期所在年 (calendar year)")
    plan: QueryId | None = Field(default=None, description="按某个日程计；不填则按现行安排 (as in a plan)")
    region_id: QueryId | None = None
    office_id: QueryId | None = None
    inspectee_id: QueryId | None = None
    over: bool | None = Field(default=None, description="是否超过上限 (over the limit)")


class BurdenTotalOut(Output):
    """How many inspections a school receives in a year or term, of all offices together, without the routine ones.

    ``most`` is the limit of the settings, null for none; ``message`` tells where it is passed.
    """

    inspectee_id: int
    inspectee: str
    region_id: int
    office_id: int
    year: int
    season: Season | None
    visits: int
    comprehensive: int
    most: int | None
    over: bool
    message: str | None
