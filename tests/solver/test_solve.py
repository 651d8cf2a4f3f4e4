"""The one entry: what it returns for problems of each kind, and what its caller hears meanwhile."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings

from solver.checker import check
from solver.plan import Plan, PlanStatus
from solver.problem import BaselineAssignment, DateRange, Pin, Problem, Weights
from solver.result import Progress, Status
from solver.search.stop import StopRule
from solver.settings import Engine, SolveSettings
from solver.solve import solve
from tests.builders import (
    MONDAY,
    TUESDAY,
    WEEK,
    a_place,
    a_plan,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
    weights,
)
from tests.strategies import Hidden, hidden_plans

LONG = SolveSettings(seconds=600, workers=2, seed=3)
"""More time than any test takes: what ends the run is the work done."""

SCHOOLS = 60

LARGE = a_problem(
    days=tuple(MONDAY + timedelta(days=k) for k in range(12) if k % 7 < 5),
    places=(a_place("town"), *(a_place(f"p{k}", lon=118.9 + k / 50) for k in range(SCHOOLS))),
    inspectors=tuple(an_inspector(f"i{k}") for k in range(8)),
    inspectees=tuple(an_inspectee(f"e{k}", place=f"p{k}") for k in range(SCHOOLS)),
    visits=tuple(a_visit(f"v{k}", inspectee=f"e{k}", latest=MONDAY + timedelta(days=11)) for k in range(SCHOOLS)),
    weights=weights(unscheduled=1000),
)
"""Sixty schools in a row, two kilometres apart by road, and eight inspectors with twenty half-days each in two weeks:
too large for an exact model, and room for all.
"""


def after(questions: int) -> StopRule:
    """Stops when it has been asked so many times."""
    left = [questions]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    return stop


def test_a_small_problem_is_solved_to_the_optimum() -> None:
    """One visit in the town where its inspector lives costs nothing on Monday, and 0 is proved."""
    problem = a_problem(weights=weights(unscheduled=1000))

    result = solve(problem, LONG)

    assert result.status is Status.OPTIMAL
    assert result.plan is not None
    assert (result.plan.status, result.plan.bound, result.plan.unscheduled_bound) == (PlanStatus.OPTIMAL, 0, 0)
    assert check(problem, result.plan).score.total(problem.weights) == 0


def test_what_cannot_be_planned_is_left_out_with_a_reason() -> None:
    """The only inspector is away all week."""
    away = an_inspector(unavailable=(DateRange(WEEK[0], WEEK[-1]),))

    result = solve(a_problem(inspectors=(away,)), LONG)

    assert result.plan is not None
    (left_out,) = result.plan.unscheduled
    assert left_out.visit == "v1"
    assert left_out.reasons[0].code == "no_team"


def test_pins_that_break_a_rule_leave_no_plan() -> None:
    """The same inspector is pinned to two visits on Monday morning."""
    problem = a_problem(
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        visits=(a_visit("v1"), a_visit("v2", inspectee="e2")),
        pins=(Pin("v1", MONDAY, "am", ("i1",)), Pin("v2", MONDAY, "am", ("i1",))),
    )

    result = solve(problem, LONG)

    assert (result.status, result.plan) == (Status.INFEASIBLE, None)
    assert {violation.code for violation in result.violations} == {"double_booked"}


TWO_PINS = a_problem(
    inspectees=(an_inspectee("e1"), an_inspectee("e2")),
    visits=(a_visit("v1"), a_visit("v2", inspectee="e2")),
    pins=(Pin("v1", MONDAY, "am"), Pin("v2", MONDAY, "am")),
)
"""Two visits are pinned to one half-day, and there is one inspector: the checker says nothing of a pin without team."""


@pytest.mark.parametrize("engine", get_args(Engine))
def test_pins_without_team_that_nobody_can_staff_leave_no_plan(engine: Engine) -> None:
    result = solve(TWO_PINS, replace(LONG, engine=engine))

    assert (result.status, result.plan) == (Status.INFEASIBLE, None)
    assert {(violation.code, violation.visit) for violation in result.violations} == {
        ("double_booked", "v1"),
        ("double_booked", "v2"),
    }


def test_without_time_to_place_or_refute_the_pins_nothing_is_known() -> None:
    result = solve(TWO_PINS, LONG, stop=lambda: True)

    assert (result.status, result.plan, result.violations) == (Status.UNKNOWN, None, ())


def test_a_large_problem_is_planned_whole_and_improved() -> None:
    heard: list[Progress] = []

    result = solve(LARGE, replace(LONG, seconds=3), on_progress=heard.append)

    assert result.status is Status.FEASIBLE
    assert result.plan is not None
    report = check(LARGE, result.plan)
    assert report.violations == ()
    assert report.score == result.plan.score
    assert result.plan.unscheduled == ()
    assert result.statistics.placed["construct"] == SCHOOLS
    assert result.statistics.improved["anneal"] > 0
    assert [heard[0].phase, heard[-1].phase] == ["prepare", "done"]
    assert heard[-1].scheduled == heard[-1].visits == SCHOOLS
    assert heard[-1].total == report.score.total(LARGE.weights)
    assert min(progress.total for progress in heard if progress.total is not None) == heard[-1].total


@pytest.mark.parametrize("engine", get_args(Engine))
def test_where_nothing_weighs_anything_as_few_visits_as_can_be_are_unscheduled(engine: Engine) -> None:
    nothing = Weights(**{field.name: 0 for field in fields(Weights)})

    result = solve(replace(LARGE, weights=nothing), replace(LONG, engine=engine), stop=after(150))

    assert result.plan is not None
    assert result.plan.unscheduled == ()
    assert check(LARGE, result.plan).violations == ()


@pytest.mark.parametrize("engine", get_args(Engine))
def test_where_visits_cost_more_than_they_are_worth_none_is_planned(engine: Engine) -> None:
    """All schools are far away, and a visit left out costs nothing: so the least total is that of no visit."""
    far = tuple(replace(place, lat=place.lat + 3) if place.id != "town" else place for place in LARGE.places)
    problem = replace(LARGE, places=far, weights=weights(unscheduled=0, travel=1))

    result = solve(problem, replace(LONG, engine=engine), stop=after(150))

    assert result.plan is not None
    assert result.plan.score.total(problem.weights) == 0
    assert check(problem, result.plan).violations == ()


def test_stopped_at_once_a_large_problem_still_gets_a_valid_plan() -> None:
    result = solve(LARGE, LONG, stop=lambda: True)

    assert result.status is Status.STOPPED
    assert result.plan is not None
    assert check(LARGE, result.plan).violations == ()


def test_a_plan_to_begin_from_is_kept_where_it_is_valid() -> None:
    """Stopped at once, the plan is the start but for a visit that stood on a Sunday."""
    result = solve(LARGE, LONG, stop=after(40))
    assert result.plan is not None
    sunday = replace(result.plan.assignments[0], day=MONDAY + timedelta(days=6))
    start = replace(result.plan, assignments=(sunday, *result.plan.assignments[1:]))

    again = solve(LARGE, LONG, start=start, stop=lambda: True)

    assert again.plan is not None
    assert again.plan.assignments == result.plan.assignments[1:]


def with_baseline(problem: Problem, plan: Plan) -> Problem:
    """The problem once more, with the plan in force and its first inspector gone on Monday."""
    baseline = tuple(BaselineAssignment(a.visit, a.day, a.half, a.team, a.leader) for a in plan.assignments)
    first, *others = problem.inspectors
    away = replace(first, unavailable=(DateRange(MONDAY, MONDAY),))
    return replace(problem, baseline=baseline, inspectors=(away, *others))


def test_least_change_changes_what_it_must() -> None:
    """What the absent inspector had on Monday is changed, and nothing else: that much is proved too."""
    first = solve(LARGE, LONG, stop=after(40)).plan
    assert first is not None
    problem = with_baseline(LARGE, first)
    hit = sum(a.team == ("i0",) and a.day == MONDAY for a in first.assignments)

    plan = solve(problem, replace(LONG, least_change=True), stop=after(40)).plan

    assert plan is not None
    assert check(problem, plan).violations == ()
    assert plan.unscheduled == ()
    assert (plan.changed, plan.changed_bound) == (hit, hit)


def test_with_the_fewest_changes_proved_the_run_ends_by_itself() -> None:
    """Nobody stops it, and it is given ten minutes: the search would take them all."""
    first = solve(LARGE, LONG, stop=after(40)).plan
    assert first is not None
    heard: list[Progress] = []

    result = solve(with_baseline(LARGE, first), replace(LONG, least_change=True), on_progress=heard.append)

    assert result.status is Status.FEASIBLE
    assert result.plan is not None
    assert result.plan.changed == result.plan.changed_bound
    assert result.plan.unscheduled_bound == result.plan.score.unscheduled == 0
    assert {progress.phase for progress in heard} == {"changes", "done"}


def test_where_the_weight_is_not_proved_least_the_search_goes_on_from_the_replan() -> None:
    """More visits than half-days: which of them are unscheduled, the re-plan leaves to the search."""
    crowded = replace(LARGE, inspectors=tuple(replace(who, half_days_per_month=6) for who in LARGE.inspectors))
    first = solve(crowded, LONG, stop=after(40)).plan
    assert first is not None
    heard: list[Progress] = []

    problem = with_baseline(crowded, first)
    plan = solve(problem, replace(LONG, least_change=True, seconds=8), on_progress=heard.append).plan

    assert plan is not None
    assert check(problem, plan).violations == ()
    assert plan.changed is not None
    assert plan.changed_bound is not None
    assert plan.changed_bound <= plan.changed
    assert {"changes", "done"} <= {progress.phase for progress in heard}


def test_least_change_of_a_small_problem_is_proved() -> None:
    """The visit can stay on Tuesday, though on Monday it would end earlier."""
    problem = a_problem(baseline=(BaselineAssignment("v1", TUESDAY, "pm", ("i1",)),), buffer_days=9)

    plan = solve(problem, replace(LONG, least_change=True)).plan

    assert plan is not None
    assert plan.assignments == (an_assignment("v1", TUESDAY, "pm"),)
    assert (plan.status, plan.changed, plan.changed_bound) == (PlanStatus.OPTIMAL, 0, 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_plans_are_handed_out_on_the_way(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.parts.LEAST_HANDING_SECONDS", 0.0)
    monkeypatch.setattr("solver.parts.HANDING_FACTOR", 0.0)
    handed: list[Plan] = []

    solve(LARGE, replace(LONG, workers=workers), stop=lambda: len(handed) >= 2, on_plan=handed.append)

    assert len(handed) >= 2
    for plan in handed:
        report = check(LARGE, plan)
        assert (report.violations, report.score) == ((), plan.score)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hidden_plans(most_visits=4))
def test_a_plan_is_at_least_as_good_as_the_hidden_one(hidden: Hidden) -> None:
    problem = hidden.problem

    result = solve(problem, LONG, stop=after(50))

    assert result.plan is not None
    report = check(problem, result.plan)
    assert report.violations == ()
    assert report.score == result.plan.score
    total = report.score.total(problem.weights)
    assert total <= check(problem, hidden.plan).score.total(problem.weights)
    assert result.plan.bound is None or result.plan.bound <= total
    assert result.plan.unscheduled_bound is None or result.plan.unscheduled_bound <= report.score.unscheduled


def test_a_plan_of_nothing_is_no_special_case() -> None:
    result = solve(a_problem(visits=()), LONG)

    assert result.plan is not None
    assert result.plan.assignments == a_plan().assignments
