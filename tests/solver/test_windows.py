"""Starts narrowed by caps and by the order of visits: what no plan can have is removed, nothing else is."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings

from solver.candidates import Candidates
from solver.problem import Precedence
from solver.timetable import Timetable
from solver.windows import Windows
from tests.builders import MONDAY, TUESDAY, WEDNESDAY, a_problem, a_visit, an_inspector
from tests.strategies import Hidden, hidden_plans

THREE_DAYS = (MONDAY, TUESDAY, WEDNESDAY)


def test_a_cap_leaves_a_long_visit_the_turn_of_the_month() -> None:
    """Six half-days and a cap of four: two or four of them lie in either month."""
    days = (date(2025, 1, 29), date(2025, 1, 30), date(2025, 1, 31), *(date(2025, 2, day) for day in (1, 2, 3)))
    problem = a_problem(
        days=days,
        inspectors=(an_inspector(half_days_per_month=4),),
        visits=(a_visit(half_days=6, earliest=days[0], latest=days[-1]),),
    )

    assert Candidates(problem).starts(0).tolist() == [0, 2, 4, 6]
    assert Windows(Candidates(problem)).starts(0).tolist() == [2, 4]


def test_a_cap_of_the_year_that_is_too_low_leaves_no_start() -> None:
    problem = a_problem(inspectors=(an_inspector(half_days_per_year=1),), visits=(a_visit(half_days=2),))

    assert Windows(Candidates(problem)).starts(0).tolist() == []


def test_a_chain_narrows_the_starts_of_what_comes_after() -> None:
    """Three visits on three days, one a day: the last cannot be before Wednesday; the first is best on Monday."""
    problem = a_problem(
        days=THREE_DAYS,
        visits=tuple(a_visit(name, latest=WEDNESDAY) for name in ("third", "second", "first")),
        precedences=(Precedence("first", "second", min_days=1), Precedence("second", "third", min_days=1)),
    )
    windows = Windows(Candidates(problem))

    assert [windows.starts(visit).tolist() for visit in (2, 1, 0)] == [[0, 1, 2, 3, 4, 5], [2, 3, 4, 5], [4, 5]]
    assert [windows.starts(visit)[windows.preferred(visit)].tolist() for visit in (2, 1, 0)] == [[0, 1], [2, 3], [4, 5]]
    assert [windows.followers(visit) for visit in (2, 1, 0)] == [2, 1, 0]


def test_most_days_narrow_both_ends_of_a_pair() -> None:
    """The first may only be on Monday, and the second within a day of it; a late second prefers a late first."""
    problem = a_problem(
        days=THREE_DAYS,
        visits=(a_visit("first", latest=MONDAY), a_visit("second", latest=WEDNESDAY)),
        precedences=(Precedence("first", "second", min_days=0, max_days=1),),
    )
    late = a_problem(
        days=THREE_DAYS,
        visits=(a_visit("first", latest=WEDNESDAY), a_visit("second", earliest=WEDNESDAY, latest=WEDNESDAY)),
        precedences=(Precedence("first", "second", min_days=0, max_days=1),),
    )

    assert Windows(Candidates(problem)).starts(1).tolist() == [0, 1, 2, 3]
    assert Windows(Candidates(late)).preferred(0) == slice(2, 6)


def test_a_visit_without_a_start_leaves_none_to_what_waits_for_it() -> None:
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_year=2),),
        visits=(a_visit("first", half_days=4), a_visit("second")),
        precedences=(Precedence("first", "second", min_days=1),),
    )
    windows = Windows(Candidates(problem))

    assert (windows.starts(0).tolist(), windows.starts(1).tolist()) == ([], [])
    assert windows.preferred(0) == slice(0, 0)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hidden_plans(most_visits=8))
def test_no_start_of_a_valid_plan_is_removed(hidden: Hidden) -> None:
    candidates = Candidates(hidden.problem)
    windows = Windows(candidates)

    for visit, placement in Timetable.of(candidates, hidden.plan.assignments).placements.items():
        assert placement.start in windows.starts(visit).tolist()
