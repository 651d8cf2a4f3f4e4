"""A program of its own that runs a command and does not outlive the server that asked for it.

``python guard.py [--scratch FOLDER] COMMAND …`` leads a process group of its own, in which the command and all that it
starts live. Its standard input is a pipe that the server holds open: when the server dies, however it dies, the pipe
ends, the whole group is killed and the scratch folder removed. SIGTERM is passed on to the command alone, which then
ends its own workers. The exit status is the command's. Imports nothing but the standard library, so that it starts in
a few hundredths of a second.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from types import FrameType


def _kill_group_when_the_server_is_gone(child: subprocess.Popen[bytes], scratch: str | None) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    if scratch is not None:
        child.kill()  # the command alone writes files; it must not while they are removed
        child.wait()
        shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Run the command to its end under guard; its exit status, or 128 + n when signal n ended it."""
    scratch, command = (arguments[1], arguments[2:]) if arguments[0] == "--scratch" else (None, arguments)
    child: subprocess.Popen[bytes] | None = None
    asked_to_stop = False

    def pass_on(number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True
        if child is not None:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    if asked_to_stop:
        child.terminate()
    threading.Thread(target=_kill_group_when_the_server_is_gone, args=(child, scratch), daemon=True).start()
    status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
