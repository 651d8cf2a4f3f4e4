"""The one entry: all rules expanded, and what is in force inside the notice period kept where it stands."""

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
from solver.demand.result import Demand, DemandedVisit, UnplannedDuty, UnplannedReason
from solver.demand.round import expand_rounds
from solver.demand.routine import expand_routine
from solver.demand.thematic import expand_topics
from solver.problem import DateRange


def demand(given: DemandInput) -> Demand:
    """Expand programmes, rounds and targets into visits, their order, and duties without a visit (with reasons)."""
    context = Context(given)
    heads = head_terms(context)
    rounds = list(expand_rounds(context, heads))
    terms = expand_principal_terms(context, heads.values(), rounds)
    others = [*(_replaced(duty, terms.replaced) for duty in rounds), *terms.duties(), *expand_routine(context)]
    chains = expand_chains(context)
    later = [duty for duty in chains.unplanned if duty.reason is UnplannedReason.NOT_YET_DUE]
    governments = expand_governments(context, chains.visits, later)
    merged = [governments.merged.get(visit.key, visit) for visit in chains.visits]
    visits = [
        *narrowed(context, merged, chains.precedences),
        *governments.alone,
        *(duty for duty in others if isinstance(duty, DemandedVisit)),
    ]
    topics = expand_topics(context, visits)
    rechecks = expand_rechecks(context, [*(topics.merged.get(visit.key, visit) for visit in visits), *topics.alone])
    unplanned = [
        *chains.unplanned,
        *governments.unplanned,
        *topics.unplanned,
        *rechecks.unplanned,
        *(duty for duty in others if isinstance(duty, UnplannedDuty)),
    ]
    kept, closings = _keep_days(context, rechecks.visits)
    return Demand(tuple(kept), (*chains.precedences, *rechecks.precedences), tuple(unplanned), closings)


def _replaced(duty: DemandedVisit | UnplannedDuty, by: Mapping[str, DemandedVisit]) -> DemandedVisit | UnplannedDuty:
    return by.get(duty.key, duty) if isinstance(duty, DemandedVisit) else duty


def _notice_of(context: Context, visit: DemandedVisit) -> int:
    return 0 if visit.unannounced else context.notice_of(visit.serves)


def _keep_days(
    context: Context, visits: Iterable[DemandedVisit]
) -> tuple[list[DemandedVisit], dict[str, tuple[DateRange, ...]]]:
    """Let a visit that is in force inside its notice period keep its day, and no other day of that period."""
    kept: list[DemandedVisit] = []
    notices: dict[str, list[DateRange]] = defaultdict(list)
    stays: dict[str, list[DateRange]] = defaultdict(list)
    for visit in visits:
        stands, start = context.promised(visit.key), context.start(_notice_of(context, visit))
        if stands is None or not context.given.working_on <= stands.first_on < start:
            kept.append(visit)
            continue
        kept.append(replace(visit, earliest=min(visit.earliest, stands.first_on)))
        notices[visit.inspectee].append(DateRange(stands.last_on + DAY, start - DAY))
        stays[visit.inspectee].append(DateRange(stands.first_on, stands.last_on))
    closings = {
        inspectee: tuple(free for notice in disjoint(ranges) for free in gaps(stays[inspectee], notice))
        for inspectee, ranges in notices.items()
    }
    return kept, {inspectee: ranges for inspectee, ranges in closings.items() if ranges}
