"""Moving an own routine visit, and the moves of a version, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from app.accounts.audit import LedgerDep
from app.accounts.repeats import NounRoute
from app.core.errors import CHANGE_ERRORS
from app.core.fields import PathId
from app.duties import moves
from app.duties.moves_schemas import MoveRequest
from app.duties.schemas import DutyOut

router = APIRouter(route_class=NounRoute)


@router.post(
    "/me/assignments/{assignment_id}/move",
    summary="经常性督导改期 (move an own routine visit)",
    responses=CHANGE_ERRORS,
    tags=["me"],
)
def move_own_assignment(assignment_id: PathId, body: MoveRequest, ledger: LedgerDep) -> DutyOut:
    """督学本人的经常性督导可在期限内自行改到另一半天，不须机构批准；与规则不符时答复 409 并逐条列出，不作更改。"""
    return moves.move(ledger, assignment_id, body)
