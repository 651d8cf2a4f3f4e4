"""Unscheduled visits are placed together with what is in their way, whatever the pools."""

from __future__ import annotations

from datetime import date, timedelta

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.model.gap import Gap
from solver.problem import Precedence, Problem
from solver.timetable import Placement, Timetable
from tests.builders import MONDAY, TUESDAY, a_problem, a_visit, an_inspectee, an_inspector


def gap_of(problem: Problem, *, least_weight: int = 0, is_over: bool = False) -> tuple[Gap, list[int]]:
    """The gap of an empty timetable, and the numbers of placed visits that it tells."""
    told: list[int] = []
    candidates = Candidates(problem)
    return Gap(candidates, Timetable(candidates), least_weight, lambda: is_over, told.append), told


def two_for_two() -> Problem:
    """Two visits fit on Monday alone, with a team of both people; two others may be on any day."""
    return a_problem(
        days=(MONDAY, TUESDAY),
        inspectors=(an_inspector("i1"), an_inspector("i2")),
        inspectees=tuple(an_inspectee(f"e{k}") for k in range(4)),
        visits=(
            a_visit("x", inspectee="e0", size=2, latest=MONDAY),
            a_visit("y", inspectee="e1", size=2, latest=MONDAY),
            a_visit("p", inspectee="e2", latest=TUESDAY, weight=5),
            a_visit("q", inspectee="e3", latest=TUESDAY, weight=5),
        ),
    )


def test_two_visits_give_their_places_to_two_others() -> None:
    gap, told = gap_of(two_for_two())
    gap.timetable.put(2, Placement(Slot(0), (0,)))
    gap.timetable.put(3, Placement(Slot(1), (1,)))

    gap.close()

    assert len(gap.timetable.placements) == told[-1] == 4


def test_a_member_of_another_pool_is_given_back() -> None:
    """The visit of pool a is possible over the turn of the months alone, where a borrowed member is."""
    days = tuple(date(2025, 1, 27) + timedelta(days=k) for k in range(12))
    problem = a_problem(
        days=days,
        inspectors=(
            an_inspector("a1", tags=frozenset({"a"}), half_days_per_month=4),
            an_inspector("b1", tags=frozenset({"b"})),
        ),
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        visits=(
            a_visit("turn", half_days=6, pool=("a",), earliest=days[0], latest=days[-1]),
            a_visit("other", inspectee="e2", half_days=4, pool=("b", "a"), earliest=days[0], latest=days[-1]),
        ),
    )
    gap, _ = gap_of(problem)
    gap.timetable.put(1, Placement(Slot(8), (0,)))

    gap.close()

    assert gap.timetable.placements.keys() == {0, 1}


def test_what_must_come_before_is_placed_with_the_visit() -> None:
    problem = a_problem(
        days=(MONDAY, TUESDAY),
        visits=(a_visit("after", latest=TUESDAY), a_visit("before", latest=TUESDAY)),
        precedences=(Precedence("before", "after", min_days=1),),
    )
    gap, _ = gap_of(problem)

    gap.close()

    assert gap.timetable.placements.keys() == {0, 1}


def test_nothing_is_tried_once_the_gap_is_closed_or_the_time_is_over() -> None:
    for gap, told in (gap_of(two_for_two(), least_weight=12), gap_of(two_for_two(), is_over=True)):
        gap.close()

        assert (gap.timetable.placements, told) == ({}, [])
