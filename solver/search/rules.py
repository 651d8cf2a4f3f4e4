"""The hard rules in the compiled loops: may a visit begin here, may this person be in its team.

Candidates are not checked again: starts that the visit may not have, members of another pool.
"""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import (
    day_row,
    diary_row,
    is_scheduled,
    is_visit,
    list_item,
    month_of,
    months_row,
    ordinal_of,
    person_row,
    start_of,
    team_row,
    use_row,
    visit_row,
    years_row,
)
from solver.search.compiled import inner
from solver.search.layout import (
    AFTERS_AT,
    AFTERS_COUNT,
    BEFORES_AT,
    BEFORES_COUNT,
    BURDEN,
    BURDEN_LEFT,
    EVENINGS,
    FREE,
    HALF_DAYS,
    IS_FOLLOWED,
    LIMITS_AT,
    LIMITS_COUNT,
    MIN_GAP_DAYS,
    MONTH,
    NEEDS_AT,
    NEEDS_COUNT,
    NIGHTS_AT,
    NIGHTS_COUNT,
    NO_LIMIT,
    PLACE,
    PLACE_COUNT,
    RESOURCES_AT,
    RESOURCES_COUNT,
    SEPARATIONS_AT,
    SEPARATIONS_COUNT,
    SIBLINGS_AT,
    SIBLINGS_COUNT,
    SLOT_COUNT,
    SPAN_DAYS,
    TEAM_SIZE,
    TRANSFERS,
    UNSCHEDULED,
    VISIT_COUNT,
    YEAR,
)


@inner
def has_bit(given: IntArray, mask: int, number: int) -> bool:
    """Whether a mask stored as bits holds the number."""
    return (given[mask + (number >> 6)] >> (number & 63)) & 1 == 1


@inner
def may_begin(given: IntArray, state: IntArray, visit: int, start: int) -> bool:
    """Whether an unscheduled visit may begin in one of its starts, with any team.

    Rules ``resource``, ``inspectee_overlap``, ``inspectee_gap``, ``burden``, ``precedence`` and ``separation``.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    for k in range(given[row + RESOURCES_COUNT]):
        left = use_row(given, list_item(given, row + RESOURCES_AT, k)) + start
        for slot in range(half_days):
            if state[left + slot] < 1:
                return False
    first = ordinal_of(given, start)
    last = first + given[row + SPAN_DAYS] - 1
    return (
        keeps_clear_of_siblings(given, state, visit, start, first, last)
        and keeps_burden(given, state, visit, start)
        and keeps_precedences(given, state, visit, first, last)
        and keeps_separations(given, state, visit, first, last)
    )


@inner
def keeps_clear_of_siblings(given: IntArray, state: IntArray, visit: int, start: int, first: int, last: int) -> bool:
    """Rules ``inspectee_overlap`` and ``inspectee_gap``; ``first`` and ``last`` are the dates of the visit's days."""
    row = visit_row(given, visit)
    end = start + given[row + HALF_DAYS]
    gap = given[row + MIN_GAP_DAYS]
    is_heavy = given[row + BURDEN] > 0 and gap > 0
    for k in range(given[row + SIBLINGS_COUNT]):
        sibling = list_item(given, row + SIBLINGS_AT, k)
        if sibling == visit:
            continue
        other = start_of(given, state, sibling)
        if other == UNSCHEDULED:
            continue
        other_row = visit_row(given, sibling)
        if start < other + given[other_row + HALF_DAYS] and other < end:
            return False
        if is_heavy and given[other_row + BURDEN] > 0:
            other_first = ordinal_of(given, other)
            other_last = other_first + given[other_row + SPAN_DAYS] - 1
            if first - other_last < gap and other_first - last < gap:
                return False
    return True


@inner
def keeps_burden(given: IntArray, state: IntArray, visit: int, start: int) -> bool:
    """Rule ``burden``."""
    row = visit_row(given, visit)
    day = start // 2
    for k in range(given[row + LIMITS_COUNT]):
        limit = given[row + LIMITS_AT] + 3 * k
        if (
            given[limit] <= day < given[limit + 1]
            and state[given[BURDEN_LEFT] + given[limit + 2]] < given[row + BURDEN]
        ):
            return False
    return True


@inner
def keeps_precedences(given: IntArray, state: IntArray, visit: int, first: int, last: int) -> bool:
    """Rule ``precedence``, towards what is planned; ``first`` and ``last`` are the dates of the visit's days."""
    row = visit_row(given, visit)
    for k in range(given[row + BEFORES_COUNT]):
        record = given[row + BEFORES_AT] + 3 * k
        other = start_of(given, state, given[record])
        if other == UNSCHEDULED:
            return False
        other_span = given[visit_row(given, given[record]) + SPAN_DAYS]
        gap = first - (ordinal_of(given, other) + other_span - 1)
        if gap < given[record + 1] or (given[record + 2] != NO_LIMIT and gap > given[record + 2]):
            return False
    for k in range(given[row + AFTERS_COUNT]):
        record = given[row + AFTERS_AT] + 3 * k
        other = start_of(given, state, given[record])
        if other == UNSCHEDULED:
            continue
        gap = ordinal_of(given, other) - last
        if gap < given[record + 1] or (given[record + 2] != NO_LIMIT and gap > given[record + 2]):
            return False
    return True


@inner
def keeps_separations(given: IntArray, state: IntArray, visit: int, first: int, last: int) -> bool:
    """Rule ``separation``, towards what is planned; ``first`` and ``last`` are the dates of the visit's days."""
    row = visit_row(given, visit)
    for k in range(given[row + SEPARATIONS_COUNT]):
        pair = given[row + SEPARATIONS_AT] + 2 * k
        other = start_of(given, state, given[pair])
        if other == UNSCHEDULED:
            continue
        other_first = ordinal_of(given, other)
        other_last = other_first + given[visit_row(given, given[pair]) + SPAN_DAYS] - 1
        if first - other_last < given[pair + 1] and other_first - last < given[pair + 1]:
            return False
    return True


@inner
def is_needed(given: IntArray, state: IntArray, visit: int) -> bool:
    """Whether a scheduled visit waits for this one, which therefore cannot be unscheduled."""
    row = visit_row(given, visit)
    for k in range(given[row + AFTERS_COUNT]):
        after = given[given[row + AFTERS_AT] + 3 * k]
        if is_scheduled(given, state, after):
            return True
    return False


@inner
def is_free(given: IntArray, state: IntArray, person: int, start: int, half_days: int, visit: int) -> bool:
    """Whether the person's diary holds nothing but this visit there (rules ``available`` and ``double_booked``)."""
    diary = diary_row(given, person) + start
    for slot in range(half_days):
        entry = state[diary + slot]
        if entry != FREE and entry != visit:
            return False
    return True


@inner
def may_join(given: IntArray, state: IntArray, visit: int, start: int, person: int) -> bool:
    """Whether a free person may take on a visit that begins in ``start``.

    Rules ``transfer``, ``evening``, ``month_cap`` and ``year_cap``; the visit is not in the person's diary.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    place = given[row + PLACE]
    return (
        has_capacity(given, state, person, start, half_days)
        and can_transfer(given, state, person, start, half_days, place)
        and keeps_evenings(given, state, person, start, half_days, place)
    )


@inner
def has_capacity(given: IntArray, state: IntArray, person: int, start: int, half_days: int) -> bool:
    """Whether the caps of the months and years leave room; a visit lies in at most two of either."""
    first = day_row(given, start // 2)
    last = day_row(given, (start + half_days - 1) // 2)
    months = months_row(given, person)
    years = years_row(given, person)
    if given[first + MONTH] == given[last + MONTH]:
        return state[months + given[first + MONTH]] >= half_days and state[years + given[first + YEAR]] >= half_days
    in_first = half_days_in_month(given, start, half_days, given[first + MONTH])
    in_last = half_days - in_first
    if state[months + given[first + MONTH]] < in_first or state[months + given[last + MONTH]] < in_last:
        return False
    if given[first + YEAR] == given[last + YEAR]:
        return state[years + given[first + YEAR]] >= half_days
    return state[years + given[first + YEAR]] >= in_first and state[years + given[last + YEAR]] >= in_last


@inner
def half_days_in_month(given: IntArray, start: int, half_days: int, month: int) -> int:
    """How many of so many half-days from ``start`` on lie in a month."""
    taken = 0
    for slot in range(start, start + half_days):
        if month_of(given, slot // 2) == month:
            taken += 1
    return taken


@inner
def can_transfer(given: IntArray, state: IntArray, person: int, start: int, half_days: int, place: int) -> bool:
    """Rule ``transfer``: the other half of a day that the visit takes half of.

    That is the other half of the day of a visit of one half-day, or the last afternoon of a longer odd one.
    """
    if half_days % 2 == 0:
        return True
    is_afternoon = start % 2 == 1
    other = start - 1 if is_afternoon else start + half_days
    entry = state[diary_row(given, person) + other]
    if entry < 0:
        return True
    places = given[PLACE_COUNT]
    if entry >= given[VISIT_COUNT]:
        other_place = entry - given[VISIT_COUNT]
        if other_place == places:
            return True
    else:
        other_place = given[visit_row(given, entry) + PLACE]
    if is_afternoon:
        return has_bit(given, given[TRANSFERS], other_place * places + place)
    return has_bit(given, given[TRANSFERS], place * places + other_place)


@inner
def keeps_evenings(given: IntArray, state: IntArray, person: int, start: int, half_days: int, place: int) -> bool:
    """Rule ``evening``: the nights before and after the visit, towards the plan and the history."""
    if given[EVENINGS] == NO_LIMIT:
        return True
    return (
        too_far_before(given, state, person, start, place) == FREE
        and too_far_after(given, state, person, start + half_days, place) == FREE
        and keeps_past_evenings(given, person, start, half_days, place)
    )


@inner
def too_far_before(given: IntArray, state: IntArray, person: int, start: int, place: int) -> int:
    """The planned visit of the date before from which the morning in ``start`` is too far, ``FREE`` if none is."""
    if start % 2 == 1 or start == 0 or not given[day_row(given, start // 2 - 1) + IS_FOLLOWED]:
        return FREE
    entry = state[diary_row(given, person) + start - 1]
    if not is_visit(given, entry):
        return FREE
    other = given[visit_row(given, entry) + PLACE]
    return FREE if has_bit(given, given[EVENINGS], other * given[PLACE_COUNT] + place) else entry


@inner
def too_far_after(given: IntArray, state: IntArray, person: int, end: int, place: int) -> int:
    """The planned visit of the date after that is too far from the afternoon before ``end``, ``FREE`` if none is."""
    if end % 2 == 1 or end == given[SLOT_COUNT] or not given[day_row(given, end // 2 - 1) + IS_FOLLOWED]:
        return FREE
    entry = state[diary_row(given, person) + end]
    if not is_visit(given, entry):
        return FREE
    other = given[visit_row(given, entry) + PLACE]
    return FREE if has_bit(given, given[EVENINGS], place * given[PLACE_COUNT] + other) else entry


@inner
def keeps_past_evenings(given: IntArray, person: int, start: int, half_days: int, place: int) -> bool:
    """Rule ``evening`` towards the history."""
    row = person_row(given, person)
    places = given[PLACE_COUNT]
    for k in range(given[row + NIGHTS_COUNT]):
        slot = list_item(given, row + NIGHTS_AT, 2 * k)
        other = list_item(given, row + NIGHTS_AT, 2 * k + 1)
        if slot % 2 == 0:
            if slot == start and not has_bit(given, given[EVENINGS], other * places + place):
                return False
        elif slot == start + half_days - 1 and not has_bit(given, given[EVENINGS], place * places + other):
            return False
    return True


@inner
def meets_needs(given: IntArray, state: IntArray, visit: int) -> bool:
    """Rule ``team_requires`` for the team in the plan's record of the visit."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    for k in range(given[row + NEEDS_COUNT]):
        need = given[row + NEEDS_AT] + 2 * k
        bearers = 0
        for member in range(given[row + TEAM_SIZE]):
            if has_bit(given, given[need], state[team + member]):
                bearers += 1
        if bearers < given[need + 1]:
            return False
    return True
