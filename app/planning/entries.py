"""The assignments of a plan file as typed values; nothing above the bridge spells the file's keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.models import Half
from app.planning.names import inspector_name, row_of


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A visit's assignment in a plan file, or its pin in a problem file; team and leader are ids of rows."""

    visit: str
    first_on: date
    half: Half
    team: tuple[int, ...]
    leader_id: int | None

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> PlanEntry:
        """An entry that this service or the solver wrote."""
        return cls(
            visit=entry["visit"],
            first_on=date.fromisoformat(entry["day"]),
            half=Half(entry["half"]),
            team=tuple(row_of(member) for member in entry["team"]),
            leader_id=row_of(entry["leader"]) if entry.get("leader") else None,
        )

    def as_json(self) -> dict[str, Any]:
        """The entry as the contract has it; without a leader the key is left out."""
        entry: dict[str, Any] = {
            "visit": self.visit,
            "day": self.first_on.isoformat(),
            "half": self.half.value,
            "team": [inspector_name(member) for member in self.team],
        }
        return entry | ({"leader": inspector_name(self.leader_id)} if self.leader_id is not None else {})
