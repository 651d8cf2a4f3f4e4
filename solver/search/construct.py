"""A first plan, fast: visits one by one, the hardest first, each at the cheapest place that is left."""

from __future__ import annotations

import numpy as np

from solver.calendar import IntArray
from solver.search.access import is_scheduled
from solver.search.arrays import Tables
from solver.search.compiled import compiled
from solver.search.edits import change_loads, enter
from solver.search.insert import find_place
from solver.search.layout import (
    BEFORES_AT,
    BEFORES_COUNT,
    HALF_DAYS,
    PREFERRED_END,
    PREFERRED_FIRST,
    TEAM_SIZE,
    UNSCHEDULED,
    WEIGHT,
)

RARE_STARTS = 12
"""A visit of a team with at most so many starts is inserted before all others."""

TRIES = 16
"""How many starts of a visit are tried."""

CROWDING_PRICE = 100_000
"""What a month used up wholly counts, in thousandths: it spreads visits that could stand anywhere."""


@compiled
def insert_each(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    order: IntArray,
    tries: int,
    crowding_price: int,
    work: IntArray,
) -> int:
    """Insert the unscheduled ones of these visits one by one, each at its cheapest place; how many were inserted."""
    placed = 0
    for visit in order:
        if is_scheduled(given, state, visit):
            continue
        start = find_place(given, price, state, visit, tries, crowding_price, work)
        if start != UNSCHEDULED:
            enter(given, state, visit, start)
            change_loads(given, price, state, visit, 1)
            placed += 1
    return placed


def hardest_first(tables: Tables, visits: IntArray | None = None) -> IntArray:
    """The part's visits, or some of them, in the order of construction: heavy ones, then large ones with few starts.

    A visit stands behind those that it waits for.
    """
    rows = tables.records
    demand = rows[:, TEAM_SIZE].astype(np.int64) * rows[:, HALF_DAYS]
    starts = rows[:, PREFERRED_END] - rows[:, PREFERRED_FIRST]
    hardness = -demand * 1000.0 / (starts + 1.0)
    bulk = rows[:, WEIGHT] // np.maximum(1, demand)
    order = np.lexsort((hardness, -bulk, -rows[:, WEIGHT].astype(np.int64) // 50))
    order = _after_what_they_wait_for(tables.given, rows, order)
    return order if visits is None else order[np.isin(order, visits)]


def rare_visits(tables: Tables) -> IntArray:
    """The teams' visits with so few starts that a few visits of others could take them all, the hardest first."""
    rows = tables.records
    count = rows[:, PREFERRED_END] - rows[:, PREFERRED_FIRST]
    return hardest_first(tables, np.flatnonzero((rows[:, TEAM_SIZE] > 1) & (count > 0) & (count <= RARE_STARTS)))


def _after_what_they_wait_for(given: IntArray, rows: IntArray, order: IntArray) -> IntArray:
    """The order with each visit moved behind those that it waits for."""
    befores = {
        int(visit): [int(given[int(rows[visit, BEFORES_AT]) + 3 * k]) for k in range(int(rows[visit, BEFORES_COUNT]))]
        for visit in np.flatnonzero(rows[:, BEFORES_COUNT])
    }
    done: dict[int, None] = {}
    for visit in order.tolist():
        path = [visit]
        while path:
            waits_for = [other for other in befores.get(path[-1], ()) if other not in done]
            if waits_for:
                path.append(waits_for[0])
            else:
                done[path.pop()] = None
    return np.array(list(done), dtype=np.int64)
