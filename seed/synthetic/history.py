"""What happened and will happen at the schools: inspections before the plan, building work during it.

Some five-year deadlines fall inside the round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

_FIRST_ROUND_YEARS = (2023, 2024, 2025)
_FIRST_ROUND = tuple((year, season) for year in _FIRST_ROUND_YEARS for season in (0, 1))
_GOVERNMENT_YEARS = (2019, 2020, 2021)
_GOVERNMENT_HALF_DAYS = 6


def past_inspections(draw: Draw, schools: list[Inspectee], governments: list[Inspectee]) -> Iterator[PastInspection]:
    """The last comprehensive inspection of most schools, and one of each banner's government, four a year."""
    for school in schools:
        random = draw.stream("past", school.code)
        if school.opened_on is not None or random.random() < _NEVER_SHARE:
            continue
        year, season = random.choice(_TERMS)
        yield _held(school, "round", _school_day(random, year, season), _HALF_DAYS.get(school.kind, 2))
    for government, year in zip(governments, cycle(_GOVERNMENT_YEARS)):
        day = _school_day(draw.stream("past", government.code), year, 1)
        yield _held(government, "government", day, _GOVERNMENT_HALF_DAYS)


def first_round_held(
    draw: Draw, schools: Iterable[Inspectee], governments: Iterable[Inspectee]
) -> Iterator[PastInspection]:
    """When the round of 2023 to 2025 came to each unit: in any term after it opened, and to four governments a year."""
    for school in schools:
        random = draw.stream("first round", school.code)
        opened_on = school.opened_on or date.min
        terms = [term for term in _FIRST_ROUND if opened_on < date(term[0], *_SEASONS[term[1]][0])]
        if terms:
            yield _held(school, "round", _school_day(random, *random.choice(terms)), _HALF_DAYS.get(school.kind, 2))
    for government, year in zip(governments, cycle(_FIRST_ROUND_YEARS)):
        day = _school_day(draw.stream("first round", government.code), year, 1)
        yield _held(government, "government", day, _GOVERNMENT_HALF_DAYS)


def _held(unit: Inspectee, programme_code: str, first_on: date, half_days: int) -> PastInspection:
    return PastInspection(
        inspectee_id=id_of(unit),
        programme_code=programme_code,
        first_on=first_on,
        half_days=half_days,
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
