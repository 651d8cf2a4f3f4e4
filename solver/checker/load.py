"""The rules about sums: caps of inspectors, burdens of inspectees, resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from solver.checker.facts import HALVES_PER_DAY, Facts, Stay, day_of, half_of
from solver.reasons import Details, Violation

DECEMBER = 12


def check_month_cap(facts: Facts) -> list[Violation]:
    """An inspector's half-days in a calendar month are at most the cap, in each month with a planned one."""
    violations = []
    for inspector, stays in facts.by_inspector.items():
        cap = facts.inspectors[inspector].half_days_per_month
        if cap is not None:
            for month, half_days, stay in planned_sums(stays, month_of):
                if half_days > cap:
                    year, month_before = divmod(month, DECEMBER)
                    details: Details = {
                        "inspector": inspector,
                        "year": year,
                        "month": month_before + 1,
                        "half_days": half_days,
                        "cap": cap,
                    }
                    violations.append(Violation("month_cap", stay.visit, details))
    return violations


def check_year_cap(facts: Facts) -> list[Violation]:
    """An inspector's half-days in a calendar year are at most the cap, in each year with a planned one."""
    violations = []
    for inspector, stays in facts.by_inspector.items():
        cap = facts.inspectors[inspector].half_days_per_year
        if cap is not None:
            for year, half_days, stay in planned_sums(stays, _year_of):
                if half_days > cap:
                    details: Details = {"inspector": inspector, "year": year, "half_days": half_days, "cap": cap}
                    violations.append(Violation("year_cap", stay.visit, details))
    return violations


def check_burden(facts: Facts) -> list[Violation]:
    """The burdens of the visits that begin in a period add up to at most the inspectee's limit for it.

    A period in which no planned visit adds anything is not judged.
    """
    periods = {period.id: period for period in facts.problem.periods}
    violations = []
    for inspectee, stays in facts.by_inspectee.items():
        for period_id, limit in facts.inspectees[inspectee].max_burden.items():
            first, last = periods[period_id].first.toordinal(), periods[period_id].last.toordinal()
            inside = [stay for stay in stays if first <= stay.first_day <= last]
            planned = [stay for stay in inside if stay.burden and not stay.past]
            burden = sum(stay.burden for stay in inside)
            if planned and burden > limit:
                details: Details = {"inspectee": inspectee, "period": period_id, "burden": burden, "max_burden": limit}
                violations.append(Violation("burden", planned[-1].visit, details))
    return violations


def check_resource(facts: Facts) -> list[Violation]:
    """In every half-day with a planned one, the visits that name a resource are at most its capacity."""
    capacity = {resource.id: resource.capacity for resource in facts.problem.resources}
    visits_at: Counter[tuple[str, int]] = Counter()
    last_planned: dict[tuple[str, int], Stay] = {}
    for stay in (*facts.past.values(), *facts.stays.values()):
        for resource in stay.resources:
            for half_day in stay.occupied():
                visits_at[resource, half_day] += 1
                if not stay.past:
                    last_planned[resource, half_day] = stay
    return [
        Violation(
            "resource",
            stay.visit,
            {
                "resource": resource,
                "day": day_of(half_day),
                "half": half_of(half_day),
                "visits": visits_at[resource, half_day],
                "capacity": capacity[resource],
            },
        )
        for (resource, half_day), stay in last_planned.items()
        if visits_at[resource, half_day] > capacity[resource]
    ]


def planned_sums(stays: Sequence[Stay], period_of: Callable[[int], int]) -> Iterator[tuple[int, int, Stay]]:
    """Each period with a planned half-day: the period, all half-days in it, the last planned stay."""
    half_days: Counter[int] = Counter()
    last_planned: dict[int, Stay] = {}
    for stay in stays:
        for half_day in stay.occupied():
            period = period_of(half_day // HALVES_PER_DAY)
            half_days[period] += 1
            if not stay.past:
                last_planned[period] = stay
    for period, stay in last_planned.items():
        yield period, half_days[period], stay


@cache
def month_of(day: int) -> int:
    """The months from January of year 0 to that of the day."""
    date_of_day = day_of(HALVES_PER_DAY * day)
    return DECEMBER * date_of_day.year + date_of_day.month - 1


@cache
def _year_of(day: int) -> int:
    return day_of(HALVES_PER_DAY * day).year
