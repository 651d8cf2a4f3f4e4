"""Rule ``round``: every school once, the five-year interval, schools that open and close, what falls due inside."""

from __future__ import annotations

from datetime import date
from typing import Any

from solver.demand import Demand, DemandInput, KnownAssignment, UnplannedReason, demand
from solver.problem import DateRange
from tests.solver.demand.builders import a_programme, a_round, a_school, an_input, visit_of, weekdays


def _round(*schools: Any, **changes: Any) -> DemandInput:
    return an_input(inspectees=schools, rounds=(a_round(),), **changes)


def _until(last: date, *schools: Any, first: date = date(2022, 9, 1), **changes: Any) -> DemandInput:
    return _round(*schools, first=first, last=last, days=weekdays(first, last), **changes)


def _reasons(asked: Demand) -> list[tuple[str, UnplannedReason]]:
    return [(requirement.inspectee, requirement.reason) for requirement in asked.unplanned]


def test_a_school_is_asked_once_in_the_round() -> None:
    # Inspected on 2020-05-20: by 2025-05-20 again, which is before the end of the round.
    asked = demand(_round(a_school()))
    assert [(visit.key, visit.earliest, visit.latest, visit.burden) for visit in asked.visits] == [
        ("round-1-1", date(2023, 1, 1), date(2025, 5, 20), 1)
    ]
    assert asked.unplanned == ()


def test_the_window_is_the_round_where_the_interval_ends_later() -> None:
    visit = visit_of(demand(_round(a_school(inspected_on=(date(2021, 4, 1),)))), "round-1-1")
    assert visit is not None
    assert (visit.latest, visit.late) == (date(2025, 12, 31), False)


def test_a_school_whose_interval_is_over_is_visited_in_the_year_that_comes_first_and_is_late() -> None:
    # Inspected on 2017-10-10, due by 2022-10-10, before the round begins.
    visit = visit_of(demand(_round(a_school(inspected_on=(date(2017, 10, 10),)))), "round-1-1")
    assert visit is not None
    assert (visit.late, visit.due_on, visit.latest) == (True, date(2022, 10, 10), date(2023, 12, 31))


def test_notice_comes_before_a_visit() -> None:
    # Asked on 2023-03-01 the first day is 2023-03-31.
    day = date(2023, 3, 1)
    visit = visit_of(demand(_until(date(2025, 12, 31), a_school(), first=day, working_on=day)), "round-1-1")
    assert visit is not None
    assert visit.earliest == date(2023, 3, 31)


def test_a_school_that_was_inspected_in_the_round_needs_no_more() -> None:
    asked = demand(_round(a_school(inspected_on=(date(2020, 5, 20), date(2023, 3, 14)))))
    assert asked.visits == ()
    assert _reasons(asked) == [("e1", UnplannedReason.DONE)]


def test_a_visit_that_was_carried_out_fulfils_the_round() -> None:
    held = KnownAssignment(
        "round-1-1", "e1", date(2023, 3, 14), date(2023, 3, 14), (("round", "evaluation"),), fixed=True
    )
    asked = demand(_round(a_school(), assignments=(held,)))
    assert asked.visits == ()
    assert _reasons(asked) == [("e1", UnplannedReason.DONE)]


def test_a_school_that_opens_joins_when_it_has_settled() -> None:
    # Opened on 2024-09-01, settled 180 days later, on 2025-02-28.
    visit = visit_of(demand(_round(a_school(opened_on=date(2024, 9, 1), inspected_on=()))), "round-1-1")
    assert visit is not None
    assert (visit.earliest, visit.latest) == (date(2025, 2, 28), date(2025, 12, 31))


def test_a_school_that_opens_too_late_is_left_to_the_next_round() -> None:
    asked = demand(_round(a_school(opened_on=date(2025, 12, 15), inspected_on=())))
    assert asked.visits == ()
    assert _reasons(asked) == [("e1", UnplannedReason.OPENS_TOO_LATE)]


def test_a_school_that_closes_is_visited_before() -> None:
    visit = visit_of(demand(_round(a_school(closed_on=date(2024, 7, 1)))), "round-1-1")
    assert visit is not None
    assert visit.latest == date(2024, 6, 30)


def test_a_school_that_closes_before_it_could_be_visited_leaves_with_a_reason() -> None:
    # Closed from 2023-01-01 to the day before its end, no working day is left in the round.
    school = a_school(closed_on=date(2023, 2, 1), closed=(DateRange(date(2023, 1, 1), date(2023, 1, 31)),))
    asked = demand(_round(school))
    assert asked.visits == ()
    assert _reasons(asked) == [("e1", UnplannedReason.CLOSED)]


def test_a_school_that_closed_before_the_round_is_no_part_of_it() -> None:
    asked = demand(_round(a_school(closed_on=date(2022, 12, 1))))
    assert (asked.visits, asked.unplanned) == ((), ())


def test_kinds_that_the_programme_does_not_cover_are_not_asked() -> None:
    asked = demand(_round(a_school(kind="tertiary")))
    assert (asked.visits, asked.unplanned) == ((), ())


def test_of_a_longer_round_a_third_falls_due_in_the_first_year_the_longest_uninspected_first() -> None:
    # Three schools, planned to 2023-12-31: 12 of 36 months are over, so one school: the one of 2019-05-20.
    # (Its interval would end on 2024-05-20, the others' later.)
    schools = [a_school(str(k), inspected_on=(date(2018 + k, 5, 20),)) for k in (1, 2, 3)]
    asked = demand(_until(date(2023, 12, 31), *schools))
    assert [visit.key for visit in asked.visits] == ["round-1-1"]
    assert _reasons(asked) == [("e2", UnplannedReason.NOT_YET_DUE), ("e3", UnplannedReason.NOT_YET_DUE)]


def test_a_school_whose_interval_ends_inside_falls_due_beyond_the_share() -> None:
    # Both of 2018 must be inspected in 2023; the share of one in three alone would ask for one of them only.
    days = (date(2018, 5, 20), date(2018, 9, 20), date(2021, 5, 20))
    schools = [a_school(str(k), inspected_on=(day,)) for k, day in enumerate(days, start=1)]
    asked = demand(_until(date(2023, 12, 31), *schools))
    assert [visit.key for visit in asked.visits] == ["round-1-1", "round-1-2"]


def test_what_is_in_force_inside_the_planned_days_stays_due() -> None:
    schools = [a_school(str(k), inspected_on=(date(2018 + k, 5, 20),)) for k in (1, 2, 3)]
    movable = KnownAssignment("round-1-3", "e3", date(2023, 4, 4), date(2023, 4, 4), (("round", "evaluation"),))
    asked = demand(_until(date(2023, 12, 31), *schools, assignments=(movable,)))
    assert [visit.key for visit in asked.visits] == ["round-1-3"]


def test_the_next_round_asks_within_five_years_of_the_visit_in_this_one() -> None:
    # The first visit can be on 2023-01-01 already, so the second must be over by 2028-01-01.
    rounds = (a_round(), a_round(id="2", first=date(2026, 1, 1), last=date(2028, 12, 31)))
    last = date(2028, 12, 31)
    given = an_input(inspectees=(a_school(),), rounds=rounds, last=last, days=weekdays(date(2022, 9, 1), last))
    second = visit_of(demand(given), "round-2-1")
    assert second is not None
    assert second.latest == date(2028, 1, 1)


def test_the_version_in_force_on_the_window_is_used() -> None:
    # Version 1 ends with 2023, version 2 follows; a round of 2024 and 2025 is asked by version 2.
    old = a_programme(in_force_to=date(2023, 12, 31))
    new = a_programme(in_force_from=date(2024, 1, 1), comprehensive=False)
    visit = visit_of(
        demand(an_input(inspectees=(a_school(),), programmes=(old, new), rounds=(a_round(first=date(2024, 1, 1)),))),
        "round-1-1",
    )
    assert visit is not None
    assert visit.burden == 0


def test_a_programme_that_is_not_in_force_asks_nothing() -> None:
    ended = a_programme(in_force_to=date(2022, 12, 31))
    asked = demand(_round(a_school(), programmes=(ended,)))
    assert (asked.visits, asked.unplanned) == ((), ())
