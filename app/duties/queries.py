"""Every select of duties: what is in force of one inspector."""

from __future__ import annotations

from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Actor
from app.assignments.in_force import is_in_force
from app.assignments.queries import by_day, has_member, office_may_read, on_days
from app.duties.schemas import DutyQuery
from app.models import Assignment


def duties(user: Actor, inspector_id: int, query: DutyQuery) -> SelectOfScalar[Assignment]:
    """What is in force of an inspector, by day: everything for the inspector, for others what they may see."""
    statement = duties_of(inspector_id)
    if user.inspector_id != inspector_id:
        statement = statement.where(office_may_read(user))
    return on_days(statement, query.first_day, query.last_day)


def duties_of(inspector_id: int) -> SelectOfScalar[Assignment]:
    """Everything that is in force of an inspector, by day."""
    return by_day().where(is_in_force(), has_member(inspector_id))
