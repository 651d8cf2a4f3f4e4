"""Moves that place visits left out: into what is free, by throwing others out, or where a large visit gives way."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import compiled
from solver.search.edits import IMPOSSIBLE, begin_move, conclude, revert, settle, touch, try_settle
from solver.search.insert import find_place, gather_team
from solver.search.layout import (
    AREA,
    CANDIDATES,
    DAY_COUNT,
    DAY_WIDTH,
    DAYS,
    DIARY,
    FREE,
    HALF_DAYS,
    IS_PINNED,
    LOG,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MONTH,
    OPEN,
    PLACE,
    PLAN,
    PLAN_WIDTH,
    SLOT_COUNT,
    START,
    STARTS_COUNT,
    TEAM,
    TEAM_SIZE,
    VISIT_COUNT,
    VISIT_WIDTH,
    VISITS,
    WEIGHT,
)
from solver.search.moves.times import random_start
from solver.search.random import below
from solver.search.rules import can_transfer, has_capacity, is_needed, may_begin

TRIES = 16
"""Starts tried for a visit that is looking for a place."""

MOST_EJECTED = 12
"""The most visits that one move throws out."""

OPEN_SEEN = 8
"""The most open visits that a visit may give way to."""


@compiled
def insert_open(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """An open visit goes to the cheapest of some of its starts."""
    begin_move(work)
    change = touch(given, price, state, work, visit)
    start = find_place(given, price, state, visit, TRIES, 0, work)
    if start == OPEN:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    change += settle(given, price, state, visit, start)
    return change + conclude(given, price, state, work)


@compiled
def may_be_ejected(given: IntArray, state: IntArray, entry: int, area: int) -> bool:
    """Whether an entry of a diary is a planned visit that may be thrown out."""
    if entry < 0 or entry >= given[VISIT_COUNT]:
        return False
    row = given[VISITS] + entry * VISIT_WIDTH
    return given[row + AREA] == area and given[row + IS_PINNED] == 0 and not is_needed(given, state, entry)


@compiled
def ejection_weight(given: IntArray, state: IntArray, visit: int, start: int, person: int) -> int:
    """The weight of the visits in whose way the visit would stand in the person's diary; −1 if they must stay.

    A month that is full counts as one more visit of the visit's own weight.
    """
    row = given[VISITS] + visit * VISIT_WIDTH
    half_days = given[row + HALF_DAYS]
    diary = given[DIARY] + person * given[SLOT_COUNT]
    weight = 0
    last = FREE
    for slot in range(start, start + half_days):
        entry = state[diary + slot]
        if entry == FREE or entry == last:  # noqa: SIM109 - compiled: no tuples
            continue
        if not may_be_ejected(given, state, entry, given[row + AREA]):
            return -1
        weight += given[given[VISITS] + entry * VISIT_WIDTH + WEIGHT]
        last = entry
    if not can_transfer(given, state, person, start, half_days, given[row + PLACE]):
        entry = state[diary + (start - 1 if start % 2 == 1 else start + half_days)]
        if not may_be_ejected(given, state, entry, given[row + AREA]):
            return -1
        weight += given[given[VISITS] + entry * VISIT_WIDTH + WEIGHT]
    if not has_capacity(given, state, person, start, half_days):
        weight += given[row + WEIGHT]
    return weight


@compiled
def clear_diary(
    given: IntArray, price: IntArray, state: IntArray, visit: int, start: int, person: int, work: IntArray
) -> int:
    """Throw out of the person's diary what keeps the visit from beginning in ``start``; the change of cost so far.

    To make room in a full month visits of it are thrown out, from a random day on. ``IMPOSSIBLE`` if it is in vain.
    """
    row = given[VISITS] + visit * VISIT_WIDTH
    half_days = given[row + HALF_DAYS]
    diary = given[DIARY] + person * given[SLOT_COUNT]
    change = 0
    for slot in range(start, start + half_days):
        entry = state[diary + slot]
        if entry != FREE:
            if not may_be_ejected(given, state, entry, given[row + AREA]):
                return IMPOSSIBLE
            change += touch(given, price, state, work, entry)
    if not can_transfer(given, state, person, start, half_days, given[row + PLACE]):
        entry = state[diary + (start - 1 if start % 2 == 1 else start + half_days)]
        if not may_be_ejected(given, state, entry, given[row + AREA]):
            return IMPOSSIBLE
        change += touch(given, price, state, work, entry)
    if has_capacity(given, state, person, start, half_days):
        return change
    days = given[DAYS]
    month = given[days + (start // 2) * DAY_WIDTH + MONTH]
    first = start // 2
    while first > 0 and given[days + (first - 1) * DAY_WIDTH + MONTH] == month:
        first -= 1
    end = start // 2 + 1
    while end < given[DAY_COUNT] and given[days + end * DAY_WIDTH + MONTH] == month:
        end += 1
    slots = 2 * (end - first)
    offset = below(work, slots)
    for k in range(slots):
        entry = state[diary + 2 * first + (offset + k) % slots]
        if may_be_ejected(given, state, entry, given[row + AREA]):
            if work[LOG] >= MOST_EJECTED:
                return IMPOSSIBLE
            change += touch(given, price, state, work, entry)
            if has_capacity(given, state, person, start, half_days):
                return change
    return IMPOSSIBLE


@compiled
def eject(given: IntArray, price: IntArray, state: IntArray, visit: int, work: IntArray) -> int:
    """An open visit takes a random start with the people whom it costs the least weight; these look for new places."""
    row = given[VISITS] + visit * VISIT_WIDTH
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    if given[row + STARTS_COUNT] == 0:
        return IMPOSSIBLE
    start = random_start(given, visit, work)
    if not may_begin(given, state, visit, start):
        return IMPOSSIBLE
    people = 0
    for k in range(given[row + MEMBERS_COUNT]):
        person = given[given[row + MEMBERS_AT] + k]
        weight = ejection_weight(given, state, visit, start, person)
        if weight >= 0:
            work[given[CANDIDATES] + 2 * people] = person
            work[given[CANDIDATES] + 2 * people + 1] = 16 * weight + below(work, 64)
            people += 1
    begin_move(work)
    change = touch(given, price, state, work, visit)
    if gather_team(given, state, visit, people, work, 0) == IMPOSSIBLE:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    for k in range(given[row + TEAM_SIZE]):
        cleared = clear_diary(given, price, state, visit, start, state[plan + TEAM + k], work)
        if cleared == IMPOSSIBLE or work[LOG] >= MOST_EJECTED:
            revert(given, price, state, work, False)
            return IMPOSSIBLE
        change += cleared
    settled = try_settle(given, price, state, visit, start)
    if settled == IMPOSSIBLE:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    return change + settled + find_places(given, price, state, work) + conclude(given, price, state, work)


@compiled
def find_places(given: IntArray, price: IntArray, state: IntArray, work: IntArray) -> int:
    """Settle the visits that this move has touched and left open, where there is room; the change of cost so far."""
    width = given[PLAN_WIDTH]
    change = 0
    for k in range(work[LOG]):
        visit = work[LOG + 1 + k * (1 + width)]
        if state[given[PLAN] + visit * width + START] == OPEN:
            start = find_place(given, price, state, visit, TRIES, 0, work)
            if start != OPEN:
                change += settle(given, price, state, visit, start)
    return change


@compiled
def give_way(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    visit: int,
    open_visits: IntArray,
    work: IntArray,
) -> int:
    """A planned visit is thrown out, some open ones are placed, and it looks for another place itself.

    ``open_visits`` holds their number, then the open visits.
    """
    row = given[VISITS] + visit * VISIT_WIDTH
    count = open_visits[0]
    if count == 0 or not may_be_ejected(given, state, visit, given[row + AREA]):
        return IMPOSSIBLE
    begin_move(work)
    change = touch(given, price, state, work, visit)
    offset = below(work, count)
    for k in range(min(count, OPEN_SEEN)):
        other = open_visits[1 + (offset + k) % count]
        start = find_place(given, price, state, other, TRIES, 0, work)
        if start != OPEN:
            change += touch(given, price, state, work, other)
            change += settle(given, price, state, other, start)
    if work[LOG] == 1:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    return change + find_places(given, price, state, work) + conclude(given, price, state, work)
