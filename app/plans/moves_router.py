"""Moving an own routine visit, and the moves of a version, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page
from app.plans import moves
from app.plans.moves_schemas import AmendmentOut, AmendmentQuery, MoveRequest
from app.plans.schemas import DutyOut

router = APIRouter(route_class=NounRoute)


@router.post(
    "/me/assignments/{assignment_id}/move",
    summary="经常性督导改期 (move an own routine visit)",
    responses=CHANGE_ERRORS,
    tags=["本人 me"],
)
def move_own_assignment(assignment_id: PathId, body: MoveRequest, ledger: LedgerDep) -> DutyOut:
    """督学本人的经常性督导可在期限内自行改到另一半天，不须机构批准；与规则不符时答复 409 并逐条列出，不作更改。"""
    return moves.move(ledger, assignment_id, body)


@router.get(
    "/versions/{version_id}/amendments",
    summary="版本发布后的改期 (moves since publication)",
    responses=READ_ERRORS,
    tags=["排程 plans"],
)
def list_amendments(
    version_id: PathId, query: Annotated[AmendmentQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[AmendmentOut]:
    """按编号倒序：哪一次督导、原定何时、现为何时、由谁改期。"""
    return moves.list_amendments(session, user, version_id, query)
