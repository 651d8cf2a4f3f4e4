"""Reviews: a banner that may be reviewed in the same half of a year lends nobody; later ones do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.demand import Demand, DemandSettings, KnownAssignment, demand
from tests.solver.demand.builders import COMPULSORY, a_government, a_target, an_input, visit_of

OWN, OTHER = "150424", "150403"


def _reviews(years: tuple[int, int], **changes: Any) -> Demand:
    """The chains of two banners to be validated in these years, planned from 2022-09-01 for the calendar years."""
    given = an_input(
        last=date(2026, 12, 31),
        inspectees=(a_government(), a_government(id="g150403", number="150403", banner=OTHER)),
        programmes=(COMPULSORY,),
        targets=(a_target(year=years[0]), a_target(id="other", banner=OTHER, year=years[1])),
    )
    return demand(replace(given, **changes))


def _excluded(asked: Demand, key: str = f"chain-{OWN}-compulsory_quality-review") -> tuple[str, ...]:
    visit = visit_of(asked, key)
    assert visit is not None
    return visit.excludes_people_of


def test_banners_reviewed_in_the_same_year_lend_each_other_nobody() -> None:
    asked = _reviews((2025, 2025))
    assert _excluded(asked) == (OTHER,)
    assert _excluded(asked, "chain-other-review") == (OWN,)


def test_a_banner_reviewed_in_another_year_lends_its_people() -> None:
    assert _excluded(_reviews((2024, 2026))) == ()


def test_a_launch_excludes_nobody_else() -> None:
    assert _excluded(_reviews((2025, 2025)), f"chain-{OWN}-compulsory_quality-launch") == ()


def test_a_setting_lets_reviewed_banners_lend() -> None:
    settings = DemandSettings(reviewed_banners_lend_nobody=False)
    assert _excluded(_reviews((2025, 2025), settings=settings)) == ()


@pytest.mark.parametrize(("day", "excluded"), [(date(2024, 11, 14), True), (date(2024, 5, 14), False)])
def test_a_review_that_is_assigned_counts_in_its_half_year(day: date, excluded: bool) -> None:
    held = KnownAssignment("chain-other-review", "g150403", day, day, (("compulsory_quality", "review"),), fixed=True)
    asked = _reviews((2025, 2029), assignments=(held,))
    assert _excluded(asked) == ((OTHER,) if excluded else ())
