"""The demonstrations: on which day each begins, which days its first plan covers, and up to when it is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ScenarioCode(StrEnum):
    """The names of the demonstrations."""

    FIRST_ROUND = "first-round"
    NEXT_ROUND = "next-round"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A demonstration; its first plan covers the days from ``first_day`` to ``last_day``, in force up to ``until``."""

    code: ScenarioCode
    working_on: date
    first_day: date
    last_day: date
    until: date
    plan_name: str


FIRST_ROUND = Scenario(
    code=ScenarioCode.FIRST_ROUND,
    working_on=date(2022, 9, 1),
    first_day=date(2022, 9, 1),
    last_day=date(2025, 12, 31),
    until=date(2023, 12, 31),
    plan_name="2022年秋季至2025年督导安排",
)
NEXT_ROUND = Scenario(
    code=ScenarioCode.NEXT_ROUND,
    working_on=date(2026, 1, 5),
    first_day=date(2026, 1, 1),
    last_day=date(2028, 12, 31),
    until=date(2026, 12, 31),
    plan_name="2026年至2028年督导安排",
)
SCENARIOS: Mapping[str, Scenario] = {each.code: each for each in (FIRST_ROUND, NEXT_ROUND)}
