"""The smallest valid thing of each kind of the solver, changed by keyword.

A problem without changes is one school week: five days from Monday, one inspector and one school in the same town,
one visit of half a day. Everything that a test is about, it states itself.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from solver.plan import Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import (
    GreatCircle,
    Half,
    Inspectee,
    Inspector,
    Matrix,
    Period,
    Place,
    Problem,
    Resource,
    TeamNeed,
    Visit,
    Weights,
)
from solver.reasons import Reason

MONDAY = date(2025, 3, 3)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=k) for k in range(1, 5))
NEXT_MONDAY = MONDAY + timedelta(days=7)
WEEK = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)

POOL = "pool"


def a_place(id: str = "town", **changes: Any) -> Place:
    """A place; all are the same point unless told otherwise."""
    return replace(Place(id, lon=118.9, lat=42.3), **changes)


def a_period(id: str = "year", **changes: Any) -> Period:
    """The calendar year of the school week."""
    return replace(Period(id, first=date(2025, 1, 1), last=date(2025, 12, 31)), **changes)


def an_inspector(id: str = "i1", **changes: Any) -> Inspector:
    """Somebody of the pool who is always there, without caps."""
    return replace(Inspector(id, base="town", tags=frozenset({POOL}), share=1), **changes)


def an_inspectee(id: str = "e1", **changes: Any) -> Inspectee:
    """A school that is always open."""
    return replace(Inspectee(id, place="town"), **changes)


def a_resource(id: str = "car", **changes: Any) -> Resource:
    """One car."""
    return replace(Resource(id, capacity=1), **changes)


def a_team(**changes: Any) -> TeamNeed:
    """One member of the pool."""
    return replace(TeamNeed(size=1, pool=(POOL,)), **changes)


def a_visit(id: str = "v1", **changes: Any) -> Visit:
    """Half a day at the school within the week; the keywords of a team change its team."""
    of_team = {field.name: changes.pop(field.name) for field in fields(TeamNeed) if field.name in changes}
    visit = Visit(
        id,
        inspectee="e1",
        program="comprehensive",
        half_days=1,
        earliest=MONDAY,
        latest=FRIDAY,
        team=a_team(**of_team),
        weight=1,
        burden=0,
    )
    return replace(visit, **changes)


def weights(**changes: Any) -> Weights:
    """Every part weighs 1 unless told otherwise."""
    return replace(Weights(**{field.name: 1 for field in fields(Weights)}), **changes)


def a_matrix(minutes: tuple[tuple[int, ...], ...], metres: tuple[tuple[int, ...], ...] | None = None) -> Matrix:
    """Travel by tables; a minute is a kilometre unless the metres are given."""
    return Matrix(metres or tuple(tuple(1000 * entry for entry in row) for row in minutes), minutes)


def a_problem(**changes: Any) -> Problem:
    """One visit of half a day, one inspector, one school, five days."""
    problem: dict[str, Any] = {
        "name": "week",
        "days": WEEK,
        "places": (a_place(),),
        "travel": GreatCircle(detour_percent=130, metres_per_minute=900),
        "transfer_max_minutes": 45,
        "overnight_metres": 60_000,
        "far_minutes": 150,
        "periods": (a_period(),),
        "inspectors": (an_inspector(),),
        "inspectees": (an_inspectee(),),
        "resources": (),
        "visits": (a_visit(),),
        "precedences": (),
        "pins": (),
        "baseline": (),
        "balance_groups": (),
        "buffer_days": 0,
        "weights": weights(),
    }
    return Problem(**(problem | changes))


def an_assignment(visit: str = "v1", day: date = MONDAY, half: Half = "am", **changes: Any) -> Assignment:
    """The visit on Monday morning with the one inspector."""
    return replace(Assignment(visit, day, half, team=("i1",)), **changes)


def a_plan(*assignments: Assignment, left_out: tuple[str, ...] = (), **changes: Any) -> Plan:
    """A plan of these assignments; its stated score is nobody's business."""
    plan = Plan(
        problem="week",
        assignments=assignments,
        unscheduled=tuple(Unscheduled(visit, (Reason("capacity"),)) for visit in left_out),
        score=Score(),
        status=PlanStatus.FEASIBLE,
    )
    return replace(plan, **changes)
