"""The solver as a child: a plan, its check, a stop, a file that is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs.solve_process import (
    ExitStatus,
    FaultyFileError,
    SolveOrder,
    SolveProgress,
    StopReason,
    check,
    progress_in,
    solve,
)
from solver.io import read_plan, write_problem
from tests.builders import a_problem

SECONDS = 3.0


@pytest.fixture
def order(tmp_path: Path) -> SolveOrder:
    """The smallest problem: one visit of half a day, one inspector."""
    write_problem(a_problem(), tmp_path / "problem.json.gz")
    return SolveOrder(
        folder=tmp_path,
        problem=tmp_path / "problem.json.gz",
        plan=tmp_path / "plan.json.gz",
        checkpoint=tmp_path / "checkpoint.json.gz",
        seconds=SECONDS,
        workers=1,
    )


def test_a_plan_is_written_and_the_check_finds_nothing(order: SolveOrder) -> None:
    heard: list[SolveProgress] = []
    end = solve(order, on_progress=heard.append, why_stop=lambda: None)
    assert (end.status, end.stopped, end.messages) == (ExitStatus.DONE, None, ())
    assert [assignment.visit for assignment in read_plan(order.plan).assignments] == ["v1"]
    answer = check(order.problem, order.plan)
    assert (answer.violations, answer.score["unscheduled"]) == ((), 0)


def test_a_broken_rule_is_told(order: SolveOrder) -> None:
    write_problem(a_problem(visits=()), order.problem)
    solve(order, on_progress=lambda _: None, why_stop=lambda: None)
    write_problem(a_problem(), order.problem)
    # a plan without the visit neither assigns it nor lists it as left out
    assert [violation["code"] for violation in check(order.problem, order.plan).violations] == ["once"]


def test_cancelled_before_it_planned_anything(order: SolveOrder) -> None:
    end = solve(order, on_progress=lambda _: None, why_stop=lambda: StopReason.CANCELLED)
    assert end.stopped is StopReason.CANCELLED
    assert not order.plan.exists()


def test_a_file_that_is_no_problem(order: SolveOrder) -> None:
    order.problem.write_text("{}")
    end = solve(order, on_progress=lambda _: None, why_stop=lambda: None)
    assert end.status == ExitStatus.FAULTY
    assert end.messages != ()
    with pytest.raises(FaultyFileError):
        check(order.problem, order.plan)


def test_the_arguments_of_a_run(order: SolveOrder) -> None:
    resumed = replace(order, seconds=12.5, workers=2, least_change=True, start=Path("/start.json"))
    assert resumed.arguments() == [
        *("solve", str(order.problem), "--out", str(order.plan), "--seconds", "12.5"),
        *("--workers", "2", "--checkpoint", str(order.checkpoint), "--progress", "json"),
        *("--least-change", "--start", "/start.json"),
    ]


def test_progress_is_told_from_other_lines() -> None:
    line = '{"elapsed_seconds": 1.5, "phase": "build", "scheduled": 2, "visits": 3, "total": null, "bound": null}'
    assert progress_in(line) == SolveProgress(1.5, "build", 2, 3, None, None)
    assert progress_in("Traceback (most recent call last):") is None
    assert progress_in('{"another": "object"}') is None
