"""Rechecks: the day after rectification, reserved together with the visit whose findings it looks at.

With each required comprehensive visit, a recheck is required that begins ``min_days`` to ``max_days`` after it. Where
the horizon leaves room for both only by taking more than a quarter of the first visit's window, the recheck waits for a
later plan. Of a visit that was carried out, of whatever programme, the outcome decides: with findings the recheck lies
``recheck_from_days`` to ``recheck_within_days`` after the day of rectification, late where that is over; without
findings it is not needed; as long as no outcome is known, the reservation is kept. A finding that endangers people is
rechecked within ``urgent_recheck_days`` and without notice (条例 art. 15: at once), whatever was reserved; other
findings of the same visit then have a second recheck after their rectification. No law counts these days (条例 art. 21
to 23 name the steps alone), so all of them are settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from solver.demand.context import Context, common, last_day, latest_before
from solver.demand.inputs import EVALUATION, RECHECK, Inspectee, KnownAssignment, Outcome, Phase, Pool, Programme
from solver.demand.keys import RecheckKey
from solver.demand.result import Detail, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import need_for, visit_of
from solver.problem import DateRange, Precedence

DEFAULT_PHASE = Phase(RECHECK, half_days=1, size=1, pool=Pool.OWNER, weight=2, requires={"inspector": 1})
"""The recheck of a visit whose programme has no phase for it: half a day of one inspector."""

MOST_OF_WINDOW = 4
"""A reservation may take one part in so many of the first visit's window."""


@dataclass(frozen=True, slots=True)
class Rechecks:
    """First visits, narrowed where their recheck needs it, then the rechecks, their order, and the unplanned."""

    visits: tuple[RequiredVisit, ...]
    precedences: tuple[Precedence, ...]
    unplanned: tuple[UnplannedRequirement, ...]


def expand_rechecks(context: Context, visits: Sequence[RequiredVisit]) -> Rechecks:
    """The rechecks of the required visits and of those that were carried out."""
    expansion = _Expansion(context)
    firsts = [expansion.reserve(visit) for visit in visits]
    expansion.follow_up({visit.key for visit in visits})
    return Rechecks((*firsts, *expansion.rechecks), tuple(expansion.precedences), tuple(expansion.unplanned))


@dataclass(frozen=True, slots=True)
class _Step:
    """A recheck after the visit of a key, the days on which it should be, and its days of notice."""

    first: str
    window: DateRange
    notice_days: int


class _Expansion:
    """Rechecks as they are expanded."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outcomes = {each.visit: each for each in context.given.outcomes}
        self.rechecks: list[RequiredVisit] = []
        self.precedences: list[Precedence] = []
        self.unplanned: list[UnplannedRequirement] = []
        self._known: set[str] = set()

    def reserve(self, first: RequiredVisit) -> RequiredVisit:
        """The first visit, narrowed so that its recheck fits after it; the recheck is stored."""
        found = self._phase_of(first.serves, DateRange(first.earliest, first.latest))
        if found is None:
            return first
        programme, phase = found
        inspectee = self._context.inspectees[first.inspectee]
        step = _Step(first.key, self._window_after(first, phase), programme.notice_days)
        recheck = self._visit(step, inspectee, programme, phase)
        due_on = first.latest + timedelta(days=phase.max_days)
        if not self._is_reserved(first.key, phase) or not self._fits(inspectee, recheck):
            self._leave_out(first.key, inspectee, programme, UnplannedReason.NOT_YET_DUE, due_on)
            return first
        latest = min(first.latest, latest_before(recheck.latest, recheck.half_days, phase.min_days))
        narrowed = replace(first, latest=latest)
        if not self._may_narrow(inspectee, first, narrowed):
            self._leave_out(first.key, inspectee, programme, UnplannedReason.NOT_YET_DUE, due_on)
            return first
        self.rechecks.append(recheck)
        self.precedences.append(Precedence(first.key, recheck.key, phase.min_days, phase.max_days))
        return narrowed

    def _window_after(self, first: RequiredVisit, phase: Phase) -> DateRange:
        ended = last_day(first.earliest, first.half_days)
        return DateRange(ended + timedelta(days=phase.min_days), first.latest + timedelta(days=phase.max_days))

    def _is_reserved(self, key: str, phase: Phase) -> bool:
        """Whether this visit is in the share for which a recheck is reserved; the same ones in every plan."""
        share = int.from_bytes(sha256(key.encode()).digest()[:8]) % 100
        return self._context.given.settings.reserve_rechecks and share < phase.share_percent

    def _may_narrow(self, inspectee: Inspectee, first: RequiredVisit, narrowed: RequiredVisit) -> bool:
        """Whether the first visit keeps most of its window, room in it, and the day on which it is in force."""
        taken, whole = first.latest - narrowed.latest, first.latest - first.earliest
        assigned = self._context.movable(first.key)
        keeps = assigned is None or last_day(assigned.first_on, first.half_days) <= narrowed.latest
        return MOST_OF_WINDOW * taken <= whole and keeps and self._fits(inspectee, narrowed)

    def follow_up(self, required: set[str]) -> None:
        """The rechecks of visits that have begun, by their outcomes: of every kind of visit with findings."""
        for assigned in sorted(self._context.given.assignments, key=lambda each: each.key):
            if assigned.fixed and assigned.key not in required and assigned.inspectee in self._context.inspectees:
                outcome = self._outcomes.get(assigned.key)
                found = self._phase_of(assigned.serves, DateRange(assigned.first_on, assigned.first_on))
                if found is None and outcome is not None and outcome.rectify_by is not None:
                    found = self._default_for(assigned)
                if found is not None:
                    self._follow(assigned, outcome, *found)

    def _default_for(self, assigned: KnownAssignment) -> tuple[Programme, Phase] | None:
        """The recheck of a visit whose programme has none, or that is a recheck itself."""
        day = DateRange(assigned.first_on, assigned.first_on)
        for code, _phase in assigned.serves:
            version = self._context.version_for(code, day)
            if version is not None:
                return version.programme, version.programme.phase(RECHECK) or DEFAULT_PHASE
        return None

    def _follow(self, first: KnownAssignment, outcome: Outcome | None, programme: Programme, phase: Phase) -> None:
        inspectee = self._context.inspectees[first.inspectee]
        inspectee = replace(inspectee, office=first.office or inspectee.office)
        window = self._window_for(first, outcome, phase)
        if outcome is None:
            is_reserved = window.last >= self._context.given.first and self._is_reserved(first.key, phase)
            if is_reserved or self._context.fixed(str(RecheckKey(first.key))) is not None:
                self._add(_Step(first.key, window, programme.notice_days), inspectee, programme, phase, is_due=False)
            return
        if outcome.rectify_by is None:
            done_on = outcome.done_on
            self._leave_out(first.key, inspectee, programme, UnplannedReason.NOT_NEEDED, None, inspected_on=done_on)
            return
        after = first.key
        if outcome.is_urgent:
            self._add(_Step(after, self._at_once(outcome), 0), inspectee, programme, phase, is_due=True)
            after = str(RecheckKey(after))
        if not outcome.is_urgent or outcome.rectify_by > outcome.done_on:
            self._add(_Step(after, window, programme.notice_days), inspectee, programme, phase, is_due=True)

    def _at_once(self, outcome: Outcome) -> DateRange:
        """The days after a visit that found a danger to people."""
        return DateRange(
            outcome.done_on + timedelta(days=1),
            outcome.done_on + timedelta(days=self._context.given.settings.urgent_recheck_days),
        )

    def _add(self, step: _Step, inspectee: Inspectee, programme: Programme, phase: Phase, *, is_due: bool) -> None:
        """The recheck in its window, late where it is due and the window is over, or why there is none."""
        key = str(RecheckKey(step.first))
        if key in self._known:
            return
        self._known.add(key)
        again = self._context.fixed(key)
        if again is not None:
            self._leave_out(
                step.first, inspectee, programme, UnplannedReason.DONE, step.window.last, inspected_on=again.first_on
            )
            return
        recheck = self._visit(step, inspectee, programme, phase)
        if not self._fits(inspectee, recheck) and is_due:
            recheck = self._late(recheck, step, inspectee, programme, phase)
        if self._fits(inspectee, recheck):
            self.rechecks.append(recheck)
        else:
            later = step.window.last > self._context.horizon.last
            reason = UnplannedReason.NOT_YET_DUE if later else UnplannedReason.MISSED
            self._leave_out(step.first, inspectee, programme, reason, step.window.last)

    def _window_for(self, first: KnownAssignment, outcome: Outcome | None, phase: Phase) -> DateRange:
        """After the day of rectification where there are findings, else as it was reserved."""
        settings = self._context.given.settings
        if outcome is None or outcome.rectify_by is None:
            since, least, most = first.last_on, phase.min_days, phase.max_days
        else:
            since, least, most = outcome.rectify_by, settings.recheck_from_days, settings.recheck_within_days
        return DateRange(since + timedelta(days=least), since + timedelta(days=max(least, most)))

    def _late(
        self, recheck: RequiredVisit, step: _Step, inspectee: Inspectee, programme: Programme, phase: Phase
    ) -> RequiredVisit:
        """A recheck of findings whose time is over or holds no open day: as soon as it can be after it, late."""
        ends = max(recheck.latest, self._context.given.working_on) + timedelta(days=phase.max_days)
        later = self._visit(replace(step, window=DateRange(recheck.earliest, ends)), inspectee, programme, phase)
        first = self._context.first_fit(inspectee, later.half_days, DateRange(later.earliest, later.latest))
        if step.notice_days == 0 and first is not None:  # a danger to people is looked at on the first open days
            soon = first + timedelta(days=self._context.given.settings.urgent_recheck_days)
            later = replace(later, latest=min(later.latest, soon))
        return replace(later, late=True, due_on=recheck.latest)

    def _visit(self, step: _Step, inspectee: Inspectee, programme: Programme, phase: Phase) -> RequiredVisit:
        key, need = str(RecheckKey(step.first)), need_for(self._context.given, phase, inspectee)
        start = self._context.start_for(key, inspectee, need.half_days, step.notice_days)
        window = common(step.window, DateRange(start, date.max), self._context.horizon)
        return replace(visit_of(key, inspectee, programme, phase, need, window), burden=0)

    def _fits(self, inspectee: Inspectee, visit: RequiredVisit) -> bool:
        return self._context.fits(inspectee, visit.half_days, DateRange(visit.earliest, visit.latest))

    def _phase_of(self, serves: Sequence[tuple[str, str]], window: DateRange) -> tuple[Programme, Phase] | None:
        """The recheck phase of the comprehensive programme that a visit serves, if it has one."""
        for code, served in serves:
            version = self._context.version_for(code, window) if served == EVALUATION else None
            phase = version.programme.phase(RECHECK) if version is not None else None
            if version is not None and phase is not None:
                return version.programme, phase
        return None

    def _leave_out(
        self,
        first: str,
        inspectee: Inspectee,
        programme: Programme,
        reason: UnplannedReason,
        due_on: date | None,
        **details: Detail,
    ) -> None:
        told = {"recheck_of": first, **details}
        self.unplanned.append(UnplannedRequirement(inspectee.id, programme.code, RECHECK, reason, due_on, told))
