"""Every select of inspectors and of what is kept about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.core.rows import chunks
from app.inspectors.schemas import InspectorQuery, RecordQuery
from app.inspectors.words import RECORDS
from app.models import Absence, Appointment, Employment, Inspector, PersonKind, PoolStage, PoolStep, Recusal, Training

RecordT = TypeVar("RecordT", Absence, Appointment, Employment, Recusal, Training)


def visible_to(user: Actor, noun: Noun = Noun.INSPECTOR) -> SelectOfScalar[Inspector]:
    """The people that the user may see, or whose absences or recusals the user may see."""
    return select(Inspector).where(
        condition(user, noun, Act.READ, office=col(Inspector.office_id), person=col(Inspector.id))
    )


def listed(user: Actor, query: InspectorQuery) -> SelectOfScalar[Inspector]:
    """The list of people, by code."""
    statement = visible_to(user)
    if query.office_id is not None:
        statement = statement.where(Inspector.office_id == query.office_id)
    if query.kind is not None:
        statement = statement.where(Inspector.kind == query.kind)
    if query.rank is not None:
        statement = statement.where(Inspector.rank == query.rank)
    if query.skill is not None:
        statement = statement.where(sa.cast(col(Inspector.skills), sa.String).contains(f'"{query.skill.value}"'))
    if query.appointed_on is not None:
        statement = statement.where(
            sa.exists().where(
                col(Appointment.inspector_id) == col(Inspector.id),
                col(Appointment.first_on) <= query.appointed_on,
                _not_over_before(Appointment, query.appointed_on),
            )
        )
    if query.ended is not None:
        ended_on = col(Inspector.ended_on)
        statement = statement.where(ended_on.is_not(None) if query.ended else ended_on.is_(None))
    if query.q:
        name, code = col(Inspector.name), col(Inspector.code)
        statement = statement.where(
            sa.or_(name.contains(query.q, autoescape=True), code.contains(query.q, autoescape=True))
        )
    return statement.order_by(col(Inspector.code))


def get(session: Session, user: Actor, inspector_id: int, noun: Noun = Noun.INSPECTOR) -> Inspector:
    """One person among those that the user may see."""
    found = session.exec(visible_to(user, noun).where(Inspector.id == inspector_id)).first()
    if found is None:
        raise NotFound("inspector_not_found", f"没有编号为 {inspector_id} 的督学。请核对编号。", {"id": inspector_id})
    return found


def by_code(session: Session, code: str) -> Inspector | None:
    """The person who bears the code."""
    return session.exec(select(Inspector).where(Inspector.code == code)).first()


def lock(session: Session, inspector: Inspector) -> None:
    """Let nobody else change this person's records until the transaction ends (PostgreSQL; SQLite has one writer)."""
    session.exec(select(Inspector.id).where(Inspector.id == inspector.id).with_for_update()).one()


def last_stage(session: Session, inspector: Inspector) -> PoolStage | None:
    """The last step that the person took into office or out of it."""
    of_person = select(PoolStep).where(PoolStep.inspector_id == inspector.id)
    last = session.exec(of_person.order_by(col(PoolStep.id).desc())).first()
    return last.stage if last is not None else None


def records(kind: type[RecordT], inspector: Inspector) -> SelectOfScalar[RecordT]:
    """The records of one kind about a person, by first day."""
    return select(kind).where(col(kind.inspector_id) == inspector.id).order_by(col(kind.first_on), col(kind.id))


def records_listed(kind: type[RecordT], inspector: Inspector, query: RecordQuery) -> SelectOfScalar[RecordT]:
    """The records of one kind about a person that touch the days asked for."""
    statement = records(kind, inspector)
    if query.first_on is not None:
        statement = statement.where(_not_over_before(kind, query.first_on))
    if query.last_on is not None:
        statement = statement.where(col(kind.first_on) <= query.last_on)
    return statement


def get_record(session: Session, kind: type[RecordT], inspector: Inspector, record_id: int) -> RecordT:
    """One record about the person; another's is as unknown as none."""
    found = session.exec(records(kind, inspector).where(col(kind.id) == record_id)).first()
    if found is None:
        raise NotFound(
            f"{kind.__name__.lower()}_not_found",
            f"“{inspector.name}”没有编号为 {record_id} 的{RECORDS[kind]}。请核对编号。",
            {"id": record_id},
        )
    return found


def overlapping(
    session: Session,
    kind: type[RecordT],
    inspector: Inspector,
    days: tuple[date, date | None],
    besides: int | None,
) -> Sequence[RecordT]:
    """The other records of the kind about the person that share a day with these days."""
    first_on, last_on = days
    statement = records(kind, inspector).where(_not_over_before(kind, first_on))
    if last_on is not None:
        statement = statement.where(col(kind.first_on) <= last_on)
    if besides is not None:
        statement = statement.where(col(kind.id) != besides)
    return session.exec(statement).all()


def _not_over_before(kind: type[RecordT], day: date) -> sa.ColumnElement[bool]:
    last_on = col(kind.last_on)
    return sa.or_(last_on.is_(None), last_on >= day)


def inspector_names(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """The names of some people."""
    names: dict[int, str] = {}
    for some in chunks(ids):
        rows = session.execute(sa.select(col(Inspector.id), col(Inspector.name)).where(col(Inspector.id).in_(some)))
        names.update({number: name for number, name in rows if number is not None})
    return names


def people_by_kind(session: Session, on: date) -> Mapping[PersonKind, int]:
    """How many people of a kind have not left by a day."""
    counts = (
        sa.select(col(Inspector.kind), sa.func.count())
        .where(sa.or_(col(Inspector.ended_on).is_(None), col(Inspector.ended_on) > on))
        .group_by(col(Inspector.kind))
    )
    return dict(session.execute(counts).all())


def number_of_synthetic_people(session: Session) -> int:
    """How many people are made up."""
    return session.scalar(sa.select(sa.func.count()).where(col(Inspector.synthetic))) or 0
