"""Length and team of a visit by kind and size of the unit."""

from __future__ import annotations

import pytest

from solver.demand import Case, Observation
from solver.demand.teams import half_days_for, merged_team, observed_classes, team_for
from solver.problem import TeamNeed
from tests.solver.demand.builders import KINDERGARTENS, a_phase, a_school, an_input


@pytest.mark.parametrize(
    ("classes", "watched"),
    [
        (3, 3),  # one class an age
        (5, 3),  # 2, 2, 1 classes: one of each age
        (9, 3),  # 3, 3, 3
        (10, 4),  # 4, 3, 3: two of the first age
        (12, 6),  # 4, 4, 4
        (0, 3),  # not known: as if one class an age
    ],
)
def test_a_third_of_the_classes_of_each_age_is_watched(classes: int, watched: int) -> None:
    assert observed_classes(classes, Observation(ages=3, one_in=3, observers=3)) == watched


@pytest.mark.parametrize(("classes", "half_days"), [(4, 2), (9, 2), (10, 4), (12, 4), (36, 8), (90, 10)])
def test_three_observers_watch_three_classes_a_morning(classes: int, half_days: int) -> None:
    # Each morning takes an afternoon for papers and feedback; 10 half-days are the longest visit.
    assert half_days_for(KINDERGARTENS, a_school(kind="kindergarten", classes=classes)) == half_days


PRIMARY = frozenset({"primary"})
BY_SIZE = a_phase(
    cases=(
        Case(PRIMARY, half_days=2, requires={"compulsory": 1}),
        Case(PRIMARY, from_classes=24, half_days=3, size=4),
        Case(frozenset({"teaching_point"}), half_days=1),
    )
)


@pytest.mark.parametrize(
    ("kind", "classes", "half_days", "size"),
    [("primary", 23, 2, 3), ("primary", 24, 3, 4), ("teaching_point", 1, 1, 3), ("junior", 12, 2, 3)],
)
def test_the_case_with_the_most_classes_that_the_unit_reaches_decides(
    kind: str, classes: int, half_days: int, size: int
) -> None:
    school = a_school(kind=kind, classes=classes)
    assert (half_days_for(BY_SIZE, school), team_for(an_input(), BY_SIZE, school).size) == (half_days, size)


def test_a_team_is_drawn_from_the_owner_office_and_bears_what_the_kind_asks() -> None:
    team = team_for(an_input(), BY_SIZE, a_school(classes=12))
    assert team == TeamNeed(3, ("pool:150424",), {"inspector": 3, "lead": 1, "compulsory": 1})


def test_one_team_for_two_programmes_is_lawful_for_both() -> None:
    government = TeamNeed(5, ("pool:c",), {"inspector": 3, "chief": 1})
    review = TeamNeed(6, ("pool:c", "pool:b"), {"inspector": 4, "lead": 1, "pool:c": 2})
    assert merged_team(government, review) == TeamNeed(
        6, ("pool:c", "pool:b"), {"inspector": 4, "chief": 1, "lead": 1, "pool:c": 5}
    )
