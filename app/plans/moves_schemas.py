"""Moving an own routine visit: what is asked, and what a version shows of its moves."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.core.fields import Day, Input, Output, example
from app.core.paging import PageQuery
from app.models import Half
from app.plans.schemas import PersonOut


class MoveRequest(Input):
    """Where an own routine visit is to begin."""

    model_config = example(day="2022-10-19", half="am")

    day: Day = Field(description="改到哪一天 (day)", examples=["2023-03-14"])
    half: Half = Field(description="上午或下午 (half)", examples=["am"])


class AmendmentQuery(PageQuery):
    """A page of a version's moves."""


class AmendmentOut(Output):
    """A move of a published visit: its number in the version, from where it was moved, where it stands now, by whom."""

    number: int
    visit: str
    assignment_id: int
    inspectee_id: int
    inspectee: str
    team: list[PersonOut]
    from_on: date
    from_half: Half
    now_on: date
    now_half: Half
    made_at: datetime
    made_by: str
