"""The relaxation of fewest changes bounds every plan, and its rules bind only what is kept."""

from __future__ import annotations

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.model.build import never
from solver.model.changes import fewest_changes, least_unscheduled_at
from solver.problem import BaselineAssignment, Precedence, Problem
from solver.timetable import Placement
from tests.builders import MONDAY, TUESDAY, a_problem, a_visit, an_inspectee, an_inspector

MONDAY_AM, MONDAY_PM, TUESDAY_AM = map(Slot, range(3))


def two_schools(**changes: object) -> Problem:
    """Two visits of half a day at two schools, one inspector, two days."""
    fields = {
        "days": (MONDAY, TUESDAY),
        "inspectees": (an_inspectee("e1"), an_inspectee("e2")),
        "visits": (a_visit("v1", latest=MONDAY), a_visit("v2", inspectee="e2")),
        "baseline": (BaselineAssignment("v2", MONDAY, "am", ("i1",)),),
    }
    return a_problem(**(fields | changes))


def test_nothing_changes_where_there_is_room() -> None:
    found = fewest_changes(Candidates(two_schools()), [0], {1: Placement(MONDAY_AM, (0,))}, seed=1, is_over=never)

    assert found is not None
    assert (found.changed, found.bound, found.is_optimal) == (frozenset(), 0, True)
    assert found.placements == {0: Placement(MONDAY_PM, (0,))}


def test_what_takes_the_only_places_is_changed() -> None:
    """v2 takes all of Monday; it counts as one change, wherever it goes."""
    problem = two_schools(visits=(a_visit("v1", latest=MONDAY), a_visit("v2", inspectee="e2", half_days=2)))
    found = fewest_changes(Candidates(problem), [0], {1: Placement(MONDAY_AM, (0,))}, seed=1, is_over=never)

    assert found is not None
    assert (found.changed, found.bound, found.is_optimal) == (frozenset({1}), 1, True)
    assert 0 in found.placements


def test_unscheduled_weight_counts_more_than_any_change() -> None:
    """With no half-day left in the month v1 stays unscheduled if v2 is free too: of the two the lighter one."""
    problem = two_schools(
        inspectors=(an_inspector(half_days_per_month=1),),
        visits=(a_visit("v1", weight=2), a_visit("v2", inspectee="e2", weight=1)),
    )
    found = fewest_changes(Candidates(problem), [0, 1], {}, seed=1, is_over=never)

    assert found is not None
    assert set(found.placements) == {0}
    assert found.bound == found.price * 1 + 1


def test_a_visit_may_follow_one_that_is_elsewhere() -> None:
    """v1 must come after v2, which is on Tuesday: v2 changes, and no other rule ties the two."""
    problem = two_schools(precedences=(Precedence("v2", "v1", min_days=0),))
    found = fewest_changes(Candidates(problem), [0], {1: Placement(TUESDAY_AM, (0,))}, seed=1, is_over=never)

    assert found is not None
    assert (found.changed, found.bound) == (frozenset({1}), 1)
    unknown = fewest_changes(Candidates(problem), [0], {}, seed=1, is_over=never)
    assert unknown is not None
    assert set(unknown.placements) == {0}


def test_too_large_a_model_is_not_built() -> None:
    """1,500 visits with five candidates in ten half-days."""
    problem = a_problem(
        inspectors=tuple(an_inspector(f"i{k}") for k in range(5)), visits=tuple(a_visit(f"v{k}") for k in range(1_500))
    )

    assert fewest_changes(Candidates(problem), range(1_500), {}, seed=1, is_over=never) is None


def test_of_one_inspectee_the_limits_leave_some_unscheduled() -> None:
    problem = a_problem(
        inspectees=(an_inspectee(max_burden={"year": 2}),),
        visits=tuple(a_visit(f"v{k}", burden=1, weight=k) for k in (1, 2, 3)),
    )

    assert least_unscheduled_at(Candidates(problem), [0, 1, 2], seed=1) == 1
    assert least_unscheduled_at(Candidates(problem), [1, 2], seed=1) == 0
