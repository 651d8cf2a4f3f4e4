"""The score part ``travel`` as an expression: exactly, by what an inspector does on each day and in each night.

For an inspector with base b and price of a night c on day d, let am_p, pm_p and all_p say that the morning, the
afternoon, or one visit's whole day is spent at place p, and w_pq that two visits fill the day, at p and then at q. With
out_p = b → p and in_p = p → b, far surcharges included, the day costs by itself

    Σ_p (am_p + pm_p + all_p) · (out_p + in_p) + Σ_pq w_pq · (p → q − in_p − out_q).

The first place of the day is p where am_p + all_p + pm_p − Σ_q w_qp = 1, the last where pm_p + all_p + am_p − Σ_q w_pq
= 1. A night between consecutive dates may be spent away, from p to q, which saves in_p + out_q − (p → q) − c
where that is positive; the solver takes every saving that last and first place allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solver.calendar import Day
from solver.model.variables import Expression, Term, Variables, sum_of

ByPlace = Mapping[int, Expression]


@dataclass(frozen=True, slots=True)
class _DayEnds:
    """Where a day of duty begins and ends: per place a 0/1 expression."""

    first: ByPlace
    last: ByPlace


def travel(x: Variables) -> Expression:
    """Metres of the inspectors who can be in a free visit's team."""
    return sum_of([_metres(x, inspector) for inspector in x.inspectors])


def _metres(x: Variables, inspector: int) -> Expression:
    """Metres of one inspector: each day by itself, less what nights away save."""
    costs: list[Expression] = []
    ends: dict[int, _DayEnds] = {}
    for day in sorted({slot // 2 for slot in x.slots_of_duty(inspector)}):
        cost, ends[day] = _day(x, inspector, day)
        costs.append(cost)
    for day, evening in ends.items():
        if day + 1 in ends and x.scope.calendar.follows(Day(day)):
            costs.append(-_saved(x, inspector, day, evening.last, ends[day + 1].first))
    return sum_of(costs)


def _day(x: Variables, inspector: int, day: int) -> tuple[Expression, _DayEnds]:
    """What the day costs by itself, and where it begins and ends."""
    morning, afternoon = x.scope.calendar.slots_of_day(Day(day))
    am_duties = {(duty.visit, duty.start): duty.term for duty in x.on_duty(inspector, morning)}
    pm_duties = {(duty.visit, duty.start): duty.term for duty in x.on_duty(inspector, afternoon)}
    whole = _by_place(x, {key: term for key, term in am_duties.items() if key in pm_duties})
    am = _by_place(x, {key: term for key, term in am_duties.items() if key not in pm_duties})
    pm = _by_place(x, {key: term for key, term in pm_duties.items() if key not in am_duties})
    both = _both(x, f"{inspector},{day}", am, pm)
    base, metres = x.scope.base(inspector), x.scope.travel.metres
    out, back = x.scope.travel.base_drives(base, _night(x, inspector))
    costs = [
        expression * int(out[place] + back[place])
        for by_place in (whole, am, pm)
        for place, expression in by_place.items()
    ]
    costs += [term * int(metres[p, q] - back[p] - out[q]) for (p, q), term in both.items()]
    places = {*whole, *am, *pm}
    stays = {place: whole.get(place, 0) + am.get(place, 0) + pm.get(place, 0) for place in places}
    return sum_of(costs), _DayEnds(
        first={place: stays[place] - sum_of([term for (_, q), term in both.items() if q == place]) for place in places},
        last={place: stays[place] - sum_of([term for (p, _), term in both.items() if p == place]) for place in places},
    )


def _both(x: Variables, name: str, am: ByPlace, pm: ByPlace) -> dict[tuple[int, int], Term]:
    """w_pq: the morning at p and the afternoon at q, 1 exactly if both are so."""
    both: dict[tuple[int, int], Term] = {}
    for p, morning in am.items():
        for q, afternoon in pm.items():
            both[p, q] = x.model.new_bool_var(f"both[{name},{p},{q}]")
            x.model.add(both[p, q] >= morning + afternoon - 1)
    for p, morning in am.items():
        x.model.add(sum_of([both[p, q] for q in pm]) <= morning)
    for q, afternoon in pm.items():
        x.model.add(sum_of([both[p, q] for p in am]) <= afternoon)
    return both


def _saved(x: Variables, inspector: int, day: int, last: ByPlace, first: ByPlace) -> Expression:
    """Metres that a night away saves: at most one pair of last and first place."""
    base, table, night = x.scope.base(inspector), x.scope.travel, _night(x, inspector)
    out, back = table.base_drives(base, night)
    savings: list[Expression] = []
    away: dict[tuple[int, int], Term] = {}
    for p in last:
        for q in first:
            saving = int(back[p] + out[q] - table.metres[p, q]) - night
            if saving > 0:
                away[p, q] = x.model.new_bool_var(f"away[{inspector},{day},{p},{q}]")
                savings.append(away[p, q] * saving)
    for p in {p for p, _ in away}:
        x.model.add(sum_of([term for (here, _), term in away.items() if here == p]) <= last[p])
    for q in {q for _, q in away}:
        x.model.add(sum_of([term for (_, there), term in away.items() if there == q]) <= first[q])
    return sum_of(savings)


def _night(x: Variables, inspector: int) -> int:
    """What a night away costs the inspector, in metres."""
    return x.scope.problem.night_metres_of(x.scope.problem.inspectors[inspector])


def _by_place(x: Variables, duties: Mapping[tuple[int, int], Term]) -> dict[int, Expression]:
    terms: dict[int, list[Term]] = {}
    for (visit, _), term in duties.items():
        terms.setdefault(x.scope.place(visit), []).append(term)
    return {place: sum_of(list(at_place)) for place, at_place in terms.items()}
