"""One visit tried on the timetable of a plan: which rule closes which of its starts, and who could be in its team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import permutations

import numpy as np

from solver.calendar import BoolArray, IntArray, Slot, days_spanned
from solver.candidates import Candidates
from solver.member_rules import MEMBER_RULES
from solver.problem import Visit
from solver.reasons import ReasonValue
from solver.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Blocked:
    """The starts that a rule closes, of those asked, and the details of the first of them."""

    code: str
    mask: BoolArray
    details: Mapping[str, ReasonValue]


class Retry:
    """Tries visits that are not assigned in a timetable; nothing is remembered from one try to the next."""

    def __init__(self, candidates: Candidates, timetable: Timetable) -> None:
        self.timetable = timetable
        self._candidates = candidates
        self.member_rules = tuple(rule(candidates, timetable) for rule in MEMBER_RULES)
        self._capacity = {resource.id: resource.capacity for resource in candidates.problem.resources}
        self._befores: dict[str, list[tuple[str, int, int | None]]] = {}
        for rule in candidates.problem.precedences:
            self._befores.setdefault(rule.after, []).append((rule.before, rule.min_days, rule.max_days))
        self._separated: dict[str, list[tuple[str, int]]] = {}
        for separation in candidates.problem.separations:
            for one, other in permutations(separation.visits):
                self._separated.setdefault(one, []).append((other, separation.min_days))

    def missing_befores(self, visit: Visit) -> list[str]:
        """The visits that must come before this one and are not assigned."""
        return [before for before, _, _ in self._befores.get(visit.id, ()) if before not in self.timetable.last_day]

    def allowed_starts(self, visit: Visit, starts: IntArray) -> IntArray:
        """The starts that the rules about days, inspectee, resources and order leave."""
        for blocked in self.blocked_by_plan(visit, starts):
            starts = starts[~blocked.mask]
        return starts

    def blocked_by_plan(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        """Rules on inspectee, resources and order: each asked only about the starts that those before it allow."""
        for rule in (self._burden, self._overlap, self._gap, self._resource, self._order, self._separation):
            for blocked in rule(visit, starts):
                yield blocked
                starts = starts[~blocked.mask]

    def _burden(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        inspectee = self._candidates.inspectees[visit.inspectee]
        if not visit.burden:
            return
        for period_id, limit in inspectee.max_burden.items():
            period = self._candidates.periods[period_id]
            inside = [
                stay
                for stay in self.timetable.of_inspectee.get(inspectee.id, ())
                if period.first.toordinal() <= stay.first <= period.last.toordinal()
            ]
            burden = visit.burden + sum(stay.burden for stay in inside)
            if burden > limit:
                span = self._candidates.calendar.day_range(period.first, period.last)
                mask = (starts // 2 >= span.start) & (starts // 2 < span.stop)
                details: dict[str, ReasonValue] = {
                    "inspectee": inspectee.id,
                    "period": period_id,
                    "burden": burden,
                    "max_burden": limit,
                    "others": tuple(stay.visit for stay in inside if stay.burden),
                }
                yield Blocked("burden", mask, details)
                starts = starts[~mask]

    def _overlap(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        for stay in self.timetable.of_inspectee.get(visit.inspectee, ()):
            if stay.slots:
                mask = (starts <= stay.slots[-1]) & (starts + visit.half_days > stay.slots[0])
                day = date.fromordinal(stay.first)
                yield Blocked(
                    "inspectee_overlap", mask, {"inspectee": visit.inspectee, "other": stay.visit, "day": day}
                )
                starts = starts[~mask]

    def _gap(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        gap = self._candidates.inspectees[visit.inspectee].min_gap_days
        if not gap or not visit.burden:
            return
        for stay in self.timetable.of_inspectee.get(visit.inspectee, ()):
            if stay.burden:
                first = self._candidates.calendar.ordinals[starts // 2]
                apart = np.maximum(first - stay.last, stay.first - (first + days_spanned(visit.half_days) - 1))
                mask = apart < gap
                yield Blocked(
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

    def _resource(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        for resource in visit.resources:
            capacity = self._capacity[resource]
            use = self.timetable.resource_use.get(resource, np.zeros(self._candidates.calendar.slots, dtype=np.int64))
            full = np.concatenate([use >= capacity, np.zeros(visit.half_days, dtype=np.bool_)])
            mask = np.logical_or.reduce([full[starts + k] for k in range(visit.half_days)])
            details: dict[str, ReasonValue] = {"resource": resource, "capacity": capacity}
            if mask.any():
                first = int(starts[mask][0])
                slot = Slot(next(first + k for k in range(visit.half_days) if full[first + k]))
                details["day"] = self._candidates.calendar.date_of(slot)
                details["half"] = self._candidates.calendar.half_of(slot)
                details["visits"] = int(use[slot]) + 1
            yield Blocked("resource", mask, details)
            starts = starts[~mask]

    def _order(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        for before, least, most in self._befores.get(visit.id, ()):
            last = self.timetable.last_day.get(before)
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
            yield Blocked("precedence", mask, details)
            starts = starts[~mask]

    def _separation(self, visit: Visit, starts: IntArray) -> Iterator[Blocked]:
        for other, least in self._separated.get(visit.id, ()):
            if other in self.timetable.last_day:
                first = self._candidates.calendar.ordinals[starts // 2]
                last = first + days_spanned(visit.half_days) - 1
                days = np.maximum(first - self.timetable.last_day[other], self.timetable.first_day[other] - last)
                mask = days < least
                details: dict[str, ReasonValue] = {"other": other, "min_days": least}
                if mask.any():
                    details["days"] = int(days[mask][0])
                yield Blocked("separation", mask, details)
                starts = starts[~mask]

    def usable(self, members: IntArray, visit: Visit, starts: IntArray) -> BoolArray:
        """Members × starts: whom all rules about people let be in the team."""
        usable = np.ones((len(members), len(starts)), dtype=np.bool_)
        for rule in self.member_rules:
            usable &= rule.keeps(members, visit, starts)
        return usable

    def enough(self, visit: Visit, members: IntArray, usable: BoolArray) -> BoolArray:
        """Per start, whether a team can be made of the usable members."""
        team = visit.team
        enough = usable.sum(axis=0) >= team.size
        tags = [
            (bears, least)
            for tag, least in team.requires.items()
            if least > 0 and not (bears := self._candidates.bearers(tag)[members]).all()
        ]
        for bears, least in tags:
            enough &= usable[bears].sum(axis=0) >= least
        if len(tags) > 1 and enough.any():
            self._meet_together(tags, team.size, usable, enough)
        return np.asarray(enough, dtype=np.bool_)

    def _meet_together(
        self, tags: Sequence[tuple[BoolArray, int]], size: int, usable: BoolArray, enough: BoolArray
    ) -> None:
        """Close the starts where one team cannot meet all needs; starts with the same counts are asked once."""
        marks = sum((bears.astype(np.int64) << k for k, (bears, _) in enumerate(tags)), start=np.int64(0))
        counts = np.stack([usable[marks == mark].sum(axis=0) for mark in range(1 << len(tags))], axis=1)
        counts = np.minimum(counts, size)
        needs = tuple(least for _, least in tags)
        for column in np.flatnonzero(enough).tolist():
            enough[column] = can_meet(tuple(counts[column].tolist()), needs, size)


@lru_cache(maxsize=100_000)
def can_meet(counts: tuple[int, ...], needs: tuple[int, ...], size: int) -> bool:
    """Whether ``size`` people can be chosen so that at least ``needs[k]`` of them have bit k in their mark.

    ``counts[mark]`` is the number of people with the mark.
    """
    kinds = sorted((mark for mark, count in enumerate(counts) if count), key=int.bit_count, reverse=True)

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

    return choose(0, size, needs)
