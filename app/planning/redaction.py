"""Files, violations and reasons for readers who may not know of some visits: without any trace of them.

In files the people of a secret visit are not available on its days, and its inspectee is named only for what else
happens there; the score is counted anew. A clash with a secret visit names neither it nor its time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from app.planning.publication import ELSEWHERE
from app.planning.violations import RuleViolation
from solver.checker import check
from solver.demand.context import disjoint, last_day
from solver.demand.keys import parse_key
from solver.io import parse_plan, parse_problem, plan_to_json, problem_to_json
from solver.plan import Plan, PlanStatus
from solver.problem import DateRange, Inspector, Problem
from solver.reasons import Reason

Json = Mapping[str, Any]

CLOSE = "inspectee_gap"
"""The code of a clash at an inspectee: whether it is the same half-day or too near is not told."""
AWAY = "available"
"""The code of a clash about somebody: absent, without a reason."""


def redacted(
    problem: Json, solution: Json | None, secret: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Both contract files of a plan without the visits of these keys."""
    whole = parse_problem(dict(problem))
    if solution is None:
        return problem_to_json(_without(whole, {}, secret)), None
    given = parse_plan(dict(solution), whole)
    lengths = {visit.id: visit.half_days for visit in whole.visits}
    away: dict[str, list[DateRange]] = defaultdict(list)
    for each in given.assignments:
        if each.visit in secret:
            for member in each.team:
                away[member].append(DateRange(each.day, last_day(each.day, lengths[each.visit])))
    shown = _without(whole, away, secret)
    plan = Plan(
        problem=given.problem,
        assignments=tuple(each for each in given.assignments if each.visit not in secret),
        unscheduled=tuple(
            replace(each, reasons=tuple(_reason_without(reason, secret) for reason in each.reasons))
            for each in given.unscheduled
            if each.visit not in secret
        ),
        score=given.score,
        status=PlanStatus.FEASIBLE,
    )
    return problem_to_json(shown), plan_to_json(replace(plan, score=check(shown, plan).score), shown)


def _without(whole: Problem, away: Mapping[str, list[DateRange]], secret: Collection[str]) -> Problem:
    """The problem without some visits, their inspectees and places; their people are away."""
    held = {member: list(days) for member, days in away.items()}
    for past in whole.history:
        if past.visit in secret:
            for member in past.team:
                held.setdefault(member, []).append(DateRange(past.day, last_day(past.day, past.half_days)))
    visits = tuple(visit for visit in whole.visits if visit.id not in secret)
    history = tuple(past for past in whole.history if past.visit not in secret)
    visited = {visit.inspectee for visit in visits}
    inspectees = tuple(inspectee for inspectee in whole.inspectees if inspectee.id in visited)
    inspectors = tuple(_away(person, held.get(person.id, ())) for person in whole.inspectors)
    at = {inspectee.place for inspectee in inspectees} | {person.base for person in inspectors}
    return replace(
        whole,
        places=tuple(place for place in whole.places if place.id in at),
        inspectors=inspectors,
        inspectees=inspectees,
        visits=visits,
        history=history,
        precedences=tuple(each for each in whole.precedences if not {each.before, each.after} & set(secret)),
        pins=tuple(pin for pin in whole.pins if pin.visit not in secret),
        baseline=tuple(each for each in whole.baseline if each.visit not in secret),
    )


def _away(person: Inspector, days: Collection[DateRange]) -> Inspector:
    return replace(person, unavailable=disjoint((*person.unavailable, *days))) if days else person


def _reason_without(reason: Reason, secret: Collection[str]) -> Reason:
    return Reason(reason.code) if names_any(reason.details, secret) else reason


def unnamed_reason(reason: Json, secret: Collection[str]) -> Json:
    """A stored reason; of one that names a secret visit the code alone is left."""
    return {"code": reason["code"]} if names_any(reason, secret) else reason


def unnamed(violation: RuleViolation, secret: Collection[str]) -> RuleViolation:
    """A violation; of one with a secret visit it is left who is away, or that the inspectee's day cannot be had."""
    if violation.visit.rstrip(ELSEWHERE) in secret:
        others = [value for value in violation.details.values() if isinstance(value, str) and value not in secret]
        own = next((value for value in others if parse_key(value) is not None), "")
        violation = replace(violation, visit=own)
    elif not names_any(violation.details, secret):
        return violation
    inspector = violation.details.get("inspector")
    if isinstance(inspector, str):
        return RuleViolation(AWAY, violation.visit, {"inspector": inspector})
    return RuleViolation(CLOSE, violation.visit, {})


def names_any(value: object, secret: Collection[str]) -> bool:
    """Whether a secret visit is named anywhere in a value."""
    if isinstance(value, str):
        return value.rstrip(ELSEWHERE) in secret
    if isinstance(value, Mapping):
        return any(names_any(each, secret) for each in value.values())
    if isinstance(value, (list, tuple)):
        return any(names_any(each, secret) for each in value)
    return False
