"""Why a visit is left out: typed reasons, each found by trying the visit again on what stands.

A visit has lost starts to rules that hold whatever the plan (``solver.candidates``): none left is ``no_day``, or
``no_team`` where the absences leave no start with enough people. Each start left is then tried on the plan: the first
rule that forbids it counts the start. ``capacity`` is that of people: nobody has half-days left in the months asked.
The words are elsewhere; a reason holds ids, dates and numbers by which a reader can verify it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from solver.calendar import BoolArray, IntArray, Slot, days_spanned
from solver.candidates import Candidates
from solver.plan import Assignment, Reason, ReasonValue, Unscheduled
from solver.problem import Problem, Visit
from solver.retry import Retry
from solver.timetable import NOBODY, Timetable

MOST_NAMED = 12
"""People named in one reason; more of them are counted only."""


def explain_unscheduled(
    problem: Problem, assignments: Sequence[Assignment], candidates: Candidates | None = None
) -> tuple[Unscheduled, ...]:
    """Every visit that the assignments leave out, in the order of the problem, with at least one verified reason.

    Reasons of one visit are ordered by the number of starts that they forbid (``starts``), the most first. A visit for
    which there is room after all says so: ``capacity`` with ``free_day`` and ``free_half``.
    """
    candidates = candidates or Candidates(problem)
    planned = {assignment.visit for assignment in assignments}
    explainer = _Explainer(candidates, Timetable.of(candidates, assignments))
    return tuple(
        Unscheduled(visit.id, tuple(explainer.reasons(number)))
        for number, visit in enumerate(problem.visits)
        if visit.id not in planned
    )


class _Explainer:
    """Reasons on one plan."""

    def __init__(self, candidates: Candidates, timetable: Timetable) -> None:
        self._candidates = candidates
        self._timetable = timetable
        self._retry = Retry(candidates, timetable)

    def reasons(self, number: int) -> list[Reason]:
        """The reasons of one visit."""
        visit = self._candidates.problem.visits[number]
        if missing := self._retry.missing_befores(visit):
            return [Reason("before_unscheduled", {"before": before}) for before in missing]
        starts = self._candidates.starts(number)
        if not len(starts):
            return self._without_start(number, visit)
        return self._tried(number, visit, starts)

    def _without_start(self, number: int, visit: Visit) -> list[Reason]:
        """No start is left whatever the plan: because of the days, or because too few people are there on them."""
        removed = self._candidates.removed_starts(number)
        span = self._candidates.calendar.day_range(visit.earliest, visit.latest)
        asked: dict[str, ReasonValue] = {"earliest": visit.earliest, "latest": visit.latest, "days": len(span)}
        unstaffed = removed.get("available")
        if unstaffed:
            return [Reason("no_team", asked | {"starts": len(unstaffed)}), *self._short_team(number, visit, unstaffed)]
        reasons = [Reason("no_day", asked)]
        for code, slots in removed.items():
            inside = [slot for slot in slots if self._candidates.calendar.day_of(slot) in span]
            if inside and code != "window":
                reasons.append(Reason(code, self._why_removed(code, visit, inside) | {"starts": len(inside)}))
        return reasons

    def _why_removed(self, code: str, visit: Visit, slots: Sequence[Slot]) -> dict[str, ReasonValue]:
        """What makes it plain that a rule removes these starts."""
        unit = self._candidates.inspectees[visit.inspectee]
        if code == "slots":
            return {"half_days": visit.half_days}
        if code == "closed":
            longest = max(
                (
                    (max(first, visit.earliest), min(last, visit.latest))
                    for first, last in unit.closed
                    if first <= visit.latest and last >= visit.earliest
                ),
                key=lambda span: span[1] - span[0],
            )
            return {"inspectee": unit.id, "first": longest[0], "last": longest[1]}
        if code == "pinned":
            pin = self._candidates.pins[visit.id]
            return {"day": pin.day, "half": pin.half}
        blocked = next(
            (blocked for blocked in self._retry.blocked_by_plan(visit, np.array(slots)) if blocked.code == code), None
        )
        return dict(blocked.details) if blocked else {"inspectee": unit.id}

    def _short_team(self, number: int, visit: Visit, slots: Sequence[Slot]) -> Iterator[Reason]:
        """Which need of the team nobody, or too few people, can meet at any of the starts."""
        members = self._candidates.members(number)
        free = self._candidates.available_from(days_spanned(visit.half_days))[members][:, np.array(slots) // 2]
        most = int(free.sum(axis=0).max(initial=0))
        if most < visit.team.size:
            yield Reason("team_size", {"size": visit.team.size, "available": most, "members": len(members)})
        for tag, least in sorted(visit.team.requires.items()):
            bears = self._candidates.bearers(tag)[members]
            bearers = int(free[bears].sum(axis=0).max(initial=0))
            if bearers < least:
                yield Reason("team_requires", {"tag": tag, "least": least, "bearers": bearers})

    def _tried(self, number: int, visit: Visit, starts: IntArray) -> list[Reason]:
        """Every start left is forbidden by something that stands."""
        reasons: list[Reason] = []
        for blocked in self._retry.blocked_by_plan(visit, starts):
            count = int(blocked.mask.sum())
            if count:
                reasons.append(Reason(blocked.code, dict(blocked.details) | {"starts": count}))
                starts = starts[~blocked.mask]
        if len(starts):
            reasons += self._without_team(number, visit, starts)
        return sorted(reasons, key=lambda reason: -int(str(reason.details["starts"])))

    def _without_team(self, number: int, visit: Visit, starts: IntArray) -> Iterator[Reason]:
        """At each of the starts too few people have half-days left, or are free, or are near enough."""
        members = self._candidates.members(number)
        there = self._retry.there(members, visit, starts)
        have_room = there & self._retry.have_room(members, visit, starts)
        is_short = ~self._retry.enough(visit, members, have_room)
        if is_short.any():
            yield self._used_up(visit, members, have_room[:, is_short], starts[is_short])
        starts, have_room = starts[~is_short], have_room[:, ~is_short]
        free = have_room & self._retry.free(members, visit, starts)
        is_short = ~self._retry.enough(visit, members, free)
        if is_short.any():
            yield self._busy(visit, members, have_room[:, is_short], starts[is_short])
        starts, free = starts[~is_short], free[:, ~is_short]
        if not len(starts):
            return
        near = free & self._retry.near(members, visit, starts)
        is_short = ~self._retry.enough(visit, members, near)
        if is_short.any():
            yield self._too_far(visit, members, free[:, is_short], starts[is_short])
        if not is_short.all():
            slot = Slot(int(starts[~is_short][0]))
            calendar = self._candidates.calendar
            yield Reason(
                "capacity",
                {
                    "free_day": calendar.date_of(slot),
                    "free_half": calendar.half_of(slot),
                    "starts": int((~is_short).sum()),
                },
            )

    def _used_up(self, visit: Visit, members: IntArray, have_room: BoolArray, starts: IntArray) -> Reason:
        """Too few people have half-days left in the months of these starts."""
        calendar = self._candidates.calendar
        months = np.unique(calendar.month_numbers[starts // 2])
        left = np.clip(self._timetable.month_left[members][:, months], 0, 2 * len(calendar.days))
        full = [self._name(member) for member, room in zip(members, have_room, strict=True) if not room.any()]
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
            bearers = have_room[self._candidates.bearers(tag)[members]].sum(axis=0)
            if int(bearers.max(initial=0)) < least:
                details |= {"tag": tag, "least": least, "bearers": int(bearers.max(initial=0))}
        return Reason("capacity", details)

    def _busy(self, visit: Visit, members: IntArray, have_room: BoolArray, starts: IntArray) -> Reason:
        """Too few of the people with half-days left are free at these starts; the first of them makes it plain."""
        calendar = self._candidates.calendar
        free = self._retry.free(members, visit, starts)
        row = int(np.flatnonzero(have_room[:, 0] & ~free[:, 0])[0])
        first = int(starts[0])
        taken = next(
            first + k for k in range(visit.half_days) if self._timetable.stay_at[members[row], first + k] != NOBODY
        )
        return Reason(
            "double_booked",
            {
                "starts": len(starts),
                "inspector": self._name(members[row]),
                "other": self._timetable.stays[self._timetable.stay_at[members[row], taken]].visit,
                "day": calendar.date_of(Slot(taken)),
                "half": calendar.half_of(Slot(taken)),
                "size": visit.team.size,
                "available": int((have_room & free).sum(axis=0).max(initial=0)),
            },
        )

    def _too_far(self, visit: Visit, members: IntArray, free: BoolArray, starts: IntArray) -> Reason:
        """Too few of the free people are near enough at these starts; the first drive makes it plain."""
        limit = self._candidates.problem.transfer_max_minutes
        row, column, other, minutes = next(
            drive
            for drive in self._retry.drives(members, visit, starts)
            if drive[3] > limit and free[drive[0], drive[1]]
        )
        return Reason(
            "transfer",
            {
                "starts": len(starts),
                "inspector": self._name(members[row]),
                "other": other.visit,
                "day": self._candidates.calendar.date_of(Slot(int(starts[column]) + visit.half_days - 1)),
                "minutes": minutes,
                "transfer_max_minutes": limit,
            },
        )

    def _name(self, member: int) -> str:
        return self._candidates.problem.inspectors[int(member)].id
