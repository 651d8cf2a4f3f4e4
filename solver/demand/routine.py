"""Rule ``routine``: every covered unit once in each half of each of its school terms (教育督导条例 art. 14: 2 a term).

A half's window is the half of the term, without the first and last days of the term that a setting keeps free, on the
days that are planned. A half of which the horizon holds less than half the days is left to the plan that holds more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from solver.demand.context import DAY, Context, common
from solver.demand.inputs import EVALUATION, Phase, Programme, Rule, Site, Standing, Term
from solver.demand.result import DemandedVisit, Detail, UnplannedDuty, UnplannedReason
from solver.demand.teams import Need, need_for, visit_of
from solver.problem import DateRange, TeamNeed


def key_of(term: Term, half: int, site: Site) -> str:
    """The name of the duty, the same in every plan."""
    return f"routine-{term.year}-{term.season}-{half}-{site.number}"


def halves_of(term: Term) -> tuple[DateRange, DateRange]:
    """A term as two spans; of an odd number of days the first has one more."""
    middle = term.first + (term.last - term.first) // 2
    return DateRange(term.first, middle), DateRange(middle + DAY, term.last)


def expand_routine(context: Context) -> Iterator[DemandedVisit | UnplannedDuty]:
    """Every visit of the half-terms on the days that are planned, and those of them without one."""
    sites: dict[str, list[Site]] = {}
    for site in context.given.sites:
        sites.setdefault(site.kind, []).append(site)
    for code in context.codes_of(Rule.ROUTINE):
        for term in context.given.terms:
            for number, span in enumerate(halves_of(term), start=1):
                half = _Half.of(context, code, term, number, span)
                if half is not None:
                    for site in sites.get(term.kind, ()):
                        yield from _duty(context, half, site)


@dataclass(frozen=True, slots=True)
class _Half:
    """A half of a term of one kind of unit, with the programme in force in it."""

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


def _duty(context: Context, half: _Half, site: Site) -> Iterator[DemandedVisit | UnplannedDuty]:
    """The visit of a unit that is open in the half, or why it has none."""
    opens, closes = site.opened_on or date.min, site.closed_on - DAY if site.closed_on else date.max
    if opens > half.span.last or closes < half.span.first:
        return
    key, need = key_of(half.term, half.number, site), need_for(context.given, half.phase, site)
    stands = context.fixed(key)
    if stands is not None:
        yield _unplanned(half, site, UnplannedReason.DONE, stands)
        return
    start = context.start_for(key, site, need.half_days, half.programme.notice_days)
    window = common(half.window, DateRange(max(opens, start), closes))
    if half.is_beyond(context.horizon):
        yield _unplanned(half, site, UnplannedReason.NOT_YET_DUE)
    elif start > half.span.last:
        yield _unplanned(half, site, UnplannedReason.MISSED)
    elif not context.fits(site, need.half_days, window):
        yield _unplanned(half, site, UnplannedReason.NO_DAY)
    else:
        yield _visit(half, site, key, need, window)


def _visit(half: _Half, site: Site, key: str, need: Need, window: DateRange) -> DemandedVisit:
    visit = visit_of(key, site, half.programme, half.phase, need, window)
    return replace(visit, team=_of_area(need.team, site), resources=())


def _of_area(team: TeamNeed, site: Site) -> TeamNeed:
    """The team from the people of the unit's area, or from the office's where the area has too few."""
    return team if site.area_pool is None else replace(team, pool=(site.area_pool,))


def _unplanned(half: _Half, site: Site, reason: UnplannedReason, stands: Standing | None = None) -> UnplannedDuty:
    details: dict[str, Detail] = {"term_year": half.term.year, "season": half.term.season, "half": half.number}
    if stands is not None:
        details["inspected_on"] = stands.first_on
    return UnplannedDuty(site.id, half.programme.code, half.phase.name, reason, half.span.last, details)
