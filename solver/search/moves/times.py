"""Moves that change when a visit takes place: another start, a start beside a visit near by, or the best place."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import compiled
from solver.search.edits import IMPOSSIBLE, begin_move, conclude, finish_move, revert, settle, touch
from solver.search.insert import find_team
from solver.search.layout import (
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
    SLOT_COUNT,
    SPAN_DAYS,
    START,
    STARTS_AT,
    STARTS_COUNT,
    STARTS_MASK,
    TEAM,
    TEAM_SIZE,
    VISIT_WIDTH,
    VISITS,
)
from solver.search.random import below
from solver.search.rules import has_bit, is_free, may_begin


@compiled
def random_start(given: IntArray, visit: int, work: IntArray) -> int:
    """One of the starts of a visit, which has some."""
    row = given[VISITS] + visit * VISIT_WIDTH
    return given[given[row + STARTS_AT] + below(work, given[row + STARTS_COUNT])]


@compiled
def start_beside(given: IntArray, state: IntArray, visit: int, other: int, work: IntArray) -> int:
    """A start just before or after a planned visit: the half-day beside it, or the day; ``OPEN`` if not allowed."""
    row = given[VISITS] + visit * VISIT_WIDTH
    other_start = state[given[PLAN] + other * given[PLAN_WIDTH] + START]
    other_half_days = given[given[VISITS] + other * VISIT_WIDTH + HALF_DAYS]
    half_days = given[row + HALF_DAYS]
    is_after = below(work, 2) == 1
    if half_days == 1:
        far = below(work, 3)
        start = other_start + other_half_days + far if is_after else other_start - 1 - far
    elif is_after:
        start = 2 * ((other_start + other_half_days + 1) // 2)
    else:
        start = 2 * (other_start // 2 - given[row + SPAN_DAYS])
    if start < 0 or start >= given[SLOT_COUNT] or not has_bit(given, given[row + STARTS_MASK], start):
        return OPEN
    return start


@compiled
def are_all_free(given: IntArray, state: IntArray, visit: int, start: int) -> bool:
    """Whether the visit's members have nothing else where it would begin in ``start``."""
    row = given[VISITS] + visit * VISIT_WIDTH
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    for k in range(given[row + TEAM_SIZE]):
        if not is_free(given, state, state[plan + TEAM + k], start, given[row + HALF_DAYS], visit):
            return False
    return True


@compiled
def move_in_time(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """A planned visit begins in another of its starts, with the same team."""
    start = random_start(given, visit, work)
    if start == state[given[PLAN] + visit * given[PLAN_WIDTH] + START]:
        return IMPOSSIBLE
    if not are_all_free(given, state, visit, start):
        return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit)
    return finish_move(given, price, state, work, change, visit, start)


@compiled
def move_with_member(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """A planned visit begins in another of its starts, and a member gives way to somebody else."""
    row = given[VISITS] + visit * VISIT_WIDTH
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    start = random_start(given, visit, work)
    person = given[given[row + MEMBERS_AT] + below(work, given[row + MEMBERS_COUNT])]
    half_days = given[row + HALF_DAYS]
    if not is_free(given, state, person, start, half_days, visit):
        return IMPOSSIBLE
    seat = below(work, given[row + TEAM_SIZE])
    for k in range(given[row + TEAM_SIZE]):
        member = state[plan + TEAM + k]
        if member == person or (k != seat and not is_free(given, state, member, start, half_days, visit)):
            return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit)
    state[plan + TEAM + seat] = person
    return finish_move(given, price, state, work, change, visit, start)


@compiled
def move_beside(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """A planned visit goes beside one near by, with as many of that one's members as may come."""
    row = given[VISITS] + visit * VISIT_WIDTH
    if given[row + NEAR_COUNT] == 0:
        return IMPOSSIBLE
    other = given[given[row + NEAR_AT] + below(work, given[row + NEAR_COUNT])]
    other_plan = given[PLAN] + other * given[PLAN_WIDTH]
    if state[other_plan + START] == OPEN:
        return IMPOSSIBLE
    start = start_beside(given, state, visit, other, work)
    if start == OPEN:
        return IMPOSSIBLE
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    size = given[row + TEAM_SIZE]
    other_size = given[given[VISITS] + other * VISIT_WIDTH + TEAM_SIZE]
    first = below(work, other_size)
    if size == 1:
        person = state[other_plan + TEAM + first]
        if (person == state[plan + TEAM] and start == state[plan + START]) or not is_free(
            given, state, person, start, given[row + HALF_DAYS], visit
        ):
            return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit)
    _take_over(given, state, visit, start, other, first)
    return finish_move(given, price, state, work, change, visit, start)


@compiled
def _take_over(given: IntArray, state: IntArray, visit: int, start: int, other: int, first: int) -> None:
    """Fill the visit's team with members of another, from the ``first`` on; the old ones keep the seats left."""
    row = given[VISITS] + visit * VISIT_WIDTH
    size = given[row + TEAM_SIZE]
    team = given[PLAN] + visit * given[PLAN_WIDTH] + TEAM
    other_size = given[given[VISITS] + other * VISIT_WIDTH + TEAM_SIZE]
    other_team = given[PLAN] + other * given[PLAN_WIDTH] + TEAM
    taken = 0
    for k in range(other_size):
        person = state[other_team + (first + k) % other_size]
        if taken == size:
            break
        if not has_bit(given, given[row + MEMBERS_MASK], person):
            continue
        if size > 1 and not is_free(given, state, person, start, given[row + HALF_DAYS], FREE):
            continue
        seat = taken
        for m in range(taken, size):
            if state[team + m] == person:
                seat = m
        state[team + seat] = state[team + taken]
        state[team + taken] = person
        taken += 1


@compiled
def move_to_best(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """A planned visit begins elsewhere, near by or anywhere, with the team that is cheapest there."""
    row = given[VISITS] + visit * VISIT_WIDTH
    start = OPEN
    if given[row + NEAR_COUNT] > 0 and below(work, 4) > 0:
        other = given[given[row + NEAR_AT] + below(work, given[row + NEAR_COUNT])]
        if state[given[PLAN] + other * given[PLAN_WIDTH] + START] != OPEN:
            start = start_beside(given, state, visit, other, work)
    if start == OPEN:
        start = random_start(given, visit, work)
    begin_move(work)
    change = touch(given, price, state, work, visit)
    if not may_begin(given, state, visit, start) or find_team(given, price, state, visit, start, 0, work) == IMPOSSIBLE:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    change += settle(given, price, state, visit, start)
    return change + conclude(given, price, state, work)
