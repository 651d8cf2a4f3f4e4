"""Settings of a run of the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from solver.errors import InputError, InvalidInput

Engine = Literal["auto", "cpsat"]


@dataclass(frozen=True, slots=True)
class SolveSettings:
    """Limits and switches: wall-clock seconds, worker processes, the seed of every random stream.

    ``least_change`` asks for the order of plans of docs/contract.md section 5. ``engine`` ``cpsat`` plans
    without local search. Raises ``InvalidInput`` for a value out of range.
    """

    seconds: float = 60.0
    workers: int = 2
    seed: int = 1
    least_change: bool = False
    engine: Engine = "auto"

    def __post_init__(self) -> None:
        errors = []
        if not 0 < self.seconds <= 86_400:
            errors.append(InputError("seconds", f"{self.seconds} is not within 0 to 86400"))
        if not 1 <= self.workers <= 64:
            errors.append(InputError("workers", f"{self.workers} is not within 1 to 64"))
        if not 0 <= self.seed < 2**31:
            errors.append(InputError("seed", f"{self.seed} is not within 0 to 2147483647"))
        if errors:
            raise InvalidInput(errors)
