"""Two clocks: a setting moves the working date and never the real time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.core.clock import Clock, clock_for, real_time
from app.core.config import Settings


def test_the_working_date_is_the_day_in_shanghai() -> None:
    # 16:30 UTC is half past midnight of the next day, eight hours east
    late = Clock(time=lambda: datetime(2022, 8, 31, 16, 30, tzinfo=UTC))
    early = Clock(time=lambda: datetime(2022, 8, 31, 15, 30, tzinfo=UTC))
    assert (late.today(), early.today()) == (date(2022, 9, 1), date(2022, 8, 31))
    assert not late.is_set


def test_a_set_date_moves_the_working_date_only() -> None:
    clock = clock_for(Settings(today=date(2022, 9, 1)))
    assert clock.today() == date(2022, 9, 1)
    assert clock.is_set
    assert clock.time is real_time
    assert clock.now().tzinfo is UTC
