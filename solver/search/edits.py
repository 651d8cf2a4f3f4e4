"""Changes of the plan in compiled code: a visit is removed or entered, with its effect on diaries, caps and loads."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import (
    day_row,
    diary_row,
    is_scheduled,
    list_item,
    months_row,
    plan_row,
    team_row,
    use_row,
    visit_row,
    years_row,
)
from solver.search.compiled import compiled, inner
from solver.search.cost import add_load, overload_around, travel_around
from solver.search.layout import (
    BURDEN,
    BURDEN_LEFT,
    FREE,
    HALF_DAYS,
    LIMITS_AT,
    LIMITS_COUNT,
    MEMBERS_MASK,
    METRE_PRICE,
    MONTH,
    OVERLOAD_PRICE,
    PLAN_WIDTH,
    RESOURCES_AT,
    RESOURCES_COUNT,
    START,
    STARTS_MASK,
    TEAM,
    TEAM_SIZE,
    UNSCHEDULED,
    YEAR,
)
from solver.search.rules import has_bit, is_free, may_begin, may_join, meets_needs


@inner
def write_diary(given: IntArray, state: IntArray, person: int, start: int, half_days: int, entry: int) -> None:
    """Set the half-days of a diary."""
    diary = diary_row(given, person) + start
    for slot in range(half_days):
        state[diary + slot] = entry


@inner
def use_capacity(given: IntArray, state: IntArray, person: int, start: int, half_days: int, sign: int) -> None:
    """Take (``sign`` 1) or give back (−1) what the person has left of months and years."""
    months = months_row(given, person)
    years = years_row(given, person)
    for slot in range(start, start + half_days):
        day = day_row(given, slot // 2)
        state[months + given[day + MONTH]] -= sign
        state[years + given[day + YEAR]] -= sign


@inner
def travel_at(given: IntArray, state: IntArray, visit: int, start: int) -> int:
    """Metres of the members' drives on and around the days of a visit that begins in ``start``."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    last_day = (start + given[row + HALF_DAYS] - 1) // 2
    metres = 0
    for seat in range(given[row + TEAM_SIZE]):
        metres += travel_around(given, state, state[team + seat], start // 2, last_day)
    return metres


@inner
def duties_cost(given: IntArray, price: IntArray, state: IntArray, visit: int, start: int) -> int:
    """What the members' drives around a visit that begins in ``start`` cost, and their overload in its months."""
    cost = price[METRE_PRICE] * travel_at(given, state, visit, start)
    if price[OVERLOAD_PRICE] > 0:
        row = visit_row(given, visit)
        team = team_row(given, visit)
        for seat in range(given[row + TEAM_SIZE]):
            overload = overload_around(given, state, state[team + seat], start, given[row + HALF_DAYS])
            cost += price[OVERLOAD_PRICE] * overload
    return cost


@inner
def use_site(given: IntArray, state: IntArray, visit: int, start: int, sign: int) -> None:
    """Take (``sign`` 1) or give back (−1) what the resources and the inspectee's burden limits have left."""
    row = visit_row(given, visit)
    for k in range(given[row + RESOURCES_COUNT]):
        left = use_row(given, list_item(given, row + RESOURCES_AT, k)) + start
        for slot in range(given[row + HALF_DAYS]):
            state[left + slot] -= sign
    for k in range(given[row + LIMITS_COUNT]):
        limit = given[row + LIMITS_AT] + 3 * k
        if given[limit] <= start // 2 < given[limit + 1]:
            state[given[BURDEN_LEFT] + given[limit + 2]] -= sign * given[row + BURDEN]


@inner
def withdraw(given: IntArray, state: IntArray, visit: int) -> None:
    """Take a planned visit out of the plan, whose record keeps the team."""
    plan = plan_row(given, visit)
    start = state[plan + START]
    row = visit_row(given, visit)
    for seat in range(given[row + TEAM_SIZE]):
        member = state[plan + TEAM + seat]
        write_diary(given, state, member, start, given[row + HALF_DAYS], FREE)
        use_capacity(given, state, member, start, given[row + HALF_DAYS], -1)
    use_site(given, state, visit, start, -1)
    state[plan + START] = UNSCHEDULED


@inner
def enter(given: IntArray, state: IntArray, visit: int, start: int) -> None:
    """Put an unscheduled visit into the plan with the team in its record."""
    plan = plan_row(given, visit)
    row = visit_row(given, visit)
    for seat in range(given[row + TEAM_SIZE]):
        member = state[plan + TEAM + seat]
        write_diary(given, state, member, start, given[row + HALF_DAYS], visit)
        use_capacity(given, state, member, start, given[row + HALF_DAYS], 1)
    use_site(given, state, visit, start, 1)
    state[plan + START] = start


@inner
def may_enter(given: IntArray, state: IntArray, visit: int, start: int) -> bool:
    """Whether an unscheduled visit may begin in ``start`` with the team in its record: every hard rule."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    half_days = given[row + HALF_DAYS]
    if not has_bit(given, given[row + STARTS_MASK], start):
        return False
    for k in range(given[row + TEAM_SIZE]):
        member = state[team + k]
        if not has_bit(given, given[row + MEMBERS_MASK], member) or not is_free(
            given, state, member, start, half_days, FREE
        ):
            return False
    for k in range(given[row + TEAM_SIZE]):
        if not may_join(given, state, visit, start, state[team + k]):
            return False
    return may_begin(given, state, visit, start) and meets_needs(given, state, visit)


@inner
def change_loads(given: IntArray, price: IntArray, state: IntArray, visit: int, sign: int) -> None:
    """Add a visit's half-days to its members' loads (``sign`` 1) or take them off (−1)."""
    row = visit_row(given, visit)
    team = team_row(given, visit)
    for seat in range(given[row + TEAM_SIZE]):
        add_load(given, price, state, state[team + seat], sign * given[row + HALF_DAYS])


@compiled
def take_out_each(given: IntArray, price: IntArray, state: IntArray, visits: IntArray) -> None:
    """Take those of the visits that are planned out of the plan."""
    for visit in visits:
        if is_scheduled(given, state, visit):
            withdraw(given, state, visit)
            change_loads(given, price, state, visit, -1)


@compiled
def put_each(given: IntArray, price: IntArray, state: IntArray, visits: IntArray, rows: IntArray) -> int:
    """Put unscheduled visits into the plan as the rows say, start and team, one by one; how many were refused.

    A row without a start leaves its visit out; one that breaks a hard rule is refused.
    """
    refused = 0
    for k in range(len(visits)):
        visit = visits[k]
        if rows[k, START] == UNSCHEDULED:
            continue
        plan = plan_row(given, visit)
        for seat in range(TEAM, given[PLAN_WIDTH]):
            state[plan + seat] = rows[k, seat]
        if may_enter(given, state, visit, rows[k, START]):
            enter(given, state, visit, rows[k, START])
            change_loads(given, price, state, visit, 1)
        else:
            refused += 1
    return refused
