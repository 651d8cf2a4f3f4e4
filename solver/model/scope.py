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
    """A problem of which some visits are decided and the others are assigned as given.

    ``free`` are the numbers of the visits to decide; ``fixed`` says where others are assigned; a visit that is neither
    is unscheduled. ``starts`` and ``members`` narrow the candidates of free visits further (a heuristic choice: only a
    scope without them can prove anything about the problem). ``elsewhere`` are half-days, by inspector and month, of
    assigned visits that are not in the scope: they count in the caps and are far from every free start.

    In a relaxation any other visit may be somewhere that the model does not know, bound by no rule; ``loose`` ones are
    assigned as given unless they are. Every plan is a solution of it, if the visits that it moves count as elsewhere.
    """

    candidates: Candidates
    travel: TravelTable
    free: tuple[int, ...]
    fixed: Mapping[int, Placement] = field(default_factory=dict)
    starts: Mapping[int, Sequence[int]] = field(default_factory=dict)
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)
    elsewhere: Mapping[tuple[int, Month], int] = field(default_factory=dict)
    loose: Mapping[int, Placement] = field(default_factory=dict)
    is_relaxation: bool = False

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
        """The visits that may be in the plan: free, fixed and loose, ascending."""
        return tuple(sorted({*self.free, *self.fixed, *self.loose}))

    @cached_property
    def of_inspectee(self) -> Mapping[str, tuple[int, ...]]:
        """The visits that may be in the plan, by inspectee."""
        found: dict[str, list[int]] = {}
        for number in self.decided:
            found.setdefault(self.visit(number).inspectee, []).append(number)
        return {inspectee: tuple(numbers) for inspectee, numbers in found.items()}

    @cached_property
    def fixed_of_inspector(self) -> Mapping[int, tuple[int, ...]]:
        """The fixed visits of each inspector."""
        return _by_member(self.fixed)

    @cached_property
    def loose_of_inspector(self) -> Mapping[int, tuple[int, ...]]:
        """The loose visits of each inspector."""
        return _by_member(self.loose)

    def given_placement(self, number: int) -> Placement | None:
        """Where a fixed or loose visit is assigned."""
        return self.fixed.get(number) or self.loose.get(number)

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
        """The slots in which a free visit may begin, or the one in which a fixed or loose visit does."""
        placement = self.given_placement(number)
        if placement is not None:
            return (placement.start,)
        narrowed = self.starts.get(number)
        return narrowed if narrowed is not None else self.candidates.starts(number).tolist()

    def members_of(self, number: int) -> Sequence[int]:
        """The inspectors who may be in the team of a free visit, or who are in that of a fixed or loose one."""
        placement = self.given_placement(number)
        if placement is not None:
            return placement.team
        narrowed = self.members.get(number)
        return narrowed if narrowed is not None else self.candidates.members(number).tolist()

    def past_in_month(self, inspector: int, month: Month) -> int:
        """Half-days of the history, and of visits not in the scope, that count in a month."""
        past = self.candidates.history.month_half_days(self.problem.inspectors[inspector].id, month)
        return past + self.elsewhere.get((inspector, month), 0)

    def past_in_year(self, inspector: int, year: int) -> int:
        """Half-days of the history, and of visits not in the scope, that count in a year."""
        past = self.candidates.history.year_half_days(self.problem.inspectors[inspector].id, year)
        months = (month for month in self.calendar.months if month.year == year)
        return past + sum(self.elsewhere.get((inspector, month), 0) for month in months)

    def assignment(self, number: int, placement: Placement) -> Assignment:
        """A placement as an assignment of the plan; the leader is the first member who can lead, where one must."""
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


def _by_member(placements: Mapping[int, Placement]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for number, placement in placements.items():
        for member in placement.team:
            found.setdefault(member, []).append(number)
    return {member: tuple(numbers) for member, numbers in found.items()}
