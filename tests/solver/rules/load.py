"""Cases of the rules about sums: caps, burdens, resources."""

from __future__ import annotations

from datetime import date

from solver.problem import PastVisit
from solver.reasons import Violation
from tests.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_period,
    a_plan,
    a_problem,
    a_resource,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)
from tests.solver.rules.case import Case

# Thursday 30 January to Monday 3 February 2025 without the weekend, and the turn of that year.
THURSDAY_30, FRIDAY_31, MONDAY_3 = date(2025, 1, 30), date(2025, 1, 31), date(2025, 2, 3)
TURN_OF_MONTH = (THURSDAY_30, FRIDAY_31, MONDAY_3)
DAY_BEFORE, NEW_YEARS_EVE, NEW_YEAR = date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)
TWO_SCHOOLS = (an_inspectee("e1"), an_inspectee("e2"))


def past(day: date, inspectee: str = "e2", burden: int = 0, resources: tuple[str, ...] = ()) -> PastVisit:
    """What i1 did on a day in half a day."""
    return PastVisit("h1", inspectee, day, "am", 1, ("i1",), burden, resources)


MONTH = a_problem(
    days=TURN_OF_MONTH,
    inspectors=(an_inspector(half_days_per_month=3),),
    inspectees=TWO_SCHOOLS,
    visits=tuple(
        a_visit(name, inspectee=school, half_days=2, earliest=THURSDAY_30, latest=MONDAY_3)
        for name, school in (("v1", "e1"), ("v2", "e2"))
    ),
)
MONTH_WITH_PAST = a_problem(
    inspectors=(an_inspector(half_days_per_month=2),),
    inspectees=TWO_SCHOOLS,
    visits=(a_visit("v1"), a_visit("v2")),
    history=(past(date(2025, 3, 1)),),
)
YEAR = a_problem(
    days=(DAY_BEFORE, NEW_YEARS_EVE, NEW_YEAR),
    inspectors=(an_inspector(half_days_per_year=2),),
    visits=(a_visit(half_days=4, earliest=DAY_BEFORE, latest=NEW_YEAR),),
)
YEAR_WITH_PAST = a_problem(
    inspectors=(an_inspector(half_days_per_year=2),),
    inspectees=TWO_SCHOOLS,
    visits=(a_visit("v1"), a_visit("v2")),
    history=(past(date(2025, 1, 2)),),
)
FIRST_DAYS = a_period("first days", first=MONDAY, last=TUESDAY)
BURDEN = a_problem(
    periods=(FIRST_DAYS,),
    inspectees=(an_inspectee(max_burden={"first days": 3}),),
    visits=(a_visit("v1", burden=2), a_visit("v2", burden=2, half_days=4)),
)
BURDEN_WITH_PAST = a_problem(
    periods=(FIRST_DAYS,),
    inspectees=(an_inspectee(max_burden={"first days": 1}),),
    visits=(a_visit("v1", burden=1),),
    history=(past(MONDAY, "e1", burden=1),),
)
ONE_CAR = a_problem(
    inspectors=(an_inspector("i1"), an_inspector("i2")),
    inspectees=TWO_SCHOOLS,
    resources=(a_resource("car", capacity=1),),
    visits=(a_visit("v1", half_days=3, resources=("car",)), a_visit("v2", inspectee="e2", resources=("car",))),
)
ONE_CAR_ON_THE_ROAD = a_problem(
    inspectors=(an_inspector("i1"), an_inspector("i2")),
    inspectees=TWO_SCHOOLS,
    resources=(a_resource("car", capacity=1),),
    visits=(a_visit("v1", resources=("car",)),),
    history=(past(MONDAY, resources=("car", "sold car")),),
)

LOAD_CASES = (
    Case(
        "four half-days in January are one too many, two in January and two in February are not",
        MONTH,
        a_plan(an_assignment("v1", FRIDAY_31), an_assignment("v2", MONDAY_3)),
        a_plan(an_assignment("v1", THURSDAY_30), an_assignment("v2", FRIDAY_31)),
        Violation("month_cap", "v2", {"inspector": "i1", "year": 2025, "month": 1, "half_days": 4, "cap": 3}),
    ),
    Case(
        "half a day carried out in March leaves room for one more, not for two",
        MONTH_WITH_PAST,
        a_plan(an_assignment("v1", MONDAY), left_out=("v2",)),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY)),
        Violation("month_cap", "v2", {"inspector": "i1", "year": 2025, "month": 3, "half_days": 3, "cap": 2}),
    ),
    Case(
        "four half-days in 2025 are too many, two in 2025 and two in 2026 are not",
        YEAR,
        a_plan(an_assignment(day=NEW_YEARS_EVE)),
        a_plan(an_assignment(day=DAY_BEFORE)),
        Violation("year_cap", "v1", {"inspector": "i1", "year": 2025, "half_days": 4, "cap": 2}),
    ),
    Case(
        "half a day carried out in January leaves room for one more in the year, not for two",
        YEAR_WITH_PAST,
        a_plan(an_assignment("v2", MONDAY), left_out=("v1",)),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY)),
        Violation("year_cap", "v2", {"inspector": "i1", "year": 2025, "half_days": 3, "cap": 2}),
    ),
    Case(
        "a visit burdens the period in which it begins, and no other",
        BURDEN,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", WEDNESDAY)),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY)),
        Violation("burden", "v2", {"inspectee": "e1", "period": "first days", "burden": 4, "max_burden": 3}),
    ),
    Case(
        "what was carried out in the period burdens it",
        BURDEN_WITH_PAST,
        a_plan(an_assignment(day=WEDNESDAY)),
        a_plan(an_assignment(day=TUESDAY)),
        Violation("burden", "v1", {"inspectee": "e1", "period": "first days", "burden": 2, "max_burden": 1}),
    ),
    Case(
        "one car carries one team in a half-day",
        ONE_CAR,
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "pm", team=("i2",))),
        a_plan(an_assignment("v1", MONDAY), an_assignment("v2", TUESDAY, "am", team=("i2",))),
        Violation("resource", "v2", {"resource": "car", "day": TUESDAY, "half": "am", "visits": 2, "capacity": 1}),
    ),
    Case(
        "the car of a visit under way is not here; one that was sold is nobody's matter",
        ONE_CAR_ON_THE_ROAD,
        a_plan(an_assignment(day=MONDAY, half="pm", team=("i2",))),
        a_plan(an_assignment(day=MONDAY, half="am", team=("i2",))),
        Violation("resource", "v1", {"resource": "car", "day": MONDAY, "half": "am", "visits": 2, "capacity": 1}),
    ),
)
