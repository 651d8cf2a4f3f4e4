"""The score parts as expressions over the variables, one function per part, each exact (docs/contract.md section 4).

Visits that are fixed, or neither free nor fixed, bring the same in all solutions: only ``balance`` counts them, and
``travel`` and ``overload`` as far as they share people with the free ones. Of a whole problem, with nothing fixed,
every part has its value of the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from ortools.sat.python import cp_model

from solver.calendar import Slot
from solver.model.rules.load import half_days_by_stretch
from solver.model.travel import travel
from solver.model.variables import Expression, Term, Variables, sum_of, total_of
from solver.plan import METRES_PER_KILOMETRE
from solver.problem import BaselineAssignment

Part = Callable[[Variables], Expression]


def unscheduled(x: Variables) -> Expression:
    """Σ_v weight_v · (1 − placed(v)) over the free visits."""
    return total_of([(x.scope.visit(visit).weight, 1 - x.placed(visit)) for visit in x.scope.free])


def balance(x: Variables) -> Expression:
    """Σ_groups Σ_i ⌊|load_i · S − share_i · L| / S⌋, by one whole number z_i ≥ 0 with S · z_i ≥ |…| − (S − 1).

    The least such z_i is the rounded-down quotient. Loads hold ``load_before``, history and fixed visits.
    """
    inspectors = x.scope.problem.inspectors
    deviations: list[tuple[int, Expression]] = []
    for group in x.scope.problem.balance_groups:
        bears = x.scope.candidates.bearers(group)
        members = [number for number in range(len(inspectors)) if bears[number]]
        shares = sum(inspectors[number].share for number in members)
        if shares == 0:
            continue
        loads = {number: _load(x, number) for number in members}
        together = total_of([(1, load) for load in loads.values()])
        most = sum(_most_load(x, number) for number in members)
        for number in members:
            z = x.model.new_int_var(0, most, f"balance[{group},{number}]")
            difference = loads[number] * shares - together * inspectors[number].share
            x.model.add(shares * z >= difference - (shares - 1))
            x.model.add(shares * z >= -difference - (shares - 1))
            deviations.append((1, z))
    return total_of(deviations)


def buffer(x: Variables) -> Expression:
    """Σ_v Σ_s max(0, buffer_days − (latest − last day)) · starts(v, s)."""
    calendar = x.scope.calendar
    terms: list[tuple[int, Expression]] = []
    for number in x.scope.free:
        visit = x.scope.visit(number)
        for slot, term in x.all_starts(number):
            spare = (visit.latest - calendar.last_date(Slot(slot), visit.half_days)).days
            terms.append((max(0, x.scope.problem.buffer_days_of(visit) - spare), term))
    return total_of(terms)


def overload(x: Variables) -> Expression:
    """Σ_i Σ_months z with z ≥ half-days of duty − (level − history), z ≥ 0, and z = 0 in a month without duty.

    Where history alone is above the level by e > 0, the month costs e as soon as there is a duty in it: z ≥ half-days
    of duty + e · duty for each duty of the month; duties outside the scope count as any.
    """
    excess: list[tuple[int, Expression]] = []
    for inspector in x.inspectors:
        level = x.scope.problem.inspectors[inspector].level
        if level is None:
            continue
        for number, terms in half_days_by_stretch(x, inspector, "month").items():
            month = x.scope.calendar.months[number]
            room = level - x.scope.past_in_month(inspector, month)
            most = sum(half_days for half_days, _ in terms)
            if most <= room:
                continue
            z = x.model.new_int_var(0, most + max(0, -room), f"overload[{inspector},{number}]")
            if room >= 0 or (inspector, month) in x.scope.elsewhere:
                x.model.add(z >= total_of(terms) - room)
            else:
                for _, duty in terms:
                    x.model.add(z >= total_of([*terms, (-room, duty)]))
            excess.append((1, z))
    return total_of(excess)


def preference(x: Variables) -> Expression:
    """Σ_v missed(v), with missed(v) ≥ placed(v) − Σ_{i preferred} member(v, i), over visits that prefer somebody."""
    missed: list[tuple[int, Expression]] = []
    for number in x.scope.free:
        prefers = x.scope.visit(number).prefers
        if prefers:
            preferred = [x.member(number, x.scope.candidates.inspector_numbers[name]) for name in prefers]
            term = x.model.new_bool_var(f"missed[{number}]")
            x.model.add(term >= x.placed(number) - sum_of(preferred))
            missed.append((1, term))
    return total_of(missed)


def change_day(x: Variables) -> Expression:
    """Baseline assignments whose visit begins on another day or is left out: 1 − Σ_{s on the day} starts(v, s)."""
    return total_of([(1, 1 - total_of([(1, term) for term in _same_day(x, given)])) for given in _baseline(x)])


def change_half(x: Variables) -> Expression:
    """Baseline assignments that begin on the same day in the other half."""
    terms: list[tuple[int, Expression]] = []
    for given in _baseline(x):
        slot = x.scope.calendar.slot(given.day, given.half)
        if slot is not None:
            terms.append((1, x.starts(_number(x, given), slot ^ 1)))
    return total_of(terms)


def change_member(x: Variables) -> Expression:
    """Baseline members no longer in the team of a visit that stands: placed(v) − member(v, i)."""
    numbers = x.scope.candidates.inspector_numbers
    terms: list[tuple[int, Expression]] = []
    for given in _baseline(x):
        visit = _number(x, given)
        for name in given.team:
            member: Term = x.member(visit, numbers[name]) if name in numbers else 0
            terms.append((1, x.placed(visit) - member))
    return total_of(terms)


def changed(x: Variables) -> Expression:
    """Baseline assignments whose day, half or team differs, or whose visit is left out: what least change counts.

    same(b) ≤ starts(v, s_b), same(b) ≤ member(v, i) for each baseline member; no baseline team of another size, or
    with somebody who has left, can be the same.
    """
    numbers = x.scope.candidates.inspector_numbers
    same: list[tuple[int, Expression]] = []
    for given in _baseline(x):
        visit = _number(x, given)
        slot = x.scope.calendar.slot(given.day, given.half)
        size = x.scope.visit(visit).team.size
        if slot is not None and len(given.team) == size and all(name in numbers for name in given.team):
            term = x.model.new_bool_var(f"same[{visit}]")
            x.model.add(term <= x.starts(visit, slot))
            for name in given.team:
                x.model.add(term <= x.member(visit, numbers[name]))
            same.append((1, term))
    return len(_baseline(x)) - total_of(same)


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "unscheduled": unscheduled,
        "travel": travel,
        "balance": balance,
        "buffer": buffer,
        "preference": preference,
        "change_day": change_day,
        "change_half": change_half,
        "change_member": change_member,
        "overload": overload,
    }
)
"""The function of each score part, by its name in the weights; ``travel`` in metres."""


def total(x: Variables) -> Expression:
    """The weighted total of a whole problem: the travel part in whole kilometres k with 1000 · k ≥ metres − 999."""
    weights = x.scope.problem.weights
    terms = _weighted_parts(x, PARTS)
    if weights.travel:
        metres = travel(x)
        kilometres = x.model.new_int_var(0, cp_model.INT32_MAX, "kilometres")
        x.model.add(METRES_PER_KILOMETRE * kilometres >= metres - (METRES_PER_KILOMETRE - 1))
        terms.append((weights.travel, kilometres))
    return total_of(terms)


def thousandths(x: Variables, metres: Part = travel, parts: Collection[str] = PARTS) -> Expression:
    """A thousand times the total up to a constant, metres unrounded: to compare solutions of a part of a problem.

    ``metres`` may be another measure of travel than the exact one; of the other parts those named are counted.
    """
    weights = x.scope.problem.weights
    terms = [(METRES_PER_KILOMETRE * weight, part) for weight, part in _weighted_parts(x, parts)]
    if weights.travel:
        terms.append((weights.travel, metres(x)))
    return total_of(terms)


def _weighted_parts(x: Variables, parts: Collection[str]) -> list[tuple[int, Expression]]:
    """Each of the parts but travel that has a weight."""
    weights = x.scope.problem.weights
    return [
        (getattr(weights, name), part(x))
        for name, part in PARTS.items()
        if name in parts and name != "travel" and getattr(weights, name)
    ]


def _baseline(x: Variables) -> list[BaselineAssignment]:
    """The baseline assignments of free visits."""
    baseline = x.scope.candidates.baseline
    return [baseline[number] for number in x.scope.free if number in baseline]


def _number(x: Variables, given: BaselineAssignment) -> int:
    return x.scope.candidates.visit_numbers[given.visit]


def _same_day(x: Variables, given: BaselineAssignment) -> list[Term]:
    day = x.scope.calendar.day_number(given.day)
    if day is None:
        return []
    return [x.starts(_number(x, given), slot) for slot in x.scope.calendar.slots_of_day(day)]


def _load(x: Variables, inspector: int) -> Expression:
    """Half-days of an inspector that count in the balance."""
    free = [(x.scope.visit(number).half_days, x.member(number, inspector)) for number in x.scope.free]
    return total_of([(half_days, term) for half_days, term in free if not isinstance(term, int)]) + _given_load(
        x, inspector
    )


def _given_load(x: Variables, inspector: int) -> int:
    given = x.scope.problem.inspectors[inspector]
    fixed = sum(x.scope.visit(number).half_days for number in x.scope.fixed_of_inspector.get(inspector, ()))
    return given.load_before + x.scope.candidates.history.total_half_days(given.id) + fixed


def _most_load(x: Variables, inspector: int) -> int:
    return _given_load(x, inspector) + sum(x.scope.visit(number).half_days for number in x.scope.free)
