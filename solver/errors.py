"""Errors of the solver; none of them knows HTTP or a database.

SolverError
├── InvalidInput         a file or a value that is no valid problem or plan: one InputError per place
├── InfeasiblePins       no plan holds the pins: one violation per rule broken
├── UndecidedPins        no plan with the pins was found, and none was proved to be impossible
└── WrongResult          a part of the planner found a plan that the checker refuses
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.reasons import Violation


@dataclass(frozen=True, slots=True)
class InputError:
    """One thing that is wrong with the input: where it stands and why it is wrong."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


class SolverError(Exception):
    """Anything that the solver refuses."""


class InvalidInput(SolverError):  # noqa: N818 - the name says what is invalid
    """The input is no valid problem or plan; ``errors`` names every place found."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(str(error) for error in self.errors))


class InfeasiblePins(SolverError):  # noqa: N818 - the name says what is infeasible
    """No plan holds the pins; ``violations`` says which hard rules they break."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{v.code} {v.visit}" for v in self.violations))


class UndecidedPins(SolverError):  # noqa: N818 - the name says what is undecided
    """No plan with all pins was found in the time given, and it was not proved that there is none."""


class WrongResult(SolverError):  # noqa: N818 - the name says what is wrong
    """A part of the planner found a plan that breaks the rules that ``violations`` names: a bug of that part."""

    def __init__(self, why: str, violations: Sequence[Violation] = ()) -> None:
        self.violations = tuple(violations)
        super().__init__(why)
