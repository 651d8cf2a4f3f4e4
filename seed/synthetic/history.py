"""What happened and will happen at the schools: inspections before the plan, building work during it.

Some five-year deadlines fall inside the round.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import cycle
from random import Random

from app.models import Closure, Inspectee, InspecteeKind, PastInspection
from seed.rows import id_of
from seed.synthetic.draw import Draw, day_between

_SEASONS: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = (((3, 20), (6, 3)), ((9, 20), (12, 18)))
_NEVER_SHARE = 0.05
_TERMS = (
    *((2018, 1),) * 3,
    *((2019, season) for season in (0, 1) for _ in range(3)),
    *((2020, 1),) * 6,
    *((2021, season) for season in (0, 1) for _ in range(3)),
    *((2022, 0),) * 3,
)
"""Year and season of the last inspection, each as likely as it is often here; the first deadline is autumn 2023."""

_HALF_DAYS = {
    InspecteeKind.TEACHING_POINT: 1,
    InspecteeKind.JUNIOR: 3,
    InspecteeKind.SENIOR: 4,
    InspecteeKind.VOCATIONAL: 4,
}
_REBUILT = frozenset({InspecteeKind.PRIMARY, InspecteeKind.JUNIOR})
_REBUILT_SHARE = 0.06
_BUILDING_YEARS = (2023, 2024, 2025)
_BUILDING_DAYS = ((4, 17), (8, 31))
"""The plan's chapter 7 has 601 rebuilding projects without naming them; a few close a school from April to August."""

_GOVERNMENT_YEARS = (2019, 2020, 2021)
_GOVERNMENT_HALF_DAYS = 6


def past_inspections(draw: Draw, schools: list[Inspectee], governments: list[Inspectee]) -> Iterator[PastInspection]:
    """The last comprehensive inspection of most schools, and one of each banner's government, four a year."""
    for school in schools:
        random = draw.stream("past", school.code)
        if school.opened_on is not None or random.random() < _NEVER_SHARE:
            continue
        year, season = random.choice(_TERMS)
        yield PastInspection(
            inspectee_id=id_of(school),
            programme_code="round",
            first_on=_school_day(random, year, season),
            half_days=_HALF_DAYS.get(school.kind, 2),
            synthetic=True,
        )
    for government, year in zip(governments, cycle(_GOVERNMENT_YEARS)):
        yield PastInspection(
            inspectee_id=id_of(government),
            programme_code="government",
            first_on=_school_day(draw.stream("past", government.code), year, 1),
            half_days=_GOVERNMENT_HALF_DAYS,
            synthetic=True,
        )


def closures(draw: Draw, schools: list[Inspectee]) -> Iterator[Closure]:
    """The building work that closes some schools for half a spring term."""
    first, last = _BUILDING_DAYS
    for school in schools:
        random = draw.stream("building", school.code)
        if school.kind in _REBUILT and school.opened_on is None and random.random() < _REBUILT_SHARE:
            year = random.choice(_BUILDING_YEARS)
            yield Closure(
                inspectee_id=id_of(school),
                first_on=date(year, *first),
                last_on=date(year, *last),
                reason="校舍改扩建施工（合成数据）",
            )


def _school_day(random: Random, year: int, season: int) -> date:
    """A Monday to Friday in term, outside the week of the national day."""
    first, last = _SEASONS[season]
    while True:
        day = day_between(random, date(year, *first), date(year, *last))
        if day.isoweekday() <= 5 and not (day.month == 10 and day.day <= 8):
            return day
