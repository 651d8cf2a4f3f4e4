"""Windows narrowed by the order of visits: none keeps days that leave no room for the visit before or after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from solver.demand.context import Context, last_day, latest_before
from solver.demand.result import RequiredVisit
from solver.problem import Precedence


def narrowed(
    context: Context, visits: Iterable[RequiredVisit], precedences: Sequence[Precedence]
) -> list[RequiredVisit]:
    """The visits with narrower windows; precedences are in the order of time, so one pass each way is enough."""
    found = {visit.key: visit for visit in visits}
    for precedence in precedences:
        after, ended = found.get(precedence.after), _earliest_end(context, found, precedence.before)
        if after is not None and ended is not None:
            earliest = max(after.earliest, ended + timedelta(days=precedence.min_days))
            found[after.key] = replace(after, earliest=earliest)
    for precedence in reversed(precedences):
        before, after = found.get(precedence.before), found.get(precedence.after)
        if before is not None and after is not None:
            latest = latest_before(after.latest, after.half_days, precedence.min_days)
            found[before.key] = replace(before, latest=min(before.latest, latest))
    return list(found.values())


def _earliest_end(context: Context, visits: Mapping[str, RequiredVisit], key: str) -> date | None:
    """The first day on which a visit can be over, or on which it is, where it has an assignment."""
    if key in visits:
        return last_day(visits[key].earliest, visits[key].half_days)
    assigned = context.fixed(key)
    return assigned.last_on if assigned is not None else None
