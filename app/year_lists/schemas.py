"""Inputs and outputs of yearly lists and of the rules that ask for them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from app.core.fields import (
    Code,
    Day,
    Flag,
    Input,
    LongText,
    OptionalName,
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


class ItemCreate(Input):
    """A programme for a list; after the filing day with the number of its approval."""

    model_config = example(programme_code="thematic", approval_number="赤教督〔2022〕7号")

    programme_code: Code
    approval_number: OptionalName = Field(default="", description="截止日后增列须附的批准文号 (approval, when late)")


class YearListCreate(Input):
    """The list of an office for a calendar year."""

    model_config = example(office_id=1, year=2023, items=[{"programme_code": "round"}], source="年度工作要点")

    office_id: RowId
    year: Annotated[int, Field(strict=True, ge=1950, le=2100)]
    items: Annotated[list[ItemCreate], Field(max_length=200)]
    source: Text = ""


class ItemOut(Output):
    """A programme on a list, since when, and by which approval where it was added late."""

    id: int
    programme_code: str
    programme: str
    filed_on: date
    approval_number: str


class YearListOut(Output):
    """A list; ``filing_on`` is the last day on which the year's programmes are listed without an approval."""

    id: int
    office_id: int
    office: str
    year: int
    filed_on: date
    filing_on: date
    source: str
    items: list[ItemOut]


class YearListQuery(PageQuery):
    """Filters of the lists."""

    office_id: QueryId | None = None
    year: Year | None = None
    programme: OptionalName | None = Field(default=None, description="列有该项目代码 (on which the code stands)")


class RuleCreate(Input):
    """Whether only what is on the list may be carried out, on which basis, on which days."""

    model_config = example(required=True, first_on="2018-01-01", last_on="2019-12-31", law=False, basis="本市规定")

    required: Flag
    first_on: Day
    last_on: Day | None = None
    law: Flag
    basis: LongText


class RulePatch(Patch):
    """What may change of such a rule."""

    model_config = example(basis="本市规定")

    required: Flag = unset()
    first_on: Day = unset()
    last_on: Day | None = None
    law: Flag = unset()
    basis: LongText = unset()


class RuleOut(Output):
    """A rule; ``basis`` may be cited only for days on which the rule is in force."""

    id: int
    required: bool
    first_on: date
    last_on: date | None
    law: bool
    basis: str


class RuleQuery(PageQuery):
    """Filters of the rules."""

    in_force_on: Day | None = Field(default=None, description="在哪一天有效 (in force on)")
