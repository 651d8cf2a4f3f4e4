"""The relaxation of a problem to spans of days as flat arrays: what the bound keeps of it, and what it relaxes.

Kept: which spans a visit may lie in, who may be in its team there, the team's needs, month and year caps, the burden
limits, visits that no plan can hold. Relaxed: the day within the span, clashes, transfers, evenings, resources, gaps,
separations.
Every plan of the problem is one of the relaxation and costs no less there (solver/MODEL.md, "Bounds").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from solver.bounds.balance import Balance
from solver.bounds.items import MOST_PREFERRED, Item, Items, preferred_numbers
from solver.bounds.room import useful_slots
from solver.bounds.spans import Spans
from solver.bounds.stopping import Watch
from solver.bounds.trips import TripShares
from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates
from solver.problem import MAX_HALF_DAYS

LARGEST = 1 << 40
"""Costs are reduced to this many thousandths of a score unit, so that sums stay within 64 bits; a lower cost keeps a
bound a bound."""

NOWHERE = -1
_MOST_SHORT_DAYS = 1_000_000
"""Days of buffer that are counted; the others are relaxed."""

MOST_TAGS = 3
"""Required tags of one visit that are kept; the others are relaxed."""

_LARGEST_TEAM = 8
"""The size of a team up to which its required tags are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """Flat arrays; visits, inspectors, spans, months and places by number, costs in thousandths of a score unit.

    The options of visit v are ``option_ptr[v]`` … ``option_ptr[v + 1]``: one per set of starts whose half-days fall
    alike into spans. ``option_spans`` and ``option_half_days`` have two columns, the second ``NOWHERE`` and 0 for a
    visit within one span; ``option_cost`` is the least cost of buffer and changed day; ``option_limit`` the number
    of the burden limit that it uses; ``option_item`` its item on trips (``Items``). Members are listed by ``list_ptr``
    and ``list_members`` under ``member_list[v]``; ``reachable[k, i, s]``: inspector i is free for k days in a row that
    begin in span s or reach it. ``capacity`` holds half-days by inspector and span, ``month_capacity`` by inspector and
    month, ``LARGEST`` where the month is not cut or has no cap; ``overload_capacity`` the half-days of a month that are
    not above the inspector's level, ``LARGEST`` where there is none, and ``overload_price`` the cost of one more.
    """

    option_ptr: IntArray
    option_spans: IntArray
    option_half_days: IntArray
    option_cost: IntArray
    option_limit: IntArray
    option_item: IntArray
    half_days: IntArray
    size: IntArray
    weight: IntArray
    member_list: IntArray
    list_ptr: IntArray
    list_members: IntArray
    needed_tags: IntArray
    needed: IntArray
    bears: BoolArray
    preferred: IntArray
    prefers: BoolArray
    reachable: BoolArray
    capacity: IntArray
    month_capacity: IntArray
    year_capacity: IntArray
    overload_capacity: IntArray
    overload_price: int
    month_of_span: IntArray
    year_of_span: IntArray
    limits: IntArray
    group_ptr: IntArray
    group_visits: IntArray
    group_burden: IntArray
    balance: Balance
    items: tuple[Item, ...]
    trips: TripShares

    @property
    def capacities(self) -> tuple[IntArray, IntArray, IntArray]:
        """Half-days by inspector and span, month, year, in the order of ``Multipliers``."""
        return self.capacity, self.month_capacity, self.year_capacity


def relax(candidates: Candidates, spans: Spans, watch: Watch | None = None) -> Relaxation:
    """Build the arrays of a problem: the finer the spans, the closer to it and the more work.

    Raises ``StopError`` when ``watch`` says so.
    """
    watch = watch or Watch()
    problem, calendar = candidates.problem, candidates.calendar
    groups = _Groups.of(candidates)
    options = _Options(candidates, groups, spans, watch)
    out = _impossible(candidates)
    for number in watch.each(range(len(problem.visits))):
        options.add(number, number in out)
    ptr, item = options.ptr, _array(options.item)
    items_of = [np.unique(item[first:stop]) for first, stop in pairwise(ptr)]
    items = tuple(options.items)
    trips = TripShares.of(candidates, items, items_of, spans, watch)
    lists = _MemberLists(candidates)
    member_list = [lists.number_of(number) for number in watch.each(range(len(problem.visits)))]
    tags = _Tags(candidates)
    for number in watch.each(range(len(problem.visits))):
        tags.add(number)
    visits = problem.visits
    month_capacity = _month_capacity(candidates)
    capacity = _capacity(useful_slots(candidates, out, watch), month_capacity, spans)
    return Relaxation(
        option_ptr=_array(ptr),
        option_spans=_table(options.spans, 2),
        option_half_days=_table(options.half_days, 2),
        option_cost=_array(options.cost),
        option_limit=_array(options.limit),
        option_item=item,
        half_days=_array(visit.half_days for visit in visits),
        size=_array(visit.team.size for visit in visits),
        weight=_array(visit.weight for visit in visits),
        member_list=_array(member_list),
        list_ptr=_array(lists.ptr),
        list_members=_array(lists.members),
        needed_tags=_table(tags.numbers, MOST_TAGS),
        needed=_table(tags.needed, MOST_TAGS),
        bears=tags.bears(),
        preferred=_table(tags.preferred, MOST_PREFERRED),
        prefers=np.array(tags.prefers, dtype=np.bool_),
        reachable=_reachable(candidates, spans, watch),
        capacity=capacity,
        month_capacity=_where_cut(month_capacity, spans),
        year_capacity=_year_capacity(candidates),
        overload_capacity=_overload_capacity(candidates),
        overload_price=min(1000 * (problem.weights.overload or 0), LARGEST),
        month_of_span=spans.month_of,
        year_of_span=_array(calendar.years.index(calendar.months[month].year) for month in spans.month_of.tolist()),
        limits=_array(groups.limits),
        group_ptr=_array(groups.ptr),
        group_visits=_array(groups.visits),
        group_burden=_array(visits[number].burden for number in groups.visits),
        balance=Balance.of(candidates),
        items=items,
        trips=trips,
    )


class _Options:
    """The options of the visits, one after the other."""

    def __init__(self, candidates: Candidates, groups: _Groups, spans: Spans, watch: Watch) -> None:
        self._candidates = candidates
        self._groups = groups
        self._span_of = spans.of_day
        self.items = Items(candidates, watch)
        self._baseline = _baseline_days(candidates)
        self.ptr = [0]
        self.spans: list[tuple[int, int]] = []
        self.half_days: list[tuple[int, int]] = []
        self.cost: list[int] = []
        self.limit: list[int] = []
        self.item: list[int] = []

    def add(self, number: int, is_out: bool) -> None:
        """The options of the next visit; none if no plan can hold it."""
        starts = self._candidates.starts(number)
        if len(starts) and not is_out:
            keys, costs = self._keys(number, starts), self._costs(number, starts)
            order = np.lexsort(keys.T[::-1])
            keys, costs = keys[order], costs[order]
            first = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
            least = np.minimum.reduceat(costs, first)
            earliest, latest = np.minimum.reduceat(starts[order], first), np.maximum.reduceat(starts[order], first)
            for k, (span, taken, later, rest, limit) in enumerate(keys[first].tolist()):
                self.spans.append((span, later))
                self.half_days.append((taken, rest))
                self.limit.append(limit)
                self.cost.append(min(int(least[k]), LARGEST))
                self.item.append(self.items.number_of(number, int(earliest[k]), int(latest[k])))
        self.ptr.append(len(self.cost))

    def _keys(self, number: int, starts: IntArray) -> IntArray:
        """Per start: first span, half-days in it, last span, half-days in that one, burden limit used.

        Half-days in a span between the two are dropped.
        """
        half_days = self._candidates.problem.visits[number].half_days
        first = self._span_of[starts // 2]
        last = self._span_of[starts // 2 + days_spanned(half_days) - 1]
        taken, rest = np.zeros_like(starts), np.zeros_like(starts)
        for k in range(half_days):
            span = self._span_of[(starts + k) // 2]
            taken += span == first
            rest += (span == last) & (span != first)
        later = np.where(first == last, NOWHERE, last)
        return np.stack([first, taken, later, rest, self._groups.limits_used(number, starts)], axis=1)

    def _costs(self, number: int, starts: IntArray) -> IntArray:
        """Per start: buffer and, for a visit of the baseline, the change of its day and half."""
        problem, calendar = self._candidates.problem, self._candidates.calendar
        visit, weights = problem.visits[number], problem.weights
        last = calendar.ordinals[starts // 2 + days_spanned(visit.half_days) - 1]
        short = np.clip(problem.buffer_days_of(visit) - (visit.latest.toordinal() - last), 0, _MOST_SHORT_DAYS)
        costs = short * min(1000 * weights.buffer, LARGEST)
        for slot in self._baseline.get(visit.id, ()):
            other_day = starts // 2 != slot // 2
            other_half = ~other_day & (starts != slot)
            costs = costs + other_day * min(1000 * weights.change_day, LARGEST)
            costs = costs + other_half * min(1000 * weights.change_half, LARGEST)
        return np.minimum(costs, LARGEST)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Visits of one inspectee of which a burden limit may exclude some.

    Of an inspectee's limits those are kept whose periods do not overlap, the tightest first. ``limits`` is what the
    history leaves of each; ``spans`` gives, by inspectee, the day range and the number of each limit that is kept.
    """

    limits: list[int]
    spans: dict[str, list[tuple[range, int]]]
    ptr: list[int]
    visits: list[int]
    inspectees: dict[int, str]

    @classmethod
    def of(cls, candidates: Candidates) -> _Groups:
        """Find them: inspectees with a limit that their visits' burdens exceed."""
        burdened: dict[str, list[int]] = {}
        for number, visit in enumerate(candidates.problem.visits):
            if visit.burden and candidates.inspectees[visit.inspectee].max_burden:
                burdened.setdefault(visit.inspectee, []).append(number)
        found = cls([], {}, [0], [], {})
        for inspectee, numbers in burdened.items():
            kept = _disjoint_limits(candidates, inspectee)
            together = sum(candidates.problem.visits[number].burden for number in numbers)
            if 1 < len(numbers) <= _MOST_TOGETHER and any(together > limit for _, limit in kept):
                found.spans[inspectee] = [(span, len(found.limits) + k) for k, (span, _) in enumerate(kept)]
                found.limits.extend(limit for _, limit in kept)
                found.visits.extend(numbers)
                found.inspectees.update(dict.fromkeys(numbers, inspectee))
                found.ptr.append(len(found.visits))
        return found

    def limits_used(self, number: int, starts: IntArray) -> IntArray:
        """Per start of a visit the number of the limit that it uses, ``NOWHERE`` if none."""
        used = np.full(len(starts), NOWHERE, dtype=np.int64)
        inspectee = self.inspectees.get(number)
        if inspectee is not None:
            days = starts // 2
            for span, limit in self.spans[inspectee]:
                used[(days >= span.start) & (days < span.stop)] = limit
        return used


_MOST_TOGETHER = 5
"""The largest group whose choices are tried together; larger ones are relaxed."""


def _disjoint_limits(candidates: Candidates, inspectee_id: str) -> list[tuple[range, int]]:
    """Day ranges and limits of an inspectee, the tightest first, without those that overlap a kept one."""
    past = candidates.history.by_inspectee.get(inspectee_id, ())
    kept: list[tuple[range, int]] = []
    for period_id, limit in sorted(candidates.inspectees[inspectee_id].max_burden.items(), key=lambda item: item[::-1]):
        period = candidates.periods[period_id]
        span = candidates.calendar.day_range(period.first, period.last)
        used = sum(visit.burden for visit in past if period.first <= visit.day <= period.last)
        if all(span.stop <= other.start or other.stop <= span.start for other, _ in kept):
            kept.append((span, max(0, limit - used)))
    return kept


class _MemberLists:
    """The members of the visits; visits that are alike share a list."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._numbers: dict[bytes, int] = {}
        self.ptr = [0]
        self.members: list[int] = []

    def number_of(self, visit: int) -> int:
        """The number of the visit's list."""
        members = self._candidates.members(visit)
        key = members.tobytes()
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            self.members.extend(members.tolist())
            self.ptr.append(len(self.members))
        return self._numbers[key]


class _Tags:
    """What the teams need: required tags that some candidate lacks, and the preferred inspectors."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._tag_numbers: dict[str, int] = {}
        self.numbers: list[list[int]] = []
        self.needed: list[list[int]] = []
        self.preferred: list[list[int]] = []
        self.prefers: list[bool] = []

    def add(self, number: int) -> None:
        """Note the needs of the next visit."""
        visit = self._candidates.problem.visits[number]
        members = self._candidates.members(number)
        needs = [
            (tag, least)
            for tag, least in sorted(visit.team.requires.items())
            if least > 0 and not self._candidates.bearers(tag)[members].all()
        ][:MOST_TAGS]
        if visit.team.size > _LARGEST_TEAM:
            needs = []
        numbers = [self._tag_numbers.setdefault(tag, len(self._tag_numbers)) for tag, _ in needs]
        spare = MOST_TAGS - len(needs)
        self.numbers.append(numbers + [NOWHERE] * spare)
        self.needed.append([least for _, least in needs] + [0] * spare)
        preferred = preferred_numbers(self._candidates, number)
        self.prefers.append(bool(preferred))
        self.preferred.append([*preferred, *[NOWHERE] * (MOST_PREFERRED - len(preferred))])

    def bears(self) -> BoolArray:
        """Tags × inspectors."""
        bears = np.zeros((max(1, len(self._tag_numbers)), len(self._candidates.problem.inspectors)), dtype=np.bool_)
        for tag, number in self._tag_numbers.items():
            bears[number] = self._candidates.bearers(tag)
        return bears


def _impossible(candidates: Candidates) -> set[int]:
    """Visits that no plan can hold: without a start, or after one of them."""
    numbers = candidates.visit_numbers
    out = {number for number in range(len(candidates.problem.visits)) if not len(candidates.starts(number))}
    follows: dict[int, list[int]] = {}
    for precedence in candidates.problem.precedences:
        if precedence.before in numbers and precedence.after in numbers:
            follows.setdefault(numbers[precedence.before], []).append(numbers[precedence.after])
    pending = list(out)
    while pending:
        for after in follows.get(pending.pop(), ()):
            if after not in out:
                out.add(after)
                pending.append(after)
    return out


def _baseline_days(candidates: Candidates) -> dict[str, list[int]]:
    """The baseline's slots by visit; one that is on no inspection day differs from every start."""
    found: dict[str, list[int]] = {}
    for given in candidates.problem.baseline:
        slot = candidates.calendar.slot(given.day, given.half)
        found.setdefault(given.visit, []).append(-2 if slot is None else slot)
    return found


def _reachable(candidates: Candidates, spans: Spans, watch: Watch) -> BoolArray:
    """By number of days, inspector and span: free for so many days in a row that touch the span."""
    longest = days_spanned(MAX_HALF_DAYS)
    found = np.zeros((longest + 1, len(candidates.problem.inspectors), len(spans.month_of)), dtype=np.bool_)
    for day_count in range(1, longest + 1):
        free = candidates.available_from(day_count)
        for shift in watch.each(range(day_count)):
            touched = spans.of_day[shift:]
            begins = free[:, : max(0, free.shape[1] - shift)]
            for span in range(len(spans.month_of)):
                found[day_count, :, span] |= begins[:, touched == span].any(axis=1)
    return found


def _capacity(useful: BoolArray, month_capacity: IntArray, spans: Spans) -> IntArray:
    """Inspectors × spans: half-days on duty that month caps, history and the half-days of ``useful`` leave."""
    span_of_slot = np.repeat(spans.of_day, 2)
    free = [np.bincount(span_of_slot[slots], minlength=len(spans.month_of)).tolist() for slots in useful]
    return np.minimum(_table(free, len(spans.month_of)), month_capacity[:, spans.month_of])


def _month_capacity(candidates: Candidates) -> IntArray:
    """Inspectors × months: half-days that month cap and history leave; ``LARGEST`` without a cap."""
    months = candidates.calendar.months
    capacity = np.full((len(candidates.problem.inspectors), len(months)), LARGEST, dtype=np.int64)
    for number, inspector in enumerate(candidates.problem.inspectors):
        cap = inspector.half_days_per_month
        if cap is not None:
            past = [candidates.history.month_half_days(inspector.id, month) for month in months]
            capacity[number] = np.maximum(0, cap - np.array(past, dtype=np.int64))
    return capacity


def _overload_capacity(candidates: Candidates) -> IntArray:
    """Inspectors × months: half-days that level and history leave; ``LARGEST`` without a level.

    The history counts only in months with a duty of the plan. Where it is above the level, each half-day of the plan is
    overload, and what is there already may count nothing.
    """
    months = candidates.calendar.months
    capacity = np.full((len(candidates.problem.inspectors), len(months)), LARGEST, dtype=np.int64)
    for number, inspector in enumerate(candidates.problem.inspectors):
        if inspector.level is not None:
            past = [candidates.history.month_half_days(inspector.id, month) for month in months]
            capacity[number] = np.maximum(0, inspector.level - np.array(past, dtype=np.int64))
    return capacity


def _where_cut(month_capacity: IntArray, spans: Spans) -> IntArray:
    """The capacity of the months that are cut; that of a whole month is its span's."""
    is_cut = np.bincount(spans.month_of, minlength=month_capacity.shape[1]) > 1
    return np.where(is_cut, month_capacity, LARGEST)


def _year_capacity(candidates: Candidates) -> IntArray:
    """Inspectors × years: half-days that year cap and history leave; ``LARGEST`` without a cap."""
    calendar = candidates.calendar
    capacity = np.full((len(candidates.problem.inspectors), len(calendar.years)), LARGEST, dtype=np.int64)
    for number, inspector in enumerate(candidates.problem.inspectors):
        cap = inspector.half_days_per_year
        if cap is not None:
            past = [candidates.history.year_half_days(inspector.id, year) for year in calendar.years]
            capacity[number] = np.maximum(0, cap - np.array(past, dtype=np.int64))
    return capacity


def _array(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)


def _table(rows: Sequence[Sequence[int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)
