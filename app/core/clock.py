"""The two clocks: the real time (tokens, audit, jobs) and the working date (what is past, due, inside the notice)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from app.core.config import Settings

ZONE = ZoneInfo("Asia/Shanghai")
"""The one time zone of the country; a working date changes at its midnight."""


def real_time() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Both clocks; ``working_date`` is the date that DUDAO_TODAY sets, none is the real day in the time zone."""

    working_date: date | None = None
    time: Callable[[], datetime] = real_time

    def now(self) -> datetime:
        """The present moment, UTC, never moved by a setting."""
        return self.time()

    def today(self) -> date:
        """The working date."""
        return self.working_date or self.time().astimezone(ZONE).date()

    @property
    def is_set(self) -> bool:
        """Whether the working date was set and so may differ from the real day; whatever shows it says so."""
        return self.working_date is not None


def clock_for(settings: Settings) -> Clock:
    """The clock of a process with these settings."""
    return Clock(working_date=settings.today)


def get_clock(request: Request) -> Clock:
    """The clock of the application that answers."""
    clock: Clock = request.app.state.clock
    return clock


ClockDep = Annotated[Clock, Depends(get_clock)]
