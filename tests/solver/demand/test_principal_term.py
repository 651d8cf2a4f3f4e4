"""Rule ``principal_term``: one visit with the round where it can be; two, in different years, by a deadline alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from solver.demand import Demand, KnownAssignment, RequiredVisit, Rule, UnplannedReason, demand
from solver.problem import DateRange
from tests.solver.demand.builders import a_phase, a_programme, a_round, a_school, an_input

TERM = a_programme(
    code="principal_term",
    rule=Rule.PRINCIPAL_TERM,
    phases=(a_phase(half_days=3, size=4, weight=8, requires={"inspector": 4, "lead": 1}),),
    max_interval_years=None,
)
ENDS_ON = date(2024, 7, 31)
BOTH = (("round", "evaluation"), ("principal_term", "evaluation"))
OWN = (("principal_term", "evaluation"),)


def _asked(*, rounds: bool = True, school: dict[str, Any] | None = None, **changes: Any) -> Demand:
    fields: dict[str, Any] = {"inspected_on": (date(2022, 4, 1),), "head_term_ends_on": ENDS_ON} | (school or {})
    return demand(
        an_input(
            inspectees=(a_school(**fields),),
            programmes=(a_programme(), TERM),
            rounds=(a_round(),) if rounds else (),
            **changes,
        )
    )


def _windows(asked: Demand) -> list[tuple[str, date, date]]:
    return [(visit.key, visit.earliest, visit.latest) for visit in asked.visits]


def _only(asked: Demand) -> RequiredVisit:
    (visit,) = asked.visits
    return visit


def test_a_term_that_ends_in_the_round_shares_the_rounds_visit_around_that_end() -> None:
    # 180 days before and after 2024-07-31
    visit = _only(_asked())
    assert (visit.key, visit.earliest, visit.latest) == ("round-1-1", date(2024, 2, 2), date(2025, 1, 27))
    assert (visit.serves, visit.burden) == (BOTH, 1)


def test_the_shared_visit_has_the_larger_team_the_longer_time_and_both_weights() -> None:
    # the round: 2 half-days of three, weight 10; the end of the term: 3 half-days of four, weight 8
    visit = _only(_asked())
    assert (visit.half_days, visit.team.size, visit.weight) == (3, 4, 18)
    assert dict(visit.team.requires) == {"inspector": 4, "lead": 1}


def test_the_shared_visit_stays_inside_the_round_and_the_days_planned() -> None:
    # 2025-02-01 to 2026-01-27, and the round ends on 2025-12-31
    visit = _only(_asked(school={"head_term_ends_on": date(2025, 7, 31)}))
    assert (visit.earliest, visit.latest) == (date(2025, 2, 1), date(2025, 12, 31))


def test_the_shared_visit_keeps_the_five_year_deadline() -> None:
    # inspected on 2019-05-20, so again by 2024-05-20, which the days around the end still allow
    visit = _only(_asked(school={"inspected_on": (date(2019, 5, 20),)}))
    assert (visit.serves, visit.earliest, visit.latest) == (BOTH, date(2024, 2, 2), date(2024, 5, 20))


def test_two_visits_in_different_years_where_the_deadline_comes_before_the_end_of_the_term() -> None:
    # by 2024-01-12, three weeks before the first day around the end: the round takes 2023, the end of the term 2024
    asked = _asked(school={"inspected_on": (date(2019, 1, 12),)})
    assert _windows(asked) == [
        ("round-1-1", date(2023, 1, 1), date(2023, 12, 31)),
        ("principal_term-2024-1", date(2024, 2, 2), date(2025, 1, 27)),
    ]
    assert [visit.serves for visit in asked.visits] == [(("round", "evaluation"),), OWN]


def test_after_an_inspection_held_in_the_round_the_end_of_the_term_takes_another_year() -> None:
    # held in March 2024: what is left of the days around the end lies in January 2025
    asked = _asked(school={"inspected_on": (date(2024, 3, 4),)}, working_on=date(2024, 4, 1))
    assert _windows(asked) == [("principal_term-2024-1", date(2025, 1, 1), date(2025, 1, 27))]


def test_where_the_days_around_the_end_are_all_in_such_a_year_it_is_held_late() -> None:
    # the days around 2023-06-30 end on 2023-12-27, and 2023 has its inspection
    asked = _asked(
        school={"inspected_on": (date(2023, 3, 6),), "head_term_ends_on": date(2023, 6, 30)},
        working_on=date(2023, 4, 1),
    )
    visit = _only(asked)
    assert (visit.earliest, visit.latest) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (visit.late, visit.due_on) == (True, date(2023, 12, 27))


def test_a_term_that_ends_outside_every_round_has_a_visit_of_its_own() -> None:
    visit = _only(_asked(rounds=False))
    assert (visit.key, visit.serves) == ("principal_term-2024-1", OWN)
    assert (visit.earliest, visit.latest) == (date(2024, 2, 2), date(2025, 1, 27))


def test_before_the_round_the_two_visits_have_windows_in_different_years() -> None:
    # 2022-07-31: notice to 2022-10-01, the days around the end to 2023-01-27, the round from 2023-01-01
    asked = _asked(school={"head_term_ends_on": date(2022, 7, 31), "inspected_on": (date(2021, 4, 1),)})
    assert _windows(asked) == [
        ("round-1-1", date(2023, 1, 1), date(2025, 12, 31)),
        ("principal_term-2022-1", date(2022, 10, 1), date(2022, 12, 31)),
    ]


def test_kinds_without_a_head_of_their_own_are_asked_by_the_round_alone() -> None:
    programmes = (a_programme(covers=frozenset({"teaching_point"})), TERM)
    school = a_school(kind="teaching_point", inspected_on=(date(2022, 4, 1),), head_term_ends_on=ENDS_ON)
    asked = demand(an_input(inspectees=(school,), programmes=programmes, rounds=(a_round(),)))
    assert _only(asked).serves == (("round", "evaluation"),)


def test_a_term_that_ends_after_the_days_planned_waits_and_the_round_with_it() -> None:
    # a plan to the end of 2023 holds a third of the round; the unit whose head's term ends in 2024 is not taken
    last = date(2023, 12, 31)
    asked = _asked(last=last)
    assert asked.visits == ()
    assert [(requirement.programme, requirement.reason) for requirement in asked.unplanned] == [
        ("round", UnplannedReason.NOT_YET_DUE)
    ]


def test_a_term_that_ends_in_a_plan_of_part_of_the_round_brings_its_visit_forward() -> None:
    visit = _only(_asked(last=date(2024, 12, 31)))
    assert (visit.key, visit.earliest, visit.latest) == ("round-1-1", date(2024, 2, 2), date(2024, 12, 31))


def test_what_was_held_for_this_term_is_not_asked_again() -> None:
    day = date(2024, 3, 11)
    held = KnownAssignment("round-1-1", "e1", day, day, BOTH, fixed=True)
    asked = _asked(assignments=(held,), working_on=date(2024, 4, 1), school={"inspected_on": (day,)})
    assert asked.visits == ()
    assert [(requirement.programme, requirement.reason) for requirement in asked.unplanned] == [
        ("round", UnplannedReason.DONE),
        ("principal_term", UnplannedReason.DONE),
    ]


def test_where_no_two_years_can_be_had_one_visit_serves_both() -> None:
    # again by 2024-03-15, the days around 2024-09-30 begin on 2024-04-03, and the school is open in 2024 alone
    closed = (DateRange(date(2023, 1, 1), date(2023, 12, 31)), DateRange(date(2025, 1, 1), date(2025, 12, 31)))
    school = {"closed": closed, "inspected_on": (date(2019, 3, 15),), "head_term_ends_on": date(2024, 9, 30)}
    visit = _only(_asked(school=school))
    assert (visit.key, visit.serves, visit.latest) == ("round-1-1", BOTH, date(2024, 3, 15))
