"""What is in force inside the notice period keeps its day, or moves beyond the notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from solver.demand import Demand, KnownAssignment, demand
from solver.problem import DateRange
from tests.solver.demand.builders import (
    PRESCHOOL,
    a_government,
    a_round,
    a_school,
    a_target,
    an_input,
    visit_of,
    weekdays,
)

WORKING_ON = date(2023, 3, 1)  # with 30 days' notice a new visit begins on 2023-03-31 or later
LAST = date(2025, 12, 31)


def _asked(**changes: Any) -> Demand:
    """A visit of one day on 2023-03-09, re-planned on 2023-03-01."""
    fields: dict[str, Any] = {
        "key": "round-1-1",
        "inspectee": "e1",
        "first_on": date(2023, 3, 9),
        "last_on": date(2023, 3, 9),
        "serves": (("round", "evaluation"),),
    }
    return demand(
        an_input(
            inspectees=(a_school(),),
            rounds=(a_round(),),
            working_on=WORKING_ON,
            first=WORKING_ON,
            last=LAST,
            days=weekdays(WORKING_ON, LAST),
            assignments=(KnownAssignment(**fields | changes),),
        )
    )


def test_a_visit_in_force_may_keep_its_day_and_no_other_inside_the_notice() -> None:
    asked = _asked()
    assert asked.visits[0].earliest == date(2023, 3, 9)
    assert asked.closings == {"e1": (DateRange(date(2023, 3, 10), date(2023, 3, 30)),)}


def test_an_outlook_gives_no_notice() -> None:
    asked = _asked(in_force=False)
    assert (asked.visits[0].earliest, asked.closings) == (date(2023, 3, 31), {})


def test_what_has_begun_is_not_asked_again() -> None:
    asked = _asked(first_on=date(2023, 2, 28), last_on=date(2023, 2, 28), fixed=True)
    assert (asked.visits, asked.closings) == ((), {})


def test_two_visits_of_a_unit_inside_the_notice_both_keep_their_days() -> None:
    # 2023-03-09 and 2023-03-20 stay open, the other days until 2023-03-30 do not.
    serves = (("round", "evaluation"),)
    assignments = tuple(
        KnownAssignment(f"round-{round_}-1", "e1", date(2023, 3, day), date(2023, 3, day), serves)
        for round_, day in (("1", 9), ("2", 20))
    )
    first, last = a_round(last=date(2023, 12, 31)), a_round(id="2", first=date(2023, 1, 1))
    days = weekdays(WORKING_ON, LAST)
    asked = demand(
        an_input(
            inspectees=(a_school(),),
            rounds=(first, last),
            working_on=WORKING_ON,
            first=WORKING_ON,
            last=LAST,
            days=days,
            assignments=assignments,
        )
    )
    assert asked.closings == {
        "e1": (DateRange(date(2023, 3, 10), date(2023, 3, 19)), DateRange(date(2023, 3, 21), date(2023, 3, 30)))
    }


def test_a_chain_counts_on_the_days_that_are_in_force_inside_the_notice() -> None:
    # T = 2023, re-planned on 2022-11-01: new visits begin on 2022-12-01, too late for a launch and, 30 days after it,
    # a review in 2022. In force are the launch on 2022-11-08 and the review on 2022-12-13: both stay where they are.
    launch, review = (f"chain-150423-{PRESCHOOL.code}-{phase}" for phase in ("launch", "review"))
    day = date(2022, 11, 1)
    assignments = (
        KnownAssignment(launch, "g150423", date(2022, 11, 8), date(2022, 11, 9), ((PRESCHOOL.code, "launch"),)),
        KnownAssignment(review, "g150423", date(2022, 12, 13), date(2022, 12, 15), ((PRESCHOOL.code, "review"),)),
    )
    given = an_input(
        inspectees=(a_government("150423"),),
        targets=(a_target("150423", 2023, PRESCHOOL.code),),
        working_on=day,
        first=day,
        last=LAST,
        days=weekdays(day, LAST),
    )
    kept = demand(replace(given, assignments=assignments))
    windows = [(visit.key, visit.earliest, visit.latest) for visit in kept.visits]
    assert windows == [
        (launch, date(2022, 11, 8), date(2022, 11, 29)),
        (review, date(2022, 12, 9), date(2022, 12, 31)),
    ]
    assert kept.closings == {"g150423": (DateRange(date(2022, 11, 10), date(2022, 11, 30)),)}
    anew = visit_of(demand(given), review)
    assert anew is not None
    assert anew.late
