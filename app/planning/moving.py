"""The check of one visit in force on another half-day: by the planner's checker, with what is in force around it.

Only the visits in force of the visit's own people and inspectee can conflict with it on another half-day. The problem
file of the visit's plan says who the people are, when they are available and when the inspectee is open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from app.assignments.reader import AssignmentRecord
from app.models import Half
from app.planning.names import inspectee_name, inspector_name
from app.planning.publication import ELSEWHERE
from app.planning.values import solver_half
from app.planning.violations import RuleViolation
from solver.checker import check
from solver.io import details_to_json, parse_problem
from solver.plan import Assignment, Plan, PlanStatus, Score


def has_visit(problem: Mapping[str, Any], key: str) -> bool:
    """Whether a problem file asks for the visit."""
    return any(visit["id"] == key for visit in problem["visits"])


def violations_of_move(
    problem: Mapping[str, Any], moved: AssignmentRecord, day: date, half: Half, around: Sequence[AssignmentRecord]
) -> list[RuleViolation]:
    """The hard rules that the visit would break on a half-day; ``around`` are the visits in force beside it."""
    given = parse_problem(_of_one_visit(problem, moved, around))
    team = tuple(map(inspector_name, moved.team))
    leader = inspector_name(moved.leader_id) if moved.leader_id is not None else None
    assignment = Assignment(moved.key, day, solver_half(half), team, leader)
    plan = Plan(given.name, (assignment,), (), Score(), PlanStatus.FEASIBLE)
    return [
        RuleViolation(each.code, each.visit, details_to_json(each.details))
        for each in check(given, plan).violations
        if each.visit == moved.key
    ]


def _of_one_visit(
    problem: Mapping[str, Any], moved: AssignmentRecord, around: Sequence[AssignmentRecord]
) -> dict[str, Any]:
    """The problem file with this visit and its team alone, and the visits around it as the history."""
    people = {inspector_name(member) for member in moved.team}
    inspectees = {inspectee_name(record.inspectee_id) for record in (moved, *around)}
    inspectee = inspectee_name(moved.inspectee_id)
    history = [past for past in problem.get("history", ()) if not past["team"] and past["inspectee"] == inspectee]
    names = {moved.key, *(past["visit"] for past in history)}
    for record in around:
        name = record.key
        while name in names:
            name += ELSEWHERE
        names.add(name)
        history.append(_past(record, name))
    return {
        **problem,
        "visits": [_for(people, visit) for visit in problem["visits"] if visit["id"] == moved.key],
        "inspectors": [inspector for inspector in problem["inspectors"] if inspector["id"] in people],
        "inspectees": [each for each in problem["inspectees"] if each["id"] in inspectees],
        "history": history,
        "precedences": [],
        "pins": [],
        "baseline": [],
        "balance_groups": [],
    }


def _for(people: Collection[str], visit: Mapping[str, Any]) -> dict[str, Any]:
    """The visit as far as it speaks of these people."""
    named = {name: [each for each in visit.get(name, ()) if each in people] for name in ("excluded", "prefers")}
    return {**visit, **named}


def _past(record: AssignmentRecord, name: str) -> dict[str, Any]:
    """A visit in force as an entry of a history; the routine visit that is moved adds no burden and takes no car."""
    return {
        "visit": name,
        "inspectee": inspectee_name(record.inspectee_id),
        "day": record.first_on.isoformat(),
        "half": record.half.value,
        "half_days": record.half_days,
        "team": [inspector_name(member) for member in record.team],
        "burden": 0,
        "resources": [],
    }
