"""What a half-day on duty costs at least in travel, whatever the trip that it is part of.

A *trip* is a stretch of consecutive dates of duty between leaving home and coming home, its nights away. A trip of n
half-days takes at least ⌈n/2⌉ days, so at least ⌈n/2⌉ − 1 nights away. It drives from base through each of its places
back to base, so at least R_p = the shortest way base → p plus the shortest way p → base, for each of its places p;
hence at least the mean of R_p over its half-days. So each half-day at p pays at least

    (R_p + overnight_metres · (⌈n/2⌉ − 1)) / n

of its trip. The shortest ways may lead over any place that people from this base may visit, so nothing is asked of the
table: a matrix may be asymmetric and break the triangle inequality.

In a trip of two half-days a visit of one half-day has another visit beside it: at another place, with a drive between
them, or at the same place on the next day, after a night away. Let r_p be half the shortest drive to another place, but
not more than half of ``overnight_metres``, so that r_p + r_q ≤ drive and 2 · r_p ≤ night. Such a visit pays
min(base → p, p → base) + r_p; where two of them may meet on one day at one place there need be neither, and none pays
r_p.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates
from solver.problem import Visit
from solver.travel import TravelTable

LONGEST = 14
"""Trips of this many half-days and more are taken as one kind."""

DEAREST = 1 << 40
"""The share where no trip is possible; all others are cut down below it, see ``relaxation``."""


@dataclass(frozen=True, slots=True, eq=False)
class TripShares:
    """Least shares of travel, in thousandths of a score unit.

    ``share[pays_drive, row, n]`` is that of a half-day in any trip of up to n half-days; ``pays_drive`` is 1 for a
    visit that pays its part of the drive to the other half of the day; the row of base and place is
    ``rows[base_of[inspector], place]``. ``longest[i, m]`` is the most half-days of a trip of inspector i that touches
    month m, at most ``LONGEST``.
    """

    places: dict[str, int]
    base_of: IntArray
    rows: IntArray
    share: IntArray
    longest: IntArray

    @classmethod
    def of(cls, candidates: Candidates) -> TripShares:
        """Work out the shares of a problem."""
        problem = candidates.problem
        places = {place: k for k, place in enumerate(dict.fromkeys(unit.place for unit in problem.inspectees))}
        bases = {base: k for k, base in enumerate(dict.fromkeys(inspector.base for inspector in problem.inspectors))}
        base_of = np.array([bases[inspector.base] for inspector in problem.inspectors], dtype=np.int64)
        longest = _longest_trips(candidates)
        rows = np.zeros((len(bases), max(1, len(places))), dtype=np.int64)
        shares = [np.full((2, 1, LONGEST + 1), DEAREST)]
        count = 1
        visited = _visited_from(candidates, base_of, len(bases))
        for base, number in bases.items():
            names = sorted(visited[number])
            if names:
                rows[number, [places[place] for place in names]] = np.arange(count, count + len(names))
                count += len(names)
                drives = _Drives.of(TravelTable.of(problem, [base, *names]), base, names)
                shares.append(_shares(candidates, drives, int(longest.max(initial=1))))
        return cls(
            places=places,
            base_of=base_of,
            rows=rows,
            share=np.concatenate(shares, axis=1),
            longest=np.minimum(longest, LONGEST),
        )


def _visited_from(candidates: Candidates, base_of: IntArray, bases: int) -> dict[int, set[str]]:
    """The places that somebody from each base may visit."""
    found: dict[int, set[str]] = {base: set() for base in range(bases)}
    known: dict[bytes, list[int]] = {}
    for number, visit in enumerate(candidates.problem.visits):
        members = candidates.members(number)
        key = members.tobytes()
        if key not in known:
            known[key] = np.unique(base_of[members]).tolist()
        for base in known[key]:
            found[base].add(candidates.inspectees[visit.inspectee].place)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Drives:
    """Metres per place, for people from one base.

    ``round_trip`` is the shortest way there and home over any places, ``single`` the lesser of the two drives from and
    to base, ``radius`` half the shortest drive to another of the places, or half a night away if that is less.
    """

    round_trip: IntArray
    single: IntArray
    radius: IntArray

    @classmethod
    def of(cls, table: TravelTable, base: str, names: list[str]) -> _Drives:
        """Take them from a table that holds base and places."""
        home, spots = table.index[base], [table.index[name] for name in names]
        inner = table.metres[np.ix_(spots, spots)]
        out, back = table.base_metres[home, spots], table.base_metres[spots, home]
        apart = np.where(np.eye(len(names), dtype=np.bool_), table.overnight_metres, np.minimum(inner, inner.T))
        round_trip = _shortest(out, inner) + _shortest(back, np.ascontiguousarray(inner.T))
        return cls(round_trip, np.minimum(out, back), apart.min(axis=1) // 2)


def _shortest(first: IntArray, drives: IntArray) -> IntArray:
    """The shortest ways to all places over ``first`` and any drives between places (Dijkstra on a full table)."""
    way = first.copy()
    is_open = np.ones(len(way), dtype=np.bool_)
    for _ in range(len(way)):
        nearest = int(np.argmin(np.where(is_open, way, np.iinfo(np.int64).max)))
        is_open[nearest] = False
        way = np.minimum(way, way[nearest] + drives[nearest])
    return way


def _shares(candidates: Candidates, drives: _Drives, most: int) -> IntArray:
    """2 × places × n: the least share of a half-day in trips up to n, rounded down; the last n holds longer ones."""
    overnight = candidates.problem.overnight_metres
    table = np.full((2, len(drives.single), LONGEST + 1), DEAREST, dtype=np.int64)
    for n in range(1, max(most, LONGEST) + 1):
        mean = _priced(candidates, drives.round_trip + overnight * (days_spanned(n) - 1)) // n
        alike = (mean, mean)
        if n == 2:
            alike = (
                np.minimum(mean, _priced(candidates, drives.single)),
                _priced(candidates, drives.single + drives.radius),
            )
        for pays_drive, share in enumerate(alike):
            part = table[pays_drive, :, min(n, LONGEST) :]
            np.minimum(part, share[:, None], out=part)
    return table


def _priced(candidates: Candidates, metres: IntArray) -> IntArray:
    """Metres in thousandths of a score unit, below ``DEAREST``."""
    price = candidates.problem.weights.travel
    ceiling = DEAREST // 2 // max(1, price)
    return np.minimum(metres, ceiling) * price


class DayDrives:
    """Which visits of one half-day pay for a drive to the other half of the day: those alone at their place then."""

    def __init__(self, candidates: Candidates) -> None:
        self._place_of = {unit.id: unit.place for unit in candidates.problem.inspectees}
        self._at_place: dict[str, list[Visit]] = {}
        for visit in candidates.problem.visits:
            if visit.half_days % 2:
                self._at_place.setdefault(self._place_of[visit.inspectee], []).append(visit)

    def pays(self, visit: Visit, first: date, last: date) -> bool:
        """Whether the visit pays if it takes place on one of these days; visits of even length never share a day."""
        if visit.half_days > 1:
            return False
        others = self._at_place[self._place_of[visit.inspectee]]
        return not any(other is not visit and other.earliest <= last and first <= other.latest for other in others)


def _longest_trips(candidates: Candidates) -> IntArray:
    """Inspectors × months: the most half-days of one trip that touches the month, by run and month cap."""
    calendar = candidates.calendar
    months = calendar.month_numbers
    found = np.zeros((len(candidates.problem.inspectors), len(calendar.months)), dtype=np.int64)
    runs = list(calendar.runs())
    for number, inspector in enumerate(candidates.problem.inspectors):
        cap = inspector.half_days_per_month
        for stretch in _stretches(candidates.available[number], runs):
            touched, days = np.unique(months[stretch.start : stretch.stop], return_counts=True)
            half_days = 2 * days if cap is None else np.minimum(2 * days, cap)
            found[number, touched] = np.maximum(found[number, touched], half_days.sum())
    return found


def _stretches(free: BoolArray, runs: Iterable[range]) -> list[range]:
    """The stretches of consecutive dates on all of which somebody is free."""
    found: list[range] = []
    for run in runs:
        padded = np.concatenate([[False], free[run.start : run.stop], [False]])
        edges = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
        found += [range(run.start + a, run.start + b) for a, b in zip(edges[0::2], edges[1::2], strict=True)]
    return found
