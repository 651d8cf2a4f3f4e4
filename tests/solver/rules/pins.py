"""Cases of the rule about pins."""

from __future__ import annotations

from solver.problem import Pin
from solver.reasons import Violation
from tests.builders import MONDAY, TUESDAY, a_plan, a_problem, a_visit, an_assignment, an_inspector
from tests.solver.rules.case import Case

PEOPLE = tuple(an_inspector(name) for name in ("i1", "i2", "i3"))
DAY_PINNED = a_problem(inspectors=PEOPLE, pins=(Pin("v1", MONDAY, "am"),))
TEAM_PINNED = a_problem(
    inspectors=PEOPLE,
    visits=(a_visit(size=2),),
    pins=(Pin("v1", MONDAY, "am", team=("i1", "i2"), leader="i1"),),
)
VIOLATION = Violation("pinned", "v1", {"day": MONDAY, "half": "am"})

PIN_CASES = (
    Case(
        "a pin without a team leaves the team free, not the day",
        DAY_PINNED,
        a_plan(an_assignment(team=("i3",))),
        a_plan(an_assignment(day=TUESDAY)),
        VIOLATION,
    ),
    Case(
        "nor the half",
        DAY_PINNED,
        a_plan(an_assignment(half="am")),
        a_plan(an_assignment(half="pm")),
        VIOLATION,
    ),
    Case(
        "what is pinned is not left out",
        DAY_PINNED,
        a_plan(an_assignment()),
        a_plan(left_out=("v1",)),
        VIOLATION,
    ),
    Case(
        "the pinned team stands in any order, and its leader is advice",
        TEAM_PINNED,
        a_plan(an_assignment(team=("i2", "i1"), leader="i2")),
        a_plan(an_assignment(team=("i1", "i3"))),
        VIOLATION,
    ),
)
