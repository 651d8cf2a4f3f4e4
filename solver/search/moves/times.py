"""Moves that change when a visit takes place: another start, a start beside a visit near by, or the best place."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import is_scheduled, list_item, plan_row, start_of, team_row, visit_row
from solver.search.compiled import inner
from solver.search.cost import is_in_team
from solver.search.layout import (
    HALF_DAYS,
    MEMBERS_AT,
    MEMBERS_COUNT,
    MEMBERS_MASK,
    NEAR_AT,
    NEAR_COUNT,
    PREFERS_AT,
    PREFERS_COUNT,
    SLOT_COUNT,
    SPAN_DAYS,
    START,
    START_TO_BE_FOUND,
    STARTS_AT,
    STARTS_COUNT,
    STARTS_MASK,
    TEAM,
    TEAM_PROPOSED,
    TEAM_SIZE,
    TEAM_TO_BE_FOUND,
    UNSCHEDULED,
)
from solver.search.moves.proposal import propose
from solver.search.random import below
from solver.search.rules import has_bit, is_free


@inner
def random_start(given: IntArray, visit: int, work: IntArray) -> int:
    """One of the starts of a visit, which has some."""
    row = visit_row(given, visit)
    return list_item(given, row + STARTS_AT, below(work, given[row + STARTS_COUNT]))


@inner
def random_member(given: IntArray, visit: int, work: IntArray) -> int:
    """Somebody who may be in the visit's team: in one of three cases somebody preferred, if there is one."""
    row = visit_row(given, visit)
    if given[row + PREFERS_COUNT] > 0 and below(work, 3) == 0:
        return list_item(given, row + PREFERS_AT, below(work, given[row + PREFERS_COUNT]))
    return list_item(given, row + MEMBERS_AT, below(work, given[row + MEMBERS_COUNT]))


@inner
def member_of(given: IntArray, state: IntArray, work: IntArray, visit: int) -> int:
    """A random member of a planned visit."""
    seat = below(work, given[visit_row(given, visit) + TEAM_SIZE])
    return state[team_row(given, visit) + seat]


@inner
def start_beside(given: IntArray, state: IntArray, work: IntArray, visit: int, other: int) -> int:
    """A start just before or after a planned visit: a half-day or day beside it; ``UNSCHEDULED`` if it may not be."""
    row = visit_row(given, visit)
    other_start = start_of(given, state, other)
    other_half_days = given[visit_row(given, other) + HALF_DAYS]
    is_after = below(work, 2) == 1
    if given[row + HALF_DAYS] == 1:
        distance = below(work, 3)
        start = other_start + other_half_days + distance if is_after else other_start - 1 - distance
        if other_half_days == 1 and below(work, 2) == 0:
            start = other_start ^ 1
    elif is_after:
        start = 2 * ((other_start + other_half_days + 1) // 2)
    else:
        start = 2 * (other_start // 2 - given[row + SPAN_DAYS])
    if start < 0 or start >= given[SLOT_COUNT] or not has_bit(given, given[row + STARTS_MASK], start):
        return UNSCHEDULED
    return start


@inner
def are_free(given: IntArray, state: IntArray, visit: int, start: int, but: int) -> bool:
    """Whether the visit's members have nothing else where it would begin in ``start``, the seat ``but`` aside."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    for seat in range(given[row + TEAM_SIZE]):
        if seat != but and not is_free(given, state, state[team + seat], start, given[row + HALF_DAYS], visit):
            return False
    return True


@inner
def move_in_time(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A planned visit begins in another of its starts, with the same team."""
    start = random_start(given, visit, work)
    if start != start_of(given, state, visit) and are_free(given, state, visit, start, -1):
        propose(given, state, work, visit, start, TEAM_PROPOSED)


@inner
def move_with_member(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A planned visit begins in another of its starts, and a member is replaced."""
    row = visit_row(given, visit)
    start = random_start(given, visit, work)
    person = random_member(given, visit, work)
    seat = below(work, given[row + TEAM_SIZE])
    if (
        is_free(given, state, person, start, given[row + HALF_DAYS], visit)
        and not is_in_team(given, state, visit, person)
        and are_free(given, state, visit, start, seat)
    ):
        team = propose(given, state, work, visit, start, TEAM_PROPOSED)
        work[team + seat] = person


@inner
def move_beside(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A planned visit goes beside one near by, with as many of that one's members as may come."""
    row = visit_row(given, visit)
    if given[row + NEAR_COUNT] == 0:
        return
    other = list_item(given, row + NEAR_AT, below(work, given[row + NEAR_COUNT]))
    other_plan = plan_row(given, other)
    if state[other_plan + START] == UNSCHEDULED:
        return
    start = start_beside(given, state, work, visit, other)
    if start == UNSCHEDULED:
        return
    other_size = given[visit_row(given, other) + TEAM_SIZE]
    first = below(work, other_size)
    if given[row + TEAM_SIZE] == 1 and not is_free(
        given, state, state[other_plan + TEAM + first], start, given[row + HALF_DAYS], visit
    ):
        return
    team = propose(given, state, work, visit, start, TEAM_PROPOSED)
    size = given[row + TEAM_SIZE]
    taken = 0
    for k in range(other_size):
        person = state[other_plan + TEAM + (first + k) % other_size]
        if taken == size:
            break
        if not has_bit(given, given[row + MEMBERS_MASK], person) or not is_free(
            given, state, person, start, given[row + HALF_DAYS], visit
        ):
            continue
        seat = taken
        for m in range(taken, size):
            if work[team + m] == person:
                seat = m
        work[team + seat] = work[team + taken]
        work[team + taken] = person
        taken += 1


@inner
def move_to_best(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A planned visit begins elsewhere, near by or anywhere, with the team that is cheapest there."""
    row = visit_row(given, visit)
    start = UNSCHEDULED
    if given[row + NEAR_COUNT] > 0 and below(work, 4) > 0:
        other = list_item(given, row + NEAR_AT, below(work, given[row + NEAR_COUNT]))
        if is_scheduled(given, state, other):
            start = start_beside(given, state, work, visit, other)
    if start == UNSCHEDULED:
        start = random_start(given, visit, work)
    propose(given, state, work, visit, start, TEAM_TO_BE_FOUND)


@inner
def move_to_best_start(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A planned visit begins where it is cheapest for its team, in which a member may be replaced."""
    row = visit_row(given, visit)
    team = propose(given, state, work, visit, UNSCHEDULED, START_TO_BE_FOUND)
    if below(work, 3) > 0:
        person = random_member(given, visit, work)
        if not is_in_team(given, state, visit, person):
            work[team + below(work, given[row + TEAM_SIZE])] = person
