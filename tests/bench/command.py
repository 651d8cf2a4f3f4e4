"""A command run to its end in a process of its own: how long it took, how much memory, and what it told meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

GRACE_SECONDS = 120.0
"""How much longer than asked for a command may take before it is killed."""

KEPT_LINES = 5


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended; ``told`` are the JSON objects of its stderr, ``said`` its last other lines."""

    status: int
    took_seconds: float
    memory_mb: float
    told: tuple[Mapping[str, object], ...]
    said: tuple[str, ...]


def execute(command: Sequence[str], seconds: float) -> Ended:
    """Run ``python`` with these arguments in the repository's root and wait for it."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    killer = threading.Timer(seconds + GRACE_SECONDS, process.kill)
    killer.daemon = True
    killer.start()
    told: list[Mapping[str, object]] = []
    said: list[str] = []
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            _sort(line.decode(errors="replace").strip(), told, said)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    killer.cancel()
    took = time.monotonic() - began
    return Ended(process.returncode, took, usage.ru_maxrss / 1024, tuple(told), tuple(said[-KEPT_LINES:]))


def _sort(line: str, told: list[Mapping[str, object]], said: list[str]) -> None:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if isinstance(record, dict):
        told.append(record)
    elif line:
        said.append(line)
