"""Two clocks: a setting moves the working date and never the real time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlmodel import Session

from app.core.clock import Clock, DateSource, clock_for, real_time, with_stored
from app.core.config import Settings
from app.models import Demonstration
from tests.conftest import NOW


def test_the_working_date_is_the_day_in_shanghai() -> None:
    # 16:30 UTC is half past midnight of the next day, eight hours east
    late = Clock(time=lambda: datetime(2022, 8, 31, 16, 30, tzinfo=UTC))
    early = Clock(time=lambda: datetime(2022, 8, 31, 15, 30, tzinfo=UTC))
    assert (late.today(), early.today()) == (date(2022, 9, 1), date(2022, 8, 31))
    assert not late.is_set


def test_a_set_date_moves_the_working_date_only() -> None:
    clock = clock_for(Settings(today=date(2022, 9, 1)))
    assert clock.today() == date(2022, 9, 1)
    assert (clock.is_set, clock.source) == (True, DateSource.ENVIRONMENT)
    assert clock.time is real_time
    assert clock.now().tzinfo is UTC


def test_a_demonstration_has_its_own_date_unless_the_process_was_given_one(session: Session) -> None:
    given, without = Clock(working_date=date(2022, 9, 1)), Clock(time=lambda: NOW)
    before = with_stored(without, session)
    assert (before.today(), before.source, before.is_set) == (date(2022, 9, 1), DateSource.REAL_TIME, False)

    session.add(Demonstration(scenario="first-round", working_on=date(2024, 3, 18), moved_at=NOW))
    session.flush()
    after = with_stored(without, session)
    assert (after.today(), after.source, after.is_set) == (date(2024, 3, 18), DateSource.DEMONSTRATION, True)
    assert with_stored(given, session).today() == date(2022, 9, 1)
