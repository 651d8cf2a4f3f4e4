"""Plans made worse at random: what a checker must find, or must find harmless."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from solver.plan import Assignment, Plan
from solver.problem import Problem

Mutation = Callable[[Problem, Plan, Random], Plan]


def _changed(plan: Plan, position: int, entry: Assignment) -> Plan:
    entries = list(plan.assignments)
    entries[position] = entry
    return replace(plan, assignments=tuple(entries))


def moved(problem: Problem, plan: Plan, random: Random) -> Plan:
    """A visit on another inspection day."""
    position = random.randrange(len(plan.assignments))
    return _changed(plan, position, replace(plan.assignments[position], day=random.choice(problem.days)))


def shifted(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """A visit some days earlier or later, perhaps on a day that is none."""
    position = random.randrange(len(plan.assignments))
    entry = plan.assignments[position]
    return _changed(plan, position, replace(entry, day=entry.day + timedelta(days=random.randint(-3, 3))))


def other_half(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """A visit in the other half of its day."""
    position = random.randrange(len(plan.assignments))
    entry = plan.assignments[position]
    return _changed(plan, position, replace(entry, half="pm" if entry.half == "am" else "am"))


def other_member(problem: Problem, plan: Plan, random: Random) -> Plan:
    """Somebody else in the team."""
    position = random.randrange(len(plan.assignments))
    entry = plan.assignments[position]
    newcomer = random.choice(problem.inspectors).id
    if not entry.team or newcomer in entry.team:
        return plan
    seat = random.randrange(len(entry.team))
    team = (*entry.team[:seat], newcomer, *entry.team[seat + 1 :])
    leader = entry.leader if entry.leader in team else newcomer if entry.leader else None
    return _changed(plan, position, replace(entry, team=team, leader=leader))


def member_less(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """A team without one of its members."""
    position = random.randrange(len(plan.assignments))
    entry = plan.assignments[position]
    return _changed(plan, position, replace(entry, team=entry.team[1:]))


def other_leader(problem: Problem, plan: Plan, random: Random) -> Plan:
    """A leader who may be no member or may not lead, or none."""
    position = random.randrange(len(plan.assignments))
    entry = plan.assignments[position]
    leader = random.choice([None, random.choice(problem.inspectors).id])
    return _changed(plan, position, replace(entry, leader=leader))


def exchanged(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """Two visits with each other's day, half and team."""
    one, other = (random.randrange(len(plan.assignments)) for _ in range(2))
    first, second = plan.assignments[one], plan.assignments[other]
    plan = _changed(plan, one, replace(second, visit=first.visit))
    return plan if one == other else _changed(plan, other, replace(first, visit=second.visit))


def beside(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """A visit on the day of another with its team: double booking, drives at noon, caps."""
    one, other = (random.randrange(len(plan.assignments)) for _ in range(2))
    entry, model = plan.assignments[one], plan.assignments[other]
    half = entry.half if entry.half == "am" else model.half
    return _changed(plan, one, replace(entry, day=model.day, half=half, team=model.team, leader=model.leader))


def doubled(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """A visit that appears twice."""
    return replace(plan, assignments=(*plan.assignments, random.choice(plan.assignments)))


def forgotten(_problem: Problem, plan: Plan, random: Random) -> Plan:
    """A visit that appears nowhere."""
    position = random.randrange(len(plan.assignments))
    return replace(plan, assignments=plan.assignments[:position] + plan.assignments[position + 1 :])


MUTATIONS: tuple[Mutation, ...] = (
    moved,
    shifted,
    other_half,
    other_member,
    member_less,
    other_leader,
    exchanged,
    beside,
    doubled,
    forgotten,
)


def mutated(problem: Problem, plan: Plan, random: Random) -> Plan:
    """The plan after none to three random changes."""
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        if plan.assignments:
            plan = random.choice(MUTATIONS)(problem, plan, random)
    return plan
