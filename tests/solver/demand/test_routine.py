"""Rule ``routine``: every unit once in each half of each of its terms, by one inspector of its area."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from solver.demand import Demand, DemandInput, KnownAssignment, Pool, Rule, Term, UnplannedReason, demand
from solver.demand.routine import halves_of
from solver.problem import DateRange
from tests.solver.demand.builders import a_phase, a_programme, a_school, an_input, weekdays

SPRING = Term("primary", 2023, "spring", date(2023, 3, 1), date(2023, 7, 10))
PHASE = a_phase(half_days=1, size=1, weight=3, requires={"inspector": 1}, pool=Pool.OWNER)
ROUTINE = a_programme(
    code="routine", rule=Rule.ROUTINE, comprehensive=False, notice_days=0, phases=(PHASE,), max_interval_years=None
)
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)


def _asked(*schools: Any, **changes: Any) -> Demand:
    first, last = changes.get("first", FIRST), changes.get("last", LAST)
    given: dict[str, Any] = {
        "working_on": FIRST,
        "first": first,
        "last": last,
        "days": weekdays(first, last),
        "programmes": (ROUTINE,),
        "terms": (SPRING,),
    }
    asked: DemandInput = an_input(inspectees=schools or (a_school(),), **given | changes)
    return demand(asked)


def _windows(asked: Demand) -> list[tuple[str, date, date]]:
    return [(visit.key, visit.earliest, visit.latest) for visit in asked.visits]


def _reasons(asked: Demand) -> list[tuple[object, UnplannedReason]]:
    return [(requirement.details["half"], requirement.reason) for requirement in asked.unplanned]


def test_a_term_has_two_halves_that_share_no_day() -> None:
    # 1 March to 10 July are 132 days: 66 to 5 May, 66 from 6 May.
    first, second = DateRange(date(2023, 3, 1), date(2023, 5, 5)), DateRange(date(2023, 5, 6), date(2023, 7, 10))
    assert halves_of(SPRING) == (first, second)


def test_every_unit_is_asked_once_in_each_half_without_the_first_and_last_week() -> None:
    # a margin of 7 days at both ends of the term
    asked = _asked()
    assert _windows(asked) == [
        ("routine-2023-spring-1-1", date(2023, 3, 8), date(2023, 5, 5)),
        ("routine-2023-spring-2-1", date(2023, 5, 6), date(2023, 7, 3)),
    ]
    assert asked.unplanned == ()


def test_one_inspector_of_the_office_for_half_a_day_without_car_and_burden() -> None:
    visit = _asked().visits[0]
    assert (visit.half_days, visit.burden, visit.resources, visit.weight) == (1, 0, (), 3)
    assert (visit.team.size, visit.team.pool, dict(visit.team.requires)) == (1, ("pool:150424",), {"inspector": 1})


def test_the_people_of_the_area_where_there_are_enough() -> None:
    assert _asked(a_school(routine_pool="area:7")).visits[0].team.pool == ("area:7",)


def test_a_kind_that_the_programme_does_not_cover_is_not_asked() -> None:
    assert _asked(a_school(kind="kindergarten")).visits == ()


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"opened_on": date(2023, 5, 6)}, ["routine-2023-spring-2-1"]),
        ({"closed_on": date(2023, 5, 6)}, ["routine-2023-spring-1-1"]),
        ({"opened_on": date(2023, 9, 1)}, []),
    ],
)
def test_a_unit_that_is_not_open_in_a_half_owes_nothing_in_it(changes: dict[str, Any], keys: list[str]) -> None:
    asked = _asked(a_school(**changes))
    assert [visit.key for visit in asked.visits] == keys
    assert asked.unplanned == ()


def test_a_unit_closed_for_a_whole_half_has_none_and_it_is_said_why() -> None:
    asked = _asked(a_school(closed=(DateRange(date(2023, 4, 17), date(2023, 8, 31)),)))
    assert [visit.key for visit in asked.visits] == ["routine-2023-spring-1-1"]
    assert _reasons(asked) == [(2, UnplannedReason.NO_DAY)]


def test_of_a_half_that_has_begun_what_is_left_is_asked_and_one_that_is_over_is_missed() -> None:
    asked = _asked(working_on=date(2023, 5, 15))
    assert _windows(asked) == [("routine-2023-spring-2-1", date(2023, 5, 15), date(2023, 7, 3))]
    assert _reasons(asked) == [(1, UnplannedReason.MISSED)]


def test_a_visit_that_was_held_is_not_asked_again() -> None:
    day = date(2023, 3, 20)
    held = KnownAssignment("routine-2023-spring-1-1", "e1", day, day, (("routine", "evaluation"),), fixed=True)
    asked = _asked(assignments=(held,), working_on=date(2023, 4, 3))
    assert [visit.key for visit in asked.visits] == ["routine-2023-spring-2-1"]
    assert _reasons(asked) == [(1, UnplannedReason.DONE)]


@pytest.mark.parametrize(
    ("last", "keys", "reasons"),
    [
        # the second half runs from 6 May to 10 July; its middle day is 7 June
        (date(2023, 6, 7), ["routine-2023-spring-1-1", "routine-2023-spring-2-1"], []),
        (date(2023, 6, 6), ["routine-2023-spring-1-1"], [(2, UnplannedReason.NOT_YET_DUE)]),
        (date(2023, 5, 5), ["routine-2023-spring-1-1"], []),
    ],
)
def test_a_half_is_asked_by_the_plan_that_holds_the_larger_part(
    last: date, keys: list[str], reasons: list[tuple[int, UnplannedReason]]
) -> None:
    asked = _asked(last=last)
    assert [visit.key for visit in asked.visits] == keys
    assert _reasons(asked) == reasons
