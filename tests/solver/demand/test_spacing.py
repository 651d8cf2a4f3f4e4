"""Separations: which visits of one inspectee keep days between them, and which do not need to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solver.demand import DemandSettings, KnownAssignment, Rule, Term, Topic, demand
from solver.problem import Separation
from tests.solver.demand.builders import CITY, a_programme, a_round, a_school, an_input

ROUTINE = a_programme(code="routine", rule=Rule.ROUTINE, comprehensive=False, notice_days=0, max_interval_years=None)
THEMATIC = a_programme(code="thematic", rule=Rule.THEMATIC, comprehensive=False, max_interval_years=None)
SPRING = Term("primary", 2023, "spring", date(2023, 3, 1), date(2023, 7, 10))
FIRST, SECOND = "routine-2023-spring-1-1", "routine-2023-spring-2-1"
ROUND = "round-1-1"


def _separations(**changes: Any) -> set[Separation]:
    """One school with a round and one school term, planned for the spring of 2023."""
    fields: dict[str, Any] = {
        "last": date(2023, 8, 31),
        "inspectees": (a_school(),),
        "programmes": (ROUTINE,),
        "terms": (SPRING,),
    }
    return set(demand(an_input(**fields | changes)).separations)


def test_the_two_routine_visits_of_a_term_are_21_days_apart() -> None:
    assert _separations() == {Separation((FIRST, SECOND), 21)}


def test_routine_visits_of_different_terms_are_not_separated() -> None:
    autumn = Term("primary", 2022, "autumn", date(2022, 9, 1), date(2023, 1, 8))
    found = _separations(terms=(autumn, SPRING))
    assert found == {
        Separation(("routine-2022-autumn-1-1", "routine-2022-autumn-2-1"), 21),
        Separation((FIRST, SECOND), 21),
    }


def test_a_routine_visit_is_7_days_from_a_comprehensive_inspection() -> None:
    round_ = a_round(first=date(2023, 1, 1), last=date(2023, 6, 30))
    found = _separations(programmes=(ROUTINE, a_programme()), rounds=(round_,))
    of_round = {each for each in found if ROUND in each.visits}
    assert of_round == {Separation((ROUND, FIRST), 7), Separation((ROUND, SECOND), 7)}


@pytest.mark.parametrize(
    ("day", "near"), [(date(2023, 3, 2), {FIRST}), (date(2023, 3, 1), set()), (date(2023, 5, 4), {FIRST, SECOND})]
)
def test_an_inspection_that_is_assigned_keeps_routine_visits_away_only_where_they_can_meet(
    day: date, near: set[str]
) -> None:
    # the first half may be visited from 8 March on, and ends on 5 May
    held = KnownAssignment(ROUND, "e1", day, day, (("round", "evaluation"),), fixed=True)
    found = _separations(programmes=(ROUTINE, a_programme()), assignments=(held,))
    assert {key for each in found if ROUND in each.visits for key in each.visits} - {ROUND} == near


def _topic(name: str, office: str, first: date) -> Topic:
    school = a_school(office=office)
    return Topic(name, "thematic", first, date(2023, 4, 28), 1, 3, 20, (school,))


@pytest.mark.parametrize(("office", "separated"), [(CITY, True), ("150424", False)])
def test_topics_of_different_offices_are_14_days_apart(office: str, separated: bool) -> None:
    topics = (_topic("7", "150424", date(2023, 4, 3)), _topic("8", office, date(2023, 4, 10)))
    found = _separations(programmes=(THEMATIC,), terms=(), topics=topics)
    pairs = {(frozenset(each.visits), each.min_days) for each in found}
    assert pairs == ({(frozenset({"topic-7-1", "topic-8-1"}), 14)} if separated else set())


def test_settings_of_0_days_separate_nothing() -> None:
    settings = DemandSettings(routine_gap_days=0, routine_to_comprehensive_days=0, topic_gap_days=0)
    round_ = a_round(first=date(2023, 1, 1), last=date(2023, 6, 30))
    assert _separations(programmes=(ROUTINE, a_programme()), rounds=(round_,), settings=settings) == set()


def test_routine_visits_have_a_buffer_of_their_own() -> None:
    given = an_input(inspectees=(a_school(),), programmes=(ROUTINE,), terms=(SPRING,), last=date(2023, 8, 31))
    assert {visit.buffer_days for visit in demand(given).visits} == {0}
    settings = DemandSettings(routine_buffer_days=9)
    assert {visit.buffer_days for visit in demand(replace(given, settings=settings)).visits} == {9}
