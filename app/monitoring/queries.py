"""Every select of monitoring samples and of offices' duties."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.models import Inspectee, MonitoringSample, OfficeDuty
from app.monitoring.schemas import OfficeDutyQuery, SampleQuery


def _touches(first_on: Any, last_on: Any, year: int) -> sa.ColumnElement[bool]:
    return sa.and_(first_on <= date(year, 12, 31), last_on >= date(year, 1, 1))


def listed_samples(user: Actor, query: SampleQuery) -> SelectOfScalar[MonitoringSample]:
    """The samples that the user may see, by day."""
    statement = select(MonitoringSample).where(condition(user, Noun.MONITORING, Act.READ))
    if query.year is not None:
        statement = statement.where(_touches(col(MonitoringSample.first_on), col(MonitoringSample.last_on), query.year))
    return statement.order_by(col(MonitoringSample.first_on), col(MonitoringSample.id))


def get_sample(session: Session, user: Actor, sample_id: int) -> MonitoringSample:
    """One sample."""
    readable = condition(user, Noun.MONITORING, Act.READ)
    found = session.exec(select(MonitoringSample).where(readable, MonitoringSample.id == sample_id)).first()
    if found is None:
        raise NotFound("monitoring_sample_not_found", f"没有编号为 {sample_id} 的质量监测样本。", {"id": sample_id})
    return found


def listed_duties(user: Actor, query: OfficeDutyQuery) -> SelectOfScalar[OfficeDuty]:
    """The duties of the offices whose people the user may see, by day."""
    statement = select(OfficeDuty).where(_readable_duty(user))
    if query.office_id is not None:
        statement = statement.where(OfficeDuty.office_id == query.office_id)
    if query.year is not None:
        statement = statement.where(_touches(col(OfficeDuty.first_on), col(OfficeDuty.last_on), query.year))
    return statement.order_by(col(OfficeDuty.first_on), col(OfficeDuty.id))


def _readable_duty(user: Actor) -> sa.ColumnElement[bool]:
    return condition(user, Noun.OFFICE_DUTY, Act.READ, office=col(OfficeDuty.office_id))


def get_duty(session: Session, user: Actor, duty_id: int) -> OfficeDuty:
    """One duty."""
    found = session.exec(select(OfficeDuty).where(_readable_duty(user), OfficeDuty.id == duty_id)).first()
    if found is None:
        raise NotFound("office_duty_not_found", f"没有编号为 {duty_id} 的机构事务日。请核对编号。", {"id": duty_id})
    return found


def unknown_inspectees(session: Session, inspectee_ids: list[int]) -> list[int]:
    """Those of some ids that no inspectee bears, in their order."""
    known: set[int | None] = set()
    for begin in range(0, len(inspectee_ids), 500):
        some = inspectee_ids[begin : begin + 500]
        known.update(session.exec(select(Inspectee.id).where(col(Inspectee.id).in_(some))).all())
    return [number for number in inspectee_ids if number not in known]
