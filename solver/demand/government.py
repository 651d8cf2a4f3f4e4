"""Rule ``government``: every banner's government once a round, in one stay with a launch or review where that can be.

The governments are spread over the calendar years of the round: each is given to the year that has the fewest so far,
of those that its launches and reviews permit; one without a launch or review goes to any year, the longest uninspected
first. Where what is in force serves the requirement already, its choice is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from solver.demand.context import Context, Version, common, year_end, years_after
from solver.demand.inputs import EVALUATION, LAUNCH, REVIEW, Inspectee, Phase, Programme, Round, Rule
from solver.demand.keys import GovernmentKey
from solver.demand.result import AloneReason, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import Need, cars_of, host_of, merged_team, need_for, visit_of
from solver.problem import MAX_HALF_DAYS, DateRange


@dataclass(frozen=True, slots=True)
class Governments:
    """Required visits of the rounds over governments: merged chain visits, visits of their own, and the unplanned."""

    merged: dict[str, RequiredVisit]
    alone: tuple[RequiredVisit, ...]
    unplanned: tuple[UnplannedRequirement, ...]


def expand_governments(
    context: Context, chain_visits: Sequence[RequiredVisit], later: Sequence[UnplannedRequirement]
) -> Governments:
    """The governments' visits; ``later`` are chain phases that fall due after the horizon, to wait for."""
    merged: dict[str, RequiredVisit] = {}
    alone: list[RequiredVisit] = []
    unplanned: list[UnplannedRequirement] = []
    for round_ in context.given.rounds:
        if round_.rule is not Rule.GOVERNMENT:
            continue
        for code in context.codes_of(Rule.GOVERNMENT):
            span = common(DateRange(round_.first, round_.last), context.horizon)
            version = context.version_for(code, span)
            if version is not None and span.first <= span.last:
                visits = [merged.get(visit.key, visit) for visit in chain_visits]
                for requirement in _GovernmentExpansion(context, round_, version, visits, later).requirements():
                    if isinstance(requirement, UnplannedRequirement):
                        unplanned.append(requirement)
                    elif len(requirement.serves) > 1:
                        merged[requirement.key] = requirement
                    else:
                        alone.append(requirement)
    return Governments(merged, tuple(alone), tuple(unplanned))


@dataclass(frozen=True, slots=True)
class _Option:
    """A year for a government: with the merged visit, or with a phase beyond the horizon to wait for."""

    year: int
    merged: RequiredVisit | None = None
    awaits: UnplannedRequirement | None = None


class _GovernmentExpansion:
    """One round of one programme."""

    def __init__(
        self,
        context: Context,
        round_: Round,
        version: Version,
        chain_visits: Sequence[RequiredVisit],
        later: Sequence[UnplannedRequirement],
    ) -> None:
        self._context = context
        self._round = round_
        self._programme: Programme = version.programme
        self._phase: Phase = version.programme.needed_phase(EVALUATION)
        self._chain_visits = chain_visits
        self._later = later
        self._first = max(round_.first, context.start(version.programme.notice_days))
        self._governments_a_year: Counter[int] = Counter()

    def requirements(self) -> Iterator[RequiredVisit | UnplannedRequirement]:
        waiting: list[Inspectee] = []
        for inspectee in self._members():
            held = self._held_on(inspectee)
            if held is None:
                waiting.append(inspectee)
            else:
                self._governments_a_year[held.year] += 1
                yield self._unplanned(inspectee, UnplannedReason.DONE, None, inspected_on=held)
        options = {inspectee.id: list(self._options(inspectee)) for inspectee in waiting}
        for inspectee in sorted(waiting, key=lambda each: _order(each, options[each.id])):
            option = self._chosen(inspectee, options[inspectee.id])
            self._governments_a_year[option.year] += 1
            yield self._requirement(inspectee, option)

    def _key(self, inspectee: Inspectee) -> str:
        return str(GovernmentKey(self._round.id, inspectee.number))

    def _members(self) -> Iterator[Inspectee]:
        for inspectee in self._context.given.inspectees:
            if inspectee.kind in self._programme.covers:
                yield inspectee

    def _held_on(self, inspectee: Inspectee) -> date | None:
        inside = DateRange(self._round.first, self._round.last)
        assignments = [each.first_on for each in self._context.fixed_for(inspectee.id, self._programme.code)]
        return next((day for day in (*inspectee.inspected_on, *assignments) if inside.holds(day)), None)

    def _need(self, inspectee: Inspectee) -> Need:
        return need_for(self._context.given, self._phase, inspectee)

    def _deadline(self, inspectee: Inspectee) -> date | None:
        years = self._programme.max_interval_years
        return years_after(inspectee.inspected_on[-1], years) if years and inspectee.inspected_on else None

    def _options(self, inspectee: Inspectee) -> Iterator[_Option]:
        """The launches and reviews that could share the stay, planned now or beyond the horizon."""
        for visit in self._phases_of(inspectee):
            merged = self._merge(inspectee, visit)
            if merged is not None:
                yield _Option(self._year_of(inspectee, merged), merged=merged)
        for requirement in self._later:
            year = requirement.due_on.year if requirement.due_on else self._round.last.year
            if requirement.inspectee == inspectee.id and requirement.phase in (LAUNCH, REVIEW) and self._in_round(year):
                yield _Option(year, awaits=requirement)

    def _in_round(self, year: int) -> bool:
        return self._round.first.year <= year <= self._round.last.year

    def _phases_of(self, inspectee: Inspectee) -> list[RequiredVisit]:
        return [
            visit
            for visit in self._chain_visits
            if visit.inspectee == inspectee.id and visit.serves[0][1] in (LAUNCH, REVIEW) and len(visit.serves) == 1
        ]

    def _window(self, inspectee: Inspectee, key: str, half_days: int) -> DateRange:
        start = self._context.start_for(key, inspectee, half_days, self._programme.notice_days)
        window = DateRange(max(self._round.first, start), min(self._round.last, self._context.horizon.last))
        deadline = self._deadline(inspectee)
        if deadline is None:
            return window
        until = common(window, DateRange(date.min, deadline))
        return until if self._context.fits(inspectee, self._need(inspectee).half_days, until) else window

    def _merged_half_days(self, inspectee: Inspectee, visit: RequiredVisit) -> int:
        extra = self._context.given.settings.merged_extra_half_days
        return max(visit.half_days, self._need(inspectee).half_days) + extra

    def _merge(self, inspectee: Inspectee, visit: RequiredVisit) -> RequiredVisit | None:
        """One visit that serves both: longer length with the extra, larger team, all that either requires."""
        half_days = self._merged_half_days(inspectee, visit)
        window = common(self._window(inspectee, visit.key, half_days), DateRange(visit.earliest, visit.latest))
        if half_days > MAX_HALF_DAYS or not self._context.fits(inspectee, half_days, window):
            return None
        return replace(
            visit,
            half_days=half_days,
            earliest=window.first,
            latest=window.last,
            team=merged_team(self._need(inspectee).team, visit.team),
            weight=visit.weight + self._phase.weight,
            burden=max(visit.burden, self._programme.burden),
            serves=(*visit.serves, (self._programme.code, self._phase.name)),
            excludes_banner=inspectee.banner if self._phase.excludes_own_banner else visit.excludes_banner,
        )

    def _year_of(self, inspectee: Inspectee, visit: RequiredVisit) -> int:
        first = self._context.first_fit(inspectee, visit.half_days, DateRange(visit.earliest, visit.latest))
        return (first or visit.earliest).year

    def _chosen(self, inspectee: Inspectee, options: Sequence[_Option]) -> _Option:
        """What is in force where it still can be, else the year with the fewest governments so far."""
        candidates = [*options] or [_Option(year) for year in self._years(inspectee)]
        assignments = self._assigned_key(inspectee)
        for option in candidates:
            if option.merged is not None and option.merged.key == assignments:
                return option
        if not options and assignments is not None:
            year = self._context.assignments[assignments].first_on.year
            if any(option.year == year for option in candidates):
                return _Option(year)
        return min(candidates, key=lambda option: (self._governments_a_year[option.year], option.year))

    def _assigned_key(self, inspectee: Inspectee) -> str | None:
        """The key of what is in force for this requirement."""
        for assigned in self._context.given.assignments:
            serves = any(code == self._programme.code for code, _phase in assigned.serves)
            if assigned.inspectee == inspectee.id and serves and not assigned.fixed:
                return assigned.key
        return None

    def _years(self, inspectee: Inspectee) -> list[int]:
        """The calendar years of the round in which the government can be visited, at least one."""
        deadline = self._deadline(inspectee)
        last = self._round.last
        if deadline is not None and deadline >= self._first:
            last = min(last, deadline)
        half_days = self._need(inspectee).half_days
        years = range(self._first.year, max(last.year, self._first.year) + 1)
        fitting = [
            year
            for year in years
            if year_end(year) > self._context.horizon.last
            or self._context.fits(inspectee, half_days, self._year_window(inspectee, year))
        ]
        return fitting or [self._first.year]

    def _year_window(self, inspectee: Inspectee, year: int) -> DateRange:
        window = self._window(inspectee, self._key(inspectee), self._need(inspectee).half_days)
        return common(window, DateRange(date(year, 1, 1), year_end(year)))

    def _requirement(self, inspectee: Inspectee, option: _Option) -> RequiredVisit | UnplannedRequirement:
        if option.merged is not None:
            return option.merged
        deadline = self._deadline(inspectee)
        due = min(year_end(option.year), self._round.last)
        overdue = deadline is not None and deadline <= self._context.horizon.last
        if not overdue and (option.awaits is not None or due > self._context.horizon.last):
            return self._unplanned(inspectee, UnplannedReason.NOT_YET_DUE, due)
        return self._alone(inspectee, option.year)

    def _alone(self, inspectee: Inspectee, year: int) -> RequiredVisit:
        need, deadline = self._need(inspectee), self._deadline(inspectee)
        window = self._year_window(inspectee, year)
        late = deadline is not None and deadline < window.first
        return replace(
            visit_of(self._key(inspectee), inspectee, self._programme, self._phase, need, window),
            resources=(cars_of(inspectee.office), host_of(inspectee.banner)),
            late=late,
            due_on=deadline if late else None,
            excludes_banner=inspectee.banner if self._phase.excludes_own_banner else None,
            alone_because=self._why_alone(inspectee),
        )

    def _why_alone(self, inspectee: Inspectee) -> AloneReason:
        inside = DateRange(self._round.first, self._round.last)
        phases = [
            visit
            for visit in self._phases_of(inspectee)
            if common(inside, DateRange(visit.earliest, visit.latest)).first <= min(inside.last, visit.latest)
        ]
        if not phases:
            return AloneReason.NO_PHASE
        if all(self._merged_half_days(inspectee, visit) > MAX_HALF_DAYS for visit in phases):
            return AloneReason.TOO_LONG
        return AloneReason.NO_WINDOW

    def _unplanned(
        self, inspectee: Inspectee, reason: UnplannedReason, due_on: date | None, **details: date
    ) -> UnplannedRequirement:
        return UnplannedRequirement(
            inspectee=inspectee.id,
            programme=self._programme.code,
            phase=self._phase.name,
            reason=reason,
            due_on=due_on,
            details={"round": self._round.id, **details},
        )


def _order(inspectee: Inspectee, options: Sequence[_Option]) -> tuple[bool, int, date, str]:
    """First those with a launch or review, fewest choices first; then the longest uninspected."""
    years = {option.year for option in options}
    return not options, len(years), inspectee.inspected_on[-1] if inspectee.inspected_on else date.min, inspectee.id
