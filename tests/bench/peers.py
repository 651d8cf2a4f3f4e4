"""Measures the planner against its peers: `python -m tests.bench.peers --problems FOLDER --out FOLDER`.

Nearly two hours for everything. Each run is a whole command in a process of its own and becomes a line of
`FOLDER/runs.jsonl`; runs that stand there already are not made again, so a measurement that was stopped goes on where
it was. A plan of this planner that breaks a rule ends the measurement; a peer's loses the visits that break it.
`python -m tests.bench.render` makes the tables and the picture.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from solver.io import read_plan, read_problem, write_problem
from solver.plan import Plan
from solver.problem import Problem
from tests.bench.command import Ended, execute
from tests.bench.cut import areas, joined, plan_of
from tests.bench.judge import Reference, confirm, load_reference, repaired
from tests.bench.runs import PLAIN, PLANNER, STAGES, TIMEFOLD, Point, Run, RunFile, Task
from tests.bench.schedule import AREA_COUNTS, PROVINCE, area_name, schedule, some_areas_name

COMMANDS: Mapping[str, Sequence[str]] = {
    PLANNER: ("-m", "solver", "solve", "--progress", "json", "--workers", "2"),
    STAGES: ("-m", "solver", "solve", "--progress", "json", "--workers", "2", "--engine", "cpsat"),
    PLAIN: (
        "-m",
        "tests.bench.plain_cpsat",
    ),
    TIMEFOLD: (
        "-m",
        "tests.bench.timefold_peer",
    ),
}

OURS = frozenset({PLANNER, STAGES})


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the runs asked for that are not kept yet."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    bench = Bench(options.problems, options.out, load_reference(options.reference) if options.reference else None)
    asked = [
        task
        for task in bench.tasks()
        if (not options.who or task.who in options.who)
        and (not options.names or task.problem in options.names)
        and (not options.seconds or task.seconds in options.seconds)
    ]
    if options.limit:
        asked = [Task(task.problem, task.who, min(task.seconds, options.limit), task.seed) for task in asked]
    done = {run.task for run in bench.file.runs()}
    if any(task.who == PLANNER and task not in done for task in asked):
        bench.warm_up()
    for number, task in enumerate(asked, start=1):
        if task not in done:
            say(f"{number}/{len(asked)} {bench.made(task)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description="Measure planner and peers.")
    parser.add_argument("--problems", type=Path, required=True, help="folder of the problems, tiny ones in tiny/")
    parser.add_argument("--out", type=Path, required=True, help="folder of runs.jsonl and of cut problems")
    parser.add_argument("--reference", type=Path, help="a Python file with a check(problem, plan) of its own")
    parser.add_argument("--who", nargs="+", choices=list(COMMANDS), help="only these")
    parser.add_argument("--names", nargs="+", help="only these problems")
    parser.add_argument("--seconds", type=float, nargs="+", help="only runs of this length")
    parser.add_argument("--limit", type=float, help="no run longer than this: to try the command out")
    return parser


def say(line: str) -> None:
    """Print a line at once: the next may take minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Bench:
    """The problems of a folder, the runs kept in another, and how a run is made."""

    def __init__(self, problems: Path, out: Path, reference: Reference | None) -> None:
        self.problems, self.out, self.reference = problems, out, reference
        self.file = RunFile(out / "runs.jsonl")
        self._province: list[Problem] | None = None

    def tasks(self) -> list[Task]:
        """Everything that can be measured with the problems that are there."""
        tiny = sorted(f"tiny/{path.name.removesuffix('.json')}" for path in self.problems.glob("tiny/tiny-*.json"))
        count = len(self.areas()) if (self.problems / f"{PROVINCE}.json.gz").exists() else 0
        return [task for task in schedule(tiny, count) if self._path(task.problem).exists()]

    def areas(self) -> list[Problem]:
        """The province's prefectures, each by itself; they and the first few together are written beside the runs."""
        if self._province is None:
            province = read_problem(self.problems / f"{PROVINCE}.json.gz")
            self._province = areas(province)
            for number, part in enumerate(self._province, start=1):
                self._write(part, area_name(number))
            for count in AREA_COUNTS:
                self._write(joined(self._province[:count], province), some_areas_name(count))
        return self._province

    def _write(self, problem: Problem, name: str) -> None:
        if not (path := self.out / f"{name}.json.gz").exists():
            write_problem(problem, path)

    def _path(self, name: str) -> Path:
        candidates = [self.problems / f"{name}.json.gz", self.problems / f"{name}.json", self.out / f"{name}.json.gz"]
        return next((path for path in candidates if path.exists()), candidates[0])

    def warm_up(self) -> None:
        """Have the planner's machine code compiled, as its first run after a change does, by a run not kept."""
        path = self._path("banner-core")
        if path.exists():
            out = self.out / "plan.json"
            execute([*COMMANDS[PLANNER], str(path.resolve()), "--out", str(out.resolve()), "--seconds", "1"], 1)

    def made(self, task: Task) -> str:
        """Make a run, keep it, and say what came of it."""
        if task.who == TIMEFOLD and (missing := _missing_for_timefold()):
            return f"{task.problem}: {TIMEFOLD} is skipped, {missing}"
        path, out = self._path(task.problem), self.out / "plan.json"
        out.unlink(missing_ok=True)
        command = [*COMMANDS[task.who], str(path.resolve()), "--out", str(out.resolve())]
        command += ["--seconds", f"{task.seconds:g}", "--seed", str(task.seed)]
        ended = execute(command, task.seconds)
        run = self._judged(task, read_problem(path), ended, out)
        self.file.append(run)
        return (
            f"{task.problem}, {task.who}, {task.seconds:g} s, seed {task.seed}: left out {run.left_out}, "
            f"rest {run.rest}, took {run.took_seconds:.1f} s, {run.memory_mb:.0f} MB {run.note}"
        )

    def _judged(self, task: Task, problem: Problem, ended: Ended, out: Path) -> Run:
        """The run with what both checkers say of its plan."""
        if not out.exists():
            if task.who in OURS:
                raise AssertionError(f"{task}: no plan; {ended.said}")
            note = f"no plan: {' '.join(ended.said)[-200:]}"
            return Run(task, len(problem.visits), ended.took_seconds, ended.memory_mb, note=note)
        stated = read_plan(out, problem)
        plan = stated if task.who in OURS else repaired(problem, stated)
        left_out, rest = confirm(problem, plan, self.reference)
        dropped = len(stated.assignments) - len(plan.assignments)
        curve = curve_of(ended.told, problem.weights.unscheduled)
        placed, improved = _statistics(ended.told)
        least = problem.weights.unscheduled * (plan.unscheduled_bound or 0)
        return Run(
            task=task,
            visits=len(problem.visits),
            took_seconds=round(ended.took_seconds, 2),
            memory_mb=round(ended.memory_mb),
            left_out=left_out,
            rest=rest,
            status=plan.status.value,
            bound=plan.bound,
            unscheduled_bound=plan.unscheduled_bound,
            bound_of_rest=None if plan.bound is None else max(0, plan.bound - least),
            reached_seconds=reached(curve),
            dropped=dropped,
            note=f"{dropped} visits that broke a rule were taken out" if dropped else "",
            curve=curve,
            placed=placed,
            improved=improved,
            areas=self._by_area(plan) if task.problem == PROVINCE else {},
        )

    def _by_area(self, plan: Plan) -> dict[str, tuple[int, int]]:
        """What the plan leaves out and costs besides in each prefecture."""
        return {
            area_name(number): confirm(part, plan_of(part, plan), None)
            for number, part in enumerate(self.areas(), start=1)
        }


def curve_of(told: Sequence[Mapping[str, object]], price: int) -> tuple[Point, ...]:
    """Where a run stood each time that it told something else than before; ``price`` is what a left-out unit costs."""
    curve: list[Point] = []
    for line in told:
        if "elapsed_seconds" not in line:
            continue
        total, left_out = _number(line, "total"), _number(line, "left_out")
        rest = None if total is None or left_out is None else total - price * left_out
        point = Point(float(str(line["elapsed_seconds"])), _number(line, "scheduled") or 0, left_out, rest)
        if not curve or replace(point, seconds=curve[-1].seconds) != curve[-1]:
            curve.append(point)
    return tuple(curve)


def reached(curve: Sequence[Point]) -> float | None:
    """When the least weight left out of the curve, or without weights the most visits, was told first."""
    known = [point for point in curve if point.left_out is not None]
    if not known:
        return None
    least = min(point.left_out for point in known if point.left_out is not None)
    most = max(point.scheduled for point in curve)
    return next(point.seconds for point in curve if point.left_out == least or point.scheduled == most)


def _number(line: Mapping[str, object], key: str) -> int | None:
    value = line.get(key)
    return value if isinstance(value, int) else None


def _statistics(told: Sequence[Mapping[str, object]]) -> tuple[dict[str, int], dict[str, int]]:
    """What the parts of the planner placed and improved, from the last line that says so."""
    for line in reversed(told):
        statistics = line.get("statistics")
        if isinstance(statistics, dict):
            return dict(statistics["placed"]), dict(statistics["improved"])
    return {}, {}


def _missing_for_timefold() -> str:
    """What Timefold needs and is not there."""
    if importlib.util.find_spec("timefold") is None:
        return "the package timefold is not installed (make peers)"
    return "" if shutil.which("java") else "there is no Java"


if __name__ == "__main__":
    sys.exit(main())
