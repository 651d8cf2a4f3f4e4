"""Small problems are solved to the proven optimum."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings

from solver.candidates import Candidates
from solver.checker import check
from solver.io import read_problem
from solver.model.exact import ExactPlan, solve_exactly
from solver.model.scope import Scope
from solver.model.size import is_small
from solver.plan import Plan
from solver.problem import BaselineAssignment, Pin, Problem, Weights
from solver.search.stop import StopRule
from solver.travel import TravelTable
from tests.builders import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    a_matrix,
    a_place,
    a_plan,
    a_problem,
    a_visit,
    an_inspectee,
    an_inspector,
    weights,
)
from tests.strategies import Hidden, hidden_plans

GOLDEN = Path(__file__).parents[1] / "golden"
TOTALS = json.loads((GOLDEN / "optimal_totals.json").read_text())


def plan_of(problem: Problem, exact: ExactPlan) -> Plan:
    """The exact plan in the words of the contract."""
    scope = Scope(Candidates(problem), TravelTable.of(problem), ())
    left_out = tuple(visit.id for number, visit in enumerate(problem.visits) if number not in exact.placements)
    return a_plan(*(scope.assignment(number, place) for number, place in exact.placements.items()), left_out=left_out)


@pytest.mark.parametrize(("name", "total"), TOTALS.items())
def test_tiny_problem_has_its_optimal_total(name: str, total: int) -> None:
    problem = read_problem(GOLDEN / f"{name}.json")
    assert is_small(Candidates(problem))
    exact = solve_exactly(problem)
    assert exact is not None
    report = check(problem, plan_of(problem, exact))

    assert report.violations == ()
    assert (exact.optimal, exact.bound, report.score.total(problem.weights)) == (True, total, total)


@given(hidden_plans(most_visits=4))
@settings(max_examples=40)
def test_is_at_least_as_good_as_the_hidden_plan(hidden: Hidden) -> None:
    problem = hidden.problem
    exact = solve_exactly(problem)
    assert exact is not None
    report = check(problem, plan_of(problem, exact))
    total = report.score.total(problem.weights)

    assert report.violations == ()
    assert exact.optimal
    assert exact.bound == total
    assert total <= check(problem, hidden.plan).score.total(problem.weights)
    assert exact.unscheduled_bound <= report.score.unscheduled


def test_least_change_goes_before_the_total() -> None:
    """The buffer would move the visit from Friday to Monday; under least change it stays where it was."""
    problem = a_problem(
        baseline=(BaselineAssignment("v1", FRIDAY, "am", ("i1",)),),
        buffer_days=4,
        weights=weights(buffer=10, change_day=1),
    )
    free, least = solve_exactly(problem), solve_exactly(problem, least_change=True)
    assert free is not None
    assert least is not None

    assert plan_of(problem, free).assignments[0].day == MONDAY
    assert plan_of(problem, least).assignments[0].day == FRIDAY
    assert (least.changed_bound, least.optimal) == (0, True)
    assert least.bound == free.bound == 1


def test_pins_that_allow_no_plan_give_none() -> None:
    """Both visits are pinned to the only inspector's Tuesday morning."""
    problem = a_problem(
        visits=(a_visit("v1"), a_visit("v2")), pins=(Pin("v1", TUESDAY, "am"), Pin("v2", TUESDAY, "am"))
    )

    assert solve_exactly(problem) is None


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = a_problem(
        inspectors=tuple(an_inspector(f"i{k}") for k in range(3)),
        visits=tuple(a_visit(f"v{k}", half_days=2) for k in range(3)),
    )

    assert solve_exactly(problem, seed=7) == solve_exactly(problem, seed=7)


def test_a_problem_of_many_choices_is_not_small() -> None:
    """10 visits × 10 starts × 50 people = 5,000 duties."""
    problem = a_problem(
        inspectors=tuple(an_inspector(f"i{k}") for k in range(50)), visits=tuple(a_visit(f"v{k}") for k in range(10))
    )

    assert not is_small(Candidates(problem))


def test_of_equal_totals_fewer_visits_are_unscheduled() -> None:
    """Nothing weighs anything, so every plan has the total 0; both visits fit."""
    nothing = Weights(**{field.name: 0 for field in fields(Weights)})
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2")), weights=nothing)

    exact = solve_exactly(problem)

    assert exact is not None
    assert (exact.optimal, exact.bound, len(exact.placements)) == (True, 0, 2)


def test_of_equal_totals_and_numbers_the_lighter_visit_is_unscheduled() -> None:
    """One half-day for two visits; the weight of either costs nothing in the total."""
    problem = a_problem(
        days=(MONDAY,),
        inspectors=(an_inspector(half_days_per_month=1),),
        visits=(a_visit("light", weight=1), a_visit("heavy", weight=9)),
        weights=weights(unscheduled=0),
    )

    exact = solve_exactly(problem)

    assert exact is not None
    assert (exact.optimal, set(exact.placements)) == (True, {1})


def test_the_total_goes_before_the_number_of_unscheduled_visits() -> None:
    """Being visited costs 200 km and saves a weight of 9 only."""
    problem = a_problem(
        places=(a_place("town"), a_place("far")),
        travel=a_matrix(((0, 100), (100, 0))),
        inspectees=(an_inspectee(place="far"),),
        visits=(a_visit("v1", weight=9),),
    )

    exact = solve_exactly(problem)

    assert exact is not None
    assert (exact.optimal, exact.bound, exact.placements) == (True, 9, {})


def after(questions: int) -> StopRule:
    """Stops when it has been asked so many times."""
    left = [questions]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    return stop


@pytest.mark.parametrize("least_change", [False, True])
@pytest.mark.parametrize("questions", [0, 1, 2, 3, 10])
def test_stopped_early_it_returns_what_it_has(questions: int, least_change: bool) -> None:
    """A problem whose proof takes longer than ten questions, one every twentieth of a second."""
    problem = a_problem(
        inspectors=tuple(an_inspector(f"i{k}") for k in range(5)),
        visits=tuple(a_visit(f"v{k}", weight=1 + k % 3, size=1 + k % 2) for k in range(40)),
        balance_groups=("pool",),
    )

    exact = solve_exactly(problem, least_change=least_change, deterministic_seconds=1e6, is_over=after(questions))

    if exact is not None:
        assert not exact.optimal
        assert check(problem, plan_of(problem, exact)).violations == ()
