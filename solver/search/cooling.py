"""How hot the search of an area begins, and how it cools."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from solver.search import layout
from solver.search.arrays import Tables
from solver.search.decompose import Area

FIRST_TEMPERATURE, LAST_TEMPERATURE = 12_000.0, 600.0
"""Of a search with the usual effort, in thousandths of a unit of the total: detours of 12 and of 0.6 kilometres."""

USUAL_EFFORT = 4e-4
"""Seconds of one thread for each half-day of a person."""

HEATING, MIN_TEMPERATURE, MAX_TEMPERATURE = 0.3, 4_000.0, 20_000.0
"""The first temperature grows with this power of the effort, within limits."""

NEAR_METRES, MAX_HEATING = 30_000.0, 3.0
"""The upper limit is so for people who drive up to so far from home. For others it grows with the drive, at most so
many times: what is far away moves only by long detours."""

DEAR_METRES = 1_000_000.0
"""Mean drives beyond this are dear by surcharges: the search begins at a temperature that accepts another of them."""


@dataclass(frozen=True, slots=True)
class Cooling:
    """Temperatures, in thousandths of a unit of the total: from the first to the last, by equal factors."""

    first: float
    last: float

    @classmethod
    def for_effort(cls, effort: float, drive_metres: float = NEAR_METRES) -> Cooling:
        """The cooling for so many seconds of one thread for each half-day of a person: longer begins hotter.

        ``drive_metres`` is the mean drive from home. The numbers were found by trial on banners and cities.
        """
        first = FIRST_TEMPERATURE * (effort / USUAL_EFFORT) ** HEATING
        maximum = MAX_TEMPERATURE * min(MAX_HEATING, max(1.0, drive_metres / NEAR_METRES))
        first = min(max(first, MIN_TEMPERATURE), maximum)
        return cls(first=max(first, drive_metres) if drive_metres > DEAR_METRES else first, last=LAST_TEMPERATURE)

    def at(self, fraction: float) -> float:
        """The temperature when this fraction of the time is over."""
        return float(self.first * (self.last / self.first) ** min(1.0, fraction))


def mean_drive(tables: Tables, area: Area) -> float:
    """Metres to the homes of those who may make the area's visits, surcharges included, each visit counted alike."""
    given = tables.given
    fields = (layout.MEMBERS_AT, layout.MEMBERS_COUNT, layout.PLACE)
    records = tables.records[area.visits]
    alike = Counter(zip(*(records[:, field].tolist() for field in fields), strict=True))
    drives, visits = 0.0, 0
    for (first, count, place), times in alike.items():
        if count:
            members = given[first : first + count]
            homes = given[int(given[layout.PEOPLE]) + members * layout.PERSON_WIDTH + layout.HOME_AT]
            drives += times * float(np.mean(given[homes + 2 * place + 1]))
            visits += times
    return drives / max(1, visits)
