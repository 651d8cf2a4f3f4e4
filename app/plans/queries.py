"""Every select of plans, their assignments and versions; what the user may see is in the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.assignments.queries import by_day, has_member, office_may_read, on_days, serves
from app.assignments.visibility import may_know_visit
from app.core.errors import NotFound
from app.models import (
    Assignment,
    Inspectee,
    Office,
    Plan,
    PlannedVisit,
    PublishedVersion,
    UnscheduledVisit,
)
from app.plans.schemas import AssignmentQuery, PlanQuery, UnscheduledQuery


def _office_of_plan() -> sa.ScalarSelect[int | None]:
    """The office of the region for which a plan was asked: whose plan it is."""
    of_region = sa.select(col(Office.id)).where(col(Office.region_id) == col(Plan.region_id))
    return of_region.correlate(Plan).scalar_subquery()


def owned_by(user: Actor, act: Act = Act.READ) -> sa.ColumnElement[bool]:
    """The condition that a plan is wholly within the user's right."""
    return condition(user, Noun.PLAN, act, office=_office_of_plan())


def visible_to(user: Actor) -> SelectOfScalar[Plan]:
    """The plans that the user may see: the own, and those of which something published concerns the user."""
    concerns = (
        sa.select(col(Assignment.id))
        .join(
            PublishedVersion,
            sa.and_(
                col(PublishedVersion.plan_id) == col(Assignment.plan_id),
                col(PublishedVersion.office_id) == col(Assignment.office_id),
            ),
        )
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .where(col(Assignment.plan_id) == col(Plan.id), office_may_read(user))
        .correlate(Plan)
        .exists()
    )
    return select(Plan).where(sa.or_(owned_by(user), concerns))


def find_plan(session: Session, user: Actor, plan_id: int) -> Plan:
    """A plan that the user may see. Raises ``NotFound``."""
    plan = session.exec(visible_to(user).where(Plan.id == plan_id)).first()
    if plan is None:
        raise NotFound("plan_not_found", f"没有编号为 {plan_id} 的日程，或无权查看。请在日程列表中核对编号。")
    return plan


def find_owned_plan(session: Session, user: Actor, plan_id: int) -> Plan:
    """A plan that is wholly within the user's right to read. Raises ``NotFound``."""
    plan = session.exec(select(Plan).where(Plan.id == plan_id, owned_by(user))).first()
    if plan is None:
        raise NotFound("plan_not_found", f"没有编号为 {plan_id} 的日程，或无权查看其全部内容。请在日程列表中核对编号。")
    return plan


def is_owned(session: Session, user: Actor, plan_id: int) -> bool:
    """Whether a plan is wholly within the user's right to read."""
    return session.exec(select(Plan.id).where(Plan.id == plan_id, owned_by(user))).first() is not None


def plans(user: Actor, query: PlanQuery) -> SelectOfScalar[Plan]:
    """The plans of a list, newest first."""
    statement = visible_to(user).order_by(col(Plan.id).desc())
    if query.state is not None:
        statement = statement.where(Plan.state == query.state)
    if query.region is not None:
        statement = statement.where(Plan.region_id == query.region)
    if query.based_on is not None:
        statement = statement.where(Plan.based_on_id == query.based_on)
    return statement


def _shown(user: Actor, plan_id: Any, office_id: Any) -> sa.ColumnElement[bool]:
    """The condition that an office's share of a plan is shown: published once, or of a plan within the user's right."""
    published = sa.exists().where(
        col(PublishedVersion.plan_id) == plan_id, col(PublishedVersion.office_id) == office_id
    )
    return sa.or_(published, sa.exists().where(col(Plan.id) == plan_id, owned_by(user)))


def assignments(user: Actor, plan_id: int, query: AssignmentQuery) -> SelectOfScalar[Assignment]:
    """The assignments of a plan that the user may see, by day."""
    statement = by_day().where(
        Assignment.plan_id == plan_id,
        office_may_read(user),
        _shown(user, col(Assignment.plan_id), col(Assignment.office_id)),
    )
    if query.inspector is not None:
        statement = statement.where(has_member(query.inspector))
    if query.inspectee is not None:
        statement = statement.where(Assignment.inspectee_id == query.inspectee)
    if query.region is not None:
        statement = statement.where(Inspectee.region_id == query.region)
    if query.office is not None:
        statement = statement.where(Assignment.office_id == query.office)
    if query.programme is not None:
        statement = statement.where(serves(query.programme))
    return on_days(statement, query.first_day, query.last_day)


def unscheduled(user: Actor, plan_id: int, query: UnscheduledQuery) -> SelectOfScalar[UnscheduledVisit]:
    """The unscheduled visits of a plan that the user may see, the most urgent first."""
    statement = (
        select(UnscheduledVisit)
        .join(PlannedVisit, col(PlannedVisit.id) == col(UnscheduledVisit.visit_id))
        .join(Inspectee, col(Inspectee.id) == col(PlannedVisit.inspectee_id))
        .where(
            UnscheduledVisit.plan_id == plan_id,
            may_know_visit(user),
            condition(user, Noun.VISIT, Act.READ, office=col(PlannedVisit.office_id), region=col(Inspectee.region_id)),
        )
        .order_by(col(PlannedVisit.latest), col(PlannedVisit.id))
    )
    if query.office is not None:
        statement = statement.where(PlannedVisit.office_id == query.office)
    if query.programme is not None:
        statement = statement.where(serves(query.programme))
    return statement


@dataclass(frozen=True, slots=True)
class VisitOfInspectee:
    """Whose visit it is and where it takes place."""

    inspectee_id: int
    inspectee: str
    office_id: int


def inspectees_of_visits(session: Session, plan_ids: Sequence[int]) -> Mapping[str, VisitOfInspectee]:
    """The visits of some plans by key; where plans disagree the last one counts."""
    rows = session.execute(
        sa.select(col(PlannedVisit.key), col(Inspectee.id), col(Inspectee.name), col(PlannedVisit.office_id))
        .join(Inspectee, col(Inspectee.id) == col(PlannedVisit.inspectee_id))
        .where(col(PlannedVisit.plan_id).in_(plan_ids))
        .order_by(col(PlannedVisit.plan_id))
    )
    return {
        key: VisitOfInspectee(inspectee, name, office) for key, inspectee, name, office in rows if inspectee is not None
    }
