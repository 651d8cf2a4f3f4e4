"""Moves that change who goes: one member for another, a member of one visit for a member of another."""

from __future__ import annotations

from solver.calendar import IntArray
from solver.search.access import list_item, plan_row, start_of, visit_row
from solver.search.compiled import inner
from solver.search.cost import is_in_team
from solver.search.layout import (
    AREA,
    FREE,
    HALF_DAYS,
    MEMBERS_MASK,
    NEAR_AT,
    NEAR_COUNT,
    START,
    TEAM,
    TEAM_PROPOSED,
    TEAM_SIZE,
    UNSCHEDULED,
)
from solver.search.moves.proposal import propose
from solver.search.moves.times import random_member
from solver.search.random import below
from solver.search.rules import has_bit, is_free, may_join


@inner
def replace_member(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A member of a planned visit is replaced by another person of the pool."""
    row = visit_row(given, visit)
    start = start_of(given, state, visit)
    person = random_member(given, visit, work)
    if is_free(given, state, person, start, given[row + HALF_DAYS], FREE) and may_join(
        given, state, visit, start, person
    ):
        team = propose(given, state, work, visit, start, TEAM_PROPOSED)
        work[team + below(work, given[row + TEAM_SIZE])] = person


@inner
def exchange_members(given: IntArray, state: IntArray, work: IntArray, visit: int) -> None:
    """A member of a planned visit and one of a visit near by take each other's place."""
    row = visit_row(given, visit)
    if given[row + NEAR_COUNT] == 0:
        return
    other = list_item(given, row + NEAR_AT, below(work, given[row + NEAR_COUNT]))
    other_row = visit_row(given, other)
    plan = plan_row(given, visit)
    other_plan = plan_row(given, other)
    if state[other_plan + START] == UNSCHEDULED or given[other_row + AREA] != given[row + AREA]:
        return
    seat = below(work, given[row + TEAM_SIZE])
    other_seat = below(work, given[other_row + TEAM_SIZE])
    person = state[plan + TEAM + seat]
    other_person = state[other_plan + TEAM + other_seat]
    if (
        not has_bit(given, given[row + MEMBERS_MASK], other_person)
        or not has_bit(given, given[other_row + MEMBERS_MASK], person)
        or is_in_team(given, state, visit, other_person)
        or is_in_team(given, state, other, person)
    ):
        return
    team = propose(given, state, work, visit, state[plan + START], TEAM_PROPOSED)
    work[team + seat] = other_person
    other_team = propose(given, state, work, other, state[other_plan + START], TEAM_PROPOSED)
    work[other_team + other_seat] = person
