"""Figures of a plan for people, computed in one place when its answer is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.accounts.settings import load_rules
from app.assignments.reader import Placement, placements
from app.calendars.half_days import HALVES_PER_DAY
from app.core.rows import id_of
from app.models import Assignment, Office, Plan, PlannedVisit, Region, ServedProgramme, TeamMember
from app.planning.stops import metres_and_nights
from app.plans.diff import changes, counts

METRES_PER_KILOMETRE = 1000
POOL_PREFIX = "pool:"


def figures_of(session: Session, plan: Plan, problem: Mapping[str, Any]) -> dict[str, Any]:
    """Visits asked and planned by programme, kilometres and nights away, days with visits, the load of each office.

    Half-days are those of people: a visit of two half-days by a team of three is six. ``half_days_available`` is what
    the office's people could give on the plan's days, within their allowances and without their absences.
    """
    plan_id = id_of(plan)
    visits = session.execute(
        sa.select(sa.func.count(col(PlannedVisit.id)), sa.func.count(col(Assignment.id)))
        .join(Assignment, col(Assignment.visit_id) == col(PlannedVisit.id), isouter=True)
        .where(col(PlannedVisit.plan_id) == plan_id)
    ).one()
    days = session.execute(
        sa.select(
            sa.func.count(col(Assignment.first_on).distinct()),
            sa.func.min(col(Assignment.first_on)),
            sa.func.max(col(Assignment.last_on)),
        ).where(col(Assignment.plan_id) == plan_id)
    ).one()
    late = session.execute(
        sa.select(sa.func.count()).where(col(PlannedVisit.plan_id) == plan_id, col(PlannedVisit.late))
    ).scalar_one()
    metres, nights = metres_and_nights(session, col(Assignment.plan_id) == plan_id, load_rules(session))
    found: dict[str, Any] = {
        "visits_asked": visits[0],
        "visits_planned": visits[1],
        "visits_unscheduled": visits[0] - visits[1],
        "visits_late": late,
        "programmes": _programmes(session, plan_id),
        "kilometres": metres // METRES_PER_KILOMETRE,
        "nights": nights,
        "days_with_a_beginning": days[0],
        "first_on": days[1].isoformat() if days[1] else None,
        "last_on": days[2].isoformat() if days[2] else None,
        "offices": _offices(session, plan, problem),
    }
    if plan.based_on_id is not None:
        before, after = placements_before_and_after(session, plan)
        found["changes"] = counts(changes(before, after), len(before)).model_dump()
    return found


def _programmes(session: Session, plan_id: int) -> list[dict[str, Any]]:
    """A visit that serves several programmes counts for each."""
    rows = session.execute(
        sa.select(
            col(ServedProgramme.programme_code),
            sa.func.count(col(PlannedVisit.id).distinct()),
            sa.func.count(col(Assignment.id).distinct()),
        )
        .join(PlannedVisit, col(PlannedVisit.id) == col(ServedProgramme.visit_id))
        .join(Assignment, col(Assignment.visit_id) == col(PlannedVisit.id), isouter=True)
        .where(col(PlannedVisit.plan_id) == plan_id)
        .group_by(col(ServedProgramme.programme_code))
        .order_by(col(ServedProgramme.programme_code))
    )
    return [{"programme": code, "asked": asked, "planned": planned} for code, asked, planned in rows]


def _offices(session: Session, plan: Plan, problem: Mapping[str, Any]) -> list[dict[str, Any]]:
    office_ids = plan.office_ids
    team_size = {visit["id"]: visit["team"]["size"] for visit in problem["visits"]}
    asked_visits: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for office_id, key, half_days in session.execute(
        sa.select(col(PlannedVisit.office_id), col(PlannedVisit.key), col(PlannedVisit.half_days)).where(
            col(PlannedVisit.plan_id) == plan.id
        )
    ):
        if key in team_size:
            asked_visits[office_id] += 1
            asked[office_id] += half_days * team_size[key]
    of_plan = sa.and_(col(Assignment.plan_id) == plan.id, ~col(Assignment.carried_out))
    given: dict[int, int] = dict(
        session.execute(
            sa.select(col(Assignment.office_id), sa.func.sum(col(Assignment.half_days)))
            .join(TeamMember, col(TeamMember.assignment_id) == col(Assignment.id))
            .where(of_plan)
            .group_by(col(Assignment.office_id))
        ).all()
    )
    planned_visits: dict[int, int] = dict(
        session.execute(
            sa.select(col(Assignment.office_id), sa.func.count()).where(of_plan).group_by(col(Assignment.office_id))
        ).all()
    )
    available = half_days_available(problem)
    offices = session.execute(
        sa.select(col(Office.id), col(Office.name), col(Region.adcode))
        .join(Region, col(Region.id) == col(Office.region_id))
        .where(col(Office.id).in_(office_ids))
        .order_by(col(Region.adcode))
    )
    return [
        {
            "office_id": office_id,
            "office": name,
            "visits_asked": asked_visits[office_id],
            "visits_planned": planned_visits.get(office_id, 0),
            "half_days_asked": asked[office_id],
            "half_days_planned": given.get(office_id, 0),
            "half_days_available": available.get(f"{POOL_PREFIX}{adcode}", 0),
        }
        for office_id, name, adcode in offices
    ]


def half_days_available(problem: Mapping[str, Any]) -> dict[str, int]:
    """What the people of each pool could give on the problem's days: free half-days within both allowances."""
    days = [date.fromisoformat(day) for day in problem["days"]]
    available: Counter[str] = Counter()
    for inspector in problem["inspectors"]:
        half_days = _free_half_days(inspector, days)
        for tag in inspector["tags"]:
            if tag.startswith(POOL_PREFIX):
                available[tag] += half_days
    return dict(available)


def _free_half_days(inspector: Mapping[str, Any], days: Sequence[date]) -> int:
    absent = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in inspector["unavailable"]]
    weekdays = inspector.get("weekdays")
    by_month: Counter[tuple[int, int]] = Counter()
    for day in days:
        is_off = weekdays is not None and day.isoweekday() not in weekdays
        if not is_off and not any(first <= day <= last for first, last in absent):
            by_month[day.year, day.month] += HALVES_PER_DAY
    by_year: Counter[int] = Counter()
    for (year, _), half_days in by_month.items():
        by_year[year] += min(half_days, inspector.get("half_days_per_month", half_days))
    return sum(min(half_days, inspector.get("half_days_per_year", half_days)) for half_days in by_year.values())


def placements_before_and_after(session: Session, plan: Plan) -> tuple[dict[str, Placement], dict[str, Placement]]:
    """The visits of the plan's offices in the plan that it is based on, and in itself.

    Only what begins on the days that were planned anew; what had begun before is history in both.
    """
    planned = (
        col(Assignment.office_id).in_(plan.office_ids),
        col(Assignment.first_on).between(max(plan.working_on, plan.first_day), plan.last_day),
    )
    before = placements(session, col(Assignment.plan_id) == plan.based_on_id, *planned)
    return before, placements(session, col(Assignment.plan_id) == id_of(plan), *planned)
