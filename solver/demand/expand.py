"""The one entry: all rules expanded, and a visit that is in force inside the notice period keeps its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from solver.demand.chain import expand_chains
from solver.demand.context import DAY, Context, disjoint, gaps
from solver.demand.government import expand_governments
from solver.demand.heads import head_terms
from solver.demand.inputs import DemandInput
from solver.demand.order import narrowed
from solver.demand.principal_term import expand_principal_terms
from solver.demand.recheck import expand_rechecks
from solver.demand.result import Demand, RequiredVisit, UnplannedReason, UnplannedRequirement
from solver.demand.reviews import without_reviewed
from solver.demand.round import expand_rounds
from solver.demand.routine import expand_routine
from solver.demand.spacing import separations
from solver.demand.thematic import expand_topics
from solver.problem import DateRange


def demand(given: DemandInput) -> Demand:
    """Expand programmes, rounds and targets into visits, their order, and unplanned requirements."""
    context = Context(given)
    heads = head_terms(context)
    rounds = list(expand_rounds(context, heads))
    terms = expand_principal_terms(context, heads.values(), rounds)
    others = [
        *(_replaced(requirement, terms.replaced) for requirement in rounds),
        *terms.requirements(),
        *expand_routine(context),
    ]
    chains = expand_chains(context)
    later = [requirement for requirement in chains.unplanned if requirement.reason is UnplannedReason.NOT_YET_DUE]
    governments = expand_governments(context, chains.visits, later)
    merged = [governments.merged.get(visit.key, visit) for visit in chains.visits]
    visits = [
        *without_reviewed(context, narrowed(context, merged, chains.precedences)),
        *governments.alone,
        *(requirement for requirement in others if isinstance(requirement, RequiredVisit)),
    ]
    topics = expand_topics(context, visits)
    rechecks = expand_rechecks(context, [*(topics.merged.get(visit.key, visit) for visit in visits), *topics.alone])
    unplanned = [
        *chains.unplanned,
        *governments.unplanned,
        *topics.unplanned,
        *rechecks.unplanned,
        *(requirement for requirement in others if isinstance(requirement, UnplannedRequirement)),
    ]
    kept, closings = _keep_days(context, rechecks.visits)
    return Demand(
        tuple(kept),
        (*chains.precedences, *rechecks.precedences),
        tuple(unplanned),
        closings,
        separations(context, kept),
    )


def _replaced(
    requirement: RequiredVisit | UnplannedRequirement, by: Mapping[str, RequiredVisit]
) -> RequiredVisit | UnplannedRequirement:
    return by.get(requirement.key, requirement) if isinstance(requirement, RequiredVisit) else requirement


def _notice_of(context: Context, visit: RequiredVisit) -> int:
    return 0 if visit.unannounced else context.notice_of(visit.serves)


def _keep_days(
    context: Context, visits: Iterable[RequiredVisit]
) -> tuple[list[RequiredVisit], dict[str, tuple[DateRange, ...]]]:
    """Let a visit that is in force inside its notice period keep its day, and no other day of that period."""
    kept: list[RequiredVisit] = []
    notices: dict[str, list[DateRange]] = defaultdict(list)
    stays: dict[str, list[DateRange]] = defaultdict(list)
    for visit in visits:
        assigned, start = context.movable(visit.key), context.start(_notice_of(context, visit))
        if assigned is None or not context.given.working_on <= assigned.first_on < start:
            kept.append(visit)
            continue
        kept.append(replace(visit, earliest=min(visit.earliest, assigned.first_on)))
        notices[visit.inspectee].append(DateRange(assigned.last_on + DAY, start - DAY))
        stays[visit.inspectee].append(DateRange(assigned.first_on, assigned.last_on))
    closings = {
        inspectee: tuple(free for notice in disjoint(ranges) for free in gaps(stays[inspectee], notice))
        for inspectee, ranges in notices.items()
    }
    return kept, {inspectee: ranges for inspectee, ranges in closings.items() if ranges}
