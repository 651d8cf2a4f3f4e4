"""How the command ends: many short runs, with and without signals, each of which must leave a valid plan.

    python -m tests.bench.endings PROBLEM… [--runs 200] [--seed 1]

Each run has a limit of 1 to 10 seconds; of three runs one is left alone, one gets SIGINT and one SIGTERM at a random
moment. A line tells how each ended: by how much it passed its limit or the signal in wall-clock time, and the
processor time that it took, since other processes share the machine. The exit status is 1 if a run ended by a signal
or with an error, or left no plan or one that breaks a rule.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from solver import InvalidInput, check, read_plan, read_problem
from solver.__main__ import ExitCode

ROOT = Path(__file__).resolve().parents[2]

LEAST_SECONDS, MOST_SECONDS = 1, 10

SIGNALS = (None, signal.SIGINT, signal.SIGTERM)

PATIENCE_SECONDS = 180.0
"""After which a command that does not end is killed: its first run compiles."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one run ended. ``late_seconds`` count from its limit, or from the signal if that came first."""

    problem: str
    seconds: int
    sent: signal.Signals | None
    status: int
    late_seconds: float
    cpu_seconds: float
    memory_mb: float
    fault: str

    def line(self) -> str:
        """The run in one line."""
        sent = self.sent.name if self.sent else "-"
        return (
            f"{self.problem:24} {self.seconds:3} s  {sent:8} status {self.status:4}  late {self.late_seconds:6.2f} s"
            f"  cpu {self.cpu_seconds:6.2f} s  {self.memory_mb:6.0f} MB  {self.fault}"
        )


def end_one(problem: Path, seconds: int, sent: signal.Signals | None, after_seconds: float) -> Ending:
    """Run the command once, send it a signal, and look at what it left."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "plan.json"
        command = [sys.executable, "-m", "solver", "solve", str(problem), "--out", str(out), "--seconds", str(seconds)]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        due = began + seconds
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            now = time.monotonic()
            if sent is not None and now >= began + after_seconds and due > now and handles_signals(process.pid):
                process.send_signal(sent)
                due = now
            if now > began + PATIENCE_SECONDS:
                process.kill()
            time.sleep(0.01)
        late = time.monotonic() - due
        _, code, usage = ended
        process.returncode = os.waitstatus_to_exitcode(code)
        fault = fault_of(problem, out, process.returncode)
        cpu = usage.ru_utime + usage.ru_stime
        return Ending(
            problem.name.split(".")[0], seconds, sent, process.returncode, late, cpu, usage.ru_maxrss / 1024, fault
        )


def handles_signals(pid: int) -> bool:
    """Whether the process has begun to catch SIGTERM, as Linux tells."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def fault_of(problem_path: Path, plan_path: Path, status: int) -> str:
    """What is wrong with an ending, in words; empty if nothing is."""
    if status not in (ExitCode.DONE, ExitCode.INFEASIBLE_PINS):
        return f"ended with status {status}"
    if not plan_path.exists():
        return "left no plan"
    problem = read_problem(problem_path)
    try:
        plan = read_plan(plan_path, problem)
    except InvalidInput as error:
        return f"left a file that is no plan: {error}"
    violations = check(problem, plan).violations
    return f"left a plan that breaks {violations[0].code}" if violations and status == ExitCode.DONE else ""


def endings(problems: Sequence[Path], runs: int, seed: int) -> Iterator[Ending]:
    """So many runs, the problems, limits and signals in turn."""
    stream = random.Random(seed)
    for number in range(runs):
        seconds = LEAST_SECONDS + number * 7 % (MOST_SECONDS - LEAST_SECONDS + 1)
        sent = SIGNALS[number % len(SIGNALS)]
        after = stream.random() * seconds
        yield end_one(problems[number % len(problems)], seconds, sent, after)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print a line each, and a summary."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.endings", description=__doc__.splitlines()[0])
    parser.add_argument("problems", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    seen: list[Ending] = []
    for ending in endings([path.resolve() for path in options.problems], options.runs, options.seed):
        seen.append(ending)
        sys.stdout.write(ending.line() + "\n")
        sys.stdout.flush()
    faulty = [ending for ending in seen if ending.fault]
    latest = max(ending.late_seconds for ending in seen)
    sys.stdout.write(f"{len(seen)} runs, {len(faulty)} faulty, at most {latest:.2f} s late\n")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
