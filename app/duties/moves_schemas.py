"""Moving an own routine visit: what is asked, and what a version shows of its moves."""

from __future__ import annotations

from pydantic import Field

from app.core.fields import Day, Input, example
from app.models import Half


class MoveRequest(Input):
    """Where an own routine visit is to begin."""

    model_config = example(day="2022-10-19", half="am")

    day: Day = Field(description="改到哪一天 (day)", examples=["2023-03-14"])
    half: Half = Field(description="上午或下午 (half)", examples=["am"])
