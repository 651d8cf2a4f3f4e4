"""Broken rules for people: who, where, when, and which other office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Assignment, PlannedVisit
from app.planning.labels import Names
from app.planning.publication import Fault
from app.planning.wording import wording
from app.regions.queries import office_names


def describe(
    session: Session, plan_id: int, faults: Sequence[Fault], offices: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Each fault with its words; ``offices`` names the office of each visit outside the plan.

    The number of queries does not depend on that of the faults.
    """
    names = Names.of(session, [[fault.visit, fault.details] for fault in faults])
    days = _days(session, plan_id, {fault.visit for fault in faults})
    offices_by_id = office_names(session)
    return [_described(fault, names, days, offices_by_id, offices) for fault in faults]


def _described(
    fault: Fault, names: Names, days: Mapping[str, date], office_names: Mapping[int, str], offices: Mapping[str, int]
) -> dict[str, Any]:
    details = dict(fault.details)
    day = details.get("day") or (days[fault.visit].isoformat() if fault.visit in days else None)
    other = details.get("other")
    other_office = office_names.get(offices[other]) if isinstance(other, str) and other in offices else None
    inspector = details.get("inspector")
    words = wording({"code": fault.code, **details}, names)
    around = f"（{other_office}的现行安排）" if other_office else ""
    return {
        "code": fault.code,
        "message": f"“{names.visit(fault.visit)}”{f'（{day}）' if day else ''}：{words}{around}",
        "visit": fault.visit,
        "day": day,
        "inspector": names.person(inspector) if isinstance(inspector, str) else None,
        "other_visit": other,
        "other_office": other_office,
        "details": details,
    }


def _days(session: Session, plan_id: int, keys: set[str]) -> dict[str, date]:
    """The first days of some visits of a plan."""
    rows = session.execute(
        sa.select(col(PlannedVisit.key), col(Assignment.first_on))
        .join(Assignment, col(Assignment.visit_id) == col(PlannedVisit.id))
        .where(col(PlannedVisit.plan_id) == plan_id, col(PlannedVisit.key).in_(keys))
    )
    return dict(rows.all())
