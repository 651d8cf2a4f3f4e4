"""The two clocks: the real time (tokens, audit, jobs) and the working date (what is past, due, inside the notice).

The working date is the one of DUDAO_TODAY; without it the one that the database keeps for its demonstration; without
both, today in the one time zone of the country.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlmodel import Session

from app.core.config import Settings
from app.core.db import SessionDep

ZONE = ZoneInfo("Asia/Shanghai")
"""The one time zone of the country; a working date changes at its midnight."""


_DEMONSTRATION = sa.table("demonstration", sa.column("working_on", sa.Date()))
"""The one row that keeps the date of a demonstration; tables stand above the core, which reads this column alone."""


class DateSource(StrEnum):
    """What the working date comes from."""

    ENVIRONMENT = "environment"
    DEMONSTRATION = "demonstration"
    REAL_TIME = "real_time"


def real_time() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def _none_stored() -> date | None:
    return None


@dataclass(frozen=True, slots=True)
class Clock:
    """Both clocks; ``working_date`` is the date that DUDAO_TODAY sets, ``stored`` reads the one of a demonstration."""

    working_date: date | None = None
    time: Callable[[], datetime] = real_time
    stored: Callable[[], date | None] = _none_stored

    def now(self) -> datetime:
        """The present moment, UTC, never moved by a setting."""
        return self.time()

    def today(self) -> date:
        """The working date."""
        return self.working_date or self.stored() or self.time().astimezone(ZONE).date()

    @property
    def source(self) -> DateSource:
        """What the working date comes from; whatever shows the date tells it."""
        if self.working_date is not None:
            return DateSource.ENVIRONMENT
        return DateSource.DEMONSTRATION if self.stored() is not None else DateSource.REAL_TIME

    @property
    def is_set(self) -> bool:
        """Whether the working date was set and so may differ from the real day."""
        return self.source is not DateSource.REAL_TIME


def clock_for(settings: Settings) -> Clock:
    """The clock of a process with these settings, without a database."""
    return Clock(working_date=settings.today)


def with_stored(clock: Clock, session: Session) -> Clock:
    """The same clock with the date of the session's database, read when it is first asked for."""
    return replace(clock, stored=cache(lambda: stored_date(session)))


def stored_date(session: Session) -> date | None:
    """The date of the demonstration that the database keeps, if it keeps one."""
    return session.execute(sa.select(_DEMONSTRATION.c.working_on)).scalar()


def get_clock(request: Request, session: SessionDep) -> Clock:
    """The clock of the application that answers, within the request's transaction."""
    clock: Clock = request.app.state.clock
    return with_stored(clock, session)


ClockDep = Annotated[Clock, Depends(get_clock, scope="function")]
