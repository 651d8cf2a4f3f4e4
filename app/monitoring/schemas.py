"""Inputs and outputs of monitoring samples and of offices' duties."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from app.core.fields import Day, Flag, Input, Name, Output, Patch, QueryId, RowId, Text, Year, distinct, example, unset
from app.core.paging import PageQuery

Inspectees = Annotated[list[RowId], Field(min_length=1, max_length=5000), AfterValidator(distinct)]


class SampleCreate(Input):
    """Inspectees that a quality monitoring drew, which nobody inspects on its days."""

    model_config = example(
        name="2023 年国家义务教育质量监测",
        first_on="2023-05-24",
        last_on="2023-05-25",
        inspectee_ids=[1],
        source="样本校名单",
    )

    name: Name
    first_on: Day
    last_on: Day
    inspectee_ids: Inspectees
    source: Text = ""


class SamplePatch(Patch):
    """What may change of a sample."""

    model_config = example(last_on="2023-05-26")

    name: Name = unset()
    first_on: Day = unset()
    last_on: Day = unset()
    inspectee_ids: Inspectees = unset()
    source: Text = unset()


class SampleOut(Output):
    """A monitoring sample."""

    id: int
    name: str
    first_on: date
    last_on: date
    inspectee_ids: list[int]
    source: str


class SampleQuery(PageQuery):
    """Filters of the samples."""

    year: Year | None = Field(default=None, description="含该年的日子 (touching the year)")


class OfficeDutyCreate(Input):
    """Days on which an office's people are on another duty; by default only those of chief rank."""

    model_config = example(
        office_id=2, name="自治区评估周", first_on="2023-10-16", last_on="2023-10-20", source="自治区通知"
    )

    office_id: RowId
    name: Name
    first_on: Day
    last_on: Day
    chiefs_only: Flag = True
    source: Text = ""


class OfficeDutyPatch(Patch):
    """What may change of a duty."""

    model_config = example(chiefs_only=False)

    name: Name = unset()
    first_on: Day = unset()
    last_on: Day = unset()
    chiefs_only: Flag = unset()
    source: Text = unset()


class OfficeDutyOut(Output):
    """A duty of an office."""

    id: int
    office_id: int
    name: str
    first_on: date
    last_on: date
    chiefs_only: bool
    source: str


class OfficeDutyQuery(PageQuery):
    """Filters of the duties."""

    office_id: QueryId | None = None
    year: Year | None = Field(default=None, description="含该年的日子 (touching the year)")
