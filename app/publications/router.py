"""Publishing, and the published versions with their amendments, over HTTP."""

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
from app.publications import amendments, service
from app.publications.schemas import (
    AmendmentOut,
    AmendmentQuery,
    PublicationOut,
    PublishRequest,
    VersionOut,
    VersionQuery,
)

router = APIRouter(route_class=NounRoute, tags=["publications"])


@router.post("/plans/{plan_id}/publish", summary="发布日程 (publish)", responses=CHANGE_ERRORS)
def publish_plan(plan_id: PathId, ledger: LedgerDep, body: PublishRequest | None = None) -> PublicationOut:
    """按机构发布，至某日为止生效（默认至系统日期当年 12 月 31 日），其后为预安排。

    与其他机构现行安排冲突时答复 409，逐条列出人员、单位、日期和对方机构，不作任何更改。
    """
    return service.publish(ledger, plan_id, body or PublishRequest())


@router.get("/versions", summary="已发布的版本 (published versions)", responses=READ_ERRORS)
def list_versions(query: Annotated[VersionQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[VersionOut]:
    """新的在前；in_force 为真的是该机构的现行版本。"""
    return service.list_versions(session, user, query)


@router.get(
    "/versions/{version_id}/amendments",
    summary="版本发布后的改期 (moves since publication)",
    responses=READ_ERRORS,
)
def list_amendments(
    version_id: PathId, query: Annotated[AmendmentQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[AmendmentOut]:
    """按编号倒序：哪一次督导、原定何时、现为何时、由谁改期。"""
    return amendments.list_amendments(session, user, version_id, query)
