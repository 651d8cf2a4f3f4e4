"""How hot a search begins, and how it cools."""

from __future__ import annotations

import pytest

from solver.candidates import Candidates
from solver.search.cooling import (
    FIRST_TEMPERATURE,
    LAST_TEMPERATURE,
    MAX_HEATING,
    MAX_TEMPERATURE,
    NEAR_METRES,
    USUAL_EFFORT,
    Cooling,
)
from solver.search.session import Session
from tests.builders import a_matrix, a_place, a_problem, an_inspector


def test_cooling_goes_from_the_first_to_the_last_temperature_by_equal_factors() -> None:
    cooling = Cooling(first=1600.0, last=100.0)

    assert [cooling.at(fraction) for fraction in (0.0, 0.5, 1.0, 2.0)] == pytest.approx([1600, 400, 100, 100])


def test_a_search_with_more_time_for_its_work_begins_hotter() -> None:
    usual = Cooling.for_effort(USUAL_EFFORT)

    assert usual == Cooling(first=FIRST_TEMPERATURE, last=LAST_TEMPERATURE)
    assert Cooling.for_effort(10 * USUAL_EFFORT).first > usual.first


def test_the_maximum_temperature_grows_with_the_drive_from_home_within_limits() -> None:
    long = 1e6 * USUAL_EFFORT

    assert [Cooling.for_effort(long, times * NEAR_METRES).first for times in (0.5, 1, 2, 9)] == pytest.approx(
        [MAX_TEMPERATURE, MAX_TEMPERATURE, 2 * MAX_TEMPERATURE, MAX_HEATING * MAX_TEMPERATURE]
    )


def test_the_mean_drive_is_from_the_homes_of_those_who_may_come() -> None:
    """Metres between the two places: 40 km from the far person's home, none from that of the person next door."""
    problem = a_problem(
        places=(a_place("town"), a_place("far")),
        travel=a_matrix(((0, 60), (60, 0)), metres=((0, 40_000), (40_000, 0))),
        inspectors=(
            an_inspector("next door"),
            an_inspector("far", base="far"),
            an_inspector("stranger", tags=frozenset()),
        ),
    )
    session = Session(Candidates(problem), seed=1, workers=1)
    ((search,),) = session.waves

    assert search.drive_metres == 20_000
