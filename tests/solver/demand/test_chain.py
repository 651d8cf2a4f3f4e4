"""Rule ``chain``: what is left of a year, late, missed, order, progress visits, teams, the own validation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from solver.calendar import days_spanned
from solver.demand import DemandInput, KnownAssignment, UnplannedReason, demand
from solver.problem import DateRange, Precedence
from tests.solver.demand.builders import (
    BANNERS,
    CITY,
    COMPULSORY,
    a_government,
    a_target,
    an_input,
    duty_of,
    visit_of,
    weekdays,
)

LAUNCH, REVIEW = "chain-150424-compulsory_quality-launch", "chain-150424-compulsory_quality-review"
PROGRESS = "chain-150424-compulsory_quality-progress"


def _chain(year: int = 2024, **changes: object) -> DemandInput:
    """林西县 alone, with a target in a year."""
    return an_input(**{"inspectees": (a_government(),), "targets": (a_target(year=year),), **changes})


def _on(working_on: date, year: int, last: date = date(2025, 12, 31)) -> DemandInput:
    """The same asked on a day, planned from it."""
    return _chain(year, working_on=working_on, first=working_on, last=last, days=weekdays(working_on, last))


def test_a_phase_whose_year_has_begun_is_planned_in_what_is_left_of_it() -> None:
    # Notice of 30 days from 2022-09-01: the launch of T = 2024 begins between 2022-10-01 and the end of 2022.
    launch = visit_of(demand(_chain()), LAUNCH)
    assert launch is not None
    assert (launch.earliest, launch.latest, launch.late) == (date(2022, 10, 1), date(2022, 12, 31), False)


def test_a_year_of_which_the_notice_leaves_nothing_counts_as_gone() -> None:
    # Asked on 2022-12-15 the first day is 2023-01-14: the launch is late, within the spring term that comes next.
    launch = visit_of(demand(_on(date(2022, 12, 15), 2024)), LAUNCH)
    assert launch is not None
    assert (launch.earliest, launch.late, launch.due_on) == (date(2023, 1, 14), True, date(2022, 12, 31))
    assert launch.latest <= date(2023, 7, 10)


def test_a_late_review_may_be_held_until_the_day_before_the_application() -> None:
    # Asked on 2023-12-10 for T = 2024: from 2024-01-09 both are late; the application is on 2024-03-31.
    # The review takes 3 days, so the launch must be over 30 days before 2024-03-28 (a Thursday), on 2024-02-27.
    asked = demand(_on(date(2023, 12, 10), 2024))
    launch, review = visit_of(asked, LAUNCH), visit_of(asked, REVIEW)
    assert launch is not None
    assert review is not None
    assert (launch.late, launch.latest) == (True, date(2024, 2, 27))
    assert (review.late, review.latest, review.due_on) == (True, date(2024, 3, 30), date(2023, 12, 31))


def test_a_regional_evaluation_before_the_application_is_the_stage_that_counts() -> None:
    # With the evaluation on 2024-03-04 the same review ends by 2024-03-03.
    given = _on(date(2023, 12, 10), 2024)
    asked = demand(replace(given, targets=(a_target(evaluation_on=date(2024, 3, 4)),)))
    review = visit_of(asked, REVIEW)
    assert review is not None
    assert review.latest == date(2024, 3, 3)


def test_what_no_longer_fits_before_the_application_is_missed() -> None:
    # Asked on 2024-03-05 nothing can begin before 2024-04-04, after the application on 2024-03-31.
    # T = 2025 would do: its review is due in 2024, the launch late before it.
    asked = demand(_on(date(2024, 3, 5), 2024))
    assert asked.visits == ()
    requirement = duty_of(asked, "review")
    assert requirement is not None
    assert (requirement.reason, requirement.due_on) == (UnplannedReason.MISSED, date(2023, 12, 31))
    assert requirement.details["possible_target_year"] == 2025


def test_a_review_that_can_still_be_held_is_not_lost_with_its_launch() -> None:
    # Asked on 2024-02-10: from 2024-03-11 the review fits before 2024-03-31, a launch 30 days before it does not.
    asked = demand(_on(date(2024, 2, 10), 2024))
    assert [visit.key for visit in asked.visits] == [REVIEW]
    assert asked.precedences == ()
    requirement = duty_of(asked, "launch")
    assert requirement is not None
    assert requirement.reason is UnplannedReason.MISSED


def test_nothing_is_planned_after_the_own_validation() -> None:
    # Validated on 2023-06-05: neither the review nor a progress visit may end on that day or later.
    asked = demand(_chain(targets=(a_target(validation_on=date(2023, 6, 5)),)))
    assert {visit.key for visit in asked.visits} >= {LAUNCH, REVIEW}
    assert all(visit.latest < date(2023, 6, 5) for visit in asked.visits)


def test_progress_visits_stand_in_every_term_from_launch_to_review_wherever_both_are_put() -> None:
    # T = 2025: the launch can be in spring 2023 first (2023-01-02 lies in the last week of the autumn term, in which
    # nothing is planned), the review must be over by 2024-12-31. So a launch in autumn 2023 assigned before the visit
    # of that term, and the review after the visit of autumn 2024.
    asked = demand(_chain(2025))
    progress = [visit.key.removeprefix(f"{PROGRESS}-") for visit in asked.visits if "progress" in visit.key]
    assert progress == ["2023-autumn", "2024-spring", "2024-autumn"]
    assert list(asked.precedences) == [
        Precedence(LAUNCH, f"{PROGRESS}-2023-autumn", 14),
        Precedence(f"{PROGRESS}-2023-autumn", f"{PROGRESS}-2024-spring", 14),
        Precedence(f"{PROGRESS}-2024-spring", f"{PROGRESS}-2024-autumn", 14),
        Precedence(LAUNCH, REVIEW, 120),
        Precedence(f"{PROGRESS}-2024-autumn", REVIEW, 14),
    ]


def test_no_progress_visit_stands_in_the_first_term_in_which_the_launch_can_be() -> None:
    # T = 2024 on 2022-09-01: the launch can be from 2022-10-01 on, in autumn 2022; the first visit is in spring 2023.
    keys = [visit.key for visit in demand(_chain()).visits]
    assert keys == [LAUNCH, f"{PROGRESS}-2023-spring", f"{PROGRESS}-2023-autumn", REVIEW]


def test_windows_leave_room_for_what_comes_before_and_after() -> None:
    asked = demand(_chain())
    visits = {visit.key: visit for visit in asked.visits}
    for precedence in asked.precedences:
        before, after = visits[precedence.before], visits[precedence.after]
        gap = timedelta(days=precedence.min_days)
        assert before.latest + gap <= after.latest - timedelta(days=days_spanned(after.half_days) - 1)
        assert after.earliest >= before.earliest + timedelta(days=days_spanned(before.half_days) - 1) + gap


def test_a_launch_that_was_held_is_not_asked_again_and_counts_as_before() -> None:
    held = KnownAssignment(
        LAUNCH, "g150424", date(2022, 10, 11), date(2022, 10, 12), (("compulsory_quality", "launch"),), fixed=True
    )
    asked = demand(replace(_on(date(2023, 1, 2), 2024), assignments=(held,)))
    assert visit_of(asked, LAUNCH) is None
    assert Precedence(LAUNCH, REVIEW, 120) in asked.precedences
    requirement = duty_of(asked, "launch")
    assert requirement is not None
    assert (requirement.reason, requirement.details["inspected_on"]) == (UnplannedReason.DONE, date(2022, 10, 11))


def test_a_launch_held_late_leaves_its_review_in_its_year() -> None:
    # 巴林右旗: launched until 2022-10-12 for T = 2023; re-planned on 2022-11-01 the review stays due in 2022.
    serves = (("compulsory_quality", "launch"),)
    held = KnownAssignment(LAUNCH, "g150424", date(2022, 10, 11), date(2022, 10, 12), serves, fixed=True)
    asked = demand(replace(_on(date(2022, 11, 1), 2023), assignments=(held,)))
    review = visit_of(asked, REVIEW)
    assert review is not None
    assert (review.earliest, review.latest, review.late) == (date(2022, 12, 1), date(2022, 12, 31), False)
    assert asked.precedences == (Precedence(LAUNCH, REVIEW, 30),)


def test_a_review_too_near_to_its_launch_is_missed() -> None:
    # Launched until 2024-03-08; 30 days later is 2024-04-07, after the application on 2024-03-31.
    serves = (("compulsory_quality", "launch"),)
    held = KnownAssignment(LAUNCH, "g150424", date(2024, 3, 7), date(2024, 3, 8), serves, fixed=True)
    asked = demand(replace(_on(date(2024, 2, 10), 2024), assignments=(held,)))
    assert asked.visits == ()
    requirement = duty_of(asked, "review")
    assert requirement is not None
    assert requirement.reason is UnplannedReason.MISSED


def test_a_phase_due_after_the_last_planned_day_is_not_yet_due() -> None:
    # Planned to 2023-06-30: the launch of T = 2025 is due by 2023-12-31, the review a year later.
    given = _chain(2025, last=date(2023, 6, 30), days=weekdays(date(2022, 9, 1), date(2023, 6, 30)))
    found = [(requirement.phase, requirement.reason, requirement.due_on) for requirement in demand(given).unplanned]
    later = UnplannedReason.NOT_YET_DUE
    assert found == [("launch", later, date(2023, 12, 31)), ("review", later, date(2024, 12, 31))]


def test_the_review_borrows_from_all_other_banners_and_from_none_of_its_own() -> None:
    review = visit_of(demand(_chain()), REVIEW)
    assert review is not None
    others = sorted(code for code in BANNERS.values() if code != "150424")
    assert review.team.pool == (f"pool:{CITY}", *(f"pool:{code}" for code in others))
    assert review.excludes_banner == "150424"


def test_a_review_has_two_inspectors_of_the_city_and_one_of_them_leads() -> None:
    review, launch = visit_of(demand(_chain()), REVIEW), visit_of(demand(_chain()), LAUNCH)
    assert review is not None
    assert launch is not None
    assert (review.team.requires[f"inspector:{CITY}"], review.team.requires[f"lead:{CITY}"]) == (2, 1)
    assert not any(":" in tag for tag in launch.team.requires)


def test_each_phase_is_asked_by_the_version_in_force_in_its_year() -> None:
    # Version 2, in force from 2023 on, asks for teams of 7.
    old = replace(COMPULSORY, in_force_to=date(2022, 12, 31))
    larger = tuple(replace(phase, size=7) for phase in COMPULSORY.phases)
    new = replace(COMPULSORY, in_force_from=date(2023, 1, 1), phases=larger)
    asked = demand(_chain(programmes=(old, new)))
    launch, review = visit_of(asked, LAUNCH), visit_of(asked, REVIEW)
    assert launch is not None
    assert review is not None
    assert (launch.team.size, review.team.size) == (4, 7)


def test_one_team_at_a_time_is_the_guest_of_a_banner() -> None:
    asked = demand(_chain())
    assert {visit.resources for visit in asked.visits} == {(f"cars:{CITY}", "host:150424")}


def test_days_on_which_the_government_is_taken_are_not_counted_on() -> None:
    # Closed for all of 2022, the government cannot have its launch there: it becomes late in 2023.
    busy = a_government(closed=(DateRange(date(2022, 9, 1), date(2022, 12, 31)),))
    launch = visit_of(demand(_chain(inspectees=(busy,))), LAUNCH)
    assert launch is not None
    assert launch.late
