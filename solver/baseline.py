"""The baseline of a problem by numbers: which of its assignments may be kept, and which can be in no plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solver.calendar import days_spanned
from solver.candidates import Candidates
from solver.problem import BaselineAssignment, InspectorId, Visit
from solver.timetable import Placement


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """The assignments of the baseline whose visits are in the problem.

    ``placements`` can each be in some plan, as far as the visit and its team by themselves and the history tell;
    ``impossible`` are the visits whose assignment can be in none: every plan changes these.
    """

    placements: Mapping[int, Placement]
    impossible: frozenset[int]

    @classmethod
    def of(cls, candidates: Candidates) -> Baseline:
        """Read the baseline of a problem."""
        placements: dict[int, Placement] = {}
        impossible: set[int] = set()
        reader = _Reader(candidates)
        for number, given in candidates.baseline.items():
            placement = reader.placement(number, given)
            if placement is None:
                impossible.add(number)
            else:
                placements[number] = placement
        return cls(placements, frozenset(impossible))


class _Reader:
    """Looks each assignment up in the candidates."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._pools: dict[tuple[tuple[str, ...], frozenset[InspectorId]], frozenset[int]] = {}

    def placement(self, number: int, given: BaselineAssignment) -> Placement | None:
        """Where the assignment puts its visit, ``None`` if no plan can hold it."""
        candidates = self._candidates
        visit = candidates.problem.visits[number]
        start = candidates.calendar.slot(given.day, given.half)
        numbers = candidates.inspector_numbers
        if start is None or any(name not in numbers for name in given.team):
            return None
        team = tuple(sorted(numbers[name] for name in given.team))
        starts = candidates.starts(number)
        position = int(starts.searchsorted(start))
        if position == len(starts) or starts[position] != start or not self._is_team(number, visit, team):
            return None
        available = candidates.available_from(days_spanned(visit.half_days))
        if not all(available[member, start // 2] for member in team):
            return None
        return Placement(start, team)

    def _is_team(self, number: int, visit: Visit, team: tuple[int, ...]) -> bool:
        """Whether size, pool, exclusions, pin and needs allow the team."""
        if len(team) != visit.team.size:
            return False
        if visit.id in self._candidates.pins:
            allowed = frozenset(self._candidates.members(number).tolist())
        else:
            key = (visit.team.pool, visit.excluded)
            if key not in self._pools:
                self._pools[key] = frozenset(self._candidates.members(number).tolist())
            allowed = self._pools[key]
        inspectors = self._candidates.problem.inspectors
        return allowed.issuperset(team) and all(
            sum(tag in inspectors[member].tags for member in team) >= least
            for tag, least in visit.team.requires.items()
        )
