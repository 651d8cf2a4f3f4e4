"""Broken rules for people: who, where, when, and which other office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Assignment, PlannedVisit
from app.planning.labels import Names
from app.planning.violations import RuleViolation
from app.planning.wording import wording
from app.regions.queries import office_names


def describe(
    session: Session, plan_id: int, violations: Sequence[RuleViolation], offices: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Each violation with its words; ``offices`` names the office of each visit outside the plan.

    The number of queries does not depend on that of the violations.
    """
    names = Names.of(session, [[violation.visit, violation.details] for violation in violations])
    days = _days(session, plan_id, {violation.visit for violation in violations})
    offices_by_id = office_names(session)
    return [_described(violation, names, days, offices_by_id, offices) for violation in violations]


def _described(
    violation: RuleViolation,
    names: Names,
    days: Mapping[str, date],
    office_names: Mapping[int, str],
    offices: Mapping[str, int],
) -> dict[str, Any]:
    details = dict(violation.details)
    day = details.get("day") or (days[violation.visit].isoformat() if violation.visit in days else None)
    other = details.get("other")
    other_office = office_names.get(offices[other]) if isinstance(other, str) and other in offices else None
    inspector = details.get("inspector")
    words = wording({"code": violation.code, **details}, names)
    around = f"（{other_office}的现行安排）" if other_office else ""
    return {
        "code": violation.code,
        "message": f"“{names.visit(violation.visit)}”{f'（{day}）' if day else ''}：{words}{around}",
        "visit": violation.visit,
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
