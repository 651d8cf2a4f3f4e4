"""A reason is true of what stands, and there is one for whatever can be in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings

from solver.candidates import Candidates
from solver.checker import check
from solver.explain import ALWAYS_EXPLAINED, NOT_TRIED, explain_unscheduled
from solver.plan import Assignment
from solver.problem import LEAD, DateRange, PastVisit, Pin, Precedence, Problem
from solver.reasons import Reason
from solver.retry import can_meet
from tests.builders import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_matrix,
    a_place,
    a_plan,
    a_problem,
    a_resource,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)
from tests.solver.rules import CASES
from tests.solver.rules.case import Case
from tests.strategies import Hidden, hidden_plans

ON_MONDAY = {"days": (MONDAY,)}
"""With one day there are two starts."""


def reasons(problem: Problem, *assignments: Assignment) -> list[Reason]:
    """The reasons of the last visit of the problem."""
    assert check(problem, a_plan(*assignments, left_out=_left_out(problem, assignments))).violations == ()
    explained = explain_unscheduled(problem, assignments)
    assert explained[-1].visit == problem.visits[-1].id
    return list(explained[-1].reasons)


def _left_out(problem: Problem, assignments: tuple[Assignment, ...]) -> tuple[str, ...]:
    planned = {assignment.visit for assignment in assignments}
    return tuple(visit.id for visit in problem.visits if visit.id not in planned)


def test_no_day_names_what_takes_the_days_of_the_window() -> None:
    """Of Monday to Wednesday three half-days fit on none: Monday and Tuesday are closed, Wednesday is too late."""
    problem = a_problem(
        visits=(a_visit(half_days=3, latest=WEDNESDAY),),
        inspectees=(an_inspectee(closed=(DateRange(MONDAY, TUESDAY),)),),
    )

    assert reasons(problem) == [
        Reason("no_day", {"earliest": MONDAY, "latest": WEDNESDAY, "days": 3}),
        Reason("slots", {"half_days": 3, "starts": 3}),
        Reason("closed", {"inspectee": "e1", "first": MONDAY, "last": TUESDAY, "starts": 2}),
    ]


def test_no_team_names_the_need_that_cannot_be_met() -> None:
    """Two are asked for, one of them a lead; one is there, and nobody leads."""
    problem = a_problem(visits=(a_visit(size=2, requires={LEAD: 1}),), **ON_MONDAY)

    assert reasons(problem) == [
        Reason("no_team", {"earliest": MONDAY, "latest": FRIDAY, "days": 1, "starts": 2}),
        Reason("team_size", {"size": 2, "available": 1, "members": 1}),
        Reason("team_requires", {"tag": LEAD, "least": 1, "bearers": 0}),
    ]


def test_needs_that_only_one_person_could_meet_are_a_matter_of_qualification() -> None:
    """A team of one must lead and know finance; one person leads and another knows finance."""
    problem = a_problem(
        inspectors=(
            an_inspector("i1", tags=frozenset({"pool", LEAD})),
            an_inspector("i2", tags=frozenset({"pool", "money"})),
        ),
        visits=(a_visit(pool=("pool",), requires={LEAD: 1, "money": 1}),),
        **ON_MONDAY,
    )

    assert reasons(problem) == [Reason("team_requires", {"starts": 2, "size": 1, "available": 2})]


def test_a_visit_waits_for_the_one_before() -> None:
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2")), precedences=(Precedence("v1", "v2", min_days=1),))

    assert reasons(problem) == [Reason("before_unscheduled", {"before": "v1"})]


def test_precedence_names_the_distance() -> None:
    """The first is on Monday afternoon; the second must begin on Wednesday at the soonest, and Tuesday is the last."""
    problem = a_problem(
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        visits=(a_visit("v1"), a_visit("v2", inspectee="e2")),
        precedences=(Precedence("v1", "v2", min_days=2, max_days=3),),
        days=(MONDAY, TUESDAY),
    )

    assert reasons(problem, an_assignment("v1", MONDAY, "pm")) == [
        Reason("precedence", {"before": "v1", "ended": MONDAY, "min_days": 2, "max_days": 3, "days": 0, "starts": 4})
    ]


def test_capacity_names_people_and_months_that_are_used_up() -> None:
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_month=3),),
        visits=(a_visit("v1", half_days=2), a_visit("v2", half_days=2)),
        days=(MONDAY, TUESDAY),
    )

    assert reasons(problem, an_assignment("v1")) == [
        Reason("inspectee_overlap", {"inspectee": "e1", "other": "v1", "day": MONDAY, "starts": 1}),
        Reason(
            "capacity",
            {
                "starts": 1,
                "first": TUESDAY,
                "last": TUESDAY,
                "needed_half_days": 2,
                "free_half_days": 1,
                "months": ("2025-03",),
                "candidates": 1,
                "without_room": 1,
                "inspectors": ("i1",),
            },
        ),
    ]


def test_double_booked_names_what_the_inspector_is_at() -> None:
    problem = a_problem(
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        visits=(a_visit("v1", half_days=2), a_visit("v2", inspectee="e2")),
        **ON_MONDAY,
    )

    assert reasons(problem, an_assignment("v1")) == [
        Reason(
            "double_booked",
            {"starts": 2, "inspector": "i1", "other": "v1", "day": MONDAY, "half": "am", "size": 1, "available": 0},
        )
    ]


def test_transfer_names_the_drive_in_its_direction() -> None:
    """45 minutes are allowed; from the afternoon's school to the other it would be 46, the other way round 47."""
    problem = a_problem(
        places=(a_place("town"), a_place("x"), a_place("y")),
        travel=a_matrix(((0, 0, 0), (0, 0, 46), (0, 47, 0))),
        inspectees=(an_inspectee("ex", place="x"), an_inspectee("ey", place="y")),
        visits=(a_visit("v1", inspectee="ex"), a_visit("v2", inspectee="ey")),
        **ON_MONDAY,
    )

    assert reasons(problem, an_assignment("v1", MONDAY, "pm")) == [
        Reason(
            "double_booked",
            {"starts": 1, "inspector": "i1", "other": "v1", "day": MONDAY, "half": "pm", "size": 1, "available": 0},
        ),
        Reason(
            "transfer",
            {
                "starts": 1,
                "inspector": "i1",
                "other": "v1",
                "day": MONDAY,
                "minutes": 47,
                "transfer_max_minutes": 45,
            },
        ),
    ]


def test_burden_gap_and_resources_name_what_they_count() -> None:
    people = (an_inspector("i1"), an_inspector("i2"))
    limited = a_problem(
        inspectors=people,
        inspectees=(an_inspectee(max_burden={"year": 2}),),
        visits=(a_visit("v1", burden=2), a_visit("v2", burden=1)),
        **ON_MONDAY,
    )
    apart = a_problem(
        inspectors=people,
        inspectees=(an_inspectee(min_gap_days=2),),
        visits=(a_visit("v1", burden=1), a_visit("v2", burden=1, latest=TUESDAY)),
    )
    one_car = a_problem(
        inspectors=people,
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        resources=(a_resource(),),
        visits=(a_visit("v1", resources=("car",)), a_visit("v2", inspectee="e2", half_days=2, resources=("car",))),
        **ON_MONDAY,
    )

    assert reasons(limited, an_assignment("v1")) == [
        Reason(
            "burden",
            {"inspectee": "e1", "period": "year", "burden": 3, "max_burden": 2, "others": ("v1",), "starts": 2},
        )
    ]
    assert reasons(apart, an_assignment("v1", MONDAY, "am"))[0] == Reason(
        "inspectee_gap", {"inspectee": "e1", "other": "v1", "days": 1, "min_gap_days": 2, "starts": 3}
    )
    assert reasons(one_car, an_assignment("v1", MONDAY, "pm")) == [
        Reason("resource", {"resource": "car", "capacity": 1, "day": MONDAY, "half": "pm", "visits": 2, "starts": 1})
    ]


def test_pin_and_history_are_reasons_too() -> None:
    """The pin asks for a day on which the school is closed by what was carried out there."""
    past = PastVisit("h", "e1", MONDAY, "am", half_days=2, team=(), burden=0)
    problem = a_problem(history=(past,), pins=(Pin("v1", MONDAY, "am"),))
    explained = explain_unscheduled(problem, ())

    assert [reason.code for reason in explained[0].reasons] == ["no_day", "pinned", "inspectee_overlap"]


def test_a_visit_that_could_stand_says_where() -> None:
    problem = a_problem(**ON_MONDAY)

    assert reasons(problem) == [Reason("capacity", {"free_day": MONDAY, "free_half": "am", "starts": 2})]


@given(hidden_plans(most_visits=3))
@settings(max_examples=60)
def test_room_is_reported_exactly_where_the_checker_finds_some(hidden: Hidden) -> None:
    _room_is_what_the_checker_finds(replace(hidden.problem, pins=()), hidden.plan.assignments[1:])


@pytest.mark.parametrize("case", [case for case in CASES if not case.problem.pins], ids=str)
def test_room_is_reported_exactly_where_the_checker_finds_some_in_the_cases(case: Case) -> None:
    """The visit at which the rule was broken is taken out of the forbidden plan, so that the rule stands in its way."""
    broken = case.violation.visit
    _room_is_what_the_checker_finds(case.problem, tuple(a for a in case.forbidden.assignments if a.visit != broken))


def _room_is_what_the_checker_finds(problem: Problem, left: tuple[Assignment, ...]) -> None:
    """Every single way of adding a visit that is left out is tried with the checker."""
    candidates = Candidates(problem)
    planned = {assignment.visit for assignment in left}
    if any(p.after in planned and p.before not in planned for p in problem.precedences):
        return
    for entry in explain_unscheduled(problem, left, candidates):
        reported = {reason.details["free_day"] for reason in entry.reasons if "free_day" in reason.details}
        found = _days_with_room(problem, left, entry.visit)
        assert entry.reasons
        assert bool(reported) == bool(found)
        assert reported <= found


def _days_with_room(problem: Problem, left: tuple[Assignment, ...], visit_id: str) -> set[date]:
    visit = next(visit for visit in problem.visits if visit.id == visit_id)
    found = set()
    for day in problem.days:
        for half in ("am", "pm"):
            for team in combinations(problem.inspectors, visit.team.size):
                leader = next((who.id for who in team if LEAD in who.tags), None)
                added = Assignment(visit_id, day, half, tuple(who.id for who in team), leader)
                if not check(problem, a_plan(*left, added, left_out=_left_out(problem, (*left, added)))).violations:
                    found.add(day)
    return found


def test_one_person_meets_two_needs_but_not_twice() -> None:
    """Marks: bit 0 lead, bit 1 finance. One who has both and one plain person make a team of two; two leads do not."""
    assert can_meet((1, 0, 0, 1), (1, 1), 2)
    assert not can_meet((1, 2, 0, 0), (1, 1), 2)
    assert not can_meet((0, 0, 0, 1), (1, 1), 2)
    assert can_meet((0, 1, 1, 0), (1, 1), 2)


def test_when_the_time_is_over_only_the_first_visits_are_explained() -> None:
    """One half-day for sixty visits; whether the time is over is asked after fifty of them."""
    problem = a_problem(days=(MONDAY,), visits=tuple(a_visit(f"v{k}", half_days=2) for k in range(60)))

    early = explain_unscheduled(problem, ())
    over = explain_unscheduled(problem, (), is_over=iter([False, *[True] * 99]).__next__)
    late = explain_unscheduled(problem, (), is_over=lambda: True)

    assert all(NOT_TRIED not in entry.reasons for entry in early)
    assert over[:ALWAYS_EXPLAINED] == early[:ALWAYS_EXPLAINED]
    assert all(entry.reasons == (NOT_TRIED,) for entry in (*over[ALWAYS_EXPLAINED:], *late))
    assert [entry.visit for entry in late] == [entry.visit for entry in early]
