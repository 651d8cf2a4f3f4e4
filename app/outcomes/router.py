"""What came of visits, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS, problems
from app.core.fields import PathId
from app.outcomes import service
from app.outcomes.schemas import OutcomeOut, OutcomeRequest

router = APIRouter(route_class=NounRoute, tags=["outcomes"])


@router.post("/assignments/{assignment_id}/outcome", summary="登记督导结果 (record)", responses=CHANGE_ERRORS)
def record_outcome(assignment_id: PathId, body: OutcomeRequest, ledger: LedgerDep) -> OutcomeOut:
    """完成日期和发现的问题；再次登记即为更正。有问题的，复查排在整改期满之后；没有问题的，下次编制日程释放预留的复查。"""
    return service.record(ledger, assignment_id, body)


@router.get("/assignments/{assignment_id}/outcome", summary="查看督导结果 (get)", responses=READ_ERRORS | problems(409))
def get_outcome(assignment_id: PathId, session: SessionDep, user: CurrentUser) -> OutcomeOut:
    """问题、整改期限、意见书期限和复查时段。"""
    return service.get(session, user, assignment_id)
