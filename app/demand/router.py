"""Required visits and capacity, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.clock import ClockDep
from app.core.db import SessionDep
from app.core.errors import READ_ERRORS
from app.core.paging import Page
from app.demand import capacity, visits
from app.demand.schemas import CapacityOut, CapacityQuery, RequiredVisitQuery, RequiredVisitsOut

router = APIRouter(route_class=NounRoute, tags=["demand"])


@router.get("/visits", summary="应督导事项 (required visits)", responses=READ_ERRORS)
def list_visits(
    query: Annotated[RequiredVisitQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> RequiredVisitsOut:
    """按规则展开、尚未编制日程：应进行的督导及期限、人数；不需或不能进行的附原因。默认自系统日期至当年年底。"""
    return visits.list_required(session, clock, user, query)


@router.get("/capacity", summary="督导力量 (required against available)", responses=READ_ERRORS)
def list_capacity(
    query: Annotated[CapacityQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> Page[CapacityOut]:
    """各机构逐月：应督导的人次（按半天计）、已占用的、可用的，并按技能列出。"""
    return capacity.capacity(session, clock, user, query)
