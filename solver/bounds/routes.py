"""The trips that pay most beyond what they cost: a dynamic program over the visits of a trip, compiled.

A trip from a base leads through a sequence of items (``items``), which pay tolls; it costs its drives and the nights
that its half-days need. The program keeps for each number of half-days and each last item the best way there, and
remembers of what came before only the items near the last one: what it has forgotten no longer excludes an item. It so
looks at all trips and at some that cannot be: where it finds none that pays more than it costs, there is none.
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
"""How many items near the last one, itself among them, the program remembers."""

NEVER = -(1 << 60)

_STEPS_AT_ONCE = 1_000_000
"""Ways from one item to the next that compiled code looks at, at most, between two looks at the stop rule."""

ByteArray = NDArray[np.int8]


class Network(NamedTuple):
    """The items that people from one base may visit, and the drives between them, in thousandths of a score unit.

    ``relief`` is what an item's own nights may cost less than ``night`` each. The neighbours of an item are those with
    the shortest drives to or from it, itself the first. ``near[k, j, g]`` is where the g-th neighbour of item j stands
    among those of item k, -1 if it is none of them; ``meets[k, j]``: they have a neighbour in common. Sets of
    neighbours of item k are bits: ``barred[k, j]`` those that exclude item j, ``later[k]`` those that cannot be on the
    same day as item k.
    """

    half_days: IntArray
    out: IntArray
    back: IntArray
    drive: IntArray
    night: int
    relief: IntArray
    near: ByteArray
    meets: BoolArray
    barred: ByteArray
    later: ByteArray

    @classmethod
    def of(
        cls, items: Sequence[Item], out: IntArray, back: IntArray, drive: IntArray, night: int, relief: IntArray
    ) -> Network:
        """Find the neighbours."""
        count, kept = len(items), min(REMEMBERED, len(items))
        distance = np.minimum(drive, drive.T)
        np.fill_diagonal(distance, -1)
        nearest = np.argsort(distance, axis=1, kind="stable")[:, :kept]
        excludes = np.zeros((count, count), dtype=np.bool_)
        apart = np.zeros((count, count), dtype=np.bool_)
        for a, b in np.argwhere(distance <= 0).tolist():
            excludes[a, b] = items[a].excludes(items[b])
            apart[a, b] = items[a].needs_night_to(items[b])
        stands_at = np.full((count, count), -1, dtype=np.int8)
        np.put_along_axis(stands_at, nearest, np.arange(kept, dtype=np.int8)[None, :], axis=1)
        near = np.full((count, count, REMEMBERED), -1, dtype=np.int8)
        barred = np.zeros((count, count), dtype=np.int8)
        later = np.zeros(count, dtype=np.int8)
        for g in range(kept):
            near[:, :, g] = stands_at[:, nearest[:, g]]
            barred |= excludes[nearest[:, g]].astype(np.int8) << g
            later |= np.take_along_axis(apart, nearest[:, g : g + 1], axis=1)[:, 0].astype(np.int8) << g
        half_days = np.array([item.group.half_days for item in items], dtype=np.int64)
        meets: BoolArray = np.any(near >= 0, axis=2)
        return cls(half_days, out, back, drive, night, relief, near, meets, barred, later)

    def needs_night(self, first: int, second: int) -> bool:
        """Whether a trip to two items of one half-day each is known to take two days."""
        place = int(self.near[second, first, 0])
        return place >= 0 and bool(self.later[second] >> place & 1)


class Table(NamedTuple):
    """The best ways: half-days so far × last item × remembered items; what they are worth, and where they came from."""

    worth: IntArray
    came_from: NDArray[np.int32]
    came_with: NDArray[np.int32]

    @classmethod
    def of(cls, longest: int, items: int) -> Table:
        """Room for trips of up to so many half-days."""
        shape = (longest + 1, items, 1 << REMEMBERED)
        return cls(np.empty(shape, np.int64), np.empty(shape, np.int32), np.empty(shape, np.int32))


def overpaid_trips(
    network: Network, tolls: IntArray, longest: int, table: Table, ends: IntArray, watch: Watch | None = None
) -> IntArray:
    """By last item the most that a trip of up to ``longest`` half-days pays beyond its cost, 0 where none does.

    ``ends[k]`` gets the half-days and the remembered items of that trip, for ``trip_to``. Raises ``StopError`` when
    ``watch`` says so.
    """
    watch = watch or Watch()
    watch()
    ahead = _best_ahead(network, tolls, longest)
    count = len(tolls)
    gain = np.zeros(count, np.int64)
    _begin(network, tolls, longest, table)
    at_once = max(1, _STEPS_AT_ONCE // (count << REMEMBERED))
    for n in range(1, longest + 1):
        for first, end in watch.parts(count, at_once):
            _lengthen(network, tolls, longest, ahead, table, gain, ends, n, first, end)
    return gain


@compiled
def _begin(network: Network, tolls: IntArray, longest: int, table: Table) -> None:
    """The trips to one item."""
    count = len(tolls)
    table.worth[:] = NEVER
    for k in range(count):
        n = network.half_days[k]
        if n <= longest:
            table.worth[n, k, 1] = tolls[k] - network.out[k]
            table.came_from[n, k, 1] = -1


@compiled
def _lengthen(
    network: Network, tolls: IntArray, longest: int, ahead: IntArray, table: Table, gain: IntArray, ends: IntArray,
    n: int, first_item: int, end: int,
) -> None:  # fmt: skip
    """Home from the trips of n half-days that end at these items, or on to any item."""
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
            _go_on(network, tolls, longest, ahead, table, n, k, seen)


@compiled
def _go_on(
    network: Network, tolls: IntArray, longest: int, ahead: IntArray, table: Table, n: int, k: int, seen: int
) -> None:
    """From item k on to each item, unless a remembered one excludes it or nothing can be gained any more."""
    worth = table.worth[n, k, seen]
    for j in range(len(tolls)):
        then = n + network.half_days[j]
        if then > longest or seen & network.barred[k, j]:
            continue
        value = worth + tolls[j] - network.drive[k, j]
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
def _best_ahead(network: Network, tolls: IntArray, longest: int) -> IntArray:
    """Half-days so far × last item: the most that can still be gained, way home and all nights taken off, if nothing
    but the last item is remembered; no trip gains more."""
    count = len(tolls)
    ahead = np.full((longest + 1, count), NEVER, np.int64)
    for n in range(longest, 0, -1):
        for k in range(count):
            most = -network.back[k] - network.night * ((n + 1) // 2 - 1)
            for j in range(count):
                then = n + network.half_days[j]
                if then <= longest and not network.barred[k, j] & 1:
                    most = max(most, ahead[then, j] + tolls[j] - network.drive[k, j])
            ahead[n, k] = most
    return ahead


def trip_to(network: Network, table: Table, last: int, half_days: int, seen: int) -> list[int]:
    """The items of the best way to a last item, in order."""
    trip: list[int] = []
    item = last
    while item >= 0:
        trip.append(item)
        earlier = int(table.came_from[half_days, item, seen])
        seen, half_days = int(table.came_with[half_days, item, seen]), half_days - int(network.half_days[item])
        item = earlier
    return trip[::-1]
