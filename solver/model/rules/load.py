"""Rules about how much: ``month_cap``, ``year_cap``, ``burden``, ``resource``."""

from __future__ import annotations

from itertools import chain

from solver.calendar import Slot
from solver.model.variables import Term, Variables, total_of

Weighted = tuple[int, Term]
"""A whole number of half-days, or of burden, with the term that brings it."""


def month_cap(x: Variables) -> None:
    """Half-days on duty in a calendar month are within the cap: Σ half-days in the month · duty ≤ cap − history."""
    calendar = x.scope.calendar
    for inspector in x.inspectors:
        cap = x.scope.problem.inspectors[inspector].half_days_per_month
        if cap is not None:
            for number, terms in half_days_by_stretch(x, inspector, "month").items():
                _within(x, terms, cap - x.scope.past_in_month(inspector, calendar.months[number]))


def year_cap(x: Variables) -> None:
    """Half-days on duty in a calendar year are within the cap: Σ half-days in the year · duty ≤ cap − history."""
    calendar = x.scope.calendar
    for inspector in x.inspectors:
        cap = x.scope.problem.inspectors[inspector].half_days_per_year
        if cap is not None:
            for number, terms in half_days_by_stretch(x, inspector, "year").items():
                _within(x, terms, cap - x.scope.past_in_year(inspector, calendar.years[number]))


def burden(x: Variables) -> None:
    """Per inspectee and period, Σ burden · starts in the period ≤ max_burden − history.

    It binds only where a visit with burden of its own stands in the period.
    """
    scope = x.scope
    for inspectee_id, visits in scope.of_inspectee.items():
        inspectee = scope.candidates.inspectees[inspectee_id]
        past_visits = scope.candidates.history.by_inspectee.get(inspectee_id, ())
        burdened = [visit for visit in visits if scope.visit(visit).burden > 0]
        for period_id, limit in inspectee.max_burden.items():
            period = scope.candidates.periods[period_id]
            span = scope.calendar.day_range(period.first, period.last)
            past = sum(visit.burden for visit in past_visits if period.first <= visit.day <= period.last)
            terms = [
                (scope.visit(visit).burden, term)
                for visit in burdened
                for slot, term in x.all_starts(visit)
                if slot // 2 in span
            ]
            _within(x, terms, limit - past)


def resource(x: Variables) -> None:
    """In every half-day the visits under way that name a resource are at most its capacity, history included."""
    scope = x.scope
    naming: dict[str, list[int]] = {}
    for visit in scope.decided:
        for name in scope.visit(visit).resources:
            naming.setdefault(name, []).append(visit)
    for given in scope.problem.resources:
        visits = naming.get(given.id, [])
        past = scope.candidates.history.resource_use.get(given.id, {})
        if len(visits) <= given.capacity and not past:
            continue
        slots = {
            slot
            for visit in set(visits).intersection(scope.free)
            for start, _ in x.all_starts(visit)
            for slot in scope.calendar.slots_taken(Slot(start), scope.visit(visit).half_days)
        }
        for slot in sorted(slots):
            under_way = list(chain.from_iterable(x.under_way(visit, slot) for visit in visits))
            _within(x, [(1, term) for term in under_way], given.capacity - past.get(slot, 0))


def half_days_by_stretch(x: Variables, inspector: int, stretch: str) -> dict[int, list[Weighted]]:
    """The duties of an inspector by number of the month or year, with the half-days that each has in it."""
    calendar = x.scope.calendar
    numbers = calendar.month_numbers if stretch == "month" else calendar.year_numbers
    found: dict[int, list[Weighted]] = {}
    for visit, start, term in _distinct_duties(x, inspector):
        counts: dict[int, int] = {}
        for slot in calendar.slots_taken(Slot(start), x.scope.visit(visit).half_days):
            number = int(numbers[slot // 2])
            counts[number] = counts.get(number, 0) + 1
        for number, half_days in counts.items():
            found.setdefault(number, []).append((half_days, term))
    return found


def _distinct_duties(x: Variables, inspector: int) -> list[tuple[int, int, Term]]:
    """Each duty once, not once per slot."""
    return [
        (duty.visit, duty.start, duty.term)
        for slot in x.slots_of_duty(inspector)
        for duty in x.on_duty(inspector, slot)
        if duty.start == slot
    ]


def _within(x: Variables, terms: list[Weighted], limit: int) -> None:
    """Σ weight · term ≤ limit, and no duty at all where history is beyond the limit already."""
    if sum(weight for weight, _ in terms) > limit and not all(isinstance(term, int) for _, term in terms):
        x.model.add(total_of(terms) <= max(0, limit))
