"""What a night away costs: by the rates of kilometres and nights, more for part-timers, else by the setting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.accounts.settings import RuleSettings
from app.models import CostKind, CostRate, PersonKind
from app.planning.nights import NightPrices

DAY = date(2023, 3, 14)


def _rate(kind: CostKind, fen: int, **changes: Any) -> CostRate:
    fields: dict[str, Any] = {"kind": kind, "fen": fen, "first_on": date(2023, 1, 1)}
    return CostRate(**fields | changes)


RATES = (_rate(CostKind.NIGHT, 30_000), _rate(CostKind.TRAVEL, 150))


def test_a_night_costs_as_much_as_the_kilometres_that_its_rate_pays() -> None:
    # 300 yuan a night, 1.5 yuan a kilometre: 200 km
    assert NightPrices.by(RuleSettings(), RATES, DAY).metres == 200_000


@pytest.mark.parametrize(
    "rates",
    [
        (),
        RATES[:1],
        RATES[1:],
        (*RATES[1:], _rate(CostKind.NIGHT, 30_000, last_on=date(2023, 3, 13))),
        (*RATES[1:], _rate(CostKind.NIGHT, 30_000, first_on=date(2023, 3, 15))),
        (RATES[0], _rate(CostKind.TRAVEL, 0)),
    ],
)
def test_without_both_rates_of_the_day_the_setting_counts(rates: tuple[CostRate, ...]) -> None:
    assert NightPrices.by(RuleSettings(overnight_metres=70_000), rates, DAY).metres == 70_000


@pytest.mark.parametrize(
    ("kind", "metres"),
    [
        (PersonKind.FULL_TIME, 200_000),
        (PersonKind.PART_TIME, 600_000),
        (PersonKind.INVITED, 600_000),
        (PersonKind.EXPERT, 200_000),
    ],
)
def test_part_time_inspectors_nights_cost_a_percentage_of_the_rate(kind: PersonKind, metres: int) -> None:
    prices = NightPrices.by(RuleSettings(part_time_night_percent=300), RATES, DAY)
    assert prices.for_kind(kind) == metres
