"""What is asked of a draft and what is answered: shapes only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from app.assignments.schemas import PersonOut
from app.core.fields import Day, Input, LongText, Output, Patch, QueryId, RowId, example, unset
from app.core.paging import PageQuery
from app.models import EditKind, EditState, Half
from app.models.base import NAME_LENGTH
from app.plans.schemas import ReasonOut

LARGEST_TEAM = 50

VisitKey = Annotated[
    str,
    Path(min_length=1, max_length=NAME_LENGTH, pattern=r"^[!-~]+$", description="督导事项的标识 (key of the visit)"),
]


class AssignmentPatch(Patch):
    """The half-day and team of a visit, or that it is taken out; what is not named stays as it is.

    An unscheduled visit needs day, half and team. Where no leader is named the highest rank leads. ``take_out``
    is the reason for taking it out, and goes with nothing else.
    """

    model_config = example(day="2022-10-19", half="pm")

    day: Day = unset()
    half: Half = unset()
    team: Annotated[list[RowId], Field(min_length=1, max_length=LARGEST_TEAM)] = unset()
    leader: RowId = unset()
    take_out: LongText = unset()


class OptionsRequest(Input):
    """Which part of the visit's window, and for which half-day people are asked: by default its own."""

    model_config = example(first_day="2022-10-17", last_day="2022-10-21", day="2022-10-19", half="pm")

    first_day: Day | None = Field(default=None, description="自哪一天 (from)")
    last_day: Day | None = Field(default=None, description="至哪一天 (to)")
    day: Day | None = Field(default=None, description="哪一天的人员 (people for this day)")
    half: Half | None = Field(default=None, description="哪个半天的人员 (people for this half)")


class HalfDayOut(Output):
    """A half-day of the window: whether the visit could begin, else why not; whether its present team could come."""

    day: date
    half: Half
    is_open: bool
    fits_team: bool
    reason: ReasonOut | None


class PersonOptionOut(Output):
    """Somebody who could be in the team in that half-day, else why not."""

    id: int
    name: str
    in_team: bool
    is_open: bool
    reason: ReasonOut | None


class OptionsOut(Output):
    """The half-days of the window, and the people for ``day`` and ``half``: none where no half-day was asked."""

    visit: str
    earliest: date
    latest: date
    half_days: int
    team_size: int
    openings: list[HalfDayOut]
    day: date | None
    half: Half | None
    people: list[PersonOptionOut]


class ViolationOut(Output):
    """A rule that a draft breaks: its code, the visit, the day, who and what else has a part in it, and the words."""

    code: str
    visit: str
    day: date | None
    inspector: str | None
    other_visit: str | None
    other_office: str | None
    message: str
    details: dict[str, Any]


class ViolationQuery(PageQuery):
    """Which violations."""

    office: QueryId | None = Field(default=None, description="负责机构编号 (owning office)")


class EditQuery(PageQuery):
    """Which edits."""

    state: EditState | None = None


class StateOut(Output):
    """The state of a visit: its day, half, team, leader and whether it was locked, or why it was unscheduled."""

    first_on: date | None
    half: Half | None
    team: list[PersonOut]
    leader: PersonOut | None
    locked: bool
    reasons: list[ReasonOut]


class EditOut(Output):
    """An edit of a draft: who did what to which visit, when, and the state before and after."""

    number: int
    visit: str
    inspectee_id: int
    inspectee: str
    office_id: int
    kind: EditKind
    state: EditState
    made_at: datetime
    made_by: str | None
    undone_at: datetime | None
    undone_by: str | None
    before: StateOut
    after: StateOut


class DraftOut(Output):
    """A draft after a change: its revision, the edit, the score, how many violations, and those of the visit."""

    plan_id: int
    revision: int
    edit: EditOut | None
    scheduled: int
    total: int | None
    score: dict[str, int] | None
    faults_in_all: int
    faults: list[ViolationOut]
