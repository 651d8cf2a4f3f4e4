"""The calendar over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.calendars import queries, service
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
    YearQuery,
)
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import Day, PathId
from app.core.limits import MAX_ID
from app.core.paging import Page, paginate

router = APIRouter(route_class=NounRoute, prefix="/calendar", tags=["calendar"])

PathYear = Annotated[int, Path(ge=-MAX_ID, le=MAX_ID, description="年份 (year)")]
PathDay = Annotated[Day, Path(description="日期，如 2025-10-01 (day)")]


@router.get("", summary="年历列表 (list years)", responses=READ_ERRORS)
def list_years(query: Annotated[YearQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[YearOut]:
    """各年是正式还是暂定。"""
    require(user, Noun.CALENDAR, Act.READ)
    return paginate(session, queries.listed(user, query), query, YearOut.model_validate)


@router.post("", status_code=201, summary="新增年历 (create a year)", responses=CHANGE_ERRORS)
def create_year(body: YearCreate, ledger: LedgerDep) -> YearOut:
    """没有正式放假通知的年份为暂定（provisional）。"""
    return YearOut.model_validate(service.create_year(ledger, body))


@router.get("/{year}", summary="查看年历 (get a year)", responses=READ_ERRORS)
def get_year(year: PathYear, session: SessionDep, user: CurrentUser) -> CalendarOut:
    """节假日和调休、各类单位的学期、考试等不宜督导日。"""
    return service.describe(session, queries.get(session, user, year))


@router.patch("/{year}", summary="更改年历 (change a year)", responses=CHANGE_ERRORS)
def change_year(year: PathYear, body: YearPatch, ledger: LedgerDep) -> YearOut:
    """正式通知发布后改为 official，并注明出处。"""
    return YearOut.model_validate(service.change_year(ledger, year, body))


@router.delete("/{year}", status_code=204, summary="删除年历 (delete a year)", responses=CHANGE_ERRORS)
def remove_year(year: PathYear, ledger: LedgerDep) -> None:
    """仅限没有登记任何日子的年份。"""
    service.remove_year(ledger, year)


@router.post("/{year}/days", status_code=201, summary="新增节假日或调休日 (create)", responses=CHANGE_ERRORS)
def add_day(year: PathYear, body: DayCreate, ledger: LedgerDep) -> DayOut:
    """新增一条节假日或调休日。"""
    return DayOut.model_validate(service.add_day(ledger, year, body))


@router.get("/{year}/days/{day}", summary="查看节假日或调休日 (get)", responses=READ_ERRORS)
def get_day(year: PathYear, day: PathDay, session: SessionDep, user: CurrentUser) -> DayOut:
    """一条节假日或调休日。"""
    calendar = queries.get(session, user, year)
    return DayOut.model_validate(queries.get_day(session, calendar.year, day))


@router.patch("/{year}/days/{day}", summary="更改节假日或调休日 (change)", responses=CHANGE_ERRORS)
def change_day(year: PathYear, day: PathDay, body: DayPatch, ledger: LedgerDep) -> DayOut:
    """只更改列出的项。"""
    return DayOut.model_validate(service.change_day(ledger, year, day, body))


@router.delete("/{year}/days/{day}", status_code=204, summary="删除节假日或调休日 (delete)", responses=CHANGE_ERRORS)
def remove_day(year: PathYear, day: PathDay, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_day(ledger, year, day)


@router.post("/{year}/terms", status_code=201, summary="新增学期 (create)", responses=CHANGE_ERRORS)
def add_term(year: PathYear, body: TermCreate, ledger: LedgerDep) -> TermOut:
    """新增一条学期。"""
    return TermOut.model_validate(service.add_term(ledger, year, body))


@router.get("/{year}/terms/{term_id}", summary="查看学期 (get)", responses=READ_ERRORS)
def get_term(year: PathYear, term_id: PathId, session: SessionDep, user: CurrentUser) -> TermOut:
    """一条学期。"""
    calendar = queries.get(session, user, year)
    return TermOut.model_validate(queries.get_term(session, calendar.year, term_id))


@router.patch("/{year}/terms/{term_id}", summary="更改学期 (change)", responses=CHANGE_ERRORS)
def change_term(year: PathYear, term_id: PathId, body: TermPatch, ledger: LedgerDep) -> TermOut:
    """只更改列出的项。"""
    return TermOut.model_validate(service.change_term(ledger, year, term_id, body))


@router.delete("/{year}/terms/{term_id}", status_code=204, summary="删除学期 (delete)", responses=CHANGE_ERRORS)
def remove_term(year: PathYear, term_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_term(ledger, year, term_id)


@router.post("/{year}/closed-days", status_code=201, summary="新增不宜督导日 (create)", responses=CHANGE_ERRORS)
def add_closed_days(year: PathYear, body: ClosedDaysCreate, ledger: LedgerDep) -> ClosedDaysOut:
    """新增一条不宜督导日。"""
    return ClosedDaysOut.model_validate(service.add_closed_days(ledger, year, body))


@router.get("/{year}/closed-days/{closed_id}", summary="查看不宜督导日 (get)", responses=READ_ERRORS)
def get_closed_days(year: PathYear, closed_id: PathId, session: SessionDep, user: CurrentUser) -> ClosedDaysOut:
    """一条不宜督导日。"""
    calendar = queries.get(session, user, year)
    return ClosedDaysOut.model_validate(queries.get_closed_days(session, calendar.year, closed_id))


@router.patch("/{year}/closed-days/{closed_id}", summary="更改不宜督导日 (change)", responses=CHANGE_ERRORS)
def change_closed_days(year: PathYear, closed_id: PathId, body: ClosedDaysPatch, ledger: LedgerDep) -> ClosedDaysOut:
    """只更改列出的项。"""
    return ClosedDaysOut.model_validate(service.change_closed_days(ledger, year, closed_id, body))


@router.delete(
    "/{year}/closed-days/{closed_id}", status_code=204, summary="删除不宜督导日 (delete)", responses=CHANGE_ERRORS
)
def remove_closed_days(year: PathYear, closed_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_closed_days(ledger, year, closed_id)
