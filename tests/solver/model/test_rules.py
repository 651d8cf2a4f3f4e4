"""Each rule alone allows what the shared cases allow and forbids what they forbid; the checker is held to the same."""

from __future__ import annotations

import pytest
from ortools.sat.python import cp_model

from solver.calendar import Slot
from solver.candidates import PRUNED_CODES, Candidates
from solver.model.build import build, steady_solver
from solver.model.rules import RULES
from solver.model.scope import Scope
from solver.model.variables import Variables
from solver.plan import Plan
from solver.problem import Problem
from solver.timetable import Placement, Timetable
from solver.travel import TravelTable
from tests.builders import MONDAY, TUESDAY, a_plan, a_problem, a_visit, an_assignment, an_inspector
from tests.solver.rules import CASES
from tests.solver.rules.case import Case


def scope_of(problem: Problem, fixed: dict[int, Placement] | None = None) -> Scope:
    """All visits of the problem free but those that are fixed."""
    free = tuple(number for number in range(len(problem.visits)) if number not in (fixed or {}))
    return Scope(Candidates(problem), TravelTable.of(problem), free, fixed=fixed or {})


def fix(x: Variables, plan: Plan) -> bool:
    """Hold the free visits where the plan has them; whether the candidates allow that at all."""
    placements = Timetable.of(x.scope.candidates, plan.assignments).placements
    for visit in x.scope.free:
        placement = placements.get(visit)
        starts, members = dict(x.all_starts(visit)), dict(x.all_members(visit))
        if placement is None:
            for term in (x.placed(visit), *starts.values(), *members.values()):
                x.model.add(term == 0)
            continue
        x.model.add(x.placed(visit) == 1)
        if placement.start not in starts or not set(placement.team) <= members.keys():
            return False
        for slot, term in starts.items():
            x.model.add(term == (slot == placement.start))
        for inspector, term in members.items():
            x.model.add(term == (inspector in placement.team))
        for inspector in placement.team:
            if placement.start not in dict(x.duties(visit, inspector)):
                return False
    return True


def is_possible(x: Variables, plan: Plan) -> bool:
    """Whether the plan is a solution."""
    return fix(x, plan) and steady_solver(1, 1.0).solve(x.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def with_rule(problem: Problem, code: str) -> Variables:
    """A model with one rule alone."""
    x = Variables(scope_of(problem))
    RULES[code](x)
    return x


ABOUT_THE_MODEL = [case for case in CASES if case.code != "once" and "leader" not in case.violation.details]
"""All cases but those about how a plan is written down: a visit listed twice, a leader's name."""


@pytest.mark.parametrize("case", ABOUT_THE_MODEL, ids=str)
def test_all_rules_together_allow_the_allowed_plan(case: Case) -> None:
    assert is_possible(build(scope_of(case.problem)), case.allowed)


@pytest.mark.parametrize("case", [case for case in ABOUT_THE_MODEL if case.code in RULES], ids=str)
def test_rule_alone_forbids_the_forbidden_plan(case: Case) -> None:
    assert is_possible(with_rule(case.problem, case.code), case.allowed)
    assert not is_possible(with_rule(case.problem, case.code), case.forbidden)


@pytest.mark.parametrize("case", [case for case in ABOUT_THE_MODEL if case.code in PRUNED_CODES], ids=str)
def test_candidates_alone_forbid_the_forbidden_plan(case: Case) -> None:
    assert not is_possible(Variables(scope_of(case.problem)), case.forbidden)


def test_once_allows_one_start_and_forbids_two() -> None:
    x = with_rule(a_problem(), "once")
    x.model.add(x.placed(0) == 1)
    x.model.add(x.starts(0, 0) == 1)
    assert steady_solver(1, 1.0).solve(x.model) == cp_model.OPTIMAL

    x.model.add(x.starts(0, 3) == 1)
    assert steady_solver(1, 1.0).solve(x.model) == cp_model.INFEASIBLE


def test_fixed_visits_count_like_free_ones() -> None:
    """The fixed visit has the only inspector on Monday morning; the free one may have the afternoon."""
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2", inspectee="e1")), inspectors=(an_inspector("i1"),))
    monday_morning = Placement(Slot(0), (0,))

    def possible(half: str) -> bool:
        plan = a_plan(an_assignment("v2", MONDAY, "pm" if half == "pm" else "am"))
        return is_possible(build(scope_of(problem, {0: monday_morning})), plan)

    assert [possible("am"), possible("pm")] == [False, True]


def test_a_visit_that_is_neither_free_nor_fixed_is_left_out() -> None:
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2")))
    x = Variables(Scope(Candidates(problem), TravelTable.of(problem), (0,)))

    assert (x.placed(1), x.starts(1, 0), x.member(1, 0)) == (0, 0, 0)


def test_duties_stand_at_the_visit_s_own_start() -> None:
    """Who is in the team is on duty where the visit begins, and nowhere else."""
    x = build(scope_of(a_problem()))
    monday, tuesday = (x.scope.calendar.slot(day, "am") for day in (MONDAY, TUESDAY))
    assert monday is not None
    assert tuesday is not None
    x.model.add(x.starts(0, tuesday) == 1)
    duties = dict(x.duties(0, 0))
    solver = steady_solver(1, 1.0)

    assert solver.solve(x.model) == cp_model.OPTIMAL
    assert [solver.value(duties[monday]), solver.value(duties[tuesday])] == [0, 1]
