"""Heads whose term of office ends about the days that are planned, with the days around that end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from solver.demand.context import Context
from solver.demand.inputs import EVALUATION, Inspectee, Phase, Programme, Round, Rule
from solver.problem import DateRange


@dataclass(frozen=True, slots=True)
class HeadTerm:
    """The end of a head's term; ``window`` are the days around it, whether or not they are planned."""

    inspectee: Inspectee
    ends_on: date
    window: DateRange
    programme: Programme
    phase: Phase

    def ends_in(self, round_: Round) -> bool:
        """Whether the term ends on a day of the round."""
        return DateRange(round_.first, round_.last).holds(self.ends_on)


def head_terms(context: Context) -> Mapping[str, HeadTerm]:
    """By inspectee the head's term that is inspected at its end; a term that is over before the horizon is none."""
    found: dict[str, HeadTerm] = {}
    for code in context.codes_of(Rule.PRINCIPAL_TERM):
        for inspectee in context.given.inspectees:
            term = _term_of(context, code, inspectee)
            if term is not None:
                found.setdefault(inspectee.id, term)
    return found


def _term_of(context: Context, code: str, inspectee: Inspectee) -> HeadTerm | None:
    ends_on = inspectee.head_term_ends_on
    if ends_on is None or ends_on < (inspectee.opened_on or date.min) or ends_on >= (inspectee.closed_on or date.max):
        return None
    version = context.version_for(code, DateRange(max(ends_on, context.given.first), date.max))
    if version is None or inspectee.kind not in version.programme.covers:
        return None
    phase = version.programme.needed_phase(EVALUATION)
    window = DateRange(ends_on - timedelta(days=phase.days_before), ends_on + timedelta(days=phase.days_after))
    if window.last < max(context.given.first, context.given.working_on):
        return None
    return HeadTerm(inspectee, ends_on, window, version.programme, phase)
