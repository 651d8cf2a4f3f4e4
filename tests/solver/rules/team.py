"""Cases of the rules about who is in a team and where each member is."""

from __future__ import annotations

from datetime import date, timedelta

from solver.problem import DateRange, PastVisit
from solver.reasons import Details, Violation
from tests.builders import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    POOL,
    THURSDAY,
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
)
from tests.solver.rules.case import Case

PEOPLE = (
    an_inspector("i1"),
    an_inspector("i2", tags=frozenset({POOL, "finance"})),
    an_inspector("chief", tags=frozenset({POOL, "lead"})),
    an_inspector("guest", tags=frozenset({"guests", "finance", "lead"})),
)
SIZE = a_problem(inspectors=PEOPLE, visits=(a_visit(size=2),))
POOLS = a_problem(inspectors=PEOPLE, visits=(a_visit(pool=(POOL, "others")),))
SKILL = a_problem(inspectors=PEOPLE, visits=(a_visit(size=2, requires={"finance": 1}),))
LED = a_problem(inspectors=PEOPLE, visits=(a_visit(size=2, requires={"lead": 1}),))
EXCLUDED = a_problem(inspectors=PEOPLE, visits=(a_visit(excluded=frozenset({"i2"})),))
ABSENT = a_problem(
    inspectors=(an_inspector(unavailable=(DateRange(TUESDAY, TUESDAY),)),), visits=(a_visit(half_days=3),)
)
PART_TIME = a_problem(inspectors=(an_inspector(weekdays=frozenset({1, 4})),))
TWO_SCHOOLS = (an_inspectee("e1"), an_inspectee("e2"))
ONE_PERSON = a_problem(inspectees=TWO_SCHOOLS, visits=(a_visit("v1", half_days=3), a_visit("v2", inspectee="e2")))
PAST = PastVisit("h1", "e2", MONDAY, "am", half_days=1, team=("i1", "left"), burden=0)
BUSY_BEFORE = a_problem(inspectees=TWO_SCHOOLS, history=(PAST,))
ONE_WAY = {
    # From the town to the village it is uphill: 46 minutes, one more than allowed; back it is 45.
    "places": (a_place("town"), a_place("village")),
    "inspectees": (an_inspectee("e1"), an_inspectee("e2", place="village")),
    "travel": a_matrix(((0, 46), (45, 0))),
    "transfer_max_minutes": 45,
}
TRANSFER = a_problem(**ONE_WAY, visits=(a_visit("v1"), a_visit("v2", inspectee="e2")))
TRANSFER_FROM_PAST = a_problem(
    **ONE_WAY,
    visits=(a_visit("v1", inspectee="e2"),),
    history=(PastVisit("h1", "e1", MONDAY, "am", half_days=1, team=("i1",), burden=0),),
)
OVERNIGHT = ONE_WAY | {"evening_max_minutes": 45}
EVENING = a_problem(**OVERNIGHT, visits=(a_visit("v1", half_days=2), a_visit("v2", inspectee="e2")))
EVENING_WEEK = a_problem(
    **OVERNIGHT,
    days=(*WEEK, NEXT_MONDAY),
    visits=(a_visit("v1"), a_visit("v2", inspectee="e2", latest=NEXT_MONDAY)),
)
EVENING_AFTER_SUNDAY = a_problem(
    **OVERNIGHT,
    visits=(a_visit("v1", inspectee="e2", half_days=3),),
    history=(PastVisit("h1", "e1", MONDAY - timedelta(days=1), "pm", half_days=1, team=("i1",), burden=0),),
)
EVENING_BEFORE_SATURDAY = a_problem(
    **OVERNIGHT,
    visits=(a_visit("v1", half_days=2),),
    history=(PastVisit("h1", "e2", FRIDAY + timedelta(days=1), "am", half_days=2, team=("i1", "left"), burden=0),),
)
EVENING_AFTER_PAST = a_problem(
    **OVERNIGHT,
    visits=(a_visit("v1", inspectee="e2"),),
    history=(PastVisit("h1", "e1", MONDAY, "am", half_days=2, team=("i1",), burden=0),),
)


def too_far(visit: str, other: str, day: date) -> Violation:
    """An evening's drive of a minute more than allowed."""
    details: Details = {"inspector": "i1", "other": other, "day": day, "minutes": 46, "evening_max_minutes": 45}
    return Violation("evening", visit, details)


TEAM_CASES = (
    Case(
        "two are asked for",
        SIZE,
        a_plan(an_assignment(team=("i1", "i2"))),
        a_plan(an_assignment(team=("i1",))),
        Violation("team_size", "v1", {"members": 1, "size": 2}),
    ),
    Case(
        "two are asked for, not three",
        SIZE,
        a_plan(an_assignment(team=("i2", "i1"))),
        a_plan(an_assignment(team=("i1", "i2", "chief"))),
        Violation("team_size", "v1", {"members": 3, "size": 2}),
    ),
    Case(
        "one tag of the pool is enough, none is too little",
        POOLS,
        a_plan(an_assignment(team=("i1",))),
        a_plan(an_assignment(team=("guest",))),
        Violation("team_pool", "v1", {"inspector": "guest"}),
    ),
    Case(
        "one of the team knows the funds",
        SKILL,
        a_plan(an_assignment(team=("i1", "i2"))),
        a_plan(an_assignment(team=("i1", "chief"))),
        Violation("team_requires", "v1", {"tag": "finance", "bearers": 0, "least": 1}),
    ),
    Case(
        "where lead is required, a leader is named",
        LED,
        a_plan(an_assignment(team=("i1", "chief"), leader="chief")),
        a_plan(an_assignment(team=("i1", "chief"))),
        Violation("team_requires", "v1", {"leader": ""}),
    ),
    Case(
        "where lead is required, the leader bears it",
        LED,
        a_plan(an_assignment(team=("chief", "i1"), leader="chief")),
        a_plan(an_assignment(team=("chief", "i1"), leader="i1")),
        Violation("team_requires", "v1", {"leader": "i1"}),
    ),
    Case(
        "a leader is one of the team also where none is required, and then needs no tag",
        SIZE,
        a_plan(an_assignment(team=("i1", "i2"), leader="i1")),
        a_plan(an_assignment(team=("i1", "i2"), leader="chief")),
        Violation("team_requires", "v1", {"leader": "chief"}),
    ),
    Case(
        "who is excluded stays away",
        EXCLUDED,
        a_plan(an_assignment(team=("i1",))),
        a_plan(an_assignment(team=("i2",))),
        Violation("excluded", "v1", {"inspector": "i2"}),
    ),
    Case(
        "one day of absence within the visit is too much; the day after it is free",
        ABSENT,
        a_plan(an_assignment(day=WEDNESDAY)),
        a_plan(an_assignment(day=MONDAY)),
        Violation("available", "v1", {"inspector": "i1"}),
    ),
    Case(
        "who works on Mondays and Thursdays does not come on Fridays",
        PART_TIME,
        a_plan(an_assignment(day=THURSDAY)),
        a_plan(an_assignment(day=FRIDAY)),
        Violation("available", "v1", {"inspector": "i1"}),
    ),
    Case(
        "nobody is at two visits at once; the afternoon of the second day is free again",
        ONE_PERSON,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "pm")),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "am")),
        Violation("double_booked", "v2", {"inspector": "i1", "other": "v1", "day": TUESDAY, "half": "am"}),
    ),
    Case(
        "nor at one that is under way",
        BUSY_BEFORE,
        a_plan(an_assignment(half="pm")),
        a_plan(an_assignment(half="am")),
        Violation("double_booked", "v1", {"inspector": "i1", "other": "h1", "day": MONDAY, "half": "am"}),
    ),
    Case(
        "down to the town takes 45 minutes, up to the village 46",
        TRANSFER,
        a_plan(an_assignment("v2", MONDAY, "am"), an_assignment("v1", MONDAY, "pm")),
        a_plan(an_assignment("v1", MONDAY, "am"), an_assignment("v2", MONDAY, "pm")),
        Violation(
            "transfer",
            "v2",
            {"inspector": "i1", "other": "v1", "day": MONDAY, "minutes": 46, "transfer_max_minutes": 45},
        ),
    ),
    Case(
        "the drive from a visit under way counts too",
        TRANSFER_FROM_PAST,
        a_plan(an_assignment(day=TUESDAY, half="pm")),
        a_plan(an_assignment(day=MONDAY, half="pm")),
        Violation(
            "transfer",
            "v1",
            {"inspector": "i1", "other": "h1", "day": MONDAY, "minutes": 46, "transfer_max_minutes": 45},
        ),
    ),
    Case(
        "nobody drives up to the village between an afternoon and the next morning; at noon there is time",
        EVENING,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "pm")),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "am")),
        too_far("v2", "v1", MONDAY),
    ),
    Case(
        "down to the town there are 45 minutes: it is the drive from the afternoon to the morning that counts",
        EVENING,
        a_plan(an_assignment("v2", MONDAY, "pm"), an_assignment("v1", TUESDAY)),
        a_plan(an_assignment("v1", TUESDAY), an_assignment("v2", WEDNESDAY, "am")),
        too_far("v2", "v1", TUESDAY),
    ),
    Case(
        "over the weekend there is time: Friday and Monday are no consecutive dates",
        EVENING_WEEK,
        a_plan(an_assignment("v1", FRIDAY, "pm"), an_assignment("v2", NEXT_MONDAY, "am")),
        a_plan(an_assignment("v1", THURSDAY, "pm"), an_assignment("v2", FRIDAY, "am")),
        too_far("v2", "v1", THURSDAY),
    ),
    Case(
        "a visit carried out on Sunday afternoon is too far for Monday morning, the first half-day of all",
        EVENING_AFTER_SUNDAY,
        a_plan(an_assignment(day=TUESDAY)),
        a_plan(an_assignment(day=MONDAY)),
        too_far("v1", "h1", MONDAY - timedelta(days=1)),
    ),
    Case(
        "a visit given for Saturday is too far from Friday afternoon, the last half-day of all",
        EVENING_BEFORE_SATURDAY,
        a_plan(an_assignment(day=THURSDAY)),
        a_plan(an_assignment(day=FRIDAY)),
        too_far("v1", "h1", FRIDAY),
    ),
    Case(
        "nor from a visit under way on an inspection day",
        EVENING_AFTER_PAST,
        a_plan(an_assignment(day=TUESDAY, half="pm")),
        a_plan(an_assignment(day=TUESDAY, half="am")),
        too_far("v1", "h1", MONDAY),
    ),
)
