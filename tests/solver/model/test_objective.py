"""Every score part of the model is the checker's, for the very same plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from ortools.sat.python import cp_model

from solver.candidates import Candidates
from solver.checker import check
from solver.model.build import build, steady_solver
from solver.model.objective import PARTS, changed, thousandths, total
from solver.model.scope import Scope
from solver.plan import Plan, Score
from solver.problem import BaselineAssignment, Half, Problem
from solver.timetable import Timetable
from solver.travel import TravelTable
from tests.builders import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    THURSDAY,
    TUESDAY,
    WEEK,
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
from tests.solver.model.test_rules import fix
from tests.strategies import Hidden, hidden_plans

TOWNS: dict[str, Any] = {
    # home, near (30 km away) and far (100 km away); near and far are 80 km apart
    "places": (a_place("home"), a_place("near"), a_place("far")),
    "travel": a_matrix(((0, 30, 100), (30, 0, 80), (100, 80, 0))),
    "inspectors": (an_inspector("i1", base="home"),),
    "inspectees": (an_inspectee("n", place="near"), an_inspectee("f", place="far")),
    "transfer_max_minutes": 90,
    "far_minutes": 90,
    "overnight_metres": 50_000,
}


def scope_of(problem: Problem) -> Scope:
    return Scope(Candidates(problem), TravelTable.of(problem), tuple(range(len(problem.visits))))


def parts_of(problem: Problem, plan: Plan) -> Score:
    """The least value of each part in a model that is held at the plan."""
    values = {}
    for name, part in PARTS.items():
        x = build(scope_of(problem))
        assert fix(x, plan)
        expression = part(x)
        x.model.minimize(expression)
        solver = steady_solver(1, 5.0)
        assert solver.solve(x.model) == cp_model.OPTIMAL
        values[name] = solver.value(expression)
    return Score(**values)


@pytest.mark.parametrize(
    ("first", "second", "kilometres"),
    [
        # one day: 30 out, 80 across, 100 back and a night, since 100 minutes are far
        ((MONDAY, "am"), (MONDAY, "pm"), 30 + 80 + 100 + 50),
        # home in between: 2 · 30 and 2 · 100 with two nights make 360; away: 30 + 80 + 50 + 100 + 50 = 310
        ((MONDAY, "am"), (TUESDAY, "am"), 310),
        # Friday and the Monday after are not consecutive: home in between
        ((FRIDAY, "am"), (NEXT_MONDAY, "am"), 360),
    ],
)
def test_travel_takes_nights_away_where_they_save(
    first: tuple[date, Half], second: tuple[date, Half], kilometres: int
) -> None:
    problem = a_problem(
        days=(*WEEK, NEXT_MONDAY),
        visits=(a_visit("v1", inspectee="n", latest=NEXT_MONDAY), a_visit("v2", inspectee="f", latest=NEXT_MONDAY)),
        **TOWNS,
    )
    plan = a_plan(an_assignment("v1", *first), an_assignment("v2", *second))

    assert parts_of(problem, plan).travel == 1000 * kilometres
    assert check(problem, plan).score.travel == 1000 * kilometres


def test_balance_rounds_each_deviation_down() -> None:
    """Loads 3 and 0 of shares 1 and 1: |3·2 − 1·3| / 2 = 1.5, rounded down to 1 for each of the two."""
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2")),
        visits=(a_visit("v1", half_days=3),),
        balance_groups=("pool",),
    )

    assert parts_of(problem, a_plan(an_assignment("v1"))).balance == 2


def test_changed_counts_a_baseline_that_differs_in_anything() -> None:
    """Another half; a team of one who has left; the third is as it was."""
    problem = a_problem(
        visits=(a_visit("v1"), a_visit("v2"), a_visit("v3")),
        baseline=(
            BaselineAssignment("v1", MONDAY, "pm", ("i1",)),
            BaselineAssignment("v2", TUESDAY, "am", ("left",)),
            BaselineAssignment("v3", THURSDAY, "am", ("i1",)),
        ),
    )
    x = build(scope_of(problem))
    plan = a_plan(
        an_assignment("v1", MONDAY, "am"), an_assignment("v2", TUESDAY, "am"), an_assignment("v3", THURSDAY, "am")
    )
    assert fix(x, plan)
    expression = changed(x)
    x.model.minimize(expression)
    solver = steady_solver(1, 1.0)

    assert solver.solve(x.model) == cp_model.OPTIMAL
    assert solver.value(expression) == 2


@given(hidden_plans(most_visits=3))
@settings(max_examples=40)
def test_parts_are_those_of_the_checker(hidden: Hidden) -> None:
    problem = replace(hidden.problem, weights=weights())

    assert parts_of(problem, hidden.plan) == check(problem, hidden.plan).score


@given(hidden_plans(most_visits=3))
@settings(max_examples=20)
def test_total_and_thousandths_agree_up_to_the_rounding_of_metres(hidden: Hidden) -> None:
    """1000 · total rounds the metres down to whole kilometres, so it is at most 999 · travel weight less."""
    problem = hidden.problem
    values = []
    for measure in (total, thousandths):
        x = build(scope_of(problem))
        assert fix(x, hidden.plan)
        expression = measure(x)
        x.model.minimize(expression)
        solver = steady_solver(1, 5.0)
        assert solver.solve(x.model) == cp_model.OPTIMAL
        values.append(solver.value(expression))

    assert values[0] == check(problem, hidden.plan).score.total(problem.weights)
    assert 0 <= values[1] - 1000 * values[0] <= 999 * problem.weights.travel


def test_standing_of_a_plan_gives_its_placements_back() -> None:
    problem = a_problem()
    timetable = Timetable.of(Candidates(problem), [an_assignment(day=TUESDAY, half="pm")])

    assert timetable.placements == {0: (3, (0,))}
