"""Of a baseline some assignments can be in no plan: they are told from those that may be kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from solver.baseline import Baseline
from solver.calendar import Slot
from solver.candidates import Candidates
from solver.problem import LEAD, BaselineAssignment, DateRange, PastVisit, Pin
from solver.timetable import Placement
from tests.builders import MONDAY, TUESDAY, a_problem, a_visit, an_inspectee, an_inspector
from tests.strategies import Hidden, hidden_plans

BEFORE = BaselineAssignment("v1", MONDAY, "pm", ("i2", "i1"))

TEAM = (an_inspector("i1"), an_inspector("i2"), an_inspector("i3"))


def baseline_of(**changes: object) -> Baseline:
    fields = {"inspectors": TEAM, "visits": (a_visit("v1", size=2),), "baseline": (BEFORE,)}
    return Baseline.of(Candidates(a_problem(**(fields | changes))))


def test_a_possible_assignment_is_a_placement() -> None:
    found = baseline_of()

    assert found.placements == {0: Placement(Slot(1), (0, 1))}
    assert found.impossible == frozenset()


@pytest.mark.parametrize(
    "changes",
    [
        {"baseline": (replace(BEFORE, day=MONDAY.replace(year=2020)),)},
        {"baseline": (replace(BEFORE, team=("i1", "gone")),)},
        {"baseline": (replace(BEFORE, team=("i1",)),)},
        {"visits": (a_visit("v1", size=2, earliest=TUESDAY),)},
        {"visits": (a_visit("v1", size=2, half_days=2),)},
        {"visits": (a_visit("v1", size=2, excluded=frozenset({"i2"})),)},
        {"visits": (a_visit("v1", size=2, requires={LEAD: 1}),)},
        {"inspectors": (*TEAM[:1], replace(TEAM[1], unavailable=(DateRange(MONDAY, MONDAY),)), TEAM[2])},
        {"inspectees": (an_inspectee(closed=(DateRange(MONDAY, MONDAY),)),)},
        {"pins": (Pin("v1", TUESDAY, "pm"),)},
        {"pins": (Pin("v1", MONDAY, "pm", ("i1", "i3")),)},
        {"history": (PastVisit("h", "e1", MONDAY, "am", 2, (), 0),)},
    ],
    ids=[
        "no inspection day",
        "member left",
        "smaller team",
        "window",
        "longer visit",
        "recusal",
        "needs a leader",
        "absence",
        "closure",
        "pinned elsewhere",
        "pinned to others",
        "history",
    ],
)
def test_what_can_be_in_no_plan_is_impossible(changes: dict[str, object]) -> None:
    found = baseline_of(**changes)

    assert found.placements == {}
    assert found.impossible == frozenset({0})


def test_visits_that_have_left_the_problem_do_not_count() -> None:
    found = baseline_of(baseline=(replace(BEFORE, visit="gone"),))

    assert (found.placements, found.impossible) == ({}, frozenset())


@given(hidden_plans())
def test_the_assignments_of_a_valid_plan_are_possible(hidden: Hidden) -> None:
    given = tuple(BaselineAssignment(a.visit, a.day, a.half, a.team, a.leader) for a in hidden.plan.assignments)
    found = Baseline.of(Candidates(replace(hidden.problem, baseline=given)))

    assert found.impossible == frozenset()
    assert len(found.placements) == len(given)
