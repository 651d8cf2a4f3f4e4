"""The nine targets of Chifeng's plan on 2022-09-01, planned to 2025-12-31: which phase falls into which year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from solver.demand import Demand, UnplannedReason, demand
from tests.solver.demand.builders import BANNERS, a_government, a_target, an_input, visit_of

COMPULSORY, PRESCHOOL = "compulsory_quality", "preschool_universal"

PLAN = [
    ("林西县", COMPULSORY, 2024),
    ("元宝山区", COMPULSORY, 2025),
    ("阿鲁科尔沁旗", COMPULSORY, 2025),
    ("阿鲁科尔沁旗", PRESCHOOL, 2022),
    ("巴林右旗", PRESCHOOL, 2023),
    ("克什克腾旗", PRESCHOOL, 2024),
    ("红山区", PRESCHOOL, 2024),
    ("翁牛特旗", PRESCHOOL, 2025),
    ("林西县", PRESCHOOL, 2025),
]


@pytest.fixture(scope="module")
def asked() -> Demand:
    targets = tuple(a_target(BANNERS[banner], year, code) for banner, code, year in PLAN)
    return demand(an_input(inspectees=tuple(a_government(code) for code in BANNERS.values()), targets=targets))


def _years(asked: Demand, banner: str, code: str) -> Mapping[str, int]:
    """The year in which launch and review must be held wherever the planner puts them."""
    years = {}
    for phase in ("launch", "review"):
        visit = visit_of(asked, f"chain-{BANNERS[banner]}-{code}-{phase}")
        if visit is not None:
            assert visit.earliest.year == visit.latest.year
            years[phase] = visit.earliest.year
    return years


@pytest.mark.parametrize(
    ("banner", "code", "years"),
    [
        ("林西县", COMPULSORY, {"launch": 2022, "review": 2023}),
        ("元宝山区", COMPULSORY, {"launch": 2023, "review": 2024}),
        ("阿鲁科尔沁旗", COMPULSORY, {"launch": 2023, "review": 2024}),
        ("阿鲁科尔沁旗", PRESCHOOL, {}),
        ("巴林右旗", PRESCHOOL, {"launch": 2022, "review": 2022}),
        ("克什克腾旗", PRESCHOOL, {"launch": 2022, "review": 2023}),
        ("红山区", PRESCHOOL, {"launch": 2022, "review": 2023}),
        ("翁牛特旗", PRESCHOOL, {"launch": 2023, "review": 2024}),
        ("林西县", PRESCHOOL, {"launch": 2023, "review": 2024}),
    ],
)
def test_each_target_has_its_launch_and_review(asked: Demand, banner: str, code: str, years: Mapping[str, int]) -> None:
    assert _years(asked, banner, code) == years


def test_only_the_launch_of_balin_right_is_late(asked: Demand) -> None:
    # T = 2023 asks for the launch in 2021; it is held in autumn 2022, the review in its own year after 30 days.
    late = [(visit.key, visit.due_on) for visit in asked.visits if visit.late]
    assert late == [("chain-150423-preschool_universal-launch", date(2021, 12, 31))]
    gaps = {each.after: each.min_days for each in asked.precedences if each.before == late[0][0]}
    assert gaps == {"chain-150423-preschool_universal-review": 30}


def test_both_phases_of_a_target_in_the_past_are_missed_with_the_year_that_would_do(asked: Demand) -> None:
    # T = 2022 asks for launch by 2020-12-31 and review by 2021-12-31, before the application on 2022-03-31.
    # T = 2023 would do: launch late in autumn 2022, review before the end of 2022.
    found = [
        (
            requirement.inspectee,
            requirement.phase,
            requirement.reason,
            requirement.due_on,
            requirement.details["possible_target_year"],
        )
        for requirement in asked.unplanned
    ]
    missed = UnplannedReason.MISSED
    assert found == [
        ("g150421", "launch", missed, date(2020, 12, 31), 2023),
        ("g150421", "review", missed, date(2021, 12, 31), 2023),
    ]


def test_moving_the_target_moves_the_chain() -> None:
    moved = demand(an_input(inspectees=(a_government(),), targets=(a_target(year=2025),)))
    years = {visit.serves[0][1]: visit.earliest.year for visit in moved.visits if visit.serves[0][1] != "progress"}
    assert years == {"launch": 2023, "review": 2024}
