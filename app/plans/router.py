"""Plans, their assignments and versions over HTTP."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.assignments.schemas import AssignmentOut
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page
from app.core.rows import id_of
from app.demand.schemas import CoverageOut, CoverageQuery
from app.models import DocumentKind
from app.plans import events, lists, queries, service
from app.plans.schemas import (
    AssignmentQuery,
    ChangeOut,
    ChangeQuery,
    PlanOut,
    PlanQuery,
    PlanRequest,
    UnscheduledOut,
    UnscheduledQuery,
)

router = APIRouter(route_class=NounRoute, tags=["plans"])

CONTRACT_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "契约文件 (a contract file)", "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.post("/plans", status_code=202, summary="编制日程 (ask for a plan)", responses=CHANGE_ERRORS)
def create_plan(body: PlanRequest, request: Request, response: Response, ledger: LedgerDep) -> PlanOut:
    """立即答复 202；之后以 Location 所指的地址查看进度。给出 based_on 时，已开始的督导不变，其余尽量少改。"""
    plan = service.ask(ledger, body)
    response.headers["Location"] = str(request.url_for("get_plan", plan_id=plan.id).path)
    return plan


@router.get("/plans", summary="日程列表 (list plans)", responses=READ_ERRORS)
def list_plans(query: Annotated[PlanQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[PlanOut]:
    """新的在前。"""
    return service.list_plans(session, user, query)


@router.get("/plans/{plan_id}", summary="查看日程 (get a plan)", responses=READ_ERRORS)
def get_plan(plan_id: PathId, session: SessionDep, user: CurrentUser) -> PlanOut:
    """状态、进度、评分、下界和统计；基于另一日程的，附改动的数目。"""
    return service.get_plan(session, user, plan_id)


def _followed(plan_id: PathId, session: SessionDep, user: CurrentUser) -> int:
    """The plan that a client may follow; its transaction ends before the first event."""
    return id_of(queries.find_plan(session, user, plan_id))


@router.get(
    "/plans/{plan_id}/events",
    summary="日程进度 (progress as server-sent events)",
    response_class=EventSourceResponse,
    responses=READ_ERRORS,
)
async def follow_plan(
    plan_id: Annotated[int, Depends(_followed, scope="function")], sessions: events.SessionsDep
) -> AsyncIterable[ServerSentEvent]:
    """状态或进度有变即发 progress，最短相隔一秒；日程结束时发 end 并关闭。数据为 PlanEvent，空闲时有保活注释。"""
    async for event in events.follow(sessions, plan_id):
        yield event


@router.post("/plans/{plan_id}/cancel", status_code=202, summary="取消日程 (cancel)", responses=CHANGE_ERRORS)
def cancel_plan(plan_id: PathId, ledger: LedgerDep) -> PlanOut:
    """排队中的立即取消；正在求解的在数秒内停止。"""
    return service.cancel(ledger, plan_id)


@router.get("/plans/{plan_id}/assignments", summary="日程中的督导安排 (assignments)", responses=READ_ERRORS)
def list_assignments(
    plan_id: PathId, query: Annotated[AssignmentQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[AssignmentOut]:
    """按日期排列；standing 说明是现行、预安排、草稿还是已被替代。"""
    return service.list_assignments(session, user, plan_id, query)


@router.get("/plans/{plan_id}/unscheduled", summary="未能安排的督导及原因 (unscheduled)", responses=READ_ERRORS)
def list_unscheduled(
    plan_id: PathId, query: Annotated[UnscheduledQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[UnscheduledOut]:
    """期限早的在前。"""
    return lists.list_unscheduled(session, user, plan_id, query)


@router.get("/plans/{plan_id}/coverage", summary="各单位、各项目的覆盖情况 (coverage)", responses=READ_ERRORS)
def list_coverage(
    plan_id: PathId, query: Annotated[CoverageQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[CoverageOut]:
    """每个单位每个项目的督导，或没有督导的原因；不依赖求解程序，另行统计。"""
    return lists.list_coverage(session, user, plan_id, query)


@router.get("/plans/{plan_id}/changes", summary="与所基于日程的差别 (changes)", responses=READ_ERRORS)
def list_changes(
    plan_id: PathId, query: Annotated[ChangeQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[ChangeOut]:
    """改日、改半天、换人、新增、取消；按日期排列。没有基于其他日程的，列表为空。"""
    return lists.list_changes(session, user, plan_id, query)


@router.get("/plans/{plan_id}/problem", summary="问题文件 (contract file)", responses=CONTRACT_FILE | READ_ERRORS)
def get_plan_problem(
    plan_id: PathId, session: SessionDep, user: CurrentUser, accept_encoding: Annotated[str, Header()] = ""
) -> Response:
    """supervision-problem/1。"""
    return _file(service.document(session, user, plan_id, DocumentKind.PROBLEM), accept_encoding)


@router.get("/plans/{plan_id}/solution", summary="结果文件 (contract file)", responses=CONTRACT_FILE | READ_ERRORS)
def get_plan_solution(
    plan_id: PathId, session: SessionDep, user: CurrentUser, accept_encoding: Annotated[str, Header()] = ""
) -> Response:
    """supervision-plan/1。"""
    return _file(service.document(session, user, plan_id, DocumentKind.SOLUTION), accept_encoding)


def _file(content: bytes, accepted: str) -> Response:
    """The file as it is stored when the client takes gzip, unpacked otherwise."""
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" not in accepted.lower():
        return Response(gzip.decompress(content), media_type="application/json", headers=headers)
    return Response(content, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
