"""The one place that decides who may know of an unannounced visit before it begins: its team, its office, the admin.

For everybody else it is in no list, count, feed, file, change or violation. Who plans beside it learns that people are
absent on its days, without reason or inspectee; a conflict at the inspectee is told at publishing, unnamed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.rights import Actor
from app.assignments.reader import AssignmentRecord
from app.models import Assignment, PlannedVisit, Role, TeamMember, Topic


def may_know_assignment(user: Actor) -> sa.ColumnElement[bool]:
    """The condition on assignments that the user may know of them."""
    if user.role is Role.ADMIN:
        return sa.true()
    visit = aliased(PlannedVisit)
    secret = sa.exists().where(col(visit.id) == col(Assignment.visit_id), col(visit.unannounced)).correlate(Assignment)
    return sa.or_(
        col(Assignment.first_on) <= user.today,
        col(Assignment.office_id) == user.office_id,
        _has_member(user.inspector_id),
        ~secret,
    )


def may_know_visit(user: Actor) -> sa.ColumnElement[bool]:
    """The condition on planned visits, assigned or unscheduled, that the user may know of them."""
    if user.role is Role.ADMIN:
        return sa.true()
    begun_or_own = sa.or_(col(Assignment.first_on) <= user.today, _has_member(user.inspector_id))
    return sa.or_(
        col(PlannedVisit.unannounced).is_(sa.false()),
        col(PlannedVisit.office_id) == user.office_id,
        sa.exists().where(col(Assignment.visit_id) == col(PlannedVisit.id), begun_or_own).correlate(PlannedVisit),
    )


def _has_member(inspector_id: int | None) -> sa.ColumnElement[bool]:
    if inspector_id is None:
        return sa.false()
    return (
        sa.exists()
        .where(col(TeamMember.assignment_id) == col(Assignment.id), col(TeamMember.inspector_id) == inspector_id)
        .correlate(Assignment)
    )


def may_offices_know(office_ids: Collection[int | None], today: date) -> sa.ColumnElement[bool]:
    """The condition on assignments, joined with their visits, that the people of these offices may know of them."""
    return sa.or_(
        col(PlannedVisit.unannounced).is_(sa.false()),
        col(Assignment.first_on) <= today,
        col(Assignment.office_id).in_([number for number in office_ids if number is not None]),
    )


def is_secret_to(office_ids: Collection[int], record: AssignmentRecord, working_on: date) -> bool:
    """Whether an assignment is kept from the planners of these offices on a working date."""
    return record.unannounced and record.office_id not in office_ids and record.first_on > working_on


def owns(user: Actor, office_id: int) -> bool:
    """Whether the user works for an office, or for all."""
    return user.role is Role.ADMIN or user.office_id == office_id


def secret_phases(session: Session, user: Actor) -> frozenset[tuple[str, str]]:
    """The programmes and phases of topics that the user may not know of yet."""
    if user.role is Role.ADMIN:
        return frozenset()
    rows = session.exec(
        select(Topic.programme_code, Topic.id).where(
            col(Topic.unannounced),
            Topic.last_on >= user.today,
            sa.literal(user.office_id is None) | (col(Topic.office_id) != user.office_id),
        )
    ).all()
    return frozenset((code, f"topic-{number}") for code, number in rows)


def secret_visits(session: Session, user: Actor, plan_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Plan and key of the planned visits of some plans that the user may not know of."""
    rows = session.execute(
        sa.select(col(PlannedVisit.plan_id), col(PlannedVisit.key)).where(
            col(PlannedVisit.plan_id).in_(set(plan_ids)), col(PlannedVisit.unannounced), ~may_know_visit(user)
        )
    )
    return {(plan_id, key) for plan_id, key in rows}
