"""What a move is: a proposal which visits are to stand where, carried out at once, kept or undone.

A move only writes records into the log; ``carry_out`` alone changes the plan. So moves are small and compile fast.
"""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import is_scheduled, log_record, plan_row, visit_row
from solver.search.compiled import inner
from solver.search.cost import add_load, move_load, visit_cost
from solver.search.edits import duties_cost, enter, may_enter, withdraw
from solver.search.insert import IMPOSSIBLE, find_place, find_start, find_team
from solver.search.layout import (
    BEFORE,
    HALF_DAYS,
    LOG,
    LOG_CAPACITY,
    MOVED,
    PLAN_WIDTH,
    START,
    START_TO_BE_FOUND,
    TARGET,
    TEAM,
    TEAM_IS,
    TEAM_PROPOSED,
    TEAM_SIZE,
    TEAM_TO_BE_FOUND,
    UNSCHEDULED,
)
from solver.search.rules import is_needed, may_begin

START_TRIES = 64
"""Starts tried for a team."""

TRIES = 16
"""Starts tried for a visit whose place is to be found."""


@inner
def propose(given: IntArray, state: IntArray, work: IntArray, visit: int, target: int, team_is: int) -> int:
    """Add a visit to the move: it is to begin in ``target``; where its team stands in the record, the old one at first.

    A move holds a visit once; callers see to that. A visit that finds the log full makes the move impossible:
    ``LOG_CAPACITY + 1`` visits are then counted.
    """
    width = given[PLAN_WIDTH]
    count = work[LOG]
    record = log_record(given, count)
    if count >= LOG_CAPACITY:
        work[LOG] = LOG_CAPACITY + 1
        return LOG + 1 + BEFORE + TEAM
    work[record + MOVED] = visit
    work[record + TARGET] = target
    work[record + TEAM_IS] = team_is
    plan = plan_row(given, visit)
    for k in range(width):
        work[record + BEFORE + k] = state[plan + k]
    work[LOG] = count + 1
    return record + BEFORE + TEAM


@inner
def is_proposed(given: IntArray, work: IntArray, visit: int) -> bool:
    """Whether the move holds the visit already."""
    for k in range(work[LOG]):
        if work[log_record(given, k) + MOVED] == visit:
            return True
    return False


@inner
def carry_out(given: IntArray, price: IntArray, state: IntArray, work: IntArray) -> int:
    """Carry out the move in the log; the change of cost, or ``IMPOSSIBLE``: then nothing has changed.

    All its visits leave the plan, then enter it in their order. One whose place is to be found and is not stays out,
    as does one that is proposed ``UNSCHEDULED``.
    """
    width = given[PLAN_WIDTH]
    change = 0
    for k in range(work[LOG]):
        record = log_record(given, k)
        visit = work[record + MOVED]
        change -= visit_cost(given, price, state, visit)
        plan = plan_row(given, visit)
        start = state[plan + START]
        if start != UNSCHEDULED:
            change -= duties_cost(given, price, state, visit, start)
            withdraw(given, state, visit)
            change += duties_cost(given, price, state, visit, start)
        work[record + BEFORE + START] = start
        for seat in range(TEAM, width):
            state[plan + seat], work[record + BEFORE + seat] = work[record + BEFORE + seat], state[plan + seat]
    for k in range(work[LOG]):
        record = log_record(given, k)
        visit = work[record + MOVED]
        start = work[record + TARGET]
        if work[record + TEAM_IS] == TEAM_PROPOSED:
            if start != UNSCHEDULED and not may_enter(given, state, visit, start):
                undo(given, state, work)
                return IMPOSSIBLE
        elif work[record + TEAM_IS] == TEAM_TO_BE_FOUND:
            if (
                not may_begin(given, state, visit, start)
                or find_team(given, price, state, visit, start, 0, work) == IMPOSSIBLE
            ):
                start = UNSCHEDULED
        elif work[record + TEAM_IS] == START_TO_BE_FOUND:
            start = find_start(given, price, state, work, visit, START_TRIES)
        else:
            start = find_place(given, price, state, visit, TRIES, 0, work)
        if start != UNSCHEDULED:
            change -= duties_cost(given, price, state, visit, start)
            enter(given, state, visit, start)
            change += duties_cost(given, price, state, visit, start)
        elif is_needed(given, state, visit):
            undo(given, state, work)
            return IMPOSSIBLE
    for k in range(work[LOG]):
        change += visit_cost(given, price, state, work[log_record(given, k) + MOVED])
    return change + shift_loads(given, price, state, work, 1)


@inner
def shift_loads(given: IntArray, price: IntArray, state: IntArray, work: IntArray, sign: int) -> int:
    """Change the loads by what the move has done (``sign`` 1) or undo that (−1); the change of cost."""
    change = 0
    for k in range(work[LOG]):
        record = log_record(given, k)
        visit = work[record + MOVED]
        row = visit_row(given, visit)
        plan = plan_row(given, visit)
        half_days = sign * given[row + HALF_DAYS]
        was_planned = work[record + BEFORE + START] != UNSCHEDULED
        is_planned = state[plan + START] != UNSCHEDULED
        for seat in range(TEAM, TEAM + given[row + TEAM_SIZE]):
            before = work[record + BEFORE + seat]
            now = state[plan + seat]
            if was_planned and is_planned:
                if before != now:
                    change += move_load(given, price, state, before, now, half_days)
            elif was_planned:
                change += add_load(given, price, state, before, -half_days)
            elif is_planned:
                change += add_load(given, price, state, now, half_days)
    return change


@inner
def undo(given: IntArray, state: IntArray, work: IntArray) -> None:
    """Bring all visits of a move back to where they were; the loads are another matter."""
    width = given[PLAN_WIDTH]
    for k in range(work[LOG]):
        visit = work[log_record(given, k) + MOVED]
        if is_scheduled(given, state, visit):
            withdraw(given, state, visit)
    for k in range(work[LOG]):
        record = log_record(given, k)
        visit = work[record + MOVED]
        for seat in range(TEAM, width):
            state[plan_row(given, visit) + seat] = work[record + BEFORE + seat]
        if work[record + BEFORE + START] != UNSCHEDULED:
            enter(given, state, visit, work[record + BEFORE + START])
