"""What a person does on a day is moved as one: the search finds it where every move of a single visit costs more."""

from __future__ import annotations

import pytest

from solver.candidates import Candidates
from solver.checker import check
from solver.problem import Problem
from solver.search.moves.table import mix_of
from solver.search.session import Session
from tests.builders import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    a_matrix,
    a_place,
    a_plan,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
    weights,
)

COLD, PROPOSALS = 1.0, 20_000
"""A temperature at which nothing dearer is kept, and enough proposals for every move of so small a plan."""


def a_far_week(team_size: int) -> Problem:
    """Two half-days from Monday to Thursday and one whole Friday, all 100 km away; a night there counts 10 km."""
    return a_problem(
        places=(a_place("town"), a_place("far")),
        travel=a_matrix(minutes=((0, 60), (60, 0)), metres=((0, 100_000), (100_000, 0))),
        overnight_metres=10_000,
        inspectors=tuple(an_inspector(f"i{k}", base="town") for k in range(1, team_size + 1)),
        inspectees=tuple(an_inspectee(f"e{k}", place="far") for k in (1, 2, 3)),
        visits=(
            a_visit("v1", inspectee="e1", size=team_size, latest=THURSDAY),
            a_visit("v2", inspectee="e2", size=team_size, latest=THURSDAY),
            a_visit("v3", inspectee="e3", size=team_size, half_days=2, earliest=FRIDAY),
        ),
        weights=weights(unscheduled=100_000),
    )


@pytest.mark.parametrize("team_size", [1, 2])
def test_a_day_joins_a_trip_as_a_whole(team_size: int) -> None:
    """From two days out, 200 km each, to one trip of a night, 210 km for each member.

    Either half-day of Monday alone would make the other's day a third drive: two trips and a night, 410 km.
    """
    problem = a_far_week(team_size)
    team = tuple(inspector.id for inspector in problem.inspectors)
    start = a_plan(
        an_assignment("v1", MONDAY, "am", team=team),
        an_assignment("v2", MONDAY, "pm", team=team),
        an_assignment("v3", FRIDAY, "am", team=team),
    )
    assert check(problem, start).score.travel == team_size * 400_000
    session = Session(Candidates(problem), seed=1, workers=1)
    session.take_over(start.assignments)
    (search,) = session.waves[0]

    search.look_again()
    search.propose(mix_of(), COLD, PROPOSALS)

    assert session.score().travel == team_size * 210_000
    assert {(a.visit, a.day) for a in session.assignments()} == {("v1", THURSDAY), ("v2", THURSDAY), ("v3", FRIDAY)}
