"""The cheapest team of one visit, when each member has a price: an exact small dynamic program, compiled."""

from __future__ import annotations

import numpy as np

from solver.bounds.relaxation import MOST_TAGS, NOWHERE
from solver.calendar import IntArray
from solver.search.compiled import compiled

IMPOSSIBLE = 1 << 61
"""The cost of what cannot be."""

_MARKS = 1 << (MOST_TAGS + 1)


@compiled
def cheapest_team(
    size: int,
    needed: IntArray,
    penalty: int,
    cost: IntArray,
    who: IntArray,
    marks: IntArray,
    count: int,
    team: IntArray,
) -> int:
    """The least cost of a team of ``size`` of the first ``count`` members, written to ``team``.

    ``needed[t]`` members have bit t in their mark; where none has the bit ``MOST_TAGS`` the team costs ``penalty``
    more. ``IMPOSSIBLE`` if there is no such team.
    """
    if count < size:
        return IMPOSSIBLE
    if size == 1:
        return _cheapest_member(needed, penalty, cost, who, marks, count, team)
    order = np.argsort(cost[:count])
    if _meets_all(order[:size], needed, penalty, marks):
        for k in range(size):
            team[k] = who[order[k]]
        return int(cost[order[:size]].sum())
    steps = np.ones(MOST_TAGS + 1, np.int64)
    for t in range(MOST_TAGS):
        if needed[t] > size:
            return IMPOSSIBLE
        steps[t + 1] = steps[t] * (needed[t] + 1)
    full = steps[MOST_TAGS]
    kept = _cheapest_of_each_mark(size, order, marks)
    least = np.full((len(kept) + 1, size + 1, 2 * full), IMPOSSIBLE, np.int64)
    came = np.full((len(kept) + 1, size + 1, 2 * full), NOWHERE, np.int64)
    least[0, 0, 0] = 0
    for q in range(len(kept)):
        for chosen in range(min(q, size) + 1):
            for state in range(2 * full):
                value = least[q, chosen, state]
                if value >= IMPOSSIBLE:
                    continue
                if value < least[q + 1, chosen, state]:
                    least[q + 1, chosen, state] = value
                    came[q + 1, chosen, state] = NOWHERE
                if chosen < size:
                    following = _with_member(state, marks[kept[q]], steps, needed)
                    more = value + cost[kept[q]]
                    if more < least[q + 1, chosen + 1, following]:
                        least[q + 1, chosen + 1, following] = more
                        came[q + 1, chosen + 1, following] = state
    state = full - 1
    total: int = least[len(kept), size, state]
    if total < IMPOSSIBLE:
        total += penalty
    if least[len(kept), size, state + full] <= total:
        state += full
        total = least[len(kept), size, state]
    if total >= IMPOSSIBLE:
        return IMPOSSIBLE
    chosen = size
    for q in range(len(kept), 0, -1):
        before = came[q, chosen, state]
        if before != NOWHERE:
            chosen -= 1
            team[chosen] = who[kept[q - 1]]
            state = before
    return total


@compiled
def _meets_all(chosen: IntArray, needed: IntArray, penalty: int, marks: IntArray) -> bool:
    """Whether these people meet every need and, where missing it costs something, one of them is preferred."""
    preferred = penalty == 0
    for k in chosen:
        preferred = preferred or marks[k] >> MOST_TAGS == 1
    for t in range(MOST_TAGS):
        bearers = 0
        for k in chosen:
            bearers += marks[k] >> t & 1
        if bearers < needed[t]:
            return False
    return preferred


@compiled
def sum_of_least(size: int, cost: IntArray, count: int) -> int:
    """The sum of the ``size`` smallest of the first ``count`` costs, ``IMPOSSIBLE`` if there are fewer."""
    if count < size:
        return IMPOSSIBLE
    if size == 1:
        return int(cost[:count].min())
    return int(np.sort(cost[:count])[:size].sum())


@compiled
def _cheapest_member(
    needed: IntArray, penalty: int, cost: IntArray, who: IntArray, marks: IntArray, count: int, team: IntArray
) -> int:
    """The cheapest team of one."""
    must = 0
    for t in range(MOST_TAGS):
        if needed[t] > 1:
            return IMPOSSIBLE
        must |= needed[t] << t
    total = IMPOSSIBLE
    for k in range(count):
        value = cost[k] if marks[k] >> MOST_TAGS else cost[k] + penalty
        if marks[k] & must == must and value < total:
            total = value
            team[0] = who[k]
    return total


@compiled
def _cheapest_of_each_mark(size: int, order: IntArray, marks: IntArray) -> IntArray:
    """Of the members with the same mark as many as a team has, the first in order: no other is ever needed."""
    taken = np.zeros(_MARKS, np.int64)
    kept = np.empty(len(order), np.int64)
    number = 0
    for k in order:
        if taken[marks[k]] < size:
            taken[marks[k]] += 1
            kept[number] = k
            number += 1
    return kept[:number]


@compiled
def _with_member(state: int, mark: int, steps: IntArray, needed: IntArray) -> int:
    """The state of a team with one more member: bearers so far of each needed tag, then whether one is preferred."""
    following = 0
    for t in range(MOST_TAGS):
        bearers = state // steps[t] % (needed[t] + 1)
        if mark >> t & 1 and bearers < needed[t]:
            bearers += 1
        following += bearers * steps[t]
    is_preferred = state >= steps[MOST_TAGS] or mark >> MOST_TAGS & 1
    return following + (steps[MOST_TAGS] if is_preferred else 0)
