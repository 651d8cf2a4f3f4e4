"""The rules about who is in a team and where each member is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from solver.checker.facts import HALVES_PER_DAY, Facts, Span, Stay, day_of, half_of, spans_of
from solver.checker.travel import Roads
from solver.plan import Assignment
from solver.problem import LEAD, Inspector, Visit
from solver.reasons import Details, Violation


def check_team_size(facts: Facts) -> list[Violation]:
    """The team has exactly ``size`` different members."""
    return [
        Violation("team_size", visit.id, {"members": len(set(assignment.team)), "size": visit.team.size})
        for visit, assignment, _ in facts.planned()
        if len(assignment.team) != visit.team.size or len(set(assignment.team)) != visit.team.size
    ]


def check_team_pool(facts: Facts) -> list[Violation]:
    """Each member bears at least one tag of the pool; somebody whom the problem does not have bears none."""
    return [
        Violation("team_pool", visit.id, {"inspector": member})
        for visit, assignment, _ in facts.planned()
        for member in assignment.team
        if member not in facts.inspectors or facts.inspectors[member].tags.isdisjoint(visit.team.pool)
    ]


def check_team_requires(facts: Facts) -> list[Violation]:
    """Enough members bear each required tag; a leader is one of the team, and bears ``lead`` where it is required."""
    violations = []
    for visit, assignment, stay in facts.planned():
        members = [facts.inspectors[member] for member in stay.team]
        for tag, least in visit.team.requires.items():
            bearers = sum(tag in member.tags for member in members)
            if bearers < least:
                details: Details = {"tag": tag, "bearers": bearers, "least": least}
                violations.append(Violation("team_requires", visit.id, details))
        if not _leader_is_right(visit, assignment, members):
            violations.append(Violation("team_requires", visit.id, {"leader": assignment.leader or ""}))
    return violations


def _leader_is_right(visit: Visit, assignment: Assignment, members: Sequence[Inspector]) -> bool:
    leader = next((member for member in members if member.id == assignment.leader), None)
    if visit.team.requires.get(LEAD, 0) >= 1:
        return leader is not None and LEAD in leader.tags
    return assignment.leader is None or leader is not None


def check_excluded(facts: Facts) -> list[Violation]:
    """Nobody in the team is excluded."""
    return [
        Violation("excluded", visit.id, {"inspector": member})
        for visit, _, stay in facts.planned()
        for member in stay.team
        if member in visit.excluded
    ]


def check_available(facts: Facts) -> list[Violation]:
    """No member is absent, or off by the weekday, on a day of the visit."""
    absences: dict[str, list[Span]] = {}
    violations = []
    for visit, _, stay in facts.planned():
        for member in stay.team:
            inspector = facts.inspectors[member]
            if member not in absences:
                absences[member] = spans_of(inspector.unavailable)
            if stay.meets(absences[member]) or not _works_on(inspector, stay):
                violations.append(Violation("available", visit.id, {"inspector": member}))
    return violations


def _works_on(inspector: Inspector, stay: Stay) -> bool:
    """Whether the weekday of each day is one of the inspector's; ordinal 1 was a Monday, ISO weekday 1."""
    return inspector.weekdays is None or all((day - 1) % 7 + 1 in inspector.weekdays for day in stay.days())


def check_double_booked(facts: Facts) -> list[Violation]:
    """No inspector is at two visits in one half-day, unless both are past."""
    violations = []
    for inspector, stays in facts.by_inspector.items():
        at: dict[int, Stay] = {}
        for stay in stays:
            for half_day in stay.occupied():
                other = at.setdefault(half_day, stay)
                if other is stay or (other.past and stay.past):
                    continue
                shown, hidden = (other, stay) if stay.past else (stay, other)
                details: Details = {
                    "inspector": inspector,
                    "other": hidden.visit,
                    "day": day_of(half_day),
                    "half": half_of(half_day),
                }
                violations.append(Violation("double_booked", shown.visit, details))
                at[half_day] = shown
    return violations


def check_transfer(facts: Facts) -> list[Violation]:
    """Between a morning and an afternoon at different visits lie at most ``transfer_max_minutes`` of driving.

    Two past visits are not judged; one at an inspectee that has left the problem is nowhere.
    """
    longest = facts.problem.transfer_max_minutes
    return [
        Violation("transfer", visit, {**details, "transfer_max_minutes": longest})
        for visit, details in _drives_longer_than(longest, facts, first_half=0)
    ]


def check_evening(facts: Facts) -> list[Violation]:
    """Between an afternoon and the next calendar date's morning at another visit lie at most ``evening_max_minutes``.

    Two past visits are not judged; one at an inspectee that has left the problem is nowhere.
    """
    longest = facts.problem.evening_max_minutes
    if longest is None:
        return []
    return [
        Violation("evening", visit, {**details, "evening_max_minutes": longest})
        for visit, details in _drives_longer_than(longest, facts, first_half=1)
    ]


def _drives_longer_than(longest: int, facts: Facts, first_half: int) -> Iterator[tuple[str, Details]]:
    """Drives between half-days that follow each other, the first in this half of a day: where and of whom each is.

    ``day`` is the date of the first of the two half-days. The visit is the later one unless that is past.
    """
    roads = Roads(facts.problem)
    for inspector, stays in facts.by_inspector.items():
        for half_day, before, after in _changes_of_visit(stays, first_half):
            if before.past and after.past:
                continue
            if before.inspectee not in facts.inspectees or after.inspectee not in facts.inspectees:
                continue
            minutes = roads.minutes(facts.inspectees[before.inspectee].place, facts.inspectees[after.inspectee].place)
            if minutes > longest:
                shown, hidden = (before, after) if after.past else (after, before)
                yield (
                    shown.visit,
                    {"inspector": inspector, "other": hidden.visit, "day": day_of(half_day), "minutes": minutes},
                )


def _changes_of_visit(stays: Sequence[Stay], first_half: int) -> Iterator[tuple[int, Stay, Stay]]:
    """Every two half-days in a row, the first in this half, that one inspector spends at different visits."""
    at: dict[int, list[Stay]] = {}
    for stay in stays:
        for half_day in stay.occupied():
            at.setdefault(half_day, []).append(stay)
    for half_day, earlier in at.items():
        if half_day % HALVES_PER_DAY == first_half:
            for before, after in product(earlier, at.get(half_day + 1, ())):
                if before is not after:
                    yield half_day, before, after
