"""Simulated annealing of one area in compiled code: moves are proposed, priced, and accepted or rejected."""

from __future__ import annotations

import math

from solver.calendar import IntArray
from solver.search.access import is_scheduled, log_record, plan_row
from solver.search.compiled import compiled, inner
from solver.search.insert import IMPOSSIBLE
from solver.search.layout import (
    BEFORE,
    LOG,
    LOG_CAPACITY,
    MOVED,
    PLAN_WIDTH,
    START,
    TEAM,
    TEAM_PROPOSED,
    UNSCHEDULED,
    UNSCHEDULED_COUNT,
)
from solver.search.moves.proposal import carry_out, propose, shift_loads, undo
from solver.search.moves.table import (
    ACCEPTED,
    CUMULATED,
    OF_UNSCHEDULED,
    POSSIBLE,
    PROPOSED,
    TRADES_VISITS,
    propose_move,
)
from solver.search.random import below, fraction

FEW_UNSCHEDULED = 8
"""With fewer unscheduled visits, moves of these are proposed in proportion less often."""

NO_VISIT = -1


@inner
def draw_move(mix: IntArray, work: IntArray) -> int:
    """The number of a random move, by the shares of the mix."""
    draw = below(work, mix[len(mix) - 1, CUMULATED])
    move = 0
    while draw >= mix[move, CUMULATED]:
        move += 1
    return move


@inner
def draw_visit(given: IntArray, state: IntArray, work: IntArray, area: IntArray, is_unscheduled: bool) -> int:
    """A random visit of the area, scheduled or unscheduled; ``NO_VISIT`` if the draw is not of the wanted kind."""
    if is_unscheduled:
        waiting = given[UNSCHEDULED_COUNT]
        if work[waiting] <= below(work, FEW_UNSCHEDULED):
            return NO_VISIT
        return work[waiting + 1 + below(work, work[waiting])]
    visit = area[below(work, len(area))]
    return visit if is_scheduled(given, state, visit) else NO_VISIT


@compiled
def anneal(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    work: IntArray,
    area: IntArray,
    mix: IntArray,
    temperature: float,
    trading_temperature: float,
    proposals: int,
    tally: IntArray,
    journal: IntArray,
) -> int:
    """Propose so many moves of the area's visits at one temperature (in thousandths); the change of cost.

    A move that costs x more is accepted with probability exp(−x / temperature); moves that trade visits have a
    temperature of their own. ``mix`` and ``tally`` are those of ``moves.table``. ``journal``, unless it is empty, is
    written anew: its length in use, then each accepted move, the number of its visits and their records of the plan;
    where it is full, the proposals end.
    """
    total = 0
    if len(journal) > 0:
        journal[0] = 1
    for _ in range(proposals):
        if len(journal) > 0 and journal[0] + 1 + LOG_CAPACITY * (1 + given[PLAN_WIDTH]) > len(journal):
            break
        move = draw_move(mix, work)
        tally[move, PROPOSED] += 1
        work[LOG] = 0
        visit = draw_visit(given, state, work, area, mix[move, OF_UNSCHEDULED] > 0)
        if visit == NO_VISIT:
            continue
        propose_move(given, state, work, visit, move)
        if work[LOG] == 0 or work[LOG] > LOG_CAPACITY:
            continue
        change = carry_out(given, price, state, work)
        if change == IMPOSSIBLE:
            continue
        tally[move, POSSIBLE] += 1
        if is_accepted(
            given, price, state, work, change, trading_temperature if mix[move, TRADES_VISITS] > 0 else temperature
        ):
            total += change
            tally[move, ACCEPTED] += 1
            update_unscheduled(given, state, work)
            if len(journal) > 0:
                write_down(given, state, work, journal)
    return total


@inner
def is_accepted(
    given: IntArray, price: IntArray, state: IntArray, work: IntArray, change: int, temperature: float
) -> bool:
    """Whether a move that was carried out is accepted at this temperature; if not, it is undone."""
    if change <= 0 or fraction(work) < math.exp(-change / temperature):
        return True
    shift_loads(given, price, state, work, -1)
    undo(given, state, work)
    return False


@inner
def update_unscheduled(given: IntArray, state: IntArray, work: IntArray) -> None:
    """Bring the list of unscheduled visits up to date with the move that was accepted."""
    waiting = given[UNSCHEDULED_COUNT]
    for k in range(work[LOG]):
        record = log_record(given, k)
        visit = work[record + MOVED]
        was_scheduled = work[record + BEFORE + START] != UNSCHEDULED
        if was_scheduled == is_scheduled(given, state, visit):
            continue
        if was_scheduled:
            work[waiting] += 1
            work[waiting + work[waiting]] = visit
        else:
            at = waiting + 1
            while work[at] != visit:
                at += 1
            work[at] = work[waiting + work[waiting]]
            work[waiting] -= 1


@inner
def write_down(given: IntArray, state: IntArray, work: IntArray, journal: IntArray) -> None:
    """Add the records of the visits of an accepted move to the journal."""
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
    journal: IntArray,
    temperature: float,
) -> int:
    """Propose the moves of a journal, which were accepted in another copy of the plan; the change of cost.

    A move is judged anew, since others were made here meanwhile: it is accepted as in ``anneal``, or is impossible.
    """
    width = given[PLAN_WIDTH]
    total = 0
    at = 1
    while at < journal[0]:
        visits = journal[at]
        at += 1
        work[LOG] = 0
        for _ in range(visits):
            team = propose(given, state, work, journal[at], journal[at + 1 + START], TEAM_PROPOSED)
            for seat in range(width - TEAM):
                work[team + seat] = journal[at + 1 + TEAM + seat]
            at += 1 + width
        change = carry_out(given, price, state, work)
        if change == IMPOSSIBLE:
            continue
        if is_accepted(given, price, state, work, change, temperature):
            total += change
            update_unscheduled(given, state, work)
    return total
