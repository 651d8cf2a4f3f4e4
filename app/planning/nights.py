"""What a night away costs each person, in metres on the road: by the cost rates, and more for part-time inspectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from app.accounts.settings import RuleSettings
from app.models import CostKind, CostRate, PersonKind

METRES_PER_KILOMETRE = 1000
PERCENT = 100


@dataclass(frozen=True, slots=True)
class NightPrices:
    """The price of a night, of a full-time person and of one who teaches or works elsewhere on the next day."""

    metres: int
    part_time_metres: int

    @classmethod
    def of(cls, session: Session, rules: RuleSettings, on: date) -> NightPrices:
        """The prices by the rates of a day, or by the setting where there is no rate of nights or of kilometres."""
        return cls.by(rules, session.exec(select(CostRate)).all(), on)

    @classmethod
    def by(cls, rules: RuleSettings, rates: Sequence[CostRate], on: date) -> NightPrices:
        """The prices by some rates."""
        night, kilometre = (_fen(rates, kind, on) for kind in (CostKind.NIGHT, CostKind.TRAVEL))
        metres = night * METRES_PER_KILOMETRE // kilometre if night and kilometre else rules.overnight_metres
        return cls(metres, metres * rules.part_time_night_percent // PERCENT)

    def for_kind(self, kind: PersonKind) -> int:
        """The price of somebody's night."""
        return self.part_time_metres if kind in (PersonKind.PART_TIME, PersonKind.INVITED) else self.metres


def _fen(rates: Sequence[CostRate], kind: CostKind, on: date) -> int | None:
    """The rate of a kind that is valid on a day."""
    for rate in rates:
        if rate.kind is kind and rate.first_on <= on and (rate.last_on is None or rate.last_on >= on):
            return rate.fen
    return None
