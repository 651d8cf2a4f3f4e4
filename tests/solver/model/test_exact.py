"""Small problems are solved to the proven optimum."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from solver.candidates import Candidates
from solver.checker import check
from solver.io import read_problem
from solver.model.exact import ExactPlan, is_small, solve_exactly
from solver.model.scope import Scope
from solver.plan import Plan
from solver.problem import BaselineAssignment, Pin, Problem
from solver.travel import TravelTable
from tests.builders import FRIDAY, MONDAY, TUESDAY, a_plan, a_problem, a_visit, an_inspector, weights
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
