"""Nothing that goes wrong in a part of the planner loses the plan: an error is injected into each part in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, get_args

import pytest

from solver.checker import check
from solver.plan import Plan
from solver.problem import Pin, Problem
from solver.result import Result, Status
from solver.run import Run
from solver.settings import Engine, SolveSettings
from solver.solve import PARTS, Part, solve
from tests.builders import MONDAY, a_problem, a_visit, an_inspectee, an_inspector, weights
from tests.solver.test_solve import LARGE, after

LONG = SolveSettings(seconds=600, workers=2, seed=3)
"""More time than any test takes: what ends the run is the work done."""

QUESTIONS = 15
"""After so many questions whether to stop the answer is yes: as long as each part needs to begin."""

SMALL = a_problem(
    inspectees=(an_inspectee("e1"), an_inspectee("e2")),
    visits=(a_visit("v1"), a_visit("v2", inspectee="e2")),
    weights=weights(unscheduled=1000),
)
"""Two visits at home: proved to be optimal with the total 0."""

CROWDED = replace(LARGE, inspectors=tuple(replace(who, half_days_per_month=12) for who in LARGE.inspectors[:3]))
"""Room for 36 of the sixty visits, so that every part has something to do; too large for an exact model."""


def broken_before(_part: Part) -> Part:
    """A part that fails at once."""

    def fail(_run: Run) -> NoReturn:
        raise MemoryError

    return fail


def broken_after(part: Part) -> Part:
    """A part that fails when it has done its work."""

    def fail(run: Run) -> NoReturn:
        part(run)
        raise KeyError("a place that is not in the table")

    return fail


def solve_with(
    problem: Problem, name: str, engine: Engine, breaks: Callable[[Part], Part], patch: pytest.MonkeyPatch
) -> tuple[Result, list[str]]:
    """Solve with one broken part; the result and the errors told."""
    parts = dict(PARTS[engine])
    parts[name] = breaks(parts[name])
    patch.setattr("solver.solve.PARTS", {**PARTS, engine: parts})
    told: list[str] = []
    result = solve(problem, replace(LONG, engine=engine), stop=after(QUESTIONS), on_error=told.append)
    return result, told


def valid_plan(problem: Problem, result: Result) -> Plan:
    """The plan of the result, which keeps every rule, is scored right, and explains each unscheduled visit."""
    assert result.plan is not None
    report = check(problem, result.plan)
    assert report.violations == ()
    assert report.score == result.plan.score
    assert all(entry.reasons for entry in result.plan.unscheduled)
    return result.plan


EVERY_PART = [(engine, name) for engine in get_args(Engine) for name in PARTS[engine]]


@pytest.mark.parametrize("breaks", [broken_before, broken_after])
@pytest.mark.parametrize(("engine", "name"), EVERY_PART)
def test_an_error_in_one_part_loses_no_plan(
    engine: Engine, name: str, breaks: Callable[[Part], Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, told = solve_with(CROWDED, name, engine, breaks, monkeypatch)

    plan = valid_plan(CROWDED, result)
    assert plan.assignments or (engine, name, breaks) == ("cpsat", "stages", broken_before)  # nothing else plans
    assert len(told) == 1
    assert told[0].startswith(f"{name} failed (")
    assert "\n" not in told[0]


@pytest.mark.parametrize("breaks", [broken_before, broken_after])
@pytest.mark.parametrize("name", PARTS["auto"])
def test_an_error_in_one_part_loses_no_plan_of_a_small_problem(
    name: str, breaks: Callable[[Part], Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, told = solve_with(SMALL, name, "auto", breaks, monkeypatch)

    plan = valid_plan(SMALL, result)
    assert len(plan.assignments) == 2
    assert told[0].startswith(f"{name} failed (")


@pytest.mark.parametrize("engine", get_args(Engine))
def test_errors_in_all_parts_that_plan_leave_the_plan_of_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = {name: broken_before(part) for name, part in PARTS[engine].items()}
    parts |= {name: PARTS[engine][name] for name in ("given", "check", "explain", "compare")}
    monkeypatch.setattr("solver.solve.PARTS", {**PARTS, engine: parts})

    result = solve(SMALL, replace(LONG, engine=engine), stop=after(QUESTIONS))

    assert valid_plan(SMALL, result).assignments == ()


@pytest.mark.parametrize(
    "function",
    [
        "solver.bounds.lower_bound",
        "solver.closing.explain_unscheduled",
        "solver.closing.with_bounds",
        "solver.model.gap.Gap.close",
        "solver.model.repair.build",
        "solver.model.staged.plan_in_stages",
        "solver.search.improve.anneal",
        "solver.search.session.Session.improve",
        "solver.search.session.Session.score",
        "solver.search.session.Session.open_visits",
        "solver.timetable.Timetable.of",
    ],
)
def test_an_error_deep_in_a_part_loses_no_plan(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> NoReturn:
        raise RuntimeError("a bug")

    monkeypatch.setattr(function, fail)
    told: list[str] = []

    result = solve(CROWDED, LONG, stop=after(QUESTIONS), on_error=told.append)

    plan = valid_plan(CROWDED, result)
    assert plan.assignments


def test_a_plan_that_breaks_rules_gives_way_to_the_one_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the improvement assigns everybody to one half-day; what was constructed is kept."""
    improve = PARTS["auto"]["improve"]

    def spoil(run: Run) -> None:
        improve(run)
        spoiled = [replace(given, day=MONDAY, half="am") for given in run.found[-1].assignments()]
        run.keep("improve", lambda: spoiled)

    monkeypatch.setattr("solver.solve.PARTS", {"auto": {**PARTS["auto"], "improve": spoil}})
    told: list[str] = []

    result = solve(CROWDED, LONG, stop=after(QUESTIONS), on_error=told.append)

    assert len(valid_plan(CROWDED, result).assignments) > 2
    assert any("its plan breaks double_booked at" in line for line in told)


def test_without_another_plan_what_breaks_rules_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only plan found assigns v1 and v2 to one person at once: one of them is kept."""
    problem = replace(SMALL, pins=(Pin("v1", MONDAY, "am"),))
    solved = solve(
        replace(problem, inspectors=(an_inspector("i1"), an_inspector("i2"))), LONG, stop=after(QUESTIONS)
    ).plan
    assert solved is not None
    both = [replace(given, day=MONDAY, half="am", team=("i1",)) for given in solved.assignments]
    parts = {**PARTS["auto"], "exact": lambda run: run.keep("exact", lambda: both) and None}
    parts |= {name: broken_before(parts[name]) for name in ("layout", "stages", "pins")}
    monkeypatch.setattr("solver.solve.PARTS", {"auto": parts})

    result = solve(problem, LONG, stop=after(QUESTIONS))

    assert [given.visit for given in valid_plan(problem, result).assignments] == ["v1"]


def test_a_checker_that_fails_still_leaves_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> NoReturn:
        raise RuntimeError("a bug")

    monkeypatch.setattr("solver.closing.check", fail)
    told: list[str] = []

    result = solve(CROWDED, LONG, stop=after(QUESTIONS), on_error=told.append)

    assert result.status is Status.STOPPED
    assert result.plan is not None
    assert any("the plan is not checked" in line for line in told)
    assert check(CROWDED, result.plan).violations == ()
