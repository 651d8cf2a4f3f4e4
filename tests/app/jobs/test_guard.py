"""A guarded command does not outlive its parent."""

from __future__ import annotations

import signal
import subprocess
import sys

import psutil

from app.jobs.solve_process import GUARD

WAIT_SECONDS = 20.0

ASKER = """
import subprocess, sys
guard = subprocess.Popen(
    [sys.executable, "-I", "-S", sys.argv[1], "sleep", "600"], stdin=subprocess.PIPE, start_new_session=True
)
print(guard.pid, flush=True)
guard.wait()
"""


def sleeping_child(guard: psutil.Process) -> psutil.Process:
    """The command that a guard runs, as soon as it does."""
    for _ in range(200):
        for child in guard.children():
            if child.name() == "sleep":
                return child
        guard.wait(timeout=0.05) if not guard.is_running() else signal.sigtimedwait([], 0.05)
    raise AssertionError("the guard started nothing")


def test_when_the_asker_is_killed_the_command_is_killed_too() -> None:
    with subprocess.Popen([sys.executable, "-c", ASKER, str(GUARD)], stdout=subprocess.PIPE) as asker:
        assert asker.stdout is not None
        guard = psutil.Process(int(asker.stdout.readline()))
        child = sleeping_child(guard)
        asker.kill()
        gone, alive = psutil.wait_procs([guard, child], timeout=WAIT_SECONDS)
    assert (len(gone), alive) == (2, [])


def test_the_end_of_the_command_is_told_and_a_stop_is_passed_on() -> None:
    def guarded(*command: str) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-I", "-S", str(GUARD), *command]
        return subprocess.Popen(arguments, stdin=subprocess.PIPE, start_new_session=True)

    with guarded("sh", "-c", "exit 3") as guard:
        assert guard.wait(WAIT_SECONDS) == 3
    with guarded("sleep", "600") as guard:
        sleeping_child(psutil.Process(guard.pid))
        guard.terminate()
        assert guard.wait(WAIT_SECONDS) == 128 + signal.SIGTERM
