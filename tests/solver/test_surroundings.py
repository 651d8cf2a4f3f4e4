"""The surroundings hold what some visits can meet, and grow without losing the plan."""

from __future__ import annotations

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.problem import Precedence, Problem
from solver.surroundings import Surroundings
from solver.timetable import Placement
from tests.builders import a_problem, a_resource, a_visit, an_inspectee, an_inspector


def five_visits() -> Problem:
    """v1 to v5 at schools of their own but v5, with i1, i2, i3 of pools a, b, c; v1 and v3 need the car."""
    return a_problem(
        inspectors=tuple(an_inspector(f"i{k}", tags=frozenset({tag})) for k, tag in enumerate("abc", start=1)),
        inspectees=tuple(an_inspectee(f"e{k}") for k in range(1, 5)),
        resources=(a_resource(),),
        visits=(
            a_visit("v1", pool=("a",), resources=("car",)),
            a_visit("v2", inspectee="e2", pool=("a",)),
            a_visit("v3", inspectee="e3", pool=("b",), resources=("car",)),
            a_visit("v4", inspectee="e4", pool=("c",)),
            a_visit("v5", inspectee="e2", pool=("c",)),
        ),
        precedences=(Precedence("v4", "v3", min_days=0),),
    )


PLAN = {
    1: Placement(Slot(0), (0,)),
    2: Placement(Slot(4), (1,)),
    3: Placement(Slot(2), (2,)),
    4: Placement(Slot(1), (2,)),
}
"""v1 is to be placed."""


def surroundings_of_v1() -> Surroundings:
    surroundings = Surroundings(Candidates(five_visits()), PLAN)
    surroundings.cover([0])
    return surroundings


def test_it_takes_in_people_and_resources() -> None:
    """v2 is by the inspector of v1, v3 in its car."""
    assert set(surroundings_of_v1().timetable.placements) == {1, 2}


def test_it_grows_by_inspectees_and_orders() -> None:
    """v5 is at the school of v2; v4 comes before v3."""
    surroundings = surroundings_of_v1()
    surroundings.cover([1])
    assert set(surroundings.timetable.placements) == {1, 2, 4}
    surroundings.cover([2])
    assert set(surroundings.timetable.placements) == {1, 2, 3, 4}


def test_the_plan_stays_whole() -> None:
    surroundings = surroundings_of_v1()
    assert surroundings.placements() == PLAN
    surroundings.timetable.take(1)
    assert surroundings.placements() == {number: place for number, place in PLAN.items() if number != 1}


def test_near_is_what_a_start_can_meet_or_share_a_cap_with() -> None:
    surroundings = surroundings_of_v1()

    assert surroundings.near([0]) == {1, 2}
    surroundings.cover([1, 2, 3, 4])
    assert surroundings.near([0]) == {1, 2}
    assert surroundings.near([1]) == {4}
