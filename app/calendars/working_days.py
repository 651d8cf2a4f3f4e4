"""Working days by the calendar table."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from app.core.errors import Refused
from app.models import CalendarDay, CalendarYear, DayKind

FRIDAY = 5
"""ISO weekdays up to it are worked unless the calendar says otherwise."""


def working_days(session: Session, first: date, last: date) -> list[date]:
    """The working days from a first to a last day, both inclusive: two queries.

    Monday to Friday but the holidays, and the weekend days that are worked instead. Raises ``Refused`` where the
    calendar of a year is missing, because its holidays are then not known.
    """
    years = range(first.year, last.year + 1)
    known = set(session.exec(select(CalendarYear.year).where(col(CalendarYear.year).in_(years))).all())
    if missing := sorted(set(years) - known):
        words = f"还没有 {missing[0]} 年的日历，无法计算工作日。请先新增该年的日历。"
        raise Refused("calendar_year_missing", words, {"year": missing[0]})
    marked = {
        row.day: row.kind
        for row in session.exec(select(CalendarDay).where(col(CalendarDay.day).between(first, last))).all()
    }
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if _is_worked(day, marked.get(day))]


def _is_worked(day: date, kind: DayKind | None) -> bool:
    return day.isoweekday() <= FRIDAY if kind is None else kind is DayKind.MAKE_UP_DAY
