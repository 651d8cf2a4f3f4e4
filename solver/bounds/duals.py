"""Dual prices of visits on trips: shares of travel that consider the drives between the places of a trip.

Every item has a *dual price*, which each of its visits pays to the trip that contains it. If no trip is paid more than
it costs, all payments together are at most the travel of any plan. A visit may pay more for a member whom it prefers
than for another: then the trips of each person are priced with that person's preferences, and the bound accounts for a
trip that is cheap only because it mixes the schools of several responsible inspectors. The best dual prices are those
of the linear program that covers the visits with trips (column generation; its columns are rows here, one per trip,
made as ``routes`` finds them). Prices between known feasible ones and the program's are tried first (in-out separation,
Ben-Ameur and Neto, Acceleration of cutting-plane and column generation algorithms, 2007), so that there are better ones
at any time. Only prices for which ``routes`` finds no profitable trip are ever taken: the program proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.bounds.items import Item
from solver.bounds.relaxation import Relaxation
from solver.bounds.routes import Network, Table, profitable_trips, trip_to
from solver.bounds.stopping import StopError, Watch, solve_program
from solver.bounds.trips import DEAREST, LONGEST, Home, priced
from solver.calendar import BoolArray, IntArray
from solver.candidates import Candidates
from solver.travel import TravelTable

FloatArray = NDArray[np.float64]

MOST_ITEMS, MOST_PLACES = 1500, 800
"""Of a home with more items or places than these the drives between them are relaxed."""

_MOST_ROUNDS, _ROWS_A_CLASS, _ENOUGH_ROWS = 400, 20, 40

_MOST_USEFUL = 0.6
"""Where more than this part of the items has a price, those without one are kept: it saves finding neighbours anew."""

_ROUNDING = 0.01
"""What the program's values may be too small by, in thousandths of a score unit."""

_GOOD_ENOUGH = 0.003
"""The part of the program's value for which it is not worth to go on."""

_EVEN_PART = 0.02
"""How much of the even demand is added to that of a solution, so that prices suit other solutions too."""


class Demand(NamedTuple):
    """How many members items need: 2 × items × lengths of the longest trip, for members not preferred and preferred.

    ``preference`` is what a missed preference costs, in thousandths; 0 takes all members alike.
    """

    members: FloatArray
    preference: int

    @classmethod
    def spread(cls, relaxation: Relaxation) -> Demand:
        """That of visits spread evenly over their options, by members who are all alike."""
        options = np.diff(relaxation.option_ptr)
        spread = np.repeat(relaxation.size / np.maximum(1, options), options)
        members = np.bincount(relaxation.option_item, spread, minlength=len(relaxation.items)).astype(np.float64)
        alike = np.stack([members, np.zeros_like(members)])
        return cls(np.repeat(alike[:, :, None], LONGEST + 1, axis=2), 0)

    @classmethod
    def of_use(cls, relaxation: Relaxation, use: FloatArray, preference: int) -> Demand:
        """That of visits as they are placed in a solution of the relaxation, and a little of that without one."""
        even = cls.spread(relaxation).members
        return cls(use + _EVEN_PART * (even + even[::-1]), preference)


def raise_shares(candidates: Candidates, relaxation: Relaxation, demand: Demand, watch: Watch) -> None:
    """Raise the relaxation's shares home by home, those with few items first, until ``watch`` ends it."""
    trips = relaxation.trips
    for home in np.argsort((trips.rows > 0).sum(axis=1), kind="stable").tolist():
        if watch.should_stop():
            return
        with suppress(StopError):
            _raise_of_home(candidates, relaxation, home, demand, watch)


def _raise_of_home(candidates: Candidates, relaxation: Relaxation, home: int, demand: Demand, watch: Watch) -> None:
    """Raise the shares of one home; what is not finished when time is over stays as it was.

    Trips in plain runs hold at most one visit of each group. What reaches into mixed runs as well pays no more there
    than in plain ones.
    """
    trips, items, share = relaxation.trips, relaxation.items, relaxation.trips.share
    visited = np.flatnonzero(trips.rows[home])
    rows, of_visited = trips.rows[home, visited], [items[item] for item in visited.tolist()]
    if not 0 < len(visited) <= MOST_ITEMS or len({item.group.place for item in of_visited}) > MOST_PLACES:
        return
    people = np.flatnonzero(trips.home_of == home)
    lengths = np.unique(trips.longest[people])
    members = demand.members[:, visited]
    in_plain_runs = list(dict.fromkeys(item.in_plain_runs() for item in of_visited))
    number_of = {item: number for number, item in enumerate(in_plain_runs)}
    group_of = np.array([number_of[item.in_plain_runs()] for item in of_visited])
    ceiling = share[:, rows[np.unique(group_of, return_index=True)[1]]]
    network = _network(candidates, trips.homes[home], in_plain_runs, watch)
    classes = _Classes(relaxation, people, in_plain_runs)
    of_group = np.zeros((2, len(in_plain_runs), LONGEST + 1))
    for kind in range(2):
        np.add.at(of_group[kind], group_of, members[kind])
    for_plain = Demand(of_group, demand.preference)
    _raise_lengths(network, classes, lengths, for_plain, np.full_like(ceiling, DEAREST), ceiling, watch)
    part = ceiling[:, group_of]
    mixed = np.flatnonzero([not item.is_plain for item in of_visited])
    if len(mixed):
        in_mixed_runs = [of_visited[k] for k in mixed.tolist()]
        classes = _Classes(relaxation, people, in_mixed_runs)
        for_mixed = Demand(members[:, mixed], demand.preference)
        network = _network(candidates, trips.homes[home], in_mixed_runs, watch)
        known = np.minimum(share[:, rows[mixed]], part[:, mixed])
        raised = known.copy()
        _raise_lengths(network, classes, lengths, for_mixed, part[:, mixed], raised, watch)
        part[:, mixed] = raised
    share[:, rows] = part


class _Classes:
    """People of one home, by the items that prefer them: people of one class see the same prices."""

    def __init__(self, relaxation: Relaxation, people: IntArray, items: Sequence[Item]) -> None:
        self._longest = relaxation.trips.longest[people]
        self._prefers = np.zeros((len(people), len(items)), dtype=np.bool_)
        number_of = {person: k for k, person in enumerate(people.tolist())}
        for position, item in enumerate(items):
            for person in item.preferred:
                if person in number_of:
                    self._prefers[number_of[person], position] = True

    def with_trips_up_to(self, longest: int, *, are_alike: bool) -> BoolArray:
        """Classes × items: the items that prefer the class, of people with a longest trip that is this long or less.

        Prices for shorter trips build on those for longer ones, so these must suit everybody who will pay the former.
        """
        if are_alike:
            return np.zeros((1, self._prefers.shape[1]), dtype=np.bool_)
        is_concerned = ((self._longest > 0) & (self._longest <= longest)).any(axis=1)
        found: BoolArray = np.unique(self._prefers[is_concerned], axis=0)
        return found


def _raise_lengths(
    network: Network,
    classes: _Classes,
    lengths: IntArray,
    demand: Demand,
    upper: IntArray,
    share: IntArray,
    watch: Watch,
) -> None:
    """Raise the shares for each length of the longest trip, the longest first.

    A trip that touches two spans pays shares of two lengths if its inspector's longest trips differ there; so those
    of longer trips are never higher. Where time is over the shares of shorter trips are those of longer ones.
    """
    half_days = network.half_days
    lower, prices = None, share[:, :, lengths[-1]] * half_days
    trips: set[_Trip] = set()
    for longest in lengths[lengths > 0][::-1].tolist():
        if longest < LONGEST:
            least = np.zeros_like(prices) if lower is None else lower
            of_length = classes.with_trips_up_to(longest, are_alike=demand.preference == 0)
            program = _CoveringDual(network, of_length, longest, least, upper[:, :, longest] * half_days, demand, watch)
            program.add_trips(trips)
            prices = program.raised(prices)
            trips = program.trips
        if lower is None and watch.should_stop():
            return
        share[:, :, longest], lower = prices // half_days, prices


def _network(candidates: Candidates, home: Home, items: Sequence[Item], watch: Watch) -> Network:
    """The shortest paths between a base and items.

    They are paths over any of the places, so an item without a price can be omitted from a trip, which gets no longer.
    The nights of a visit may be spent at home, where that costs less than a night away. A trip then contains what comes
    before and after them; what such nights cost less counts as a gain of the visit.
    """
    names = list(dict.fromkeys(item.group.place for item in items))
    table = TravelTable.of(candidates.problem, [home.base, *names])
    own, spots = table.index[home.base], np.array([table.index[name] for name in names])
    inner = table.metres[np.ix_(spots, spots)]
    np.fill_diagonal(inner, 0)
    for place in watch.each(range(len(names))):
        np.minimum(inner, inner[:, place, None] + inner[None, place, :], out=inner)
    direct_out, direct_back = table.base_drives(own, home.overnight_metres)
    out = priced(candidates, (direct_out[spots][:, None] + inner).min(axis=0))
    back = priced(candidates, (inner + direct_back[spots][None, :]).min(axis=1))
    number_of = {name: k for k, name in enumerate(names)}
    at = np.array([number_of[item.group.place] for item in items])
    night = int(priced(candidates, np.array([home.overnight_metres]))[0])
    half_days = np.array([item.group.half_days for item in items], dtype=np.int64)
    relief = ((half_days + 1) // 2 - 1) * np.maximum(0, night - out[at] - back[at])
    return Network.of(items, out[at], back[at], priced(candidates, inner[np.ix_(at, at)]), night, relief)


class _Trip(NamedTuple):
    """What is paid to a trip: by visit whether it prefers the traveller, and its item; and what the trip costs."""

    visited: tuple[tuple[int, int], ...]
    cost: int


class _CoveringDual:
    """The linear program of the best dual prices for trips of up to so many half-days from one home.

    Multipliers are 2 × items: for members who are not preferred, and for those who are.
    """

    def __init__(
        self, network: Network, classes: BoolArray, longest: int, lower: IntArray, upper: IntArray, demand: Demand,
        watch: Watch,
    ) -> None:  # fmt: skip
        self._network, self._classes, self._longest, self._lower = network, classes, longest, lower
        self._watch, self._next_class = watch, 0
        is_short = network.half_days <= longest
        is_preferring = classes.any(axis=0) & is_short
        self._is_preferring = is_preferring.tolist()
        members = np.where(is_short, demand.members[:, :, longest], 0.0)
        self._demand = np.where(is_preferring, members, np.stack([members.sum(axis=0), np.zeros(len(is_short))]))
        self._table = Table.of(longest, len(is_short))
        self._program = pywraplp.Solver.CreateSolver("GLOP")
        self.trips: set[_Trip] = set()
        """Those that have a row."""
        nights = (network.half_days + 1) // 2 - 1
        alone = network.out + network.back + nights * network.night - network.relief
        most = np.where(is_short, np.maximum(lower, np.minimum(alone, upper)), lower)
        self._price = [self._variables(least, greatest) for least, greatest in zip(lower, most, strict=True)]
        for item, differs in enumerate(self._is_preferring):
            if differs:
                most_apart = max(demand.preference, int(lower[1, item] - lower[0, item]))
                row = self._program.Constraint(0, float(most_apart))
                row.SetCoefficient(self._price[1][item], 1)
                row.SetCoefficient(self._price[0][item], -1)
            else:
                self._price[1][item] = self._price[0][item]
        objective = self._program.Objective()
        for prices, numbers in zip(self._price, self._demand.tolist(), strict=True):
            for price, number in zip(prices, numbers, strict=True):
                objective.SetCoefficient(price, objective.GetCoefficient(price) + number)
        objective.SetMaximization()

    def _variables(self, lower: IntArray, upper: IntArray) -> list[pywraplp.Variable]:
        bounds = zip(lower.tolist(), upper.tolist(), strict=True)
        return [self._program.NumVar(float(least), float(greatest), "") for least, greatest in bounds]

    def raised(self, start: IntArray) -> IntArray:
        """Prices worth no less than ``start``, which must be such that no trip has a profit.

        The best at hand when time is over.
        """
        self._inner = start
        with suppress(StopError):
            self._inner = self._best_between(start)
        return self._inner

    def _best_between(self, start: IntArray) -> IntArray:
        """Prices between known feasible ones, kept in ``_inner``, and those of the program, until they meet."""
        inner, part = start, 0.5
        for _ in range(_MOST_ROUNDS):
            if not solve_program(self._program, self._watch.should_stop):
                break
            outer = np.array([[price.solution_value() for price in prices] for prices in self._price])
            if self._worth(outer) <= (1 + _GOOD_ENOUGH) * self._worth(inner):
                tried = self._whole(outer)
                return tried if self._separate(tried) is None else inner
            tried = self._whole(inner + part * (outer - inner))
            added = self._separate(tried)
            if added is None:
                self._inner = inner = tried
                part = min(0.9, part + 0.1)
                continue
            part = max(0.1, 0.8 * part)
            if added:
                continue
            tried = self._whole(outer)
            added = self._separate(tried)
            if added is None:
                return tried
            if not added:
                break
        return inner

    def _worth(self, prices: FloatArray | IntArray) -> float:
        return float((self._demand * prices).sum())

    def _whole(self, prices: FloatArray) -> IntArray:
        """Whole shares of each half-day, so whole multiples of the half-days; none below the least."""
        half_days = self._network.half_days
        whole: IntArray = (prices + _ROUNDING).astype(np.int64) // half_days * half_days
        return np.maximum(self._lower, whole)

    def _separate(self, prices: IntArray) -> int | None:
        """Rows for profitable trips, class by class until there are enough.

        How many are new; none if no trip of any class has a profit.
        """
        added, is_feasible = 0, True
        for _ in self._classes:
            found, new = self._separate_class(prices, self._classes[self._next_class])
            added, is_feasible = added + new, is_feasible and not found
            if added >= _ENOUGH_ROWS:
                break
            self._next_class = (self._next_class + 1) % len(self._classes)
        return None if is_feasible else added

    def _separate_class(self, prices: IntArray, prefers: BoolArray) -> tuple[bool, int]:
        """Rows for the trips of highest profit of one class; whether there are such, and how many rows are new."""
        network = self._network
        paid = np.where(prefers, prices[1], prices[0])
        is_useful = (paid + network.relief > 0) & (network.half_days <= self._longest)
        useful = np.flatnonzero(is_useful | (is_useful.mean() > _MOST_USEFUL))
        if not len(useful):
            return False, 0
        part = network.among(useful) if len(useful) < len(paid) else network
        ends = np.zeros((len(useful), 2), dtype=np.int64)
        profit = profitable_trips(part, paid[useful] + part.relief, self._longest, self._table, ends, self._watch)
        best = [last for last in np.argsort(-profit)[:_ROWS_A_CLASS].tolist() if profit[last] > 0]
        trips = [useful[trip_to(part, self._table, last, *ends[last].tolist())] for last in best]
        costs = [int(paid[trip].sum() - profit[last]) for trip, last in zip(trips, best, strict=True)]
        rows = [
            _Trip(tuple(sorted((int(prefers[item]), item) for item in trip.tolist())), cost)
            for trip, cost in zip(trips, costs, strict=True)
        ]
        return bool(best), sum(self._add(row) for row in rows)

    def add_trips(self, trips: Iterable[_Trip]) -> None:
        """Rows for known trips that are not too long."""
        half_days = self._network.half_days.tolist()
        for trip in trips:
            if sum(half_days[item] for _, item in trip.visited) <= self._longest:
                self._add(trip)

    def _add(self, trip: _Trip) -> bool:
        """A row: the trip is paid no more than it costs. Whether it is new."""
        if trip in self.trips:
            return False
        self.trips.add(trip)
        row = self._program.Constraint(-self._program.infinity(), float(trip.cost))
        for (is_preferred, item), times in Counter(trip.visited).items():
            price = self._price[is_preferred][item]
            row.SetCoefficient(price, row.GetCoefficient(price) + times)
        return True
