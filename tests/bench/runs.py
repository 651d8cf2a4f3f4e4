"""What is measured: a task, the run that came of it, and the file in which runs are kept, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

PLANNER, STAGES, PLAIN, TIMEFOLD = "planner", "planner, CP-SAT alone", "plain CP-SAT", "Timefold"
"""Who plans; the first two are this repository's planner with its two engines."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run to make: ``problem`` is a name, ``seconds`` the time of the whole command."""

    problem: str
    who: str
    seconds: float
    seed: int


@dataclass(frozen=True, slots=True)
class Point:
    """Where a run stood; ``left_out`` is a weight, ``rest`` the total without what that costs."""

    seconds: float
    scheduled: int
    left_out: int | None
    rest: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a task. ``left_out`` and ``rest`` are the checker's, ``None`` where there is no plan.

    ``reached_seconds`` is when the least weight left out of the run was told first, ``dropped`` how many visits were
    taken out of a peer's plan because they broke a rule, ``areas`` the left-out weight and rest of independent areas.
    """

    task: Task
    visits: int
    took_seconds: float
    memory_mb: float
    left_out: int | None = None
    rest: int | None = None
    status: str = ""
    bound: int | None = None
    unscheduled_bound: int | None = None
    bound_of_rest: int | None = None
    reached_seconds: float | None = None
    dropped: int = 0
    note: str = ""
    curve: tuple[Point, ...] = ()
    placed: Mapping[str, int] = field(default_factory=dict)
    improved: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class RunFile:
    """Runs in a file, appended as they come; what was cut off by a stop in the middle of a line is ignored."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def runs(self) -> list[Run]:
        """All runs kept so far."""
        return list(self._read()) if self.path.exists() else []

    def _read(self) -> Iterator[Run]:
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            yield run_from_json(record)

    def append(self, run: Run) -> None:
        """Keep one more run."""
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" if text and not text.endswith("\n") else "")
            file.write(json.dumps(asdict(run), ensure_ascii=False) + "\n")


def run_from_json(record: Mapping[str, object]) -> Run:
    """A run from its line."""
    values = dict(record)
    task, curve, areas = values.pop("task"), values.pop("curve"), values.pop("areas")
    assert isinstance(task, dict)
    assert isinstance(curve, list)
    assert isinstance(areas, dict)
    return Run(
        task=Task(**task),
        curve=tuple(Point(**point) for point in curve),
        areas={name: (left_out, rest) for name, (left_out, rest) in areas.items()},
        **values,  # type: ignore[arg-type]
    )
