"""The solver as a child process: started, watched, stopped; what it says while it runs and how it ended.

The child is driven by its command line and its files alone. A process of its own keeps the server's answers quick
while the model is built, can be killed at any time, and takes no part of the server with it when it dies.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

GUARD = Path(__file__).with_name("guard.py")

POLL_SECONDS = 0.25
"""How often the child is asked whether it ended, and the callers whether it should."""
STOP_SECONDS = 5.0
"""How long a child that was asked to stop may take to write its best plan before it is killed."""
OVERTIME_SECONDS = 180.0
"""How long after its time limit a child is still believed to be at work.

It reads and writes large files, and its first run after an installation compiles for a minute, more on a busy machine.
"""
MESSAGE_LINES = 40
"""Lines of the child's messages that are kept for the log."""


class ExitStatus:
    """What the exit status of the command line says (docs/contract.md section 5; 74 is that of sysexits.h)."""

    DONE = 0
    VIOLATION = 1
    FAULTY = 2
    INFEASIBLE = 3
    CANNOT_WRITE = 74


class StopReason(StrEnum):
    """Why a child was stopped before it ended by itself."""

    CANCELLED = "cancelled"
    SHUTDOWN = "shutdown"
    LOST = "lost"
    OVERTIME = "overtime"


@dataclass(frozen=True, slots=True)
class SolveOrder:
    """A run of ``solve``: its files in ``folder``, its seconds and workers; ``start`` is a plan to begin from."""

    folder: Path
    problem: Path
    plan: Path
    checkpoint: Path
    seconds: float
    workers: int
    least_change: bool = False
    start: Path | None = None

    def arguments(self) -> list[str]:
        """The arguments of the command line."""
        arguments = ["solve", str(self.problem), "--out", str(self.plan), "--seconds", f"{self.seconds:g}"]
        arguments += ["--workers", str(self.workers), "--checkpoint", str(self.checkpoint), "--progress", "json"]
        if self.least_change:
            arguments.append("--least-change")
        if self.start is not None:
            arguments += ["--start", str(self.start)]
        return arguments


@dataclass(frozen=True, slots=True)
class SolveProgress:
    """Where a run stands; ``total`` and ``bound`` are none until there is one."""

    elapsed_seconds: float
    phase: str
    scheduled: int
    visits: int
    total: int | None
    bound: int | None


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a child ended: its exit status, why it was stopped if it was, and its last messages."""

    status: int
    stopped: StopReason | None
    messages: tuple[str, ...]


class _Listener:
    """Reads the child's standard error to its end; keeps the latest progress and the last other lines."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.latest: SolveProgress | None = None
        self._messages: deque[str] = deque(maxlen=MESSAGE_LINES)
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[bytes]) -> None:
        for line in stream:
            text = line.decode(errors="replace").strip()
            progress = progress_in(text)
            if progress is not None:
                self.latest = progress
            elif text:
                self._messages.append(text)

    def messages(self) -> tuple[str, ...]:
        """The last lines that were no progress; the child must have ended."""
        self._thread.join(timeout=STOP_SECONDS)
        return tuple(self._messages)


def progress_in(line: str) -> SolveProgress | None:
    """The progress that a line of the child's standard error states, none if it states something else."""
    try:
        value = json.loads(line)
        return SolveProgress(
            elapsed_seconds=float(value["elapsed_seconds"]),
            phase=str(value["phase"]),
            scheduled=int(value["scheduled"]),
            visits=int(value["visits"]),
            total=None if value["total"] is None else int(value["total"]),
            bound=None if value["bound"] is None else int(value["bound"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def solve(
    order: SolveOrder,
    *,
    on_progress: Callable[[SolveProgress], None],
    why_stop: Callable[[], StopReason | None],
) -> ChildEnd:
    """Run ``solve`` to its end, or until ``why_stop`` has a reason; whatever happens, no child is left.

    ``on_progress`` hears only what is new, at most once in ``POLL_SECONDS``.
    """
    deadline = time.monotonic() + order.seconds + OVERTIME_SECONDS
    with _child(order.arguments(), order.folder, stderr=subprocess.PIPE) as child:
        assert child.stderr is not None
        listener = _Listener(child.stderr)
        heard: SolveProgress | None = None
        stopped: StopReason | None = None
        while stopped is None and child.poll() is None:
            stopped = why_stop() or (StopReason.OVERTIME if time.monotonic() > deadline else None)
            if listener.latest is not None and listener.latest != heard:
                heard = listener.latest
                on_progress(heard)
            _wait(child, POLL_SECONDS)
        if stopped in (StopReason.CANCELLED, StopReason.LOST):
            os.killpg(child.pid, signal.SIGKILL)  # nobody wants its plan from here any more
        elif stopped is not None:
            _stop(child)
        return ChildEnd(child.wait(), stopped, listener.messages())


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What ``check`` answers: the rules that are broken, one object each, and the score with its total."""

    violations: tuple[dict[str, object], ...]
    score: dict[str, int]


class FaultyFileError(Exception):
    """The child does not take a file for a valid problem or plan; the arguments are its messages."""


class StoppedError(Exception):
    """A check was stopped before it had an answer."""


class NoVerdictError(Exception):
    """The checker ended without an answer, by a signal or because it could not write."""


def check(
    problem: Path,
    plan: Path,
    *,
    scratch: Path | None = None,
    why_stop: Callable[[], StopReason | None] = lambda: None,
) -> CheckAnswer:
    """Run ``check`` on two files; ``scratch`` is the folder that is removed when this process dies first.

    Raises ``FaultyFileError`` when one of them is no valid file, ``StoppedError`` when ``why_stop`` has a reason, and
    ``NoVerdictError`` when the checker was killed.
    """
    with (
        tempfile.TemporaryFile() as answer,
        _child(["check", str(problem), str(plan)], scratch, stdout=answer.fileno(), stderr=subprocess.PIPE) as child,
    ):
        assert child.stderr is not None
        listener = _Listener(child.stderr)
        while child.poll() is None:
            if why_stop() is not None:
                raise StoppedError
            _wait(child, POLL_SECONDS)
        if child.returncode == ExitStatus.FAULTY:
            raise FaultyFileError(*listener.messages())
        if child.returncode not in (ExitStatus.DONE, ExitStatus.VIOLATION):
            raise NoVerdictError(child.returncode, *listener.messages())
        answer.seek(0)
        report = json.load(answer)
        return CheckAnswer(tuple(report["violations"]), dict(report["score"]))


@contextmanager
def _child(
    arguments: list[str],
    scratch: Path | None,
    *,
    stdout: int = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """A guarded child in a process group of its own; at the end of the block the whole group is gone.

    The guard removes the folder ``scratch`` when this process dies first.
    """
    guarded = [] if scratch is None else ["--scratch", str(scratch)]
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), *guarded, sys.executable, "-m", "solver", *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):  # it ended by itself, as it should
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def _wait(child: subprocess.Popen[bytes], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=seconds)


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    _wait(child, STOP_SECONDS)
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
