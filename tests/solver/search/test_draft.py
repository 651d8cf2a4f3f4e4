"""A plan is brought back whole, and nobody joins a team who may not."""

from __future__ import annotations

from solver.candidates import Candidates
from solver.problem import Pin, Precedence
from solver.search.moves.table import mix_of_only
from solver.search.session import Session
from tests.builders import MONDAY, a_problem, a_visit, an_assignment, an_inspector


def test_a_visit_may_stand_earlier_on_the_day_of_the_one_that_it_waits_for() -> None:
    """Days count, not halves: no day need lie between the two, so that the waiting one may have the morning."""
    problem = a_problem(
        visits=(a_visit("waits"), a_visit("first")), precedences=(Precedence("first", "waits", min_days=0),)
    )
    session = Session(Candidates(problem), seed=1, workers=1)

    session.take_over((an_assignment("waits", half="am"), an_assignment("first", half="pm")))

    assert session.score().unscheduled == 0


def test_somebody_preferred_never_joins_a_team_that_is_pinned_without_them() -> None:
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2")),
        visits=(a_visit(prefers=frozenset({"i2"})),),
        pins=(Pin("v1", MONDAY, "am", team=("i1",)),),
    )
    session = Session(Candidates(problem), seed=1, workers=1)
    session.take_over((an_assignment(),))
    search = session.waves[0][0]

    teams = set()
    for _ in range(100):
        search.propose(mix_of_only("to best start"), 1e9, 1)
        teams |= {assignment.team for assignment in session.assignments()}

    assert teams == {("i1",)}
