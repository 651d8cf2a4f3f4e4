"""Heads whose term of office ends about the days that are planned, with the days around that end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from solver.demand.context import Context
from solver.demand.inputs import EVALUATION, Phase, Programme, Round, Rule, Site
from solver.problem import DateRange


@dataclass(frozen=True, slots=True)
class HeadTerm:
    """The end of a head's term; ``window`` are the days around it, whether or not they are planned."""

    site: Site
    ends_on: date
    window: DateRange
    programme: Programme
    phase: Phase

    def ends_in(self, round_: Round) -> bool:
        """Whether the term ends on a day of the round."""
        return DateRange(round_.first, round_.last).holds(self.ends_on)


def head_terms(context: Context) -> Mapping[str, HeadTerm]:
    """By unit the head's term that is inspected at its end; a term whose days are over before the horizon is none."""
    found: dict[str, HeadTerm] = {}
    for code in context.codes_of(Rule.PRINCIPAL_TERM):
        for site in context.given.sites:
            term = _term_of(context, code, site)
            if term is not None:
                found.setdefault(site.id, term)
    return found


def _term_of(context: Context, code: str, site: Site) -> HeadTerm | None:
    ends_on = site.head_term_ends_on
    if ends_on is None or ends_on < (site.opened_on or date.min) or ends_on >= (site.closed_on or date.max):
        return None
    version = context.version_for(code, DateRange(max(ends_on, context.given.first), date.max))
    if version is None or site.kind not in version.programme.covers:
        return None
    phase = version.programme.needed_phase(EVALUATION)
    window = DateRange(ends_on - timedelta(days=phase.days_before), ends_on + timedelta(days=phase.days_after))
    if window.last < max(context.given.first, context.given.working_on):
        return None
    return HeadTerm(site, ends_on, window, version.programme, phase)
