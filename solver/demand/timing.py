"""When the phases of a validation chain can be held: which windows, which are late, which are missed.

Phases are due by 31 December of year T − lead. A phase whose year has begun is planned in what is left of it; one whose
year is gone, or of whose year the notice leaves no possible day, is planned at once where it still ends before the
stage after it, with the shortened gap, and is late; else it is missed. The stage after the launch is the review, the
one after the review the application to the region: the application day of year T, or the region's evaluation where that
is earlier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from solver.demand.context import Context, common, last_day, latest_before, year_end
from solver.demand.inputs import LAUNCH, PROGRESS, REVIEW, Inspectee, KnownAssignment, Phase, Programme, Target
from solver.demand.keys import ChainKey, TermOfYear
from solver.demand.result import UnplannedReason
from solver.demand.teams import half_days_for
from solver.problem import DateRange

DAY = timedelta(days=1)
YEARS_TO_TRY = 6
"""How many later target years are tried before none is offered."""


@dataclass(frozen=True, slots=True)
class ChainStep:
    """The window of one phase; ``late`` when it comes after ``due_on``."""

    phase: Phase
    window: DateRange
    half_days: int
    due_on: date
    late: bool = False
    term: TermOfYear | None = None

    def within(self, first: date, last: date) -> ChainStep:
        """The step with a window no wider than this."""
        return replace(self, window=common(self.window, DateRange(first, last)))


@dataclass(frozen=True, slots=True)
class UnplannedStep:
    """A phase that gets no visit now."""

    phase: str
    reason: UnplannedReason
    due_on: date
    term: TermOfYear | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """The windows of a chain in order, and the phases without one."""

    launch: ChainStep | None
    progress: tuple[ChainStep, ...]
    review: ChainStep | None
    gap_days: int
    unplanned: tuple[UnplannedStep, ...] = ()

    def steps(self) -> Iterator[ChainStep]:
        """The windows in their order."""
        yield from (self.launch,) if self.launch else ()
        yield from self.progress
        yield from (self.review,) if self.review else ()


@dataclass(frozen=True, slots=True)
class ChainTerms:
    """A target with the version of its programme, the stages around it and its fixed assignments."""

    context: Context
    target: Target
    inspectee: Inspectee
    programme: Programme
    launch: Phase
    review: Phase
    progress: Phase | None
    launched: KnownAssignment | None
    reviewed: KnownAssignment | None

    @classmethod
    def of(cls, context: Context, target: Target, inspectee: Inspectee) -> ChainTerms | None:
        """The terms of a target; none where no version of its programme is in force in the years of its chain."""
        window = DateRange(context.given.first, max(context.given.last, year_end(target.year)))
        version = context.version_for(target.programme, window)
        if version is None:
            return None
        programme = version.programme
        launch, review = (_in_force(context, target, programme, name) for name in (LAUNCH, REVIEW))
        if launch is None or review is None:
            raise ValueError(f"programme {programme.code} has no phase {LAUNCH} or {REVIEW}")
        return cls(
            context=context,
            target=target,
            inspectee=inspectee,
            programme=programme,
            launch=launch,
            review=review,
            progress=programme.phase(PROGRESS),
            launched=context.fixed(str(ChainKey(target.id, LAUNCH))),
            reviewed=context.fixed(str(ChainKey(target.id, REVIEW))),
        )

    def start(self, phase: Phase, term: TermOfYear | None = None) -> date:
        """The first day on which a phase may begin."""
        key, notice_days = self.key(phase.name, term), self.programme.notice_days
        return self.context.start_for(key, self.inspectee, self.half_days(phase), notice_days)

    def key(self, phase: str, term: TermOfYear | None = None) -> str:
        """The key of a phase's visit."""
        return str(ChainKey(self.target.id, phase, term))

    @property
    def horizon_last(self) -> date:
        """The last day that is planned."""
        return self.context.horizon.last

    @property
    def validated_on(self) -> date:
        """The first day on which nothing of the chain is held any more."""
        return self.target.validation_on or date(self.target.year + 1, 1, 1)

    @property
    def next_stage_on(self) -> date:
        """The day of the stage after the review: the application, or an external stage where that is earlier."""
        settings = self.context.given.settings
        application = date(self.target.year, settings.application_month, settings.application_day)
        return min(application, self.target.evaluation_on or application, self.validated_on)

    def year_of(self, phase: Phase) -> DateRange:
        """The calendar year of a phase."""
        year = self.target.year - phase.lead_years
        return DateRange(date(year, 1, 1), year_end(year))

    def half_days(self, phase: Phase) -> int:
        """Length of a phase at this government."""
        return half_days_for(phase, self.inspectee)

    def fit(self, phase: Phase, window: DateRange) -> date | None:
        """The first day on which the phase can begin in the window."""
        return self.context.first_fit(self.inspectee, self.half_days(phase), window)


def _in_force(context: Context, target: Target, programme: Programme, name: str) -> Phase | None:
    """A phase as the version in force in its year has it, or on the first planned day where its year is gone."""
    phase = programme.phase(name)
    if phase is None:
        return None
    year = target.year - phase.lead_years
    first = max(date(year, 1, 1), context.given.first)
    version = context.version_for(target.programme, DateRange(first, max(first, year_end(year))))
    return (version.programme.phase(name) if version is not None else None) or phase


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Launch and review in their years or after them, with the gap between them."""

    launch_late: bool
    review_late: bool
    gap_days: int


def time_chain(terms: ChainTerms) -> Timing:
    """The windows of the chain, and the phases that get none."""
    if terms.reviewed is not None:
        return Timing(None, (), None, 0, tuple(_done(terms)))
    placed = _place(terms)
    if placed is None:
        return _without_both(terms)
    steps, gap, unplanned = placed
    unplanned = (*_done(terms), *unplanned)
    launch = next((step for step in steps if step.phase.name == LAUNCH), None)
    review = next((step for step in steps if step.phase.name == REVIEW), None)
    progress, without = _progress(terms, launch, review, gap)
    return Timing(launch, progress, review, gap, (*unplanned, *without))


def earliest_possible_year(terms: ChainTerms) -> int | None:
    """The first later target year for which both launch and review could still be held."""
    for year in range(terms.target.year + 1, terms.target.year + 1 + YEARS_TO_TRY):
        moved = Target(terms.target.id, terms.target.banner, terms.target.programme, year)
        placed = _place(replace(terms, target=moved))
        if placed is not None and not any(unplanned.reason is UnplannedReason.MISSED for unplanned in placed[2]):
            return year
    return None


_Placed = tuple[tuple[ChainStep, ...], int, tuple[UnplannedStep, ...]]


def _place(terms: ChainTerms) -> _Placed | None:
    """Launch and review; none when neither can be held any more."""
    due = min(terms.year_of(terms.review).last, terms.next_stage_on - DAY)
    if due > terms.horizon_last:
        return _launch_only(terms, due)
    for attempt in _attempts(terms):
        found = _both(terms, attempt)
        if found is not None:
            return found, attempt.gap_days, ()
    return _review_only(terms)


def _attempts(terms: ChainTerms) -> Iterator[_Attempt]:
    """In order of preference: the review in its year, if need be with the shortened gap, then after it."""
    settings = terms.context.given.settings
    yield _Attempt(False, False, settings.chain_gap_days)
    yield _Attempt(False, False, settings.late_gap_days)
    yield _Attempt(False, True, settings.chain_gap_days)
    yield _Attempt(False, True, settings.late_gap_days)
    if terms.launched is None:
        yield _Attempt(True, False, settings.late_gap_days)
        yield _Attempt(True, True, settings.late_gap_days)


def _both(terms: ChainTerms, attempt: _Attempt) -> tuple[ChainStep, ...] | None:
    """Windows of launch (unless it is over) and review under this attempt, or none when they do not fit."""
    review_window = _review_window(terms, attempt.review_late)
    if terms.launched is not None:
        after, launch = terms.launched.last_on, None
    else:
        latest = latest_before(review_window.last, terms.half_days(terms.review), attempt.gap_days)
        launch = _launch_step(terms, attempt.launch_late, latest)
        first = terms.fit(terms.launch, launch.window)
        if first is None:
            return None
        after = last_day(first, launch.half_days)
    window = common(review_window, DateRange(after + timedelta(days=attempt.gap_days), date.max))
    if terms.fit(terms.review, window) is None:
        return None
    review = ChainStep(terms.review, window, terms.half_days(terms.review), terms.year_of(terms.review).last)
    review = replace(review, late=_is_late(terms, attempt, window))
    return (review,) if launch is None else (launch, review)


def _is_late(terms: ChainTerms, attempt: _Attempt, window: DateRange) -> bool:
    return attempt.review_late and window.last > terms.year_of(terms.review).last


def _review_window(terms: ChainTerms, late: bool) -> DateRange:
    """The review's year, or with ``late`` from its begin until the stage after it."""
    year = terms.year_of(terms.review)
    last = terms.next_stage_on - DAY if late else min(year.last, terms.next_stage_on - DAY)
    return common(DateRange(max(terms.start(terms.review), year.first), last), terms.context.horizon)


def _launch_step(terms: ChainTerms, late: bool, latest: date) -> ChainStep:
    """The launch in its year, or at once: within the term in which it can first be."""
    year = terms.year_of(terms.launch)
    window = common(DateRange(max(terms.start(terms.launch), year.first), latest), terms.context.horizon)
    if not late:
        window = common(window, year)
    step = ChainStep(terms.launch, window, terms.half_days(terms.launch), year.last)
    return _at_once(terms, step) if late else step


def _at_once(terms: ChainTerms, step: ChainStep) -> ChainStep:
    """A late step, ended with the term of its first possible day."""
    first = terms.fit(step.phase, step.window)
    if first is None:
        return replace(step, late=True)
    ends = (term.last for term in _terms(terms) if term.last >= last_day(first, step.half_days))
    return replace(step, late=True).within(step.window.first, next(ends, step.window.last))


def _launch_only(terms: ChainTerms, review_due: date) -> _Placed | None:
    """The review falls due after the horizon: the launch alone, in its year or at once."""
    unplanned = [UnplannedStep(REVIEW, UnplannedReason.NOT_YET_DUE, terms.year_of(terms.review).last)]
    if terms.launched is not None:
        return (), 0, tuple(unplanned)
    due = terms.year_of(terms.launch).last
    if due > terms.horizon_last:
        return (), 0, (UnplannedStep(LAUNCH, UnplannedReason.NOT_YET_DUE, due), *unplanned)
    gap = terms.context.given.settings.late_gap_days
    for late in (False, True):
        step = _launch_step(terms, late, latest_before(review_due, terms.half_days(terms.review), gap))
        if terms.fit(terms.launch, step.window) is not None:
            return (step,), 0, tuple(unplanned)
    return (), 0, (UnplannedStep(LAUNCH, UnplannedReason.NOT_YET_DUE, due), *unplanned)


def _review_only(terms: ChainTerms) -> _Placed | None:
    """The launch is missed, but the review can still be held before the stage after it."""
    if terms.launched is not None:
        return None
    for late in (False, True):
        window = _review_window(terms, late)
        if terms.fit(terms.review, window) is not None:
            due = terms.year_of(terms.review).last
            review = ChainStep(terms.review, window, terms.half_days(terms.review), due, late=late)
            missed = UnplannedStep(LAUNCH, UnplannedReason.MISSED, terms.year_of(terms.launch).last)
            return (review,), 0, (missed,)
    return None


def _without_both(terms: ChainTerms) -> Timing:
    """Launch and review are missed, or beyond what is planned."""
    later = terms.next_stage_on - DAY > terms.horizon_last
    reason = UnplannedReason.NOT_YET_DUE if later else UnplannedReason.MISSED
    phases = [terms.review] if terms.launched else [terms.launch, terms.review]
    unplanned = [UnplannedStep(phase.name, reason, terms.year_of(phase).last) for phase in phases]
    return Timing(None, (), None, 0, (*_done(terms), *unplanned))


def _done(terms: ChainTerms) -> Iterator[UnplannedStep]:
    """Launch and review that have a fixed assignment."""
    for phase, assigned in ((terms.launch, terms.launched), (terms.review, terms.reviewed)):
        if assigned is not None:
            yield UnplannedStep(phase.name, UnplannedReason.DONE, terms.year_of(phase).last, done_on=assigned.first_on)


@dataclass(frozen=True, slots=True)
class _Span:
    """A term as all inspectees of the programme have it together."""

    id: TermOfYear
    first: date
    last: date


def _terms(terms: ChainTerms) -> list[_Span]:
    """The terms of the programme: the days on which all covered kinds of school are in term.

    A programme that covers governments alone follows the terms of all kinds.
    """
    known = {term.kind for term in terms.context.given.terms}
    kinds = terms.programme.covers & known or known
    spans: dict[TermOfYear, _Span] = {}
    for term in terms.context.given.terms:
        if term.kind in kinds:
            key = TermOfYear(term.year, term.season)
            span = spans.get(key, _Span(key, term.first, term.last))
            spans[key] = _Span(key, max(span.first, term.first), min(span.last, term.last))
    return sorted((span for span in spans.values() if span.first <= span.last), key=lambda span: span.first)


def _progress(
    terms: ChainTerms, launch: ChainStep | None, review: ChainStep | None, gap_days: int
) -> tuple[tuple[ChainStep, ...], tuple[UnplannedStep, ...]]:
    """The progress visits of the chain; those that no longer fit before the review are dropped from the end."""
    if terms.progress is None or (launch is None and terms.launched is None):
        return (), ()
    steps, unplanned = [], []
    for span in _progress_terms(terms, launch, review):
        key = terms.key(PROGRESS, span.id)
        found = _progress_step(terms, terms.progress, span)
        if terms.context.fixed(key) is not None:
            continue
        if isinstance(found, ChainStep):
            steps.append(found)
        else:
            unplanned.append(found)
    while steps and not _fits_in_order(terms, launch, steps, review, gap_days):
        dropped = steps.pop()
        unplanned.append(UnplannedStep(PROGRESS, UnplannedReason.MISSED, dropped.due_on, dropped.term))
    return tuple(steps), tuple(unplanned)


def _progress_terms(terms: ChainTerms, launch: ChainStep | None, review: ChainStep | None) -> list[_Span]:
    """The terms after the first in which the launch can be (or was), until the review must be over."""
    spans = _terms(terms)
    if launch is not None:
        since = terms.fit(launch.phase, launch.window) or launch.window.first
    else:
        assert terms.launched is not None
        since = terms.launched.first_on
    until = review.window.last if review else min(terms.year_of(terms.review).last, terms.next_stage_on - DAY)
    margin = timedelta(days=terms.context.given.settings.term_margin_days)
    first = next((position for position, span in enumerate(spans) if span.last - margin >= since), len(spans))
    later = [span for span in spans[first + 1 :] if span.first <= until]
    own = spans[first : first + 1]
    return [span for span in own if terms.key(PROGRESS, span.id) in terms.context.assignments] + later


def _progress_step(terms: ChainTerms, phase: Phase, span: _Span) -> ChainStep | UnplannedStep:
    """The window of a term's progress visit: its days but the margins, if half of the term lies in the horizon."""
    margin = timedelta(days=terms.context.given.settings.term_margin_days)
    term = DateRange(span.first + margin, span.last - margin)
    middle = term.first + (term.last - term.first) / 2
    if middle > terms.horizon_last:
        return UnplannedStep(PROGRESS, UnplannedReason.NOT_YET_DUE, span.last, span.id)
    window = common(term, DateRange(terms.start(phase, span.id), date.max), terms.context.horizon)
    if terms.fit(phase, window) is None:
        return UnplannedStep(PROGRESS, UnplannedReason.MISSED, span.last, span.id)
    return ChainStep(phase, window, terms.half_days(phase), span.last, term=span.id)


def _fits_in_order(
    terms: ChainTerms, launch: ChainStep | None, progress: list[ChainStep], review: ChainStep | None, gap_days: int
) -> bool:
    """Whether all fit one after another, each as early as it can."""
    after: date | None = None
    steps = [*([launch] if launch else []), *progress, *([review] if review else [])]
    launched_on = terms.launched.last_on if terms.launched else None
    for step in steps:
        earliest = _after(terms, after, step)
        if step is review and launched_on is not None:
            earliest = max(earliest, launched_on + timedelta(days=gap_days))
        first = terms.fit(step.phase, common(step.window, DateRange(earliest, date.max)))
        if first is None:
            return False
        after = last_day(first, step.half_days)
        if step is launch:
            launched_on = after
    return True


def _after(terms: ChainTerms, before: date | None, step: ChainStep) -> date:
    if before is None or terms.progress is None:
        return step.window.first
    return before + timedelta(days=terms.progress.gap_days)
