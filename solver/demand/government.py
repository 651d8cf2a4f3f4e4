"""Rule ``government``: every banner's government once a round, in one stay with a launch or review where that can be.

The governments are spread over the calendar years of the round: each is given to the year that has the fewest so far,
of those that its launches and reviews permit; one without a launch or review goes to any year, the longest uninspected
first. Where what is in force serves the duty already, its choice is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from solver.demand.context import Context, Version, common, year_end, years_after
from solver.demand.inputs import EVALUATION, LAUNCH, REVIEW, Phase, Programme, Round, Rule, Site
from solver.demand.result import AloneReason, DemandedVisit, UnplannedDuty, UnplannedReason
from solver.demand.teams import Need, cars_of, host_of, merged_team, need_for, visit_of
from solver.problem import MAX_HALF_DAYS, DateRange


@dataclass(frozen=True, slots=True)
class Governments:
    """What the rounds over governments ask: chain visits replaced by merged ones, visits of their own, the rest."""

    merged: dict[str, DemandedVisit]
    alone: tuple[DemandedVisit, ...]
    unplanned: tuple[UnplannedDuty, ...]


def key_of(round_: Round, site: Site) -> str:
    """The name of the duty, the same in every plan."""
    return f"government-{round_.id}-{site.number}"


def expand_governments(
    context: Context, chain_visits: Sequence[DemandedVisit], later: Sequence[UnplannedDuty]
) -> Governments:
    """The governments' visits; ``later`` are chain phases that fall due after the horizon, to be waited for."""
    merged: dict[str, DemandedVisit] = {}
    alone: list[DemandedVisit] = []
    unplanned: list[UnplannedDuty] = []
    for round_ in context.given.rounds:
        if round_.rule is not Rule.GOVERNMENT:
            continue
        for code in context.codes_of(Rule.GOVERNMENT):
            span = common(DateRange(round_.first, round_.last), context.horizon)
            version = context.version_for(code, span)
            if version is not None and span.first <= span.last:
                visits = [merged.get(visit.key, visit) for visit in chain_visits]
                for duty in _GovernmentExpansion(context, round_, version, visits, later).duties():
                    if isinstance(duty, UnplannedDuty):
                        unplanned.append(duty)
                    elif len(duty.serves) > 1:
                        merged[duty.key] = duty
                    else:
                        alone.append(duty)
    return Governments(merged, tuple(alone), tuple(unplanned))


@dataclass(frozen=True, slots=True)
class _Option:
    """A year for a government: with the merged visit, or with a phase beyond the horizon that is waited for."""

    year: int
    merged: DemandedVisit | None = None
    awaits: UnplannedDuty | None = None


class _GovernmentExpansion:
    """One round of one programme."""

    def __init__(
        self,
        context: Context,
        round_: Round,
        version: Version,
        chain_visits: Sequence[DemandedVisit],
        later: Sequence[UnplannedDuty],
    ) -> None:
        self._context = context
        self._round = round_
        self._programme: Programme = version.programme
        self._phase: Phase = version.programme.needed_phase(EVALUATION)
        self._chain_visits = chain_visits
        self._later = later
        self._first = max(round_.first, context.start(version.programme.notice_days))
        self._governments_a_year: Counter[int] = Counter()

    def duties(self) -> Iterator[DemandedVisit | UnplannedDuty]:
        waiting: list[Site] = []
        for site in self._members():
            held = self._held_on(site)
            if held is None:
                waiting.append(site)
            else:
                self._governments_a_year[held.year] += 1
                yield self._unplanned(site, UnplannedReason.DONE, None, inspected_on=held)
        options = {site.id: list(self._options(site)) for site in waiting}
        for site in sorted(waiting, key=lambda each: _order(each, options[each.id])):
            option = self._chosen(site, options[site.id])
            self._governments_a_year[option.year] += 1
            yield self._duty(site, option)

    def _members(self) -> Iterator[Site]:
        for site in self._context.given.sites:
            if site.kind in self._programme.covers:
                yield site

    def _held_on(self, site: Site) -> date | None:
        inside = DateRange(self._round.first, self._round.last)
        standing = [each.first_on for each in self._context.fixed_for(site.id, self._programme.code)]
        return next((day for day in (*site.inspected_on, *standing) if inside.holds(day)), None)

    def _need(self, site: Site) -> Need:
        return need_for(self._context.given, self._phase, site)

    def _deadline(self, site: Site) -> date | None:
        years = self._programme.max_interval_years
        return years_after(site.inspected_on[-1], years) if years and site.inspected_on else None

    def _options(self, site: Site) -> Iterator[_Option]:
        """The launches and reviews that could share the stay, planned now or beyond the horizon."""
        for visit in self._phases_of(site):
            merged = self._merge(site, visit)
            if merged is not None:
                yield _Option(self._year_of(site, merged), merged=merged)
        for duty in self._later:
            year = duty.due_on.year if duty.due_on else self._round.last.year
            if duty.inspectee == site.id and duty.phase in (LAUNCH, REVIEW) and self._in_round(year):
                yield _Option(year, awaits=duty)

    def _in_round(self, year: int) -> bool:
        return self._round.first.year <= year <= self._round.last.year

    def _phases_of(self, site: Site) -> list[DemandedVisit]:
        return [
            visit
            for visit in self._chain_visits
            if visit.inspectee == site.id and visit.serves[0][1] in (LAUNCH, REVIEW) and len(visit.serves) == 1
        ]

    def _window(self, site: Site, key: str, half_days: int) -> DateRange:
        start = self._context.start_for(key, site, half_days, self._programme.notice_days)
        window = DateRange(max(self._round.first, start), min(self._round.last, self._context.horizon.last))
        deadline = self._deadline(site)
        if deadline is None:
            return window
        until = common(window, DateRange(date.min, deadline))
        return until if self._context.fits(site, self._need(site).half_days, until) else window

    def _merged_half_days(self, site: Site, visit: DemandedVisit) -> int:
        extra = self._context.given.settings.merged_extra_half_days
        return max(visit.half_days, self._need(site).half_days) + extra

    def _merge(self, site: Site, visit: DemandedVisit) -> DemandedVisit | None:
        """One visit that serves both: longer length with the extra, larger team, all that either requires."""
        half_days = self._merged_half_days(site, visit)
        window = common(self._window(site, visit.key, half_days), DateRange(visit.earliest, visit.latest))
        if half_days > MAX_HALF_DAYS or not self._context.fits(site, half_days, window):
            return None
        return replace(
            visit,
            half_days=half_days,
            earliest=window.first,
            latest=window.last,
            team=merged_team(self._need(site).team, visit.team),
            weight=visit.weight + self._phase.weight,
            burden=max(visit.burden, self._programme.burden),
            serves=(*visit.serves, (self._programme.code, self._phase.name)),
            excludes_banner=site.banner if self._phase.excludes_own_banner else visit.excludes_banner,
        )

    def _year_of(self, site: Site, visit: DemandedVisit) -> int:
        first = self._context.first_fit(site, visit.half_days, DateRange(visit.earliest, visit.latest))
        return (first or visit.earliest).year

    def _chosen(self, site: Site, options: Sequence[_Option]) -> _Option:
        """What is in force where it still can be, else the year with the fewest governments so far."""
        candidates = [*options] or [_Option(year) for year in self._years(site)]
        standing = self._standing_key(site)
        for option in candidates:
            if option.merged is not None and option.merged.key == standing:
                return option
        if not options and standing is not None:
            year = self._context.standing[standing].first_on.year
            if any(option.year == year for option in candidates):
                return _Option(year)
        return min(candidates, key=lambda option: (self._governments_a_year[option.year], option.year))

    def _standing_key(self, site: Site) -> str | None:
        """The key of what is in force for this duty."""
        for stands in self._context.given.standing:
            serves = any(code == self._programme.code for code, _phase in stands.serves)
            if stands.inspectee == site.id and serves and not stands.fixed:
                return stands.key
        return None

    def _years(self, site: Site) -> list[int]:
        """The calendar years of the round in which the government can be visited, at least one."""
        deadline = self._deadline(site)
        last = self._round.last
        if deadline is not None and deadline >= self._first:
            last = min(last, deadline)
        half_days = self._need(site).half_days
        years = range(self._first.year, max(last.year, self._first.year) + 1)
        fitting = [
            year
            for year in years
            if year_end(year) > self._context.horizon.last
            or self._context.fits(site, half_days, self._year_window(site, year))
        ]
        return fitting or [self._first.year]

    def _year_window(self, site: Site, year: int) -> DateRange:
        window = self._window(site, key_of(self._round, site), self._need(site).half_days)
        return common(window, DateRange(date(year, 1, 1), year_end(year)))

    def _duty(self, site: Site, option: _Option) -> DemandedVisit | UnplannedDuty:
        if option.merged is not None:
            return option.merged
        deadline = self._deadline(site)
        due = min(year_end(option.year), self._round.last)
        overdue = deadline is not None and deadline <= self._context.horizon.last
        if not overdue and (option.awaits is not None or due > self._context.horizon.last):
            return self._unplanned(site, UnplannedReason.NOT_YET_DUE, due)
        return self._alone(site, option.year)

    def _alone(self, site: Site, year: int) -> DemandedVisit:
        need, deadline = self._need(site), self._deadline(site)
        window = self._year_window(site, year)
        late = deadline is not None and deadline < window.first
        return replace(
            visit_of(key_of(self._round, site), site, self._programme, self._phase, need, window),
            resources=(cars_of(site.office), host_of(site.banner)),
            late=late,
            due_on=deadline if late else None,
            excludes_banner=site.banner if self._phase.excludes_own_banner else None,
            alone_because=self._why_alone(site),
        )

    def _why_alone(self, site: Site) -> AloneReason:
        inside = DateRange(self._round.first, self._round.last)
        phases = [
            visit
            for visit in self._phases_of(site)
            if common(inside, DateRange(visit.earliest, visit.latest)).first <= min(inside.last, visit.latest)
        ]
        if not phases:
            return AloneReason.NO_PHASE
        if all(self._merged_half_days(site, visit) > MAX_HALF_DAYS for visit in phases):
            return AloneReason.TOO_LONG
        return AloneReason.NO_WINDOW

    def _unplanned(self, site: Site, reason: UnplannedReason, due_on: date | None, **details: date) -> UnplannedDuty:
        return UnplannedDuty(
            inspectee=site.id,
            programme=self._programme.code,
            phase=self._phase.name,
            reason=reason,
            due_on=due_on,
            details={"round": self._round.id, **details},
        )


def _order(site: Site, options: Sequence[_Option]) -> tuple[bool, int, date, str]:
    """First those with a launch or review, fewest choices first; then the longest uninspected."""
    years = {option.year for option in options}
    return not options, len(years), site.inspected_on[-1] if site.inspected_on else date.min, site.id
