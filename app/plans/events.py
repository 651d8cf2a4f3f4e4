"""Following a plan: its progress as server-sent events, until it is final."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated

import anyio
import sqlalchemy as sa
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent
from sqlmodel import Session, col

from app.core.db import reading
from app.models import Plan
from app.plans.schemas import PlanEvent, ProgressOut
from app.plans.service import FINISHED

SECONDS_BETWEEN_LOOKS = 1.0

Sessions = Callable[[], AbstractContextManager[Session]]


def short_sessions(request: Request) -> Sessions:
    """Opens a session for one look; none is held while a client only waits."""
    return partial(reading, request.app.state.engine)


SessionsDep = Annotated[Sessions, Depends(short_sessions)]


def look(sessions: Sessions, plan_id: int) -> PlanEvent:
    """How far the plan is at this moment: one query."""
    with sessions() as session:
        row = session.execute(
            sa.select(
                col(Plan.state),
                col(Plan.phase),
                col(Plan.elapsed_seconds),
                col(Plan.scheduled),
                col(Plan.visits),
                col(Plan.total),
                col(Plan.bound),
            ).where(col(Plan.id) == plan_id)
        ).one()
    return PlanEvent(id=plan_id, state=row.state, progress=ProgressOut.model_validate(row))


async def follow(sessions: Sessions, plan_id: int) -> AsyncIterator[ServerSentEvent]:
    """An event for every change that a look finds, and a last one, ``end``, when the plan is final."""
    known: PlanEvent | None = None
    number = 0
    while True:
        now = await run_in_threadpool(look, sessions, plan_id)
        is_final = now.state in FINISHED
        if now != known:
            number += 1
            yield ServerSentEvent(data=now, event="end" if is_final else "progress", id=str(number))
        if is_final:
            return
        known = now
        await anyio.sleep(SECONDS_BETWEEN_LOOKS)
