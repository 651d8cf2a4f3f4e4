"""Rule ``routine``: each covered inspectee once in each half of each school term (教育督导条例 art. 14: 2 a term).

A half's window is the half of the term, without the first and last days of the term that a setting keeps free, on the
days that are planned. A half of which the horizon holds less than half the days is left to the plan that holds more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from solver.demand.context import DAY, Context, common
from solver.demand.inputs import EVALUATION, Inspectee, KnownAssignment, Phase, Programme, Rule, Term
from solver.demand.keys import RoutineKey, TermOfYear
from solver.demand.result import Detail, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import Need, need_for, visit_of
from solver.problem import DateRange, TeamNeed


def halves_of(term: Term) -> tuple[DateRange, DateRange]:
    """A term as two spans; of an odd number of days the first has one more."""
    middle = term.first + (term.last - term.first) // 2
    return DateRange(term.first, middle), DateRange(middle + DAY, term.last)


def expand_routine(context: Context) -> Iterator[RequiredVisit | UnplannedRequirement]:
    """Every visit of the half-terms on the days that are planned, and those of them without one."""
    inspectees: dict[str, list[Inspectee]] = {}
    for inspectee in context.given.inspectees:
        inspectees.setdefault(inspectee.kind, []).append(inspectee)
    for code in context.codes_of(Rule.ROUTINE):
        for term in context.given.terms:
            for number, span in enumerate(halves_of(term), start=1):
                half = _Half.of(context, code, term, number, span)
                if half is not None:
                    for inspectee in inspectees.get(term.kind, ()):
                        yield from _requirement(context, half, inspectee)


@dataclass(frozen=True, slots=True)
class _Half:
    """A half of a term of one kind of inspectee, with the programme in force in it."""

    term: Term
    number: int
    span: DateRange
    window: DateRange
    programme: Programme
    phase: Phase

    @classmethod
    def of(cls, context: Context, code: str, term: Term, number: int, span: DateRange) -> _Half | None:
        """The half where something of it is planned and the programme covers the kind then."""
        margin = timedelta(days=context.given.settings.term_margin_days)
        inner = DateRange(term.first + margin, term.last - margin)
        version = context.version_for(code, span)
        window = common(span, inner, context.horizon)
        if version is None or term.kind not in version.programme.covers or window.first > window.last:
            return None
        phase = version.programme.needed_phase(EVALUATION)
        return cls(term, number, span, common(window, version.window), version.programme, phase)

    def is_beyond(self, horizon: DateRange) -> bool:
        """Whether the larger part lies after the days that are planned."""
        return horizon.last < self.span.first + (self.span.last - self.span.first) // 2


def _requirement(context: Context, half: _Half, inspectee: Inspectee) -> Iterator[RequiredVisit | UnplannedRequirement]:
    """The visit of an inspectee that is open in the half, or why it has none."""
    opens, closes = inspectee.opened_on or date.min, inspectee.closed_on - DAY if inspectee.closed_on else date.max
    if opens > half.span.last or closes < half.span.first:
        return
    key = str(RoutineKey(TermOfYear(half.term.year, half.term.season), half.number, inspectee.number))
    need = need_for(context.given, half.phase, inspectee)
    assigned = context.fixed(key)
    if assigned is not None:
        yield _unplanned(half, inspectee, UnplannedReason.DONE, assigned)
        return
    start = context.start_for(key, inspectee, need.half_days, half.programme.notice_days)
    window = common(half.window, DateRange(max(opens, start), closes))
    if half.is_beyond(context.horizon):
        yield _unplanned(half, inspectee, UnplannedReason.NOT_YET_DUE)
    elif start > half.span.last:
        yield _unplanned(half, inspectee, UnplannedReason.MISSED)
    elif not context.fits(inspectee, need.half_days, window):
        yield _unplanned(half, inspectee, UnplannedReason.NO_DAY)
    else:
        yield _visit(half, inspectee, key, need, window, context.given.settings.routine_buffer_days)


def _visit(
    half: _Half, inspectee: Inspectee, key: str, need: Need, window: DateRange, buffer_days: int
) -> RequiredVisit:
    visit = visit_of(key, inspectee, half.programme, half.phase, need, window)
    return replace(visit, team=_from_pool(need.team, inspectee), resources=(), buffer_days=buffer_days)


def _from_pool(team: TeamNeed, inspectee: Inspectee) -> TeamNeed:
    """The team from the people who make the inspectee's routine visits, or else from the whole office."""
    return team if inspectee.routine_pool is None else replace(team, pool=(inspectee.routine_pool,))


def _unplanned(
    half: _Half, inspectee: Inspectee, reason: UnplannedReason, assigned: KnownAssignment | None = None
) -> UnplannedRequirement:
    details: dict[str, Detail] = {"term_year": half.term.year, "season": half.term.season, "half": half.number}
    if assigned is not None:
        details["inspected_on"] = assigned.first_on
    return UnplannedRequirement(inspectee.id, half.programme.code, half.phase.name, reason, half.span.last, details)
