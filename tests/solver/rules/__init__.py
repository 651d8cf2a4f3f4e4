"""For each hard rule what it allows and what it forbids, as data: whatever knows the rules is held to these."""

from __future__ import annotations

from tests.solver.rules.case import Case
from tests.solver.rules.load import LOAD_CASES
from tests.solver.rules.pins import PIN_CASES
from tests.solver.rules.team import TEAM_CASES
from tests.solver.rules.time import TIME_CASES

CASES: tuple[Case, ...] = (*TIME_CASES, *TEAM_CASES, *LOAD_CASES, *PIN_CASES)
"""At least one case for every rule code."""
