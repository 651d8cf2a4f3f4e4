"""How much of a baseline a plan changes, and what of it can stand in no plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver.candidates import Candidates
from solver.plan import Assignment, Score
from solver.problem import BaselineAssignment, DateRange
from solver.score import certain_changes, changed_assignments, sum_of
from tests.builders import MONDAY, TUESDAY, a_problem, a_visit, an_assignment, an_inspectee, an_inspector

BEFORE = BaselineAssignment("v1", MONDAY, "am", ("i1", "i2"))

PROBLEM = a_problem(
    inspectors=(an_inspector("i1"), an_inspector("i2"), an_inspector("i3")),
    visits=(a_visit("v1", size=2),),
    baseline=(BEFORE, replace(BEFORE, visit="gone")),
)
"""One visit that has a baseline, and a baseline of a visit that has left the problem."""

KEPT = an_assignment("v1", team=("i2", "i1"))


def test_scores_add_up_part_by_part() -> None:
    assert sum_of([Score(unscheduled=1, travel=2), Score(travel=3, change_member=4)]) == Score(
        unscheduled=1, travel=5, change_member=4
    )


@pytest.mark.parametrize(
    ("assignments", "changed"),
    [
        ([KEPT], 0),
        ([replace(KEPT, day=TUESDAY)], 1),
        ([replace(KEPT, half="pm")], 1),
        ([replace(KEPT, team=("i1", "i3"))], 1),
        ([], 1),
    ],
    ids=["kept in another order", "day", "half", "team", "left out"],
)
def test_an_assignment_is_changed_if_anything_differs(assignments: list[Assignment], changed: int) -> None:
    assert changed_assignments(PROBLEM, assignments) == changed


@pytest.mark.parametrize(
    ("changes", "certain"),
    [
        ({}, 0),
        ({"inspectees": (an_inspectee(closed=(DateRange(MONDAY, MONDAY),)),)}, 1),
        ({"inspectors": (an_inspector("i1"), an_inspector("i3"))}, 1),
        ({"inspectors": (an_inspector("i1"), an_inspector("i2", unavailable=(DateRange(MONDAY, MONDAY),)))}, 1),
        ({"visits": (a_visit("v1", size=1),)}, 1),
    ],
    ids=["may stay", "closed", "member gone", "member away", "smaller team"],
)
def test_what_can_stand_no_more_is_certain_to_change(changes: dict[str, object], certain: int) -> None:
    fields = {name: getattr(PROBLEM, name) for name in ("inspectors", "visits", "baseline")}

    assert certain_changes(Candidates(a_problem(**(fields | changes)))) == certain
