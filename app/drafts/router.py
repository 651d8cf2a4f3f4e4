"""Drafts changed by hand, over HTTP."""

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
from app.core.paging import Page
from app.drafts import lists, service
from app.drafts.schemas import (
    AssignmentPatch,
    DraftOut,
    EditOut,
    EditQuery,
    OptionsOut,
    OptionsRequest,
    ViolationOut,
    ViolationQuery,
    VisitKey,
)

router = APIRouter(route_class=NounRoute, tags=["drafts"])


@router.patch("/plans/{plan_id}/assignments/{visit}", summary="更改草稿中的督导 (edit)", responses=CHANGE_ERRORS)
def change_assignment(plan_id: PathId, visit: VisitKey, body: AssignmentPatch, ledger: LedgerDep) -> DraftOut:
    """改日期、上下午、人员、组长，或排入未安排的、移出已安排的；草稿可以有违反规则之处，有则逐条列出，不能发布。

    If-Match 用 `GET plans/{id}` 的 ETag：草稿每次更改后都不同，他人已改过的答复 412。
    """
    return service.change(ledger, plan_id, visit, body)


@router.put("/plans/{plan_id}/assignments/{visit}/lock", summary="锁定 (lock)", responses=CHANGE_ERRORS)
def lock_assignment(plan_id: PathId, visit: VisitKey, ledger: LedgerDep) -> DraftOut:
    """锁定的督导不能更改；以本日程为基础重新编制日程时，日期、上下午和人员都不变。"""
    return service.lock(ledger, plan_id, visit, locked=True)


@router.delete("/plans/{plan_id}/assignments/{visit}/lock", summary="解除锁定 (unlock)", responses=CHANGE_ERRORS)
def unlock_assignment(plan_id: PathId, visit: VisitKey, ledger: LedgerDep) -> DraftOut:
    """解除后即可更改。"""
    return service.lock(ledger, plan_id, visit, locked=False)


@router.post(
    "/plans/{plan_id}/assignments/{visit}/options", summary="可选的日期和人员 (open days)", responses=CHANGE_ERRORS
)
def list_options(plan_id: PathId, visit: VisitKey, ledger: LedgerDep, body: OptionsRequest | None = None) -> OptionsOut:
    """其他安排不变时，期限内每个半天、每个人是否可选；不可选的写明所违反的规则。不作任何更改。"""
    return service.options(ledger, plan_id, visit, body or OptionsRequest())


@router.post("/plans/{plan_id}/undo", summary="撤销 (undo)", responses=CHANGE_ERRORS)
def undo_edit(plan_id: PathId, ledger: LedgerDep) -> DraftOut:
    """撤销最近一次更改；只涉及有权更改的机构的督导。"""
    return service.undo(ledger, plan_id)


@router.post("/plans/{plan_id}/redo", summary="恢复 (redo)", responses=CHANGE_ERRORS)
def redo_edit(plan_id: PathId, ledger: LedgerDep) -> DraftOut:
    """恢复最近撤销的更改；其后另有更改的，不能再恢复。"""
    return service.redo(ledger, plan_id)


@router.get("/plans/{plan_id}/faults", summary="不能发布的原因 (faults)", responses=READ_ERRORS)
def list_faults(
    plan_id: PathId, query: Annotated[ViolationQuery, Query()], session: SessionDep, user: CurrentUser, clock: ClockDep
) -> Page[ViolationOut]:
    """草稿违反的规则、与其他机构现行安排的冲突、日程之后的请假，逐条列出规则、督导、日期和人员。"""
    return lists.list_faults(session, clock, user, plan_id, query)


@router.get("/plans/{plan_id}/edits", summary="更改记录 (edit log)", responses=READ_ERRORS)
def list_edits(
    plan_id: PathId, query: Annotated[EditQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[EditOut]:
    """新的在前：何人、何时、更改前后；已撤销的也在内。"""
    return lists.list_edits(session, user, plan_id, query)
