"""Multipliers of half-days: from the dual values of a linear program per pool, and by subgradient ascent.

Nothing here proves anything: whatever multipliers result, ``lagrange`` turns them into a bound in whole numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.bounds.lagrange import Multipliers, Valuation
from solver.bounds.relaxation import LARGEST, Relaxation
from solver.bounds.stopping import Watch, solve_program
from solver.calendar import IntArray

FloatArray = NDArray[np.float64]


def weight_multipliers(
    relaxation: Relaxation,
    is_over: Callable[[], bool],
    open_visits: Sequence[int] | None = None,
    watch: Watch | None = None,
) -> Multipliers:
    """What the unscheduled weight, in thousandths, would fall by with one half-day more of an inspector.

    Dual values of the linear program of placing visits in spans, pool by pool; that a member can be only once in a
    team is relaxed there. A pool whose turn does not come before time is over has none. Turns go by the weight of
    ``open_visits``, those that a known plan leaves out; where it leaves out none there is nothing to price.
    """
    watch = watch or Watch()
    prices = Multipliers.none(relaxation)
    for visits in _in_turn(relaxation, _pools(relaxation), open_visits):
        if is_over():
            break
        _price_pool(relaxation, visits, prices, watch)
    return prices


def _in_turn(relaxation: Relaxation, pools: list[list[int]], open_visits: Sequence[int] | None) -> list[list[int]]:
    """The pools with open visits, the most weight first; all of them if no plan is known."""
    if open_visits is None:
        return pools
    weight = np.zeros_like(relaxation.weight)
    weight[list(open_visits)] = relaxation.weight[list(open_visits)]
    concerned = [pool for pool in pools if weight[pool].any()]
    return sorted(concerned, key=lambda pool: -int(weight[pool].sum()))


class _Kind(NamedTuple):
    """Visits that are alike: the same options, members, team and weight."""

    options: bytes
    members: int
    size: int
    needs: bytes
    weight: int


def _pools(relaxation: Relaxation) -> list[list[int]]:
    """The visits by connected lists of members, the smallest pools first; visits with no option are omitted."""
    parent = list(range(len(relaxation.reachable[0])))

    def root(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    lists = [
        relaxation.list_members[relaxation.list_ptr[k] : relaxation.list_ptr[k + 1]].tolist()
        for k in range(len(relaxation.list_ptr) - 1)
    ]
    narrow = [members for members in lists if len(members) <= _WIDEST_LIST]
    for members in narrow:
        for member in members[1:]:
            parent[root(member)] = root(members[0])
    pools: dict[int, list[int]] = {}
    has_options = np.diff(relaxation.option_ptr) > 0
    for visit in np.flatnonzero(has_options).tolist():
        members = lists[relaxation.member_list[visit]]
        if 0 < len(members) <= _WIDEST_LIST:
            pools.setdefault(root(members[0]), []).append(visit)
    return sorted(pools.values(), key=len)


_WIDEST_LIST = 120
"""Visits with more candidates than this join pools that are better priced apart; they are few."""


def _price_pool(relaxation: Relaxation, visits: list[int], prices: Multipliers, watch: Watch) -> None:
    """Solve the linear program of one pool and note its dual values."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    program = _Program(relaxation, solver)
    for kind, count in watch.each(_kinds(relaxation, visits, watch).items()):
        program.add(kind, count)
    solver.Objective().SetMinimization()
    is_solved = solve_program(solver, watch.should_stop)
    watch()
    if not is_solved:
        return
    for (place, member, number), row in program.rooms.items():
        prices[place][member, number] = min(LARGEST, max(0, round(-1000 * row.dual_value())))


def _kinds(relaxation: Relaxation, visits: list[int], watch: Watch) -> dict[tuple[_Kind, int], int]:
    """How many visits there are of each kind, with one of them as its example."""
    counts: Counter[_Kind] = Counter()
    example: dict[_Kind, int] = {}
    for visit in watch.each(visits):
        own = slice(relaxation.option_ptr[visit], relaxation.option_ptr[visit + 1])
        spans, half_days = relaxation.option_spans[own], relaxation.option_half_days[own]
        kind = _Kind(
            spans.tobytes() + half_days.tobytes(),
            int(relaxation.member_list[visit]),
            int(relaxation.size[visit]),
            relaxation.needed_tags[visit].tobytes() + relaxation.needed[visit].tobytes(),
            int(relaxation.weight[visit]),
        )
        counts[kind] += 1
        example.setdefault(kind, visit)
    return {(kind, example[kind]): count for kind, count in counts.items()}


class _Program:
    """The linear program of one pool: how much of each kind of visit lies in each option, with whom."""

    def __init__(self, relaxation: Relaxation, solver: pywraplp.Solver) -> None:
        self._r = relaxation
        self._solver = solver
        spans = np.arange(len(relaxation.month_of_span))
        numbers = (spans, relaxation.month_of_span, relaxation.year_of_span)
        self._capacities = [
            (capacity.tolist(), number_of.tolist())
            for capacity, number_of in zip(relaxation.capacities, numbers, strict=True)
        ]
        self.rooms: dict[tuple[int, int, int], pywraplp.Constraint] = {}
        """A member's room, by the place of its price in ``Multipliers``, the member, and the span, month or year."""

    def add(self, kind: tuple[_Kind, int], count: int) -> None:
        """Demand: all of the visits of a kind lie somewhere or are unscheduled."""
        r, visit = self._r, kind[1]
        demand = self._solver.Constraint(count, count)
        left_out = self._solver.NumVar(0, count, "")
        demand.SetCoefficient(left_out, 1)
        self._solver.Objective().SetCoefficient(left_out, float(r.weight[visit]))
        members = r.list_members[r.list_ptr[r.member_list[visit]] : r.list_ptr[r.member_list[visit] + 1]].tolist()
        own = slice(r.option_ptr[visit], r.option_ptr[visit + 1])
        for option in np.unique(np.hstack([r.option_spans[own], r.option_half_days[own]]), axis=0).tolist():
            self._add_option(visit, option, members, demand)

    def _add_option(self, visit: int, option: list[int], members: list[int], demand: pywraplp.Constraint) -> None:
        r, solver = self._r, self._solver
        size, day_count = int(r.size[visit]), int(r.half_days[visit] + 1) // 2
        spans = [(span, half_days) for span, half_days in zip(option[:2], option[2:], strict=True) if half_days]
        placed = solver.NumVar(0, solver.infinity(), "")
        demand.SetCoefficient(placed, 1)
        team = solver.Constraint(0, 0)
        team.SetCoefficient(placed, -size)
        needs = [
            (r.bears[tag], least) for tag, least in zip(r.needed_tags[visit], r.needed[visit], strict=True) if tag >= 0
        ]
        rows = []
        for bears, least in needs:
            row = solver.Constraint(0, solver.infinity())
            row.SetCoefficient(placed, -float(least))
            rows.append((bears, row))
        reachable = r.reachable[day_count][:, [span for span, _ in spans]].all(axis=1)
        for member in members:
            if not reachable[member]:
                continue
            duty = solver.NumVar(0, solver.infinity(), "")
            team.SetCoefficient(duty, 1)
            for bears, row in rows:
                if bears[member]:
                    row.SetCoefficient(duty, 1)
            for span, half_days in spans:
                self._take(member, span, half_days, duty)

    def _take(self, member: int, span: int, half_days: int, duty: pywraplp.Variable) -> None:
        """The duty takes half-days of the member's span, and of a capped month and year."""
        for place, (capacity, number_of) in enumerate(self._capacities):
            number = number_of[span]
            room = capacity[member][number]
            if room >= LARGEST:
                continue
            row = self.rooms.get((place, member, number))
            if row is None:
                row = self.rooms[place, member, number] = self._solver.Constraint(0, float(room))
            row.SetCoefficient(duty, row.GetCoefficient(duty) + half_days)


class AscentSchedule(NamedTuple):
    """Steps and noise of the ascent, in thousandths of a score unit, both shrinking geometrically."""

    rounds: int = 240
    first_step: float = 1_500.0
    last_step: float = 50.0
    first_noise: float = 1_500.0
    last_noise: float = 100.0
    rounds_between_looks: int = 20
    memory: float = 0.9
    long_memory: float = 0.99


FIRST_ASCENT = AscentSchedule()
LATER_ASCENT = AscentSchedule(first_step=500.0, first_noise=500.0)


def subgradient_ascent(
    relaxation: Relaxation,
    valuation: Valuation,
    start: Multipliers,
    time_used: Callable[[], float],
    on_value: Callable[[int], None],
    schedule: AscentSchedule = FIRST_ASCENT,
) -> Multipliers:
    """Multipliers better than those given; ``on_value`` is called with bounds on the way, in thousandths.

    ``time_used`` is the part of the time given that is used up: the ascent ends at 1, and its steps shrink with time
    where that goes faster than the rounds.

    The subgradient of the bound is use − capacity, and load − fair part. Where several people cost alike the choice of
    one of them jumps, so ties are broken at random in each round; steps are scaled by multiplier with running means of
    subgradient and squared subgradient (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1).
    """
    on_value(valuation.bound(start))
    prices = [price.astype(np.float64) for price in start]
    means: list[FloatArray] = [np.zeros_like(price) for price in prices]
    squares: list[FloatArray] = [np.zeros_like(price) for price in prices]
    subgradient_of = _Subgradient(relaxation)
    ranges = (
        *[(0, LARGEST)] * 3,
        (0, relaxation.overload_price),
        (-relaxation.balance.price, relaxation.balance.price),
    )
    first_used = time_used()
    for round_number in range(1, schedule.rounds + 1):
        used = time_used()
        if used >= 1:
            break
        part = max(round_number / schedule.rounds, (used - first_used) / (1 - first_used))
        noise = schedule.first_noise * (schedule.last_noise / schedule.first_noise) ** part
        step = schedule.first_step * (schedule.last_step / schedule.first_step) ** part
        valuation.choose(_whole(prices), int(noise), round_number)
        slopes = subgradient_of(valuation.use.astype(np.float64), prices)
        for price, slope, mean, square, (low, high) in zip(prices, slopes, means, squares, ranges, strict=True):
            inward = np.where(((price <= low) & (slope < 0)) | ((price >= high) & (slope > 0)), 0.0, slope)
            mean += (1 - schedule.memory) * (inward - mean)
            square += (1 - schedule.long_memory) * (inward**2 - square)
            scale = np.sqrt(square / (1 - schedule.long_memory**round_number)) + 1e-9
            price += step * mean / (1 - schedule.memory**round_number) / scale
            np.clip(price, low, high, out=price)
        if round_number % schedule.rounds_between_looks == 0:
            on_value(valuation.bound(_whole(prices)))
        if round_number == schedule.rounds // 2:
            valuation.members[:] = 0
    on_value(valuation.bound(_whole(prices)))
    return _whole(prices)


class _Subgradient:
    """The subgradient of the bound by multiplier, from the half-days that the choice takes by inspector and span."""

    def __init__(self, relaxation: Relaxation) -> None:
        self._r = relaxation
        self._of_month = _belongs(relaxation.month_of_span, relaxation.month_capacity.shape[1])
        self._of_year = _belongs(relaxation.year_of_span, relaxation.year_capacity.shape[1])
        share = relaxation.balance.share.astype(np.float64)
        self._fair_part = share / np.maximum(1.0, share.sum(axis=1, keepdims=True))
        expected = relaxation.balance.expected_load(np.diff(relaxation.option_ptr) > 0)
        fair = self._fair_part * expected[:, None]
        self._below, self._above = fair - np.floor(fair), np.ceil(fair) - fair

    def __call__(self, use: FloatArray, prices: list[FloatArray]) -> tuple[FloatArray, ...]:
        groups, r = self._r.balance, self._r
        load = np.where(groups.is_in, use.sum(axis=1) + groups.before, 0.0)
        deviation = load - self._fair_part * load.sum(axis=1, keepdims=True)
        rounding = np.where(prices[-1] > 0, self._above, -self._below)
        rounding = np.where(prices[-1] == 0, np.clip(deviation, -self._below, self._above), rounding)
        return (
            use - r.capacity,
            _over(use @ self._of_month, r.month_capacity),
            _over(use @ self._of_year, r.year_capacity),
            _over(use @ self._of_month, r.overload_capacity),
            np.where(groups.is_in, deviation - rounding, 0.0),
        )


def _belongs(group_of: IntArray, groups: int) -> FloatArray:
    """Spans × groups: 1 where the span is of the group."""
    found: FloatArray = (group_of[:, None] == np.arange(groups)[None, :]).astype(np.float64)
    return found


def _over(use: FloatArray, capacity: IntArray) -> FloatArray:
    """Use beyond the capacity, where there is one."""
    found: FloatArray = np.where(capacity < LARGEST, use - capacity, 0.0)
    return found


def _whole(prices: list[FloatArray]) -> Multipliers:
    return Multipliers(*(price.astype(np.int64) for price in prices))
