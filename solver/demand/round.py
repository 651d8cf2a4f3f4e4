"""Rule ``round``: every inspectee that the programme covers once in the round, within the longest interval.

Window of a visit: round ∩ horizon ∩ notice ∩ (opening + settle days … day before closing) ∩ (last comprehensive
inspection + max_interval_years). A round that ends after the horizon is planned for what falls due inside it: the
inspectees whose interval ends there, and the share of the round's months that have passed by its last day, the longest
uninspected inspectees first. An inspectee whose head's term ends in the round falls due with that end, and waits for
it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from solver.demand.context import DAY, Context, Version, common, year_end, years_after
from solver.demand.heads import HeadTerm
from solver.demand.inputs import EVALUATION, Inspectee, Phase, Programme, Round, Rule
from solver.demand.keys import RoundKey
from solver.demand.result import RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import Need, need_for, visit_of
from solver.problem import DateRange

Requirement = RequiredVisit | UnplannedRequirement


def expand_rounds(context: Context, terms: Mapping[str, HeadTerm]) -> Iterator[Requirement]:
    """Every required visit and unplanned requirement of the rounds over schools; ``terms`` are the heads' terms."""
    previous: dict[str, date] = {}
    for round_ in sorted(context.given.rounds, key=lambda each: each.first):
        if round_.rule is not Rule.ROUND:
            continue
        for code in context.codes_of(Rule.ROUND):
            span = common(DateRange(round_.first, round_.last), context.horizon)
            version = context.version_for(code, span)
            if version is not None and span.first <= span.last:
                yield from _RoundExpansion(context, round_, version, terms, previous).requirements()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An inspectee that needs a visit in the round, with what it needs and the last day that its interval allows."""

    inspectee: Inspectee
    need: Need
    window: DateRange
    deadline: date | None

    @property
    def waiting_since(self) -> date:
        inspectee = self.inspectee
        return inspectee.inspected_on[-1] if inspectee.inspected_on else inspectee.opened_on or date.min


class _RoundExpansion:
    """One round of one programme; ``previous`` holds the earliest day of each inspectee's visit in the round before."""

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

    def requirements(self) -> Iterator[Requirement]:
        done, waiting = 0, []
        for inspectee in self._members():
            inspected = self._inspected_on(inspectee)
            if inspected is not None:
                done += 1
                yield self._unplanned(inspectee, UnplannedReason.DONE, None, inspected_on=inspected)
                continue
            found = self._candidate(inspectee)
            if isinstance(found, UnplannedRequirement):
                yield found
            else:
                waiting.append(found)
        due = self._due(waiting, done)
        for candidate in waiting:
            if candidate.inspectee.id in due:
                yield self._visit(candidate)
            else:
                yield self._not_yet_due(candidate.inspectee)

    def _key(self, inspectee: Inspectee) -> str:
        return str(RoundKey(self._round.id, inspectee.number))

    def _members(self) -> Iterator[Inspectee]:
        """The covered inspectees that are open on some day of the round."""
        for inspectee in self._context.given.inspectees:
            opens, closes = inspectee.opened_on or date.min, inspectee.closed_on or date.max
            if inspectee.kind in self._programme.covers and opens <= self._round.last and closes > self._round.first:
                yield inspectee

    def _inspected_on(self, inspectee: Inspectee) -> date | None:
        inside = DateRange(self._round.first, self._round.last)
        assignments = [each.first_on for each in self._context.fixed_for(inspectee.id, self._programme.code)]
        return next((day for day in (*inspectee.inspected_on, *assignments) if inside.holds(day)), None)

    def _candidate(self, inspectee: Inspectee) -> _Candidate | UnplannedRequirement:
        need = need_for(self._context.given, self._phase, inspectee)
        opens = (
            inspectee.opened_on + timedelta(days=self._context.given.settings.settle_days)
            if inspectee.opened_on
            else date.min
        )
        closes = inspectee.closed_on - DAY if inspectee.closed_on else date.max
        notice_days, key = self._programme.notice_days, self._key(inspectee)
        start = self._context.start_for(key, inspectee, need.half_days, notice_days)
        window = common(self._window, DateRange(max(opens, start), closes))
        if inspectee.closed_on and inspectee.closed_on <= self._window.last + DAY:
            if not self._context.fits(inspectee, need.half_days, window):
                return self._unplanned(inspectee, UnplannedReason.CLOSED, None, closed_on=inspectee.closed_on)
        elif opens > self._round.last or self._opens_too_late(inspectee, need, window):
            return self._unplanned(
                inspectee, UnplannedReason.OPENS_TOO_LATE, None, opened_on=inspectee.opened_on or opens
            )
        elif window.first > window.last:
            return self._not_yet_due(inspectee)
        return _Candidate(inspectee, need, window, self._deadline(inspectee))

    def _opens_too_late(self, inspectee: Inspectee, need: Need, window: DateRange) -> bool:
        """Whether an inspectee that opens in the round has no possible day left in it."""
        opens_inside = inspectee.opened_on is not None and inspectee.opened_on > self._round.first
        ends_inside = self._round.last <= self._context.horizon.last
        return opens_inside and ends_inside and not self._context.fits(inspectee, need.half_days, window)

    def _deadline(self, inspectee: Inspectee) -> date | None:
        years = self._programme.max_interval_years
        since = [day for day in (self._previous.get(inspectee.id), *inspectee.inspected_on[-1:]) if day is not None]
        return years_after(max(since), years) if years and since else None

    def _due(self, waiting: Sequence[_Candidate], done: int) -> set[str]:
        """The inspectees whose visit falls due inside the horizon, or is in force there."""
        last = self._context.horizon.last
        if self._round.last <= last:
            return {candidate.inspectee.id for candidate in waiting}
        overdue = {
            candidate.inspectee.id
            for candidate in waiting
            if (candidate.deadline and candidate.deadline <= last)
            or self._terms.get(candidate.inspectee.id, date.max) <= last
            or self._is_movable(candidate.inspectee)
        }
        ready = [each for each in waiting if each.inspectee.id in overdue or each.inspectee.id not in self._terms]
        share = months_until(self._round, last)
        count = -(-share.numerator * (len(waiting) + done) // share.denominator) - done
        longest = sorted(
            ready, key=lambda each: (each.inspectee.id not in overdue, each.waiting_since, each.inspectee.id)
        )
        return overdue | {candidate.inspectee.id for candidate in longest[: max(count, 0)]}

    def _is_movable(self, inspectee: Inspectee) -> bool:
        """Whether the visit is in force on a planned day: it is kept, even if another inspectee has waited longer."""
        return self._context.movable(self._key(inspectee)) is not None

    def _visit(self, candidate: _Candidate) -> RequiredVisit:
        inspectee, need = candidate.inspectee, candidate.need
        visit = replace(
            visit_of(self._key(inspectee), inspectee, self._programme, self._phase, need, candidate.window),
            excludes_banner=inspectee.banner if self._phase.excludes_own_banner else None,
        )
        self._previous[inspectee.id] = visit.earliest
        if candidate.deadline is None or candidate.deadline >= visit.latest:
            return visit
        return self._by(visit, candidate)

    def _by(self, visit: RequiredVisit, candidate: _Candidate) -> RequiredVisit:
        """The visit inside its interval; where that is over, within the year in which it can first be held, late."""
        deadline = candidate.deadline
        assert deadline is not None
        context, inspectee = self._context, candidate.inspectee
        if context.fits(inspectee, visit.half_days, DateRange(visit.earliest, deadline)):
            return replace(visit, latest=deadline)
        first = context.first_fit(inspectee, visit.half_days, candidate.window)
        latest = visit.latest if first is None else min(visit.latest, year_end(first.year))
        return replace(visit, latest=latest, late=True, due_on=deadline)

    def _not_yet_due(self, inspectee: Inspectee) -> UnplannedRequirement:
        return self._unplanned(inspectee, UnplannedReason.NOT_YET_DUE, self._deadline_in_round(inspectee))

    def _deadline_in_round(self, inspectee: Inspectee) -> date:
        deadline = self._deadline(inspectee)
        return (
            min(self._round.last, deadline) if deadline and deadline > self._context.horizon.last else self._round.last
        )

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


def months_until(round_: Round, day: date) -> Fraction:
    """The share of the round's months that are over on the evening of a day; a calendar year is 12 of 36."""
    if day < round_.first:
        return Fraction(0)
    return (_months(day + DAY) - _months(round_.first)) / (_months(round_.last + DAY) - _months(round_.first))


def _months(day: date) -> Fraction:
    """Months since year 0, the begun one by its days."""
    passed = Fraction(day.day - 1, calendar.monthrange(day.year, day.month)[1])
    return 12 * day.year + day.month - 1 + passed
