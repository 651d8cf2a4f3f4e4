"""Rule ``chain``: launch in T−2, progress visits once a term, review in T−1, nothing after the own validation.

Which windows a chain gets is decided in ``timing``; here they become visits, their order and the duties without one.

Progress visits: one in each term after the first term in which the launch can be, up to and including the last term
that begins before the review must be over. They stand in this order between launch and review, so wherever the planner
puts launch and review inside their windows, no term between them is without a visit: a launch that could be in an
earlier term is then held before the progress visit of the next one, and the review after that of its own term.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from solver.demand.context import Context
from solver.demand.inputs import LAUNCH, PROGRESS, REVIEW, Rule, Site, Target
from solver.demand.order import narrowed
from solver.demand.result import DemandedVisit, Detail, UnplannedDuty, UnplannedReason
from solver.demand.teams import cars_of, host_of, need_for, visit_of
from solver.demand.timing import ChainTerms, Slot, Timing, earliest_possible_year, time_chain
from solver.problem import Precedence

GOVERNMENT_KIND = "government"


@dataclass(slots=True)
class Chains:
    """What the targets ask: visits, their order, and duties without a visit."""

    visits: list[DemandedVisit] = field(default_factory=list)
    precedences: list[Precedence] = field(default_factory=list)
    unplanned: list[UnplannedDuty] = field(default_factory=list)


def key_of(target: Target, phase: str, term: tuple[int, str] | None = None) -> str:
    """The name of the duty, the same in every plan."""
    return f"chain-{target.id}-{phase}" + (f"-{term[0]}-{term[1]}" if term else "")


def expand_chains(context: Context) -> Chains:
    """Every target's visits and precedences; targets of banners without a government in the register ask nothing."""
    chains = Chains()
    governments = {site.banner: site for site in context.given.sites if site.kind == GOVERNMENT_KIND}
    known = set(context.codes_of(Rule.CHAIN))
    for target in context.given.targets:
        site = governments.get(target.banner)
        if site is not None and target.programme in known:
            _ChainExpansion(context, target, site, chains).expand()
    return chains


class _ChainExpansion:
    """One target at one banner's government."""

    def __init__(self, context: Context, target: Target, site: Site, chains: Chains) -> None:
        self._context = context
        self._target = target
        self._site = site
        self._chains = chains

    def expand(self) -> None:
        terms = ChainTerms.of(self._context, self._target, self._site, key_of)
        if terms is None:
            return
        timing = time_chain(terms)
        self._report(terms, timing)
        order = list(self._order(terms, timing))
        visits = [self._visit(terms, slot) for slot in timing.slots()]
        self._chains.visits.extend(narrowed(self._context, visits, order))
        self._chains.precedences.extend(order)

    def _visit(self, terms: ChainTerms, slot: Slot) -> DemandedVisit:
        programme, phase, site = terms.programme, slot.phase, self._site
        need = need_for(self._context.given, phase, site)
        visit = visit_of(key_of(self._target, phase.name, slot.term), site, programme, phase, need, slot.window)
        return replace(
            visit,
            resources=(cars_of(site.office), host_of(site.banner)),
            late=slot.late,
            due_on=slot.due_on if slot.late else None,
            excludes_banner=site.banner if phase.excludes_own_banner else None,
        )

    def _order(self, terms: ChainTerms, timing: Timing) -> Iterator[Precedence]:
        """Launch, progress visits and review one after another; launch and review with the chain's gap besides."""
        launch, review = key_of(self._target, LAUNCH), key_of(self._target, REVIEW)
        launched = timing.launch is not None or terms.launched is not None
        steps = [launch] if launched else []
        gap = terms.progress.gap_days if terms.progress else 0
        for slot in timing.progress:
            key = key_of(self._target, PROGRESS, slot.term)
            if steps:
                yield Precedence(steps[-1], key, gap)
            steps.append(key)
        if timing.review is None:
            return
        if launched:
            yield Precedence(launch, review, timing.gap_days)
        if timing.progress:
            yield Precedence(steps[-1], review, gap)

    def _report(self, terms: ChainTerms, timing: Timing) -> None:
        """The phases that get no visit now."""
        for duty in timing.unplanned:
            details: dict[str, Detail] = {"target_year": self._target.year, "target": self._target.id}
            if duty.term is not None:
                details |= {"term_year": duty.term[0], "season": duty.term[1]}
            elif duty.reason is UnplannedReason.MISSED:
                possible = earliest_possible_year(terms)
                details |= {"next_stage_on": terms.next_stage_on}
                details |= {"possible_target_year": possible} if possible is not None else {}
            if duty.done_on is not None:
                details["inspected_on"] = duty.done_on
            self._chains.unplanned.append(
                UnplannedDuty(
                    inspectee=self._site.id,
                    programme=self._target.programme,
                    phase=duty.phase,
                    reason=duty.reason,
                    due_on=duty.due_on,
                    details=details,
                )
            )
