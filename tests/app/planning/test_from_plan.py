"""Who leads a team: chief rank first, then those who may lead; among equals the planner's choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.planning.from_plan import led, with_leaders
from solver.io import plan_to_json, problem_to_json
from solver.plan import Assignment, Plan, PlanStatus, Score
from solver.problem import GreatCircle, Inspectee, Inspector, Place, Problem, TeamNeed, Visit, Weights

DAY = date(2023, 3, 14)


def _person(name: str, *tags: str, share: int = 4) -> Inspector:
    return Inspector(name, "p1", frozenset({"pool:a", *tags}), share)


PEOPLE = (
    _person("i1"),
    _person("i2", "lead"),
    _person("i3", "lead", share=18),
    _person("i4", "lead", "chief"),
)
PROBLEM = Problem(
    name="test",
    days=(DAY,),
    places=(Place("p1", 119, 42),),
    travel=GreatCircle(130, 900),
    transfer_max_minutes=45,
    overnight_metres=60_000,
    far_minutes=150,
    periods=(),
    inspectors=PEOPLE,
    inspectees=(Inspectee("e1", "p1"),),
    resources=(),
    visits=(Visit("v1", "e1", "round", 1, DAY, DAY, TeamNeed(2, ("pool:a",)), 10, 1),),
    precedences=(),
    pins=(),
    baseline=(),
    balance_groups=(),
    buffer_days=30,
    weights=Weights(1, 1, 1, 1, 1, 1, 1, 1),
)


def test_a_visit_that_requires_a_leader_of_one_office_is_led_by_one_of_it() -> None:
    people = (*PEOPLE, _person("i5", "lead", "lead:150400"))
    visit = replace(PROBLEM.visits[0], team=TeamNeed(2, ("pool:a",), {"lead:150400": 1}))
    problem = replace(PROBLEM, inspectors=people, visits=(visit,))
    plan = with_leaders(problem, _plan(("i4", "i5"), "i4"))
    assert plan.assignments[0].leader == "i5"


def _plan(team: tuple[str, ...], leader: str | None) -> Plan:
    return Plan("test", (Assignment("v1", DAY, "am", team, leader),), (), Score(), PlanStatus.FEASIBLE)


@pytest.mark.parametrize(
    ("team", "chosen", "leader"),
    [
        (("i1", "i2", "i4"), "i2", "i4"),  # chief rank goes first
        (("i1", "i2", "i3"), "i2", "i2"),  # equals: the planner's choice stays
        (("i1", "i2", "i3"), None, "i3"),  # none chosen: the larger share
        (("i1", "i2"), "i1", "i2"),  # who may not lead does not
        (("i1",), None, None),  # nobody may
    ],
)
def test_the_highest_rank_leads(team: tuple[str, ...], chosen: str | None, leader: str | None) -> None:
    assert with_leaders(PROBLEM, _plan(team, chosen)) == _plan(team, leader)


def test_the_same_holds_for_the_contract_files() -> None:
    given = plan_to_json(_plan(("i2", "i4"), "i2"), PROBLEM)
    assert led(problem_to_json(PROBLEM), given) == plan_to_json(_plan(("i2", "i4"), "i4"), PROBLEM)
