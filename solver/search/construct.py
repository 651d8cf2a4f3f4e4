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
    STARTS_COUNT,
    TEAM_SIZE,
    UNSCHEDULED,
    WEIGHT,
)

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
    hardness = -demand * 1000.0 / (rows[:, STARTS_COUNT] + 1.0)
    bulk = rows[:, WEIGHT] // np.maximum(1, demand)
    order = np.lexsort((hardness, -bulk, -rows[:, WEIGHT].astype(np.int64) // 50))
    order = _after_what_they_wait_for(tables.given, rows, order)
    return order if visits is None else order[np.isin(order, visits)]


def _after_what_they_wait_for(given: IntArray, rows: IntArray, order: IntArray) -> IntArray:
    """The order with each visit moved behind those that it waits for."""
    sorted_visits: list[int] = []
    done: set[int] = set()

    def add(visit: int) -> None:
        if visit in done:
            return
        done.add(visit)
        at = int(rows[visit, BEFORES_AT])
        for k in range(int(rows[visit, BEFORES_COUNT])):
            add(int(given[at + 3 * k]))
        sorted_visits.append(visit)

    for visit in order:
        add(int(visit))
    return np.array(sorted_visits, dtype=np.int64)
