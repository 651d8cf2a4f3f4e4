"""Named access to the flat arrays of ``layout``: where a record begins, and what a list holds.

All are inlined by the compiler, so a name costs no time.
"""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.compiled import inner
from solver.search.layout import (
    BEFORE,
    DAY_WIDTH,
    DAYS,
    DIARY,
    GROUP_WIDTH,
    GROUPS,
    LOG,
    MONTH,
    MONTH_COUNT,
    MONTH_LEFT,
    ORDINAL,
    PEOPLE,
    PERSON_WIDTH,
    PLAN,
    PLAN_WIDTH,
    SLOT_COUNT,
    START,
    TEAM,
    UNSCHEDULED,
    USE_LEFT,
    VISIT_COUNT,
    VISIT_WIDTH,
    VISITS,
    YEAR_COUNT,
    YEAR_LEFT,
)


@inner
def visit_row(given: IntArray, visit: int) -> int:
    """Where the record of a visit begins in ``given``."""
    return given[VISITS] + visit * VISIT_WIDTH


@inner
def person_row(given: IntArray, person: int) -> int:
    """Where the record of a person begins in ``given``."""
    return given[PEOPLE] + person * PERSON_WIDTH


@inner
def day_row(given: IntArray, day: int) -> int:
    """Where the record of an inspection day begins in ``given``."""
    return given[DAYS] + day * DAY_WIDTH


@inner
def group_row(given: IntArray, group: int) -> int:
    """Where the record of a balance group begins in ``given``."""
    return given[GROUPS] + group * GROUP_WIDTH


@inner
def list_item(given: IntArray, field: int, k: int) -> int:
    """The k-th number of the list to which the field ``X_AT`` of a record points."""
    return given[given[field] + k]


@inner
def plan_row(given: IntArray, visit: int) -> int:
    """Where the record of a visit in the plan begins in ``state``."""
    return given[PLAN] + visit * given[PLAN_WIDTH]


@inner
def team_row(given: IntArray, visit: int) -> int:
    """Where the members of a visit begin in ``state``."""
    return given[PLAN] + visit * given[PLAN_WIDTH] + TEAM


@inner
def start_of(given: IntArray, state: IntArray, visit: int) -> int:
    """The slot in which the plan has the visit begin, or ``UNSCHEDULED``."""
    return state[given[PLAN] + visit * given[PLAN_WIDTH] + START]


@inner
def is_scheduled(given: IntArray, state: IntArray, visit: int) -> bool:
    """Whether the plan holds the visit."""
    return start_of(given, state, visit) != UNSCHEDULED


@inner
def is_visit(given: IntArray, entry: int) -> bool:
    """Whether an entry of a diary is a visit of the plan: not ``FREE``, ``AWAY`` or of the history."""
    return 0 <= entry < given[VISIT_COUNT]


@inner
def diary_row(given: IntArray, person: int) -> int:
    """Where the diary of a person begins in ``state``: an entry per slot."""
    return given[DIARY] + person * given[SLOT_COUNT]


@inner
def months_row(given: IntArray, person: int) -> int:
    """Where the half-days that a person has left begin in ``state``, by month."""
    return given[MONTH_LEFT] + person * given[MONTH_COUNT]


@inner
def years_row(given: IntArray, person: int) -> int:
    """Where the half-days that a person has left begin in ``state``, by year."""
    return given[YEAR_LEFT] + person * given[YEAR_COUNT]


@inner
def use_row(given: IntArray, resource: int) -> int:
    """Where the capacity that a resource has left begins in ``state``, by slot."""
    return given[USE_LEFT] + resource * given[SLOT_COUNT]


@inner
def ordinal_of(given: IntArray, slot: int) -> int:
    """The calendar date of a slot, as a day count."""
    return given[day_row(given, slot // 2) + ORDINAL]


@inner
def month_of(given: IntArray, day: int) -> int:
    """The number of the month of an inspection day."""
    return given[day_row(given, day) + MONTH]


@inner
def log_record(given: IntArray, k: int) -> int:
    """Where the k-th visit of the move begins in ``work``."""
    return LOG + 1 + k * (BEFORE + given[PLAN_WIDTH])
