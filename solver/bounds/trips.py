"""What a half-day on duty costs at least in travel, whatever the trip that it is part of.

A *trip* is a stretch of consecutive dates of duty between leaving home and coming home, its nights away. A trip of n
half-days takes at least ⌈n/2⌉ days, so at least ⌈n/2⌉ − 1 nights away. It drives from base through each of its places
back to base, so at least R_p = the shortest way base → p plus the shortest way p → base, for each of its places p;
hence at least the mean of R_p over its half-days. So each half-day at p pays at least

    (R_p + overnight_metres · (⌈n/2⌉ − 1)) / n

of its trip. The shortest ways may lead over any place that people from this base may visit, so nothing is asked of the
table: a matrix may be asymmetric and break the triangle inequality. These shares are there at once; ``tolls`` finds
better ones, which see the drives between the places of a trip.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.bounds.items import Item
from solver.bounds.spans import Spans
from solver.bounds.stopping import Watch
from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates
from solver.travel import TravelTable

LONGEST = 14
"""Trips of this many half-days and more are taken as one kind."""

DEAREST = 1 << 40
"""The share where no trip is possible; all others are cut down below it, see ``relaxation``."""


@dataclass(frozen=True, slots=True, eq=False)
class TripShares:
    """Least shares of travel, in thousandths of a score unit.

    ``share[row, n]`` is that of a half-day in any trip of up to n half-days, the same or less for more of them; the row
    of base and item is ``rows[base_of[inspector], item]``. ``longest[i, s]`` is the most half-days of a trip of
    inspector i that touches span s, at most ``LONGEST``. ``tolls`` raises shares in place.
    """

    bases: tuple[str, ...]
    base_of: IntArray
    rows: IntArray
    share: IntArray
    longest: IntArray

    @classmethod
    def of(
        cls, candidates: Candidates, items: Sequence[Item], items_of: Sequence[IntArray], spans: Spans, watch: Watch
    ) -> TripShares:
        """The shares by the mean; ``items_of`` gives the items that each visit may be."""
        problem = candidates.problem
        bases = {base: k for k, base in enumerate(dict.fromkeys(inspector.base for inspector in problem.inspectors))}
        base_of = np.array([bases[inspector.base] for inspector in problem.inspectors], dtype=np.int64)
        longest = _longest_trips(candidates, spans, watch)
        rows = np.zeros((len(bases), max(1, len(items))), dtype=np.int64)
        shares = [np.full((1, LONGEST + 1), DEAREST)]
        count = 1
        for number, visited in watch.each(_visited_from(candidates, base_of, len(bases), items_of, watch).items()):
            if len(visited):
                rows[number, visited] = np.arange(count, count + len(visited))
                count += len(visited)
                base = problem.inspectors[int(np.flatnonzero(base_of == number)[0])].base
                round_trip = _round_trips(candidates, base, [items[item].group.place for item in visited.tolist()])
                shares.append(_shares(candidates, round_trip, int(longest.max(initial=1))))
        return cls(tuple(bases), base_of, rows, np.concatenate(shares), np.minimum(longest, LONGEST))


def _visited_from(
    candidates: Candidates, base_of: IntArray, bases: int, items_of: Sequence[IntArray], watch: Watch
) -> dict[int, IntArray]:
    """The items that somebody from each base may visit."""
    found: dict[int, set[int]] = {base: set() for base in range(bases)}
    known: dict[bytes, list[int]] = {}
    for number, items in watch.each(enumerate(items_of)):
        members = candidates.members(number)
        key = members.tobytes()
        if key not in known:
            known[key] = np.unique(base_of[members]).tolist()
        for base in known[key]:
            found[base].update(items.tolist())
    return {base: np.array(sorted(items), dtype=np.int64) for base, items in found.items()}


def _round_trips(candidates: Candidates, base: str, places: Sequence[str]) -> IntArray:
    """The shortest way to each place and home over any of them, in metres."""
    names = list(dict.fromkeys(places))
    table = TravelTable.of(candidates.problem, [base, *names])
    home, spots = table.index[base], [table.index[name] for name in names]
    inner = table.metres[np.ix_(spots, spots)]
    way = _shortest(table.base_metres[home, spots], inner)
    way += _shortest(table.base_metres[spots, home], np.ascontiguousarray(inner.T))
    found = dict(zip(names, way.tolist(), strict=True))
    return np.array([found[place] for place in places], dtype=np.int64)


def _shortest(first: IntArray, drives: IntArray) -> IntArray:
    """The shortest ways to all places over ``first`` and any drives between places (Dijkstra on a full table)."""
    way = first.copy()
    is_open = np.ones(len(way), dtype=np.bool_)
    for _ in range(len(way)):
        nearest = int(np.argmin(np.where(is_open, way, np.iinfo(np.int64).max)))
        is_open[nearest] = False
        way = np.minimum(way, way[nearest] + drives[nearest])
    return way


def _shares(candidates: Candidates, round_trip: IntArray, most: int) -> IntArray:
    """Items × n: the least share of a half-day in trips up to n, rounded down; the last n holds longer ones."""
    overnight = min(map(candidates.problem.night_metres_of, candidates.problem.inspectors), default=0)
    table = np.full((len(round_trip), LONGEST + 1), DEAREST, dtype=np.int64)
    for n in range(1, max(most, LONGEST) + 1):
        share = priced(candidates, round_trip + overnight * (days_spanned(n) - 1)) // n
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
