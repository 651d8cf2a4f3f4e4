"""Rules about who is in a team, and where: ``team_size``, ``team_requires``, ``double_booked``, ``transfer``."""

from __future__ import annotations

from collections.abc import Sequence

from solver.model.rules.time import at_most
from solver.model.variables import Duty, Term, Variables, sum_of


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
    too far from it ≤ 1. A visit that takes both halves of the day is its own morning, so it is left out on both sides.
    """
    for inspector in x.inspectors:
        for slot in x.slots_of_duty(inspector):
            if slot % 2 == 0:
                _transfer_on(x, inspector, slot)
        _transfer_from_past(x, inspector)


def _transfer_on(x: Variables, inspector: int, morning: int) -> None:
    afternoon = x.on_duty(inspector, morning + 1)
    all_day = {(duty.visit, duty.start) for duty in x.on_duty(inspector, morning)} & {
        (duty.visit, duty.start) for duty in afternoon
    }
    early = _by_place(x, [duty for duty in x.on_duty(inspector, morning) if (duty.visit, duty.start) not in all_day])
    late = _by_place(x, [duty for duty in afternoon if (duty.visit, duty.start) not in all_day])
    for place, terms in early.items():
        far = [term for other, others in late.items() if _is_too_far(x, place, other) for term in others]
        if far:
            at_most(x, terms + far, 1)


def _transfer_from_past(x: Variables, inspector: int) -> None:
    """A visit of the history in the other half of the day keeps away those that are too far from it."""
    history, index = x.scope.candidates.history, x.scope.travel.index
    for slot, inspectee_id in history.busy.get(x.scope.problem.inspectors[inspector].id, {}).items():
        inspectee = x.scope.candidates.inspectees.get(inspectee_id)
        if inspectee is None:
            continue
        past = index[inspectee.place]
        for place, terms in _by_place(x, x.on_duty(inspector, slot ^ 1)).items():
            drive = (past, place) if slot % 2 == 0 else (place, past)
            if _is_too_far(x, *drive):
                at_most(x, terms, 0)


def _by_place(x: Variables, duties: Sequence[Duty]) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = {}
    for duty in duties:
        found.setdefault(x.scope.place(duty.visit), []).append(duty.term)
    return found


def _is_too_far(x: Variables, morning: int, afternoon: int) -> bool:
    return bool(x.scope.travel.minutes[morning, afternoon] > x.scope.problem.transfer_max_minutes)
