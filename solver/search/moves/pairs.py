"""Moves of several visits at once: two visits change places, or whole days do."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import diary_row, is_scheduled, is_visit, list_item, plan_row, visit_row
from solver.search.compiled import inner
from solver.search.layout import (
    AREA,
    FREE,
    HALF_DAYS,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MEMBERS_MASK,
    NEAR_AT,
    NEAR_COUNT,
    SLOT_COUNT,
    START,
    STARTS_MASK,
    TEAM,
    TEAM_PROPOSED,
    TEAM_SIZE,
    UNSCHEDULED,
)
from solver.search.moves.proposal import propose
from solver.search.moves.times import member_of, random_start, start_beside
from solver.search.random import below
from solver.search.rules import has_bit

DISPLACING_SLOTS = 32
"""How far before or after a displaced visit may stand, in half-days."""


@inner
def swap_visits(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """Two visits of one length exchange their starts, and in two of three cases their teams too.

    The other one stands beside a visit near by, or anywhere that the visit might be.
    """
    row = visit_row(given, visit)
    slot = UNSCHEDULED
    person = list_item(given, row + MEMBERS_AT, below(work, given[row + MEMBERS_COUNT]))
    if given[row + NEAR_COUNT] > 0 and below(work, 4) > 0:
        near = list_item(given, row + NEAR_AT, below(work, given[row + NEAR_COUNT]))
        if is_scheduled(given, state, near):
            slot = start_beside(given, state, work, visit, near)
            person = member_of(given, state, work, near)
    else:
        slot = random_start(given, visit, work)
    if slot == UNSCHEDULED:
        return
    other = state[diary_row(given, person) + slot]
    if not is_visit(given, other) or other == visit:
        return
    other_row = visit_row(given, other)
    plan = plan_row(given, visit)
    other_plan = plan_row(given, other)
    start = state[plan + START]
    other_start = state[other_plan + START]
    if (
        given[other_row + AREA] != given[row + AREA]
        or given[other_row + HALF_DAYS] != given[row + HALF_DAYS]
        or not has_bit(given, given[row + STARTS_MASK], other_start)
        or not has_bit(given, given[other_row + STARTS_MASK], start)
    ):
        return
    size = given[row + TEAM_SIZE]
    swaps_teams = given[other_row + TEAM_SIZE] == size and (size == 1 or below(work, 3) > 0)
    if swaps_teams:
        for k in range(size):
            if not has_bit(given, given[row + MEMBERS_MASK], state[other_plan + TEAM + k]) or not has_bit(
                given, given[other_row + MEMBERS_MASK], state[plan + TEAM + k]
            ):
                return
    team = propose(given, state, work, visit, other_start, TEAM_PROPOSED)
    other_team = propose(given, state, work, other, start, TEAM_PROPOSED)
    if swaps_teams:
        for k in range(size):
            work[team + k], work[other_team + k] = work[other_team + k], work[team + k]


@inner
def displace(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A lone visit goes beside one near by, to a member of it; a visit of that person takes its old place.

    That is the visit in whose way it would be, or else one within the same month or nearly.
    """
    row = visit_row(given, visit)
    if given[row + TEAM_SIZE] != 1 or given[row + NEAR_COUNT] == 0:
        return
    other = list_item(given, row + NEAR_AT, below(work, given[row + NEAR_COUNT]))
    other_plan = plan_row(given, other)
    if state[other_plan + START] == UNSCHEDULED:
        return
    target = start_beside(given, state, work, visit, other)
    if target == UNSCHEDULED:
        return
    size = given[visit_row(given, other) + TEAM_SIZE]
    taker = state[other_plan + TEAM + below(work, size)]
    diary = diary_row(given, taker)
    moved = state[diary + target]
    if moved == FREE:
        slot = target + below(work, 2 * DISPLACING_SLOTS) - DISPLACING_SLOTS
        if slot < 0 or slot >= given[SLOT_COUNT]:
            return
        moved = state[diary + slot]
    if not is_visit(given, moved) or moved == visit or moved == other:  # noqa: SIM109
        return
    plan = plan_row(given, visit)
    start = state[plan + START]
    giver = state[plan + TEAM]
    moved_row = visit_row(given, moved)
    if (
        given[moved_row + AREA] != given[row + AREA]
        or given[moved_row + TEAM_SIZE] != 1
        or not has_bit(given, given[row + MEMBERS_MASK], taker)
        or not has_bit(given, given[moved_row + MEMBERS_MASK], giver)
        or not has_bit(given, given[moved_row + STARTS_MASK], start)
    ):
        return
    work[propose(given, state, work, visit, target, TEAM_PROPOSED)] = taker
    work[propose(given, state, work, moved, start, TEAM_PROPOSED)] = giver
