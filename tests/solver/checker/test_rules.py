"""The checker and the hard rules: each allows what it should, and finds what it should where it should."""

from __future__ import annotations

import pytest

from solver.checker import check
from tests.solver.rules import CASES
from tests.solver.rules.case import Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_plan_that_keeps_the_rule_has_no_violation(case: Case) -> None:
    assert check(case.problem, case.allowed).violations == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_plan_that_breaks_the_rule_has_this_violation_alone(case: Case) -> None:
    assert check(case.problem, case.forbidden).violations == (case.violation,)
