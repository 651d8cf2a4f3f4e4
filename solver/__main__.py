"""The command line of the planning contract: arguments, signals, exit codes (docs/contract.md section 5)."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import Literal, get_args

from solver.checker import CheckReport, check, check_pins
from solver.errors import InfeasiblePins, InputError, InvalidInput, UndecidedPins
from solver.io import details_to_json, read_plan, read_problem, score_to_json, write_plan
from solver.plan import Plan, PlanStatus, Score, Unscheduled
from solver.problem import Problem
from solver.reasons import Reason, Violation
from solver.result import Progress, Status
from solver.settings import Engine, SolveSettings

log = logging.getLogger("solver")

PROGRESS_SECONDS = 0.8
"""Between two lines of progress: a reader is promised one each second."""

CHECKPOINT_SECONDS = 3.0
"""Between two writings of the checkpoint, at least."""

LEAVING_SECONDS = 0.15
LEAVING_SECONDS_PER_VISIT = 1.5e-5
"""What writing the plan and ending the process take of the time given."""

COLLECTING_EVERY = 100_000
"""New objects between two runs of the garbage collector. Python's 700 make it look through a city's arrays of objects
so often that building and closing take a quarter longer."""

LEAST_SOLVING_SECONDS = 0.05

LINE_LENGTH = 1000
"""Characters of a line on stderr: ids and keys of an invalid file may be of any length."""

ProgressForm = Literal["text", "json"]


class ExitCode(IntEnum):
    """How the command ended; the first four are the contract's, the others those of sysexits.h."""

    DONE = 0
    VIOLATED = 1
    FAULTY = 2
    INFEASIBLE_PINS = 3
    FAILED = 70
    CANNOT_WRITE = 74
    PINS_UNDECIDED = 75


@dataclass(frozen=True, slots=True)
class SolveOrder:
    """What ``solve`` was asked for."""

    problem: Path
    out: Path
    settings: SolveSettings
    started: float
    start: Path | None
    checkpoint: Path | None
    progress: ProgressForm


@dataclass(slots=True)
class Watch:
    """What the run tells the main thread, which alone prints and writes; ``stop`` goes the other way."""

    stop: threading.Event = field(default_factory=threading.Event)
    progress: Progress = field(default_factory=lambda: Progress(0.0, "read", 0, 0, None, None))
    problem: Problem | None = None
    best: Plan | None = None

    def take_progress(self, progress: Progress) -> None:
        """Keep the latest progress."""
        self.progress = progress

    def take_plan(self, plan: Plan) -> None:
        """Keep the latest plan."""
        self.best = plan


def main(arguments: Sequence[str] | None = None, *, loading_seconds: float = 0.0) -> int:
    """Run one command and return its exit code; input errors go to stderr, one a line.

    ``loading_seconds`` have gone by already of the time given.
    """
    started = time.monotonic() - loading_seconds
    options = _parser().parse_args(arguments)
    try:
        if options.command == "check":
            return _check(options.problem, options.plan)
        return _solve(_order(options, started))
    except InvalidInput as error:
        for each in error.errors:
            _say(str(each))
        return ExitCode.FAULTY
    except InfeasiblePins as error:
        for violation in error.violations:
            _say(f"the pins alone break {violation.code} at {violation.visit}")
        return ExitCode.INFEASIBLE_PINS
    except UndecidedPins as error:
        _say(str(error))
        return ExitCode.PINS_UNDECIDED
    except OSError as error:
        _say(str(error))
        return ExitCode.CANNOT_WRITE
    except Exception as error:
        log.debug("the command failed", exc_info=error)
        _say(f"internal error: {type(error).__name__}: {error}")
        return ExitCode.FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m solver", description="Plan inspections, or check a plan.")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="print every violation of a plan and its score as JSON")
    checking.add_argument("problem", type=Path)
    checking.add_argument("plan", type=Path)
    solving = commands.add_parser("solve", help="write the best plan found in the time given")
    defaults = SolveSettings()
    solving.add_argument("problem", type=Path)
    solving.add_argument("--out", type=Path, required=True, help="where the plan is written")
    solving.add_argument("--seconds", type=float, required=True, help="wall-clock time of the whole command")
    solving.add_argument("--workers", type=int, default=defaults.workers, help="processes that plan")
    solving.add_argument("--seed", type=int, default=defaults.seed, help="of every random choice")
    solving.add_argument("--least-change", action="store_true", help="change the baseline as little as can be")
    solving.add_argument("--engine", choices=get_args(Engine), default=defaults.engine, help="cpsat: no local search")
    solving.add_argument("--start", type=Path, help="a plan to begin from")
    solving.add_argument("--checkpoint", type=Path, help="where the best plan so far is kept")
    solving.add_argument(
        "--progress", choices=get_args(ProgressForm), default="text", help="form of the lines on stderr"
    )
    solving.add_argument("--debug", action="store_true", help="print the traceback of a part that failed")
    return parser


def _order(options: argparse.Namespace, started: float) -> SolveOrder:
    logging.basicConfig(level=logging.DEBUG if options.debug else logging.CRITICAL)
    settings = SolveSettings(
        seconds=options.seconds,
        workers=options.workers,
        seed=options.seed,
        least_change=options.least_change,
        engine=options.engine,
    )
    for name, path in (("--out", options.out), ("--checkpoint", options.checkpoint)):
        if path is not None and (path.is_dir() or not os.access(path.parent, os.W_OK)):
            raise InvalidInput([InputError(name, f"{path} cannot be written")])
    return SolveOrder(
        options.problem, options.out, settings, started, options.start, options.checkpoint, options.progress
    )


def _check(problem_path: Path, plan_path: Path) -> int:
    problem = read_problem(problem_path)
    report = check(problem, read_plan(plan_path, problem))
    _print_report(report, problem)
    return ExitCode.VIOLATED if report.violations else ExitCode.DONE


def _solve(order: SolveOrder) -> int:
    """Plan in a thread of its own, so that signals and the clock are heeded whatever the planner is at."""
    watch = Watch()
    thresholds = gc.get_threshold()
    gc.set_threshold(COLLECTING_EVERY, *thresholds[1:])

    def stop(_number: int, _frame: FrameType | None) -> None:
        watch.stop.set()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="solve") as pool:
            planning = pool.submit(_plan, order, watch)
            try:
                _attend(planning, order, watch)
            except Exception as error:  # telling the progress must not lose the plan
                log.debug("the progress could not be told", exc_info=error)
            return planning.result()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _attend(planning: Future[int], order: SolveOrder, watch: Watch) -> None:
    """Tell the progress, and keep the best plan so far, until the planning has ended."""
    kept: Plan | None = None
    kept_at = -CHECKPOINT_SECONDS
    told_at = order.started
    while not wait([planning], timeout=max(0.0, told_at + PROGRESS_SECONDS - time.monotonic())).done:
        told_at = time.monotonic()
        _tell(order, watch.progress)
        best = watch.best
        due = told_at - kept_at >= CHECKPOINT_SECONDS
        if order.checkpoint and watch.problem and best and best is not kept and due:
            _keep(best, watch.problem, order.checkpoint)
            kept, kept_at = best, told_at
    if planning.exception() is None:
        _tell(order, watch.progress)


def _keep(plan: Plan, problem: Problem, checkpoint: Path) -> None:
    """Write the checkpoint; that it cannot be written is told, and no reason to lose the plan."""
    try:
        write_plan(plan, problem, checkpoint)
    except OSError as error:
        _say(str(error))


def _tell(order: SolveOrder, progress: Progress) -> None:
    """One line of progress; the time is that of the command, also while the planner says nothing new."""
    progress = replace(progress, elapsed_seconds=round(time.monotonic() - order.started, 1))
    if order.progress == "json":
        _say(_json(asdict(progress)))
        return
    total, bound = ("-" if value is None else value for value in (progress.total, progress.bound))
    _say(
        f"{progress.elapsed_seconds:7.1f} s  {progress.phase:<12} {progress.scheduled}/{progress.visits} scheduled"
        f"  total {total}  bound {bound}"
    )


def _plan(order: SolveOrder, watch: Watch) -> int:
    problem = read_problem(order.problem)
    gc.freeze()  # The problem stays until the plan is written: the collector need not look through it.
    start = read_plan(order.start, problem) if order.start else None
    watch.problem = problem
    watch.progress = Progress(0.0, "prepare", 0, len(problem.visits), None, None)
    if violations := check_pins(problem):
        return _refuse_pins(problem, violations, order.out)

    # Loading the planner takes seconds: it is part of the time given, and none of it is needed to check a plan.
    from solver.solve import solve

    leaving = LEAVING_SECONDS + LEAVING_SECONDS_PER_VISIT * len(problem.visits)
    left = order.started + order.settings.seconds - leaving - time.monotonic()
    result = solve(
        problem,
        replace(order.settings, seconds=max(left, LEAST_SOLVING_SECONDS)),
        start=start,
        stop=watch.stop.is_set,
        on_progress=watch.take_progress,
        on_plan=watch.take_plan if order.checkpoint else None,
        on_error=_say,
    )
    if result.status is Status.INFEASIBLE:
        return _refuse_pins(problem, result.violations, order.out)
    if result.plan is None:
        raise UndecidedPins("no plan with all pins was found in the time given; whether there is one is not known")
    try:
        write_plan(result.plan, problem, order.out)
    except MemoryError:
        gc.collect()
        write_plan(result.plan, problem, order.out)
    return ExitCode.DONE


def _refuse_pins(problem: Problem, violations: Sequence[Violation], out: Path) -> int:
    """Write a plan of nothing that says why, print the rules broken, and end with the exit code for it."""
    plan = _plan_of_nothing(problem, violations)
    plan = replace(plan, score=check(problem, plan).score)
    write_plan(plan, problem, out)
    _print_report(CheckReport(tuple(violations), plan.score), problem)
    raise InfeasiblePins(violations)


def _plan_of_nothing(problem: Problem, violations: Sequence[Violation]) -> Plan:
    """Every visit left out: for the rules that its pin breaks, or for the pins of the others."""
    broken: dict[str, list[Reason]] = {}
    for violation in violations:
        broken.setdefault(violation.visit, []).append(Reason(violation.code, violation.details))
    because_of_others = (Reason("pinned", {"pins": tuple(broken)}),)
    unscheduled = tuple(
        Unscheduled(visit.id, tuple(broken.get(visit.id, because_of_others))) for visit in problem.visits
    )
    return Plan(problem.name, (), unscheduled, Score(), PlanStatus.INFEASIBLE)


def _print_report(report: CheckReport, problem: Problem) -> None:
    violations = [{"code": v.code, "visit": v.visit, **details_to_json(v.details)} for v in report.violations]
    record = {"violations": violations, "score": score_to_json(report.score, problem)}
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n")
    sys.stdout.buffer.flush()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _say(text: str) -> None:
    """One line on stderr, whatever the ids and keys in it hold."""
    line = "".join(character if character.isprintable() else repr(character)[1:-1] for character in text[:LINE_LENGTH])
    with suppress(OSError, ValueError):  # nobody reads any more: no reason to lose the plan
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(loading_seconds=time.process_time()))
