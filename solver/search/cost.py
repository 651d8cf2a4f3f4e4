"""What a plan costs, piece by piece, in the compiled loops: travel, balance, and what a single visit costs.

Each function mirrors a score part of the contract's section 4. Costs are in thousandths of a unit of the total.
"""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import (
    day_row,
    diary_row,
    group_row,
    is_visit,
    list_item,
    month_of,
    months_row,
    ordinal_of,
    person_row,
    start_of,
    team_row,
    visit_row,
)
from solver.search.compiled import compiled, inner
from solver.search.layout import (
    BALANCE_PRICE,
    BASELINE_AT,
    BASELINE_COUNT,
    BASELINE_GONE,
    BASELINE_START,
    BUFFER_DAYS,
    BUFFER_PRICE,
    CHANGE_DAY_PRICE,
    CHANGE_HALF_PRICE,
    CHANGE_MEMBER_PRICE,
    CHANGED_PRICE,
    DAY_COUNT,
    GROUP_COUNT,
    GROUP_LOAD,
    GROUP_SHARES,
    GROUPS_AT,
    GROUPS_COUNT,
    GROUPS_KEY,
    HOME_AT,
    IS_FOLLOWED,
    IS_PINNED,
    LATEST_ORDINAL,
    LEVEL_AT,
    LOAD,
    METRES,
    MONTH_COUNT,
    NIGHT_METRES,
    NO_BASELINE,
    NO_LIMIT,
    PEOPLE_AT,
    PEOPLE_IN_GROUP,
    PERSON_COUNT,
    PLACE,
    PLACE_COUNT,
    PREFERENCE_PRICE,
    PREFERS,
    PREFERS_AT,
    PREFERS_COUNT,
    SHARE,
    SPAN_DAYS,
    TEAM_SIZE,
    UNSCHEDULED,
    UNSCHEDULED_PRICE,
    VISIT_COUNT,
    WEIGHT,
)

PIN_PRICE = 10**17
"""What it costs to leave out a pinned visit, which no plan may: more than anything else together."""

NOWHERE = -1
"""The place of a half-day without a planned visit."""


@inner
def planned_place(given: IntArray, state: IntArray, person: int, slot: int) -> int:
    """The place of the visit that the plan gives the person in the slot, or ``NOWHERE``."""
    entry = state[diary_row(given, person) + slot]
    if not is_visit(given, entry):
        return NOWHERE
    return given[visit_row(given, entry) + PLACE]


@inner
def night_metres(given: IntArray, person: int, last: int, first: int) -> int:
    """Metres between the last place of a day and the first of the next calendar date, ``NOWHERE`` for no duty.

    The drives to base and back, surcharges included, or a night away, whichever is less.
    """
    row = person_row(given, person)
    home = given[row + HOME_AT]
    if last == NOWHERE:
        if first == NOWHERE:
            return 0
        return given[home + 2 * first]
    if first == NOWHERE:
        return given[home + 2 * last + 1]
    by_home = given[home + 2 * last + 1] + given[home + 2 * first]
    away = given[given[METRES] + last * given[PLACE_COUNT] + first] + given[row + NIGHT_METRES]
    return min(by_home, away)


@inner
def travel_around(given: IntArray, state: IntArray, person: int, first_day: int, last_day: int) -> int:
    """Metres of the person's drives on these days, which are consecutive dates, and in the nights at both ends."""
    diary = diary_row(given, person)
    visit_count = given[VISIT_COUNT]
    last = NOWHERE
    if first_day > 0 and given[day_row(given, first_day - 1) + IS_FOLLOWED]:
        last = planned_place(given, state, person, 2 * first_day - 1)
        if last == NOWHERE:
            last = planned_place(given, state, person, 2 * first_day - 2)
    metres = 0
    for day in range(first_day, last_day + 1):
        morning = state[diary + 2 * day]
        afternoon = state[diary + 2 * day + 1]
        first = NOWHERE
        end = NOWHERE
        if 0 <= morning < visit_count:
            first = given[visit_row(given, morning) + PLACE]
            end = first
        if 0 <= afternoon < visit_count:
            end = given[visit_row(given, afternoon) + PLACE]
            if first == NOWHERE:
                first = end
            elif morning != afternoon:
                metres += given[given[METRES] + first * given[PLACE_COUNT] + end]
        metres += night_metres(given, person, last, first)
        last = end
    first = NOWHERE
    if last_day + 1 < given[DAY_COUNT] and given[day_row(given, last_day) + IS_FOLLOWED]:
        first = planned_place(given, state, person, 2 * last_day + 2)
        if first == NOWHERE:
            first = planned_place(given, state, person, 2 * last_day + 3)
    return metres + night_metres(given, person, last, first)


@inner
def group_unfairness(given: IntArray, price: IntArray, state: IntArray, group: int) -> int:
    """⌊|load · S − share · L| / S⌋ summed over the people of a balance group; 0 where S = 0."""
    shares = price[GROUP_SHARES + group]
    if shares == 0:
        return 0
    row = group_row(given, group)
    group_load = state[given[GROUP_LOAD] + group]
    total = 0
    for k in range(given[row + PEOPLE_IN_GROUP]):
        person = list_item(given, row + PEOPLE_AT, k)
        share = given[person_row(given, person) + SHARE]
        total += abs(state[given[LOAD] + person] * shares - share * group_load) // shares
    return total


@inner
def unfairness(given: IntArray, price: IntArray, state: IntArray, person: int) -> int:
    """The person's own part of ``balance`` in each balance group, the groups' sums as they are."""
    row = person_row(given, person)
    total = 0
    for k in range(given[row + GROUPS_COUNT]):
        group = list_item(given, row + GROUPS_AT, k)
        shares = price[GROUP_SHARES + group]
        if shares > 0:
            difference = state[given[LOAD] + person] * shares - given[row + SHARE] * state[given[GROUP_LOAD] + group]
            total += abs(difference) // shares
    return total


@inner
def add_load(given: IntArray, price: IntArray, state: IntArray, person: int, half_days: int) -> int:
    """Add half-days to a person's load; the change of cost."""
    row = person_row(given, person)
    change = 0
    for k in range(given[row + GROUPS_COUNT]):
        change -= group_unfairness(given, price, state, list_item(given, row + GROUPS_AT, k))
    state[given[LOAD] + person] += half_days
    for k in range(given[row + GROUPS_COUNT]):
        group = list_item(given, row + GROUPS_AT, k)
        state[given[GROUP_LOAD] + group] += half_days
    for k in range(given[row + GROUPS_COUNT]):
        change += group_unfairness(given, price, state, list_item(given, row + GROUPS_AT, k))
    return change * price[BALANCE_PRICE]


@inner
def move_load(given: IntArray, price: IntArray, state: IntArray, giver: int, taker: int, half_days: int) -> int:
    """Move half-days from one person's load to another's; the change of cost.

    Between people of the same balance groups the groups' sums stay, so only the two are looked at.
    """
    if given[person_row(given, giver) + GROUPS_KEY] != given[person_row(given, taker) + GROUPS_KEY]:
        change = add_load(given, price, state, giver, -half_days)
        return change + add_load(given, price, state, taker, half_days)
    change = -unfairness(given, price, state, giver) - unfairness(given, price, state, taker)
    state[given[LOAD] + giver] -= half_days
    state[given[LOAD] + taker] += half_days
    change += unfairness(given, price, state, giver) + unfairness(given, price, state, taker)
    return change * price[BALANCE_PRICE]


@inner
def month_overload(given: IntArray, state: IntArray, person: int, month: int) -> int:
    """Half-days above the person's level in a month, those of the history too; 0 where the plan has no duty."""
    level = given[person_row(given, person) + LEVEL_AT]
    if level == NO_LIMIT:
        return 0
    planned = given[level + 2 * month] - state[months_row(given, person) + month]
    if planned == 0:
        return 0
    return max(0, planned - given[level + 2 * month + 1])


@inner
def overload_added(given: IntArray, state: IntArray, person: int, month: int, half_days: int) -> int:
    """By how much half-days more raise the person's overload in a month."""
    level = given[person_row(given, person) + LEVEL_AT]
    if level == NO_LIMIT:
        return 0
    planned = given[level + 2 * month] - state[months_row(given, person) + month]
    room = given[level + 2 * month + 1]
    added = max(0, planned + half_days - room)
    return added - max(0, planned - room) if planned > 0 else added


@inner
def overload_around(given: IntArray, state: IntArray, person: int, start: int, half_days: int) -> int:
    """The person's overload in the months of a visit that begins in ``start``."""
    first = month_of(given, start // 2)
    last = month_of(given, (start + half_days - 1) // 2)
    overload = month_overload(given, state, person, first)
    return overload if first == last else overload + month_overload(given, state, person, last)


@inner
def is_in_team(given: IntArray, state: IntArray, visit: int, person: int) -> bool:
    """Whether the person is in the visit's team."""
    row = team_row(given, visit)
    for k in range(given[visit_row(given, visit) + TEAM_SIZE]):
        if state[row + k] == person:
            return True
    return False


@inner
def buffer_days_missed(given: IntArray, visit: int, start: int) -> int:
    """By how many days a visit that begins in ``start`` ends too near its latest day."""
    row = visit_row(given, visit)
    last_ordinal = ordinal_of(given, start) + given[row + SPAN_DAYS] - 1
    return max(0, given[row + BUFFER_DAYS] - (given[row + LATEST_ORDINAL] - last_ordinal))


@inner
def is_preference_missed(given: IntArray, state: IntArray, visit: int) -> bool:
    """Whether the visit prefers somebody and nobody preferred is in its team."""
    row = visit_row(given, visit)
    for k in range(given[row + PREFERS_COUNT]):
        if is_in_team(given, state, visit, list_item(given, row + PREFERS_AT, k)):
            return False
    return given[row + PREFERS] > 0


@inner
def baseline_members_missing(given: IntArray, state: IntArray, visit: int) -> int:
    """How many of the baseline's members are not in the visit's team, those who have left the problem included."""
    row = visit_row(given, visit)
    missing = given[row + BASELINE_GONE]
    for k in range(given[row + BASELINE_COUNT]):
        if not is_in_team(given, state, visit, list_item(given, row + BASELINE_AT, k)):
            missing += 1
    return missing


@inner
def visit_cost(given: IntArray, price: IntArray, state: IntArray, visit: int) -> int:
    """What the visit costs by itself: left out, near its latest day, without a preferred member, changed."""
    row = visit_row(given, visit)
    start = start_of(given, state, visit)
    baseline = given[row + BASELINE_START]
    if start == UNSCHEDULED:
        cost = given[row + WEIGHT] * price[UNSCHEDULED_PRICE]
        if given[row + IS_PINNED]:
            cost += PIN_PRICE
        if baseline != NO_BASELINE:
            cost += price[CHANGE_DAY_PRICE] + price[CHANGED_PRICE]
        return cost
    cost = price[BUFFER_PRICE] * buffer_days_missed(given, visit, start)
    if is_preference_missed(given, state, visit):
        cost += price[PREFERENCE_PRICE]
    if baseline != NO_BASELINE:
        cost += change_cost(given, price, state, visit, start, baseline)
    return cost


@inner
def change_cost(given: IntArray, price: IntArray, state: IntArray, visit: int, start: int, baseline: int) -> int:
    """What a scheduled visit costs for differing from its baseline in day, half or team."""
    row = visit_row(given, visit)
    missing = baseline_members_missing(given, state, visit)
    cost = missing * price[CHANGE_MEMBER_PRICE]
    if baseline < 0 or start // 2 != baseline // 2:
        cost += price[CHANGE_DAY_PRICE]
    elif start != baseline:
        cost += price[CHANGE_HALF_PRICE]
    size = given[row + BASELINE_COUNT] + given[row + BASELINE_GONE]
    if start != baseline or missing > 0 or size != given[row + TEAM_SIZE]:
        cost += price[CHANGED_PRICE]
    return cost


@compiled
def score_parts(given: IntArray, price: IntArray, state: IntArray, parts: IntArray) -> None:
    """Every part of the score of the state, unweighted, in the order of ``Score``."""
    for visit in range(given[VISIT_COUNT]):
        row = visit_row(given, visit)
        start = start_of(given, state, visit)
        baseline = given[row + BASELINE_START]
        if start == UNSCHEDULED:
            parts[0] += given[row + WEIGHT]
            parts[5] += baseline != NO_BASELINE
            continue
        parts[3] += buffer_days_missed(given, visit, start)
        parts[4] += is_preference_missed(given, state, visit)
        if baseline != NO_BASELINE:
            is_same_day = baseline >= 0 and start // 2 == baseline // 2
            parts[5] += not is_same_day
            parts[6] += is_same_day and start != baseline
            parts[7] += baseline_members_missing(given, state, visit)
    for person in range(given[PERSON_COUNT]):
        parts[1] += travel_of(given, state, person)
        for month in range(given[MONTH_COUNT]):
            parts[8] += month_overload(given, state, person, month)
    for group in range(given[GROUP_COUNT]):
        parts[2] += group_unfairness(given, price, state, group)


@inner
def travel_of(given: IntArray, state: IntArray, person: int) -> int:
    """Metres of all the person's drives."""
    metres = 0
    first = 0
    for day in range(given[DAY_COUNT]):
        if not given[day_row(given, day) + IS_FOLLOWED]:
            metres += travel_around(given, state, person, first, day)
            first = day + 1
    return metres
