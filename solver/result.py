"""What a run of the solver reports: progress while it runs, a result at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from solver.plan import Plan
from solver.reasons import Violation


class Status(StrEnum):
    """How a run ended; a plan file has only the three words of the contract."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What each part of the planner did: visits placed, total saved, and wall-clock seconds spent, by part."""

    placed: Mapping[str, int] = field(default_factory=dict)
    improved: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; ``total``, ``left_out`` (the unscheduled weight) and ``bound`` are ``None`` until known.

    The last progress of a run has the statistics of its parts.
    """

    elapsed_seconds: float
    phase: str
    scheduled: int
    visits: int
    total: int | None
    bound: int | None
    left_out: int | None = None
    statistics: Statistics | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a run: a checked plan, or the rules that the pins break; neither where the pins are undecided."""

    status: Status
    plan: Plan | None
    violations: tuple[Violation, ...] = ()
    statistics: Statistics = field(default_factory=Statistics)
