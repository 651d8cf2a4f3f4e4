"""The trips of highest reduced profit: a labelling algorithm over the visits of a trip, compiled.

A trip from a base leads through a sequence of items (``items``), each with a dual price; it costs its drives and the
nights that its half-days need. The labels keep for each number of half-days and each last item the best path there,
with the set of the items near the last one that it has visited (the ng-route relaxation of Baldacci, Mingozzi and
Roberti, New route relaxation and pricing strategies for the vehicle routing problem, 2011). What is forgotten no longer
excludes an item, so all trips are considered and some that are not possible: where none has a profit, no trip has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bounds.items import Item
from solver.bounds.stopping import Watch
from solver.calendar import BoolArray, IntArray
from solver.search.compiled import compiled

REMEMBERED = 6
"""How many items near the last one, itself among them, a label remembers."""

NEVER = -(1 << 60)

_STEPS_AT_ONCE = 4_000_000
"""Extensions of labels that compiled code tries, at most, between two looks at the stop rule."""

ByteArray = NDArray[np.int8]


class Network(NamedTuple):
    """The items that people from one base may visit, and the drives between them, in thousandths of a score unit.

    ``relief`` is what an item's own nights may cost less than ``night`` each. ``excludes[a, b]``: no trip contains both
    items; ``apart[a, b]``: they are not on one day. The neighbours of an item are those with the shortest drives to or
    from it, itself the first. ``near[k, j, g]`` is the position of the g-th neighbour of item j among those of item k,
    -1 if it is none of them; ``meets[k, j]``: they have a neighbour in common. Sets of neighbours of item k are bits:
    ``barred[k, j]`` those that exclude item j, ``later[k]`` those that cannot be on the same day as item k.
    """

    half_days: IntArray
    out: IntArray
    back: IntArray
    drive: IntArray
    night: int
    relief: IntArray
    excludes: BoolArray
    apart: BoolArray
    near: ByteArray
    meets: BoolArray
    barred: ByteArray
    later: ByteArray

    @classmethod
    def of(
        cls, items: Sequence[Item], out: IntArray, back: IntArray, drive: IntArray, night: int, relief: IntArray
    ) -> Network:
        """The network of these items; arrays by item."""
        count = len(items)
        excludes, apart = np.zeros((count, count), dtype=np.bool_), np.zeros((count, count), dtype=np.bool_)
        of_group: dict[object, list[int]] = {}
        for number, item in enumerate(items):
            of_group.setdefault(item.group, []).append(number)
        for alike in of_group.values():
            for a in alike:
                for b in alike:
                    excludes[a, b] = items[a].excludes(items[b])
                    apart[a, b] = items[a].needs_night_to(items[b])
        half_days = np.array([item.group.half_days for item in items], dtype=np.int64)
        near, meets, barred, later = _neighbours(drive, excludes, apart)
        return cls(half_days, out, back, drive, night, relief, excludes, apart, near, meets, barred, later)

    def among(self, chosen: IntArray) -> Network:
        """The network of some of its items."""
        pairs = np.ix_(chosen, chosen)
        drive, excludes, apart = self.drive[pairs], self.excludes[pairs], self.apart[pairs]
        near, meets, barred, later = _neighbours(drive, excludes, apart)
        return Network(
            self.half_days[chosen], self.out[chosen], self.back[chosen], drive, self.night, self.relief[chosen],
            excludes, apart, near, meets, barred, later,
        )  # fmt: skip

    def needs_night(self, first: int, second: int) -> bool:
        """Whether a trip to two items of one half-day each is known to take two days."""
        place = int(self.near[second, first, 0])
        return place >= 0 and bool(self.later[second] >> place & 1)


@compiled
def _neighbours(
    drive: IntArray, excludes: BoolArray, apart: BoolArray
) -> tuple[ByteArray, BoolArray, ByteArray, ByteArray]:
    """``near``, ``meets``, ``barred`` and ``later`` of a network."""
    count = len(drive)
    kept = min(REMEMBERED, count)
    nearest = np.zeros((count, kept), np.int64)
    position = np.full((count, count), -1, np.int8)
    for k in range(count):
        nearest[k, 0] = k
        position[k, k] = 0
        for g in range(1, kept):
            best, least = -1, 0
            for j in range(count):
                if position[k, j] < 0:
                    distance = min(drive[k, j], drive[j, k])
                    if best < 0 or distance < least:
                        best, least = j, distance
            nearest[k, g] = best
            position[k, best] = g
    near = np.full((count, count, REMEMBERED), -1, np.int8)
    meets = np.zeros((count, count), np.bool_)
    barred = np.zeros((count, count), np.int8)
    later = np.zeros(count, np.int8)
    for k in range(count):
        for g in range(kept):
            if apart[k, nearest[k, g]]:
                later[k] |= 1 << g
        for j in range(count):
            for g in range(kept):
                near[k, j, g] = position[k, nearest[j, g]]
                if near[k, j, g] >= 0:
                    meets[k, j] = True
                if excludes[nearest[k, g], j]:
                    barred[k, j] |= 1 << g
    return near, meets, barred, later


class Table(NamedTuple):
    """The labels: half-days so far × last item × remembered items; their profit so far, and their predecessors."""

    worth: IntArray
    came_from: NDArray[np.int32]
    came_with: NDArray[np.int32]

    @classmethod
    def of(cls, longest: int, items: int) -> Table:
        """Room for trips of up to so many half-days to so many items."""
        shape = (longest + 1, items, 1 << REMEMBERED)
        return cls(np.empty(shape, np.int64), np.empty(shape, np.int32), np.empty(shape, np.int32))


def profitable_trips(
    network: Network, prices: IntArray, longest: int, table: Table, ends: IntArray, watch: Watch | None = None
) -> IntArray:
    """By last item the highest profit, prices less cost, of a trip of up to ``longest`` half-days, at least 0.

    ``ends[k]`` gets the half-days and the remembered items of that trip, for ``trip_to``. Raises ``StopError`` when
    ``watch`` says so.
    """
    watch = watch or Watch()
    watch()
    ahead = _best_ahead(network, prices, longest)
    count = len(prices)
    gain = np.zeros(count, np.int64)
    _begin(network, prices, longest, table)
    at_once = max(1, _STEPS_AT_ONCE // (count << REMEMBERED))
    for n in range(1, longest + 1):
        for first, end in watch.parts(count, at_once):
            _lengthen(network, prices, longest, ahead, table, gain, ends, n, first, end)
    return gain


@compiled
def _begin(network: Network, prices: IntArray, longest: int, table: Table) -> None:
    """The labels of trips to one item."""
    count = len(prices)
    table.worth[: longest + 1, :count] = NEVER
    for k in range(count):
        n = network.half_days[k]
        if n <= longest:
            table.worth[n, k, 1] = prices[k] - network.out[k]
            table.came_from[n, k, 1] = -1


@compiled
def _lengthen(
    network: Network, prices: IntArray, longest: int, ahead: IntArray, table: Table, gain: IntArray, ends: IntArray,
    n: int, first_item: int, end: int,
) -> None:  # fmt: skip
    """Home from the labels of n half-days that end at these items, or on to any item."""
    nights = (n + 1) // 2 - 1
    for k in range(first_item, end):
        for seen in range(1 << REMEMBERED):
            worth = table.worth[n, k, seen]
            if worth + ahead[n, k] <= 0:
                continue
            more = 1 if n == 2 and seen & network.later[k] else 0
            value = worth - network.back[k] - network.night * (nights + more)
            if value > gain[k]:
                gain[k] = value
                ends[k, 0], ends[k, 1] = n, seen
            if not _is_dominated(table, n, k, seen):
                _go_on(network, prices, longest, ahead, table, n, k, seen)


@compiled
def _is_dominated(table: Table, n: int, k: int, seen: int) -> bool:
    """Whether a label at the same item has no less profit and excludes no more: it goes wherever this one goes."""
    worth = table.worth[n, k, seen]
    fewer = (seen - 1) & seen
    while fewer > 0:
        if table.worth[n, k, fewer] >= worth:
            return True
        fewer = (fewer - 1) & seen
    return False


@compiled
def _go_on(
    network: Network, prices: IntArray, longest: int, ahead: IntArray, table: Table, n: int, k: int, seen: int
) -> None:
    """Extend a label at item k to each item, unless a remembered one excludes it or no profit is left."""
    worth = table.worth[n, k, seen]
    for j in range(len(prices)):
        then = n + network.half_days[j]
        if then > longest or seen & network.barred[k, j]:
            continue
        value = worth + prices[j] - network.drive[k, j]
        if value + ahead[then, j] <= 0:
            continue
        remembered = 1
        if network.meets[k, j]:
            for g in range(1, REMEMBERED):
                place = network.near[k, j, g]
                if place >= 0 and seen >> place & 1:
                    remembered |= 1 << g
        if value > table.worth[then, j, remembered]:
            table.worth[then, j, remembered] = value
            table.came_from[then, j, remembered] = k
            table.came_with[then, j, remembered] = seen


@compiled
def _best_ahead(network: Network, prices: IntArray, longest: int) -> IntArray:
    """Half-days so far × last item: the most that a label can still gain, drive home and all nights deducted.

    Nothing but the last item is remembered, so no trip gains more.
    """
    count = len(prices)
    ahead = np.full((longest + 1, count), NEVER, np.int64)
    for n in range(longest, 0, -1):
        for k in range(count):
            most = -network.back[k] - network.night * ((n + 1) // 2 - 1)
            for j in range(count):
                then = n + network.half_days[j]
                if then <= longest and not network.barred[k, j] & 1:
                    most = max(most, ahead[then, j] + prices[j] - network.drive[k, j])
            ahead[n, k] = most
    return ahead


def trip_to(network: Network, table: Table, last: int, half_days: int, seen: int) -> list[int]:
    """The items of a label, in order."""
    trip: list[int] = []
    item = last
    while item >= 0:
        trip.append(item)
        earlier = int(table.came_from[half_days, item, seen])
        seen, half_days = int(table.came_with[half_days, item, seen]), half_days - int(network.half_days[item])
        item = earlier
    return trip[::-1]
