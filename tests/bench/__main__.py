"""Measures the planner: `python -m tests.bench PROBLEM… --seconds 10 60 --seeds 1 2 3` prints a table in Markdown.

Every run is the whole command in a process of its own, so that reading, loading and writing count. What is left out
and the rest (total − weight of `unscheduled` × weight left out) are the checker's, as medians over the seeds.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from solver.io import read_plan, read_problem
from solver.problem import Problem
from tests.bench.command import execute
from tests.bench.judge import confirm

HEADING = "| problem | visits | seconds | took, at most | left out | rest | bound of the rest | gap |"


@dataclass(frozen=True)
class Outcome:
    """One run: what the plan leaves out, what it scores besides, what was proved, and how long the command took."""

    left_out: int
    rest: int
    bound_of_rest: int | None
    took_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every problem with every limit and print a row for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the planner.")
    parser.add_argument("problems", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10.0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    today = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    say(f"{today}, {machine}, {options.workers} workers, seeds {' '.join(map(str, options.seeds))}; medians\n")
    say(HEADING)
    say("|---" * HEADING.count(" |") + "|")
    for path in options.problems:
        problem = read_problem(path)
        for seconds in options.seconds:
            outcomes = [run(path, problem, seconds, seed, options.workers) for seed in options.seeds]
            say(row(path, problem, seconds, outcomes))
    return 0


def say(line: str) -> None:
    """Print a line at once: the next may take minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(path: Path, problem: Problem, seconds: float, seed: int, workers: int) -> Outcome:
    """Run the command once and judge its plan. Raises ``AssertionError`` if it fails or the plan breaks a rule."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plan.json"
        command = ["-m", "solver", "solve", str(path.resolve()), "--out", str(out)]
        command += ["--seconds", str(seconds), "--seed", str(seed), "--workers", str(workers)]
        ended = execute(command, seconds)
        if ended.status != 0:
            raise AssertionError(f"{path.name} with seed {seed}: {' '.join(ended.said)}")
        plan = read_plan(out, problem)
    left_out, rest = confirm(problem, plan, None)
    least = problem.weights.unscheduled * (plan.unscheduled_bound or 0)
    bound_of_rest = None if plan.bound is None else max(0, plan.bound - least)
    return Outcome(left_out, rest, bound_of_rest, ended.took_seconds)


def row(path: Path, problem: Problem, seconds: float, outcomes: Sequence[Outcome]) -> str:
    """A row of the table: medians over the seeds; the bound is the best proved."""
    rest = median(outcome.rest for outcome in outcomes)
    bounds = [outcome.bound_of_rest for outcome in outcomes if outcome.bound_of_rest is not None]
    bound = f"{max(bounds):,}" if bounds else "–"
    gap = f"{100 * (rest - max(bounds)) / max(1, rest):.1f} %" if bounds else "–"
    took = max(outcome.took_seconds for outcome in outcomes)
    left_out = median(outcome.left_out for outcome in outcomes)
    name = path.name.removesuffix(".gz").removesuffix(".json")
    cells = (
        name,
        f"{len(problem.visits):,}",
        f"{seconds:g}",
        f"{took:.1f} s",
        f"{left_out:g}",
        f"{rest:,.0f}",
        bound,
        gap,
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
