"""How far it is from somebody's base to a place, by the same arithmetic as planning."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.settings import RuleSettings
from solver.problem import GreatCircle, Place
from solver.travel import great_circle_metres

Point = tuple[float, float]
"""Longitude and latitude, WGS 84."""


@dataclass(frozen=True, slots=True)
class Drive:
    """One way."""

    metres: int
    minutes: int


def drive(rules: RuleSettings, start: Point, end: Point) -> Drive:
    """The drive between two points."""
    travel = GreatCircle(rules.detour_percent, rules.metres_per_minute)
    metres = great_circle_metres(travel, Place("start", *start), Place("end", *end))
    return Drive(metres, -(-metres // travel.metres_per_minute))
