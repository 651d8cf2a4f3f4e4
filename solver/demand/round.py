"""Rule ``round``: every unit that the programme covers once in the round, and never too long between two inspections.

Window of a visit: round ∩ horizon ∩ notice ∩ (opening + settle days … day before closing) ∩ (last comprehensive
inspection + max_interval_years). A round that ends after the horizon is planned for what falls due inside it: the
units whose interval ends there, and the share of the round's months that have passed by its last day, the longest
uninspected units first. A unit whose head's term ends in the round falls due with that end, and waits for it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from solver.demand.context import DAY, Context, Version, common, year_end, years_after
from solver.demand.heads import HeadTerm
from solver.demand.inputs import EVALUATION, Phase, Programme, Round, Rule, Site
from solver.demand.result import DemandedVisit, UnplannedDuty, UnplannedReason
from solver.demand.teams import Need, need_for, visit_of
from solver.problem import DateRange

Duty = DemandedVisit | UnplannedDuty


def key_of(round_: Round, site: Site) -> str:
    """The name of the duty, the same in every plan."""
    return f"round-{round_.id}-{site.number}"


def expand_rounds(context: Context, terms: Mapping[str, HeadTerm]) -> Iterator[Duty]:
    """Every visit, and every duty without one, of the rounds over schools; ``terms`` are the heads' by unit."""
    previous: dict[str, date] = {}
    for round_ in sorted(context.given.rounds, key=lambda each: each.first):
        if round_.rule is not Rule.ROUND:
            continue
        for code in context.codes_of(Rule.ROUND):
            span = common(DateRange(round_.first, round_.last), context.horizon)
            version = context.version_for(code, span)
            if version is not None and span.first <= span.last:
                yield from _RoundExpansion(context, round_, version, terms, previous).duties()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A unit that needs a visit in the round, with what it needs and the day by which its interval asks it."""

    site: Site
    need: Need
    window: DateRange
    deadline: date | None

    @property
    def waiting_since(self) -> date:
        site = self.site
        return site.inspected_on[-1] if site.inspected_on else site.opened_on or date.min


class _RoundExpansion:
    """One round of one programme; ``previous`` holds the earliest day of each unit's visit in the round before."""

    def __init__(
        self,
        context: Context,
        round_: Round,
        version: Version,
        terms: Mapping[str, HeadTerm],
        previous: dict[str, date],
    ) -> None:
        self._context = context
        self._round = round_
        self._programme: Programme = version.programme
        self._phase: Phase = version.programme.needed_phase(EVALUATION)
        self._terms = {unit: term.ends_on for unit, term in terms.items() if term.ends_in(round_)}
        self._previous = previous
        self._window = version.window

    def duties(self) -> Iterator[Duty]:
        done, waiting = 0, []
        for site in self._members():
            inspected = self._inspected_on(site)
            if inspected is not None:
                done += 1
                yield self._unplanned(site, UnplannedReason.DONE, None, inspected_on=inspected)
                continue
            found = self._candidate(site)
            if isinstance(found, UnplannedDuty):
                yield found
            else:
                waiting.append(found)
        due = self._due(waiting, done)
        for candidate in waiting:
            if candidate.site.id in due:
                yield self._visit(candidate)
            else:
                yield self._not_yet_due(candidate.site)

    def _members(self) -> Iterator[Site]:
        """The covered units that are open on some day of the round."""
        for site in self._context.given.sites:
            opens, closes = site.opened_on or date.min, site.closed_on or date.max
            if site.kind in self._programme.covers and opens <= self._round.last and closes > self._round.first:
                yield site

    def _inspected_on(self, site: Site) -> date | None:
        inside = DateRange(self._round.first, self._round.last)
        standing = [each.first_on for each in self._context.fixed_for(site.id, self._programme.code)]
        return next((day for day in (*site.inspected_on, *standing) if inside.holds(day)), None)

    def _candidate(self, site: Site) -> _Candidate | UnplannedDuty:
        need = need_for(self._context.given, self._phase, site)
        opens = (
            site.opened_on + timedelta(days=self._context.given.settings.settle_days) if site.opened_on else date.min
        )
        closes = site.closed_on - DAY if site.closed_on else date.max
        notice_days, key = self._programme.notice_days, key_of(self._round, site)
        start = self._context.start_for(key, site, need.half_days, notice_days)
        window = common(self._window, DateRange(max(opens, start), closes))
        if site.closed_on and site.closed_on <= self._window.last + DAY:
            if not self._context.fits(site, need.half_days, window):
                return self._unplanned(site, UnplannedReason.CLOSED, None, closed_on=site.closed_on)
        elif opens > self._round.last or self._opens_too_late(site, need, window):
            return self._unplanned(site, UnplannedReason.OPENS_TOO_LATE, None, opened_on=site.opened_on or opens)
        elif window.first > window.last:
            return self._not_yet_due(site)
        return _Candidate(site, need, window, self._deadline(site))

    def _opens_too_late(self, site: Site, need: Need, window: DateRange) -> bool:
        """Whether a unit that opens in the round has no possible day left in it."""
        opens_inside = site.opened_on is not None and site.opened_on > self._round.first
        ends_inside = self._round.last <= self._context.horizon.last
        return opens_inside and ends_inside and not self._context.fits(site, need.half_days, window)

    def _deadline(self, site: Site) -> date | None:
        years = self._programme.max_interval_years
        since = [day for day in (self._previous.get(site.id), *site.inspected_on[-1:]) if day is not None]
        return years_after(max(since), years) if years and since else None

    def _due(self, waiting: Sequence[_Candidate], done: int) -> set[str]:
        """The units whose visit falls due inside the horizon, or is in force there."""
        last = self._context.horizon.last
        if self._round.last <= last:
            return {candidate.site.id for candidate in waiting}
        overdue = {
            candidate.site.id
            for candidate in waiting
            if (candidate.deadline and candidate.deadline <= last)
            or self._terms.get(candidate.site.id, date.max) <= last
            or self._is_promised(candidate.site)
        }
        ready = [each for each in waiting if each.site.id in overdue or each.site.id not in self._terms]
        share = months_until(self._round, last)
        count = -(-share.numerator * (len(waiting) + done) // share.denominator) - done
        longest = sorted(ready, key=lambda each: (each.site.id not in overdue, each.waiting_since, each.site.id))
        return overdue | {candidate.site.id for candidate in longest[: max(count, 0)]}

    def _is_promised(self, site: Site) -> bool:
        """Whether the visit is in force on a day that is planned: it stays, whoever has waited longer since."""
        return self._context.promised(key_of(self._round, site)) is not None

    def _visit(self, candidate: _Candidate) -> DemandedVisit:
        site, need = candidate.site, candidate.need
        visit = replace(
            visit_of(key_of(self._round, site), site, self._programme, self._phase, need, candidate.window),
            excludes_banner=site.banner if self._phase.excludes_own_banner else None,
        )
        self._previous[site.id] = visit.earliest
        if candidate.deadline is None or candidate.deadline >= visit.latest:
            return visit
        return self._by(visit, candidate)

    def _by(self, visit: DemandedVisit, candidate: _Candidate) -> DemandedVisit:
        """The visit inside its interval; where that is over, within the year in which it can first be held, late."""
        deadline = candidate.deadline
        assert deadline is not None
        context, site = self._context, candidate.site
        if context.fits(site, visit.half_days, DateRange(visit.earliest, deadline)):
            return replace(visit, latest=deadline)
        first = context.first_fit(site, visit.half_days, candidate.window)
        latest = visit.latest if first is None else min(visit.latest, year_end(first.year))
        return replace(visit, latest=latest, late=True, due_on=deadline)

    def _not_yet_due(self, site: Site) -> UnplannedDuty:
        return self._unplanned(site, UnplannedReason.NOT_YET_DUE, self._deadline_in_round(site))

    def _deadline_in_round(self, site: Site) -> date:
        deadline = self._deadline(site)
        return (
            min(self._round.last, deadline) if deadline and deadline > self._context.horizon.last else self._round.last
        )

    def _unplanned(self, site: Site, reason: UnplannedReason, due_on: date | None, **details: date) -> UnplannedDuty:
        return UnplannedDuty(
            inspectee=site.id,
            programme=self._programme.code,
            phase=self._phase.name,
            reason=reason,
            due_on=due_on,
            details={"round": self._round.id, **details},
        )


def months_until(round_: Round, day: date) -> Fraction:
    """The share of the round's months that are over on the evening of a day; a calendar year is 12 of 36."""
    if day < round_.first:
        return Fraction(0)
    return (_months(day + DAY) - _months(round_.first)) / (_months(round_.last + DAY) - _months(round_.first))


def _months(day: date) -> Fraction:
    """Months since year 0, the begun one by its days."""
    passed = Fraction(day.day - 1, calendar.monthrange(day.year, day.month)[1])
    return 12 * day.year + day.month - 1 + passed
