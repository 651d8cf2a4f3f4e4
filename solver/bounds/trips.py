"""What a half-day on duty costs at least in travel, whatever the trip that it is part of.

A *trip* is a sequence of visits on consecutive dates between leaving home and coming home, with the nights away. A trip
of n half-days takes at least ⌈n/2⌉ days, so at least ⌈n/2⌉ − 1 nights away. It drives from base through each of its
places back to base, so at least R_p = the shortest path base → p plus the shortest path p → base, for each of its
places p; hence at least the mean of R_p over its half-days. So each half-day at p pays at least

    (R_p + overnight_metres · (⌈n/2⌉ − 1)) / n

of its trip. Shortest paths may lead over any place that people from this base may visit, so nothing is assumed about
the table: a matrix may be asymmetric and violate the triangle inequality. These shares are there at once; ``duals``
finds better ones, which consider the drives between the places of a trip.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from solver.bounds.items import Item
from solver.bounds.spans import Spans
from solver.bounds.stopping import Watch
from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates
from solver.travel import TravelTable

LONGEST = 14
"""Trips of this many half-days and more are one kind."""

DEAREST = 1 << 40
"""The share where no trip is possible; all others are reduced below it, see ``relaxation``."""


class Home(NamedTuple):
    """Where people set out, and what a night away costs them."""

    base: str
    overnight_metres: int


@dataclass(frozen=True, slots=True, eq=False)
class TripShares:
    """Lower bounds of travel, in thousandths of a score unit.

    ``share[p, row, n]`` is that of a half-day in any trip of up to n half-days, the same or less for more of them, for
    a member whom the visit prefers (p = 1) or not (p = 0); the row of home and item is ``rows[home_of[inspector],
    item]``. ``longest[i, s]`` is the most half-days of a trip of inspector i that touches span s, at most ``LONGEST``.
    ``duals`` raises shares in place.
    """

    homes: tuple[Home, ...]
    home_of: IntArray
    rows: IntArray
    share: IntArray
    longest: IntArray

    @classmethod
    def of(
        cls, candidates: Candidates, items: Sequence[Item], items_of: Sequence[IntArray], spans: Spans, watch: Watch
    ) -> TripShares:
        """The shares by the mean; ``items_of`` gives the items that each visit may be."""
        problem = candidates.problem
        home_by_inspector = [Home(who.base, problem.night_metres_of(who)) for who in problem.inspectors]
        homes = {home: number for number, home in enumerate(dict.fromkeys(home_by_inspector))}
        home_of = np.array([homes[home] for home in home_by_inspector], dtype=np.int64)
        longest = _longest_trips(candidates, spans, watch)
        rows = np.zeros((len(homes), max(1, len(items))), dtype=np.int64)
        shares = [np.full((1, LONGEST + 1), DEAREST)]
        count = 1
        visited_from = _visited_from(candidates, home_of, len(homes), items_of, watch)
        for home, visited in watch.each(zip(homes, visited_from, strict=True)):
            if len(visited):
                rows[homes[home], visited] = np.arange(count, count + len(visited))
                count += len(visited)
                round_trip = _round_trips(candidates, home, [items[item].group.place for item in visited.tolist()])
                shares.append(_shares(candidates, home, round_trip, int(longest.max(initial=1))))
        share = np.concatenate(shares)
        return cls(tuple(homes), home_of, rows, np.stack([share, share]), np.minimum(longest, LONGEST))


def _visited_from(
    candidates: Candidates, home_of: IntArray, homes: int, items_of: Sequence[IntArray], watch: Watch
) -> list[IntArray]:
    """By home the items that somebody from there may visit."""
    found: list[set[int]] = [set() for _ in range(homes)]
    known: dict[bytes, list[int]] = {}
    for number, items in watch.each(enumerate(items_of)):
        members = candidates.members(number)
        key = members.tobytes()
        if key not in known:
            known[key] = np.unique(home_of[members]).tolist()
        for home in known[key]:
            found[home].update(items.tolist())
    return [np.array(sorted(items), dtype=np.int64) for items in found]


def _round_trips(candidates: Candidates, home: Home, places: Sequence[str]) -> IntArray:
    """The shortest path to each place and home over any of them, in metres."""
    names = list(dict.fromkeys(places))
    table = TravelTable.of(candidates.problem, [home.base, *names])
    own, spots = table.index[home.base], [table.index[name] for name in names]
    inner = table.metres[np.ix_(spots, spots)]
    out, back = table.base_drives(own, home.overnight_metres)
    path = _shortest(out[spots], inner)
    path += _shortest(back[spots], np.ascontiguousarray(inner.T))
    found = dict(zip(names, path.tolist(), strict=True))
    return np.array([found[place] for place in places], dtype=np.int64)


def _shortest(first: IntArray, drives: IntArray) -> IntArray:
    """The shortest paths to all places over ``first`` and any drives between places (Dijkstra on a full table)."""
    path = first.copy()
    is_open = np.ones(len(path), dtype=np.bool_)
    for _ in range(len(path)):
        nearest = int(np.argmin(np.where(is_open, path, np.iinfo(np.int64).max)))
        is_open[nearest] = False
        path = np.minimum(path, path[nearest] + drives[nearest])
    return path


def _shares(candidates: Candidates, home: Home, round_trip: IntArray, most: int) -> IntArray:
    """Items × n: the least share of a half-day in trips up to n, rounded down; the last n holds longer ones."""
    table = np.full((len(round_trip), LONGEST + 1), DEAREST, dtype=np.int64)
    for n in range(1, max(most, LONGEST) + 1):
        share = priced(candidates, round_trip + home.overnight_metres * (days_spanned(n) - 1)) // n
        part = table[:, min(n, LONGEST) :]
        np.minimum(part, share[:, None], out=part)
    return table


def priced(candidates: Candidates, metres: IntArray) -> IntArray:
    """Metres in thousandths of a score unit, below ``DEAREST``."""
    price = candidates.problem.weights.travel
    ceiling = DEAREST // 2 // max(1, price)
    return np.minimum(metres, ceiling) * price


def _longest_trips(candidates: Candidates, spans: Spans, watch: Watch) -> IntArray:
    """Inspectors × spans: the most half-days of one trip that touches the span, by run and month cap."""
    calendar = candidates.calendar
    months = calendar.month_numbers
    found = np.zeros((len(candidates.problem.inspectors), len(spans.month_of)), dtype=np.int64)
    runs = list(calendar.runs())
    for number, inspector in watch.each(enumerate(candidates.problem.inspectors)):
        cap = inspector.half_days_per_month
        for stretch in _stretches(candidates.available[number], runs):
            days = np.bincount(months[stretch.start : stretch.stop] - months[stretch.start])
            half_days = 2 * days if cap is None else np.minimum(2 * days, cap)
            touched = found[number, spans.of_day[stretch.start] : spans.of_day[stretch.stop - 1] + 1]
            np.maximum(touched, half_days.sum(), out=touched)
    return found


def _stretches(free: BoolArray, runs: Iterable[range]) -> list[range]:
    """The stretches of consecutive dates on all of which somebody is free."""
    found: list[range] = []
    for run in runs:
        padded = np.concatenate([[False], free[run.start : run.stop], [False]])
        edges = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
        found += [range(run.start + a, run.start + b) for a, b in zip(edges[0::2], edges[1::2], strict=True)]
    return found
