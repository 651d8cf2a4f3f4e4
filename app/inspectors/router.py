"""People who inspect over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import End, PathId
from app.core.paging import Page, paginate
from app.inspectors import queries, records_router, service
from app.inspectors.schemas import InspectorCreate, InspectorDetail, InspectorOut, InspectorPatch, InspectorQuery

router = APIRouter(route_class=NounRoute, tags=["inspectors"])


@router.get("/inspectors", summary="督学列表 (list inspectors)", responses=READ_ERRORS)
def list_inspectors(
    query: Annotated[InspectorQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[InspectorOut]:
    """按编号排列；督学账号只见本人。"""
    require(user, Noun.INSPECTOR, Act.READ)
    return paginate(session, queries.listed(user, query), query, InspectorOut.model_validate)


@router.post("/inspectors", status_code=201, summary="新增督学 (create an inspector)", responses=CHANGE_ERRORS)
def create_inspector(body: InspectorCreate, ledger: LedgerDep) -> InspectorOut:
    """专职、兼职、特约督学，以及专家和部门人员。"""
    return InspectorOut.model_validate(service.create(ledger, body))


@router.get("/inspectors/{inspector_id}", summary="查看督学 (get an inspector)", responses=READ_ERRORS)
def get_inspector(inspector_id: PathId, session: SessionDep, user: CurrentUser) -> InspectorDetail:
    """附聘任、培训、任职经历、请假和回避。"""
    return service.describe(session, queries.get(session, user, inspector_id))


@router.patch("/inspectors/{inspector_id}", summary="更改督学 (change an inspector)", responses=CHANGE_ERRORS)
def change_inspector(inspector_id: PathId, body: InspectorPatch, ledger: LedgerDep) -> InspectorOut:
    """只更改列出的项。"""
    return InspectorOut.model_validate(service.change(ledger, inspector_id, body))


@router.post("/inspectors/{inspector_id}/end", summary="督学离任 (end an inspector)", responses=CHANGE_ERRORS)
def end_inspector(inspector_id: PathId, body: End, ledger: LedgerDep) -> InspectorOut:
    """自该日起不再参加督导；记录保留。"""
    return InspectorOut.model_validate(service.end(ledger, inspector_id, body))


router.include_router(records_router.router)
