"""Chifeng's data: the real region, calendar, programmes and targets, and a made-up register of schools and people."""

from seed.load import SEED_NUMBER, ForeignRegisterError, Wish, load, load_into
from seed.moving import MoveRefusedError
from seed.past import NoAdministratorError
from seed.report import FirstAccount, Part, SeedReport
from seed.scenarios import FIRST_ROUND, NEXT_ROUND, SCENARIOS, Scenario, ScenarioCode

__all__ = [
    "FIRST_ROUND",
    "NEXT_ROUND",
    "SCENARIOS",
    "SEED_NUMBER",
    "FirstAccount",
    "ForeignRegisterError",
    "MoveRefusedError",
    "NoAdministratorError",
    "Part",
    "Scenario",
    "ScenarioCode",
    "SeedReport",
    "Wish",
    "load",
    "load_into",
]
