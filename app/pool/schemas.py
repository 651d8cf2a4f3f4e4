"""Inputs and outputs of the steps into office, and of an office's figures."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.core.fields import (
    Count,
    Day,
    Input,
    LongText,
    Name,
    OptionalCode,
    OptionalName,
    Output,
    QueryId,
    Year,
    example,
)
from app.core.paging import PageQuery
from app.models import PersonKind, PoolStage, Rank


class StepCreate(Input):
    """A step: its days, who took it, and the evidence (number of letter, card or minute; of an end the reason).

    ``last_on`` is the last day of the publicity, of the training or of the term of office. ``hours`` and ``title``
    belong to a training, ``card_number`` to an appointment.
    """

    model_config = example(stage="recommended", first_on="2022-08-01", done_by="红山区教育局", evidence="推荐函")

    stage: PoolStage
    first_on: Day
    last_on: Day | None = None
    done_by: Name
    evidence: LongText
    hours: Count | None = None
    title: OptionalName = ""
    card_number: OptionalCode = ""


class StepOut(Output):
    """A step that was taken."""

    id: int
    inspector_id: int
    stage: PoolStage
    first_on: date
    last_on: date
    done_by: str
    evidence: str
    recorded_by_id: int | None
    recorded_at: datetime


class PoolQuery(PageQuery):
    """Filters of the offices' figures."""

    office_id: QueryId | None = None
    on: Day | None = Field(default=None, description="截至哪一天，默认系统日期 (as of)")


class PoolDayQuery(Input):
    """The day of the figures."""

    on: Day | None = Field(default=None, description="截至哪一天，默认系统日期 (as of)")


class PersonRef(Output):
    """Somebody by id and name."""

    id: int
    name: str


class TrainingFiguresOut(Output):
    """Hours of training in the calendar year against those that everybody in office owes."""

    year: int
    required_hours: int
    hours: int
    reached: int
    behind: int


class PoolOut(Output):
    """An office's pool on a day; only who is in office counts.

    ``wanted`` inspectors follow from the schools that the office inspects and the schools for one inspector that the
    settings allow; ``missing`` is how many fewer there are. A ratio without a denominator is null.
    """

    office_id: int
    office: str
    on: date
    chief: list[PersonRef]
    deputies: list[PersonRef]
    inspectors: int
    full_time: int
    part_time: int
    invited: int
    part_time_per_full_time: float | None
    schools: int
    schools_per_inspector: float | None
    most_schools_per_inspector: int
    wanted: int
    missing: int
    training: TrainingFiguresOut
    appointments_ending: int
    at_last_term: int
    candidates: dict[PoolStage, int]
    findings: list[str]


class MemberQuery(PageQuery):
    """Filters of the people of an office's pool."""

    on: Day | None = Field(default=None, description="截至哪一天，默认系统日期 (as of)")
    stage: PoolStage | None = None
    ends_in: Year | None = Field(default=None, description="聘期在该年届满 (appointment ends in)")
    training_behind: bool | None = Field(default=None, description="当年培训学时未达标 (behind with training)")


class MemberOut(Output):
    """Somebody of an office's pool on a day: the stage, the term of office, the hours of training of the year."""

    inspector_id: int
    name: str
    kind: PersonKind
    rank: Rank
    stage: PoolStage | None
    term_number: int | None
    term_first_on: date | None
    term_last_on: date | None
    ends_on: date | None
    training_hours: int
    training_behind: bool
