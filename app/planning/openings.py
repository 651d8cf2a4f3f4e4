"""The open half-days and people of one visit of a draft, each closed one with the rule that closes it.

Everything else stands where the draft has it, the history too. A half-day is open when a lawful team could begin
there; somebody is open for a half-day when he or she could be in that team.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from app.planning.drafts import DraftProblem, assignments_of
from app.planning.names import row_of
from solver.calendar import BoolArray, IntArray, Slot, days_spanned
from solver.io import details_to_json
from solver.plan import Assignment, ReasonValue
from solver.problem import DateRange, Half, Visit
from solver.retry import Retry
from solver.timetable import NOBODY, Timetable

Reason = Mapping[str, Any]
"""``{"code": …, …}`` as plan files hold it."""

_WITHIN = ("slots", "window", "closed")
"""The rules that look at the visit and its unit alone; all others are tried on what stands."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A half-day in which the visit could begin, or the rule that forbids it; ``fits`` is said of its present team."""

    day: date
    half: Half
    reason: Reason | None
    fits: bool


@dataclass(frozen=True, slots=True)
class PersonOpening:
    """Somebody of the visit's pool, or the rule that keeps him or her away."""

    inspector_id: int
    reason: Reason | None


class Openings:
    """One visit of a draft, tried again on all that stands beside it."""

    def __init__(self, given: DraftProblem, entries: Iterable[Mapping[str, Any]], visit: str) -> None:
        candidates = given.candidates
        assignments = {each.visit: each for each in assignments_of(entries)}
        own = assignments.pop(visit, None)
        self._given = given
        self._candidates = candidates
        self._number = candidates.visit_numbers[visit]
        self._visit: Visit = given.visits[visit]
        self._retry = Retry(candidates, Timetable.of(candidates, filter(self._is_placed, assignments.values())))
        self._members: IntArray = candidates.members(self._number)
        self._team = [candidates.inspector_numbers[member] for member in own.team] if own is not None else []

    def _is_placed(self, assignment: Assignment) -> bool:
        """A draft may hold what begins where nothing may: it stands nowhere."""
        calendar = self._candidates.calendar
        start = calendar.slot(assignment.day, assignment.half)
        return start is not None and bool(calendar.begins(self._given.visits[assignment.visit].half_days)[start])

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
        """By length, window and closed days of the unit."""
        for code, slots in self._candidates.removed_starts(self._number).items():
            if code in _WITHIN:
                for slot in slots:
                    if slot // 2 in span:
                        yield int(slot), _reason(code, self._alone(code, slot))

    def _alone(self, code: str, slot: Slot) -> dict[str, ReasonValue]:
        calendar, visit = self._candidates.calendar, self._visit
        day = calendar.date_of(slot)
        last = day + timedelta(days=days_spanned(visit.half_days) - 1)
        if code == "window":
            return {"day": last, "earliest": visit.earliest, "latest": visit.latest}
        if code == "closed":
            unit = self._candidates.inspectees[visit.inspectee]
            shut = next((each for each in unit.closed if each.first <= last and each.last >= day), DateRange(day, last))
            return {"inspectee": unit.id, "first": shut.first, "last": shut.last}
        if calendar.half_of(slot) == "pm":
            return {"half": "pm", "half_days": visit.half_days}
        return {"day": day, "half_days": visit.half_days}

    def _closed_by_plan(self, starts: IntArray) -> Iterator[tuple[int, Reason]]:
        """By what else takes place at the unit, by resources, and by the order of visits."""
        missing = self._retry.missing_befores(self._visit)
        for slot in starts.tolist():
            if missing:
                yield slot, _reason("before_unscheduled", {"before": missing[0]})
        if missing:
            return
        blocked = np.zeros(len(starts), dtype=np.bool_)
        left = starts
        for each in self._retry.blocked_by_plan(self._visit, starts):
            blocked |= np.isin(starts, left[each.mask])
            left = left[~each.mask]
        for slot in starts[blocked].tolist():
            for each in self._retry.blocked_by_plan(self._visit, np.array([slot])):
                if each.mask[0]:
                    yield slot, _reason(each.code, each.details)
                    break

    def _closed_for_teams(self, starts: IntArray) -> Iterator[tuple[int, Reason]]:
        """Because no lawful team is there, has half-days left, is free and near."""
        usable = np.ones((len(self._members), len(starts)), dtype=np.bool_)
        for code, keeps in self._rules_of_people():
            usable = usable & keeps(self._members, self._visit, starts)
            enough = self._retry.enough(self._visit, self._members, usable)
            for column in np.flatnonzero(~enough).tolist():
                yield int(starts[column]), self._too_few(code, usable[:, column])
            starts, usable = starts[enough], usable[:, enough]

    def _rules_of_people(self) -> Sequence[tuple[str, Callable[[IntArray, Visit, IntArray], BoolArray]]]:
        """Members × starts that each rule keeps, in the order in which they are tried."""
        return (
            ("available", self._retry.there),
            ("month_cap", self._retry.have_room),
            ("double_booked", self._retry.free),
            ("transfer", self._retry.near),
        )

    def _too_few(self, code: str, usable: BoolArray) -> Reason:
        """How many could come at most, or which need of the team they do not meet."""
        team = self._visit.team
        available = int(usable.sum())
        if available >= team.size:
            for tag, least in team.requires.items():
                bearers = int(usable[self._candidates.bearers(tag)[self._members]].sum())
                if bearers < least:
                    return _reason("team_requires", {"tag": tag, "least": least, "bearers": bearers})
        return _reason(code, {"size": team.size, "available": available})

    def _fitting(self, open_slots: Sequence[int]) -> frozenset[int]:
        """The open half-days in which every member of the present team could come."""
        if not self._team or not open_slots:
            return frozenset()
        team, starts = np.array(self._team, dtype=np.int64), np.array(open_slots, dtype=np.int64)
        could = np.ones(len(starts), dtype=np.bool_)
        for _code, keeps in self._rules_of_people():
            could &= keeps(team, self._visit, starts).all(axis=0)
        return frozenset(starts[could].tolist())

    # people

    def can_begin(self, day: date, half: Half) -> bool:
        """Whether the rule of consecutive days lets the visit begin in a half-day; people are asked only then."""
        slot = self._candidates.calendar.slot(day, half)
        return slot is not None and bool(self._candidates.calendar.begins(self._visit.half_days)[slot])

    def people(self, day: date, half: Half) -> list[PersonOpening]:
        """Everybody of the visit's pool and of its present team, for a half-day in which it ``can_begin``."""
        slot = self._candidates.calendar.slot(day, half)
        assert slot is not None
        excluded = self._candidates.removed_members(self._number).get("excluded", [])
        numbers = sorted({*self._members.tolist(), *excluded, *self._team})
        return [self._person(number, slot, number in excluded) for number in numbers]

    def _person(self, number: int, slot: Slot, is_excluded: bool) -> PersonOpening:
        name = self._candidates.problem.inspectors[number].id
        if is_excluded:
            return PersonOpening(row_of(name), _reason("excluded", {"inspector": name}))
        if number not in self._members:
            return PersonOpening(row_of(name), _reason("team_pool", {"inspector": name}))
        one, start = np.array([number], dtype=np.int64), np.array([slot], dtype=np.int64)
        why = {
            "available": self._absent,
            "month_cap": self._used_up,
            "double_booked": self._busy,
            "transfer": self._too_far,
        }
        for code, keeps in self._rules_of_people():
            if not keeps(one, self._visit, start)[0, 0]:
                return PersonOpening(row_of(name), why[code](number, slot))
        return PersonOpening(row_of(name), None)

    def _absent(self, number: int, slot: Slot) -> Reason:
        """The first day of the visit on which somebody is not there."""
        calendar = self._candidates.calendar
        days = calendar.days_taken(slot, self._visit.half_days)
        day = next(day for day in days if not self._candidates.available[number, day])
        return _reason("available", {"inspector": self._name(number), "day": calendar.days[day]})

    def _used_up(self, number: int, slot: Slot) -> Reason:
        """The month, else the year, in which the visit would exceed an allowance."""
        calendar, timetable = self._candidates.calendar, self._retry.timetable
        person = self._candidates.problem.inspectors[number]
        for month_number, needed in calendar.month_half_days(slot, self._visit.half_days).items():
            left = int(timetable.month_left[number, month_number])
            cap = person.half_days_per_month
            if cap is not None and left < needed:
                month = calendar.months[month_number]
                details: dict[str, ReasonValue] = {"inspector": person.id, "year": month.year, "month": month.month}
                return _reason("month_cap", details | {"half_days": cap - left + needed, "cap": cap})
        for year_number, needed in calendar.year_half_days(slot, self._visit.half_days).items():
            left = int(timetable.year_left[number, year_number])
            cap = person.half_days_per_year
            if cap is not None and left < needed:
                year = calendar.years[year_number]
                return _reason(
                    "year_cap", {"inspector": person.id, "year": year, "half_days": cap - left + needed, "cap": cap}
                )
        raise AssertionError("have_room refuses only by these two allowances")

    def _busy(self, number: int, slot: Slot) -> Reason:
        """The first half-day in which somebody is elsewhere."""
        calendar, timetable = self._candidates.calendar, self._retry.timetable
        taken = next(
            each
            for each in calendar.slots_taken(slot, self._visit.half_days)
            if timetable.stay_at[number, each] != NOBODY
        )
        other = timetable.stays[timetable.stay_at[number, taken]].visit
        when: dict[str, ReasonValue] = {"day": calendar.date_of(Slot(taken)), "half": calendar.half_of(Slot(taken))}
        return _reason("double_booked", {"inspector": self._name(number), "other": other, **when})

    def _too_far(self, number: int, slot: Slot) -> Reason:
        """The drive to what takes up the other half of the last day."""
        calendar, limit = self._candidates.calendar, self._candidates.problem.transfer_max_minutes
        one, start = np.array([number], dtype=np.int64), np.array([slot], dtype=np.int64)
        other, minutes = next(
            (stay.visit, minutes) for _, _, stay, minutes in self._retry.drives(one, self._visit, start)
        )
        return _reason(
            "transfer",
            {
                "inspector": self._name(number),
                "other": other,
                "day": calendar.last_date(slot, self._visit.half_days),
                "minutes": minutes,
                "transfer_max_minutes": limit,
            },
        )

    def _name(self, number: int) -> str:
        return self._candidates.problem.inspectors[number].id

    # reasons of one that is taken out

    def reasons(self) -> list[dict[str, Any]]:
        """Why the visit stands nowhere, as a plan file says it: each rule with the half-days that it closes.

        The one that closes most comes first; where room is left the only reason is the first open half-day.
        """
        found = self.half_days()
        free = [each for each in found if each.reason is None]
        if free:
            first: dict[str, ReasonValue] = {"free_day": free[0].day, "free_half": free[0].half}
            return [dict(_reason("capacity", first))]
        by_code: dict[str, list[Reason]] = {}
        for each in found:
            assert each.reason is not None
            by_code.setdefault(each.reason["code"], []).append(each.reason)
        ordered = sorted(by_code.values(), key=lambda reasons: -len(reasons))
        asked: dict[str, ReasonValue] = {"earliest": self._visit.earliest, "latest": self._visit.latest, "days": 0}
        return [{**reasons[0], "starts": len(reasons)} for reasons in ordered] or [dict(_reason("no_day", asked))]


def _reason(code: str, details: Mapping[str, ReasonValue]) -> Reason:
    return {"code": code, **details_to_json(details)}
