"""Who is responsible for which inspectee: near people first, in proportion to the time that each gives (挂牌督导).

The inspectees of an area go one after another to an inspector of the area who still has time for one more, the nearest
first by steps of 15 minutes' drive; among equally near ones to the inspector for whom the next one is the smallest part
of the time given: (inspectees + 1) / half-days a month, over all areas together. Where nobody has time left, this part
alone decides. Nobody is drawn for more than the most that a setting allows. The same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.inspectors.allowance import monthly_half_days

NEAR_MINUTES = 15
"""Drives within the same step of so many minutes count as equally near."""

MONTHS_PER_YEAR, VISITS_PER_YEAR = 9, 4
"""Months with open days, and routine visits at an inspectee (条例 art. 14: two in each of two terms)."""

ROUTINE_PART = 2
"""One part in so many of the time given is for routine visits; the rest is for the team inspections."""

MOST_INSPECTEES = 20


@dataclass(frozen=True, slots=True)
class Giver:
    """An inspector of an area with the half-days a month that he or she gives; none is without limit."""

    id: int
    half_days_per_month: int | None

    @property
    def worth(self) -> int:
        """Half-days a month."""
        return monthly_half_days(self.half_days_per_month)

    @property
    def fair(self) -> Fraction:
        """For how many inspectees the time for routine visits is enough."""
        return Fraction(self.worth * MONTHS_PER_YEAR, ROUTINE_PART * VISITS_PER_YEAR)


@dataclass(frozen=True, slots=True)
class Ward:
    """An inspectee of an area; ``able`` may be responsible for it, ``minutes`` are their drives, 0 where unknown."""

    id: str
    area_id: int
    able: frozenset[int]
    minutes: Mapping[int, int] = field(default_factory=dict)


def allot(wards: Sequence[Ward], givers: Mapping[int, Iterable[Giver]], most: int = MOST_INSPECTEES) -> dict[str, int]:
    """The responsible inspector of each inspectee; one for which nobody of its area is able has none.

    ``givers`` are the inspectors of each area; those who give no time are never drawn.
    """
    people = {area_id: [each for each in found if each.worth > 0] for area_id, found in givers.items()}
    numbers: dict[int, int] = {}
    drawn: dict[str, int] = {}
    for ward in wards:
        able = [
            each for each in people.get(ward.area_id, ()) if each.id in ward.able and numbers.get(each.id, 0) < most
        ]
        if able:
            chosen = min(able, key=lambda each: _order(each, numbers.get(each.id, 0) + 1, ward))
            numbers[chosen.id] = numbers.get(chosen.id, 0) + 1
            drawn[ward.id] = chosen.id
    return drawn


def _order(giver: Giver, number: int, ward: Ward) -> tuple[bool, int, Fraction, int]:
    """What is least for the inspector to draw: time left, then the nearest, then the smallest part, then the id."""
    is_full = number > giver.fair
    near = 0 if is_full else ward.minutes.get(giver.id, 0) // NEAR_MINUTES
    return is_full, near, Fraction(number, giver.worth), giver.id
