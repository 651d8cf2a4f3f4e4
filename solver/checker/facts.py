"""What the rules look at: a plan and the history as stays, in the checker's own arithmetic.

A day is its proleptic ordinal (1 is 0001-01-01), a half-day is ``2 · day`` in the morning and one more in the
afternoon. So no arithmetic here can leave the calendar.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from solver.plan import Assignment
from solver.problem import DateRange, Half, Inspectee, Inspector, PastVisit, Problem, Visit

HALVES_PER_DAY = 2

Span = tuple[int, ...]
"""The ordinals of a first and a last day, both included: always two."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit as it takes place: which half-days, with whom, at what cost to the inspectee.

    ``first_day`` and ``last_day`` are ordinals, ``end_half_day`` is the first half-day after it; the rules read them
    millions of times, so they are computed once.
    """

    visit: str
    inspectee: str
    team: tuple[str, ...]
    first_half_day: int
    half_days: int
    burden: int
    resources: tuple[str, ...]
    past: bool
    first_day: int = field(init=False)
    last_day: int = field(init=False)
    end_half_day: int = field(init=False)

    def __post_init__(self) -> None:
        end = self.first_half_day + self.half_days
        object.__setattr__(self, "end_half_day", end)
        object.__setattr__(self, "first_day", self.first_half_day // HALVES_PER_DAY)
        object.__setattr__(self, "last_day", (end - 1) // HALVES_PER_DAY)

    def occupied(self) -> range:
        """Its half-days."""
        return range(self.first_half_day, self.end_half_day)

    def days(self) -> range:
        """The ordinals of its days."""
        return range(self.first_day, self.last_day + 1)

    def meets(self, spans: Sequence[Span]) -> bool:
        """Whether one of its days lies in one of the spans, which are those of ``spans_of``."""
        position = bisect_left(spans, (self.last_day + 1,))
        return position > 0 and spans[position - 1][1] >= self.first_day


@dataclass(frozen=True, slots=True)
class Facts:
    """A problem and what takes place: ``stays`` of the plan by visit, ``past`` ones by visit.

    ``assigned`` and ``left_out`` repeat the plan as it stands, with visits that the problem does not have. In the
    stays a visit assigned twice counts as it was assigned last, and members that the problem does not have are gone.
    """

    problem: Problem
    visits: Mapping[str, Visit]
    inspectors: Mapping[str, Inspector]
    inspectees: Mapping[str, Inspectee]
    assigned: tuple[Assignment, ...]
    left_out: tuple[str, ...]
    assignments: Mapping[str, Assignment]
    stays: Mapping[str, Stay]
    past: Mapping[str, Stay]
    by_inspector: Mapping[str, tuple[Stay, ...]]
    by_inspectee: Mapping[str, tuple[Stay, ...]]
    _planned: tuple[tuple[Visit, Assignment, Stay], ...]

    @classmethod
    def of(cls, problem: Problem, assigned: Iterable[Assignment], left_out: Iterable[str] = ()) -> Facts:
        """The facts of some assignments: a plan's, or the pins as if they were a plan."""
        visits = {visit.id: visit for visit in problem.visits}
        inspectors = {inspector.id: inspector for inspector in problem.inspectors}
        inspectees = {inspectee.id: inspectee for inspectee in problem.inspectees}
        assigned = tuple(assigned)
        assignments = {assignment.visit: assignment for assignment in assigned if assignment.visit in visits}
        stays = {name: _stay(visits[name], assignment, inspectors) for name, assignment in assignments.items()}
        past = {visit.visit: _past_stay(visit) for visit in problem.history}
        every_stay = (*stays.values(), *past.values())
        return cls(
            problem=problem,
            visits=visits,
            inspectors=inspectors,
            inspectees=inspectees,
            assigned=assigned,
            left_out=tuple(left_out),
            assignments=assignments,
            stays=stays,
            past=past,
            by_inspector=_grouped(every_stay, lambda stay: [who for who in stay.team if who in inspectors]),
            by_inspectee=_grouped(every_stay, lambda stay: [stay.inspectee] if stay.inspectee in inspectees else []),
            _planned=tuple((visits[name], assignments[name], stay) for name, stay in stays.items()),
        )

    def planned(self) -> Iterable[tuple[Visit, Assignment, Stay]]:
        """Every assigned visit with its assignment and stay, in the order of the plan."""
        return self._planned


def spans_of(ranges: Iterable[DateRange]) -> list[Span]:
    """The days of the ranges as spans, ascending, with a gap between any two; a reversed range holds no day."""
    spans: list[Span] = []
    for first, last in sorted((first.toordinal(), last.toordinal()) for first, last in ranges if first <= last):
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans


def first_half_day_of(day: date, half: Half, half_days: int) -> int:
    """Where a visit begins; one of more than one half-day takes whole mornings first."""
    afternoon = half == "pm" and half_days == 1
    return HALVES_PER_DAY * day.toordinal() + afternoon


def day_of(half_day: int) -> date:
    """The date on which a half-day lies; beyond the calendar, where only a broken plan can be, its last date."""
    return date.fromordinal(min(half_day // HALVES_PER_DAY, date.max.toordinal()))


def half_of(half_day: int) -> Half:
    """The half in which a half-day lies."""
    return "pm" if half_day % HALVES_PER_DAY else "am"


def _stay(visit: Visit, assignment: Assignment, inspectors: Mapping[str, Inspector]) -> Stay:
    return Stay(
        visit=visit.id,
        inspectee=visit.inspectee,
        team=tuple(member for member in assignment.team if member in inspectors),
        first_half_day=first_half_day_of(assignment.day, assignment.half, visit.half_days),
        half_days=visit.half_days,
        burden=visit.burden,
        resources=visit.resources,
        past=False,
    )


def _past_stay(past: PastVisit) -> Stay:
    return Stay(
        visit=past.visit,
        inspectee=past.inspectee,
        team=past.team,
        first_half_day=first_half_day_of(past.day, past.half, past.half_days),
        half_days=past.half_days,
        burden=past.burden,
        resources=past.resources,
        past=True,
    )


def _grouped(stays: Iterable[Stay], keys: Callable[[Stay], Iterable[str]]) -> dict[str, tuple[Stay, ...]]:
    """The stays under each of their keys, in the order in which they begin."""
    groups: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        for key in keys(stay):
            groups[key].append(stay)
    return {
        key: tuple(sorted(group, key=lambda stay: (stay.first_half_day, stay.past, stay.visit)))
        for key, group in groups.items()
    }
