"""Starts and members that a visit has left, and the rule that removed each other one."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.problem import DateRange, PastVisit, Pin, Precedence
from tests.builders import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_problem,
    a_resource,
    a_visit,
    an_inspectee,
    an_inspector,
)
from tests.strategies import Hidden, hidden_plans

MONDAY_AM, MONDAY_PM, TUESDAY_AM, TUESDAY_PM, WEDNESDAY_AM, WEDNESDAY_PM, THURSDAY_AM, THURSDAY_PM = map(Slot, range(8))
FRIDAY_AM, FRIDAY_PM = Slot(8), Slot(9)


def test_each_start_is_removed_by_the_first_rule_that_forbids_it() -> None:
    """Two half-days begin in the morning, not before Tuesday, and not on Friday, when the school is closed."""
    problem = a_problem(
        visits=(a_visit(half_days=2, earliest=TUESDAY),),
        inspectees=(an_inspectee(closed=(DateRange(FRIDAY, FRIDAY),)),),
        inspectors=(an_inspector(unavailable=(DateRange(WEDNESDAY, WEDNESDAY),)),),
    )
    candidates = Candidates(problem)

    assert candidates.starts(0).tolist() == [TUESDAY_AM, THURSDAY_AM]
    assert candidates.removed_starts(0) == {
        "slots": [MONDAY_PM, TUESDAY_PM, WEDNESDAY_PM, THURSDAY_PM, FRIDAY_PM],
        "window": [MONDAY_AM],
        "closed": [FRIDAY_AM],
        "available": [WEDNESDAY_AM],
    }


def test_members_are_removed_by_pool_exclusion_and_pin() -> None:
    people = (
        an_inspector("stranger", tags=frozenset({"other"})),
        an_inspector("recused"),
        an_inspector("pinned"),
        an_inspector("spare"),
    )
    problem = a_problem(
        inspectors=people,
        visits=(a_visit(excluded=frozenset({"recused"})),),
        pins=(Pin("v1", TUESDAY, "pm", team=("pinned",)),),
    )
    candidates = Candidates(problem)

    assert candidates.starts(0).tolist() == [TUESDAY_PM]
    assert candidates.members(0).tolist() == [2]
    assert candidates.removed_members(0) == {"team_pool": [0], "excluded": [1], "pinned": [3]}


def test_a_start_needs_enough_bearers_of_each_tag() -> None:
    """Both are there on Tuesday to Friday; the only lead is away on Monday and off on Fridays."""
    lead = an_inspector(
        "i2",
        tags=frozenset({"pool", "lead"}),
        unavailable=(DateRange(MONDAY, MONDAY),),
        weekdays=frozenset({1, 2, 3, 4}),
    )
    problem = a_problem(inspectors=(an_inspector("i1"), lead), visits=(a_visit(half_days=2, requires={"lead": 1}),))
    candidates = Candidates(problem)

    assert candidates.starts(0).tolist() == [TUESDAY_AM, WEDNESDAY_AM, THURSDAY_AM]
    assert candidates.members_at(0, MONDAY_AM).tolist() == [0]
    assert candidates.bearers("lead").tolist() == [False, True]


def test_history_takes_half_days_gaps_burden_and_resources() -> None:
    """Tuesday morning is taken; a visit with burden keeps 2 days from it; the other two have nothing to keep."""
    past = PastVisit("h", "e1", TUESDAY, "am", half_days=1, team=("gone",), burden=1, resources=("car",))
    problem = a_problem(
        history=(past,),
        inspectees=(an_inspectee("e1", min_gap_days=2), an_inspectee("e2"), an_inspectee("e3", max_burden={"year": 0})),
        resources=(a_resource(),),
        visits=(
            a_visit("light"),
            a_visit("heavy", burden=1),
            a_visit("car", inspectee="e2", resources=("car",)),
            a_visit("limited", inspectee="e3", burden=1),
        ),
    )
    candidates = Candidates(problem)
    removed = [candidates.removed_starts(visit) for visit in range(4)]

    assert removed == [
        {"inspectee_overlap": [TUESDAY_AM]},
        {
            "inspectee_overlap": [TUESDAY_AM],
            "inspectee_gap": [MONDAY_AM, MONDAY_PM, TUESDAY_PM, WEDNESDAY_AM, WEDNESDAY_PM],
        },
        {"resource": [TUESDAY_AM]},
        {"burden": list(map(Slot, range(10)))},
    ]


def test_what_follows_a_visit_of_the_history_keeps_its_distance() -> None:
    """The past visit ended on Tuesday; 1 to 2 days later are Wednesday and Thursday."""
    past = PastVisit("h", "gone", MONDAY, "am", half_days=3, team=(), burden=0)
    problem = a_problem(history=(past,), precedences=(Precedence("h", "v1", min_days=1, max_days=2),))

    assert Candidates(problem).starts(0).tolist() == [WEDNESDAY_AM, WEDNESDAY_PM, THURSDAY_AM, THURSDAY_PM]


def test_history_of_people_and_units_that_are_gone_counts_nowhere() -> None:
    past = PastVisit("h", "gone", MONDAY, "am", half_days=3, team=("gone", "i1"), burden=1, resources=("sold",))
    history = Candidates(a_problem(history=(past,))).history

    assert history.total_half_days("i1") == 3
    assert history.busy["i1"] == {0: "gone", 1: "gone", 2: "gone"}
    assert history.year_half_days("i1", 2025) == 3
    assert THURSDAY not in {past.day for past in history.by_inspectee.get("e1", ())}


def test_a_window_in_no_inspection_day_leaves_no_start() -> None:
    assert Candidates(a_problem(visits=(a_visit(earliest=FRIDAY, latest=MONDAY),))).starts(0).tolist() == []
    assert Candidates(a_problem(days=())).starts(0).tolist() == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(hidden_plans())
def test_a_start_is_either_left_or_removed_by_a_rule(hidden: Hidden) -> None:
    """Starts are computed once for visits that are alike, the removed ones rule by rule: both must agree."""
    candidates = Candidates(hidden.problem)

    for number in range(len(hidden.problem.visits)):
        removed = [slot for slots in candidates.removed_starts(number).values() for slot in slots]
        assert sorted([*removed, *candidates.starts(number).tolist()]) == list(range(candidates.calendar.slots))
