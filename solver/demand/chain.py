"""Rule ``chain``: launch in T−2, progress visits once a term, review in T−1, nothing after the own validation.

Which windows a chain gets is decided in ``timing``; here they become visits, precedences and unplanned requirements.

Progress visits: one in each term after the first term in which the launch can be, up to and including the last term
that begins before the review must be over. They stand in this order between launch and review, so no term between
launch and review is without a visit, wherever the planner puts them inside their windows: a launch that could be in an
earlier term is then held before the progress visit of the next one, and the review after that of its own term.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from solver.demand.context import Context
from solver.demand.inputs import GOVERNMENT_KIND, LAUNCH, PROGRESS, REVIEW, Inspectee, Rule, Target
from solver.demand.keys import ChainKey, TermOfYear
from solver.demand.order import narrowed
from solver.demand.result import Detail, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.teams import cars_of, host_of, need_for, visit_of
from solver.demand.timing import ChainStep, ChainTerms, Timing, earliest_possible_year, time_chain
from solver.problem import Precedence


@dataclass(slots=True)
class Chains:
    """Required visits of the targets, their order, and requirements without a visit."""

    visits: list[RequiredVisit] = field(default_factory=list)
    precedences: list[Precedence] = field(default_factory=list)
    unplanned: list[UnplannedRequirement] = field(default_factory=list)


def expand_chains(context: Context) -> Chains:
    """Every target's visits and precedences; a target of a banner without a government in the register has none."""
    chains = Chains()
    governments = {
        inspectee.banner: inspectee for inspectee in context.given.inspectees if inspectee.kind == GOVERNMENT_KIND
    }
    known = set(context.codes_of(Rule.CHAIN))
    for target in context.given.targets:
        inspectee = governments.get(target.banner)
        if inspectee is not None and target.programme in known:
            _ChainExpansion(context, target, inspectee, chains).expand()
    return chains


class _ChainExpansion:
    """One target at one banner's government."""

    def __init__(self, context: Context, target: Target, inspectee: Inspectee, chains: Chains) -> None:
        self._context = context
        self._target = target
        self._inspectee = inspectee
        self._chains = chains

    def expand(self) -> None:
        terms = ChainTerms.of(self._context, self._target, self._inspectee)
        if terms is None:
            return
        timing = time_chain(terms)
        self._report(terms, timing)
        order = list(self._order(terms, timing))
        visits = [self._visit(terms, step) for step in timing.steps()]
        self._chains.visits.extend(narrowed(self._context, visits, order))
        self._chains.precedences.extend(order)

    def _key(self, phase: str, term: TermOfYear | None = None) -> str:
        return str(ChainKey(self._target.id, phase, term))

    def _visit(self, terms: ChainTerms, step: ChainStep) -> RequiredVisit:
        programme, phase, inspectee = terms.programme, step.phase, self._inspectee
        need = need_for(self._context.given, phase, inspectee)
        visit = visit_of(self._key(phase.name, step.term), inspectee, programme, phase, need, step.window)
        return replace(
            visit,
            resources=(cars_of(inspectee.office), host_of(inspectee.banner)),
            late=step.late,
            due_on=step.due_on if step.late else None,
            excludes_banner=inspectee.banner if phase.excludes_own_banner else None,
        )

    def _order(self, terms: ChainTerms, timing: Timing) -> Iterator[Precedence]:
        """Launch, progress visits and review one after another; launch and review with the chain's gap besides."""
        launch, review = self._key(LAUNCH), self._key(REVIEW)
        launched = timing.launch is not None or terms.launched is not None
        steps = [launch] if launched else []
        gap = terms.progress.gap_days if terms.progress else 0
        for step in timing.progress:
            key = self._key(PROGRESS, step.term)
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
        for step in timing.unplanned:
            details: dict[str, Detail] = {"target_year": self._target.year, "target": self._target.id}
            if step.term is not None:
                details |= {"term_year": step.term.year, "season": step.term.season}
            elif step.reason is UnplannedReason.MISSED:
                possible = earliest_possible_year(terms)
                details |= {"next_stage_on": terms.next_stage_on}
                details |= {"possible_target_year": possible} if possible is not None else {}
            if step.done_on is not None:
                details["inspected_on"] = step.done_on
            self._chains.unplanned.append(
                UnplannedRequirement(
                    inspectee=self._inspectee.id,
                    programme=self._target.programme,
                    phase=step.phase,
                    reason=step.reason,
                    due_on=step.due_on,
                    details=details,
                )
            )
