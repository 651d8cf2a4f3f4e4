"""Every select of the pool: people with their terms, trainings and steps, and the offices that have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.core.rows import id_of
from app.models import Appointment, Inspectee, InspecteeKind, Inspector, Office, PoolStep, Region, Training
from app.pool.schemas import PoolQuery
from app.pool.status import Person

RecordT = TypeVar("RecordT", Appointment, Training, PoolStep)


def visible_offices(user: Actor) -> SelectOfScalar[Office]:
    """The offices whose pool the user may see."""
    return select(Office).where(condition(user, Noun.POOL, Act.READ, office=col(Office.id)))


def listed_offices(user: Actor, query: PoolQuery, on: date) -> SelectOfScalar[Office]:
    """The offices that have not ended, by the adcode of their region."""
    ended_on = col(Office.ended_on)
    statement = (
        visible_offices(user)
        .join(Region, col(Region.id) == col(Office.region_id))
        .where(sa.or_(ended_on.is_(None), ended_on > on))
    )
    if query.office_id is not None:
        statement = statement.where(Office.id == query.office_id)
    return statement.order_by(col(Region.adcode))


def get_office(session: Session, user: Actor, office_id: int) -> Office:
    """One office among those whose pool the user may see."""
    found = session.exec(visible_offices(user).where(Office.id == office_id)).first()
    if found is None:
        raise NotFound("office_not_found", f"没有编号为 {office_id} 的督导机构。请核对编号。", {"id": office_id})
    return found


def people_of(session: Session, office_ids: Iterable[int]) -> Mapping[int, list[Person]]:
    """The inspectors of some offices, by rank and code within each: four queries."""
    rows = session.exec(
        select(Inspector).where(col(Inspector.office_id).in_(list(office_ids))).order_by(col(Inspector.code))
    ).all()
    people = _persons(session, [row for row in rows if row.kind.is_inspector])
    by_office: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        by_office[person.inspector.office_id].append(person)
    return by_office


def person(session: Session, inspector: Inspector) -> Person:
    """An inspector with terms, trainings and steps: three queries."""
    return _persons(session, [inspector])[0]


def _persons(session: Session, inspectors: Sequence[Inspector]) -> list[Person]:
    ids = {id_of(row) for row in inspectors}
    offices = {row.office_id for row in inspectors}
    appointments = _of_them(session, Appointment, ids, offices)
    trainings = _of_them(session, Training, ids, offices)
    steps = _of_them(session, PoolStep, ids, offices)
    return [
        Person(row, appointments.get(id_of(row), ()), trainings.get(id_of(row), ()), steps.get(id_of(row), ()))
        for row in inspectors
    ]


def _of_them(session: Session, kind: type[RecordT], ids: set[int], offices: set[int]) -> Mapping[int, list[RecordT]]:
    """The rows of one kind about people of these offices, by first day: one query, however many people there are."""
    rows = session.exec(
        select(kind)
        .join(Inspector, col(Inspector.id) == col(kind.inspector_id))
        .where(col(Inspector.office_id).in_(offices))
        .order_by(col(kind.first_on), col(kind.id))
    ).all()
    found: dict[int, list[RecordT]] = defaultdict(list)
    for row in rows:
        if row.inspector_id in ids:
            found[row.inspector_id].append(row)
    return found


def steps_of(inspector: Inspector) -> SelectOfScalar[PoolStep]:
    """The steps of somebody, in the order in which they were taken."""
    return select(PoolStep).where(PoolStep.inspector_id == inspector.id).order_by(col(PoolStep.id))


def schools_of(session: Session, office_ids: Iterable[int], on: date) -> Mapping[int, int]:
    """How many schools each office inspects on a day; a government is no school: one query."""
    opened_on, closed_on = col(Inspectee.opened_on), col(Inspectee.closed_on)
    rows = session.execute(
        sa.select(col(Inspectee.owner_office_id), sa.func.count())
        .where(
            col(Inspectee.owner_office_id).in_(list(office_ids)),
            col(Inspectee.kind) != InspecteeKind.GOVERNMENT,
            sa.or_(opened_on.is_(None), opened_on <= on),
            sa.or_(closed_on.is_(None), closed_on > on),
        )
        .group_by(col(Inspectee.owner_office_id))
    )
    return dict(rows.all())
