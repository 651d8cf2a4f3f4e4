"""Visits are placed beside the assigned ones, which are moved where that helps."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.model.repair import Effort, Repair
from solver.problem import PastVisit, Pin, Problem
from solver.timetable import Placement, Timetable
from solver.travel import TravelTable
from tests.builders import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    a_matrix,
    a_place,
    a_problem,
    a_visit,
    an_inspectee,
    an_inspector,
    weights,
)

MONDAY_AM, MONDAY_PM, TUESDAY_AM = Slot(0), Slot(1), Slot(2)


def repair_of(problem: Problem, effort: Effort | None = None) -> tuple[Repair, Timetable]:
    candidates = Candidates(problem)
    timetable = Timetable(candidates)
    return Repair(candidates, timetable, TravelTable.of(problem), effort or Effort()), timetable


def test_an_open_visit_takes_the_place_that_is_left() -> None:
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2")), days=(MONDAY,))
    repair, timetable = repair_of(problem)
    timetable.put(0, Placement(MONDAY_AM, (0,)))

    assert repair.place([1])
    assert timetable.placements == {0: (MONDAY_AM, (0,)), 1: (MONDAY_PM, (0,))}


def test_a_flexible_visit_gives_way_to_a_rigid_one() -> None:
    """v2 can be on Monday morning only, where v1 stands; alone it finds nothing, together v1 moves."""
    problem = a_problem(
        inspectors=(an_inspector(unavailable=()),),
        visits=(a_visit("v1", half_days=2), a_visit("v2", half_days=2, latest=MONDAY)),
    )
    repair, timetable = repair_of(problem)
    timetable.put(0, Placement(MONDAY_AM, (0,)))

    assert not repair.place([1])
    assert repair.place([1, 0])
    assert timetable.placements[1] == (MONDAY_AM, (0,))
    assert timetable.placements[0].start > MONDAY_PM


def test_a_heavy_visit_drives_out_a_light_one() -> None:
    """There is room for one; the weight left out goes first."""
    problem = a_problem(
        visits=(a_visit("light", half_days=2, weight=1), a_visit("heavy", half_days=2, weight=9)),
        days=(MONDAY,),
        weights=weights(unscheduled=1000),
    )
    repair, timetable = repair_of(problem)
    timetable.put(0, Placement(MONDAY_AM, (0,)))

    assert repair.place([0, 1])
    assert set(timetable.placements) == {1}


def test_nothing_is_left_out_for_nothing() -> None:
    """Leaving the visit out would save travel of more than its weight, yet it stays."""
    problem = a_problem(
        places=(a_place("town"), a_place("far")),
        travel=a_matrix(((0, 500), (500, 0))),
        inspectees=(an_inspectee(place="far"),),
        weights=weights(unscheduled=1, travel=1000),
    )
    repair, timetable = repair_of(problem)
    timetable.put(0, Placement(TUESDAY_AM, (0,)))

    assert not repair.place([0])
    assert set(timetable.placements) == {0}


def test_the_nearer_inspector_goes() -> None:
    problem = a_problem(
        places=(a_place("town"), a_place("village")),
        travel=a_matrix(((0, 60), (60, 0))),
        inspectors=(an_inspector("i1", base="town"), an_inspector("i2", base="village")),
        inspectees=(an_inspectee(place="village"),),
        weights=weights(unscheduled=10_000),
    )
    repair, timetable = repair_of(problem)

    assert repair.place([0])
    assert timetable.placements[0].team == (1,)


def test_pins_stand_where_they_must() -> None:
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2")), pins=(Pin("v1", FRIDAY, "pm", team=("i2",)),)
    )
    repair, timetable = repair_of(problem)

    assert repair.place([0])
    assert timetable.placements == {0: (9, (1,))}


def two_pools(**changes: Any) -> Problem:
    """Pool a with its inspector and school in the town, pool b in the village; i1 may help in both."""
    return a_problem(
        places=(a_place("town"), a_place("village"), a_place("hamlet")),
        travel=a_matrix(((0, 20, 30), (20, 0, 10), (30, 10, 0))),
        inspectors=(
            an_inspector("i1", tags=frozenset({"a", "b"})),
            an_inspector("i2", tags=frozenset({"b"}), base="hamlet"),
        ),
        inspectees=(an_inspectee("e1"), an_inspectee("e2", place="village"), an_inspectee("e3", place="hamlet")),
        visits=(a_visit("v1", pool=("a",)), a_visit("v2", inspectee="e2", pool=("b",))),
        **changes,
    )


def repair_of_the_town(problem: Problem) -> tuple[Repair, Timetable]:
    """A repair whose travel table knows the places of pool a only."""
    candidates = Candidates(problem)
    timetable = Timetable(candidates)
    return Repair(candidates, timetable, TravelTable.of(problem, ["town"]), Effort()), timetable


def test_assignments_of_other_pools_may_be_at_places_of_their_own() -> None:
    """i1 is in the village for pool b on Monday morning; the visit of pool a is placed around it."""
    repair, timetable = repair_of_the_town(two_pools())
    timetable.put(1, Placement(MONDAY_AM, (0,)))

    assert repair.place([0])
    assert set(timetable.placements) == {0, 1}


def test_visits_of_other_pools_may_be_placed_too() -> None:
    repair, timetable = repair_of_the_town(two_pools())
    timetable.put(1, Placement(MONDAY_AM, (1,)))

    assert repair.place([0, 1])
    assert set(timetable.placements) == {0, 1}


def test_history_of_other_pools_may_be_at_places_of_its_own() -> None:
    past = PastVisit("h1", "e3", MONDAY, "am", 1, ("i1",), 0, ())
    repair, timetable = repair_of_the_town(two_pools(history=(past,)))

    assert repair.place([0])
    assert set(timetable.placements) == {0}


def test_an_error_leaves_the_timetable_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_x: object) -> NoReturn:
        raise MemoryError

    repair, timetable = repair_of(a_problem(visits=(a_visit("v1"), a_visit("v2"))))
    timetable.put(0, Placement(MONDAY_AM, (0,)))
    monkeypatch.setattr("solver.model.repair.build", fail)

    with pytest.raises(MemoryError):
        repair.place([0, 1])
    assert timetable.placements == {0: (MONDAY_AM, (0,))}


def test_what_is_taken_out_leaves_no_trace() -> None:
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_month=4, half_days_per_year=9),),
        visits=(a_visit("v1", half_days=3, burden=1), a_visit("v2")),
        days=(MONDAY, TUESDAY),
    )
    candidates = Candidates(problem)
    blank, timetable = Timetable(candidates), Timetable(candidates)
    timetable.put(0, Placement(MONDAY_AM, (0,)))
    assert timetable.month_left.tolist() == [[1]]
    assert timetable.take(0) == (MONDAY_AM, (0,))

    assert timetable.stay_at.tolist() == blank.stay_at.tolist()
    assert timetable.month_left.tolist() == blank.month_left.tolist() == [[4]]
    assert timetable.year_left.tolist() == blank.year_left.tolist() == [[9]]
    assert (timetable.placements, timetable.last_day, timetable.of_inspectee) == ({}, {}, {"e1": []})
