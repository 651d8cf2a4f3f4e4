"""How the time is split."""

from __future__ import annotations

import pytest

from solver.search.session import rounds_of


@pytest.mark.parametrize(
    ("seconds", "rounds"),
    [(10, [10]), (50, [10, 40]), (250, [10, 40, 200])],
    ids=["one", "two", "three"],
)
def test_most_of_the_time_goes_to_the_last_round(seconds: float, rounds: list[float]) -> None:
    assert rounds_of(seconds) == pytest.approx(rounds)
