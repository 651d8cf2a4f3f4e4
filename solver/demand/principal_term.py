"""Rule ``principal_term``: a comprehensive inspection at the end of a head's term of office.

A term that ends inside a round is inspected by the round's visit, held around the end of the term: one visit serves
both. Two visits are required only where the round's visit cannot wait for that (the five-year interval ends before) or
was held already, and then in different calendar years. A term that ends outside every round has a visit of its own.
Which kinds of inspectee have a head to be inspected is data of the programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import prod

from solver.demand.context import DAY, Context, common, year_end
from solver.demand.heads import HeadTerm
from solver.demand.inputs import Inspectee, Rule
from solver.demand.keys import HeadTermKey, RoundKey
from solver.demand.result import RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import merged_team, need_for, visit_of
from solver.problem import DateRange

Requirement = RequiredVisit | UnplannedRequirement


@dataclass(frozen=True, slots=True)
class PrincipalTerms:
    """Required visits at the ends of terms: replaced round visits, visits of their own, and the unplanned."""

    replaced: Mapping[str, RequiredVisit]
    alone: tuple[RequiredVisit, ...]
    unplanned: tuple[UnplannedRequirement, ...]

    def requirements(self) -> Iterator[Requirement]:
        """The requirements besides the rounds' visits."""
        yield from self.alone
        yield from self.unplanned


def expand_principal_terms(
    context: Context, terms: Iterable[HeadTerm], rounds: Iterable[Requirement]
) -> PrincipalTerms:
    """The inspections of the terms; ``rounds`` are the requirements of the rounds."""
    visits: dict[str, list[RequiredVisit]] = {}
    for requirement in rounds:
        if isinstance(requirement, RequiredVisit):
            visits.setdefault(requirement.inspectee, []).append(requirement)
    replaced: dict[str, RequiredVisit] = {}
    alone: list[RequiredVisit] = []
    unplanned: list[UnplannedRequirement] = []
    for term in terms:
        known = {visit.key: visit for visit in visits.get(term.inspectee.id, ())}
        for requirement in _TermExpansion(context, term, known).requirements():
            if isinstance(requirement, UnplannedRequirement):
                unplanned.append(requirement)
            elif requirement.key in known:
                replaced[requirement.key] = requirement
            else:
                alone.append(requirement)
    return PrincipalTerms(replaced, tuple(alone), tuple(unplanned))


class _TermExpansion:
    """One head's term; ``visits`` are the inspectee's required visits of the rounds."""

    def __init__(self, context: Context, term: HeadTerm, visits: Mapping[str, RequiredVisit]) -> None:
        self._context = context
        self._term = term
        self._visits = visits

    def requirements(self) -> Iterator[Requirement]:
        term = self._term
        held = self._held_on()
        if held is not None:
            yield self._unplanned(UnplannedReason.DONE, inspected_on=held)
            return
        if term.ends_on > self._context.horizon.last:
            return
        rounds = [each for each in self._context.given.rounds if each.rule is Rule.ROUND and term.ends_in(each)]
        shared = next(
            (visit for each in rounds if (visit := self._visits.get(str(RoundKey(each.id, term.inspectee.number))))),
            None,
        )
        if shared is None:
            yield from self._alone()
        else:
            yield from self._with(shared)

    @property
    def _key(self) -> str:
        return str(HeadTermKey(self._term.ends_on.year, self._term.inspectee.number))

    def _held_on(self) -> date | None:
        """The day on which the inspection of this term was or is held, where it is not planned any more."""
        assignments = self._context.fixed_for(self._term.inspectee.id, self._term.programme.code)
        return next((each.first_on for each in assignments if each.first_on >= self._term.window.first), None)

    def _with(self, shared: RequiredVisit) -> Iterator[Requirement]:
        """One visit for round and term; where the round's cannot wait, two in different years, else still one."""
        merged = self._merged(shared)
        start = self._context.start_for(shared.key, self._term.inspectee, merged.half_days, self._notice(shared))
        window = common(DateRange(shared.earliest, shared.latest), self._term.window, DateRange(start, date.max))
        if self._fits(merged.half_days, window):
            yield replace(merged, earliest=window.first, latest=window.last)
            return
        own = self._own(self._window())
        both = _in_different_years(self._context, self._term.inspectee, shared, own) if own is not None else None
        yield from both or (merged,)

    def _notice(self, shared: RequiredVisit) -> int:
        return max(self._context.notice_of(shared.serves), self._term.programme.notice_days)

    def _merged(self, shared: RequiredVisit) -> RequiredVisit:
        """The round's visit with the longer length, the larger team and all that either requires."""
        need = need_for(self._context.given, self._term.phase, self._term.inspectee)
        return replace(
            shared,
            half_days=max(shared.half_days, need.half_days),
            team=merged_team(need.team, shared.team),
            weight=shared.weight + self._term.phase.weight,
            burden=max(shared.burden, self._term.programme.burden),
            serves=(*shared.serves, (self._term.programme.code, self._term.phase.name)),
        )

    def _alone(self) -> Iterator[Requirement]:
        """A visit of its own, in no year with a comprehensive inspection held or, if that is possible, planned."""
        window = self._window()
        own = self._own(window) or self._late(window)
        if own is None:
            is_later = self._term.window.last > self._context.horizon.last
            yield self._unplanned(UnplannedReason.NOT_YET_DUE if is_later else UnplannedReason.NO_DAY)
            return
        for visit in self._visits.values():
            both = _in_different_years(self._context, self._term.inspectee, visit, own)
            if both is not None:
                changed, own = both
                yield changed
        yield own

    def _window(self) -> DateRange:
        """The days around the end of the term on which the inspectee may be visited, by notice, opening and horizon."""
        inspectee, programme = self._term.inspectee, self._term.programme
        half_days = need_for(self._context.given, self._term.phase, inspectee).half_days
        start = self._context.start_for(self._key, inspectee, half_days, programme.notice_days)
        settled = timedelta(days=self._context.given.settings.settle_days)
        opens = inspectee.opened_on + settled if inspectee.opened_on else date.min
        closes = inspectee.closed_on - DAY if inspectee.closed_on else date.max
        return common(self._term.window, self._context.horizon, DateRange(max(start, opens), closes))

    def _own(self, window: DateRange) -> RequiredVisit | None:
        """The visit in the longest part of the window that lies in no year of an inspection held before."""
        need = need_for(self._context.given, self._term.phase, self._term.inspectee)
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
        inspectee = self._term.inspectee
        return self._context.comprehensive_years.get(inspectee.id, set()) | {day.year for day in inspectee.inspected_on}

    def _late(self, window: DateRange) -> RequiredVisit | None:
        """The visit after the days around the end, within the first year in which it can be held."""
        after = common(self._context.horizon, DateRange(max(window.first, self._term.ends_on), date.max))
        need = need_for(self._context.given, self._term.phase, self._term.inspectee)
        for part in self._free_parts(after):
            first = self._context.first_fit(self._term.inspectee, need.half_days, part)
            if first is not None:
                latest = min(part.last, year_end(first.year))
                visit, due = self._visit(DateRange(first, latest)), self._term.window.last
                return replace(visit, late=True, due_on=due) if first > due else visit
        return None

    def _visit(self, window: DateRange) -> RequiredVisit:
        term, inspectee = self._term, self._term.inspectee
        need = need_for(self._context.given, term.phase, inspectee)
        return visit_of(self._key, inspectee, term.programme, term.phase, need, window)

    def _fits(self, half_days: int, window: DateRange) -> bool:
        return self._context.fits(self._term.inspectee, half_days, window)

    def _unplanned(self, reason: UnplannedReason, **details: date) -> UnplannedRequirement:
        term = self._term
        return UnplannedRequirement(
            inspectee=term.inspectee.id,
            programme=term.programme.code,
            phase=term.phase.name,
            reason=reason,
            due_on=term.window.last,
            details={"term_ends_on": term.ends_on, **details},
        )


def _length(window: DateRange) -> int:
    return (window.last - window.first).days + 1


def _in_different_years(
    context: Context, inspectee: Inspectee, one: RequiredVisit, other: RequiredVisit
) -> tuple[RequiredVisit, RequiredVisit] | None:
    """Two visits of an inspectee with windows in no common calendar year, both as long as can be; or none."""
    best: tuple[int, RequiredVisit, RequiredVisit] | None = None
    years = range(min(one.earliest, other.earliest).year, max(one.latest, other.latest).year)
    for year in years:
        before, after = DateRange(date.min, year_end(year)), DateRange(date(year + 1, 1, 1), date.max)
        for mine, others in ((before, after), (after, before)):
            pair = (_within(one, mine), _within(other, others))
            if all(context.fits(inspectee, each.half_days, DateRange(each.earliest, each.latest)) for each in pair):
                room = prod(_length(DateRange(each.earliest, each.latest)) for each in pair)
                if best is None or room > best[0]:
                    best = (room, *pair)
    return best[1:] if best is not None else None


def _within(visit: RequiredVisit, window: DateRange) -> RequiredVisit:
    both = common(DateRange(visit.earliest, visit.latest), window)
    return replace(visit, earliest=both.first, latest=both.last)
