"""The openings of one visit: the half-days and people that are possible for it, each closed one with its rule.

Everything else stays where the plan has it, the history too. A half-day is open if a valid team could begin there; an
inspector is open for a half-day if he or she could be in that team.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from solver.calendar import BoolArray, IntArray, Slot, days_spanned
from solver.candidates import Candidates
from solver.plan import Assignment
from solver.problem import DateRange, Half, Visit
from solver.reasons import Details, Reason, ReasonValue
from solver.retry import Retry
from solver.timetable import Timetable

_ALONE = ("slots", "window", "closed")
"""The rules that look at the visit and its inspectee alone; all others are tried on the timetable."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A half-day in which the visit could begin, or the rule that closes it; ``fits`` speaks of its present team."""

    day: date
    half: Half
    reason: Reason | None
    fits: bool


@dataclass(frozen=True, slots=True)
class PersonOpening:
    """An inspector of the visit's pool or present team, or the rule that keeps him or her out."""

    inspector: str
    reason: Reason | None


class Openings:
    """One visit of a plan, tried on the timetable of all other visits."""

    def __init__(self, candidates: Candidates, assignments: Iterable[Assignment], visit: str) -> None:
        others = {each.visit: each for each in assignments}
        own = others.pop(visit, None)
        self._candidates = candidates
        self._number = candidates.visit_numbers[visit]
        self._visit: Visit = candidates.problem.visits[self._number]
        self._retry = Retry(candidates, Timetable.of(candidates, filter(self._is_placed, others.values())))
        self._members: IntArray = candidates.members(self._number)
        self._team = [candidates.inspector_numbers[member] for member in own.team] if own is not None else []

    def _is_placed(self, assignment: Assignment) -> bool:
        """A draft may hold a visit that begins where none may: it takes no half-day."""
        calendar = self._candidates.calendar
        start = calendar.slot(assignment.day, assignment.half)
        half_days = self._candidates.problem.visits[self._candidates.visit_numbers[assignment.visit]].half_days
        return start is not None and bool(calendar.begins(half_days)[start])

    # half-days

    def half_days(self, first: date | None = None, last: date | None = None) -> list[Opening]:
        """Every half-day of the visit's window, or of the part of it between two days."""
        visit, calendar = self._visit, self._candidates.calendar
        span = calendar.day_range(max(first or date.min, visit.earliest), min(last or date.max, visit.latest))
        closed = dict(self._closed_alone(span))
        starts = np.array([slot for slot in range(2 * span.start, 2 * span.stop) if slot not in closed], dtype=np.int64)
        closed.update(self._closed_by_plan(starts))
        starts = np.array([slot for slot in starts.tolist() if slot not in closed], dtype=np.int64)
        closed.update(self._closed_for_teams(starts))
        fitting = self._fitting([slot for slot in starts.tolist() if slot not in closed])
        return [
            Opening(
                day=calendar.date_of(Slot(slot)),
                half=calendar.half_of(Slot(slot)),
                reason=closed.get(slot),
                fits=slot in fitting,
            )
            for slot in range(2 * span.start, 2 * span.stop)
        ]

    def _closed_alone(self, span: range) -> Iterator[tuple[int, Reason]]:
        """By length, window and closures."""
        for code, slots in self._candidates.removed_starts(self._number).items():
            if code in _ALONE:
                for slot in slots:
                    if slot // 2 in span:
                        yield int(slot), Reason(code, self._details_alone(code, slot))

    def _details_alone(self, code: str, slot: Slot) -> Details:
        calendar, visit = self._candidates.calendar, self._visit
        day = calendar.date_of(slot)
        last = day + timedelta(days=days_spanned(visit.half_days) - 1)
        if code == "window":
            return {"day": last, "earliest": visit.earliest, "latest": visit.latest}
        if code == "closed":
            inspectee = self._candidates.inspectees[visit.inspectee]
            closures = (each for each in inspectee.closed if each.first <= last and each.last >= day)
            closure = next(closures, DateRange(day, last))
            return {"inspectee": inspectee.id, "first": closure.first, "last": closure.last}
        if calendar.half_of(slot) == "pm":
            return {"half": "pm", "half_days": visit.half_days}
        return {"day": day, "half_days": visit.half_days}

    def _closed_by_plan(self, starts: IntArray) -> Iterator[tuple[int, Reason]]:
        """By other visits at the inspectee, by resources, and by the order of visits."""
        if missing := self._retry.missing_befores(self._visit):
            for slot in starts.tolist():
                yield slot, Reason("before_unscheduled", {"before": missing[0]})
            return
        blocked = np.setdiff1d(starts, self._retry.allowed_starts(self._visit, starts))
        for slot in blocked.tolist():
            rules = self._retry.blocked_by_plan(self._visit, np.array([slot]))
            yield slot, next(Reason(rule.code, rule.details) for rule in rules if rule.mask[0])

    def _closed_for_teams(self, starts: IntArray) -> Iterator[tuple[int, Reason]]:
        """By the rules about people, which leave no valid team."""
        usable = np.ones((len(self._members), len(starts)), dtype=np.bool_)
        for rule in self._retry.member_rules:
            usable = usable & rule.keeps(self._members, self._visit, starts)
            enough = self._retry.enough(self._visit, self._members, usable)
            for column in np.flatnonzero(~enough).tolist():
                yield int(starts[column]), self._too_few(rule.code, usable[:, column])
            starts, usable = starts[enough], usable[:, enough]

    def _too_few(self, code: str, usable: BoolArray) -> Reason:
        """How many are possible at most, or which need of the team they do not meet."""
        team = self._visit.team
        available = int(usable.sum())
        if available >= team.size:
            for tag, least in team.requires.items():
                bearers = int(usable[self._candidates.bearers(tag)[self._members]].sum())
                if bearers < least:
                    return Reason("team_requires", {"tag": tag, "least": least, "bearers": bearers})
        return Reason(code, {"size": team.size, "available": available})

    def _fitting(self, open_slots: Sequence[int]) -> frozenset[int]:
        """The open half-days in which every member of the present team is possible."""
        if not self._team or not open_slots:
            return frozenset()
        team, starts = np.array(self._team, dtype=np.int64), np.array(open_slots, dtype=np.int64)
        possible = self._retry.usable(team, self._visit, starts).all(axis=0)
        return frozenset(starts[possible].tolist())

    # people

    def can_begin(self, day: date, half: Half) -> bool:
        """Whether the rule ``slots`` lets the visit begin in a half-day; ``people`` are asked only then."""
        slot = self._candidates.calendar.slot(day, half)
        return slot is not None and bool(self._candidates.calendar.begins(self._visit.half_days)[slot])

    def people(self, day: date, half: Half) -> list[PersonOpening]:
        """Everybody of the visit's pool and of its present team, for a half-day in which it ``can_begin``."""
        slot = self._candidates.calendar.slot(day, half)
        assert slot is not None
        excluded = self._candidates.removed_members(self._number).get("excluded", [])
        numbers = sorted({*self._members.tolist(), *excluded, *self._team})
        return [
            PersonOpening(
                self._candidates.problem.inspectors[number].id, self._closed_for(number, slot, number in excluded)
            )
            for number in numbers
        ]

    def _closed_for(self, number: int, slot: Slot, is_excluded: bool) -> Reason | None:
        """The first rule that keeps an inspector out of a team that begins in a slot."""
        if is_excluded or number not in self._members:
            code = "excluded" if is_excluded else "team_pool"
            return Reason(code, {"inspector": self._candidates.problem.inspectors[number].id})
        one, start = np.array([number], dtype=np.int64), np.array([slot], dtype=np.int64)
        for rule in self._retry.member_rules:
            if not rule.keeps(one, self._visit, start)[0, 0]:
                return rule.reason(number, self._visit, slot)
        return None

    # reasons of a visit that is taken out

    def reasons(self) -> list[Reason]:
        """Why the visit is unscheduled, as a plan file says it: each rule with the half-days that it closes.

        The rule that closes most comes first; where a half-day is open, the only reason is the first of them.
        """
        found = self.half_days()
        opening = next((each for each in found if each.reason is None), None)
        if opening is not None:
            return [Reason("capacity", {"free_day": opening.day, "free_half": opening.half})]
        by_code: dict[str, list[Reason]] = {}
        for each in found:
            if each.reason is not None:
                by_code.setdefault(each.reason.code, []).append(each.reason)
        ordered = sorted(by_code.values(), key=lambda reasons: -len(reasons))
        asked: dict[str, ReasonValue] = {"earliest": self._visit.earliest, "latest": self._visit.latest, "days": 0}
        return [Reason(same[0].code, dict(same[0].details) | {"starts": len(same)}) for same in ordered] or [
            Reason("no_day", asked)
        ]
