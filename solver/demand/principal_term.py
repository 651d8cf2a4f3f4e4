"""Rule ``principal_term``: a comprehensive inspection at the end of a head's term of office.

A term that ends inside a round is inspected by the round's visit, held around the end of the term: one visit serves
both. Two are asked only where the round's visit cannot wait for that (the five-year interval ends before) or was held
already, and then in different calendar years. A term that ends outside every round has a visit of its own.
Which kinds of unit have a head to be inspected is data of the programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import prod

from solver.demand.context import DAY, Context, common, year_end
from solver.demand.heads import HeadTerm
from solver.demand.inputs import Rule, Site
from solver.demand.result import DemandedVisit, UnplannedDuty, UnplannedReason
from solver.demand.round import key_of as round_key
from solver.demand.teams import merged_team, need_for, visit_of
from solver.problem import DateRange

Duty = DemandedVisit | UnplannedDuty


def key_of(term: HeadTerm) -> str:
    """The name of the duty, the same in every plan."""
    return f"principal_term-{term.ends_on.year}-{term.site.number}"


@dataclass(frozen=True, slots=True)
class PrincipalTerms:
    """What the ends of terms ask: round visits replaced by merged or narrower ones, visits of their own, the rest."""

    replaced: Mapping[str, DemandedVisit]
    alone: tuple[DemandedVisit, ...]
    unplanned: tuple[UnplannedDuty, ...]

    def duties(self) -> Iterator[Duty]:
        """What is asked besides the rounds' visits."""
        yield from self.alone
        yield from self.unplanned


def expand_principal_terms(context: Context, terms: Iterable[HeadTerm], rounds: Iterable[Duty]) -> PrincipalTerms:
    """The inspections of the terms; ``rounds`` is what the rounds ask of the units."""
    visits: dict[str, list[DemandedVisit]] = {}
    for duty in rounds:
        if isinstance(duty, DemandedVisit):
            visits.setdefault(duty.inspectee, []).append(duty)
    replaced: dict[str, DemandedVisit] = {}
    alone: list[DemandedVisit] = []
    unplanned: list[UnplannedDuty] = []
    for term in terms:
        known = {visit.key: visit for visit in visits.get(term.site.id, ())}
        for duty in _TermExpansion(context, term, known).duties():
            if isinstance(duty, UnplannedDuty):
                unplanned.append(duty)
            elif duty.key in known:
                replaced[duty.key] = duty
            else:
                alone.append(duty)
    return PrincipalTerms(replaced, tuple(alone), tuple(unplanned))


class _TermExpansion:
    """One head's term; ``visits`` are those that the rounds ask of the unit."""

    def __init__(self, context: Context, term: HeadTerm, visits: Mapping[str, DemandedVisit]) -> None:
        self._context = context
        self._term = term
        self._visits = visits

    def duties(self) -> Iterator[Duty]:
        term = self._term
        held = self._held_on()
        if held is not None:
            yield self._unplanned(UnplannedReason.DONE, inspected_on=held)
            return
        if term.ends_on > self._context.horizon.last:
            return
        rounds = [each for each in self._context.given.rounds if each.rule is Rule.ROUND and term.ends_in(each)]
        shared = next((visit for each in rounds if (visit := self._visits.get(round_key(each, term.site)))), None)
        if shared is None:
            yield from self._alone()
        else:
            yield from self._with(shared)

    def _held_on(self) -> date | None:
        """The day on which the inspection of this term was or is held, where it is not planned any more."""
        standing = self._context.fixed_for(self._term.site.id, self._term.programme.code)
        return next((each.first_on for each in standing if each.first_on >= self._term.window.first), None)

    def _with(self, shared: DemandedVisit) -> Iterator[Duty]:
        """One visit for round and term; where the round's cannot wait, two in different years, else still one."""
        merged = self._merged(shared)
        start = self._context.start_for(shared.key, self._term.site, merged.half_days, self._notice(shared))
        window = common(DateRange(shared.earliest, shared.latest), self._term.window, DateRange(start, date.max))
        if self._fits(merged.half_days, window):
            yield replace(merged, earliest=window.first, latest=window.last)
            return
        own = self._own(self._window())
        both = _in_different_years(self._context, self._term.site, shared, own) if own is not None else None
        yield from both or (merged,)

    def _notice(self, shared: DemandedVisit) -> int:
        return max(self._context.notice_of(shared.serves), self._term.programme.notice_days)

    def _merged(self, shared: DemandedVisit) -> DemandedVisit:
        """The round's visit with the longer length, the larger team and all that either requires."""
        need = need_for(self._context.given, self._term.phase, self._term.site)
        return replace(
            shared,
            half_days=max(shared.half_days, need.half_days),
            team=merged_team(need.team, shared.team),
            weight=shared.weight + self._term.phase.weight,
            burden=max(shared.burden, self._term.programme.burden),
            serves=(*shared.serves, (self._term.programme.code, self._term.phase.name)),
        )

    def _alone(self) -> Iterator[Duty]:
        """A visit of its own, in no year in which a comprehensive inspection was held or, if it can be, is asked."""
        window = self._window()
        own = self._own(window) or self._late(window)
        if own is None:
            is_later = self._term.window.last > self._context.horizon.last
            yield self._unplanned(UnplannedReason.NOT_YET_DUE if is_later else UnplannedReason.NO_DAY)
            return
        for visit in self._visits.values():
            both = _in_different_years(self._context, self._term.site, visit, own)
            if both is not None:
                changed, own = both
                yield changed
        yield own

    def _window(self) -> DateRange:
        """The days around the end of the term on which the unit may be visited, by notice, opening and horizon."""
        site, programme = self._term.site, self._term.programme
        half_days = need_for(self._context.given, self._term.phase, site).half_days
        start = self._context.start_for(key_of(self._term), site, half_days, programme.notice_days)
        settled = timedelta(days=self._context.given.settings.settle_days)
        opens = site.opened_on + settled if site.opened_on else date.min
        closes = site.closed_on - DAY if site.closed_on else date.max
        return common(self._term.window, self._context.horizon, DateRange(max(start, opens), closes))

    def _own(self, window: DateRange) -> DemandedVisit | None:
        """The visit in the longest part of the window that lies in no year of an inspection held before."""
        need = need_for(self._context.given, self._term.phase, self._term.site)
        parts = [part for part in self._free_parts(window) if self._fits(need.half_days, part)]
        if not parts:
            return None
        return self._visit(max(parts, key=lambda part: (_length(part), part.first)))

    def _free_parts(self, window: DateRange) -> Iterator[DateRange]:
        """The parts of a window between the years of comprehensive inspections held before."""
        if window.first > window.last:
            return
        first = window.first
        for year in sorted(self._years_held()):
            if first.year <= year <= window.last.year:
                if first.year < year:
                    yield DateRange(first, year_end(year - 1))
                first = date(year + 1, 1, 1)
        if first <= window.last:
            yield DateRange(first, window.last)

    def _years_held(self) -> set[int]:
        site = self._term.site
        return self._context.comprehensive_years.get(site.id, set()) | {day.year for day in site.inspected_on}

    def _late(self, window: DateRange) -> DemandedVisit | None:
        """The visit after the days around the end, within the first year in which it can be held."""
        after = common(self._context.horizon, DateRange(max(window.first, self._term.ends_on), date.max))
        need = need_for(self._context.given, self._term.phase, self._term.site)
        for part in self._free_parts(after):
            first = self._context.first_fit(self._term.site, need.half_days, part)
            if first is not None:
                latest = min(part.last, year_end(first.year))
                visit, due = self._visit(DateRange(first, latest)), self._term.window.last
                return replace(visit, late=True, due_on=due) if first > due else visit
        return None

    def _visit(self, window: DateRange) -> DemandedVisit:
        term, site = self._term, self._term.site
        need = need_for(self._context.given, term.phase, site)
        return visit_of(key_of(term), site, term.programme, term.phase, need, window)

    def _fits(self, half_days: int, window: DateRange) -> bool:
        return self._context.fits(self._term.site, half_days, window)

    def _unplanned(self, reason: UnplannedReason, **details: date) -> UnplannedDuty:
        term = self._term
        return UnplannedDuty(
            inspectee=term.site.id,
            programme=term.programme.code,
            phase=term.phase.name,
            reason=reason,
            due_on=term.window.last,
            details={"term_ends_on": term.ends_on, **details},
        )


def _length(window: DateRange) -> int:
    return (window.last - window.first).days + 1


def _in_different_years(
    context: Context, site: Site, one: DemandedVisit, other: DemandedVisit
) -> tuple[DemandedVisit, DemandedVisit] | None:
    """Two visits of a unit with windows in no common calendar year, both as long as can be; or none."""
    best: tuple[int, DemandedVisit, DemandedVisit] | None = None
    years = range(min(one.earliest, other.earliest).year, max(one.latest, other.latest).year)
    for year in years:
        before, after = DateRange(date.min, year_end(year)), DateRange(date(year + 1, 1, 1), date.max)
        for mine, others in ((before, after), (after, before)):
            pair = (_within(one, mine), _within(other, others))
            if all(context.fits(site, each.half_days, DateRange(each.earliest, each.latest)) for each in pair):
                room = prod(_length(DateRange(each.earliest, each.latest)) for each in pair)
                if best is None or room > best[0]:
                    best = (room, *pair)
    return best[1:] if best is not None else None


def _within(visit: DemandedVisit, window: DateRange) -> DemandedVisit:
    both = common(DateRange(visit.earliest, visit.latest), window)
    return replace(visit, earliest=both.first, latest=both.last)
