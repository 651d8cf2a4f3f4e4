"""What may be done with the calendar, and its rules."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require
from app.calendars import queries
from app.calendars.schemas import (
    CalendarOut,
    ClosedDaysCreate,
    ClosedDaysOut,
    ClosedDaysPatch,
    DayCreate,
    DayOut,
    DayPatch,
    TermCreate,
    TermOut,
    TermPatch,
    YearCreate,
    YearOut,
    YearPatch,
)
from app.calendars.working_days import FRIDAY
from app.core.errors import Conflict, Refused
from app.core.fields import require_order
from app.core.rows import referred
from app.models import CalendarDay, CalendarStatus, CalendarYear, ClosedDays, DayKind, Region, SchoolTerm


def describe(session: Session, year: CalendarYear) -> CalendarOut:
    """A whole year: three queries."""
    return CalendarOut(
        **YearOut.model_validate(year).model_dump(),
        days=[DayOut.model_validate(row) for row in session.exec(queries.days_of(year.year))],
        terms=[TermOut.model_validate(row) for row in session.exec(queries.terms_of(year.year))],
        closed_days=[ClosedDaysOut.model_validate(row) for row in session.exec(queries.closed_days_of(year.year))],
    )


def create_year(ledger: Ledger, wanted: YearCreate) -> CalendarYear:
    """Begin the calendar of a year."""
    require(ledger.asker, Noun.CALENDAR, Act.CHANGE)
    if ledger.session.get(CalendarYear, wanted.year) is not None:
        raise Conflict("calendar_year_exists", f"{wanted.year} 年的日历已经存在。请直接更改。", {"year": wanted.year})
    return ledger.add(CalendarYear(**wanted.model_dump()))


def change_year(ledger: Ledger, year: int, patch: YearPatch) -> CalendarYear:
    """Say that a year's holidays are official, or where they stand."""
    return ledger.change(_changeable(ledger, year), patch.changes())


def remove_year(ledger: Ledger, year: int) -> None:
    """Delete a year that has no days any more."""
    ledger.remove(_changeable(ledger, year), f"{year} 年的日历")


def _changeable(ledger: Ledger, year: int) -> CalendarYear:
    found = queries.get(ledger.session, ledger.asker, year)
    require(ledger.asker, Noun.CALENDAR, Act.CHANGE)
    return found


def add_day(ledger: Ledger, year: int, wanted: DayCreate) -> CalendarDay:
    """Make a day a holiday or a make-up day."""
    calendar = _changeable(ledger, year)
    _require_in_year(wanted.day, year, "day")
    _require_plausible(calendar, wanted.day, wanted.kind)
    if (present := ledger.session.get(CalendarDay, wanted.day)) is not None:
        raise Conflict(
            "calendar_day_exists",
            f"{wanted.day} 已登记为“{present.name}”。请直接更改。",
            {"day": wanted.day, "kind": present.kind},
        )
    return ledger.add(CalendarDay(year=year, **wanted.model_dump()))


def change_day(ledger: Ledger, year: int, day: date, patch: DayPatch) -> CalendarDay:
    """Change what a day is."""
    calendar = _changeable(ledger, year)
    present = queries.get_day(ledger.session, year, day)
    changes = patch.changes()
    _require_plausible(calendar, day, changes.get("kind", present.kind))
    return ledger.change(present, changes)


def remove_day(ledger: Ledger, year: int, day: date) -> None:
    """Let a day be what its weekday says."""
    _changeable(ledger, year)
    ledger.remove(queries.get_day(ledger.session, year, day), f"日历中的 {day}")


def _require_in_year(day: date, year: int, field: str) -> None:
    if day.year != year:
        raise Refused(
            "outside_year", f"{field} 的日期 {day} 不在 {year} 年内。请填写该年的日期。", {"field": field, "year": year}
        )


def _require_plausible(calendar: CalendarYear, day: date, kind: DayKind) -> None:
    """A make-up day on a weekday is a slip unless an official notice says so; holidays fall on weekends too."""
    provisional = calendar.status is CalendarStatus.PROVISIONAL
    if kind is DayKind.MAKE_UP_DAY and day.isoweekday() <= FRIDAY and provisional:
        raise Refused(
            "make_up_on_weekday",
            f"{day} 本来就是工作日，暂定日历中不能登记为调休上班日。请核对日期；如有正式通知，请先把该年改为正式。",
            {"day": day},
        )


def add_term(ledger: Ledger, year: int, wanted: TermCreate) -> SchoolTerm:
    """Add a term of one kind of inspectee."""
    _changeable(ledger, year)
    term = SchoolTerm(year=year, **wanted.model_dump())
    _require_term(ledger.session, term, term.first_on, term.last_on)
    return ledger.add(term)


def change_term(ledger: Ledger, year: int, term_id: int, patch: TermPatch) -> SchoolTerm:
    """Change the dates of a term."""
    _changeable(ledger, year)
    term = queries.get_term(ledger.session, year, term_id)
    changes = patch.changes()
    _require_term(ledger.session, term, changes.get("first_on", term.first_on), changes.get("last_on", term.last_on))
    return ledger.change(term, changes)


def remove_term(ledger: Ledger, year: int, term_id: int) -> None:
    """Delete a term."""
    _changeable(ledger, year)
    ledger.remove(queries.get_term(ledger.session, year, term_id), "该学期")


def _require_term(session: Session, term: SchoolTerm, first_on: date, last_on: date) -> None:
    require_order(first_on, last_on)
    _require_in_year(first_on, term.year, "first_on")
    other = queries.clashing_term(session, term, first_on, last_on)
    if other is not None:
        raise Conflict(
            "school_terms_overlap",
            f"同类单位 {other.first_on} 至 {other.last_on} 已登记一个学期，不能重复或重叠。请更改那一条。",
            {"school_term_id": other.id, "first_on": other.first_on, "last_on": other.last_on},
        )


def add_closed_days(ledger: Ledger, year: int, wanted: ClosedDaysCreate) -> ClosedDays:
    """Close some kinds of inspectee on exam or other days."""
    _changeable(ledger, year)
    _require_closed_days(ledger.session, year, wanted.first_on, wanted.last_on, wanted.region_id)
    return ledger.add(ClosedDays(**wanted.model_dump()))


def change_closed_days(ledger: Ledger, year: int, closed_id: int, patch: ClosedDaysPatch) -> ClosedDays:
    """Change closed days."""
    _changeable(ledger, year)
    closed = queries.get_closed_days(ledger.session, year, closed_id)
    changes = patch.changes()
    _require_closed_days(
        ledger.session,
        year,
        changes.get("first_on", closed.first_on),
        changes.get("last_on", closed.last_on),
        changes.get("region_id", closed.region_id),
    )
    return ledger.change(closed, changes)


def remove_closed_days(ledger: Ledger, year: int, closed_id: int) -> None:
    """Delete closed days."""
    _changeable(ledger, year)
    closed = queries.get_closed_days(ledger.session, year, closed_id)
    ledger.remove(closed, f"不宜督导日“{closed.name}”")


def _require_closed_days(session: Session, year: int, first_on: date, last_on: date, region_id: int | None) -> None:
    """They may run over New Year, so it is enough that they touch the year."""
    require_order(first_on, last_on)
    if not first_on.year <= year <= last_on.year:
        _require_in_year(first_on, year, "first_on")
    if region_id is not None:
        referred(session, Region, region_id, "region_id", "行政区划")
