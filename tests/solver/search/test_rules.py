"""The compiled rules allow what the shared cases allow and forbid what they forbid, like the model and the checker."""

from __future__ import annotations

import numpy as np
import pytest

from solver.candidates import Candidates
from solver.plan import Plan
from solver.problem import Problem
from solver.search import layout
from solver.search.arrays import compile_tables
from solver.search.draft import Draft
from solver.timetable import Timetable
from tests.solver.rules import CASES
from tests.solver.rules.case import Case

NOT_IN_THE_ARRAYS = {"once", "team_size"}
"""A visit has one record with a seat per member: these two cannot be broken there."""

ABOUT_THE_ARRAYS = [
    case
    for case in CASES
    if case.code not in NOT_IN_THE_ARRAYS and "leader" not in case.violation.details and case.forbidden.assignments
]
"""Nor does a record name a leader; and that a pin stands is seen to by construction, not by the arrays."""


def is_held(problem: Problem, plan: Plan) -> bool:
    """Whether every assignment of the plan can be put into the arrays."""
    candidates = Candidates(problem)
    tables = compile_tables(candidates, range(len(problem.visits)), range(len(problem.inspectors)))
    draft = Draft.blank(tables)
    rows = np.full_like(draft.plan, layout.UNSCHEDULED)
    for visit, placement in Timetable.of(candidates, plan.assignments).placements.items():
        rows[visit, layout.START] = placement.start
        rows[visit, layout.TEAM : layout.TEAM + len(placement.team)] = placement.team
    draft.restore(np.arange(len(problem.visits), dtype=np.int64), rows)
    return len(problem.visits) - len(draft.unscheduled()) == len(plan.assignments)


@pytest.mark.parametrize("case", ABOUT_THE_ARRAYS, ids=str)
def test_arrays_hold_the_allowed_plan_and_refuse_the_forbidden_one(case: Case) -> None:
    assert is_held(case.problem, case.allowed)
    assert not is_held(case.problem, case.forbidden)
