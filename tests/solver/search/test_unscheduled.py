"""Unscheduled visits find room: a sibling moves, or a large visit is exchanged for several small ones."""

from __future__ import annotations

from datetime import date

from solver.candidates import Candidates
from solver.plan import Assignment
from solver.problem import Period, Problem
from solver.search.improve import SELECTING_SHARE, AreaSearch
from solver.search.session import Session
from tests.builders import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)


def begun_from(problem: Problem, *assignments: Assignment) -> tuple[Session, AreaSearch]:
    """A session of one area in which these assignments stand."""
    session = Session(Candidates(problem), seed=1, workers=1)
    session.take_over(assignments)
    (wave,) = session.waves
    (search,) = wave
    search.look_again()
    return session, search


def test_a_large_visit_gives_way_to_several_small_ones() -> None:
    """Four half-days in the month: one visit of four weighs 10, four of one weigh 12; no swap of two of them pays."""
    small = [a_visit(f"small{k}", weight=3) for k in range(4)]
    large = a_visit("large", half_days=4, weight=10)
    problem = a_problem(inspectors=(an_inspector(half_days_per_month=4),), visits=(large, *small))
    session, search = begun_from(problem, an_assignment("large"))
    assert session.score().unscheduled == 12

    search.place_unscheduled(lambda: False)

    assert session.score().unscheduled == 10


def test_a_visit_over_the_turn_of_a_month_throws_others_out_of_both() -> None:
    """Five half-days fit into no month of four; they lie in two, if three small visits of the later one go."""
    days = (date(2025, 1, 31), *(date(2025, 2, day) for day in (1, 2, 3, 4)))
    small = [a_visit(f"small{k}", earliest=days[3], latest=days[4]) for k in range(4)]
    problem = a_problem(
        days=days,
        inspectors=(an_inspector(half_days_per_month=4),),
        visits=(a_visit("long", half_days=5, weight=10, earliest=days[0], latest=days[2]), *small),
    )
    standing = [an_assignment(f"small{k}", days[3 + k // 2], ("am", "pm")[k % 2]) for k in range(4)]
    session, search = begun_from(problem, *standing)
    assert session.score().unscheduled == 10

    search.place_unscheduled(lambda: False)

    assert session.score().unscheduled == 3


def test_a_visit_of_the_same_inspectee_makes_room_in_the_period() -> None:
    """One burden is allowed until Tuesday, another one after; the open visit may only lie early, the other may move."""
    early, late = Period("early", MONDAY, TUESDAY), Period("late", WEDNESDAY, FRIDAY)
    problem = a_problem(
        periods=(early, late),
        inspectees=(an_inspectee(max_burden={"early": 1, "late": 1}),),
        visits=(a_visit("movable", burden=1), a_visit("early", burden=1, latest=TUESDAY)),
    )
    session, search = begun_from(problem, an_assignment("movable"))
    assert session.score().unscheduled == 1

    search.place_unscheduled(lambda: False)

    assert session.score().unscheduled == 0


def test_open_visits_are_cared_for_first_the_longer_the_more_there_are() -> None:
    """Four of the eight that are worth all of the share: a quarter of it."""
    visits = tuple(a_visit(f"v{k}") for k in range(4))
    _, search = begun_from(a_problem(visits=visits))
    _, complete = begun_from(a_problem(), an_assignment())

    search.begin_selecting()
    complete.begin_selecting()

    assert (search.selecting_share, complete.selecting_share) == (SELECTING_SHARE / 4, 0.0)
