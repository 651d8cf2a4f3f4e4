"""Shares of travel that see the drives between the places of a trip: tolls of which no trip pays more than it costs.

Let every item have a *toll*, paid by each visit of it on a trip. If no trip pays more than it costs, all tolls together
are at most the travel of any plan. The tolls that give most are the dual values of the linear program that covers the
visits with trips; its rows, one per trip, are made as they are needed (``routes`` finds them). Tolls between known good
ones and the program's are tried first (in-out separation, Ben-Ameur and Neto, Acceleration of cutting-plane and column
generation algorithms, 2007), so that there are better ones at any time. Only tolls for which ``routes`` finds no
trip that pays too much are ever taken: the program itself proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.bounds.items import ALONE, Item
from solver.bounds.relaxation import Relaxation
from solver.bounds.routes import Network, Table, overpaid_trips, trip_to
from solver.bounds.stopping import StopError, Watch, solve_program
from solver.bounds.trips import DEAREST, LONGEST, priced
from solver.calendar import IntArray, days_spanned
from solver.candidates import Candidates
from solver.travel import TravelTable

FloatArray = NDArray[np.float64]

MOST_ITEMS = 1500
"""Of a base with more items than this the drives between them are let go."""

_MOST_ROUNDS, _ROWS_A_ROUND = 300, 60

_ROUNDING = 0.01
"""What the program's values may be too small by, in thousandths of a score unit."""

_GOOD_ENOUGH = 0.003
"""The part of the program's value for which it is not worth to go on."""


def raise_shares(candidates: Candidates, relaxation: Relaxation, watch: Watch) -> None:
    """Raise the relaxation's shares base by base, those with few items first, until ``watch`` ends it."""
    trips = relaxation.trips
    for base in np.argsort((trips.rows > 0).sum(axis=1), kind="stable").tolist():
        if watch.should_stop():
            return
        _raise_from(candidates, relaxation, base, watch)


def _raise_from(candidates: Candidates, relaxation: Relaxation, base: int, watch: Watch) -> None:
    """Raise the shares of one base; what is not finished when time is over stays as it was.

    Trips in plain runs hold at most one visit of each group. What reaches into mixed runs as well pays no more there
    than in plain ones.
    """
    trips, items, share = relaxation.trips, relaxation.items, relaxation.trips.share
    visited = np.flatnonzero(trips.rows[base])
    if not 0 < len(visited) <= MOST_ITEMS:
        return
    lengths = np.unique(trips.longest[trips.base_of == base])
    demand = _demand(relaxation)[visited]
    rows, of_visited = trips.rows[base, visited], [items[item] for item in visited.tolist()]
    groups = {group: k for k, group in enumerate(dict.fromkeys(item.group for item in of_visited))}
    group_of = np.array([groups[item.group] for item in of_visited])
    in_plain_runs = [Item(group, is_plain=True, kind=ALONE, is_apart=False) for group in groups]
    ceiling = share[rows[np.unique(group_of, return_index=True)[1]]]
    network = _network(candidates, trips.bases[base], in_plain_runs)
    of_group: FloatArray = np.bincount(group_of, demand).astype(np.float64)
    _raise_lengths(network, lengths, of_group, np.full_like(ceiling, DEAREST), ceiling, watch)
    if watch.should_stop():
        return
    part = ceiling[group_of]
    mixed = np.flatnonzero([not item.is_plain for item in of_visited])
    if len(mixed):
        network = _network(candidates, trips.bases[base], [of_visited[k] for k in mixed.tolist()])
        known = np.minimum(share[rows[mixed]], part[mixed])
        raised = known.copy()
        _raise_lengths(network, lengths, demand[mixed], part[mixed], raised, watch)
        part[mixed] = known if watch.should_stop() else raised
    share[rows] = part


def _raise_lengths(
    network: Network, lengths: IntArray, demand: FloatArray, upper: IntArray, share: IntArray, watch: Watch
) -> None:  # fmt: skip
    """Raise the shares for each length of the longest trip, the longest first.

    A trip that touches two spans pays shares of two lengths if its inspector's longest trips differ there; so those
    of longer trips are never dearer.
    """
    half_days = network.half_days
    lower, tolls = np.zeros(len(half_days), dtype=np.int64), share[:, lengths[-1]] * half_days
    for longest in lengths[lengths > 0][::-1].tolist():
        if longest < LONGEST:
            tolls = _Tolls(network, longest, lower, upper[:, longest] * half_days, demand, watch).raised(tolls)
        share[:, longest], lower = tolls // half_days, tolls


def _demand(relaxation: Relaxation) -> FloatArray:
    """How many members each item needs, if the visits spread evenly over their options."""
    options = np.diff(relaxation.option_ptr)
    members = np.repeat(relaxation.size / np.maximum(1, options), options)
    found: FloatArray = np.bincount(relaxation.option_item, members, minlength=len(relaxation.items)).astype(np.float64)
    return found


def _network(candidates: Candidates, base: str, items: Sequence[Item]) -> Network:
    """The drives between a base and items.

    The nights of a visit may be spent at home, where home is nearer than a night away is dear. A trip then takes in
    what comes before and after them; what such nights cost less counts as a gain of the visit.
    """
    table = TravelTable.of(candidates.problem, [base, *(item.group.place for item in items)])
    home, spots = table.index[base], np.array([table.index[item.group.place] for item in items])
    inner = priced(candidates, table.metres[np.ix_(spots, spots)])
    inner[spots[:, None] == spots[None, :]] = 0
    out, back = priced(candidates, table.base_metres[home, spots]), priced(candidates, table.base_metres[spots, home])
    night = int(priced(candidates, np.array([table.overnight_metres]))[0])
    half_days = np.array([item.group.half_days for item in items], dtype=np.int64)
    relief = ((half_days + 1) // 2 - 1) * np.maximum(0, night - out - back)
    return Network.of(items, out, back, inner, night, relief)


class _Tolls:
    """The linear program of the best tolls for trips of up to so many half-days from one base."""

    def __init__(
        self, network: Network, longest: int, lower: IntArray, upper: IntArray, demand: FloatArray,
        watch: Watch,
    ) -> None:  # fmt: skip
        self._watch = watch
        self._network, self._longest, self._lower = network, longest, lower
        is_short = network.half_days <= longest
        self._demand = np.where(is_short, demand, 0.0)
        self._table = Table.of(longest, len(lower))
        self._program = pywraplp.Solver.CreateSolver("GLOP")
        self._known: set[tuple[int, ...]] = set()
        alone = np.array([self._cost([item]) for item in range(len(lower))])
        most = np.where(is_short, np.maximum(lower, np.minimum(alone, upper)), lower)
        self._toll = [
            self._program.NumVar(float(least), float(greatest), "")
            for least, greatest in zip(lower.tolist(), most.tolist(), strict=True)
        ]
        for toll, number in zip(self._toll, self._demand.tolist(), strict=True):
            self._program.Objective().SetCoefficient(toll, number)
        self._program.Objective().SetMaximization()

    def raised(self, start: IntArray) -> IntArray:
        """Tolls that give no less than ``start``, which must be such that no trip pays too much; the best at hand when
        time is over."""
        self._inner = start
        with suppress(StopError):
            self._inner = self._best_between(start)
        return self._inner

    def _best_between(self, start: IntArray) -> IntArray:
        """Tolls between known good ones, kept in ``_inner``, and those of the program, until they meet."""
        inner, part = start, 0.5
        for _ in range(_MOST_ROUNDS):
            if not solve_program(self._program, self._watch.should_stop):
                break
            outer = np.array([toll.solution_value() for toll in self._toll])
            if self._demand @ outer <= (1 + _GOOD_ENOUGH) * (self._demand @ inner):
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

    def _whole(self, tolls: FloatArray) -> IntArray:
        """Whole shares of each half-day, so whole multiples of the half-days; none below the least."""
        half_days = self._network.half_days
        whole: IntArray = (tolls + _ROUNDING).astype(np.int64) // half_days * half_days
        return np.maximum(self._lower, whole)

    def _separate(self, tolls: IntArray) -> int | None:
        """Rows for the trips that pay most beyond their cost; how many are new, none if no trip pays too much."""
        ends = np.zeros((len(tolls), 2), dtype=np.int64)
        gain = overpaid_trips(
            self._network, tolls + self._network.relief, self._longest, self._table, ends, self._watch
        )
        if not gain.any():
            return None
        added = 0
        for last in np.argsort(-gain)[:_ROWS_A_ROUND].tolist():
            if gain[last] > 0:
                half_days, seen = ends[last].tolist()
                added += self._add(trip_to(self._network, self._table, last, half_days, seen))
        return added

    def _add(self, trip: list[int]) -> bool:
        """A row: the trip pays no more than it costs. Whether it is new."""
        key = tuple(sorted(trip))
        if key in self._known:
            return False
        self._known.add(key)
        row = self._program.Constraint(-self._program.infinity(), float(self._cost(trip)))
        for item, times in Counter(trip).items():
            row.SetCoefficient(self._toll[item], times)
        return True

    def _cost(self, trip: list[int]) -> int:
        network = self._network
        drives = sum(int(network.drive[a, b]) for a, b in pairwise(trip))
        half_days = int(network.half_days[trip].sum())
        nights = days_spanned(half_days) - 1
        if half_days == len(trip) == 2:
            nights += network.needs_night(*trip)
        relief = int(network.relief[trip].sum())
        return int(network.out[trip[0]] + network.back[trip[-1]]) + drives + nights * network.night - relief
