"""Cases of the rules about days and about one inspectee."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from solver.problem import DateRange, PastVisit, Precedence, Separation
from solver.reasons import Violation
from tests.builders import (
    FRIDAY,
    MONDAY,
    NEXT_MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    WEEK,
    a_plan,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)
from tests.solver.rules.case import Case

ONE = a_problem()
LONG = a_problem(days=(*WEEK, NEXT_MONDAY), visits=(a_visit(half_days=4, latest=NEXT_MONDAY),))
SHORT_WINDOW = a_problem(visits=(a_visit(half_days=3, earliest=TUESDAY, latest=THURSDAY),))
CLOSED = a_problem(
    inspectees=(an_inspectee(closed=(DateRange(WEDNESDAY, THURSDAY), DateRange(FRIDAY, MONDAY))),),
    visits=(a_visit(half_days=3),),
)
TWO_PEOPLE = (an_inspector("i1"), an_inspector("i2"))


TWO_VISITS = (a_visit("v1", half_days=3, burden=1), a_visit("v2", burden=1))
OVERLAP = a_problem(inspectors=TWO_PEOPLE, visits=TWO_VISITS)
GAP = a_problem(inspectors=TWO_PEOPLE, visits=TWO_VISITS, inspectees=(an_inspectee(min_gap_days=2),))
PAST = PastVisit("h1", "e1", MONDAY, "am", half_days=1, team=("left",), burden=1)
OVERLAP_WITH_PAST = a_problem(history=(PAST,))
GAP_AFTER_PAST = a_problem(
    history=(PAST,), inspectees=(an_inspectee(min_gap_days=2),), visits=(a_visit("v1", burden=1),)
)
ORDER = a_problem(
    inspectees=(an_inspectee("e1"), an_inspectee("e2")),
    visits=(a_visit("v1", half_days=3), a_visit("v2", inspectee="e2")),
    precedences=(Precedence("v1", "v2", min_days=1, max_days=2),),
)
ORDER_AFTER_PAST = a_problem(history=(PAST,), precedences=(Precedence("h1", "v1", min_days=3),))
APART = a_problem(
    inspectees=(an_inspectee("e1"), an_inspectee("e2")),
    visits=(a_visit("v1", half_days=3), a_visit("v2", inspectee="e2")),
    separations=(Separation(("v1", "v2"), min_days=2),),
    inspectors=(an_inspector("i1"), an_inspector("i2")),
)
APART_FROM_PAST = a_problem(
    inspectees=(an_inspectee("e1"), an_inspectee("e2")),
    visits=(a_visit(inspectee="e2", half_days=2),),
    history=(replace(PAST, day=MONDAY - timedelta(days=2)), replace(PAST, visit="h2", day=NEXT_MONDAY)),
    separations=(Separation(("h1", "v1"), min_days=4), Separation(("v1", "h2"), min_days=4)),
)

TIME_CASES = (
    Case(
        "a visit is assigned or left out",
        ONE,
        a_plan(left_out=("v1",)),
        a_plan(),
        Violation("once", "v1", {"assigned": 0, "unscheduled": 0}),
    ),
    Case(
        "a visit is not both assigned and left out",
        ONE,
        a_plan(an_assignment()),
        a_plan(an_assignment(), left_out=("v1",)),
        Violation("once", "v1", {"assigned": 1, "unscheduled": 1}),
    ),
    Case(
        "two days are consecutive dates: Friday goes on with Saturday, which is no inspection day",
        LONG,
        a_plan(an_assignment(day=THURSDAY)),
        a_plan(an_assignment(day=FRIDAY)),
        Violation("slots", "v1", {"day": FRIDAY, "half_days": 4}),
    ),
    Case(
        "more than one half-day begins in the morning",
        LONG,
        a_plan(an_assignment(day=MONDAY, half="am")),
        a_plan(an_assignment(day=MONDAY, half="pm")),
        Violation("slots", "v1", {"half": "pm", "half_days": 4}),
    ),
    Case(
        "a visit does not begin before its earliest day",
        SHORT_WINDOW,
        a_plan(an_assignment(day=TUESDAY)),
        a_plan(an_assignment(day=MONDAY)),
        Violation("window", "v1", {"day": MONDAY, "earliest": TUESDAY, "latest": THURSDAY}),
    ),
    Case(
        "a visit does not end after its latest day: three half-days from Thursday morning end on Friday",
        SHORT_WINDOW,
        a_plan(an_assignment(day=WEDNESDAY)),
        a_plan(an_assignment(day=THURSDAY)),
        Violation("window", "v1", {"day": THURSDAY, "earliest": TUESDAY, "latest": THURSDAY}),
    ),
    Case(
        "the last day counts too, and a range that ends before it begins holds nothing",
        CLOSED,
        a_plan(an_assignment(day=MONDAY)),
        a_plan(an_assignment(day=TUESDAY)),
        Violation("closed", "v1", {"inspectee": "e1", "first": WEDNESDAY, "last": THURSDAY}),
    ),
    Case(
        "a school receives one visit in a half-day; the first leaves the afternoon of its second day",
        OVERLAP,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "pm", team=("i2",))),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "am", team=("i2",))),
        Violation("inspectee_overlap", "v2", {"inspectee": "e1", "other": "v1", "day": TUESDAY}),
    ),
    Case(
        "a visit under way occupies the school",
        OVERLAP_WITH_PAST,
        a_plan(an_assignment(half="pm")),
        a_plan(an_assignment(half="am")),
        Violation("inspectee_overlap", "v1", {"inspectee": "e1", "other": "h1", "day": MONDAY}),
    ),
    Case(
        "two days lie between Tuesday, when the first ends, and Thursday",
        GAP,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", THURSDAY, team=("i2",))),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", WEDNESDAY, team=("i2",))),
        Violation("inspectee_gap", "v2", {"inspectee": "e1", "other": "v1", "days": 1, "min_gap_days": 2}),
    ),
    Case(
        "the gap is kept after what was carried out",
        GAP_AFTER_PAST,
        a_plan(an_assignment(day=WEDNESDAY)),
        a_plan(an_assignment(day=TUESDAY)),
        Violation("inspectee_gap", "v1", {"inspectee": "e1", "other": "h1", "days": 1, "min_gap_days": 2}),
    ),
    Case(
        "the second begins on the day after the first ends at the earliest",
        ORDER,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", WEDNESDAY)),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "pm")),
        Violation("precedence", "v2", {"before": "v1", "min_days": 1, "max_days": 2, "days": 0}),
    ),
    Case(
        "and two days after it at the latest",
        ORDER,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", THURSDAY)),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", FRIDAY)),
        Violation("precedence", "v2", {"before": "v1", "min_days": 1, "max_days": 2, "days": 3}),
    ),
    Case(
        "the second does not take place without the first",
        ORDER,
        a_plan(an_assignment("v1", MONDAY), left_out=("v2",)),
        a_plan(an_assignment("v2", WEDNESDAY), left_out=("v1",)),
        Violation("precedence", "v2", {"before": "v1", "min_days": 1, "max_days": 2}),
    ),
    Case(
        "what was carried out can be waited for",
        ORDER_AFTER_PAST,
        a_plan(an_assignment(day=THURSDAY)),
        a_plan(an_assignment(day=WEDNESDAY)),
        Violation("precedence", "v1", {"before": "h1", "min_days": 3, "days": 2}),
    ),
    Case(
        "two visits are two days apart: from Tuesday to Thursday",
        APART,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", THURSDAY, "am")),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", WEDNESDAY, "pm")),
        Violation("separation", "v2", {"other": "v1", "days": 1, "min_days": 2}),
    ),
    Case(
        "whichever comes first, on the first half-day or to the last",
        APART,
        a_plan(an_assignment("v2", MONDAY, "am"), an_assignment("v1", THURSDAY)),
        a_plan(an_assignment("v2", MONDAY, "am"), an_assignment("v1", TUESDAY)),
        Violation("separation", "v1", {"other": "v2", "days": 1, "min_days": 2}),
    ),
    Case(
        "visits that overlap are not apart; one that is left out is far enough",
        APART,
        a_plan(an_assignment("v1", MONDAY), left_out=("v2",)),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "am", team=("i2",))),
        Violation("separation", "v2", {"other": "v1", "days": 0, "min_days": 2}),
    ),
    Case(
        "what was carried out on a Saturday counts as well",
        APART_FROM_PAST,
        a_plan(an_assignment(day=WEDNESDAY)),
        a_plan(an_assignment(day=TUESDAY)),
        Violation("separation", "v1", {"other": "h1", "days": 3, "min_days": 4}),
    ),
    Case(
        "and what is given for a later date",
        APART_FROM_PAST,
        a_plan(an_assignment(day=THURSDAY)),
        a_plan(an_assignment(day=FRIDAY)),
        Violation("separation", "v1", {"other": "h2", "days": 3, "min_days": 4}),
    ),
)
