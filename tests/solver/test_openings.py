"""An opening is one by the checker too, and a closed one names the rule that closes it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings

from solver.candidates import Candidates
from solver.checker import check
from solver.checker.registry import TEAM_RULES
from solver.member_rules import MEMBER_RULES
from solver.openings import Openings
from solver.plan import Assignment
from solver.problem import LEAD, DateRange, Half, Problem
from solver.reasons import Reason
from tests.builders import (
    MONDAY,
    TUESDAY,
    a_plan,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)
from tests.solver.rules import CASES
from tests.solver.rules.case import Case
from tests.strategies import Hidden, hidden_plans

HALVES: tuple[Half, ...] = ("am", "pm")

OF_ONE_MEMBER = {"available", "double_booked", "transfer", "evening", "month_cap", "year_cap", "team_pool", "excluded"}
"""The codes of ``TEAM_RULES`` that look at each member by himself or herself."""


def is_valid(problem: Problem, *assignments: Assignment) -> bool:
    planned = {assignment.visit for assignment in assignments}
    left_out = tuple(visit.id for visit in problem.visits if visit.id not in planned)
    return not check(problem, a_plan(*assignments, left_out=left_out)).violations


def has_room(problem: Problem, others: tuple[Assignment, ...], visit_id: str, start: Assignment) -> bool:
    """Whether any team of any inspectors makes a valid plan."""
    visit = next(visit for visit in problem.visits if visit.id == visit_id)
    for team in combinations(problem.inspectors, visit.team.size):
        leader = next((who.id for who in team if LEAD in who.tags), None)
        added = replace(start, team=tuple(who.id for who in team), leader=leader)
        if is_valid(problem, *others, added):
            return True
    return False


def one_to_move(hidden: Hidden) -> tuple[Problem, Assignment, tuple[Assignment, ...]]:
    """The first visit of the plan, which no order ties to others, and the others."""
    assume(hidden.plan.assignments)
    moved, *others = hidden.plan.assignments
    assume(all(moved.visit not in (rule.before, rule.after) for rule in hidden.problem.precedences))
    return replace(hidden.problem, pins=()), moved, tuple(others)


@given(hidden_plans(most_visits=3))
@settings(max_examples=40)
def test_a_half_day_is_open_exactly_where_the_checker_finds_room(hidden: Hidden) -> None:
    problem, moved, others = one_to_move(hidden)

    for opening in Openings(Candidates(problem), hidden.plan.assignments, moved.visit).half_days():
        start = replace(moved, day=opening.day, half=opening.half)
        assert (opening.reason is None) == has_room(problem, others, moved.visit, start)


@given(hidden_plans(most_visits=3))
@settings(max_examples=40)
def test_the_present_team_fits_exactly_where_the_checker_lets_it(hidden: Hidden) -> None:
    problem, moved, others = one_to_move(hidden)

    for opening in Openings(Candidates(problem), hidden.plan.assignments, moved.visit).half_days():
        start = replace(moved, day=opening.day, half=opening.half)
        assert opening.fits == is_valid(problem, *others, start)


@pytest.mark.parametrize("case", [case for case in CASES if case.code in OF_ONE_MEMBER], ids=str)
def test_each_rule_about_a_member_is_told_of_that_member(case: Case) -> None:
    """The visit at which the forbidden plan breaks the rule is asked about its own half-day."""
    broken = next(each for each in case.forbidden.assignments if each.visit == case.violation.visit)
    openings = Openings(Candidates(replace(case.problem, pins=())), case.forbidden.assignments, broken.visit)

    told = {each.inspector: each.reason.code for each in openings.people(broken.day, broken.half) if each.reason}
    assert told[str(case.violation.details["inspector"])] == case.code


def test_there_is_no_rule_about_one_member_beside_those() -> None:
    """``year_cap`` is told with ``month_cap``; pool and exclusions hold at every start."""
    assert {rule.code for rule in MEMBER_RULES} | {"year_cap", "team_pool", "excluded"} == OF_ONE_MEMBER
    assert OF_ONE_MEMBER <= TEAM_RULES


def test_a_closed_half_day_says_how_many_are_possible_at_most() -> None:
    problem = a_problem(
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        inspectors=(an_inspector("i1"), an_inspector("i2", unavailable=(DateRange(TUESDAY, TUESDAY),))),
        visits=(a_visit("v1"), a_visit("v2", inspectee="e2", size=2, latest=TUESDAY)),
    )
    openings = Openings(Candidates(problem), [an_assignment("v1", MONDAY, "am")], "v2").half_days()

    assert [(each.day, each.half, each.reason) for each in openings] == [
        (MONDAY, "am", Reason("double_booked", {"size": 2, "available": 1})),
        (MONDAY, "pm", None),
        (TUESDAY, "am", Reason("available", {"size": 2, "available": 1})),
        (TUESDAY, "pm", Reason("available", {"size": 2, "available": 1})),
    ]


def test_a_visit_taken_out_names_the_rules_that_close_most_first() -> None:
    problem = a_problem(
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        inspectors=(an_inspector(unavailable=(DateRange(TUESDAY, TUESDAY),)),),
        visits=(a_visit("v1", half_days=2), a_visit("v2", inspectee="e2", latest=TUESDAY)),
    )

    def reasons(*others: Assignment) -> list[Reason]:
        return Openings(Candidates(problem), others, "v2").reasons()

    assert reasons() == [Reason("capacity", {"free_day": MONDAY, "free_half": "am"})]
    assert [(reason.code, reason.details["starts"]) for reason in reasons(an_assignment("v1", MONDAY, "am"))] == [
        ("double_booked", 2),
        ("available", 2),
    ]
