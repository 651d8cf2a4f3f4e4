"""Moves of several visits at once: two visits change places, or whole days do."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import compiled
from solver.search.edits import IMPOSSIBLE, begin_move, conclude, finish_move, revert, touch, try_settle
from solver.search.layout import (
    AREA,
    DIARY,
    FREE,
    HALF_DAYS,
    LOG,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MEMBERS_MASK,
    PLAN,
    PLAN_WIDTH,
    SLOT_COUNT,
    START,
    STARTS_MASK,
    TEAM,
    TEAM_SIZE,
    VISIT_COUNT,
    VISIT_WIDTH,
    VISITS,
)
from solver.search.moves.times import random_start
from solver.search.random import below
from solver.search.rules import has_bit


@compiled
def swap_visits(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """Two visits of one length exchange their starts, and in two of three cases their teams too."""
    row = given[VISITS] + visit * VISIT_WIDTH
    size = given[row + TEAM_SIZE]
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    start = state[plan + START]
    slot = random_start(given, visit, work)
    person = given[given[row + MEMBERS_AT] + below(work, given[row + MEMBERS_COUNT])]
    other = state[given[DIARY] + person * given[SLOT_COUNT] + slot]
    if other < 0 or other >= given[VISIT_COUNT] or other == visit:
        return IMPOSSIBLE
    other_row = given[VISITS] + other * VISIT_WIDTH
    other_plan = given[PLAN] + other * given[PLAN_WIDTH]
    other_start = state[other_plan + START]
    if (
        given[other_row + AREA] != given[row + AREA]
        or given[other_row + HALF_DAYS] != given[row + HALF_DAYS]
        or not has_bit(given, given[row + STARTS_MASK], other_start)
        or not has_bit(given, given[other_row + STARTS_MASK], start)
    ):
        return IMPOSSIBLE
    swaps_teams = given[other_row + TEAM_SIZE] == size and (size == 1 or below(work, 3) > 0)
    if swaps_teams:
        for k in range(size):
            if not has_bit(given, given[row + MEMBERS_MASK], state[other_plan + TEAM + k]) or not has_bit(
                given, given[other_row + MEMBERS_MASK], state[plan + TEAM + k]
            ):
                return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit) + touch(given, price, state, work, other)
    if swaps_teams:
        for k in range(size):
            state[plan + TEAM + k], state[other_plan + TEAM + k] = (
                state[other_plan + TEAM + k],
                state[plan + TEAM + k],
            )
    settled = try_settle(given, price, state, visit, other_start)
    if settled == IMPOSSIBLE:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    return finish_move(given, price, state, work, change + settled, other, start)


@compiled
def is_day_movable(given: IntArray, state: IntArray, person: int, day: int, area: int) -> bool:
    """Whether the day holds nothing but free half-days and lone visits of one half-day or one day, all movable."""
    diary = given[DIARY] + person * given[SLOT_COUNT] + 2 * day
    for half in range(2):
        entry = state[diary + half]
        if entry == FREE:
            continue
        if entry < 0 or entry >= given[VISIT_COUNT]:
            return False
        row = given[VISITS] + entry * VISIT_WIDTH
        if given[row + AREA] != area or given[row + TEAM_SIZE] != 1 or given[row + HALF_DAYS] > 2:
            return False
    return True


@compiled
def exchange_days(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """All that a person does alone on a day, for the same of another person, another day or both."""
    row = given[VISITS] + visit * VISIT_WIDTH
    if given[row + TEAM_SIZE] != 1:
        return IMPOSSIBLE
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    area = given[row + AREA]
    person = state[plan + TEAM]
    day = state[plan + START] // 2
    kind = below(work, 3)
    other_person = person
    other_day = day
    if kind != 0:
        other_person = given[given[row + MEMBERS_AT] + below(work, given[row + MEMBERS_COUNT])]
    if kind != 1:
        other_day = random_start(given, visit, work) // 2
    if (other_person == person and other_day == day) or not is_day_movable(given, state, person, day, area):
        return IMPOSSIBLE
    if not is_day_movable(given, state, other_person, other_day, area):
        return IMPOSSIBLE
    begin_move(work)
    change = 0
    slots = given[SLOT_COUNT]
    for half in range(2):
        here = state[given[DIARY] + person * slots + 2 * day + half]
        if here != FREE:
            change += touch(given, price, state, work, here)
        there = state[given[DIARY] + other_person * slots + 2 * other_day + half]
        if there != FREE:
            change += touch(given, price, state, work, there)
    width = given[PLAN_WIDTH]
    shift = 2 * (other_day - day)
    for k in range(work[LOG]):
        record = LOG + 1 + k * (1 + width)
        moved = work[record]
        start = work[record + 1 + START]
        is_here = start // 2 == day and work[record + 1 + TEAM] == person
        state[given[PLAN] + moved * width + TEAM] = other_person if is_here else person
        target = start + shift if is_here else start - shift
        settled = try_settle(given, price, state, moved, target)
        if settled == IMPOSSIBLE:
            revert(given, price, state, work, False)
            return IMPOSSIBLE
        change += settled
    return change + conclude(given, price, state, work)
