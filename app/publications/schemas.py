"""What is asked of publications and what is answered: shapes only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.assignments.schemas import PersonOut
from app.core.fields import Day, Input, Output, QueryId, RowId, example
from app.core.paging import PageQuery
from app.models import Half


class PublishRequest(Input):
    """Whose share of a plan to put into force, and up to which day: by default whatever may be, to the year's end."""

    model_config = example(until="2022-12-30")

    offices: Annotated[list[RowId], Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="发布哪些机构的部分 (offices)"
    )
    until: Day | None = Field(default=None, description="生效至哪一天，其后为预安排 (last day in force)")


class VersionQuery(PageQuery):
    """Which versions."""

    office: QueryId | None = None
    in_force: bool | None = None


class VersionOut(Output):
    """An office's share of a plan in force up to a day, or once in force."""

    id: int
    office_id: int
    office: str
    number: int
    plan_id: int
    until: date
    published_at: datetime
    in_force: bool
    visits: int


class PublicationOut(Output):
    """What a publication did: the plan and its new versions."""

    plan_id: int
    versions: list[VersionOut]


class AmendmentQuery(PageQuery):
    """A page of a version's moves."""


class AmendmentOut(Output):
    """A move of a published visit: its number in the version, from where it was moved, where it is now, by whom."""

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
