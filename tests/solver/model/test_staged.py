"""Plans by CP-SAT alone are valid and complete."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings

from solver.candidates import Candidates
from solver.checker import check
from solver.model.scope import Scope
from solver.model.staged import Stage, batches, plan_in_stages
from solver.plan import Plan
from solver.problem import Problem
from solver.timetable import Timetable
from solver.travel import TravelTable
from tests.builders import a_plan, a_problem, a_visit, an_inspector
from tests.strategies import Hidden, hidden_plans


def plan_of(problem: Problem, timetable: Timetable) -> Plan:
    scope = Scope(Candidates(problem), TravelTable.of(problem), ())
    left_out = tuple(visit.id for number, visit in enumerate(problem.visits) if number not in timetable.placements)
    placed = (scope.assignment(number, place) for number, place in timetable.placements.items())
    return a_plan(*placed, left_out=left_out)


def staged(problem: Problem) -> tuple[Timetable, list[Stage]]:
    stages: list[Stage] = []
    timetable = plan_in_stages(Candidates(problem), is_over=lambda: False, on_stage=stages.append)
    return timetable, stages


@given(hidden_plans())
@settings(max_examples=40)
def test_plan_keeps_every_rule(hidden: Hidden) -> None:
    timetable, _ = staged(hidden.problem)

    assert check(hidden.problem, plan_of(hidden.problem, timetable)).violations == ()


def test_everything_is_placed_where_everything_fits() -> None:
    """Ten half-days of one inspector hold ten visits exactly, one of them on any half-day of its own."""
    problem = a_problem(visits=tuple(a_visit(f"v{k}") for k in range(10)))
    timetable, stages = staged(problem)

    assert len(timetable.placements) == 10
    assert stages[-1] == Stage("place pool", 10, 10)


def test_time_that_is_over_leaves_the_pins_alone() -> None:
    problem = a_problem(inspectors=(an_inspector("i1"),), visits=(a_visit("v1"), a_visit("v2")))
    timetable = plan_in_stages(Candidates(problem), is_over=lambda: True, on_stage=lambda _: None)

    assert timetable.placements == {}


def test_single_visits_are_ordered_by_their_preferred_inspectors_whatever_the_order_in_the_file() -> None:
    """Sets are only partly ordered: compared as sets, these three would stay as they are listed."""
    people = tuple(an_inspector(name) for name in ("a", "b", "c"))
    visits = [a_visit(f"v{name}", prefers=frozenset(name)) for name in "abc"]
    orders = set()
    for listed in permutations(visits):
        candidates = Candidates(a_problem(inspectors=people, visits=listed))
        ((batch, _),) = batches(candidates, range(3))
        orders.add(tuple(listed[number].id for number in batch))

    assert orders == {("va", "vb", "vc")}


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2")), visits=tuple(a_visit(f"v{k}") for k in range(12))
    )

    assert staged(problem)[0].placements == staged(problem)[0].placements
