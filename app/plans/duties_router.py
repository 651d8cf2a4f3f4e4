"""What is in force of one inspector, as a list and as a calendar feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.db import SessionDep
from app.core.errors import READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page
from app.plans import duties
from app.plans.schemas import DutyOut, DutyQuery

router = APIRouter(route_class=NounRoute, tags=["本人 me"])


@router.get("/me/assignments", summary="本人的督导安排 (own, in force)", responses=READ_ERRORS)
def list_own_assignments(query: Annotated[DutyQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[DutyOut]:
    """督学本人的现行安排，附同组人员、地点、起止时间、路程、通知期限和依据；展望与草案不在其中。"""
    return duties.list_own(session, user, query)


@router.get("/inspectors/{inspector_id}/assignments", summary="督学的现行安排 (in force)", responses=READ_ERRORS)
def list_assignments_of_inspector(
    inspector_id: PathId, query: Annotated[DutyQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[DutyOut]:
    """该督学的现行安排中可见的部分：本机构负责的，或在本旗县区的；督学本人见全部。"""
    return duties.list_of(session, user, inspector_id, query)
