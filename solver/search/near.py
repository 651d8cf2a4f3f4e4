"""Which visits lie near each other in place and time: where the search looks for good neighbours."""

from __future__ import annotations

import numpy as np

from solver.calendar import IntArray
from solver.search.compiled import compiled

NEAR_PLACES = 64
"""How many of the nearest places are looked at, the own one first."""

NEAR_VISITS = 24
"""How many visits near by are kept for each visit."""


def near_visits(metres: IntArray, places: IntArray, firsts: IntArray, lasts: IntArray, pools: IntArray) -> IntArray:
    """Up to ``NEAR_VISITS`` visits near each visit, the nearest place first, filled up with −1.

    By visit: its place, its first and last start (reversed if it has none) and a number of its pool; a visit is
    near only if the windows meet and the pool is the same.
    """
    nearest = min(NEAR_PLACES, len(metres))
    order = _nearest(metres, nearest)
    by_place = np.argsort(places, kind="stable")
    begins = np.searchsorted(places[by_place], np.arange(len(metres) + 1))
    return _near_visits(order, by_place, begins, places, firsts, lasts, pools)


def _nearest(metres: IntArray, count: int) -> IntArray:
    """For each place the numbers of so many nearest ones; of equally near ones the first come first."""
    places = len(metres)
    keys = metres * places + np.arange(places)
    if count < places:
        keys = np.partition(keys, count - 1, axis=1)[:, :count]
    return np.sort(keys, axis=1) % places


@compiled
def _near_visits(
    order: IntArray,
    by_place: IntArray,
    begins: IntArray,
    places: IntArray,
    firsts: IntArray,
    lasts: IntArray,
    pools: IntArray,
) -> IntArray:
    near = np.full((len(places), NEAR_VISITS), -1, dtype=np.int64)
    for visit in range(len(places)):
        found = 0
        for rank in range(order.shape[1]):
            place = order[places[visit], rank]
            for k in range(begins[place], begins[place + 1]):
                other = by_place[k]
                if (
                    other != visit
                    and pools[other] == pools[visit]
                    and max(firsts[visit], firsts[other]) <= min(lasts[visit], lasts[other]) + 2
                    and found < NEAR_VISITS
                ):
                    near[visit, found] = other
                    found += 1
            if found == NEAR_VISITS:
                break
    return near
