"""A problem that uses every key of the contract, and a plan of it."""

from __future__ import annotations

from solver.plan import Score
from solver.problem import BaselineAssignment, DateRange, PastVisit, Pin, Precedence, Separation
from tests.builders import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    a_matrix,
    a_plan,
    a_problem,
    a_resource,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)

EVERYTHING = a_problem(
    travel=a_matrix(((0,),)),
    inspectors=(
        an_inspector(
            unavailable=(DateRange(MONDAY, TUESDAY),),
            weekdays=frozenset({1, 2, 5}),
            half_days_per_month=4,
            half_days_per_year=10,
            load_before=3,
            level=2,
            overnight_metres=50_000,
        ),
    ),
    inspectees=(an_inspectee(closed=(DateRange(MONDAY, MONDAY),), max_burden={"year": 2}, min_gap_days=7),),
    resources=(a_resource(),),
    visits=(
        a_visit("v1", requires={"lead": 1}, prefers=frozenset({"i1"}), resources=("car",), buffer_days=2),
        a_visit("v2"),
    ),
    precedences=(Precedence("v1", "v2", min_days=1, max_days=9), Precedence("h1", "v2", min_days=0)),
    pins=(Pin("v1", FRIDAY, "pm", team=("i1",), leader="i1"), Pin("v2", FRIDAY, "am")),
    baseline=(BaselineAssignment("left", MONDAY, "am", team=("left", "i1"), leader="i1"),),
    balance_groups=("pool",),
    history=(PastVisit("h1", "gone", MONDAY, "am", 3, ("left",), burden=1, resources=("sold car",)),),
    evening_max_minutes=30,
    separations=(Separation(("v2", "v1"), min_days=1), Separation(("v2", "h1"), min_days=3)),
)
PLAN = a_plan(
    an_assignment("v1", FRIDAY, "pm", leader="i1"),
    left_out=("v2",),
    score=Score(unscheduled=1, travel=1500),
    bound=1,
    unscheduled_bound=0,
    changed=2,
    changed_bound=1,
)
