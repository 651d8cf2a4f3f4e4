"""Rules about who is in a team, and where: ``team_size``, ``team_requires``, ``double_booked``, ``transfer``,
``evening``.
"""

from __future__ import annotations

from collections.abc import Sequence

from solver.calendar import Slot
from solver.model.rules.time import at_most
from solver.model.variables import Duty, Term, Variables, sum_of
from solver.travel import Minutes


def team_size(x: Variables) -> None:
    """The team has exactly ``size`` members: Σ_i member(v, i) = size · placed(v)."""
    for visit in x.scope.free:
        members = [term for _, term in x.all_members(visit)]
        x.model.add(sum_of(members) == x.scope.visit(visit).team.size * x.placed(visit))


def team_requires(x: Variables) -> None:
    """For each required tag enough members bear it: Σ_{i bears t} member(v, i) ≥ requires_t · placed(v).

    A leader is named among the bearers when the plan is written; there is one where the tag is required.
    """
    for visit in x.scope.free:
        for tag, least in x.scope.visit(visit).team.requires.items():
            bears = x.scope.candidates.bearers(tag)
            bearers = [term for inspector, term in x.all_members(visit) if bears[inspector]]
            if least > 0:
                x.model.add(sum_of(bearers) >= least * x.placed(visit))


def double_booked(x: Variables) -> None:
    """No inspector is at two visits in one half-day: Σ of the duties that take it ≤ 1, or 0 where history takes it."""
    for inspector in x.inspectors:
        past = x.scope.candidates.history.busy.get(x.scope.problem.inspectors[inspector].id, {})
        for slot in x.slots_of_duty(inspector):
            at_most(x, [duty.term for duty in x.on_duty(inspector, slot)], 0 if slot in past else 1)


def transfer(x: Variables) -> None:
    """Between two visits on one day an inspector drives at most ``transfer_max_minutes``.

    Per inspector, day and place of the morning: Σ of the morning's duties there + Σ of the afternoon's duties at places
    too far from it ≤ 1. A visit that takes both half-days is left out on both sides.
    """
    longest = x.scope.problem.transfer_max_minutes
    minutes = Minutes(x.scope.problem)
    for inspector in x.inspectors:
        for slot in x.slots_of_duty(inspector):
            if slot % 2 == 0:
                _keep_near(x, inspector, slot, longest)
        past = x.scope.candidates.history.busy.get(x.scope.problem.inspectors[inspector].id, {})
        for slot, inspectee in past.items():
            _keep_near_past(x, x.on_duty(inspector, slot ^ 1), inspectee, longest, minutes, past_is_first=slot % 2 == 0)


def evening(x: Variables) -> None:
    """Between an afternoon and the next date's morning at another visit: at most ``evening_max_minutes``.

    As ``transfer``, with an afternoon and the next slot where the next inspection day is the next calendar date.
    """
    longest = x.scope.problem.evening_max_minutes
    if longest is None:
        return
    calendar = x.scope.calendar
    minutes = Minutes(x.scope.problem)
    for inspector in x.inspectors:
        for slot in x.slots_of_duty(inspector):
            if slot % 2 == 1 and calendar.follows(calendar.day_of(Slot(slot))):
                _keep_near(x, inspector, slot, longest)
        past = x.scope.candidates.history.across_night.get(x.scope.problem.inspectors[inspector].id, {})
        for slot, visits in past.items():
            duties = x.on_duty(inspector, slot)
            for visit in visits:
                _keep_near_past(x, duties, visit.inspectee, longest, minutes, past_is_first=slot % 2 == 0)


def _keep_near(x: Variables, inspector: int, slot: int, longest: int) -> None:
    """No drive that is too long from the duty in a slot to another one in the next slot."""
    before, after = x.on_duty(inspector, slot), x.on_duty(inspector, slot + 1)
    throughout = {(duty.visit, duty.start) for duty in before} & {(duty.visit, duty.start) for duty in after}
    early = _by_place(x, [duty for duty in before if (duty.visit, duty.start) not in throughout])
    late = _by_place(x, [duty for duty in after if (duty.visit, duty.start) not in throughout])
    minutes = x.scope.travel.minutes
    for place, terms in early.items():
        far = [term for other, others in late.items() if minutes[place, other] > longest for term in others]
        if far:
            at_most(x, terms + far, 1)


def _keep_near_past(
    x: Variables, duties: Sequence[Duty], inspectee_id: str, longest: int, minutes: Minutes, *, past_is_first: bool
) -> None:
    """None of the duties is too far from an inspectee of the history, in the half-day before or after it."""
    inspectee = x.scope.candidates.inspectees.get(inspectee_id)
    if inspectee is None:
        return
    for duty in duties:
        place = x.scope.inspectee(duty.visit).place
        drive = (inspectee.place, place) if past_is_first else (place, inspectee.place)
        if minutes.between(*drive) > longest:
            at_most(x, [duty.term], 0)


def _by_place(x: Variables, duties: Sequence[Duty]) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = {}
    for duty in duties:
        found.setdefault(x.scope.place(duty.visit), []).append(duty.term)
    return found
