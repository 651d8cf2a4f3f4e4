"""Inspection days, and the days on which an inspectee cannot be visited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property

from app.calendars.working_days import days_of, is_worked
from app.core.rows import id_of
from app.models import DayKind, Inspectee, InspecteeKind
from app.planning.register import Register
from solver.demand.context import disjoint, gaps
from solver.problem import DateRange

DAY = timedelta(days=1)


def inspection_days(register: Register, span: DateRange) -> tuple[date, ...]:
    """The worked days of a span; weekend days that are worked instead of others count only if the setting says so."""
    marked = {day: row.kind for day, row in register.calendar_days.items()}
    with_make_up = register.rules.visits_on_make_up_days
    return tuple(
        day
        for day in days_of(span.first, span.last)
        if is_worked(day, marked.get(day)) and (with_make_up or marked.get(day) is not DayKind.MAKE_UP_DAY)
    )


class Closings:
    """The days of a span on which each inspectee is closed: out of term, exams, own closures, stages, monitoring."""

    def __init__(self, register: Register, span: DateRange) -> None:
        self._register = register
        self._span = span
        self._of_kind: dict[tuple[InspecteeKind, int], tuple[DateRange, ...]] = {}
        self._taken = _stage_days(register)
        for sample in register.monitoring_samples:
            for inspectee_id in sample.inspectee_ids:
                self._taken.setdefault(inspectee_id, []).append(DateRange(sample.first_on, sample.last_on))

    def of(self, inspectee: Inspectee) -> tuple[DateRange, ...]:
        """The closed ranges of an inspectee within the span, ascending and disjoint."""
        own = [DateRange(row.first_on, row.last_on) for row in self._register.closures.get(id_of(inspectee), ())]
        own.extend(self._taken.get(id_of(inspectee), ()))
        if inspectee.opened_on is not None:
            own.append(DateRange(self._span.first, inspectee.opened_on - DAY))
        if inspectee.closed_on is not None:
            own.append(DateRange(inspectee.closed_on, self._span.last))
        common = self._common(inspectee.kind, inspectee.region_id)
        return disjoint(self._within([*common, *own])) if own else common

    def _within(self, ranges: Iterable[DateRange]) -> Iterator[DateRange]:
        for each in ranges:
            yield DateRange(max(each.first, self._span.first), min(each.last, self._span.last))

    def _common(self, kind: InspecteeKind, region_id: int) -> tuple[DateRange, ...]:
        key = (kind, region_id)
        if key not in self._of_kind:
            closed = [*self._out_of_term(kind), *self._exams(kind, region_id)]
            self._of_kind[key] = disjoint(self._within(closed))
        return self._of_kind[key]

    def _out_of_term(self, kind: InspecteeKind) -> tuple[DateRange, ...]:
        """All days outside the kind's terms, their first and last days included.

        A government has no terms of its own: if the setting says so, its days are those on which all kinds of school
        are in term. Where no terms are known, it has no such limit.
        """
        if kind is InspecteeKind.GOVERNMENT:
            if not self._register.rules.governments_in_term or not self._register.terms:
                return ()
            return disjoint(day for each in self._kinds_in_term for day in self._outside_terms_of(each))
        return self._outside_terms_of(kind)

    @cached_property
    def _kinds_in_term(self) -> frozenset[InspecteeKind]:
        """The kinds of school whose terms are known."""
        return frozenset(term.kind for term in self._register.terms)

    def _outside_terms_of(self, kind: InspecteeKind) -> tuple[DateRange, ...]:
        margin = timedelta(days=self._register.rules.term_margin_days)
        terms = [
            DateRange(term.first_on + margin, term.last_on - margin)
            for term in self._register.terms
            if term.kind is kind
        ]
        return gaps(terms, self._span)

    def _exams(self, kind: InspecteeKind, region_id: int) -> Iterator[DateRange]:
        """Closed days of the kind, or of all kinds where none is named, everywhere or in the inspectee's region."""
        around = {None, region_id, self._register.regions[region_id].parent_id}
        for row in self._register.closed_days:
            if row.region_id in around and (not row.kinds or kind.value in row.kinds):
                yield DateRange(row.first_on, row.last_on)


def _stage_days(register: Register) -> dict[int, list[DateRange]]:
    """The days of external stages by inspectee: the banner's government and the sampled schools."""
    found: dict[int, list[DateRange]] = {}
    for stage in register.stages:
        government = register.governments.get(register.banner_of_target[stage.target_id])
        inspectees = [*stage.sampled_inspectee_ids, *([id_of(government)] if government is not None else [])]
        for inspectee_id in inspectees:
            found.setdefault(inspectee_id, []).append(DateRange(stage.first_on, stage.last_on))
    return found


def burden_limits(register: Register, span: DateRange) -> dict[int, int]:
    """Of each calendar year that the span touches the least limit in force on one of its days, where there is one."""
    limits: dict[int, int] = {}
    for year in range(span.first.year, span.last.year + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        found = [
            rule.comprehensive_per_year
            for rule in register.burden_rules
            if rule.first_on <= last and (rule.last_on is None or rule.last_on >= first)
        ]
        if found:
            limits[year] = min(found)
    return limits


def cars_on(register: Register, office_id: int, day: date) -> int:
    """The cars of an office on a day."""
    return sum(
        row.number
        for row in register.cars.get(office_id, ())
        if row.first_on <= day and (row.last_on is None or row.last_on >= day)
    )
