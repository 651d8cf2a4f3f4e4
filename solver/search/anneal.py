"""Simulated annealing of one area in compiled code: a move, the change of cost, keep it or not."""

from __future__ import annotations

import math

import numpy as np

from solver.calendar import IntArray
from solver.search.compiled import compiled
from solver.search.edits import IMPOSSIBLE, revert
from solver.search.layout import (
    LOG,
    OPEN,
    PLAN,
    PLAN_WIDTH,
    START,
)
from solver.search.moves.members import exchange_members, replace_member
from solver.search.moves.opening import eject, give_way, insert_open
from solver.search.moves.pairs import exchange_days, swap_visits
from solver.search.moves.times import move_beside, move_in_time, move_to_best, move_with_member
from solver.search.random import below, fraction

(
    MOVE_IN_TIME,
    REPLACE_MEMBER,
    SWAP_VISITS,
    MOVE_BESIDE,
    EXCHANGE_DAYS,
    EXCHANGE_MEMBERS,
    MOVE_WITH_MEMBER,
    MOVE_TO_BEST,
    GIVE_WAY,
    INSERT_OPEN,
    EJECT,
    MOVE_COUNT,
) = range(12)

MIX = np.array([700, 600, 700, 900, 400, 200, 500, 90, 6, 30, 30], dtype=np.int64)
"""How often each move is proposed, relative to the others."""

PROPOSED, KEPT, TALLY_WIDTH = range(3)


@compiled
def anneal(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    area: IntArray,
    open_visits: IntArray,
    mix: IntArray,
    temperature: float,
    proposals: int,
    work: IntArray,
    tally: IntArray,
) -> int:
    """Propose so many moves of the area's visits at one temperature (in thousandths); the change of cost.

    A move that costs x more is kept with probability exp(−x / temperature). ``mix`` holds cumulated shares of the
    moves; ``open_visits`` the number of open visits, then them; ``tally`` counts proposals and moves kept by kind.
    """
    total = 0
    width = given[PLAN_WIDTH]
    share = mix[len(mix) - 1]
    for _ in range(proposals):
        visit = area[below(work, len(area))]
        kind = 0
        change = IMPOSSIBLE
        if state[given[PLAN] + visit * width + START] == OPEN:
            continue
        draw = below(work, share)
        while draw >= mix[kind]:
            kind += 1
        if kind == MOVE_IN_TIME:
            change = move_in_time(given, price, state, visit, work)
        elif kind == REPLACE_MEMBER:
            change = replace_member(given, price, state, visit, work)
        elif kind == SWAP_VISITS:
            change = swap_visits(given, price, state, visit, work)
        elif kind == MOVE_BESIDE:
            change = move_beside(given, price, state, visit, work)
        elif kind == EXCHANGE_DAYS:
            change = exchange_days(given, price, state, visit, work)
        elif kind == EXCHANGE_MEMBERS:
            change = exchange_members(given, price, state, visit, work)
        elif kind == MOVE_WITH_MEMBER:
            change = move_with_member(given, price, state, visit, work)
        elif kind == MOVE_TO_BEST:
            change = move_to_best(given, price, state, visit, work)
        elif open_visits[0] > 0:
            if kind == GIVE_WAY:
                change = give_way(given, price, state, visit, open_visits, work)
            else:
                visit = open_visits[1 + below(work, open_visits[0])]
                if kind == INSERT_OPEN:
                    change = insert_open(given, price, state, visit, work)
                else:
                    change = eject(given, price, state, visit, work)
        tally[kind * TALLY_WIDTH + PROPOSED] += 1
        if change == IMPOSSIBLE:
            continue
        if change <= 0 or fraction(work) < math.exp(-change / temperature):
            total += change
            tally[kind * TALLY_WIDTH + KEPT] += 1
            if kind >= GIVE_WAY:
                update_open_visits(given, state, work, open_visits)
        else:
            revert(given, price, state, work, True)
    return total


@compiled
def update_open_visits(given: IntArray, state: IntArray, work: IntArray, open_visits: IntArray) -> None:
    """Bring the list of open visits up to date with the move that was kept."""
    width = given[PLAN_WIDTH]
    for k in range(work[LOG]):
        record = LOG + 1 + k * (1 + width)
        visit = work[record]
        was_open = work[record + 1 + START] == OPEN
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
