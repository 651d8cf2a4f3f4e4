"""Pins that no plan can hold are proved to be so, and named with the rules that they break together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from solver.candidates import Candidates
from solver.checker import check, check_pins
from solver.model.pins import PinVerdict, impossible_pins, judge_pins, minimal
from solver.model.scope import Scope
from solver.problem import LEAD, DateRange, Pin, Precedence, Problem
from solver.travel import TravelTable
from tests.builders import (
    FRIDAY,
    MONDAY,
    POOL,
    TUESDAY,
    WEEK,
    a_matrix,
    a_place,
    a_plan,
    a_problem,
    a_resource,
    a_visit,
    an_inspectee,
    an_inspector,
)

SCHOOLS = tuple(an_inspectee(f"e{k}") for k in range(4))


def visits(*changes: dict[str, object]) -> Problem:
    """Visits v0, v1, … at schools of their own, each with a pin on Monday morning that names no team."""
    return a_problem(
        inspectees=SCHOOLS,
        visits=tuple(a_visit(f"v{k}", inspectee=f"e{k}", **more) for k, more in enumerate(changes)),
        pins=tuple(Pin(f"v{k}", MONDAY, "am") for k in range(len(changes))),
        resources=(a_resource(),),
    )


def verdict_of(problem: Problem) -> PinVerdict:
    """The verdict on pins in which the checker alone sees nothing wrong."""
    assert check_pins(problem) == ()
    return judge_pins(Candidates(problem), is_over=lambda: False)


def conflict_of(problem: Problem) -> set[tuple[str, str]]:
    """The rules and visits of the contradiction."""
    verdict = verdict_of(problem)
    assert verdict.placements is None
    return {(violation.code, violation.visit) for violation in verdict.conflict}


def test_a_team_of_two_needs_two_people() -> None:
    assert conflict_of(visits({"size": 2})) == {("team_size", "v0")}


def test_a_team_needs_people_who_bear_the_tags() -> None:
    assert conflict_of(visits({"requires": {LEAD: 1}})) == {("team_requires", "v0")}


def test_tags_that_no_team_of_the_size_can_bear_together() -> None:
    """One bears a, the other b, and one person is to bear both."""
    people = tuple(an_inspector(tag, tags=frozenset({POOL, tag})) for tag in ("a", "b"))
    problem = replace(visits({"requires": {"a": 1, "b": 1}}), inspectors=people)

    assert conflict_of(problem) == {("team_requires", "v0")}


def test_nobody_is_there_on_the_day() -> None:
    away = an_inspector(unavailable=(DateRange(MONDAY, MONDAY),))

    assert conflict_of(replace(visits({}), inspectors=(away,))) == {("team_size", "v0")}


def test_nobody_may_go() -> None:
    assert {visit for _, visit in conflict_of(visits({"excluded": frozenset({"i1"})}))} == {"v0"}


def test_two_visits_need_the_same_person() -> None:
    """The third visit is pinned too, but takes no part in the contradiction."""
    problem = visits({}, {}, {"pool": ("others",)})
    problem = replace(problem, inspectors=(an_inspector("i1"), an_inspector("i2", tags=frozenset({"others"}))))

    assert conflict_of(problem) == {("double_booked", "v0"), ("double_booked", "v1")}


def test_the_cap_of_the_month_is_too_low() -> None:
    problem = replace(visits({}, {}), inspectors=(an_inspector(half_days_per_month=1),))
    problem = replace(problem, pins=(Pin("v0", MONDAY, "am"), Pin("v1", TUESDAY, "am")))

    assert conflict_of(problem) == {("month_cap", "v0"), ("month_cap", "v1")}


def test_the_drive_between_two_visits_of_a_day_is_too_long() -> None:
    problem = replace(
        visits({}, {}),
        places=(a_place("town"), a_place("far")),
        travel=a_matrix(((0, 90), (90, 0))),
        inspectees=(an_inspectee("e0"), an_inspectee("e1", place="far")),
        pins=(Pin("v0", MONDAY, "am"), Pin("v1", MONDAY, "pm")),
    )

    assert conflict_of(problem) == {("transfer", "v0"), ("transfer", "v1")}


def test_what_must_come_before_has_no_day() -> None:
    problem = replace(
        visits({}, {"earliest": TUESDAY}),
        pins=(Pin("v0", MONDAY, "am"),),
        precedences=(Precedence("v1", "v0", 1),),
    )

    assert conflict_of(problem) == {("precedence", "v0")}


def test_what_must_come_before_can_never_be_held() -> None:
    """The school that must come first is closed all week."""
    closed = an_inspectee("e1", closed=(DateRange(WEEK[0], WEEK[-1]),))
    problem = replace(
        visits({}, {}),
        inspectees=(SCHOOLS[0], closed),
        pins=(Pin("v0", FRIDAY, "am"),),
        precedences=(Precedence("v1", "v0", 1),),
    )

    assert conflict_of(problem) == {("precedence", "v0")}


def test_what_must_come_before_finds_no_car() -> None:
    """v1 must come before v0 on Tuesday morning, so on Monday, when the only car serves v2 and v3."""
    problem = replace(
        visits({}, {"resources": ("car",)}, {"resources": ("car",)}, {"resources": ("car",)}),
        inspectors=tuple(an_inspector(f"i{k}") for k in range(3)),
        pins=(Pin("v0", TUESDAY, "am"), Pin("v2", MONDAY, "am"), Pin("v3", MONDAY, "pm")),
        precedences=(Precedence("v1", "v0", 1),),
    )

    conflict = conflict_of(problem)

    assert {visit for _, visit in conflict} == {"v0", "v2", "v3"}
    assert {code for code, _ in conflict} == {"precedence", "resource"}


def test_pins_that_can_be_held_are_placed_together() -> None:
    """i1 alone may lead, so v1 must leave i1 to v0, which an insertion one by one does not see."""
    people = (an_inspector("i1", tags=frozenset({POOL, LEAD})), an_inspector("i2"))
    problem = replace(visits({"requires": {LEAD: 1}}, {}), inspectors=people)

    verdict = verdict_of(problem)

    assert verdict.conflict == ()
    assert verdict.placements is not None
    scope = Scope(Candidates(problem), TravelTable.of(problem), ())
    plan = a_plan(*(scope.assignment(number, place) for number, place in verdict.placements.items()))
    assert check(problem, plan).violations == ()


def test_without_time_nothing_is_known() -> None:
    assert judge_pins(Candidates(visits({}, {})), is_over=lambda: True) == PinVerdict()


def test_without_pins_nothing_is_impossible() -> None:
    assert impossible_pins(Candidates(replace(visits({"size": 9}), pins=()))) == ()


@pytest.mark.parametrize("culprits", [{0}, {3, 7}, {1, 2, 9}, set(range(10))])
def test_a_minimal_set_has_the_culprits_alone(culprits: set[int]) -> None:
    def contradict(items: Sequence[int]) -> bool:
        return culprits <= set(items)

    assert set(minimal(range(10), contradict)) == culprits
