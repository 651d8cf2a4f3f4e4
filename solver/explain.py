"""Why a visit is left out: typed reasons, each found by trying the visit again on what stands.

A visit has lost starts to rules that hold whatever the plan (``solver.candidates``): none left is ``no_day``, or
``no_team`` where the absences leave no start with enough people. Each start left is then tried on the plan: the first
rule that forbids it counts the start. ``capacity`` is that of people: nobody has half-days left in the months asked.
The words are elsewhere; a reason holds ids, dates and numbers by which a reader can verify it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from solver.calendar import BoolArray, IntArray, Slot, days_spanned
from solver.candidates import Candidates
from solver.plan import Assignment, Reason, ReasonValue, Unscheduled
from solver.problem import Problem, Visit
from solver.standing import NOBODY, Standing, Stay
from solver.travel import Minutes

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
    explainer = _Explainer(candidates, Standing.of(candidates, assignments), planned)
    return tuple(
        Unscheduled(visit.id, tuple(explainer.reasons(number)))
        for number, visit in enumerate(problem.visits)
        if visit.id not in planned
    )


@dataclass(frozen=True, slots=True)
class _Blocked:
    """The starts that a rule forbids, of those asked, and what makes the first of them plain."""

    code: str
    mask: BoolArray
    details: Mapping[str, ReasonValue]


class _Explainer:
    """Reasons on one plan."""

    def __init__(self, candidates: Candidates, standing: Standing, planned: set[str]) -> None:
        self._candidates = candidates
        self._standing = standing
        self._planned = planned
        self._minutes = Minutes(candidates.problem)
        self._capacity = {resource.id: resource.capacity for resource in candidates.problem.resources}
        self._befores: dict[str, list[tuple[str, int, int | None]]] = {}
        for rule in candidates.problem.precedences:
            self._befores.setdefault(rule.after, []).append((rule.before, rule.min_days, rule.max_days))

    def reasons(self, number: int) -> list[Reason]:
        """The reasons of one visit."""
        visit = self._candidates.problem.visits[number]
        missing = [
            Reason("before_unscheduled", {"before": before})
            for before, _, _ in self._befores.get(visit.id, ())
            if before not in self._planned and before not in self._candidates.history.by_visit
        ]
        if missing:
            return missing
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
            (blocked for blocked in self._blocked_by_plan(visit, np.array(slots)) if blocked.code == code), None
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
        for blocked in self._blocked_by_plan(visit, starts):
            count = int(blocked.mask.sum())
            if count:
                reasons.append(Reason(blocked.code, dict(blocked.details) | {"starts": count}))
                starts = starts[~blocked.mask]
        if len(starts):
            reasons += self._without_team(number, visit, starts)
        return sorted(reasons, key=lambda reason: -int(str(reason.details["starts"])))

    def _blocked_by_plan(self, visit: Visit, starts: IntArray) -> Iterator[_Blocked]:
        """Rules on inspectee, resources and order: each asked only about the starts that those before it allow."""
        for rule in (self._burden, self._overlap, self._gap, self._resource, self._order):
            for blocked in rule(visit, starts):
                yield blocked
                starts = starts[~blocked.mask]

    def _burden(self, visit: Visit, starts: IntArray) -> Iterator[_Blocked]:
        unit = self._candidates.inspectees[visit.inspectee]
        if not visit.burden:
            return
        for period_id, limit in unit.max_burden.items():
            period = self._candidates.periods[period_id]
            inside = [
                stay
                for stay in self._standing.of_inspectee.get(unit.id, ())
                if period.first.toordinal() <= stay.first <= period.last.toordinal()
            ]
            burden = visit.burden + sum(stay.burden for stay in inside)
            if burden > limit:
                span = self._candidates.calendar.day_range(period.first, period.last)
                mask = (starts // 2 >= span.start) & (starts // 2 < span.stop)
                details: dict[str, ReasonValue] = {
                    "inspectee": unit.id,
                    "period": period_id,
                    "burden": burden,
                    "max_burden": limit,
                    "others": tuple(stay.visit for stay in inside if stay.burden),
                }
                yield _Blocked("burden", mask, details)
                starts = starts[~mask]

    def _overlap(self, visit: Visit, starts: IntArray) -> Iterator[_Blocked]:
        for stay in self._standing.of_inspectee.get(visit.inspectee, ()):
            if stay.slots:
                mask = (starts <= stay.slots[-1]) & (starts + visit.half_days > stay.slots[0])
                day = date.fromordinal(stay.first)
                yield _Blocked(
                    "inspectee_overlap", mask, {"inspectee": visit.inspectee, "other": stay.visit, "day": day}
                )
                starts = starts[~mask]

    def _gap(self, visit: Visit, starts: IntArray) -> Iterator[_Blocked]:
        gap = self._candidates.inspectees[visit.inspectee].min_gap_days
        if not gap or not visit.burden:
            return
        for stay in self._standing.of_inspectee.get(visit.inspectee, ()):
            if stay.burden:
                first = self._candidates.calendar.ordinals[starts // 2]
                apart = np.maximum(first - stay.last, stay.first - (first + days_spanned(visit.half_days) - 1))
                mask = apart < gap
                yield _Blocked(
                    "inspectee_gap",
                    mask,
                    {
                        "inspectee": visit.inspectee,
                        "other": stay.visit,
                        "days": int(apart[mask].max(initial=0)),
                        "min_gap_days": gap,
                    },
                )
                starts = starts[~mask]

    def _resource(self, visit: Visit, starts: IntArray) -> Iterator[_Blocked]:
        for resource in visit.resources:
            capacity = self._capacity[resource]
            use = self._standing.resource_use.get(resource, np.zeros(self._candidates.calendar.slots, dtype=np.int64))
            full = np.concatenate([use >= capacity, np.zeros(visit.half_days, dtype=np.bool_)])
            mask = np.logical_or.reduce([full[starts + k] for k in range(visit.half_days)])
            details: dict[str, ReasonValue] = {"resource": resource, "capacity": capacity}
            if mask.any():
                first = int(starts[mask][0])
                slot = Slot(next(first + k for k in range(visit.half_days) if full[first + k]))
                details["day"] = self._candidates.calendar.date_of(slot)
                details["half"] = self._candidates.calendar.half_of(slot)
                details["visits"] = int(use[slot]) + 1
            yield _Blocked("resource", mask, details)
            starts = starts[~mask]

    def _order(self, visit: Visit, starts: IntArray) -> Iterator[_Blocked]:
        for before, least, most in self._befores.get(visit.id, ()):
            last = self._standing.last_day.get(before)
            if last is None:
                continue
            days = self._candidates.calendar.ordinals[starts // 2] - last
            mask = days < least
            if most is not None:
                mask |= days > most
            details: dict[str, ReasonValue] = {"before": before, "ended": date.fromordinal(last), "min_days": least}
            if most is not None:
                details["max_days"] = most
            if mask.any():
                details["days"] = int(days[mask][0])
            yield _Blocked("precedence", mask, details)
            starts = starts[~mask]

    def _without_team(self, number: int, visit: Visit, starts: IntArray) -> Iterator[Reason]:
        """At each of the starts too few people have half-days left, or are free, or are near enough."""
        members = self._candidates.members(number)
        there = self._candidates.available_from(days_spanned(visit.half_days))[members][:, starts // 2]
        have_room = there & self._have_room(members, visit, starts)
        is_short = ~self._enough(visit, members, have_room)
        if is_short.any():
            yield self._used_up(visit, members, have_room[:, is_short], starts[is_short])
        starts, have_room = starts[~is_short], have_room[:, ~is_short]
        free = have_room & self._free(members, visit, starts)
        is_short = ~self._enough(visit, members, free)
        if is_short.any():
            yield self._busy(visit, members, have_room[:, is_short], starts[is_short])
        starts, free = starts[~is_short], free[:, ~is_short]
        if not len(starts):
            return
        near = free & self._near(members, visit, starts)
        is_short = ~self._enough(visit, members, near)
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

    def _have_room(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Members × starts: month and year caps leave the half-days."""
        calendar = self._candidates.calendar
        room = np.ones((len(members), len(starts)), dtype=np.bool_)
        for left, numbers in (
            (self._standing.month_left, calendar.month_numbers),
            (self._standing.year_left, calendar.year_numbers),
        ):
            first = numbers[starts // 2]
            last = numbers[(starts + visit.half_days - 1) // 2]
            in_first = sum((numbers[(starts + k) // 2] == first).astype(np.int64) for k in range(visit.half_days))
            room &= left[members][:, first] >= in_first
            room &= left[members][:, last] >= np.where(first == last, in_first, visit.half_days - in_first)
        return room

    def _free(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Members × starts: nothing else in the half-days."""
        stay_at = self._standing.stay_at[members]
        busy = np.zeros((len(members), len(starts)), dtype=np.bool_)
        for k in range(visit.half_days):
            busy |= stay_at[:, starts + k] != NOBODY
        return ~busy

    def _near(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Members × starts: the drive to what stands in the other half of the day is short enough."""
        near = np.ones((len(members), len(starts)), dtype=np.bool_)
        if visit.half_days % 2 == 0:
            return near
        for row, column, _, minutes in self._drives(members, visit, starts):
            near[row, column] = minutes <= self._candidates.problem.transfer_max_minutes
        return near

    def _drives(self, members: IntArray, visit: Visit, starts: IntArray) -> Iterator[tuple[int, int, Stay, int]]:
        """Row, column, other stay and minutes of each drive within the visit's last day."""
        place = self._candidates.inspectees[visit.inspectee].place
        ends = starts + visit.half_days - 1
        others = self._standing.stay_at[members][:, ends ^ 1]
        for row, column in np.argwhere(others != NOBODY).tolist():
            other_place = self._standing.place_of_stay[others[row, column]]
            if other_place is not None:
                drive = (other_place, place) if ends[column] % 2 else (place, other_place)
                yield row, column, self._standing.stays[others[row, column]], self._minutes.between(*drive)

    def _enough(self, visit: Visit, members: IntArray, usable: BoolArray) -> BoolArray:
        """Per start, whether a team can be made of the usable members."""
        team = visit.team
        enough = usable.sum(axis=0) >= team.size
        tags = [(self._candidates.bearers(tag)[members], least) for tag, least in team.requires.items() if least > 0]
        for bears, least in tags:
            enough &= usable[bears].sum(axis=0) >= least
        if len(tags) > 1:
            marks = sum(bears.astype(np.int64) << k for k, (bears, _) in enumerate(tags))
            needs = [least for _, least in tags]
            for column in np.flatnonzero(enough).tolist():
                enough[column] = can_meet(np.asarray(marks)[usable[:, column]].tolist(), needs, team.size)
        return np.asarray(enough, dtype=np.bool_)

    def _used_up(self, visit: Visit, members: IntArray, have_room: BoolArray, starts: IntArray) -> Reason:
        """Too few people have half-days left in the months of these starts."""
        calendar = self._candidates.calendar
        months = np.unique(calendar.month_numbers[starts // 2])
        left = np.clip(self._standing.month_left[members][:, months], 0, 2 * len(calendar.days))
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
        free = self._free(members, visit, starts)
        row = int(np.flatnonzero(have_room[:, 0] & ~free[:, 0])[0])
        first = int(starts[0])
        taken = next(
            first + k for k in range(visit.half_days) if self._standing.stay_at[members[row], first + k] != NOBODY
        )
        return Reason(
            "double_booked",
            {
                "starts": len(starts),
                "inspector": self._name(members[row]),
                "other": self._standing.stays[self._standing.stay_at[members[row], taken]].visit,
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
            drive for drive in self._drives(members, visit, starts) if drive[3] > limit and free[drive[0], drive[1]]
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


def can_meet(marks: Sequence[int], needs: Sequence[int], size: int) -> bool:
    """Whether ``size`` of the people can be chosen so that at least ``needs[k]`` of them have bit k in their mark."""
    counts: dict[int, int] = {}
    for mark in marks:
        counts[mark] = counts.get(mark, 0) + 1
    kinds = sorted(counts, key=int.bit_count, reverse=True)

    def choose(position: int, left: int, open_needs: tuple[int, ...]) -> bool:
        if max(open_needs, default=0) > left:
            return False
        if not any(open_needs):
            return left <= sum(counts[kind] for kind in kinds[position:])
        if position == len(kinds):
            return False
        kind = kinds[position]
        return any(
            choose(
                position + 1,
                left - taken,
                tuple(max(0, need - taken * (kind >> k & 1)) for k, need in enumerate(open_needs)),
            )
            for taken in range(min(left, counts[kind]), -1, -1)
        )

    return choose(0, size, tuple(needs))
