"""The rules about days and about what happens at one inspectee."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from solver.checker.facts import Facts, Stay, day_of, spans_of
from solver.reasons import Details, ReasonValue, Violation


def check_once(facts: Facts) -> list[Violation]:
    """Every visit is assigned once or left out once; nothing else is in the plan."""
    assigned = Counter(assignment.visit for assignment in facts.assigned)
    left_out = Counter(facts.left_out)
    violations = [
        Violation("once", visit, {"assigned": assigned[visit], "unscheduled": left_out[visit]})
        for visit in facts.visits
        if assigned[visit] + left_out[visit] != 1
    ]
    strangers = [visit for visit in (assigned | left_out) if visit not in facts.visits]
    return violations + [
        Violation("once", visit, {"assigned": assigned[visit], "unscheduled": left_out[visit]}) for visit in strangers
    ]


def check_slots(facts: Facts) -> list[Violation]:
    """A visit of more than one half-day begins in the morning; each of its days is an inspection day."""
    inspection_days = {day.toordinal() for day in facts.problem.days}
    violations = []
    for visit, assignment, stay in facts.planned():
        if visit.half_days > 1 and assignment.half != "am":
            violations.append(Violation("slots", visit.id, {"half": assignment.half, "half_days": visit.half_days}))
        if any(day not in inspection_days for day in stay.days()):
            violations.append(Violation("slots", visit.id, {"day": assignment.day, "half_days": visit.half_days}))
    return violations


def check_window(facts: Facts) -> list[Violation]:
    """The first day is not before ``earliest``, the last one not after ``latest``."""
    return [
        Violation("window", visit.id, {"day": assignment.day, "earliest": visit.earliest, "latest": visit.latest})
        for visit, assignment, stay in facts.planned()
        if stay.first_day < visit.earliest.toordinal() or stay.last_day > visit.latest.toordinal()
    ]


def check_closed(facts: Facts) -> list[Violation]:
    """None of the days lies in a range in which the inspectee is closed."""
    spans = {inspectee.id: spans_of(inspectee.closed) for inspectee in facts.inspectees.values()}
    return [
        Violation("closed", visit.id, {"inspectee": visit.inspectee, "first": closed.first, "last": closed.last})
        for visit, _, stay in facts.planned()
        if stay.meets(spans[visit.inspectee])
        for closed in facts.inspectees[visit.inspectee].closed
        if stay.meets(spans_of([closed]))
    ]


def check_inspectee_overlap(facts: Facts) -> list[Violation]:
    """Two visits of one inspectee share no half-day, unless both are past."""
    violations = []
    for inspectee, stays in facts.by_inspectee.items():
        longest: Stay | None = None
        longest_planned: Stay | None = None
        for stay in stays:
            other = longest_planned if stay.past else longest
            if other and other.end_half_day > stay.first_half_day:
                late, early = (other, stay) if stay.past else (stay, other)
                details: Details = {"inspectee": inspectee, "other": early.visit, "day": day_of(stay.first_half_day)}
                violations.append(Violation("inspectee_overlap", late.visit, details))
            longest = _later_ending(longest, stay)
            if not stay.past:
                longest_planned = _later_ending(longest_planned, stay)
    return violations


def check_inspectee_gap(facts: Facts) -> list[Violation]:
    """Between two visits with a burden lie at least ``min_gap_days``, from last day to first day, unless both are past.

    Of two that overlap, none is the earlier: they are the matter of ``inspectee_overlap``.
    """
    violations = []
    for inspectee, stays in facts.by_inspectee.items():
        min_gap_days = facts.inspectees[inspectee].min_gap_days
        if min_gap_days is None:
            continue
        heavy = sorted((stay for stay in stays if stay.burden > 0), key=lambda stay: stay.end_half_day)
        heavy_planned = [stay for stay in heavy if not stay.past]
        for stay in heavy:
            other = _last_that_ended(heavy_planned if stay.past else heavy, stay.first_half_day)
            if other and stay.first_day - other.last_day < min_gap_days:
                shown, hidden = (other, stay) if stay.past else (stay, other)
                details: Details = {
                    "inspectee": inspectee,
                    "other": hidden.visit,
                    "days": stay.first_day - other.last_day,
                    "min_gap_days": min_gap_days,
                }
                violations.append(Violation("inspectee_gap", shown.visit, details))
    return violations


def check_precedence(facts: Facts) -> list[Violation]:
    """``after`` needs ``before``, planned or past, and begins ``min_days`` to ``max_days`` after its last day."""
    violations = []
    for precedence in facts.problem.precedences:
        after = facts.stays.get(precedence.after)
        if after is None:
            continue
        before = facts.stays.get(precedence.before) or facts.past.get(precedence.before)
        details: dict[str, ReasonValue] = {"before": precedence.before, "min_days": precedence.min_days}
        if precedence.max_days is not None:
            details["max_days"] = precedence.max_days
        if before is None:
            violations.append(Violation("precedence", precedence.after, details))
            continue
        days = after.first_day - before.last_day
        if days < precedence.min_days or (precedence.max_days is not None and days > precedence.max_days):
            violations.append(Violation("precedence", precedence.after, {**details, "days": days}))
    return violations


def check_separation(facts: Facts) -> list[Violation]:
    """The later of two visits begins ``min_days`` or more after the last day of the earlier, unless both are past."""
    violations = []
    for separation in facts.problem.separations:
        found = [stay for visit in separation.visits if (stay := facts.stays.get(visit) or facts.past.get(visit))]
        if len(found) < len(separation.visits) or all(stay.past for stay in found):
            continue
        earlier, later = sorted(found, key=lambda stay: stay.first_half_day)
        days = later.first_day - earlier.last_day
        if days < separation.min_days:
            shown, hidden = (earlier, later) if later.past else (later, earlier)
            details: Details = {"other": hidden.visit, "days": days, "min_days": separation.min_days}
            violations.append(Violation("separation", shown.visit, details))
    return violations


def _later_ending(one: Stay | None, other: Stay) -> Stay:
    return other if one is None or other.end_half_day > one.end_half_day else one


def _last_that_ended(by_end: Sequence[Stay], half_day: int) -> Stay | None:
    """The one that ended last of those that ended before the half-day began."""
    position = bisect_right(by_end, half_day, key=lambda stay: stay.end_half_day)
    return by_end[position - 1] if position else None
