"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import Literal

import sqlalchemy.exc
from fastapi import APIRouter, Request
from pydantic import BaseModel

from app.core.db import is_at_head
from app.core.errors import NotReady, problems
from app.core.trouble import words_for

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The answer when all is well."""

    status: Literal["ok"]


@router.get("/healthz", summary="进程存活 (the process lives)")
def healthz() -> Health:
    """Answers as long as the process does; asks nothing of the database."""
    return Health(status="ok")


@router.get("/readyz", summary="可以服务 (ready to serve)", responses=problems(503))
def readyz(request: Request) -> Health:
    """Whether the database answers and stands at the newest revision."""
    try:
        at_head = is_at_head(request.app.state.engine)
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise NotReady("database_unavailable", f"不能服务：{words_for(error)}") from error
    if not at_head:
        raise NotReady("migrations_pending", "数据库结构不是最新版本。请运行 dudao migrate。")
    return Health(status="ok")
