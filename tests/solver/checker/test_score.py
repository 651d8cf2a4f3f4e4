"""The score, part by part, each number worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from solver.checker import check
from solver.plan import Assignment, Plan, Score
from solver.problem import BaselineAssignment, GreatCircle, Half, PastVisit, Problem
from tests.builders import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    TUESDAY,
    WEDNESDAY,
    WEEK,
    a_matrix,
    a_place,
    a_plan,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
    weights,
)
from tests.strategies import Hidden, hidden_plans


def score(problem: Problem, plan: Plan) -> Score:
    """The score of a plan that keeps every rule."""
    report = check(problem, plan)
    assert report.violations == ()
    return report.score


def test_unscheduled_is_the_weight_of_what_is_left_out() -> None:
    problem = a_problem(visits=(a_visit("v1", weight=3), a_visit("v2", weight=5), a_visit("v3", weight=7)))

    # 5 + 7
    assert score(problem, a_plan(an_assignment("v1"), left_out=("v2", "v3"))) == Score(unscheduled=12)


# Travel. From the town it is 10 km to a and 11 back, 20 km to b and 21 back, 3 km from a to b and 4 back; whoever
# stays at a drives 1 km from its lodging. Minutes are kilometres.
KILOMETRES = (
    (0, 10, 20),
    (11, 1, 3),
    (21, 4, 0),
)


def a_journey(*, overnight_metres: int = 60_000, far_minutes: int = 60, **changes: object) -> Problem:
    """Two visits of half a day, at a and at b, and one of two days at a."""
    return a_problem(
        days=(*WEEK, NEXT_MONDAY),
        places=(a_place("town"), a_place("a"), a_place("b")),
        travel=a_matrix(KILOMETRES),
        overnight_metres=overnight_metres,
        far_minutes=far_minutes,
        inspectees=(an_inspectee("at a", place="a"), an_inspectee("at b", place="b")),
        visits=(
            a_visit("a", inspectee="at a", latest=NEXT_MONDAY),
            a_visit("b", inspectee="at b", latest=NEXT_MONDAY),
            a_visit("long", inspectee="at a", half_days=4),
        ),
        **changes,
    )


def travel(problem: Problem, *assignments: Assignment) -> int:
    """The kilometres of a plan of some of the three visits."""
    planned = {assignment.visit for assignment in assignments}
    left_out = tuple(visit.id for visit in problem.visits if visit.id not in planned)
    metres = score(problem, a_plan(*assignments, left_out=left_out)).travel
    assert metres % 1000 == 0
    return metres // 1000


def test_travel_of_one_visit_goes_there_and_back() -> None:
    # 10 + 11
    assert travel(a_journey(), an_assignment("a", MONDAY)) == 21


@pytest.mark.parametrize(
    ("first", "second", "kilometres"),
    [
        ("a", "b", 10 + 3 + 21),
        ("b", "a", 20 + 4 + 11),
    ],
)
def test_travel_of_a_day_goes_from_the_first_place_to_the_second(first: str, second: str, kilometres: int) -> None:
    assignments = an_assignment(first, MONDAY, "am"), an_assignment(second, MONDAY, "pm")

    assert travel(a_journey(), *assignments) == kilometres


@pytest.mark.parametrize(
    ("overnight_metres", "kilometres"),
    [
        (60_000, 10 + 11 + 20 + 21),  # home and out again is 31, away 3 + 60
        (28_000, 10 + 31 + 21),  # either is 31
        (5_000, 10 + 3 + 5 + 21),  # away is 8
    ],
)
def test_travel_between_two_days_goes_home_or_stays_away_whichever_is_less(
    overnight_metres: int, kilometres: int
) -> None:
    problem = a_journey(overnight_metres=overnight_metres)

    assert travel(problem, an_assignment("a", MONDAY), an_assignment("b", TUESDAY)) == kilometres


def test_travel_goes_home_before_a_day_without_duty() -> None:
    problem = a_journey(overnight_metres=0)

    # Monday and Wednesday are not consecutive, nor are Friday and the Monday after: 10 + 11 and 20 + 21.
    assert travel(problem, an_assignment("a", MONDAY), an_assignment("b", WEDNESDAY)) == 62
    assert travel(problem, an_assignment("a", FRIDAY), an_assignment("b", NEXT_MONDAY)) == 62


def test_travel_within_one_visit_is_only_the_way_back_in_the_morning() -> None:
    # Home and out again is 11 + 10; away is the 1 km of the table's diagonal and the night.
    assert travel(a_journey(overnight_metres=19_000), an_assignment("long", MONDAY)) == 10 + 1 + 19 + 11
    assert travel(a_journey(overnight_metres=60_000), an_assignment("long", MONDAY)) == 10 + 11 + 10 + 11


def test_far_drive_between_base_and_a_place_costs_a_night() -> None:
    # 20 minutes out to b are not more than 20, the 21 back are: one night.
    problem = a_journey(overnight_metres=60_000, far_minutes=20)

    assert travel(problem, an_assignment("b", MONDAY)) == 20 + 21 + 60


def test_a_night_costs_what_it_costs_the_person() -> None:
    """Away from a to b is 3 and the person's night; home and out again is 31. Far drives cost that night as well."""

    def journey(night: int | None, far_minutes: int = 60) -> int:
        person = an_inspector("i1", overnight_metres=night)
        problem = a_journey(overnight_metres=60_000, far_minutes=far_minutes, inspectors=(person,))
        return travel(problem, an_assignment("a", MONDAY), an_assignment("b", TUESDAY))

    assert journey(None) == 10 + 31 + 21
    assert journey(5_000) == 10 + 3 + 5 + 21
    assert journey(0) == 10 + 3 + 21
    assert journey(5_000, far_minutes=20) == 10 + 3 + 5 + 21 + 5


def test_far_drives_count_in_the_choice_between_home_and_away() -> None:
    # Going home from b is 21 + 60, out again 20: 101. Staying is 0 + 60. The last way home is 21 + 60 again.
    visits = (a_visit("b", inspectee="at b"), a_visit("b again", inspectee="at b"))
    problem = replace(a_journey(overnight_metres=60_000, far_minutes=20), visits=visits)

    assert travel(problem, an_assignment("b", MONDAY), an_assignment("b again", TUESDAY)) == 20 + 60 + 21 + 60


def test_travel_is_counted_for_each_person_from_the_own_base() -> None:
    people = (an_inspector("i1"), an_inspector("i2", base="a"))
    problem = replace(a_journey(inspectors=people), visits=(a_visit("b", inspectee="at b", size=2),))

    # 20 + 21 from the town, 3 + 4 from a
    assert travel(problem, an_assignment("b", MONDAY, team=("i1", "i2"))) == 48


def test_history_drives_nothing() -> None:
    past = PastVisit("h1", "at b", MONDAY, "am", 1, ("i1",), burden=0)

    # The day begins at base although the morning was spent at b.
    assert travel(a_journey(history=(past,)), an_assignment("a", MONDAY, "pm")) == 21


def test_great_circle_is_rounded_down_in_metres_and_up_in_minutes() -> None:
    # One degree of latitude is 6 371 000 · π / 180 = 111 194.93 m, with the detour 144 553.40 m: 144 553 m.
    # At 900 m a minute that is 160.61: 161 minutes.
    north = a_place("north", lat=43.3)
    problem = a_problem(
        places=(a_place("town"), north),
        travel=GreatCircle(detour_percent=130, metres_per_minute=900),
        inspectees=(an_inspectee(place="north"),),
    )

    near = score(replace(problem, far_minutes=161), a_plan(an_assignment()))
    far = score(replace(problem, far_minutes=160), a_plan(an_assignment()))

    assert near == Score(travel=2 * 144_553)
    assert far == Score(travel=2 * (144_553 + 60_000))


def test_great_circle_reaches_the_opposite_point() -> None:
    # Half of the circumference, 6 371 000 · π = 20 015 086.8 m, where the haversine is 1.
    problem = a_problem(
        places=(a_place("town", lon=0.0, lat=0.0), a_place("opposite", lon=180.0, lat=0.0)),
        travel=GreatCircle(detour_percent=100, metres_per_minute=900),
        inspectees=(an_inspectee(place="opposite"),),
        overnight_metres=0,
    )

    assert score(problem, a_plan(an_assignment())) == Score(travel=2 * 20_015_086)


def test_balance_compares_each_load_with_the_fair_share_of_the_group() -> None:
    people = (
        an_inspector("i1", share=1, load_before=4),
        an_inspector("i2", share=2),
        an_inspector("i3", share=0),
        an_inspector("other", tags=frozenset({"others"}), share=1),
    )
    past = PastVisit("h1", "gone", MONDAY, "am", 2, ("i2", "left"), burden=0)
    visits = (a_visit("v1", half_days=3),)
    problem = a_problem(inspectors=people, visits=visits, history=(past,), balance_groups=("pool", "others", "nobody"))

    # Loads: i1 4 + 3 = 7, i2 2, i3 0; together 9 of 3 shares. |7·3 − 1·9| = 12, |2·3 − 2·9| = 12, 0: 4 + 4 + 0.
    # The other is alone in its group, |0·1 − 1·0| = 0; nobody is in the third.
    assert score(problem, a_plan(an_assignment(day=TUESDAY))) == Score(balance=8)


def test_balance_is_rounded_down_for_each_inspector() -> None:
    people = (an_inspector("i1", share=1), an_inspector("i2", share=2))
    problem = a_problem(inspectors=people, balance_groups=("pool",))

    # L = 1, S = 3: ⌊|1·3 − 1·1| / 3⌋ = ⌊2/3⌋ and ⌊|0·3 − 2·1| / 3⌋ = ⌊2/3⌋
    assert score(problem, a_plan(an_assignment())) == Score()


def test_balance_of_a_group_without_shares_is_nothing() -> None:
    people = (an_inspector("i1", share=0), an_inspector("i2", share=0))
    problem = a_problem(inspectors=people, balance_groups=("pool",))

    assert score(problem, a_plan(an_assignment())) == Score()


def test_buffer_counts_the_days_by_which_a_visit_ends_too_late() -> None:
    problem = a_problem(buffer_days=3, visits=(a_visit("v1", half_days=3), a_visit("v2")))
    plan = a_plan(an_assignment("v1", TUESDAY), an_assignment("v2", MONDAY))

    # v1 ends on Wednesday, two days before Friday: 1 too few. v2 leaves four days: enough.
    assert score(problem, plan) == Score(buffer=1)


def test_a_visit_has_its_own_buffer_where_it_names_one() -> None:
    visits = (a_visit("v1", half_days=3, buffer_days=4), a_visit("v2", buffer_days=0), a_visit("v3"))
    problem = a_problem(buffer_days=3, visits=visits, inspectors=(an_inspector("i1"), an_inspector("i2")))
    plan = a_plan(
        an_assignment("v1", TUESDAY), an_assignment("v2", FRIDAY), an_assignment("v3", FRIDAY, "pm", team=("i2",))
    )

    # v1 ends two days before Friday, 2 too few; v2 asks for none; v3 has the problem's 3.
    assert score(problem, plan) == Score(buffer=5)


def test_overload_counts_half_days_above_the_level_of_each_month() -> None:
    """Two half-days in March of a level of 1, and three in April: 1 + 2; the other person has no level."""
    days = (date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 2))
    problem = a_problem(
        days=days,
        inspectors=(an_inspector("i1", level=1), an_inspector("i2")),
        visits=(a_visit("v1", half_days=5, latest=days[-1], size=2),),
    )

    assert score(problem, a_plan(an_assignment("v1", days[0], team=("i1", "i2")))) == Score(overload=3)


def test_history_counts_in_the_overload_of_months_in_which_the_plan_has_duty_only() -> None:
    past = tuple(
        PastVisit(f"h{day}", "gone", day, "am", half_days=3, team=("i1",), burden=0)
        for day in (date(2025, 2, 3), date(2025, 3, 1))
    )
    problem = a_problem(inspectors=(an_inspector("i1", level=2), an_inspector("i2", level=0)), history=past)

    # March: 3 past half-days, of which one is a Sunday's, and 1 planned are 2 above the level; February is over.
    assert score(problem, a_plan(an_assignment())) == Score(overload=2)
    assert score(problem, a_plan(left_out=("v1",))) == Score(unscheduled=1)


def test_overload_of_edition_1_does_not_exist() -> None:
    assert score(a_problem(weights=weights(overload=None)), a_plan(an_assignment())).overload == 0


def test_preference_counts_visits_without_any_of_the_preferred() -> None:
    people = tuple(an_inspector(name) for name in ("i1", "i2", "i3"))
    visits = (
        a_visit("v1", prefers=frozenset({"i1", "i2"})),
        a_visit("v2", prefers=frozenset({"i2", "i3"})),
        a_visit("v3"),
        a_visit("v4", prefers=frozenset({"i3"})),
    )
    problem = a_problem(inspectors=people, visits=visits)
    plan = a_plan(
        an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY), an_assignment("v3", WEDNESDAY), left_out=("v4",)
    )

    # v1 has i1; v2 has neither i2 nor i3; v3 wants nobody; v4 does not take place and weighs 1.
    assert score(problem, plan) == Score(unscheduled=1, preference=1)


def before(visit: str, half: Half = "am", team: tuple[str, ...] = ("i1",)) -> BaselineAssignment:
    """Where the plan in force has the visit: on Monday."""
    return BaselineAssignment(visit, MONDAY, half, team)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (a_plan(an_assignment(team=("i1", "i2"))), Score()),
        (a_plan(an_assignment(day=TUESDAY, half="pm", team=("i1", "i2"))), Score(change_day=1)),
        (a_plan(an_assignment(half="pm", team=("i1", "i2"))), Score(change_half=1)),
        (a_plan(an_assignment(team=("i1", "i3"))), Score(change_member=1)),
        (a_plan(an_assignment(day=TUESDAY, team=("i3", "i4"))), Score(change_day=1, change_member=2)),
        (a_plan(left_out=("v1",)), Score(unscheduled=1, change_day=1)),
    ],
    ids=["as before", "another day", "another half", "another member", "moved with others", "left out"],
)
def test_changes_are_counted_against_the_baseline(now: Plan, expected: Score) -> None:
    people = tuple(an_inspector(name) for name in ("i1", "i2", "i3", "i4"))
    baseline = (before("v1", team=("i1", "i2")), before("left"))
    problem = a_problem(inspectors=people, visits=(a_visit(size=2),), baseline=baseline)

    assert score(problem, now) == expected


def test_baseline_member_who_has_left_is_a_change() -> None:
    problem = a_problem(baseline=(before("v1", team=("i1", "left")),))

    assert score(problem, a_plan(an_assignment())) == Score(change_member=1)


def test_total_weighs_each_part_and_travel_by_the_whole_kilometre() -> None:
    parts = Score(
        unscheduled=1,
        travel=2_999,
        balance=3,
        buffer=4,
        preference=5,
        change_day=6,
        change_half=7,
        change_member=8,
    )
    of_parts = weights(
        unscheduled=10_000_000,
        travel=1_000_000,
        balance=100_000,
        buffer=10_000,
        preference=1_000,
        change_day=100,
        change_half=10,
        change_member=1,
    )

    assert parts.total(of_parts) == 12_345_678


@given(hidden_plans())
def test_no_part_of_a_score_is_negative(hidden: Hidden) -> None:
    parts = check(hidden.problem, hidden.plan).score

    assert min(parts.unscheduled, parts.travel, parts.balance, parts.buffer, parts.preference) >= 0
    assert min(parts.change_day, parts.change_half, parts.change_member) >= 0
    assert parts.total(hidden.problem.weights) >= 0


@given(hidden_plans())
def test_score_does_not_depend_on_the_order_of_assignments_and_members(hidden: Hidden) -> None:
    turned = replace(
        hidden.plan,
        assignments=tuple(replace(entry, team=entry.team[::-1]) for entry in hidden.plan.assignments[::-1]),
    )

    assert check(hidden.problem, turned) == check(hidden.problem, hidden.plan)


@given(hidden_plans())
def test_stated_score_is_not_looked_at(hidden: Hidden) -> None:
    boasting = replace(hidden.plan, score=Score(unscheduled=-1, travel=-1))

    assert check(hidden.problem, boasting) == check(hidden.problem, hidden.plan)
