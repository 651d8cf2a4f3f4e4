"""The hard rules about people: what keeps one inspector out of a team that begins at one start.

Each rule is written once, here. Retry, explanation, openings and repair walk ``MEMBER_RULES`` in its order, so a new
rule is told by all of them. Pool and exclusions are not among them: they hold at every start (``solver.candidates``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, NamedTuple

import numpy as np

from solver.calendar import BoolArray, IntArray, Slot, days_spanned
from solver.candidates import Candidates
from solver.problem import Visit
from solver.reasons import Reason, ReasonValue
from solver.timetable import NOBODY, Stay, Timetable
from solver.travel import Minutes

MOST_NAMED = 12
"""People named in one reason; more of them are counted only."""


class MemberRule(ABC):
    """One rule, asked about a timetable in which the visit itself is not assigned."""

    code: ClassVar[str]
    """The code of the rule in docs/contract.md."""

    def __init__(self, candidates: Candidates, timetable: Timetable) -> None:
        self.candidates = candidates
        self.timetable = timetable

    @abstractmethod
    def keeps(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Members × starts: whether the rule lets each of them be in the team."""

    @abstractmethod
    def reason(self, member: int, visit: Visit, start: Slot) -> Reason:
        """Why the rule keeps one inspector out at one start; asked only where ``keeps`` says no."""

    def too_few(self, visit: Visit, members: IntArray, able: BoolArray, starts: IntArray) -> Reason:
        """Why no team is left at any of the starts, though the rules before this one left one at each of them.

        ``able`` is members × starts: whom the rules before left. The first inspector whom this rule keeps out at the
        first start is the example.
        """
        refused = able[:, 0] & ~self.keeps(members, visit, starts[:1])[:, 0]
        example = self.reason(int(members[refused][0]), visit, Slot(int(starts[0])))
        return Reason(self.code, {"starts": len(starts)} | dict(example.details))

    def name(self, member: int) -> str:
        """The id of an inspector."""
        return self.candidates.problem.inspectors[member].id


class Available(MemberRule):
    """Neither absent nor off by weekday on any day of the visit."""

    code = "available"

    def keeps(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Whether they are available from the first day to the last."""
        through: BoolArray = self.candidates.available_from(days_spanned(visit.half_days))[members][:, starts // 2]
        return through

    def reason(self, member: int, visit: Visit, start: Slot) -> Reason:
        """The first day of the visit on which the inspector is not available."""
        calendar = self.candidates.calendar
        days = calendar.days_taken(start, visit.half_days)
        day = next(day for day in days if not self.candidates.available[member, day])
        return Reason(self.code, {"inspector": self.name(member), "day": calendar.days[day]})

    def too_few(self, visit: Visit, members: IntArray, able: BoolArray, starts: IntArray) -> Reason:
        """``team_requires``: the candidates meet each need at every start, but here not all needs together."""
        most = int((able & self.keeps(members, visit, starts)).sum(axis=0).max(initial=0))
        return Reason("team_requires", {"starts": len(starts), "size": visit.team.size, "available": most})


class Capacity(MemberRule):
    """Half-days left in the months and years of the visit."""

    code = "month_cap"

    def keeps(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Whether the month and year caps leave the half-days."""
        calendar = self.candidates.calendar
        room = np.ones((len(members), len(starts)), dtype=np.bool_)
        for left, numbers in (
            (self.timetable.month_left, calendar.month_numbers),
            (self.timetable.year_left, calendar.year_numbers),
        ):
            first = numbers[starts // 2]
            last = numbers[(starts + visit.half_days - 1) // 2]
            in_first = sum((numbers[(starts + k) // 2] == first).astype(np.int64) for k in range(visit.half_days))
            room &= left[members][:, first] >= in_first
            room &= left[members][:, last] >= np.where(first == last, in_first, visit.half_days - in_first)
        return room

    def reason(self, member: int, visit: Visit, start: Slot) -> Reason:
        """The first month, else the year, whose cap the visit would exceed: ``month_cap`` or ``year_cap``."""
        calendar = self.candidates.calendar
        person = self.candidates.problem.inspectors[member]
        for number, needed in calendar.month_half_days(start, visit.half_days).items():
            left = int(self.timetable.month_left[member, number])
            if left < needed and (cap := person.half_days_per_month) is not None:
                month = calendar.months[number]
                details: dict[str, ReasonValue] = {"inspector": person.id, "year": month.year, "month": month.month}
                return Reason("month_cap", details | {"half_days": cap - left + needed, "cap": cap})
        for number, needed in calendar.year_half_days(start, visit.half_days).items():
            left = int(self.timetable.year_left[member, number])
            if left < needed and (cap := person.half_days_per_year) is not None:
                details = {"inspector": person.id, "year": calendar.years[number]}
                return Reason("year_cap", details | {"half_days": cap - left + needed, "cap": cap})
        raise AssertionError("only these two caps limit half-days")

    def too_few(self, visit: Visit, members: IntArray, able: BoolArray, starts: IntArray) -> Reason:
        """``capacity``: what is needed and left in the months of the starts, and who has nothing left."""
        calendar = self.candidates.calendar
        have_room = able & self.keeps(members, visit, starts)
        months = np.unique(calendar.month_numbers[starts // 2])
        left = np.clip(self.timetable.month_left[members][:, months], 0, 2 * len(calendar.days))
        full = [self.name(member) for member, room in zip(members, have_room, strict=True) if not room.any()]
        details: dict[str, ReasonValue] = {
            "starts": len(starts),
            "first": calendar.date_of(Slot(int(starts[0]))),
            "last": calendar.date_of(Slot(int(starts[-1]))),
            "needed_half_days": visit.half_days * visit.team.size,
            "free_half_days": int(left.sum()),
            "months": tuple(f"{calendar.months[month].year}-{calendar.months[month].month:02}" for month in months),
            "candidates": len(members),
            "without_room": len(full),
            "inspectors": tuple(full[:MOST_NAMED]),
        }
        for tag, least in visit.team.requires.items():
            bearers = have_room[self.candidates.bearers(tag)[members]].sum(axis=0)
            if int(bearers.max(initial=0)) < least:
                details |= {"tag": tag, "least": least, "bearers": int(bearers.max(initial=0))}
        return Reason("capacity", details)


class Free(MemberRule):
    """Nothing else in the half-days of the visit."""

    code = "double_booked"

    def keeps(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Whether they are at no other visit."""
        stay_at = self.timetable.stay_at[members]
        busy = np.zeros((len(members), len(starts)), dtype=np.bool_)
        for k in range(visit.half_days):
            busy |= stay_at[:, starts + k] != NOBODY
        return ~busy

    def reason(self, member: int, visit: Visit, start: Slot) -> Reason:
        """The first half-day in which the inspector is at another visit."""
        calendar, stay_at = self.candidates.calendar, self.timetable.stay_at[member]
        slot = next(Slot(slot) for slot in calendar.slots_taken(start, visit.half_days) if stay_at[slot] != NOBODY)
        other = self.timetable.stays[stay_at[slot]].visit
        when: dict[str, ReasonValue] = {"day": calendar.date_of(slot), "half": calendar.half_of(slot)}
        return Reason(self.code, {"inspector": self.name(member), "other": other} | when)

    def too_few(self, visit: Visit, members: IntArray, able: BoolArray, starts: IntArray) -> Reason:
        """An example, and how many are free at once at most."""
        example = super().too_few(visit, members, able, starts)
        most = int((able & self.keeps(members, visit, starts)).sum(axis=0).max(initial=0))
        return Reason(self.code, dict(example.details) | {"size": visit.team.size, "available": most})


class Transfer(MemberRule):
    """The drive between the two visits of a day is short enough."""

    code = "transfer"

    def __init__(self, candidates: Candidates, timetable: Timetable) -> None:
        super().__init__(candidates, timetable)
        self._minutes = Minutes(candidates.problem)

    def keeps(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Whether the drive to or from the visit in the other half of the last day is within the limit."""
        near = np.ones((len(members), len(starts)), dtype=np.bool_)
        for row, column, _, minutes in self._drives(members, visit, starts):
            near[row, column] = minutes <= self.candidates.problem.transfer_max_minutes
        return near

    def reason(self, member: int, visit: Visit, start: Slot) -> Reason:
        """The drive that is too long."""
        other, minutes = next(
            (other, minutes) for _, _, other, minutes in self._drives(np.array([member]), visit, np.array([start]))
        )
        details: dict[str, ReasonValue] = {
            "inspector": self.name(member),
            "other": other.visit,
            "day": self.candidates.calendar.last_date(start, visit.half_days),
            "minutes": minutes,
            "transfer_max_minutes": self.candidates.problem.transfer_max_minutes,
        }
        return Reason(self.code, details)

    def _drives(self, members: IntArray, visit: Visit, starts: IntArray) -> Iterator[tuple[int, int, Stay, int]]:
        """Row, column, other visit and minutes of each drive within the visit's last day."""
        if visit.half_days % 2 == 0:
            return
        place = self.candidates.inspectees[visit.inspectee].place
        ends = starts + visit.half_days - 1
        others = self.timetable.stay_at[members][:, ends ^ 1]
        for row, column in np.argwhere(others != NOBODY).tolist():
            other = self.timetable.stays[others[row, column]]
            inspectee = self.candidates.inspectees.get(other.inspectee)
            if inspectee is not None:
                drive = (inspectee.place, place) if ends[column] % 2 else (place, inspectee.place)
                yield row, column, other, self._minutes.between(*drive)


class Evening(MemberRule):
    """The drive from an afternoon to the next date's morning is short enough."""

    code = "evening"

    def __init__(self, candidates: Candidates, timetable: Timetable) -> None:
        super().__init__(candidates, timetable)
        self._minutes = Minutes(candidates.problem)

    def keeps(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Whether the drives in the nights before and after the visit are within the limit."""
        near = np.ones((len(members), len(starts)), dtype=np.bool_)
        longest = self.candidates.problem.evening_max_minutes
        if longest is not None:
            for row, column, drive in self._drives(members, visit, starts):
                near[row, column] &= drive.minutes <= longest
        return near

    def reason(self, member: int, visit: Visit, start: Slot) -> Reason:
        """The first drive that is too long; ``day`` is the date of the afternoon."""
        longest = self.candidates.problem.evening_max_minutes
        if longest is None:
            raise AssertionError("without a limit no drive is too long")
        drives = (drive for _, _, drive in self._drives(np.array([member]), visit, np.array([start])))
        found = next(drive for drive in drives if drive.minutes > longest)
        details: dict[str, ReasonValue] = {"inspector": self.name(member), "other": found.other, "day": found.day}
        return Reason(self.code, details | {"minutes": found.minutes, "evening_max_minutes": longest})

    def _drives(self, members: IntArray, visit: Visit, starts: IntArray) -> Iterator[tuple[int, int, _NightDrive]]:
        """Row, column and drive of each night before or after the visit that lies between two visits."""
        calendar = self.candidates.calendar
        ends = starts + visit.half_days - 1
        for edges, is_before in ((starts, True), (ends, False)):
            columns = np.flatnonzero(edges % 2 == (0 if is_before else 1))
            for column in columns.tolist():
                edge = Slot(int(edges[column]))
                evening = calendar.date_of(edge) - timedelta(days=1 if is_before else 0)
                for row, other, inspectee in self._across_night(members, edge):
                    drive = self._drive(inspectee, visit, is_before=is_before)
                    if drive is not None:
                        yield row, column, _NightDrive(other, evening, drive)

    def _across_night(self, members: IntArray, slot: Slot) -> Iterator[tuple[int, str, str]]:
        """Row, visit and inspectee of whatever the members are at in the half-day across the night from a slot."""
        calendar = self.candidates.calendar
        beside = slot + 1 if slot % 2 else slot - 1
        day = calendar.day_of(Slot(min(slot, beside)))
        if 0 <= beside < calendar.slots and calendar.follows(day):
            found = self.timetable.stay_at[members, beside]
            for row in np.flatnonzero(found != NOBODY).tolist():
                stay = self.timetable.stays[found[row]]
                yield row, stay.visit, stay.inspectee
        else:
            across_night = self.candidates.history.across_night
            for row, member in enumerate(members.tolist() if across_night else ()):
                for past in across_night.get(self.name(member), {}).get(slot, ()):
                    yield row, past.visit, past.inspectee

    def _drive(self, other: str, visit: Visit, *, is_before: bool) -> int | None:
        """Minutes between the visit and another inspectee; ``None`` if that has left the problem."""
        inspectee = self.candidates.inspectees.get(other)
        if inspectee is None:
            return None
        place = self.candidates.inspectees[visit.inspectee].place
        return self._minutes.between(*((inspectee.place, place) if is_before else (place, inspectee.place)))


class _NightDrive(NamedTuple):
    """A drive from an afternoon to the next date's morning: the other visit, the afternoon's date, the minutes."""

    other: str
    day: date
    minutes: int


MEMBER_RULES: tuple[type[MemberRule], ...] = (Available, Capacity, Free, Transfer, Evening)
"""In the order in which they are asked: each only about the starts and members that those before it leave."""
