"""What is in force of one inspector, as a list and as a calendar feed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.clock import ClockDep
from app.core.conditional import ConditionalRoute
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS, problems
from app.core.fields import PathId
from app.core.paging import Page
from app.duties import feeds, service
from app.duties.schemas import DutyOut, DutyQuery, FeedOut, OpenedFeedOut

router = APIRouter(route_class=NounRoute, tags=["me"])
secrets = APIRouter(route_class=ConditionalRoute, tags=["me"])
"""What answers with a secret, which is not kept for a repeated request."""

ICS = "text/calendar"
FEED: dict[int | str, dict[str, Any]] = {
    200: {"description": "日历 (RFC 5545)", "content": {ICS: {"schema": {"type": "string"}}}}
}


@router.get("/me/assignments", summary="本人的督导安排 (own, in force)", responses=READ_ERRORS)
def list_own_assignments(query: Annotated[DutyQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[DutyOut]:
    """督学本人的现行安排，附同组人员、地点、起止时间、路程、通知期限和依据；预安排与草稿不在其中。"""
    return service.list_own(session, user, query)


@router.get("/inspectors/{inspector_id}/assignments", summary="督学的现行安排 (in force)", responses=READ_ERRORS)
def list_assignments_of_inspector(
    inspector_id: PathId, query: Annotated[DutyQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[DutyOut]:
    """该督学的现行安排中可见的部分：本机构负责的，或在本旗县区的；督学本人见全部。"""
    return service.list_of(session, user, inspector_id, query)


@router.get("/me/calendar", summary="本人的日历订阅 (own feed)", responses=READ_ERRORS)
def get_own_feed(session: SessionDep, user: CurrentUser) -> FeedOut:
    """是否已开通；地址只在开通时显示一次。"""
    return FeedOut.model_validate(feeds.find_own(session, user))


@secrets.post("/me/calendar", status_code=201, summary="开通日历订阅 (open the feed)", responses=CHANGE_ERRORS)
def open_own_feed(request: Request, ledger: LedgerDep) -> OpenedFeedOut:
    """答复新的订阅地址，只显示这一次；原有地址随即失效。知道地址的人都能读取，请勿转发。"""
    feed, secret = feeds.open_feed(ledger)
    path = str(request.url_for("read_feed", secret=secret).path)
    return OpenedFeedOut(created_at=feed.created_at, path=path)


@router.delete("/me/calendar", status_code=204, summary="停用日历订阅 (close the feed)", responses=CHANGE_ERRORS)
def close_own_feed(ledger: LedgerDep) -> None:
    """地址随即失效。"""
    feeds.close_feed(ledger)


@router.get(
    "/calendars/{secret}.ics",
    summary="日历订阅 (calendar feed)",
    response_class=Response,
    responses=FEED | problems(404, 422),
)
def read_feed(secret: Annotated[str, Path(max_length=64)], session: SessionDep, clock: ClockDep) -> Response:
    """供日历程序订阅：现行安排，以及已取消的。地址即凭证，无须令牌。"""
    return Response(feeds.calendar(session, clock, secret), media_type=ICS)


router.include_router(secrets)
