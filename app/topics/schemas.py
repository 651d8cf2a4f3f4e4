"""Inputs and outputs of topics and draws."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.fields import (
    Code,
    Day,
    Flag,
    Input,
    LongText,
    Name,
    Output,
    Patch,
    QueryId,
    RowId,
    Year,
    distinct,
    example,
    unset,
)
from app.core.paging import PageQuery
from app.models import InspecteeKind
from app.programmes.schemas import HalfDays, Requires, Weight

PROGRAMME = "thematic"
"""The programme under which a topic runs unless it names another of rule ``thematic``."""

StrictYear = Annotated[int, Field(strict=True, ge=1950, le=2100)]
Kinds = Annotated[list[InspecteeKind], Field(max_length=len(InspecteeKind)), AfterValidator(distinct)]
Ids = Annotated[list[RowId], Field(max_length=5000), AfterValidator(distinct)]
LawfulSize = Annotated[int, Field(strict=True, ge=3, le=50)]
SampleSize = Annotated[int, Field(strict=True, ge=1, le=5000)]
Percent = Annotated[int, Field(strict=True, ge=1, le=100)]


class TopicCreate(Input):
    """A topic for listed inspectees, or for a sample that is drawn later.

    A team has at least three inspectors (条例 art. 16). ``kinds`` and ``region_ids`` bound the candidates of a draw; an
    empty one does not.
    """

    model_config = example(
        office_id=2,
        year=2022,
        title="教师工资待遇",
        legal_basis="《教育督导条例》第十一条",
        first_on="2022-11-01",
        last_on="2022-11-30",
        half_days=1,
        requires={"finance": 1},
        kinds=["primary"],
        sample_size=1,
    )

    office_id: RowId
    year: StrictYear
    title: Name
    programme_code: Code = PROGRAMME
    legal_basis: LongText
    unannounced: Flag = Field(default=False, description="不提前通知：开始之前只有督导组和本机构可见 (unannounced)")
    first_on: Day
    last_on: Day
    half_days: HalfDays
    size: LawfulSize = 3
    requires: Requires = Field(default_factory=dict, description="至少须有的专长，如 {finance: 1} (skills)")
    weight: Weight = 20
    kinds: Kinds = Field(default_factory=list)
    region_ids: Ids = Field(default_factory=list)
    sample_size: SampleSize | None = None
    sample_percent: Percent | None = None
    inspectee_ids: Ids = Field(default_factory=list, description="直接列出的单位；抽样的留空 (listed inspectees)")


class TopicPatch(Patch):
    """What may change of a topic; what bounds its draw no longer once it is drawn."""

    model_config = example(last_on="2022-11-15")

    title: Name = unset()
    legal_basis: LongText = unset()
    unannounced: Flag = unset()
    first_on: Day = unset()
    last_on: Day = unset()
    half_days: HalfDays = unset()
    size: LawfulSize = unset()
    requires: Requires = unset()
    weight: Weight = unset()
    kinds: Kinds = unset()
    region_ids: Ids = unset()
    sample_size: SampleSize | None = None
    sample_percent: Percent | None = None
    inspectee_ids: Ids = unset()


class TopicOut(Output):
    """A topic with its inspectees, listed or drawn."""

    id: int
    office_id: int
    year: int
    title: str
    programme_code: str
    legal_basis: str
    unannounced: bool
    first_on: date
    last_on: date
    half_days: int
    size: int
    requires: dict[str, int]
    weight: int
    kinds: list[InspecteeKind]
    region_ids: list[int]
    sample_size: int | None
    sample_percent: int | None
    inspectee_ids: list[int]
    ended_on: date | None


class TopicQuery(PageQuery):
    """Filters of the topics."""

    office_id: QueryId | None = None
    year: Year | None = None
    programme: Code | None = None
    unannounced: bool | None = None
    ended: bool | None = None


class DrawRequest(Input):
    """The seed of a draw, as it was drawn in public; without one the service takes a random one."""

    model_config = example(seed="2022-09-01 公开摇号 20220901")

    seed: Name | None = None


class DrawOut(Output):
    """A draw, whole enough to be repeated: method, seed, candidates' codes, number and result."""

    id: int
    topic_id: int
    method: str
    seed: str
    candidates: list[str]
    number: int
    drawn: list[str]
    drawn_at: datetime
