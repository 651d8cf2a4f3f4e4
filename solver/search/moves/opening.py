"""Moves that place visits left out: into what is free, by throwing others out, or where a large visit gives way."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import (
    diary_row,
    is_scheduled,
    is_visit,
    list_item,
    month_of,
    months_row,
    person_row,
    start_of,
    team_row,
    visit_row,
)
from solver.search.compiled import inner
from solver.search.insert import IMPOSSIBLE, gather_team
from solver.search.layout import (
    AREA,
    BURDEN,
    CANDIDATES,
    DAY_COUNT,
    FREE,
    HALF_DAYS,
    IS_PINNED,
    LOG,
    LOG_CAPACITY,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MONTH_CAP,
    OPEN,
    PLACE,
    PROPOSED,
    SIBLINGS_AT,
    SIBLINGS_COUNT,
    STARTS_AT,
    STARTS_COUNT,
    TEAM_SIZE,
    TO_BE_FOUND_ANYWHERE,
    WEIGHT,
)
from solver.search.moves.proposal import is_proposed, propose
from solver.search.moves.times import random_start
from solver.search.random import below
from solver.search.rules import can_transfer, half_days_in_month, has_capacity, is_needed, may_begin

OPEN_SEEN, OPEN_LOOKED_AT = 8, 64
"""The most open visits that are to use what a move frees, and how many are looked at for them."""


@inner
def insert_open(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """An open visit goes to the cheapest of some of its starts."""
    propose(given, state, work, visit, OPEN, TO_BE_FOUND_ANYWHERE)


@inner
def give_way(given: IntArray, state: IntArray, work: IntArray, visit: int, open_visits: IntArray) -> None:
    """A planned visit is thrown out, some open ones look for a place, and at last it does itself.

    ``open_visits`` holds their number, then the open visits.
    """
    if open_visits[0] == 0 or not may_be_ejected(given, state, visit, given[visit_row(given, visit) + AREA]):
        return
    propose_open(given, state, work, open_visits, start_of(given, state, visit))
    if work[LOG] > 0:
        propose(given, state, work, visit, OPEN, TO_BE_FOUND_ANYWHERE)


@inner
def propose_open(given: IntArray, state: IntArray, work: IntArray, open_visits: IntArray, slot: int) -> None:
    """Some open visits that may lie in the month of the slot look for a place."""
    first, end = days_of_month(given, slot // 2)
    count = open_visits[0]
    offset = below(work, count)
    seen = 0
    for k in range(min(count, OPEN_LOOKED_AT)):
        visit = open_visits[1 + (offset + k) % count]
        row = visit_row(given, visit)
        earliest = given[given[row + STARTS_AT]]
        latest = list_item(given, row + STARTS_AT, given[row + STARTS_COUNT] - 1)
        if earliest < 2 * end and latest >= 2 * first and not is_proposed(given, work, visit):
            propose(given, state, work, visit, OPEN, TO_BE_FOUND_ANYWHERE)
            seen += 1
            if seen == OPEN_SEEN:
                return


@inner
def days_of_month(given: IntArray, day: int) -> tuple[int, int]:
    """The first inspection day of the month of a day, and the first after it."""
    month = month_of(given, day)
    first = day
    while first > 0 and month_of(given, first - 1) == month:
        first -= 1
    end = day + 1
    while end < given[DAY_COUNT] and month_of(given, end) == month:
        end += 1
    return first, end


@inner
def eject(given: IntArray, state: IntArray, work: IntArray, visit: int, open_visits: IntArray) -> None:
    """An open visit takes a random start and the people whom it costs the least weight.

    What stands in its way there is thrown out and looks for a new place; then other open visits do. Where it may not
    begin whoever comes, another visit of its inspectee moves.
    """
    row = visit_row(given, visit)
    if given[row + STARTS_COUNT] == 0:
        return
    start = random_start(given, visit, work)
    if not may_begin(given, state, visit, start):
        move_sibling(given, state, work, visit)
        return
    people = 0
    for k in range(given[row + MEMBERS_COUNT]):
        person = list_item(given, row + MEMBERS_AT, k)
        weight = ejection_weight(given, state, visit, start, person)
        if weight >= 0:
            work[given[CANDIDATES] + 2 * people] = person
            work[given[CANDIDATES] + 2 * people + 1] = 16 * weight + below(work, 64)
            people += 1
    if gather_team(given, state, visit, people, work, 0) == IMPOSSIBLE:
        return
    propose(given, state, work, visit, start, PROPOSED)
    for seat in range(given[row + TEAM_SIZE]):
        person = state[team_row(given, visit) + seat]
        clear_diary(given, state, work, visit, start, person)
    if work[LOG] > 1 and work[LOG] <= LOG_CAPACITY - OPEN_SEEN:
        propose_open(given, state, work, open_visits, start)


@inner
def move_sibling(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A random planned visit with burden of the open visit's inspectee is thrown out; both look for a place."""
    row = visit_row(given, visit)
    count = given[row + SIBLINGS_COUNT]
    offset = below(work, count)
    for k in range(count):
        sibling = list_item(given, row + SIBLINGS_AT, (offset + k) % count)
        if (
            given[visit_row(given, sibling) + BURDEN] > 0
            and is_scheduled(given, state, sibling)
            and may_be_ejected(given, state, sibling, given[row + AREA])
        ):
            propose(given, state, work, visit, OPEN, TO_BE_FOUND_ANYWHERE)
            propose(given, state, work, sibling, OPEN, TO_BE_FOUND_ANYWHERE)
            return


@inner
def may_be_ejected(given: IntArray, state: IntArray, entry: int, area: int) -> bool:
    """Whether an entry of a diary is a planned visit that may be thrown out."""
    if not is_visit(given, entry):
        return False
    row = visit_row(given, entry)
    return given[row + AREA] == area and given[row + IS_PINNED] == 0 and not is_needed(given, state, entry)


@inner
def beside_in_day(given: IntArray, state: IntArray, person: int, start: int, half_days: int) -> int:
    """The diary's entry in the half-day that an odd visit beginning in ``start`` leaves of a day."""
    slot = start - 1 if start % 2 == 1 else start + half_days
    return state[diary_row(given, person) + slot]


@inner
def ejection_weight(given: IntArray, state: IntArray, visit: int, start: int, person: int) -> int:
    """The weight of the visits in whose way the visit would stand in the person's diary; −1 if they must stay.

    A month that is full counts as one more visit of the visit's own weight; one that would never have room is a −1.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    in_first = half_days_in_month(given, start, half_days, month_of(given, start // 2))
    if max(in_first, half_days - in_first) > given[person_row(given, person) + MONTH_CAP]:
        return -1
    diary = diary_row(given, person)
    weight = 0
    last = FREE
    for slot in range(start, start + half_days):
        entry = state[diary + slot]
        if entry != FREE and entry != last:
            if not may_be_ejected(given, state, entry, given[row + AREA]):
                return -1
            weight += given[visit_row(given, entry) + WEIGHT]
            last = entry
    if not can_transfer(given, state, person, start, half_days, given[row + PLACE]):
        entry = beside_in_day(given, state, person, start, half_days)
        if not may_be_ejected(given, state, entry, given[row + AREA]):
            return -1
        weight += given[visit_row(given, entry) + WEIGHT]
    if not has_capacity(given, state, person, start, half_days):
        weight += given[row + WEIGHT]
    return weight


@inner
def throw_out(given: IntArray, state: IntArray, work: IntArray, entry: int) -> None:
    """Propose that a planned visit looks for a new place, unless it does already."""
    if not is_proposed(given, work, entry):
        propose(given, state, work, entry, OPEN, TO_BE_FOUND_ANYWHERE)


@inner
def clear_diary(given: IntArray, state: IntArray, work: IntArray, visit: int, start: int, person: int) -> None:
    """Throw out of the person's diary what keeps the visit from beginning in ``start``.

    In a full month visits are thrown out from a random half-day on until there is room.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    diary = diary_row(given, person)
    for slot in range(start, start + half_days):
        if state[diary + slot] != FREE:
            throw_out(given, state, work, state[diary + slot])
    if not can_transfer(given, state, person, start, half_days, given[row + PLACE]):
        throw_out(given, state, work, beside_in_day(given, state, person, start, half_days))
    first, last = start // 2, (start + half_days - 1) // 2
    in_first = half_days_in_month(given, start, half_days, month_of(given, first))
    make_room(given, state, work, given[row + AREA], first, person, in_first)
    if in_first < half_days:
        make_room(given, state, work, given[row + AREA], last, person, half_days - in_first)


@inner
def make_room(
    given: IntArray, state: IntArray, work: IntArray, area: int, day: int, person: int, half_days: int
) -> None:
    """Throw visits of an area out of the person's month around a day until it has so many half-days left."""
    diary = diary_row(given, person)
    month = month_of(given, day)
    lacking = half_days - state[months_row(given, person) + month]
    if lacking <= 0:
        return
    first, end = days_of_month(given, day)
    for slot in range(2 * first, 2 * end):
        entry = state[diary + slot]
        if is_visit(given, entry) and is_proposed(given, work, entry):
            lacking -= 1
    slots = 2 * (end - first)
    offset = below(work, slots)
    for k in range(slots):
        if lacking <= 0 or work[LOG] > LOG_CAPACITY:
            return
        entry = state[diary + 2 * first + (offset + k) % slots]
        if may_be_ejected(given, state, entry, area) and not is_proposed(given, work, entry):
            propose(given, state, work, entry, OPEN, TO_BE_FOUND_ANYWHERE)
            other = start_of(given, state, entry)
            lacking -= half_days_in_month(given, other, given[visit_row(given, entry) + HALF_DAYS], month)
