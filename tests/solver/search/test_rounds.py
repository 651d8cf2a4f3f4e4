"""How the time is spent."""

from __future__ import annotations

import pytest

from solver.search.improve import FIRST_TEMPERATURE, LAST_TEMPERATURE, USUAL_EFFORT, Cooling
from solver.search.session import rounds_of


@pytest.mark.parametrize(
    ("seconds", "rounds"),
    [(10, [10]), (50, [10, 40]), (250, [10, 40, 200])],
    ids=["one", "two", "three"],
)
def test_most_of_the_time_goes_to_the_last_round(seconds: float, rounds: list[float]) -> None:
    assert rounds_of(seconds) == pytest.approx(rounds)


def test_cooling_goes_from_the_first_to_the_last_temperature_by_equal_factors() -> None:
    cooling = Cooling(first=1600.0, last=100.0)

    assert [cooling.at(fraction) for fraction in (0.0, 0.5, 1.0, 2.0)] == pytest.approx([1600, 400, 100, 100])


def test_a_search_with_more_time_for_its_work_begins_hotter() -> None:
    usual = Cooling.for_effort(seconds=USUAL_EFFORT, half_days=1)

    assert usual == Cooling(first=FIRST_TEMPERATURE, last=LAST_TEMPERATURE)
    assert Cooling.for_effort(seconds=10 * USUAL_EFFORT, half_days=1).first > usual.first
