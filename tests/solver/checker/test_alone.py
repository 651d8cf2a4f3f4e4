"""Pins judged on their own: what no plan could mend is found before anything is planned."""

from __future__ import annotations

from solver.checker import check_pins
from solver.problem import DateRange, PastVisit, Pin, Precedence
from solver.reasons import Violation
from tests.builders import (
    FRIDAY,
    MONDAY,
    POOL,
    TUESDAY,
    a_problem,
    a_resource,
    a_visit,
    an_inspectee,
    an_inspector,
)

TWO_SCHOOLS = (an_inspectee("e1"), an_inspectee("e2"))


def codes(violations: tuple[Violation, ...]) -> set[tuple[str, str]]:
    """What is broken where."""
    return {(violation.code, violation.visit) for violation in violations}


def test_pins_that_keep_the_rules_leave_the_other_visits_to_the_planner() -> None:
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2")), pins=(Pin("v1", MONDAY, "am", team=("i1",)),))

    assert check_pins(problem) == ()


def test_two_pins_of_one_person_at_one_time_are_infeasible() -> None:
    problem = a_problem(
        inspectees=TWO_SCHOOLS,
        visits=(a_visit("v1"), a_visit("v2", inspectee="e2")),
        pins=(Pin("v1", MONDAY, "am", team=("i1",)), Pin("v2", MONDAY, "am", team=("i1",))),
    )

    assert codes(check_pins(problem)) == {("double_booked", "v2")}


def test_pin_without_team_is_silent_about_people() -> None:
    nobody_is_there = (an_inspector(unavailable=(DateRange(MONDAY, FRIDAY),)),)
    problem = a_problem(inspectors=nobody_is_there, pins=(Pin("v1", MONDAY, "am"),))

    assert check_pins(problem) == ()


def test_pin_without_team_still_takes_time_and_resources() -> None:
    problem = a_problem(
        inspectees=(an_inspectee(closed=(DateRange(MONDAY, MONDAY),)),),
        resources=(a_resource(capacity=0),),
        visits=(a_visit(resources=("car",)),),
        pins=(Pin("v1", MONDAY, "am"),),
    )

    assert codes(check_pins(problem)) == {("closed", "v1"), ("resource", "v1")}


def test_visit_pinned_twice_is_infeasible() -> None:
    problem = a_problem(pins=(Pin("v1", MONDAY, "am"), Pin("v1", TUESDAY, "am")))

    assert codes(check_pins(problem)) == {("once", "v1"), ("pinned", "v1")}


def test_leader_of_a_pin_is_advice() -> None:
    people = (an_inspector("i1"), an_inspector("chief", tags=frozenset({POOL, "lead"})))
    problem = a_problem(
        inspectors=people,
        visits=(a_visit(size=2, requires={"lead": 1}),),
        pins=(Pin("v1", MONDAY, "am", team=("i1", "chief"), leader="i1"),),
    )

    assert check_pins(problem) == ()


def test_pinned_team_without_anybody_to_lead_is_infeasible() -> None:
    problem = a_problem(visits=(a_visit(requires={"lead": 1}),), pins=(Pin("v1", MONDAY, "am", team=("i1",)),))

    assert {code for code, _ in codes(check_pins(problem))} == {"team_requires"}


def test_order_is_judged_between_pins_and_not_for_a_visit_still_free() -> None:
    problem = a_problem(
        inspectees=TWO_SCHOOLS,
        visits=(a_visit("v1"), a_visit("v2", inspectee="e2")),
        precedences=(Precedence("v1", "v2", min_days=1),),
        pins=(Pin("v2", MONDAY, "am"),),
    )
    both_pinned = a_problem(
        inspectees=TWO_SCHOOLS,
        visits=problem.visits,
        precedences=problem.precedences,
        pins=(Pin("v1", MONDAY, "pm"), Pin("v2", MONDAY, "am")),
    )

    assert check_pins(problem) == ()
    assert codes(check_pins(both_pinned)) == {("precedence", "v2")}


def test_history_counts_against_the_pins() -> None:
    past = PastVisit("h1", "e1", MONDAY, "am", half_days=1, team=(), burden=0)
    problem = a_problem(
        precedences=(Precedence("h1", "v1", min_days=1),), history=(past,), pins=(Pin("v1", MONDAY, "am"),)
    )

    assert codes(check_pins(problem)) == {("inspectee_overlap", "v1"), ("precedence", "v1")}
