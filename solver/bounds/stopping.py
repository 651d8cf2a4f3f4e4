"""How the bounds end early: every loop consults a stop rule, and no call into a library outlasts it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ortools.linear_solver import pywraplp

Thing = TypeVar("Thing")

LOOK_SECONDS = 0.05
"""Between two looks at the stop rule while a linear program is solved."""


class StopError(Exception):
    """The stop rule said yes; what was proved so far holds."""


def never() -> bool:
    """The stop rule of a caller who has none."""
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Raises ``StopError`` once ``should_stop`` says yes."""

    should_stop: Callable[[], bool] = never

    def __call__(self) -> None:
        """Look once."""
        if self.should_stop():
            raise StopError

    def each(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The things one by one, with a look before each."""
        for thing in things:
            self()
            yield thing

    def parts(self, count: int, size: int) -> Iterator[tuple[int, int]]:
        """First and end of parts of a range of ``count``, at most ``size`` long, with a look before each."""
        for first in range(0, count, size):
            self()
            yield first, min(count, first + size)


def solve_program(program: pywraplp.Solver, is_over: Callable[[], bool]) -> bool:
    """Solve a linear program to the optimum; whether it was reached before ``is_over`` said yes.

    The solver does not return before it has an answer, so a second thread consults ``is_over`` and interrupts it.
    """
    solved = threading.Event()

    def interrupt_when_over() -> None:
        while not solved.wait(LOOK_SECONDS):
            if is_over():
                program.InterruptSolve()

    if is_over():
        return False
    thread = threading.Thread(target=interrupt_when_over, name="bound-watch")
    thread.start()
    try:
        status = program.Solve()
    finally:
        solved.set()
        thread.join()
    return bool(status == pywraplp.Solver.OPTIMAL)
