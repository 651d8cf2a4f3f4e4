"""Days between visits of one inspectee, whichever comes first; all of them are settings, no law counts them.

A routine visit and a comprehensive inspection; the two routine visits of a school term; visits of topics by different
offices. Two visits that have a fixed assignment both are not separated any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from solver.demand.context import Context
from solver.demand.inputs import RECHECK, DemandSettings
from solver.demand.keys import RoutineKey, parse_key, topic_of_phase
from solver.demand.result import RequiredVisit
from solver.problem import Separation


@dataclass(frozen=True, slots=True)
class _Occasion:
    """A required visit, or one with a fixed assignment, with the days on which it can be."""

    key: str
    office: str
    first: date
    last: date
    routine: RoutineKey | None
    is_comprehensive: bool
    has_topic: bool
    is_fixed: bool = False


def separations(context: Context, visits: Iterable[RequiredVisit]) -> tuple[Separation, ...]:
    """The separations of all visits that can come too close to each other."""
    by_inspectee: dict[str, list[_Occasion]] = defaultdict(list)
    for visit in visits:
        by_inspectee[visit.inspectee].append(_of_visit(visit))
    for inspectee, fixed in _fixed(context):
        if inspectee in by_inspectee:
            by_inspectee[inspectee].append(fixed)
    found = (
        Separation((one.key, other.key), days)
        for occasions in by_inspectee.values()
        for one, other in combinations(occasions, 2)
        if (days := _days(context.given.settings, one, other)) and _can_meet(one, other, days)
    )
    return tuple(found)


def _of_visit(visit: RequiredVisit) -> _Occasion:
    parsed = parse_key(visit.key)
    return _Occasion(
        key=visit.key,
        office=visit.office,
        first=visit.earliest,
        last=visit.latest,
        routine=parsed if isinstance(parsed, RoutineKey) else None,
        is_comprehensive=visit.burden > 0,
        has_topic=any(topic_of_phase(phase) is not None for _code, phase in visit.serves),
    )


def _fixed(context: Context) -> Iterator[tuple[str, _Occasion]]:
    """What has a fixed assignment, by inspectee."""
    comprehensive = {each.code for each in context.given.programmes if each.comprehensive}
    for each in context.given.assignments:
        if each.fixed:
            parsed = parse_key(each.key)
            yield (
                each.inspectee,
                _Occasion(
                    key=each.key,
                    office=each.office,
                    first=each.first_on,
                    last=each.last_on,
                    routine=parsed if isinstance(parsed, RoutineKey) else None,
                    is_comprehensive=any(code in comprehensive and phase != RECHECK for code, phase in each.serves),
                    has_topic=any(topic_of_phase(phase) is not None for _code, phase in each.serves),
                    is_fixed=True,
                ),
            )


def _days(settings: DemandSettings, one: _Occasion, other: _Occasion) -> int:
    """How many days there must be between two visits; 0 where there is no such rule."""
    if one.routine is not None and other.routine is not None:
        return settings.routine_gap_days if one.routine.term == other.routine.term else 0
    if one.routine is not None or other.routine is not None:
        return settings.routine_to_comprehensive_days if one.is_comprehensive or other.is_comprehensive else 0
    if one.has_topic and other.has_topic and one.office != other.office:
        return settings.topic_gap_days
    return 0


def _can_meet(one: _Occasion, other: _Occasion, days: int) -> bool:
    """Whether two visits can be too close and can be far enough apart, and at least one is still planned."""
    least = max((one.first - other.last).days, (other.first - one.last).days)
    most = max((one.last - other.first).days, (other.last - one.first).days)
    return least < days <= most and not (one.is_fixed and other.is_fixed)
