"""The decision variables, typed, each made on first use together with what defines it.

What is decided of a fixed visit is a number, not a variable, and of a loose one a single variable: rules and score
parts need not distinguish them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ortools.sat.python import cp_model

from solver.calendar import Slot, days_spanned
from solver.model.scope import Scope
from solver.timetable import Placement

Term = cp_model.IntVar | int
"""A 0/1 variable, or the number that it is."""

Expression = cp_model.LinearExpr | int
"""A sum of terms with whole coefficients."""


def total_of(terms: Iterable[tuple[int, Expression]]) -> cp_model.LinearExpr:
    """Σ weight · term."""
    pairs = list(terms)
    return cp_model.LinearExpr.weighted_sum([term for _, term in pairs], [weight for weight, _ in pairs])


def sum_of(terms: Iterable[Expression]) -> cp_model.LinearExpr:
    """Σ term."""
    return cp_model.LinearExpr.sum(list(terms))


class Duty(NamedTuple):
    """An inspector's possible duty: in the team of ``visit`` that begins in ``start``."""

    visit: int
    start: int
    term: Term


class Variables:
    """The decisions about the visits of a scope; visits, inspectors and slots by their numbers."""

    def __init__(self, scope: Scope, model: cp_model.CpModel | None = None) -> None:
        self.scope = scope
        self.model = model if model is not None else cp_model.CpModel()
        self._free = frozenset(scope.free)
        self._starts: dict[int, dict[int, Term]] = {}
        self._placed: dict[int, Term] = {}
        self._members: dict[int, dict[int, Term]] = {}
        self._duties: dict[tuple[int, int], dict[int, Term]] = {}

    def starts(self, visit: int, slot: int) -> Term:
        """Whether the visit begins in the slot."""
        return self._starts_of(visit).get(slot, 0)

    def all_starts(self, visit: int) -> Sequence[tuple[int, Term]]:
        """The slots in which the visit may begin, ascending, with ``starts`` of each."""
        return tuple(self._starts_of(visit).items())

    def placed(self, visit: int) -> Term:
        """Whether the visit is in the plan, a loose one where it is given; rule ``once`` ties it to the starts."""
        if visit not in self._placed:
            self._placed[visit] = self._term(visit, f"placed[{visit}]")
        return self._placed[visit]

    def member(self, visit: int, inspector: int) -> Term:
        """Whether the inspector is in the visit's team."""
        return self._members_of(visit).get(inspector, 0)

    def all_members(self, visit: int) -> Sequence[tuple[int, Term]]:
        """The inspectors who may be in the team, ascending, with ``member`` of each."""
        return tuple(self._members_of(visit).items())

    def duties(self, visit: int, inspector: int) -> Sequence[tuple[int, Term]]:
        """The starts at which the inspector can be in the visit's team, each with whether it is so.

        There is none where the inspector is not available. For each inspector, Σ over starts = ``member``; for each
        start and any set of inspectors, Σ ≤ size · ``starts``: a member is on duty at the visit's own start.
        """
        key = (visit, inspector)
        if key not in self._duties:
            self._make_duties(visit)
        return tuple(self._duties.get(key, {}).items())

    def on_duty(self, inspector: int, slot: int) -> Sequence[Duty]:
        """The visits at which the inspector can be in this slot."""
        return self._duties_by_slot.get(inspector, {}).get(slot, ())

    def slots_of_duty(self, inspector: int) -> Iterable[int]:
        """The slots in which the inspector can be on duty, ascending."""
        return sorted(self._duties_by_slot.get(inspector, {}))

    def under_way(self, visit: int, slot: int) -> Sequence[Term]:
        """``starts`` of each start with which the visit takes the slot; at most one is true."""
        half_days = self.scope.visit(visit).half_days
        starts = self._starts_of(visit)
        first = slot if half_days == 1 else slot - half_days + 1
        found = (starts.get(start) for start in range(first, slot + 1))
        return [term for term in found if term is not None]

    @cached_property
    def inspectors(self) -> tuple[int, ...]:
        """The inspectors who can be in the team of a free visit, ascending."""
        return tuple(sorted({member for visit in self.scope.free for member in self._members_of(visit)}))

    def place_of(self, solver: cp_model.CpSolver, visit: int) -> Placement | None:
        """Where a solution puts the visit, ``None`` if it leaves it out."""
        for slot, term in self._starts_of(visit).items():
            if solver.value(term):
                team = (inspector for inspector, member in self.all_members(visit) if solver.value(member))
                return Placement(Slot(slot), tuple(team))
        return None

    def hint(self, visit: int, placement: Placement | None) -> None:
        """Suggest where a free visit may stand."""
        for slot, term in self._starts_of(visit).items():
            self._hint(term, placement is not None and slot == placement.start)
        for inspector, term in self._members_of(visit).items():
            self._hint(term, placement is not None and inspector in placement.team)

    def _hint(self, term: Term, value: bool) -> None:
        if not isinstance(term, int):
            self.model.add_hint(term, value)

    def _term(self, visit: int, name: str) -> Term:
        """A variable of a free visit, the one of a loose visit, a number of any other: assigned if it is fixed."""
        if visit in self._free:
            return self.model.new_bool_var(name)
        if visit in self.scope.loose:
            if visit not in self._placed:
                self._placed[visit] = self.model.new_bool_var(f"kept[{visit}]")
            return self._placed[visit]
        return int(visit in self.scope.fixed)

    def _starts_of(self, visit: int) -> dict[int, Term]:
        if visit not in self._starts:
            self._starts[visit] = {
                slot: self._term(visit, f"starts[{visit},{slot}]") for slot in self.scope.starts_of(visit)
            }
        return self._starts[visit]

    def _members_of(self, visit: int) -> dict[int, Term]:
        if visit not in self._members:
            self._members[visit] = {
                inspector: self._term(visit, f"member[{visit},{inspector}]")
                for inspector in self.scope.members_of(visit)
            }
        return self._members[visit]

    def _make_duties(self, visit: int) -> None:
        """Make the duties of all members of a visit, so that each start's sum can be tied."""
        starts = self._starts_of(visit)
        if self.scope.given_placement(visit) is not None:
            for inspector in self.scope.members_of(visit):
                self._duties[visit, inspector] = dict(starts)
            return
        members = self._members_of(visit)
        free = self.scope.candidates.available_from(days_spanned(self.scope.visit(visit).half_days))
        at_start: dict[int, list[Term]] = {slot: [] for slot in starts}
        for inspector, member in members.items():
            days = free[inspector]
            duties: dict[int, Term] = {}
            for slot in starts:
                if days[slot // 2]:
                    duties[slot] = self.model.new_bool_var(f"duty[{visit},{inspector},{slot}]")
                    at_start[slot].append(duties[slot])
            self.model.add(sum_of(duties.values()) == member)
            self._duties[visit, inspector] = duties
        size = self.scope.visit(visit).team.size
        for slot, term in starts.items():
            self.model.add(sum_of(at_start[slot]) <= size * term)
            for duty in at_start[slot]:
                self.model.add_implication(duty, term)

    @cached_property
    def _duties_by_slot(self) -> dict[int, dict[int, list[Duty]]]:
        found: dict[int, dict[int, list[Duty]]] = {}
        for visit, inspector in self._possible_duties():
            half_days = self.scope.visit(visit).half_days
            by_slot = found.setdefault(inspector, {})
            for start, term in self.duties(visit, inspector):
                for slot in self.scope.calendar.slots_taken(Slot(start), half_days):
                    by_slot.setdefault(slot, []).append(Duty(visit, start, term))
        return found

    def _possible_duties(self) -> Iterator[tuple[int, int]]:
        """Free visits with their candidates, and the fixed and loose visits of those people."""
        for visit in self.scope.free:
            for inspector in self._members_of(visit):
                yield visit, inspector
        for given in (self.scope.fixed_of_inspector, self.scope.loose_of_inspector):
            for inspector in self.inspectors:
                for visit in given.get(inspector, ()):
                    yield visit, inspector
