"""Changes of the plan in the compiled loops: a visit leaves or enters it, and whole moves can be undone.

A move touches some visits, settles them elsewhere or leaves them open, and concludes; the sum of what these return
is the change of cost. Then it is kept, or reverted from its log.
"""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import compiled
from solver.search.cost import add_load, move_load, travel_around, visit_cost
from solver.search.layout import (
    BURDEN,
    BURDEN_LEFT,
    DAY_WIDTH,
    DAYS,
    DIARY,
    FREE,
    HALF_DAYS,
    LIMITS_AT,
    LIMITS_COUNT,
    LOG,
    MEMBERS_MASK,
    METRE_PRICE,
    MONTH,
    MONTH_COUNT,
    MONTH_LEFT,
    OPEN,
    PLAN,
    PLAN_WIDTH,
    RESOURCES_AT,
    RESOURCES_COUNT,
    SLOT_COUNT,
    START,
    STARTS_MASK,
    TEAM,
    TEAM_SIZE,
    USE_LEFT,
    VISIT_WIDTH,
    VISITS,
    YEAR,
    YEAR_COUNT,
    YEAR_LEFT,
)
from solver.search.rules import has_bit, is_free, may_begin, may_join, meets_needs

IMPOSSIBLE = 2**62
"""The cost of what cannot be."""


@compiled
def write_diary(given: IntArray, state: IntArray, person: int, start: int, half_days: int, entry: int) -> None:
    """Set the half-days of a diary."""
    diary = given[DIARY] + person * given[SLOT_COUNT] + start
    for slot in range(half_days):
        state[diary + slot] = entry


@compiled
def use_capacity(given: IntArray, state: IntArray, person: int, start: int, half_days: int, sign: int) -> None:
    """Take (``sign`` 1) or give back (−1) what the person has left of months and years."""
    months = given[MONTH_LEFT] + person * given[MONTH_COUNT]
    years = given[YEAR_LEFT] + person * given[YEAR_COUNT]
    days = given[DAYS]
    for slot in range(start, start + half_days):
        day = days + (slot // 2) * DAY_WIDTH
        state[months + given[day + MONTH]] -= sign
        state[years + given[day + YEAR]] -= sign


@compiled
def join(given: IntArray, state: IntArray, visit: int, start: int, person: int) -> int:
    """The person goes to the visit that begins in ``start``; the metres that it adds."""
    half_days = given[given[VISITS] + visit * VISIT_WIDTH + HALF_DAYS]
    last_day = (start + half_days - 1) // 2
    metres = -travel_around(given, state, person, start // 2, last_day)
    write_diary(given, state, person, start, half_days, visit)
    use_capacity(given, state, person, start, half_days, 1)
    return metres + travel_around(given, state, person, start // 2, last_day)


@compiled
def leave(given: IntArray, state: IntArray, visit: int, start: int, person: int) -> int:
    """The person no longer goes to the visit that begins in ``start``; the metres that it adds."""
    half_days = given[given[VISITS] + visit * VISIT_WIDTH + HALF_DAYS]
    last_day = (start + half_days - 1) // 2
    metres = -travel_around(given, state, person, start // 2, last_day)
    write_diary(given, state, person, start, half_days, FREE)
    use_capacity(given, state, person, start, half_days, -1)
    return metres + travel_around(given, state, person, start // 2, last_day)


@compiled
def use_site(given: IntArray, state: IntArray, visit: int, start: int, sign: int) -> None:
    """Take (``sign`` 1) or give back (−1) what the resources and the inspectee's burden limits have left."""
    row = given[VISITS] + visit * VISIT_WIDTH
    for k in range(given[row + RESOURCES_COUNT]):
        left = given[USE_LEFT] + given[given[row + RESOURCES_AT] + k] * given[SLOT_COUNT] + start
        for slot in range(given[row + HALF_DAYS]):
            state[left + slot] -= sign
    for k in range(given[row + LIMITS_COUNT]):
        limit = given[row + LIMITS_AT] + 3 * k
        if given[limit] <= start // 2 < given[limit + 1]:
            state[given[BURDEN_LEFT] + given[limit + 2]] -= sign * given[row + BURDEN]


@compiled
def withdraw(given: IntArray, state: IntArray, visit: int) -> int:
    """Take a planned visit out of the plan, whose record keeps the team; the metres that it adds."""
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    start = state[plan + START]
    metres = 0
    for k in range(given[given[VISITS] + visit * VISIT_WIDTH + TEAM_SIZE]):
        metres += leave(given, state, visit, start, state[plan + TEAM + k])
    use_site(given, state, visit, start, -1)
    state[plan + START] = OPEN
    return metres


@compiled
def enter(given: IntArray, state: IntArray, visit: int, start: int) -> int:
    """Put an open visit into the plan with the team in its record; the metres that it adds."""
    plan = given[PLAN] + visit * given[PLAN_WIDTH]
    metres = 0
    for k in range(given[given[VISITS] + visit * VISIT_WIDTH + TEAM_SIZE]):
        metres += join(given, state, visit, start, state[plan + TEAM + k])
    use_site(given, state, visit, start, 1)
    state[plan + START] = start
    return metres


@compiled
def begin_move(work: IntArray) -> None:
    """Forget the move before."""
    work[LOG] = 0


@compiled
def touch(given: IntArray, price: IntArray, state: IntArray, work: IntArray, visit: int) -> int:
    """Take the visit out of the plan for this move, and note where it stood; the change of cost so far."""
    width = given[PLAN_WIDTH]
    plan = given[PLAN] + visit * width
    count = work[LOG]
    is_logged = False
    for k in range(count):
        if work[LOG + 1 + k * (1 + width)] == visit:
            is_logged = True
    if not is_logged:
        record = LOG + 1 + count * (1 + width)
        work[record] = visit
        for k in range(width):
            work[record + 1 + k] = state[plan + k]
        work[LOG] = count + 1
    change = -visit_cost(given, price, state, visit)
    if state[plan + START] != OPEN:
        change += price[METRE_PRICE] * withdraw(given, state, visit)
    return change


@compiled
def settle(given: IntArray, price: IntArray, state: IntArray, visit: int, start: int) -> int:
    """Put a visit touched by this move into the plan with the team in its record; the change of cost so far."""
    metres = enter(given, state, visit, start)
    return price[METRE_PRICE] * metres + visit_cost(given, price, state, visit)


@compiled
def conclude(given: IntArray, price: IntArray, state: IntArray, work: IntArray) -> int:
    """Bring the loads up to date with the move; the change of cost by them and by what was left open."""
    width = given[PLAN_WIDTH]
    change = 0
    for k in range(work[LOG]):
        visit = work[LOG + 1 + k * (1 + width)]
        if state[given[PLAN] + visit * width + START] == OPEN:
            change += visit_cost(given, price, state, visit)
    return change + shift_loads(given, price, state, work, 1)


@compiled
def shift_loads(given: IntArray, price: IntArray, state: IntArray, work: IntArray, sign: int) -> int:
    """Change the loads by what the move did (``sign`` 1) or undo that (−1); the change of cost."""
    width = given[PLAN_WIDTH]
    change = 0
    for k in range(work[LOG]):
        record = LOG + 1 + k * (1 + width)
        visit = work[record]
        row = given[VISITS] + visit * VISIT_WIDTH
        plan = given[PLAN] + visit * width
        half_days = given[row + HALF_DAYS]
        was_planned = work[record + 1 + START] != OPEN
        is_planned = state[plan + START] != OPEN
        for member in range(given[row + TEAM_SIZE]):
            before = work[record + 1 + TEAM + member]
            now = state[plan + TEAM + member]
            if was_planned and is_planned:
                if before != now:
                    giver, taker = (before, now) if sign > 0 else (now, before)
                    change += move_load(given, price, state, giver, taker, half_days)
            elif was_planned:
                change += add_load(given, price, state, before, -sign * half_days)
            elif is_planned:
                change += add_load(given, price, state, now, sign * half_days)
    return change


@compiled
def revert(given: IntArray, price: IntArray, state: IntArray, work: IntArray, is_concluded: bool) -> None:
    """Undo the move; ``is_concluded`` says whether the loads were brought up to date."""
    width = given[PLAN_WIDTH]
    if is_concluded:
        shift_loads(given, price, state, work, -1)
    for k in range(work[LOG]):
        visit = work[LOG + 1 + k * (1 + width)]
        if state[given[PLAN] + visit * width + START] != OPEN:
            withdraw(given, state, visit)
    for k in range(work[LOG]):
        record = LOG + 1 + k * (1 + width)
        visit = work[record]
        for field in range(1, width):
            state[given[PLAN] + visit * width + field] = work[record + 1 + field]
        if work[record + 1 + START] != OPEN:
            enter(given, state, visit, work[record + 1 + START])


@compiled
def can_settle(given: IntArray, state: IntArray, visit: int, start: int) -> bool:
    """Whether an open visit may begin in ``start`` with the team in its record: every hard rule."""
    row = given[VISITS] + visit * VISIT_WIDTH
    team = given[PLAN] + visit * given[PLAN_WIDTH] + TEAM
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


@compiled
def try_settle(given: IntArray, price: IntArray, state: IntArray, visit: int, start: int) -> int:
    """``settle`` if no hard rule forbids it, else ``IMPOSSIBLE``."""
    if not can_settle(given, state, visit, start):
        return IMPOSSIBLE
    return settle(given, price, state, visit, start)


@compiled
def finish_move(
    given: IntArray, price: IntArray, state: IntArray, work: IntArray, change: int, visit: int, start: int
) -> int:
    """Settle the visit that this move is about, and conclude; ``change`` is the change of cost so far.

    The change of cost, or ``IMPOSSIBLE``: then nothing has changed.
    """
    settled = try_settle(given, price, state, visit, start)
    if settled == IMPOSSIBLE:
        revert(given, price, state, work, False)
        return IMPOSSIBLE
    return change + settled + conclude(given, price, state, work)
