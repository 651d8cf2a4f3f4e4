"""Errors of the solver; none of them knows HTTP or a database.

SolverError
├── FaultyInput          a file or a value that is no valid problem or plan: one Fault per place
├── InfeasiblePins       the pins alone break a hard rule: one violation per rule broken
└── WrongResult          the planner gave no plan, or one that the checker refuses
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.plan import Violation


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the input: where it stands and why it is wrong."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


class SolverError(Exception):
    """Anything that the solver refuses."""


class FaultyInput(SolverError):  # noqa: N818 - the name says what is faulty
    """The input is no valid problem or plan; ``faults`` names every place found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


class InfeasiblePins(SolverError):  # noqa: N818 - the name says what is infeasible
    """The pins alone break hard rules; ``violations`` says which."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{v.code} {v.visit}" for v in self.violations))


class WrongResult(SolverError):  # noqa: N818 - the name says what is wrong
    """The planner gave no plan, or one that breaks the rules that ``violations`` names: a fault of the planner."""

    def __init__(self, why: str, violations: Sequence[Violation] = ()) -> None:
        self.violations = tuple(violations)
        super().__init__(why)
