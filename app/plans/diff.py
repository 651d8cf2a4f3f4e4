"""What changed between two plans: visits are matched by their keys, which name the same duty in every plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.assignments.reader import Placement
from app.plans.schemas import ChangeCounts, ChangeKind


@dataclass(frozen=True, slots=True)
class Change:
    """A visit that differs. ``day`` and ``half`` say when it is moved, whether or not the team differs too."""

    visit: str
    kind: ChangeKind
    before: Placement | None
    after: Placement | None


def changes(before: Mapping[str, Placement], after: Mapping[str, Placement]) -> list[Change]:
    """Every visit that differs, by its day now, or before."""
    found = []
    for visit in before.keys() | after.keys():
        kind = _kind(before.get(visit), after.get(visit))
        if kind is not None:
            found.append(Change(visit, kind, before.get(visit), after.get(visit)))
    return sorted(found, key=_by_day)


def _by_day(change: Change) -> tuple[date, str]:
    placement = change.after or change.before
    assert placement is not None
    return placement.first_on, change.visit


def _kind(before: Placement | None, after: Placement | None) -> ChangeKind | None:
    if before is None:
        return None if after is None else "added"
    if after is None:
        return "dropped"
    if before.first_on != after.first_on:
        return "day"
    if before.half != after.half:
        return "half"
    return None if before.team == after.team else "team"


def counts(found: list[Change], visits_before: int) -> ChangeCounts:
    """How many visits of each kind of change, and how many of those before are kept as they were."""
    number = Counter(change.kind for change in found)
    return ChangeCounts(
        kept=visits_before - sum(number.values()) + number["added"],
        day=number["day"],
        half=number["half"],
        team=number["team"],
        added=number["added"],
        dropped=number["dropped"],
    )
