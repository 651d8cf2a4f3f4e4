"""Moves of several visits at once: two visits change places, or whole days do."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import inner
from solver.search.layout import (
    AREA,
    DAY_COUNT,
    DAY_WIDTH,
    DAYS,
    DIARY,
    FREE,
    HALF_DAYS,
    IS_FOLLOWED,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MEMBERS_MASK,
    NEAR_AT,
    NEAR_COUNT,
    OPEN,
    PLAN,
    PLAN_WIDTH,
    PROPOSED,
    SLOT_COUNT,
    START,
    STARTS_MASK,
    TEAM,
    TEAM_SIZE,
    VISIT_COUNT,
    VISIT_WIDTH,
    VISITS,
)
from solver.search.moves.proposal import propose
from solver.search.moves.times import random_member, random_start, start_beside
from solver.search.random import below
from solver.search.rules import has_bit

LONGEST_TRIP = 6
"""The most days of a trip that is moved as one."""

DISPLACING_SLOTS = 32
"""How far before or after a displaced visit may stand, in half-days."""


@inner
def swap_visits(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """Two visits of one length exchange their starts, and in two of three cases their teams too."""
    row = given[VISITS] + visit * VISIT_WIDTH
    slot = random_start(given, visit, work)
    person = given[given[row + MEMBERS_AT] + below(work, given[row + MEMBERS_COUNT])]
    other = state[given[DIARY] + person * given[SLOT_COUNT] + slot]
    if other < 0 or other >= given[VISIT_COUNT] or other == visit:
        return
    other_row = given[VISITS] + other * VISIT_WIDTH
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    other_plan = given[PLAN] + other * given[PLAN_WIDTH]
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
    team = propose(given, state, work, visit, other_start, PROPOSED)
    other_team = propose(given, state, work, other, start, PROPOSED)
    if swaps_teams:
        for k in range(size):
            work[team + k], work[other_team + k] = work[other_team + k], work[team + k]


@inner
def displace(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A lone visit goes beside one near by, to a member of it; a visit of that person takes its old place.

    That is the visit in whose way it would be, or else one within the same month or nearly.
    """
    row = given[VISITS] + visit * VISIT_WIDTH
    if given[row + TEAM_SIZE] != 1 or given[row + NEAR_COUNT] == 0:
        return
    other = given[given[row + NEAR_AT] + below(work, given[row + NEAR_COUNT])]
    other_plan = given[PLAN] + other * given[PLAN_WIDTH]
    if state[other_plan + START] == OPEN:
        return
    target = start_beside(given, state, work, visit, other)
    if target == OPEN:
        return
    size = given[given[VISITS] + other * VISIT_WIDTH + TEAM_SIZE]
    taker = state[other_plan + TEAM + below(work, size)]
    diary = given[DIARY] + taker * given[SLOT_COUNT]
    moved = state[diary + target]
    if moved == FREE:
        slot = target + below(work, 2 * DISPLACING_SLOTS) - DISPLACING_SLOTS
        if slot < 0 or slot >= given[SLOT_COUNT]:
            return
        moved = state[diary + slot]
    if moved < 0 or moved >= given[VISIT_COUNT] or moved == visit or moved == other:  # noqa: SIM109
        return
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    start = state[plan + START]
    giver = state[plan + TEAM]
    moved_row = given[VISITS] + moved * VISIT_WIDTH
    if (
        given[moved_row + AREA] != given[row + AREA]
        or given[moved_row + TEAM_SIZE] != 1
        or not has_bit(given, given[row + MEMBERS_MASK], taker)
        or not has_bit(given, given[moved_row + MEMBERS_MASK], giver)
        or not has_bit(given, given[moved_row + STARTS_MASK], start)
    ):
        return
    work[propose(given, state, work, visit, target, PROPOSED)] = taker
    work[propose(given, state, work, moved, start, PROPOSED)] = giver


@inner
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


@inner
def exchange_days(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """All that a person does alone on a day, for the same of another person, another day or both."""
    row = given[VISITS] + visit * VISIT_WIDTH
    if given[row + TEAM_SIZE] != 1:
        return
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    person = state[plan + TEAM]
    day = state[plan + START] // 2
    kind = below(work, 3)
    other_person = person
    other_day = day
    if kind != 0:
        other_person = given[given[row + MEMBERS_AT] + below(work, given[row + MEMBERS_COUNT])]
    if kind != 1:
        other_day = random_start(given, visit, work) // 2
    if (
        (other_person == person and other_day == day)
        or not is_day_movable(given, state, person, day, given[row + AREA])
        or not is_day_movable(given, state, other_person, other_day, given[row + AREA])
    ):
        return
    move_day(given, state, work, person, day, other_person, other_day)
    move_day(given, state, work, other_person, other_day, person, day)


@inner
def is_on_duty(given: IntArray, state: IntArray, person: int, day: int) -> bool:
    """Whether the plan has the person on duty on the day."""
    diary = given[DIARY] + person * given[SLOT_COUNT] + 2 * day
    return 0 <= state[diary] < given[VISIT_COUNT] or 0 <= state[diary + 1] < given[VISIT_COUNT]


@inner
def move_trip(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """All that a person does alone on some consecutive dates goes to other days, another person, or both."""
    row = given[VISITS] + visit * VISIT_WIDTH
    if given[row + TEAM_SIZE] != 1:
        return
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    person = state[plan + TEAM]
    day = state[plan + START] // 2
    days = given[DAYS]
    first = day
    while (
        first > 0
        and given[days + (first - 1) * DAY_WIDTH + IS_FOLLOWED]
        and is_on_duty(given, state, person, first - 1)
    ):
        first -= 1
    last = day
    while given[days + last * DAY_WIDTH + IS_FOLLOWED] and is_on_duty(given, state, person, last + 1):
        last += 1
    if last == first or last - first >= LONGEST_TRIP:
        return
    kind = below(work, 3)
    other_person = person
    shift = 0
    if kind != 0:
        other_person = random_member(given, visit, work)
    if kind != 1:
        shift = random_start(given, visit, work) // 2 - day
    if (other_person == person and shift == 0) or first + shift < 0 or last + shift >= given[DAY_COUNT]:
        return
    for moved_day in range(first, last + 1):
        if not is_day_movable(given, state, person, moved_day, given[row + AREA]):
            return
    for moved_day in range(first, last + 1):
        move_day(given, state, work, person, moved_day, other_person, moved_day + shift)


@inner
def move_day(
    given: IntArray, state: IntArray, work: IntArray, person: int, day: int, other_person: int, other_day: int
) -> None:
    """Propose that the visits of a person's day go to another day and person."""
    diary = given[DIARY] + person * given[SLOT_COUNT] + 2 * day
    last = FREE
    for half in range(2):
        entry = state[diary + half]
        if entry != FREE and entry != last:
            team = propose(given, state, work, entry, 2 * other_day + half, PROPOSED)
            work[team] = other_person
            last = entry
