"""Moves of all that a person does on some consecutive days: a day, a trip, or a part of one.

Somebody else takes it over, or it goes to other days, or both; what stood in its way there goes where it was. A visit
keeps the rest of its team, which goes along to the other days.
"""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import day_row, diary_row, is_scheduled, is_visit, list_item, plan_row, start_of, visit_row
from solver.search.compiled import inner
from solver.search.cost import is_in_team
from solver.search.layout import (
    AREA,
    DAY_COUNT,
    FREE,
    HALF_DAYS,
    IS_FOLLOWED,
    LOG,
    LOG_CAPACITY,
    MEMBERS_MASK,
    NEAR_AT,
    NEAR_COUNT,
    START,
    STARTS_MASK,
    TEAM_PROPOSED,
)
from solver.search.moves.proposal import propose
from solver.search.moves.times import member_of, random_member, random_start
from solver.search.random import below
from solver.search.rules import has_bit

LONGEST_STRETCH = 6
"""The most days that are moved as one."""

OTHER_DAYS, OTHER_PERSON, BOTH = range(3)
"""Where a stretch goes."""


@inner
def exchange_days(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """All that a member of a planned visit does on its first day, for the same of another day, person or both."""
    person = member_of(given, state, work, visit)
    day = start_of(given, state, visit) // 2
    exchange_anywhere(given, state, work, visit, person, day, day)


@inner
def exchange_trips(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """All that a member of a planned visit does on its trip, for the same of other days, another person or both."""
    person = member_of(given, state, work, visit)
    day = start_of(given, state, visit) // 2
    first = first_day_of_trip(given, state, person, day)
    last = last_day_of_trip(given, state, person, day)
    if last > first:
        exchange_anywhere(given, state, work, visit, person, first, last)


@inner
def exchange_anywhere(
    given: IntArray, state: IntArray, work: IntArray, visit: int, person: int, first: int, last: int
) -> None:
    """A stretch of days that holds the visit goes to other days where the visit may be, to another person, or both."""
    goes_to = below(work, 3)
    other_person = person
    shift = 0
    if goes_to != OTHER_DAYS:
        other_person = random_member(given, visit, work)
    if goes_to != OTHER_PERSON:
        shift = random_start(given, visit, work) // 2 - start_of(given, state, visit) // 2
    exchange_stretches(given, state, work, visit, person, first, last, other_person, first + shift)


@inner
def join_trips(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """The day of a planned visit, its trip or the rest of that, goes right before or after a trip near by."""
    row = visit_row(given, visit)
    if given[row + NEAR_COUNT] == 0:
        return
    other = list_item(given, row + NEAR_AT, below(work, given[row + NEAR_COUNT]))
    if not is_scheduled(given, state, other):
        return
    taker = member_of(given, state, work, other)
    person = taker if is_in_team(given, state, visit, taker) else member_of(given, state, work, visit)
    first = start_of(given, state, visit) // 2
    last = first
    part = below(work, 4)
    if part >= 2:
        first = first_day_of_trip(given, state, person, first)
    if part % 2 == 1:
        last = last_day_of_trip(given, state, person, last)
    beside = start_of(given, state, other) // 2
    if below(work, 2) == 0:
        other_first = last_day_of_trip(given, state, taker, beside) + 1
    else:
        other_first = first_day_of_trip(given, state, taker, beside) - (last - first + 1)
    exchange_stretches(given, state, work, visit, person, first, last, taker, other_first)


@inner
def is_on_duty(given: IntArray, state: IntArray, person: int, day: int) -> bool:
    """Whether the plan has the person on duty on the day."""
    diary = diary_row(given, person) + 2 * day
    return is_visit(given, state[diary]) or is_visit(given, state[diary + 1])


@inner
def first_day_of_trip(given: IntArray, state: IntArray, person: int, day: int) -> int:
    """The first of the consecutive dates on duty that lead to the day."""
    while day > 0 and given[day_row(given, day - 1) + IS_FOLLOWED] and is_on_duty(given, state, person, day - 1):
        day -= 1
    return day


@inner
def last_day_of_trip(given: IntArray, state: IntArray, person: int, day: int) -> int:
    """The last of the consecutive dates on duty that begin with the day."""
    while given[day_row(given, day) + IS_FOLLOWED] and is_on_duty(given, state, person, day + 1):
        day += 1
    return day


@inner
def exchange_stretches(
    given: IntArray,
    state: IntArray,
    work: IntArray,
    visit: int,
    person: int,
    first: int,
    last: int,
    other_person: int,
    other_first: int,
) -> None:
    """Propose that what two people do, from ``first`` to ``last`` and as long from ``other_first`` on, changes places.

    ``visit`` is one of the first stretch; where it is known not to fit, nothing is proposed.
    """
    row = visit_row(given, visit)
    shift = other_first - first
    length = last - first + 1
    start = start_of(given, state, visit) + 2 * shift
    if (
        length > LONGEST_STRETCH
        or (person == other_person and shift == 0)
        or other_first < 0
        or other_first + length > given[DAY_COUNT]
        or not has_bit(given, given[row + STARTS_MASK], start)
        or not has_bit(given, given[row + MEMBERS_MASK], other_person)
    ):
        return
    area = given[row + AREA]
    propose_stretch(given, state, work, area, person, first, last, shift, other_person)
    if person != other_person or abs(shift) >= length:
        propose_stretch(given, state, work, area, other_person, other_first, other_first + length - 1, -shift, person)


@inner
def propose_stretch(
    given: IntArray,
    state: IntArray,
    work: IntArray,
    area: int,
    person: int,
    first: int,
    last: int,
    shift: int,
    other_person: int,
) -> None:
    """Propose that a person's visits of some days go to other days, and that somebody else takes the person's seat.

    Where one of them may not, since it is of another area, begins before or ends after, or has both people while it
    changes days, the move becomes impossible. On the same days a visit with both people stays as it is.
    """
    diary = diary_row(given, person)
    done = FREE
    for slot in range(2 * first, 2 * last + 2):
        entry = state[diary + slot]
        if not is_visit(given, entry) or entry == done:
            continue
        done = entry
        row = visit_row(given, entry)
        plan = plan_row(given, entry)
        start = state[plan + START]
        has_both = person != other_person and is_in_team(given, state, entry, other_person)
        if has_both and shift == 0:
            continue
        if has_both or given[row + AREA] != area or start < 2 * first or start + given[row + HALF_DAYS] > 2 * last + 2:
            work[LOG] = LOG_CAPACITY + 1
            return
        team = propose(given, state, work, entry, start + 2 * shift, TEAM_PROPOSED)
        if work[LOG] > LOG_CAPACITY:
            return
        if person != other_person:
            seat = 0
            while work[team + seat] != person:
                seat += 1
            work[team + seat] = other_person
