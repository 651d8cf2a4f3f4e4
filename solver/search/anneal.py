"""Simulated annealing of one area in compiled code: a move, the change of cost, keep it or not."""

from __future__ import annotations

import math

import numpy as np

from solver.calendar import IntArray
from solver.search.access import is_scheduled, log_record, plan_row
from solver.search.compiled import compiled, inner
from solver.search.insert import IMPOSSIBLE
from solver.search.layout import BEFORE, LOG, LOG_CAPACITY, MOVED, OPEN, PLAN_WIDTH, PROPOSED, START, TEAM
from solver.search.moves.members import exchange_members, replace_member
from solver.search.moves.opening import eject, give_way, insert_open
from solver.search.moves.pairs import displace, swap_visits
from solver.search.moves.proposal import carry_out, propose, shift_loads, undo
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

PLACING_MIX = np.array([700, 600, 700, 900, 400, 200, 500, 600, 100, 300, 90, 10, 40, 100, 1500], dtype=np.int64)
"""The same while open visits are placed first of all."""

OPENING_MIX = np.array([700, 600, 700, 900, 400, 200, 500, 600, 100, 300, 90, 10, 200, 50, 200], dtype=np.int64)
"""The same while it is sought which visits are best left out."""

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
                eject(given, state, work, visit, open_visits)
        return
    visit = area[below(work, len(area))]
    if not is_scheduled(given, state, visit):
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
    opening_temperature: float,
    proposals: int,
    tally: IntArray,
    journal: IntArray,
) -> int:
    """Propose so many moves of the area's visits at one temperature (in thousandths); the change of cost.

    A move that costs x more is kept with probability exp(−x / temperature); moves that place open visits have a
    temperature of their own. ``mix`` holds cumulated shares of the moves; ``open_visits`` the number of open visits,
    then them; ``tally`` counts what became of the moves by kind. ``journal``, unless it is empty, is written anew: its
    length in use, then each move kept, the number of its visits and their records of the plan; where it is full, the
    proposals end.
    """
    total = 0
    if len(journal) > 0:
        journal[0] = 1
    for _ in range(proposals):
        if len(journal) > 0 and journal[0] + 1 + LOG_CAPACITY * (1 + given[PLAN_WIDTH]) > len(journal):
            break
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
        if is_kept(given, price, state, work, change, opening_temperature if kind >= GIVE_WAY else temperature):
            total += change
            tally[kind * TALLY_WIDTH + KEPT] += 1
            if kind >= MOVE_TO_BEST:
                update_open_visits(given, state, work, open_visits)
            if len(journal) > 0:
                write_down(given, state, work, journal)
    return total


@inner
def is_kept(given: IntArray, price: IntArray, state: IntArray, work: IntArray, change: int, temperature: float) -> bool:
    """Whether a move that was carried out is kept at this temperature; if not, it is undone."""
    if change <= 0 or fraction(work) < math.exp(-change / temperature):
        return True
    shift_loads(given, price, state, work, -1)
    undo(given, state, work)
    return False


@inner
def update_open_visits(given: IntArray, state: IntArray, work: IntArray, open_visits: IntArray) -> None:
    """Bring the list of open visits up to date with the move that was kept."""
    for k in range(work[LOG]):
        record = log_record(given, k)
        visit = work[record + MOVED]
        was_open = work[record + BEFORE + START] == OPEN
        is_open = not is_scheduled(given, state, visit)
        if is_open and not was_open:
            open_visits[0] += 1
            open_visits[open_visits[0]] = visit
        elif was_open and not is_open:
            at = 1
            while open_visits[at] != visit:
                at += 1
            open_visits[at] = open_visits[open_visits[0]]
            open_visits[0] -= 1


@inner
def write_down(given: IntArray, state: IntArray, work: IntArray, journal: IntArray) -> None:
    """Add to the journal where the visits of a move that was kept stand now."""
    width = given[PLAN_WIDTH]
    at = journal[0]
    journal[at] = work[LOG]
    at += 1
    for k in range(work[LOG]):
        visit = work[log_record(given, k) + MOVED]
        journal[at] = visit
        for seat in range(width):
            journal[at + 1 + seat] = state[plan_row(given, visit) + seat]
        at += 1 + width
    journal[0] = at


@compiled
def repeat_moves(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    work: IntArray,
    open_visits: IntArray,
    journal: IntArray,
    temperature: float,
) -> int:
    """Propose the moves of a journal, which were kept in another copy of the plan; the change of cost.

    A move is judged anew, since others were made here meanwhile: it is kept as in ``anneal``, or is impossible.
    """
    width = given[PLAN_WIDTH]
    total = 0
    at = 1
    while at < journal[0]:
        visits = journal[at]
        at += 1
        work[LOG] = 0
        for _ in range(visits):
            team = propose(given, state, work, journal[at], journal[at + 1 + START], PROPOSED)
            for seat in range(width - TEAM):
                work[team + seat] = journal[at + 1 + TEAM + seat]
            at += 1 + width
        change = carry_out(given, price, state, work)
        if change == IMPOSSIBLE:
            continue
        if is_kept(given, price, state, work, change, temperature):
            total += change
            update_open_visits(given, state, work, open_visits)
    return total
