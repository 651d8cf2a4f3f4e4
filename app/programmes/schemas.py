"""Inputs and outputs of programmes, rounds, validation targets, external stages and burden rules."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.core.fields import (
    Code,
    Count,
    Day,
    Flag,
    Input,
    LongText,
    Name,
    Output,
    Patch,
    QueryId,
    RowId,
    Text,
    Year,
    distinct,
    example,
    unset,
)
from app.core.paging import PageQuery
from app.models import (
    ExternalStageKind,
    InspecteeKind,
    PersonKind,
    ProgrammeRule,
    Recognition,
    RoundSubject,
    Skill,
    TargetStatus,
)

MOST_HALF_DAYS = 10
"""The longest visit that the planner knows: five days."""

LEAST_INSPECTORS = 3
"""A team of a comprehensive or thematic inspection holds at least three inspectors (条例 art. 16)."""

INSPECTOR, LEAD, CHIEF = "inspector", "lead", "chief"
TAGS = frozenset({INSPECTOR, LEAD, CHIEF, *(skill.value for skill in Skill), *(kind.value for kind in PersonKind)})
"""What a team may be asked to hold: inspectors in law, a leader, chief rank, skills and kinds of person."""


class PhaseName(StrEnum):
    """What a visit is within its programme."""

    EVALUATION = "evaluation"
    LAUNCH = "launch"
    PROGRESS = "progress"
    REVIEW = "review"
    RECHECK = "recheck"


class PoolKind(StrEnum):
    """Whose people make the team: the owner office's, the city's, or the city's and all other banners'."""

    OWNER = "owner"
    CITY = "city"
    CROSS = "cross"


def _known_tags(requires: dict[str, int]) -> dict[str, int]:
    for tag in requires:
        if tag not in TAGS:
            raise PydanticCustomError(
                "unknown_tag",
                "“{tag}”不是督导组可以要求的标记。可用：{known}。",
                {"tag": tag, "known": "、".join(sorted(TAGS))},
            )
    return requires


HalfDays = Annotated[int, Field(strict=True, ge=1, le=MOST_HALF_DAYS)]
TeamSize = Annotated[int, Field(strict=True, ge=1, le=50)]
Weight = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Requires = Annotated[dict[str, Annotated[int, Field(strict=True, ge=0, le=50)]], AfterValidator(_known_tags)]
Kinds = Annotated[list[InspecteeKind], Field(min_length=1), AfterValidator(distinct)]


class ClassObservation(Input):
    """Classes to watch in a kindergarten: of each age group one in ``one_in``, by ``observers`` a morning."""

    ages: Annotated[int, Field(strict=True, ge=1, le=10)] = 3
    one_in: Annotated[int, Field(strict=True, ge=1, le=50)] = 3
    observers: Annotated[int, Field(strict=True, ge=1, le=50)] = 3


class PhaseCase(Input):
    """What differs for inspectees of some kinds with at least so many classes; what is absent stays as in the phase."""

    kinds: Kinds
    from_classes: Count = 0
    half_days: HalfDays | None = None
    observation: ClassObservation | None = None
    size: TeamSize | None = None
    requires: Requires = Field(default_factory=dict)


class Phase(Input):
    """One kind of visit of a programme: its official name, when, how long, by what team, how important.

    ``lead_years`` before the target year and ``gap_days`` after the visit before are for chains; ``city_members`` is
    the least number of the city's people in a cross-banner team. ``min_days`` to ``max_days`` after the visit, and for
    ``share_percent`` of the visits, are for rechecks; ``days_before`` and ``days_after`` the end of a head's term for
    the inspection at that end.
    """

    name: PhaseName
    title: Name
    lead_years: Annotated[int, Field(strict=True, ge=0, le=10)] = 0
    gap_days: Annotated[int, Field(strict=True, ge=0, le=366)] = 0
    min_days: Annotated[int, Field(strict=True, ge=1, le=366)] = 60
    max_days: Annotated[int, Field(strict=True, ge=1, le=1100)] = 150
    share_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = 100
    days_before: Annotated[int, Field(strict=True, ge=0, le=366)] = 180
    days_after: Annotated[int, Field(strict=True, ge=0, le=366)] = 180
    half_days: HalfDays
    size: TeamSize
    pool: PoolKind
    requires: Requires = Field(default_factory=dict)
    city_members: Annotated[int, Field(strict=True, ge=0, le=50)] = 0
    excludes_own_banner: Flag = False
    cases: Annotated[list[PhaseCase], Field(max_length=100)] = Field(default_factory=list)
    weight: Weight


Phases = Annotated[list[Phase], Field(min_length=1, max_length=10)]
Interval = Annotated[int, Field(strict=True, ge=1, le=50)]
Notice = Annotated[int, Field(strict=True, ge=0, le=365)]


class ProgrammeCreate(Input):
    """The first version of a programme."""

    model_config = example(
        code="local_round",
        name="综合督导评估",
        rule="round",
        legal_basis="《教育督导条例》第十四条",
        in_force_from="2022-09-01",
        covers=["primary", "junior"],
        phases=[
            {
                "name": "evaluation",
                "title": "综合督导评估",
                "half_days": 2,
                "size": 3,
                "pool": "owner",
                "requires": {"inspector": 3, "lead": 1},
                "weight": 10,
            }
        ],
    )

    code: Code
    name: Name
    rule: ProgrammeRule
    legal_basis: LongText
    in_force_from: Day
    in_force_to: Day | None = None
    covers: Kinds
    comprehensive: Flag = True
    notice_days: Notice | None = Field(default=None, description="提前通知天数；不填则按设置 (by the setting)")
    max_interval_years: Interval | None = None
    phases: Phases


class ProgrammePatch(Patch):
    """What may change; of a version that a plan used, the change becomes a new version from ``in_force_from`` on."""

    model_config = example(notice_days=20)

    name: Name = unset()
    legal_basis: LongText = unset()
    in_force_from: Day = unset()
    covers: Kinds = unset()
    comprehensive: Flag = unset()
    notice_days: Notice = unset()
    max_interval_years: Interval | None = None
    phases: Phases = unset()


class ProgrammeOut(Output):
    """A version of a programme; ``used`` tells that a plan was made with it."""

    id: int
    code: str
    version: int
    name: str
    rule: ProgrammeRule
    legal_basis: str
    in_force_from: date
    in_force_to: date | None
    covers: list[InspecteeKind]
    comprehensive: bool
    notice_days: int
    max_interval_years: int | None
    phases: list[Phase]
    used: bool


class ProgrammeQuery(PageQuery):
    """Filters of the list of programmes."""

    code: Code | None = None
    rule: ProgrammeRule | None = None
    in_force_on: Day | None = Field(default=None, description="在哪一天施行 (in force on)")


class RoundCreate(Input):
    """A round from a first to a last day."""

    model_config = example(name="第二轮学校综合督导", subject="schools", first_on="2026-01-01", last_on="2028-12-31")

    name: Name
    subject: RoundSubject
    first_on: Day
    last_on: Day
    source: Text = ""


class RoundPatch(Patch):
    """What may change of a round."""

    model_config = example(source="规划")

    name: Name = unset()
    first_on: Day = unset()
    last_on: Day = unset()
    source: Text = unset()


class RoundOut(Output):
    """A round."""

    id: int
    name: str
    subject: RoundSubject
    first_on: date
    last_on: date
    ended_on: date | None
    source: str


class RoundQuery(PageQuery):
    """Filters of the list of rounds."""

    subject: RoundSubject | None = None
    ended: bool | None = None


class StageCreate(Input):
    """Dates that the region or the nation gives; sampled schools are taken on these days too."""

    model_config = example(kind="validation", first_on="2023-10-16", last_on="2023-10-20")

    kind: ExternalStageKind
    first_on: Day
    last_on: Day
    sampled_inspectee_ids: Annotated[list[RowId], Field(max_length=2000), AfterValidator(distinct)] = Field(
        default_factory=list
    )


class StagePatch(Patch):
    """What may change of an external stage."""

    model_config = example(last_on="2024-03-15")

    first_on: Day = unset()
    last_on: Day = unset()
    sampled_inspectee_ids: Annotated[list[RowId], Field(max_length=2000), AfterValidator(distinct)] = unset()


class StageOut(Output):
    """An external stage."""

    id: int
    target_id: int
    kind: ExternalStageKind
    first_on: date
    last_on: date
    sampled_inspectee_ids: list[int]


class TargetCreate(Input):
    """A banner that is to be validated in a year."""

    model_config = example(region_id=3, recognition="preschool_universal", target_year=2025, source="规划")

    region_id: RowId
    recognition: Recognition
    target_year: Year
    source: Text = ""


class TargetPatch(Patch):
    """What may change of a target; its year moves the chain that leads to it."""

    model_config = example(source="规划表二")

    target_year: Year = unset()
    actual_year: Year | None = None
    status: TargetStatus = unset()
    source: Text = unset()


class ChainStepOut(Output):
    """A phase of the chain with the days within which the target year asks for it."""

    phase: PhaseName
    title: str
    first_on: date
    last_on: date


class TargetOut(Output):
    """A validation target, the stages dated from outside, and the chain that leads to its year."""

    id: int
    region_id: int
    region: str
    recognition: Recognition
    target_year: int
    actual_year: int | None
    status: TargetStatus
    source: str
    synthetic: bool
    stages: list[StageOut]
    application_on: date
    chain: list[ChainStepOut]


class TargetQuery(PageQuery):
    """Filters of the list of targets."""

    region_id: QueryId | None = None
    recognition: Recognition | None = None
    target_year: Year | None = None
    status: TargetStatus | None = None


class BurdenCreate(Input):
    """How many comprehensive inspections an inspectee may receive in a calendar year, on which basis, on which days."""

    model_config = example(
        comprehensive_per_year=1, first_on="2015-01-01", last_on="2019-12-31", law=False, basis="本市规定"
    )

    comprehensive_per_year: Annotated[int, Field(strict=True, ge=0, le=100)]
    first_on: Day
    last_on: Day | None = None
    law: Flag
    basis: LongText


class BurdenPatch(Patch):
    """What may change of a burden rule."""

    model_config = example(basis="本市规定")

    comprehensive_per_year: Annotated[int, Field(strict=True, ge=0, le=100)] = unset()
    first_on: Day = unset()
    last_on: Day | None = None
    law: Flag = unset()
    basis: LongText = unset()


class BurdenOut(Output):
    """A burden rule; ``basis`` may be cited only for days on which the rule is in force."""

    id: int
    comprehensive_per_year: int
    first_on: date
    last_on: date | None
    law: bool
    basis: str


class BurdenQuery(PageQuery):
    """Filters of the list of burden rules."""

    in_force_on: Day | None = Field(default=None, description="在哪一天有效 (in force on)")


def phases_of(stored: list[dict[str, Any]]) -> list[Phase]:
    """The phases of a stored programme, typed."""
    return [Phase.model_validate(phase) for phase in stored]
