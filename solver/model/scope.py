"""What a model decides and what it takes as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from solver.calendar import Calendar, Month
from solver.candidates import Candidates
from solver.plan import Assignment
from solver.problem import LEAD, Inspectee, Problem, Visit
from solver.timetable import Placement
from solver.travel import TravelTable


@dataclass(frozen=True, eq=False)
class Scope:
    """A problem of which some visits are decided and the others stand as given.

    ``free`` are the numbers of the visits to decide; ``fixed`` says where others stand; a visit that is neither is
    left out. ``starts`` and ``members`` narrow the candidates of free visits further (a heuristic choice: only a
    scope without them can prove anything about the problem).
    """

    candidates: Candidates
    travel: TravelTable
    free: tuple[int, ...]
    fixed: Mapping[int, Placement] = field(default_factory=dict)
    starts: Mapping[int, Sequence[int]] = field(default_factory=dict)
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.candidates.problem

    @property
    def calendar(self) -> Calendar:
        """Its days, numbered."""
        return self.candidates.calendar

    @cached_property
    def decided(self) -> tuple[int, ...]:
        """The visits that may stand in the plan: the free and the fixed, ascending."""
        return tuple(sorted({*self.free, *self.fixed}))

    @cached_property
    def of_inspectee(self) -> Mapping[str, tuple[int, ...]]:
        """The visits that may stand in the plan, by inspectee."""
        found: dict[str, list[int]] = {}
        for number in self.decided:
            found.setdefault(self.visit(number).inspectee, []).append(number)
        return {inspectee: tuple(numbers) for inspectee, numbers in found.items()}

    @cached_property
    def fixed_of_inspector(self) -> Mapping[int, tuple[int, ...]]:
        """The fixed visits of each inspector."""
        found: dict[int, list[int]] = {}
        for number, placement in self.fixed.items():
            for member in placement.team:
                found.setdefault(member, []).append(number)
        return {member: tuple(numbers) for member, numbers in found.items()}

    def visit(self, number: int) -> Visit:
        """The visit with this number."""
        return self.problem.visits[number]

    def inspectee(self, number: int) -> Inspectee:
        """The inspectee of the visit with this number."""
        return self.candidates.inspectees[self.visit(number).inspectee]

    def place(self, number: int) -> int:
        """The row in the travel table of the visit's place."""
        return self.travel.index[self.inspectee(number).place]

    def base(self, inspector: int) -> int:
        """The row in the travel table of the inspector's base."""
        return self.travel.index[self.problem.inspectors[inspector].base]

    def starts_of(self, number: int) -> Sequence[int]:
        """The slots in which a free visit may begin, or the one in which a fixed visit does."""
        placement = self.fixed.get(number)
        if placement is not None:
            return (placement.start,)
        narrowed = self.starts.get(number)
        return narrowed if narrowed is not None else self.candidates.starts(number).tolist()

    def members_of(self, number: int) -> Sequence[int]:
        """The inspectors who may be in the team of a free visit, or who are in that of a fixed one."""
        placement = self.fixed.get(number)
        if placement is not None:
            return placement.team
        narrowed = self.members.get(number)
        return narrowed if narrowed is not None else self.candidates.members(number).tolist()

    def past_in_month(self, inspector: int, month: Month) -> int:
        """Half-days of the history that count in a month."""
        return self.candidates.history.month_half_days(self.problem.inspectors[inspector].id, month)

    def past_in_year(self, inspector: int, year: int) -> int:
        """Half-days of the history that count in a year."""
        return self.candidates.history.year_half_days(self.problem.inspectors[inspector].id, year)

    def assignment(self, number: int, placement: Placement) -> Assignment:
        """A placement in the words of the plan; the leader is the first member who can lead, where one must."""
        inspectors = self.problem.inspectors
        leader = None
        if self.visit(number).team.requires.get(LEAD, 0) >= 1:
            leader = next((inspectors[k].id for k in placement.team if LEAD in inspectors[k].tags), None)
        return Assignment(
            visit=self.visit(number).id,
            day=self.calendar.date_of(placement.start),
            half=self.calendar.half_of(placement.start),
            team=tuple(inspectors[k].id for k in placement.team),
            leader=leader,
        )
