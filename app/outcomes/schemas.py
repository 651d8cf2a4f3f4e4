"""Inputs and outputs of what came of visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.core.fields import Day, Input, LongText, Output, example
from app.models import Severity


class FindingIn(Input):
    """A finding, how grave it is, and by when it is to be rectified; without a day the settings give one."""

    text: LongText
    severity: Severity
    rectify_by: Day | None = Field(default=None, description="整改期限；不填则按设置 (by the settings)")


class OutcomeRequest(Input):
    """A visit that was carried out; without findings its recheck is released."""

    model_config = example(done_on="2022-09-01", findings=[{"text": "安全巡查记录不全", "severity": "minor"}])

    done_on: Day
    findings: Annotated[list[FindingIn], Field(max_length=200)] = Field(default_factory=list)


class FindingOut(Output):
    """A finding."""

    text: str
    severity: Severity
    rectify_by: date


class OutcomeOut(Output):
    """What came of a visit, when its letter of opinion is due, and within which days its recheck lies."""

    id: int
    visit: str
    inspectee_id: int
    office_id: int
    done_on: date
    opinion_letter_due_on: date
    findings: list[FindingOut]
    recheck_from: date | None
    recheck_by: date | None
    recorded_at: datetime
