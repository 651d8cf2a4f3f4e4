"""Who is responsible for which unit: drawn in proportion to what each inspector can give (挂牌督导).

The units of an area go one after another to the inspector of the area for whom the next unit is the smallest part of
what he or she gives: (units + 1) / half-days a month, over all areas together. The same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.inspectors.allowance import monthly_half_days


@dataclass(frozen=True, slots=True)
class Giver:
    """An inspector of an area with the half-days a month that he or she gives; none is without limit."""

    id: int
    half_days_per_month: int | None

    @property
    def worth(self) -> int:
        """Half-days a month."""
        return monthly_half_days(self.half_days_per_month)


@dataclass(frozen=True, slots=True)
class Ward:
    """A unit of an area; ``able`` are the inspectors who may be responsible for it."""

    id: str
    area_id: int
    able: frozenset[int]


def allot(wards: Sequence[Ward], givers: Mapping[int, Iterable[Giver]]) -> dict[str, int]:
    """The responsible inspector of each unit; a unit for which nobody of its area is able has none.

    ``givers`` are the inspectors of each area; whoever gives nothing is drawn for nothing.
    """
    people = {area_id: [each for each in found if each.worth > 0] for area_id, found in givers.items()}
    units: dict[int, int] = {}
    drawn: dict[str, int] = {}
    for ward in wards:
        able = [each for each in people.get(ward.area_id, ()) if each.id in ward.able]
        if able:
            chosen = min(able, key=lambda each: (Fraction(units.get(each.id, 0) + 1, each.worth), each.id))
            units[chosen.id] = units.get(chosen.id, 0) + 1
            drawn[ward.id] = chosen.id
    return drawn
