"""The best place for one unscheduled visit, in compiled code: where it may begin, and the cheapest team there."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import (
    list_item,
    month_of,
    months_row,
    ordinal_of,
    person_row,
    start_of,
    team_row,
    visit_row,
)
from solver.search.compiled import inner
from solver.search.cost import buffer_days_missed, overload_added, travel_around, unfairness
from solver.search.edits import write_diary
from solver.search.layout import (
    AFTERS_AT,
    AFTERS_COUNT,
    BALANCE_PRICE,
    BASELINE_AT,
    BASELINE_COUNT,
    BASELINE_START,
    BEFORES_AT,
    BEFORES_COUNT,
    BEST_TEAM,
    BUFFER_PRICE,
    CANDIDATES,
    CHANGE_DAY_PRICE,
    CHANGE_HALF_PRICE,
    CHANGE_MEMBER_PRICE,
    CHANGED_PRICE,
    FOLLOWERS,
    FREE,
    HALF_DAYS,
    LOAD,
    MEMBERS_AT,
    MEMBERS_COUNT,
    METRE_PRICE,
    MONTH_CAP,
    NEEDS_AT,
    NEEDS_COUNT,
    NO_BASELINE,
    NO_LIMIT,
    OVERLOAD_PRICE,
    PREFERENCE_PRICE,
    PREFERRED_END,
    PREFERRED_FIRST,
    PREFERS_AT,
    PREFERS_COUNT,
    SPAN_DAYS,
    STARTS_AT,
    STARTS_COUNT,
    TEAM_SIZE,
    UNLIMITED,
    UNSCHEDULED,
)
from solver.search.random import below
from solver.search.rules import half_days_in_month, has_bit, is_free, may_begin, may_join, meets_needs

IMPOSSIBLE = 2**62
"""The cost of what is impossible."""

LEAST_SHARE = 16
"""The fewest starts that are tried of a visit in a chain, if it has as many."""

FAR_AWAY = 2**40
"""Days to a date that no rule sets."""

GATHER_STEPS = (0, 10**15)
"""What covering one more need is worth when a team is gathered: nothing at first, everything at the second try."""


@inner
def crowding(given: IntArray, state: IntArray, person: int, start: int, half_days: int) -> int:
    """Thousandths of the person's month that are used up with this visit; 0 without a cap."""
    cap = given[person_row(given, person) + MONTH_CAP]
    if cap == UNLIMITED or cap == 0:
        return 0
    month = month_of(given, start // 2)
    left = state[months_row(given, person) + month]
    return 1000 * (cap - left + half_days) // cap


@inner
def joining_cost(given: IntArray, price: IntArray, state: IntArray, visit: int, start: int, person: int) -> int:
    """About what it costs that the person joins the visit: travel, balance at the sums as they are, overload,
    preference.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    last_day = (start + half_days - 1) // 2
    metres = -travel_around(given, state, person, start // 2, last_day)
    write_diary(given, state, person, start, half_days, visit)
    metres += travel_around(given, state, person, start // 2, last_day)
    write_diary(given, state, person, start, half_days, FREE)
    balance = -unfairness(given, price, state, person)
    state[given[LOAD] + person] += half_days
    balance += unfairness(given, price, state, person)
    state[given[LOAD] + person] -= half_days
    cost = price[METRE_PRICE] * metres + price[BALANCE_PRICE] * balance
    if price[OVERLOAD_PRICE] > 0:
        first, last = month_of(given, start // 2), month_of(given, last_day)
        in_first = half_days if first == last else half_days_in_month(given, start, half_days, first)
        cost += price[OVERLOAD_PRICE] * overload_added(given, state, person, first, in_first)
        if in_first < half_days:
            cost += price[OVERLOAD_PRICE] * overload_added(given, state, person, last, half_days - in_first)
    for k in range(given[row + PREFERS_COUNT]):
        if list_item(given, row + PREFERS_AT, k) == person:
            cost -= price[PREFERENCE_PRICE]
    for k in range(given[row + BASELINE_COUNT]):
        if list_item(given, row + BASELINE_AT, k) == person:
            cost -= price[CHANGE_MEMBER_PRICE] + price[CHANGED_PRICE] // given[row + BASELINE_COUNT]
    return cost


@inner
def starting_cost(given: IntArray, price: IntArray, visit: int, start: int) -> int:
    """What it costs to begin in ``start``, with any team: nearness to the latest day, change of day or half."""
    cost = price[BUFFER_PRICE] * buffer_days_missed(given, visit, start)
    baseline = given[visit_row(given, visit) + BASELINE_START]
    if baseline != NO_BASELINE and baseline != start:
        is_same_day = baseline >= 0 and baseline // 2 == start // 2
        cost += price[CHANGED_PRICE] + (price[CHANGE_HALF_PRICE] if is_same_day else price[CHANGE_DAY_PRICE])
    return cost


@inner
def gather_team(given: IntArray, state: IntArray, visit: int, people: int, work: IntArray, bonus: int) -> int:
    """Choose a team from ``people`` candidates in ``work`` (pairs of person and cost) into the plan's record.

    One by one the cheapest who covers the first need not yet met (needs stand scarcest first), then the cheapest of
    all; each further need that somebody covers takes ``bonus`` off. The team's cost, or ``IMPOSSIBLE``.
    """
    row = visit_row(given, visit)
    team = team_row(given, visit)
    size = given[row + TEAM_SIZE]
    needs = given[row + NEEDS_COUNT]
    if people < size:
        return IMPOSSIBLE
    total = 0
    for chosen in range(size):
        first_unmet = -1
        for n in range(needs):
            if _bearers_in(given, state, team, chosen, list_item(given, row + NEEDS_AT, 2 * n)) < list_item(
                given, row + NEEDS_AT, 2 * n + 1
            ):
                first_unmet = n
                break
        best = -1
        best_value = IMPOSSIBLE
        for k in range(people):
            person = work[given[CANDIDATES] + 2 * k]
            if person < 0:
                continue
            if first_unmet >= 0 and not has_bit(given, list_item(given, row + NEEDS_AT, 2 * first_unmet), person):
                continue
            value = work[given[CANDIDATES] + 2 * k + 1]
            if bonus > 0:
                for n in range(needs):
                    need = given[row + NEEDS_AT] + 2 * n
                    if (
                        has_bit(given, given[need], person)
                        and _bearers_in(given, state, team, chosen, given[need]) < given[need + 1]
                    ):
                        value -= bonus
            if value < best_value:
                best_value = value
                best = k
        if best < 0:
            return IMPOSSIBLE
        state[team + chosen] = work[given[CANDIDATES] + 2 * best]
        total += work[given[CANDIDATES] + 2 * best + 1]
        work[given[CANDIDATES] + 2 * best] = -1 - work[given[CANDIDATES] + 2 * best]
    for n in range(needs):
        need = given[row + NEEDS_AT] + 2 * n
        if _bearers_in(given, state, team, size, given[need]) < given[need + 1]:
            return IMPOSSIBLE
    return total


@inner
def _bearers_in(given: IntArray, state: IntArray, team: int, members: int, mask: int) -> int:
    """How many of the first members of a team record bear what the mask says."""
    bearers = 0
    for k in range(members):
        if has_bit(given, mask, state[team + k]):
            bearers += 1
    return bearers


@inner
def find_team(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    visit: int,
    start: int,
    crowding_price: int,
    work: IntArray,
) -> int:
    """Write the cheapest team found for an unscheduled visit beginning in ``start`` into its record; its cost.

    ``crowding_price`` is what a whole month used up costs, in thousandths. ``IMPOSSIBLE`` without a team.
    """
    row = visit_row(given, visit)
    half_days = given[row + HALF_DAYS]
    people = 0
    for k in range(given[row + MEMBERS_COUNT]):
        person = list_item(given, row + MEMBERS_AT, k)
        if is_free(given, state, person, start, half_days, FREE) and may_join(given, state, visit, start, person):
            cost = joining_cost(given, price, state, visit, start, person)
            if crowding_price > 0:
                cost += crowding_price * crowding(given, state, person, start, half_days) // 1000
            work[given[CANDIDATES] + 2 * people] = person
            work[given[CANDIDATES] + 2 * people + 1] = cost
            people += 1
    cost = gather_team(given, state, visit, people, work, GATHER_STEPS[0])
    if cost == IMPOSSIBLE and given[row + NEEDS_COUNT] > 1 and people >= given[row + TEAM_SIZE]:
        for k in range(people):
            if work[given[CANDIDATES] + 2 * k] < 0:
                work[given[CANDIDATES] + 2 * k] = -1 - work[given[CANDIDATES] + 2 * k]
        cost = gather_team(given, state, visit, people, work, GATHER_STEPS[1])
    return cost


@inner
def has_people_with_room(given: IntArray, state: IntArray, visit: int, month: int) -> bool:
    """Whether there are as many members as the team needs who have a half-day left in the month."""
    row = visit_row(given, visit)
    missing = given[row + TEAM_SIZE]
    for k in range(given[row + MEMBERS_COUNT]):
        person = list_item(given, row + MEMBERS_AT, k)
        if state[months_row(given, person) + month] > 0:
            missing -= 1
            if missing == 0:
                return True
    return False


@inner
def position_of(given: IntArray, row: int, first: int, end: int, ordinal: int) -> int:
    """The first position from ``first`` to ``end`` of a visit's starts that is not before this date."""
    while first < end:
        middle = (first + end) // 2
        if ordinal_of(given, list_item(given, row + STARTS_AT, middle)) < ordinal:
            first = middle + 1
        else:
            end = middle
    return first


@inner
def starts_in_order(given: IntArray, state: IntArray, visit: int, first: int, end: int) -> tuple[int, int]:
    """The range of positions, from ``first`` to ``end``, of starts that keep ``precedence`` with scheduled visits.

    Where unscheduled visits wait for this one, it takes no more than twice its share of what is left for their chain.
    """
    row = visit_row(given, visit)
    least = -FAR_AWAY
    most = FAR_AWAY
    is_awaited = False
    for k in range(given[row + BEFORES_COUNT]):
        record = given[row + BEFORES_AT] + 3 * k
        other = start_of(given, state, given[record])
        if other == UNSCHEDULED:
            return 0, 0
        last = ordinal_of(given, other) + given[visit_row(given, given[record]) + SPAN_DAYS] - 1
        least = max(least, last + given[record + 1])
        if given[record + 2] != NO_LIMIT:
            most = min(most, last + given[record + 2])
    for k in range(given[row + AFTERS_COUNT]):
        record = given[row + AFTERS_AT] + 3 * k
        other = start_of(given, state, given[record])
        if other == UNSCHEDULED:
            is_awaited = True
        else:
            after = ordinal_of(given, other) - given[row + SPAN_DAYS] + 1
            most = min(most, after - given[record + 1])
            if given[record + 2] != NO_LIMIT:
                least = max(least, after - given[record + 2])
    if least > -FAR_AWAY:
        first = position_of(given, row, first, end, least)
    if most < FAR_AWAY:
        end = position_of(given, row, first, end, most + 1)
    if is_awaited:
        share = 2 * (end - first) // (given[row + FOLLOWERS] + 1)
        end = min(end, first + max(LEAST_SHARE, share))
    return first, end


@inner
def find_place(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    visit: int,
    tries: int,
    crowding_price: int,
    work: IntArray,
) -> int:
    """The best start of an unscheduled visit among up to ``tries`` of its starts, or ``UNSCHEDULED``.

    Its team is written into the plan's record. Starts that leave later visits of a chain a start are tried before the
    others. All are tried if there are no more than ``tries``; otherwise as many from a random one on, evenly spread.
    """
    row = visit_row(given, visit)
    count = given[row + STARTS_COUNT]
    if count == 0:
        return UNSCHEDULED
    draw = below(work, count)
    first = given[row + PREFERRED_FIRST]
    end = given[row + PREFERRED_END]
    is_narrowed = end - first < count
    first, end = starts_in_order(given, state, visit, first, end)
    start = find_place_among(given, price, state, visit, first, end, draw, tries, crowding_price, work)
    if start == UNSCHEDULED and is_narrowed:
        first, end = starts_in_order(given, state, visit, 0, count)
        start = find_place_among(given, price, state, visit, first, end, draw, tries, crowding_price, work)
    return start


@inner
def find_place_among(
    given: IntArray,
    price: IntArray,
    state: IntArray,
    visit: int,
    first: int,
    end: int,
    draw: int,
    tries: int,
    crowding_price: int,
    work: IntArray,
) -> int:
    """As ``find_place``, among the starts at these positions; ``draw`` is a random number."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    size = given[row + TEAM_SIZE]
    count = end - first
    best_team = given[BEST_TEAM]
    best_start = UNSCHEDULED
    best_cost = IMPOSSIBLE
    tries = min(tries, count)
    tried_month = -1
    has_room = False
    for k in range(tries):
        start = list_item(given, row + STARTS_AT, first + (draw + k * count // tries) % count)
        month = month_of(given, start // 2)
        if month != tried_month:
            tried_month = month
            has_room = has_people_with_room(given, state, visit, month)
        if not has_room or not may_begin(given, state, visit, start):
            continue
        cost = find_team(given, price, state, visit, start, crowding_price, work)
        if cost == IMPOSSIBLE:
            continue
        cost += starting_cost(given, price, visit, start)
        if cost < best_cost:
            best_cost = cost
            best_start = start
            for member in range(size):
                work[best_team + member] = state[team + member]
    if best_start != UNSCHEDULED:
        for member in range(size):
            state[team + member] = work[best_team + member]
    return best_start


@inner
def find_start(given: IntArray, price: IntArray, state: IntArray, work: IntArray, visit: int, tries: int) -> int:
    """The cheapest start of an unscheduled visit for the team in its record, among up to ``tries`` of its starts."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    size = given[row + TEAM_SIZE]
    half_days = given[row + HALF_DAYS]
    count = given[row + STARTS_COUNT]
    best_start = UNSCHEDULED
    best_cost = IMPOSSIBLE
    tries = min(tries, count)
    offset = below(work, count)
    for k in range(tries):
        start = list_item(given, row + STARTS_AT, (offset + k * count // tries) % count)
        is_possible = True
        for seat in range(size):
            if not is_free(given, state, state[team + seat], start, half_days, FREE) or not may_join(
                given, state, visit, start, state[team + seat]
            ):
                is_possible = False
                break
        if not is_possible:
            continue
        cost = starting_cost(given, price, visit, start)
        for seat in range(size):
            cost += joining_cost(given, price, state, visit, start, state[team + seat])
        if cost < best_cost and may_begin(given, state, visit, start):
            best_cost = cost
            best_start = start
    if not meets_needs(given, state, visit):
        return UNSCHEDULED
    return best_start
