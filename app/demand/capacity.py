"""Half-days that required visits need against half-days available, by office and calendar month.

A visit needs as many half-days as its team has members times its length; they are spread over the months of its window
by the days in each month on which the inspectee is open. An inspector's half-days available in a month are two for each
day on which he or she counts, at most the monthly allowance. What is assigned and not planned now is ``held``.
Unannounced visits are counted for their own office alone until they begin.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, may, require
from app.assignments.visibility import owns
from app.calendars.half_days import HALVES_PER_DAY
from app.core.clock import Clock
from app.core.paging import Page, page_of
from app.core.rows import id_of
from app.demand.schemas import CapacityOut, CapacityQuery, SkillCapacityOut
from app.demand.visits import expansion_of
from app.models import Inspector
from app.planning.expansion import Expansion
from app.planning.names import row_of
from app.planning.people import tags_of, unavailable
from app.planning.register import People
from app.planning.values import DateRange
from app.programmes.schemas import TAGS

Cell = tuple[int, date]
"""An office and the first day of a month."""


@dataclass(slots=True)
class _Load:
    """What is expansion, held and available in one cell, in all and by tag."""

    asked: Fraction = Fraction(0)
    held: int = 0
    available: int = 0
    asked_by_tag: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    available_by_tag: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def capacity(session: Session, clock: Clock, user: Actor, query: CapacityQuery) -> Page[CapacityOut]:
    """A page of offices and months; the number of queries does not depend on how many there are."""
    require(user, Noun.VISIT, Act.READ)
    expansion = expansion_of(session, clock, query.region, query.first_day, query.last_day)
    people = People.of(session, expansion.request.office_ids, expansion.request.first)
    cells = _cells(expansion, people, user)
    wanted = [key for key in sorted(cells) if _is_wanted(expansion, user, query, key[0])]
    first = (query.page - 1) * query.page_size
    shown = [_output(expansion, key, cells[key]) for key in wanted[first : first + query.page_size]]
    return page_of(shown, len(wanted), query)


def _is_wanted(expansion: Expansion, user: Actor, query: CapacityQuery, office_id: int) -> bool:
    region_id = expansion.register.offices[office_id].region_id
    visible = may(user, Noun.VISIT, Act.READ, office_id=office_id, region_id=region_id)
    return visible and (query.office is None or office_id == query.office)


def _cells(expansion: Expansion, people: People, user: Actor) -> Mapping[Cell, _Load]:
    cells: dict[Cell, _Load] = {
        (office_id, month): _Load() for office_id in expansion.request.office_ids for month in _months(expansion)
    }
    _add_required(expansion, cells, user)
    offices = {}
    for person in people.inspectors:
        offices[id_of(person)] = person.office_id
        _add_available(expansion, people, person, cells)
    for record in expansion.situation.fixed:
        if record.unannounced and record.first_on > user.today and not owns(user, record.office_id):
            continue
        for member in record.team:
            cell = cells.get((offices.get(member, 0), record.first_on.replace(day=1)))
            if cell is not None:
                cell.held += record.half_days
    return cells


def _months(expansion: Expansion) -> list[date]:
    return sorted({day.replace(day=1) for day in expansion.days})


Window = tuple[int, date, date, tuple[DateRange, ...]]
"""An office, and first day, last day and closed ranges that many visits have in common."""


def _add_required(expansion: Expansion, cells: Mapping[Cell, _Load], user: Actor) -> None:
    closed = {number: expansion.closings.of(inspectee) for number, inspectee in expansion.register.units.items()}
    offices = expansion.register.office_of_adcode
    in_all: Counter[Window] = Counter()
    by_tag: dict[Window, Counter[str]] = defaultdict(Counter)
    for visit in expansion.demand.visits:
        if visit.unannounced and not owns(user, offices[visit.office]):
            continue
        window = (offices[visit.office], visit.earliest, visit.latest, closed[row_of(visit.inspectee)])
        in_all[window] += visit.half_days * visit.team.size
        for tag, least in visit.team.requires.items():
            if tag in TAGS:
                by_tag[window][tag] += visit.half_days * least
    for window, half_days in in_all.items():
        office_id, earliest, latest, ranges = window
        for month, share in _share_of_months(expansion.days, earliest, latest, ranges).items():
            cell = cells[office_id, month]
            cell.asked += half_days * share
            for tag, number in by_tag[window].items():
                cell.asked_by_tag[tag] += number * share


def _share_of_months(
    days: tuple[date, ...], earliest: date, latest: date, closed: tuple[DateRange, ...]
) -> dict[date, Fraction]:
    """The share of each month in the open days of a window; a window without any lies in no month."""
    counted: dict[date, int] = defaultdict(int)
    for day in _open(days[bisect_left(days, earliest) : bisect_right(days, latest)], closed):
        counted[day.replace(day=1)] += 1
    total = sum(counted.values())
    return {month: Fraction(number, total) for month, number in counted.items()}


def _open(days: tuple[date, ...], closed: tuple[DateRange, ...]) -> Iterator[date]:
    """The days outside the ranges; both are ascending."""
    position = 0
    for day in days:
        while position < len(closed) and closed[position].last < day:
            position += 1
        if position == len(closed) or day < closed[position].first:
            yield day


def _add_available(expansion: Expansion, people: People, person: Inspector, cells: Mapping[Cell, _Load]) -> None:
    span = DateRange(expansion.request.first, expansion.request.last)
    counted: dict[date, int] = defaultdict(int)
    for day in _open(expansion.days, unavailable(people, person, span)):
        if not person.weekdays or day.isoweekday() in person.weekdays:
            counted[day.replace(day=1)] += HALVES_PER_DAY
    tags = tags_of(expansion.register, person) & TAGS
    for month, half_days in counted.items():
        allowed = half_days if person.half_days_per_month is None else min(half_days, person.half_days_per_month)
        cell = cells[person.office_id, month]
        cell.available += allowed
        for tag in tags:
            cell.available_by_tag[tag] += allowed


def _output(expansion: Expansion, key: Cell, load: _Load) -> CapacityOut:
    office_id, month = key
    tags = sorted({*load.asked_by_tag, *load.available_by_tag})
    return CapacityOut(
        office_id=office_id,
        office=expansion.register.offices[office_id].name,
        month=month,
        asked=round(load.asked),
        held=load.held,
        available=load.available,
        by_tag=[
            SkillCapacityOut(
                tag=tag,
                asked=round(load.asked_by_tag.get(tag, Fraction(0))),
                available=load.available_by_tag.get(tag, 0),
            )
            for tag in tags
        ],
    )
