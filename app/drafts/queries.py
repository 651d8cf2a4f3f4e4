"""Every select of a draft's visits and edits; what the user may see is in the query."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.assignments.visibility import may_know_visit
from app.drafts.schemas import EditQuery
from app.models import Inspectee, PlanEdit, PlannedVisit


def visits_of_plan(user: Actor, plan_id: int) -> SelectOfScalar[PlannedVisit]:
    """The visits of a plan that the user may see, assigned or unscheduled."""
    return (
        select(PlannedVisit)
        .join(Inspectee, col(Inspectee.id) == col(PlannedVisit.inspectee_id))
        .where(
            PlannedVisit.plan_id == plan_id,
            may_know_visit(user),
            condition(user, Noun.VISIT, Act.READ, office=col(PlannedVisit.office_id), region=col(Inspectee.region_id)),
        )
    )


def offices_of_visible_visits(session: Session, user: Actor, plan_id: int) -> Mapping[str, int]:
    """The offices of a plan's visits that the user may see, by key."""
    return {visit.key: visit.office_id for visit in session.exec(visits_of_plan(user, plan_id)).all()}


def edits(user: Actor, plan_id: int, query: EditQuery) -> SelectOfScalar[PlanEdit]:
    """The edits of those visits of a plan that the user may see, the newest first."""
    visible = visits_of_plan(user, plan_id).subquery()
    statement = (
        select(PlanEdit)
        .where(PlanEdit.plan_id == plan_id, col(PlanEdit.visit_id).in_(sa.select(visible.c.id)))
        .order_by(col(PlanEdit.number).desc())
    )
    return statement if query.state is None else statement.where(PlanEdit.state == query.state)
