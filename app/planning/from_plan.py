"""From the planner's answer to what is stored: who leads each team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.programmes.schemas import CHIEF
from solver.demand.teams import LEADER_OF
from solver.io import parse_plan, parse_problem, plan_to_json
from solver.plan import Assignment, Plan
from solver.problem import LEAD, Inspector, Problem


def with_leaders(problem: Problem, plan: Plan) -> Plan:
    """The plan with every team led by the highest rank in it: chief rank first, then others who may lead.

    A visit that requires a leader of one office is led by one of that office. Among equals the planner's own choice
    stays, else the one with the larger share leads. A team in which nobody may lead has no leader.
    """
    people = {inspector.id: inspector for inspector in problem.inspectors}
    tags = {visit.id: tag for visit in problem.visits for tag in visit.team.requires if tag.startswith(LEADER_OF)}
    return replace(plan, assignments=tuple(_led(people, each, tags.get(each.visit)) for each in plan.assignments))


def led(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> dict[str, Any]:
    """The same for the two contract files as JSON."""
    given = parse_problem(dict(problem))
    return plan_to_json(with_leaders(given, parse_plan(dict(solution), given)), given)


def _led(people: Mapping[str, Inspector], assignment: Assignment, office: str | None) -> Assignment:
    leaders = [people[member] for member in assignment.team if member in people and LEAD in people[member].tags]
    if not leaders:
        return assignment

    def rank(person: Inspector) -> tuple[bool, bool, bool, int, str]:
        is_elsewhere = office is not None and office not in person.tags
        return is_elsewhere, CHIEF not in person.tags, person.id != assignment.leader, -person.share, person.id

    return replace(assignment, leader=min(leaders, key=rank).id)
