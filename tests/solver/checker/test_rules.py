"""The checker and the hard rules: each allows what it should, and finds what it should where it should."""

from __future__ import annotations

import pytest
from hypothesis import given

from solver.checker import check, check_pins
from solver.problem import PastVisit
from solver.reasons import Violation
from tests.builders import MONDAY, TUESDAY, a_plan, a_problem, a_visit, an_assignment, an_inspectee, an_inspector
from tests.solver.rules import CASES
from tests.solver.rules.case import Case
from tests.strategies import Hidden, hidden_plans


@pytest.mark.parametrize("case", CASES, ids=str)
def test_plan_that_keeps_the_rule_has_no_violation(case: Case) -> None:
    assert check(case.problem, case.allowed).violations == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_plan_that_breaks_the_rule_has_this_violation_alone(case: Case) -> None:
    assert check(case.problem, case.forbidden).violations == (case.violation,)


@given(hidden_plans())
def test_hidden_plan_is_accepted(hidden: Hidden) -> None:
    assert check(hidden.problem, hidden.plan).violations == ()
    assert check_pins(hidden.problem) == ()


def test_history_alone_is_not_judged() -> None:
    # Two past visits at once, by the same person with the same car, at one school that takes one a year.
    past = tuple(
        PastVisit(name, "e1", MONDAY, "am", half_days=2, team=("i1",), burden=5, resources=("car",))
        for name in ("h1", "h2")
    )
    school = an_inspectee(max_burden={"year": 1}, min_gap_days=0)
    problem = a_problem(inspectees=(school,), history=past)

    assert check(problem, a_plan(an_assignment(day=TUESDAY))).violations == ()


def test_past_visit_of_a_school_that_is_gone_is_nowhere() -> None:
    past = PastVisit("h1", "gone", MONDAY, "am", half_days=1, team=("i1",), burden=0)
    problem = a_problem(history=(past,), transfer_max_minutes=0)

    assert check(problem, a_plan(an_assignment(half="pm"))).violations == ()


def test_visit_that_the_problem_does_not_have_is_reported_as_once() -> None:
    plan = a_plan(an_assignment(), an_assignment("stranger"))

    assert check(a_problem(), plan).violations == (Violation("once", "stranger", {"assigned": 1, "unscheduled": 0}),)


def test_inspector_whom_the_problem_does_not_have_bears_no_tag_of_the_pool() -> None:
    problem = a_problem(visits=(a_visit(size=2),))
    plan = a_plan(an_assignment(team=("i1", "stranger")))

    assert check(problem, plan).violations == (Violation("team_pool", "v1", {"inspector": "stranger"}),)


def test_day_at_the_end_of_the_calendar_is_judged_like_any_other() -> None:
    end = MONDAY.max
    capped = an_inspector(half_days_per_month=99, half_days_per_year=99)
    problem = a_problem(inspectors=(capped,), visits=(a_visit(half_days=10),))

    codes = {violation.code for violation in check(problem, a_plan(an_assignment(day=end))).violations}

    assert codes == {"slots", "window"}
