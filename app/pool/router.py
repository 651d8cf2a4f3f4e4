"""The pool of inspectors over HTTP: steps into office and out of it, and the offices' figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.clock import ClockDep
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page, PageQuery, paginate
from app.inspectors import queries as inspectors
from app.pool import figures, queries, steps
from app.pool.schemas import MemberOut, MemberQuery, PoolDayQuery, PoolOut, PoolQuery, StepCreate, StepOut

router = APIRouter(route_class=NounRoute, tags=["pool"])


@router.get("/inspectors/{inspector_id}/pool-steps", summary="入库与退出程序 (list steps)", responses=READ_ERRORS)
def list_steps(
    inspector_id: PathId, query: Annotated[PageQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[StepOut]:
    """推荐、审核、公示、聘任、岗前培训、在岗、退出，按登记先后；督学可看本人的。"""
    inspector = inspectors.get(session, user, inspector_id)
    return paginate(session, queries.steps_of(inspector), query, StepOut.model_validate)


@router.post(
    "/inspectors/{inspector_id}/pool-steps",
    status_code=201,
    summary="登记入库与退出程序的一步 (take a step)",
    responses=CHANGE_ERRORS,
)
def take_step(inspector_id: PathId, body: StepCreate, ledger: LedgerDep) -> StepOut:
    """聘任同时登记聘期，岗前培训同时登记培训，退出同时结束聘期；公示不少于规定的工作日，专职督学可直接任命。"""
    return StepOut.model_validate(steps.take(ledger, inspector_id, body))


@router.get("/pool", summary="各机构督学队伍 (pools of offices)", responses=READ_ERRORS)
def list_pools(
    query: Annotated[PoolQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> Page[PoolOut]:
    """总督学与副总督学、督学与学校之比、培训学时、当年届满的聘期、专兼职之比；只计在岗督学。"""
    return figures.list_pools(session, clock, user, query)


@router.get("/offices/{office_id}/pool", summary="一个机构的督学队伍 (pool of an office)", responses=READ_ERRORS)
def get_pool(
    office_id: PathId, query: Annotated[PoolDayQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> PoolOut:
    """findings 列出与规定不符之处。"""
    office = queries.get_office(session, user, office_id)
    return figures.describe(session, [office], query.on or clock.today())[0]


@router.get("/offices/{office_id}/pool/members", summary="督学队伍名单 (people of a pool)", responses=READ_ERRORS)
def list_members(
    office_id: PathId, query: Annotated[MemberQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> Page[MemberOut]:
    """每人所处的阶段、聘期和当年培训学时。"""
    return figures.list_members(session, clock, user, office_id, query)
