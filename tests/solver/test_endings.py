"""Short runs of the command, left alone or stopped by a signal, all end with a plan: `python -m tests.bench.endings`
makes many of them on large problems."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from solver.io import write_problem
from solver.problem import Problem
from tests.bench.endings import end_one, main
from tests.builders import a_problem
from tests.solver.test_main import a_problem_to_work_at


@pytest.mark.parametrize("sent", [None, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("problem", [a_problem(), a_problem_to_work_at()], ids=["small", "large"])
def test_a_short_run_leaves_a_valid_plan(tmp_path: Path, problem: Problem, sent: signal.Signals | None) -> None:
    path = tmp_path / "problem.json"
    write_problem(problem, path)

    ending = end_one(path, 2, sent, 0.5)

    assert (ending.status, ending.fault) == (0, "")


def test_a_file_that_is_no_problem_is_told_as_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    path.write_text("{}")

    assert main([str(path), "--runs", "1"]) == 1
    assert "ended with status 2" in capsys.readouterr().out
