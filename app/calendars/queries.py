"""Every select of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.calendars.schemas import YearQuery
from app.core.errors import NotFound
from app.models import CalendarDay, CalendarYear, ClosedDays, SchoolTerm


def visible_to(user: Actor) -> SelectOfScalar[CalendarYear]:
    """The years that the user may see."""
    return select(CalendarYear).where(condition(user, Noun.CALENDAR, Act.READ))


def listed(user: Actor, query: YearQuery) -> SelectOfScalar[CalendarYear]:
    """The list of years."""
    statement = visible_to(user)
    if query.status is not None:
        statement = statement.where(CalendarYear.status == query.status)
    return statement.order_by(col(CalendarYear.year))


def get(session: Session, user: Actor, year: int) -> CalendarYear:
    """One year among those that the user may see."""
    found = session.exec(visible_to(user).where(CalendarYear.year == year)).first()
    if found is None:
        raise NotFound("calendar_year_not_found", f"还没有 {year} 年的日历。请先新增该年。", {"year": year})
    return found


def days_of(year: int) -> SelectOfScalar[CalendarDay]:
    """The holidays and make-up days of a year."""
    return select(CalendarDay).where(CalendarDay.year == year).order_by(col(CalendarDay.day))


def terms_of(year: int) -> SelectOfScalar[SchoolTerm]:
    """The terms that begin in a year."""
    return (
        select(SchoolTerm)
        .where(SchoolTerm.year == year)
        .order_by(col(SchoolTerm.first_on), col(SchoolTerm.kind), col(SchoolTerm.id))
    )


def closed_days_of(year: int) -> SelectOfScalar[ClosedDays]:
    """The closed days that touch a year."""
    return (
        select(ClosedDays)
        .where(ClosedDays.first_on <= date(year, 12, 31), ClosedDays.last_on >= date(year, 1, 1))
        .order_by(col(ClosedDays.first_on), col(ClosedDays.id))
    )


def get_day(session: Session, year: int, day: date) -> CalendarDay:
    """One holiday or make-up day of a year."""
    found = session.exec(days_of(year).where(CalendarDay.day == day)).first()
    if found is None:
        raise NotFound("calendar_day_not_found", f"{year} 年日历中没有登记 {day}。", {"day": day.isoformat()})
    return found


def get_term(session: Session, year: int, term_id: int) -> SchoolTerm:
    """One term that begins in a year."""
    found = session.exec(terms_of(year).where(SchoolTerm.id == term_id)).first()
    if found is None:
        raise NotFound("school_term_not_found", f"{year} 年没有编号为 {term_id} 的学期。", {"id": term_id})
    return found


def get_closed_days(session: Session, year: int, closed_id: int) -> ClosedDays:
    """One entry of closed days that touches a year."""
    found = session.exec(closed_days_of(year).where(ClosedDays.id == closed_id)).first()
    if found is None:
        raise NotFound("closed_days_not_found", f"{year} 年没有编号为 {closed_id} 的不宜督导日。", {"id": closed_id})
    return found


def clashing_term(session: Session, term: SchoolTerm, first_on: date, last_on: date) -> SchoolTerm | None:
    """Another term of the kind that is the same season of the year, or shares a day with these days."""
    statement = select(SchoolTerm).where(
        SchoolTerm.kind == term.kind,
        ((col(SchoolTerm.first_on) <= last_on) & (col(SchoolTerm.last_on) >= first_on))
        | ((col(SchoolTerm.year) == term.year) & (col(SchoolTerm.season) == term.season)),
    )
    if term.id is not None:
        statement = statement.where(SchoolTerm.id != term.id)
    return session.exec(statement).first()


def all_years(session: Session) -> Sequence[CalendarYear]:
    """Every year, in order."""
    return session.exec(select(CalendarYear).order_by(col(CalendarYear.year))).all()
