"""Working days by the calendar table, and how long a span of days may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.errors import Refused
from app.models import CalendarDay, CalendarYear, DayKind

FRIDAY = 5
"""ISO weekdays up to it are worked unless the calendar says otherwise."""

LONGEST_YEARS = 6
"""Two rounds of three years: no plan, and no list of required visits, is longer; no calendar knows what is beyond."""


def is_too_long(first: date, last: date) -> bool:
    """Whether a span of days is longer than six years."""
    return (last.year - LONGEST_YEARS, last.month, last.day) >= (first.year, first.month, first.day)


def is_worked(day: date, kind: DayKind | None) -> bool:
    """Whether a day is worked: by what the calendar says of it, else if it is Monday to Friday."""
    return day.isoweekday() <= FRIDAY if kind is None else kind is DayKind.MAKE_UP_DAY


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from a first to a last one, both inclusive."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def worked_days(session: Session, first: date, last: date) -> Iterator[date]:
    """The worked days of a span, as far as the calendar is known: one query."""
    marked: Mapping[date, DayKind] = dict(
        session.execute(
            sa.select(col(CalendarDay.day), col(CalendarDay.kind)).where(col(CalendarDay.day).between(first, last))
        ).all()
    )
    return (day for day in days_of(first, last) if is_worked(day, marked.get(day)))


def marked_days(session: Session) -> Mapping[date, DayKind]:
    """The days that are not what their weekday says: one query."""
    return dict(session.execute(sa.select(col(CalendarDay.day), col(CalendarDay.kind))).all())


def last_worked_until(day: date, marked: Mapping[date, DayKind]) -> date:
    """The last worked day that is not after a day."""
    while not is_worked(day, marked.get(day)):
        day -= timedelta(days=1)
    return day


def years_unknown(session: Session, first: date, last: date) -> list[int]:
    """The years of a span that have no calendar: one query."""
    years = range(first.year, last.year + 1)
    known = set(session.exec(select(CalendarYear.year).where(col(CalendarYear.year).in_(years))).all())
    return [year for year in years if year not in known]


def working_days(session: Session, first: date, last: date) -> list[date]:
    """The working days from a first to a last day, both inclusive: two queries.

    Raises ``Refused`` where the calendar of a year is missing, because its holidays are then not known.
    """
    if missing := years_unknown(session, first, last):
        words = f"还没有 {missing[0]} 年的日历，无法计算工作日。请先新增该年的日历。"
        raise Refused("calendar_year_missing", words, {"year": missing[0]})
    return list(worked_days(session, first, last))
