"""The Lagrangian relaxation: its value under given multipliers is a proven bound, in whole numbers throughout.

The capacities of people are relaxed. Every inspector's half-day has a multiplier ≥ 0, the sum of those of its span, its
month and its year. A plan is charged the multiplier for each half-day on duty and credited multiplier × capacity; since
no plan uses more than the capacity, that makes no plan more expensive. Then only the burden limits of one inspectee
couple visits, and each takes its cheapest option by itself: the sum of these minima, less multiplier × capacity, is at
most the cost of any plan. Half-days above a level are relaxed likewise, with multipliers up to the price of overload,
and so is a balanced group: a deviation costs at least ρ times what the load is above its fair part, for any ρ between
plus and minus its weight (``balance``). All that holds for all multipliers; which of them are good is found elsewhere
(``multipliers``), in any arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bounds.items import MOST_PREFERRED
from solver.bounds.relaxation import LARGEST, MOST_TAGS, NOWHERE, Relaxation
from solver.bounds.stopping import Watch
from solver.bounds.team import IMPOSSIBLE, cheapest_team, sum_of_least
from solver.bounds.trips import LONGEST
from solver.calendar import BoolArray, IntArray
from solver.search.compiled import compiled

FloatArray = NDArray[np.float64]

_MIX = 0xFFFFFFFF

_VISITS_AT_ONCE = 500
"""Visits that compiled code works on between two looks at the stop rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Costs:
    """What the relaxation minimises, in thousandths: of the total, or of the unscheduled weight alone."""

    left_out: IntArray
    share: IntArray
    option: IntArray
    missed_preference: int

    @classmethod
    def of_total(cls, relaxation: Relaxation, unscheduled: int, preference: int) -> Costs:
        """The costs of the total, with the weights of these two parts."""
        unit = min(1000 * unscheduled, LARGEST)
        return cls(
            left_out=np.where(relaxation.weight > LARGEST // max(1, unit), LARGEST, relaxation.weight * unit),
            share=relaxation.trips.share,
            option=relaxation.option_cost,
            missed_preference=min(1000 * preference, LARGEST),
        )

    @classmethod
    def of_unscheduled(cls, relaxation: Relaxation) -> Costs:
        """The costs of the unscheduled weight: everything else is free."""
        share = relaxation.trips.share
        return cls(
            left_out=np.minimum(1000 * relaxation.weight, LARGEST),
            share=np.where(share >= LARGEST, share, 0),
            option=np.zeros_like(relaxation.option_cost),
            missed_preference=0,
        )


class Multipliers(NamedTuple):
    """Thousandths of a score unit per half-day.

    By inspector and span, month and year, none below 0; by inspector and month, at most the price of overload; by
    balanced group and inspector, of either sign, at most what a half-day of deviation costs.
    """

    span: IntArray
    month: IntArray
    year: IntArray
    overload: IntArray
    balance: IntArray

    @classmethod
    def none(cls, relaxation: Relaxation) -> Multipliers:
        """All of them 0."""
        return cls(
            *(
                np.zeros_like(room)
                for room in (*relaxation.capacities, relaxation.overload_capacity, relaxation.balance.share)
            )
        )


class _Given(NamedTuple):
    """What the compiled loops read, see ``Relaxation``; ``prices`` of a half-day by inspector and span, ``fairness`` by
    inspector wherever it lies."""

    option_ptr: IntArray
    option_spans: IntArray
    option_half_days: IntArray
    option_cost: IntArray
    option_item: IntArray
    half_days: IntArray
    size: IntArray
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
    home_of: IntArray
    rows: IntArray
    share: IntArray
    longest: IntArray
    prices: IntArray
    fairness: IntArray


class Valuation:
    """Values of one relaxation under one kind of costs; keeps the buffers between calls.

    Its methods raise ``StopError`` when ``watch`` says so.
    """

    def __init__(self, relaxation: Relaxation, costs: Costs, watch: Watch | None = None) -> None:
        self._r = relaxation
        self._watch = watch or Watch()
        self._costs = costs
        self._best = np.zeros(len(relaxation.option_cost), dtype=np.int64)
        self._is_grouped = np.zeros(len(relaxation.weight), dtype=np.bool_)
        self._is_grouped[relaxation.group_visits] = True
        self._value = np.zeros(len(relaxation.weight), dtype=np.int64)
        self._choice = np.zeros(len(relaxation.weight), dtype=np.int64)
        self.use = np.zeros(relaxation.capacity.shape, dtype=np.int64)
        """Half-days that the visits' choices take of each inspector and span."""
        self.members = np.zeros((2, len(relaxation.items), LONGEST + 1), dtype=np.float64)
        """Members in all choices since it was set to 0: not preferred or preferred, by item and longest trip."""

    @property
    def missed_preference(self) -> int:
        """What a missed preference costs, in thousandths."""
        return self._costs.missed_preference

    def bound(self, prices: Multipliers) -> int:
        """The proven bound, in thousandths, under these prices."""
        self.choose(prices)
        r = self._r
        constant = _exact_product(fairness_prices(r, prices.balance), r.balance.before)
        constant -= int(np.abs(np.where(r.balance.is_in, prices.balance, 0)).sum())
        overload = np.minimum(prices.overload, r.overload_price)
        for price, capacity in ((overload, r.overload_capacity), *zip(prices[:3], r.capacities, strict=True)):
            constant -= _exact_product(_where_capped(price, capacity), capacity)
        raised = r.balance.raised_by(prices.balance, np.diff(r.option_ptr) > 0, self._excess())
        return int(self._value.sum()) + constant + raised

    def _excess(self) -> IntArray:
        """By visit what a plan without it costs more than the sum of the least costs, at least."""
        r, left_out = self._r, self._costs.left_out
        excess = left_out - self._value
        for first, end in pairwise(r.group_ptr.tolist()):
            visits = r.group_visits[first:end]
            options = [self._best[r.option_ptr[visit] : r.option_ptr[visit + 1]] for visit in visits.tolist()]
            least = np.minimum(left_out[visits], [best.min(initial=IMPOSSIBLE) for best in options])
            excess[visits] = left_out[visits] + least.sum() - least - self._value[visits].sum()
        return excess

    def choose(self, prices: Multipliers, noise: int = 0, seed: int = 0) -> None:
        """Choose the cheapest option of each visit; ``noise`` breaks near-ties at random and proves nothing.

        ``noise`` is the mean of an exponential sum added to each half-day of a member, in thousandths.
        """
        r = self._r
        half_day = prices.span + _where_capped(prices.month, r.month_capacity)[:, r.month_of_span]
        half_day = half_day + _where_capped(prices.year, r.year_capacity)[:, r.year_of_span]
        overload = np.minimum(prices.overload, r.overload_price)
        half_day = half_day + _where_capped(overload, r.overload_capacity)[:, r.month_of_span]
        given = _Given(
            option_ptr=r.option_ptr,
            option_spans=r.option_spans,
            option_half_days=r.option_half_days,
            option_cost=self._costs.option,
            option_item=r.option_item,
            half_days=r.half_days,
            size=r.size,
            member_list=r.member_list,
            list_ptr=r.list_ptr,
            list_members=r.list_members,
            needed_tags=r.needed_tags,
            needed=r.needed,
            bears=r.bears,
            preferred=r.preferred,
            prefers=r.prefers,
            reachable=r.reachable,
            capacity=r.capacity,
            home_of=r.trips.home_of,
            rows=r.trips.rows,
            share=self._costs.share,
            longest=r.trips.longest,
            prices=half_day,
            fairness=fairness_prices(r, prices.balance),
        )
        missed, visits = self._costs.missed_preference, len(r.size)
        for first, end in self._watch.parts(visits, _VISITS_AT_ONCE):
            _price_options(given, missed, noise, seed, self._costs.left_out, self._is_grouped, self._best, first, end)
        self._watch()
        _choose_options(r.option_ptr, self._best, self._costs.left_out, self._value, self._choice)
        _choose_in_groups(
            r.option_ptr, self._best, self._costs.left_out, r.option_limit, r.limits, r.group_ptr, r.group_visits,
            r.group_burden, self._value, self._choice,
        )  # fmt: skip
        self.use[:] = 0
        for first, end in self._watch.parts(visits, _VISITS_AT_ONCE):
            _use_of_choice(given, missed, noise, seed, self._choice, self.use, self.members, first, end)


def _where_capped(prices: IntArray, capacity: IntArray) -> IntArray:
    """The prices of what has a cap; the others count nothing."""
    return np.where(capacity < LARGEST, prices, 0)


def fairness_prices(relaxation: Relaxation, balance: IntArray) -> IntArray:
    """What a half-day of each inspector adds to Σ ρ_i · (load_i − share_i · L / S): Σ over groups of ρ_i − ρ̄.

    ρ̄ = Σ ρ_j · share_j / S is rounded up, so that the sum is not above the exact one.
    """
    groups = relaxation.balance
    total = np.zeros(len(groups.before), dtype=np.int64)
    for is_in, share, nu in zip(groups.is_in, groups.share, balance, strict=True):
        mean = -(-_exact_product(nu, share) // int(share.sum()))
        total += np.where(is_in, nu - mean, 0)
    return total


def _exact_product(prices: IntArray, amounts: IntArray) -> int:
    """Σ price · amount beyond 64 bits."""
    used = prices != 0
    return sum(price * amount for price, amount in zip(prices[used].tolist(), amounts[used].tolist(), strict=True))


@compiled
def _price_options(
    g: _Given, missed_preference: int, noise: int, seed: int, left_out: IntArray, is_grouped: BoolArray,
    best: IntArray, first_visit: int, end: int,
) -> None:  # fmt: skip
    """The least cost of each option of these visits, ``IMPOSSIBLE`` where no team can be made.

    Of a visit in no group only the cheapest option counts: one that cannot be it is ``IMPOSSIBLE`` too.
    """
    most = _longest_list(g.list_ptr)
    cost, who = np.empty(most, np.int64), np.empty(most, np.int64)
    marks, team = np.empty(most, np.int64), np.empty(most, np.int64)
    for visit in range(first_visit, end):
        penalty = missed_preference if g.prefers[visit] else 0
        bar = IMPOSSIBLE if is_grouped[visit] else left_out[visit]
        for option in range(g.option_ptr[visit], g.option_ptr[visit + 1]):
            best[option] = IMPOSSIBLE
            count = _member_costs(g, visit, option, noise, seed, cost, who, marks)
            if g.option_cost[option] + sum_of_least(g.size[visit], cost, count) >= bar:
                continue
            least = cheapest_team(g.size[visit], g.needed[visit], penalty, cost, who, marks, count, team)
            if least < IMPOSSIBLE:
                best[option] = least + g.option_cost[option]
                if not is_grouped[visit]:
                    bar = min(bar, best[option])


@compiled
def _use_of_choice(
    g: _Given, missed_preference: int, noise: int, seed: int, choice: IntArray, use: IntArray, members: FloatArray,
    first_visit: int, end: int,
) -> None:  # fmt: skip
    """Add the half-days that the chosen options of these visits take of inspectors and spans."""
    most = _longest_list(g.list_ptr)
    cost, who = np.empty(most, np.int64), np.empty(most, np.int64)
    marks, team = np.empty(most, np.int64), np.empty(most, np.int64)
    for visit in range(first_visit, end):
        option = choice[visit]
        if option < 0:
            continue
        count = _member_costs(g, visit, option, noise, seed, cost, who, marks)
        penalty = missed_preference if g.prefers[visit] else 0
        cheapest_team(g.size[visit], g.needed[visit], penalty, cost, who, marks, count, team)
        for k in range(g.size[visit]):
            is_preferred = 0
            for j in range(MOST_PREFERRED):
                if g.preferred[visit, j] == team[k]:
                    is_preferred = 1
            for part in range(2):
                span, taken = g.option_spans[option, part], g.option_half_days[option, part]
                if span >= 0:
                    use[team[k], span] += taken
                    members[is_preferred, g.option_item[option], g.longest[team[k], span]] += taken / g.half_days[visit]


@compiled
def _longest_list(list_ptr: IntArray) -> int:
    most = 1
    for k in range(len(list_ptr) - 1):
        most = max(most, list_ptr[k + 1] - list_ptr[k])
    return most


@compiled
def _member_costs(
    g: _Given, visit: int, option: int, noise: int, seed: int, cost: IntArray, who: IntArray, marks: IntArray
) -> int:
    """Cost, number and mark of each member who can be had in the option's spans, whose trips and spans have room for
    the visit; how many there are.

    Bit t of a mark: the t-th needed tag is borne; bit ``MOST_TAGS``: the member is preferred.
    """
    count = 0
    day_count = (g.half_days[visit] + 1) // 2
    item = g.option_item[option]
    tags, preferred = 0, 0
    while tags < MOST_TAGS and g.needed_tags[visit, tags] >= 0:
        tags += 1
    while preferred < MOST_PREFERRED and g.preferred[visit, preferred] >= 0:
        preferred += 1
    for k in range(g.list_ptr[g.member_list[visit]], g.list_ptr[g.member_list[visit] + 1]):
        member = g.list_members[k]
        row = g.rows[g.home_of[member], item]
        is_preferred = 0
        for j in range(preferred):
            if g.preferred[visit, j] == member:
                is_preferred = 1
        total = g.fairness[member] * g.half_days[visit]
        for part in range(2):
            span = g.option_spans[option, part]
            if span >= 0:
                longest, taken = g.longest[member, span], g.option_half_days[option, part]
                least = g.share[is_preferred, row, longest]
                fits = longest >= g.half_days[visit] and g.capacity[member, span] >= taken
                if least >= LARGEST or not fits or not g.reachable[day_count, member, span]:
                    total = IMPOSSIBLE
                    break
                total += (least + g.prices[member, span]) * taken
        if total >= IMPOSSIBLE:
            continue
        if noise > 0:
            total += _noise(visit, member, seed, noise * g.half_days[visit])
        mark = is_preferred << MOST_TAGS
        for t in range(tags):
            if g.bears[g.needed_tags[visit, t], member]:
                mark |= 1 << t
        cost[count], who[count], marks[count] = total, member, mark
        count += 1
    return count


@compiled
def _noise(visit: int, member: int, seed: int, mean: int) -> int:
    """A sum drawn from an exponential distribution, the same for the same visit, member and seed."""
    mixed = (visit * 7919 + member * 104729 + seed * 1299709) & _MIX
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & _MIX
    mixed = ((mixed ^ (mixed >> 13)) * 3266489917) & _MIX
    mixed ^= mixed >> 16
    return int(-mean * np.log((mixed + 1.0) / (_MIX + 2.0)))


@compiled
def _choose_options(
    option_ptr: IntArray, best: IntArray, left_out: IntArray, value: IntArray, choice: IntArray
) -> None:
    """Each visit takes its cheapest option, or is unscheduled if that is cheaper."""
    for visit in range(len(left_out)):
        value[visit], choice[visit] = left_out[visit], NOWHERE
        for option in range(option_ptr[visit], option_ptr[visit + 1]):
            if best[option] < value[visit]:
                value[visit], choice[visit] = best[option], option


@compiled
def _choose_in_groups(
    option_ptr: IntArray, best: IntArray, left_out: IntArray, option_limit: IntArray, limits: IntArray,
    group_ptr: IntArray, group_visits: IntArray, group_burden: IntArray, value: IntArray, choice: IntArray,
) -> None:  # fmt: skip
    """The visits of an inspectee take their cheapest options together that keep its burden limits.

    Of a visit's options with the same limit only the cheapest counts; all combinations are tried.
    """
    room = limits.copy()
    for group in range(len(group_ptr) - 1):
        visits = group_visits[group_ptr[group] : group_ptr[group + 1]]
        burden = group_burden[group_ptr[group] : group_ptr[group + 1]]
        most = 1
        for visit in visits:
            most = max(most, option_ptr[visit + 1] - option_ptr[visit] + 1)
        choices = np.full((len(visits), most), NOWHERE, np.int64)
        numbers = np.ones(len(visits), np.int64)
        for k in range(len(visits)):
            for option in range(option_ptr[visits[k]], option_ptr[visits[k] + 1]):
                same = 0
                for j in range(1, numbers[k]):
                    if option_limit[choices[k, j]] == option_limit[option]:
                        same = j
                if best[option] >= IMPOSSIBLE:
                    continue
                if same == 0:
                    choices[k, numbers[k]] = option
                    numbers[k] += 1
                elif best[option] < best[choices[k, same]]:
                    choices[k, same] = option
        _try_combinations(visits, burden, choices, numbers, best, left_out, option_limit, room, value, choice)


@compiled
def _try_combinations(
    visits: IntArray, burden: IntArray, choices: IntArray, numbers: IntArray, best: IntArray, left_out: IntArray,
    option_limit: IntArray, room: IntArray, value: IntArray, choice: IntArray,
) -> None:  # fmt: skip
    """Keep the cheapest combination of one choice per visit that keeps the limits; scheduling none always does."""
    taken = np.zeros(len(visits), np.int64)
    least = IMPOSSIBLE
    while True:
        total, is_kept = 0, True
        for k in range(len(visits)):
            option = choices[k, taken[k]]
            total += left_out[visits[k]] if option < 0 else best[option]
            if option >= 0 and option_limit[option] >= 0:
                room[option_limit[option]] -= burden[k]
                is_kept = is_kept and room[option_limit[option]] >= 0
        for k in range(len(visits)):
            option = choices[k, taken[k]]
            if option >= 0 and option_limit[option] >= 0:
                room[option_limit[option]] += burden[k]
        if is_kept and total < least:
            least = total
            for k in range(len(visits)):
                option = choices[k, taken[k]]
                choice[visits[k]] = option
                value[visits[k]] = left_out[visits[k]] if option < 0 else best[option]
        k = 0
        while k < len(visits):
            taken[k] += 1
            if taken[k] < numbers[k]:
                break
            taken[k] = 0
            k += 1
        if k == len(visits):
            return
