"""Chifeng's data: the real region, calendar, programmes and targets, and a made-up register of schools and people."""

from seed.load import SEED_NUMBER, ForeignRegisterError, load, load_into
from seed.report import FirstAccount, Part, SeedReport

__all__ = ["SEED_NUMBER", "FirstAccount", "ForeignRegisterError", "Part", "SeedReport", "load", "load_into"]
