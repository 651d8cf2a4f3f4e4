"""Simulated annealing of one area in compiled code: a move, the change of cost, keep it or not."""

from __future__ import annotations

import math

import numpy as np

from solver.calendar import IntArray
from solver.search.compiled import compiled, inner
from solver.search.insert import IMPOSSIBLE
from solver.search.layout import BEFORE, LOG, LOG_CAPACITY, MOVED, OPEN, PLAN, PLAN_WIDTH, START
from solver.search.moves.members import exchange_members, replace_member
from solver.search.moves.opening import eject, give_way, insert_open
from solver.search.moves.pairs import displace, swap_visits
from solver.search.moves.proposal import carry_out, shift_loads, undo
from solver.search.moves.stretches import exchange_days, exchange_trips, join_trips
from solver.search.moves.times import move_beside, move_in_time, move_to_best, move_to_best_start, move_with_member
from solver.search.random import below, fraction

(
    MOVE_IN_TIME,
    REPLACE_MEMBER,
    SWAP_VISITS,
    MOVE_BESIDE,
    EXCHANGE_DAYS,
    EXCHANGE_MEMBERS,
    MOVE_WITH_MEMBER,
    DISPLACE,
    EXCHANGE_TRIPS,
    JOIN_TRIPS,
    MOVE_TO_BEST,
    MOVE_TO_BEST_START,
    GIVE_WAY,
    INSERT_OPEN,
    EJECT,
    MOVE_COUNT,
) = range(16)

MIX = np.array([700, 600, 700, 900, 400, 200, 500, 600, 100, 300, 90, 10, 4, 12, 60], dtype=np.int64)
"""How often each move is proposed, relative to the others."""

PLACING_MIX = np.array([700, 600, 700, 900, 400, 200, 500, 600, 100, 300, 90, 10, 40, 100, 600], dtype=np.int64)
"""The same while open visits are placed first of all."""

FEW_OPEN = 8
"""With fewer open visits, moves that place one are proposed in proportion less often."""

DRAWN, POSSIBLE, KEPT, TALLY_WIDTH = range(4)
"""What is counted of each move."""


@inner
def draw_move(
    given: IntArray, state: IntArray, work: IntArray, area: IntArray, open_visits: IntArray, kind: int
) -> None:
    """Propose a move of this kind of a random visit; the log stays empty if it cannot be."""
    work[LOG] = 0
    if kind >= INSERT_OPEN:
        if open_visits[0] > below(work, FEW_OPEN):
            visit = open_visits[1 + below(work, open_visits[0])]
            if kind == INSERT_OPEN:
                insert_open(given, state, work, visit)
            else:
                eject(given, state, work, visit)
        return
    visit = area[below(work, len(area))]
    if state[given[PLAN] + visit * given[PLAN_WIDTH] + START] == OPEN:
        return
    if kind == MOVE_IN_TIME:
        move_in_time(given, state, work, visit)
    elif kind == REPLACE_MEMBER:
        replace_member(given, state, work, visit)
    elif kind == SWAP_VISITS:
        swap_visits(given, state, work, visit)
    elif kind == MOVE_BESIDE:
        move_beside(given, state, work, visit)
    elif kind == EXCHANGE_DAYS:
        exchange_days(given, state, work, visit)
    elif kind == EXCHANGE_MEMBERS:
        exchange_members(given, state, work, visit)
    elif kind == MOVE_WITH_MEMBER:
        move_with_member(given, state, work, visit)
    elif kind == DISPLACE:
        displace(given, state, work, visit)
    elif kind == EXCHANGE_TRIPS:
        exchange_trips(given, state, work, visit)
    elif kind == JOIN_TRIPS:
        join_trips(given, state, work, visit)
    elif kind == MOVE_TO_BEST_START:
        move_to_best_start(given, state, work, visit)
    elif kind == MOVE_TO_BEST:
        move_to_best(given, state, work, visit)
    else:
        give_way(given, state, work, visit, open_visits)


@compiled
def anneal(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    work: IntArray,
    area: IntArray,
    open_visits: IntArray,
    mix: IntArray,
    temperature: float,
    proposals: int,
    tally: IntArray,
) -> int:
    """Propose so many moves of the area's visits at one temperature (in thousandths); the change of cost.

    A move that costs x more is kept with probability exp(−x / temperature). ``mix`` holds cumulated shares of the
    moves; ``open_visits`` the number of open visits, then them; ``tally`` counts what became of the moves by kind.
    """
    total = 0
    for _ in range(proposals):
        draw = below(work, mix[MOVE_COUNT - 1])
        kind = 0
        while draw >= mix[kind]:
            kind += 1
        tally[kind * TALLY_WIDTH + DRAWN] += 1
        draw_move(given, state, work, area, open_visits, kind)
        if work[LOG] == 0 or work[LOG] > LOG_CAPACITY:
            continue
        change = carry_out(given, price, state, work)
        if change == IMPOSSIBLE:
            continue
        tally[kind * TALLY_WIDTH + POSSIBLE] += 1
        if change <= 0 or fraction(work) < math.exp(-change / temperature):
            total += change
            tally[kind * TALLY_WIDTH + KEPT] += 1
            if kind >= MOVE_TO_BEST:
                update_open_visits(given, state, work, open_visits)
        else:
            shift_loads(given, price, state, work, -1)
            undo(given, state, work)
    return total


@inner
def update_open_visits(given: IntArray, state: IntArray, work: IntArray, open_visits: IntArray) -> None:
    """Bring the list of open visits up to date with the move that was kept."""
    width = given[PLAN_WIDTH]
    for k in range(work[LOG]):
        record = LOG + 1 + k * (BEFORE + width)
        visit = work[record + MOVED]
        was_open = work[record + BEFORE + START] == OPEN
        is_open = state[given[PLAN] + visit * width + START] == OPEN
        if is_open and not was_open:
            open_visits[0] += 1
            open_visits[open_visits[0]] = visit
        elif was_open and not is_open:
            at = 1
            while open_visits[at] != visit:
                at += 1
            open_visits[at] = open_visits[open_visits[0]]
            open_visits[0] -= 1
