"""Rules about when visits take place: ``once``, ``inspectee_overlap``, ``inspectee_gap``, ``precedence``,
``separation``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ortools.sat.python import cp_model

from solver.calendar import Slot, past_half_days, past_last_day
from solver.model.variables import Term, Variables, sum_of, total_of


def once(x: Variables) -> None:
    """A visit that stands in the plan has one start, one that is left out has none: Σ_s starts(v, s) = placed(v)."""
    for visit in x.scope.free:
        starts = [term for _, term in x.all_starts(visit)]
        x.model.add(sum_of(starts) == x.placed(visit))


def inspectee_overlap(x: Variables) -> None:
    """Two visits of one inspectee share no half-day: per half-day, Σ of the visits under way ≤ 1, history included."""
    scope = x.scope
    for inspectee, visits in scope.of_inspectee.items():
        past = {
            slot
            for visit in scope.candidates.history.by_inspectee.get(inspectee, ())
            for slot in scope.calendar.slots_among(past_half_days(visit))
        }
        if len(visits) == 1 and not past:
            continue
        for slot in _slots_to_ask(x, visits):
            under_way = list(chain.from_iterable(x.under_way(visit, slot) for visit in visits))
            at_most(x, under_way, 0 if slot in past else 1)


def inspectee_gap(x: Variables) -> None:
    """Of two visits with burden at one inspectee the later begins ``min_gap_days`` after the last day of the earlier.

    A visit blocks the dates from its first day to its last day + ``min_gap_days`` − 1; two visits keep the gap exactly
    if the dates that they block have none in common. Intervals that meet have the first date of one in common, so per
    date on which a visit may begin: Σ of the starts that block it ≤ 1. History blocks dates too.
    """
    scope = x.scope
    for inspectee, visits in scope.of_inspectee.items():
        gap = scope.candidates.inspectees[inspectee].min_gap_days
        if not gap:
            continue
        burdened = [visit for visit in visits if scope.visit(visit).burden > 0]
        past = [
            (visit.day.toordinal(), past_last_day(visit).toordinal() + gap - 1)
            for visit in scope.candidates.history.by_inspectee.get(inspectee, ())
            if visit.burden > 0
        ]
        _keep_apart(x, burdened, gap, past)


def separation(x: Variables) -> None:
    """Of two separated visits the later begins ``min_days`` or more after the last day of the earlier.

    As ``inspectee_gap``, for two visits. Visits of the history have taken their starts already.
    """
    numbers, decided = x.scope.candidates.visit_numbers, frozenset(x.scope.decided)
    for rule in x.scope.problem.separations:
        visits = [numbers[visit] for visit in rule.visits if visit in numbers]
        if decided.issuperset(visits) and len(visits) == len(rule.visits) and not set(visits).isdisjoint(x.scope.free):
            _keep_apart(x, visits, rule.min_days)


def _keep_apart(x: Variables, visits: Sequence[int], days: int, past: Sequence[tuple[int, int]] = ()) -> None:
    """No date is blocked twice, each visit blocking from its first day to its last day + ``days`` − 1.

    ``past`` are the first and the last date that each visit of the history blocks.
    """
    ordinals = x.scope.calendar.ordinals
    blocks = [
        (int(ordinals[slot // 2]), _last(x, visit, slot) + days - 1, term)
        for visit in visits
        for slot, term in x.all_starts(visit)
    ]
    if len(visits) > 1 or past:
        for day in sorted({first for first, _, _ in blocks} | {first for first, _ in past}):
            blocking = [term for first, last, term in blocks if first <= day <= last]
            at_most(x, blocking, 0 if any(first <= day <= last for first, last in past) else 1)


def precedence(x: Variables) -> None:
    """``after`` stands only if ``before`` does, and begins ``min_days`` to ``max_days`` after its last day.

    placed(after) ≤ placed(before), and where ``after`` stands:
    min_days ≤ Σ_s first(s)·starts(after, s) − Σ_s last(s)·starts(before, s) ≤ max_days, days as date numbers.
    A ``before`` of the history was on its own day. In a relaxation a ``before`` that is somewhere else, or that the
    model does not know, binds nothing.
    """
    scope = x.scope
    numbers = scope.candidates.visit_numbers
    decided = frozenset(scope.decided)
    for rule in scope.problem.precedences:
        after = numbers.get(rule.after)
        if after is None or after not in decided or not {after, numbers.get(rule.before)}.intersection(scope.free):
            continue
        past = scope.candidates.history.by_visit.get(rule.before)
        if past is None and scope.is_relaxation and numbers[rule.before] not in decided:
            continue
        ordinals = scope.calendar.ordinals
        first = total_of([(int(ordinals[slot // 2]), term) for slot, term in x.all_starts(after)])
        both = [after]
        if past is not None:
            distance = first - past_last_day(past).toordinal()
        else:
            before = numbers[rule.before]
            if before in scope.loose:
                both.append(before)
            else:
                x.model.add(x.placed(after) <= x.placed(before))
            distance = first - total_of([(_last(x, before, slot), term) for slot, term in x.all_starts(before)])
        _if_placed(x, both, distance >= rule.min_days)
        if rule.max_days is not None:
            _if_placed(x, both, distance <= rule.max_days)


def at_most(x: Variables, terms: list[Term], limit: int) -> None:
    """Σ terms ≤ limit; nothing is added where that cannot fail."""
    if len(terms) > limit and not all(isinstance(term, int) for term in terms):
        x.model.add(sum_of(terms) <= limit)


def _slots_to_ask(x: Variables, visits: tuple[int, ...]) -> list[int]:
    """The half-days that some visit may take."""
    taken = {
        slot
        for visit in visits
        for start, _ in x.all_starts(visit)
        for slot in x.scope.calendar.slots_taken(Slot(start), x.scope.visit(visit).half_days)
    }
    return sorted(taken)


def _last(x: Variables, visit: int, slot: int) -> int:
    """The last day, as a date number, of a visit that begins in the slot."""
    return int(x.scope.calendar.ordinals[x.scope.calendar.last_day(Slot(slot), x.scope.visit(visit).half_days)])


def _if_placed(x: Variables, visits: Sequence[int], bound: cp_model.BoundedLinearExpression | bool) -> None:
    """The bound holds where the visits are in the plan."""
    constraint = x.model.add(bound)
    placed = [term for term in map(x.placed, visits) if not isinstance(term, int)]
    if placed:
        constraint.only_enforce_if(placed)
