"""Moves that schedule unscheduled visits: where there is room, by ejection of others, or in trade for a large one."""

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
    ALL_TO_BE_FOUND,
    AREA,
    BURDEN,
    CANDIDATES,
    DAY_COUNT,
    EVENINGS,
    FREE,
    HALF_DAYS,
    IS_PINNED,
    LOG,
    LOG_CAPACITY,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MONTH_CAP,
    NO_LIMIT,
    PLACE,
    SIBLINGS_AT,
    SIBLINGS_COUNT,
    STARTS_AT,
    STARTS_COUNT,
    TEAM_PROPOSED,
    TEAM_SIZE,
    UNSCHEDULED,
    UNSCHEDULED_COUNT,
    WEIGHT,
)
from solver.search.moves.proposal import is_proposed, propose
from solver.search.moves.times import random_start
from solver.search.random import below
from solver.search.rules import (
    can_transfer,
    half_days_in_month,
    has_capacity,
    is_needed,
    keeps_past_evenings,
    may_begin,
    too_far_after,
    too_far_before,
)

MOST_INSERTED, MOST_LOOKED_AT = 8, 64
"""The most unscheduled visits that a move inserts where it has made room, and how many are looked at for them."""


@inner
def insert_unscheduled(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """An unscheduled visit is inserted at the cheapest of some of its starts."""
    propose(given, state, work, visit, UNSCHEDULED, ALL_TO_BE_FOUND)


@inner
def trade(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A scheduled visit is ejected, some unscheduled ones are inserted, then the ejected one if there is still room."""
    if work[given[UNSCHEDULED_COUNT]] == 0 or not may_be_ejected(
        given, state, visit, given[visit_row(given, visit) + AREA]
    ):
        return
    insert_some(given, state, work, start_of(given, state, visit))
    if work[LOG] > 0:
        propose(given, state, work, visit, UNSCHEDULED, ALL_TO_BE_FOUND)


@inner
def insert_some(given: IntArray, state: IntArray, work: IntArray, slot: int) -> None:
    """Some unscheduled visits that may lie in the month of the slot are inserted."""
    first, end = days_of_month(given, slot // 2)
    waiting = given[UNSCHEDULED_COUNT]
    count = work[waiting]
    offset = below(work, count)
    inserted = 0
    for k in range(min(count, MOST_LOOKED_AT)):
        visit = work[waiting + 1 + (offset + k) % count]
        row = visit_row(given, visit)
        earliest = given[given[row + STARTS_AT]]
        latest = list_item(given, row + STARTS_AT, given[row + STARTS_COUNT] - 1)
        if earliest < 2 * end and latest >= 2 * first and not is_proposed(given, work, visit):
            propose(given, state, work, visit, UNSCHEDULED, ALL_TO_BE_FOUND)
            inserted += 1
            if inserted == MOST_INSERTED:
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
def eject(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """An unscheduled visit takes a random start and the team that costs the least weight of ejected visits.

    The visits in its way are ejected and inserted elsewhere, then other unscheduled ones are. Where it may not begin
    with any team, another visit of its inspectee is ejected.
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
    propose(given, state, work, visit, start, TEAM_PROPOSED)
    for seat in range(given[row + TEAM_SIZE]):
        person = state[team_row(given, visit) + seat]
        clear_diary(given, state, work, visit, start, person)
    if work[LOG] > 1 and work[LOG] <= LOG_CAPACITY - MOST_INSERTED:
        insert_some(given, state, work, start)


@inner
def move_sibling(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A random scheduled visit with burden of the same inspectee is ejected; both are inserted."""
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
            propose(given, state, work, visit, UNSCHEDULED, ALL_TO_BE_FOUND)
            propose(given, state, work, sibling, UNSCHEDULED, ALL_TO_BE_FOUND)
            return


@inner
def may_be_ejected(given: IntArray, state: IntArray, entry: int, area: int) -> bool:
    """Whether an entry of a diary is a visit of the area that may be ejected: neither pinned nor waited for."""
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
    """The weight of the visits that the person's diary must eject for the visit; −1 if they must stay.

    A full month counts as one more visit of the visit's own weight; −1 if its cap is too low even when it is empty.
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
    if given[EVENINGS] != NO_LIMIT:
        if not keeps_past_evenings(given, person, start, half_days, given[row + PLACE]):
            return -1
        before = too_far_before(given, state, person, start, given[row + PLACE])
        after = too_far_after(given, state, person, start + half_days, given[row + PLACE])
        for entry in (before, after):
            if entry != FREE:
                if not may_be_ejected(given, state, entry, given[row + AREA]):
                    return -1
                weight += given[visit_row(given, entry) + WEIGHT]
    if not has_capacity(given, state, person, start, half_days):
        weight += given[row + WEIGHT]
    return weight


@inner
def eject_entry(given: IntArray, state: IntArray, work: IntArray, entry: int) -> None:
    """Propose that a scheduled visit is ejected and inserted elsewhere, unless it is proposed already."""
    if not is_proposed(given, work, entry):
        propose(given, state, work, entry, UNSCHEDULED, ALL_TO_BE_FOUND)


@inner
def clear_diary(given: IntArray, state: IntArray, work: IntArray, visit: int, start: int, person: int) -> None:
    """Eject from the person's diary what keeps the visit from beginning in ``start``.

    In a full month visits are ejected from a random half-day on until there is room.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    diary = diary_row(given, person)
    for slot in range(start, start + half_days):
        if state[diary + slot] != FREE:
            eject_entry(given, state, work, state[diary + slot])
    if not can_transfer(given, state, person, start, half_days, given[row + PLACE]):
        eject_entry(given, state, work, beside_in_day(given, state, person, start, half_days))
    if given[EVENINGS] != NO_LIMIT:
        before = too_far_before(given, state, person, start, given[row + PLACE])
        after = too_far_after(given, state, person, start + half_days, given[row + PLACE])
        for entry in (before, after):
            if entry != FREE:
                eject_entry(given, state, work, entry)
    first, last = start // 2, (start + half_days - 1) // 2
    in_first = half_days_in_month(given, start, half_days, month_of(given, first))
    make_room(given, state, work, given[row + AREA], first, person, in_first)
    if in_first < half_days:
        make_room(given, state, work, given[row + AREA], last, person, half_days - in_first)


@inner
def make_room(
    given: IntArray, state: IntArray, work: IntArray, area: int, day: int, person: int, half_days: int
) -> None:
    """Eject visits of an area from the person's month around a day until so many half-days of it are left."""
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
            propose(given, state, work, entry, UNSCHEDULED, ALL_TO_BE_FOUND)
            other = start_of(given, state, entry)
            lacking -= half_days_in_month(given, other, given[visit_row(given, entry) + HALF_DAYS], month)
