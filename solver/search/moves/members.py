"""Moves that change who goes: one member for another, a member of one visit for a member of another."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import compiled
from solver.search.edits import IMPOSSIBLE, begin_move, conclude, finish_move, revert, settle, touch, try_settle
from solver.search.layout import (
    AREA,
    FREE,
    HALF_DAYS,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MEMBERS_MASK,
    NEAR_AT,
    NEAR_COUNT,
    OPEN,
    PLAN,
    PLAN_WIDTH,
    START,
    TEAM,
    TEAM_SIZE,
    VISIT_WIDTH,
    VISITS,
)
from solver.search.random import below
from solver.search.rules import has_bit, is_free, may_join, meets_needs


@compiled
def replace_member(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """A member of a planned visit gives way to somebody else of the pool."""
    row = given[VISITS] + visit * VISIT_WIDTH
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    start = state[plan + START]
    person = given[given[row + MEMBERS_AT] + below(work, given[row + MEMBERS_COUNT])]
    if not is_free(given, state, person, start, given[row + HALF_DAYS], FREE):
        return IMPOSSIBLE
    if not may_join(given, state, visit, start, person):
        return IMPOSSIBLE
    seat = plan + TEAM + below(work, given[row + TEAM_SIZE])
    before = state[seat]
    state[seat] = person
    is_enough = meets_needs(given, state, visit)
    state[seat] = before
    if not is_enough:
        return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit)
    state[seat] = person
    change += settle(given, price, state, visit, start)
    return change + conclude(given, price, state, work)


@compiled
def exchange_members(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """A member of a planned visit and one of a visit near by take each other's place."""
    row = given[VISITS] + visit * VISIT_WIDTH
    if given[row + NEAR_COUNT] == 0:
        return IMPOSSIBLE
    other = given[given[row + NEAR_AT] + below(work, given[row + NEAR_COUNT])]
    other_row = given[VISITS] + other * VISIT_WIDTH
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    other_plan = given[PLAN] + other * given[PLAN_WIDTH]
    start = state[plan + START]
    other_start = state[other_plan + START]
    if other_start == OPEN or given[other_row + AREA] != given[row + AREA]:
        return IMPOSSIBLE
    seat = plan + TEAM + below(work, given[row + TEAM_SIZE])
    other_seat = other_plan + TEAM + below(work, given[other_row + TEAM_SIZE])
    person = state[seat]
    other_person = state[other_seat]
    if (
        person == other_person
        or not has_bit(given, given[row + MEMBERS_MASK], other_person)
        or not has_bit(given, given[other_row + MEMBERS_MASK], person)
    ):
        return IMPOSSIBLE
    for k in range(given[row + TEAM_SIZE]):
        if state[plan + TEAM + k] == other_person:
            return IMPOSSIBLE
    for k in range(given[other_row + TEAM_SIZE]):
        if state[other_plan + TEAM + k] == person:
            return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit) + touch(given, price, state, work, other)
    state[seat] = other_person
    state[other_seat] = person
    settled = try_settle(given, price, state, visit, start)
    if settled == IMPOSSIBLE:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    return finish_move(given, price, state, work, change + settled, other, other_start)
