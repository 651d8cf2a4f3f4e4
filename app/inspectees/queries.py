"""Every select of inspected inspectees, areas and evaluation methods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.inspectees.schemas import AreaQuery, EvaluationMethodQuery, InspecteeQuery, RecordQuery
from app.models import (
    Area,
    AreaInspector,
    Closure,
    EvaluationMethod,
    Inspectee,
    InspecteeKind,
    Inspector,
    PastInspection,
)


def visible_to(user: Actor) -> SelectOfScalar[Inspectee]:
    """The inspectees that the user may see."""
    return select(Inspectee).where(
        condition(
            user, Noun.INSPECTEE, Act.READ, office=col(Inspectee.owner_office_id), region=col(Inspectee.region_id)
        )
    )


def listed(user: Actor, query: InspecteeQuery) -> SelectOfScalar[Inspectee]:
    """The list of inspectees, by code."""
    statement = visible_to(user)
    for column, wanted in (
        (col(Inspectee.region_id), query.region_id),
        (col(Inspectee.owner_office_id), query.owner_office_id),
        (col(Inspectee.parent_id), query.parent_id),
        (col(Inspectee.area_id), query.area_id),
        (col(Inspectee.responsible_inspector_id), query.responsible_inspector_id),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if query.kind is not None:
        statement = statement.where(Inspectee.kind == query.kind)
    if query.boarding is not None:
        statement = statement.where(Inspectee.boarding == query.boarding)
    if query.open_on is not None:
        statement = statement.where(is_open_on(query.open_on))
    if query.q:
        name, code = col(Inspectee.name), col(Inspectee.code)
        statement = statement.where(
            sa.or_(name.contains(query.q, autoescape=True), code.contains(query.q, autoescape=True))
        )
    return statement.order_by(col(Inspectee.code))


def is_open_on(day: date) -> sa.ColumnElement[bool]:
    """Whether an inspectee is open on a day; the day on which it closes is the first without it."""
    opened_on, closed_on = col(Inspectee.opened_on), col(Inspectee.closed_on)
    return sa.and_(
        sa.or_(opened_on.is_(None), opened_on <= day),
        sa.or_(closed_on.is_(None), closed_on > day),
    )


def is_not_closed_on(day: date) -> sa.ColumnElement[bool]:
    """Whether an inspectee is open on a day or opens later."""
    closed_on = col(Inspectee.closed_on)
    return sa.or_(closed_on.is_(None), closed_on > day)


def get(session: Session, user: Actor, inspectee_id: int) -> Inspectee:
    """One inspectee among those that the user may see."""
    found = session.exec(visible_to(user).where(Inspectee.id == inspectee_id)).first()
    if found is None:
        raise NotFound(
            "inspectee_not_found", f"没有编号为 {inspectee_id} 的被督导单位。请核对编号。", {"id": inspectee_id}
        )
    return found


def by_code(session: Session, code: str) -> Inspectee | None:
    """The inspectee that bears the code."""
    return session.exec(select(Inspectee).where(Inspectee.code == code)).first()


def government_of(session: Session, region_id: int) -> Inspectee | None:
    """The government of a banner."""
    return session.exec(
        select(Inspectee).where(Inspectee.region_id == region_id, Inspectee.kind == InspecteeKind.GOVERNMENT)
    ).first()


def has_children(session: Session, inspectee: Inspectee) -> bool:
    """Whether teaching points or attached classes name the inspectee as their parent."""
    return session.exec(select(Inspectee.id).where(Inspectee.parent_id == inspectee.id).limit(1)).first() is not None


def lock(session: Session, inspectee: Inspectee) -> None:
    """Lock this inspectee's records until the transaction ends (PostgreSQL; SQLite has one writer)."""
    session.exec(select(Inspectee.id).where(Inspectee.id == inspectee.id).with_for_update()).one()


def closures(inspectee: Inspectee) -> SelectOfScalar[Closure]:
    """The closures of an inspectee, by first day."""
    return select(Closure).where(Closure.inspectee_id == inspectee.id).order_by(col(Closure.first_on), col(Closure.id))


def closures_listed(inspectee: Inspectee, query: RecordQuery) -> SelectOfScalar[Closure]:
    """The closures of an inspectee that touch the days asked for."""
    statement = closures(inspectee)
    if query.first_on is not None:
        statement = statement.where(Closure.last_on >= query.first_on)
    if query.last_on is not None:
        statement = statement.where(Closure.first_on <= query.last_on)
    return statement


def get_closure(session: Session, inspectee: Inspectee, closure_id: int) -> Closure:
    """One closure of the inspectee; another's is as unknown as none."""
    found = session.exec(closures(inspectee).where(Closure.id == closure_id)).first()
    if found is None:
        raise NotFound(
            "closure_not_found", f"“{inspectee.name}”没有编号为 {closure_id} 的停课记录。", {"id": closure_id}
        )
    return found


def overlapping_closure(
    session: Session, inspectee: Inspectee, first_on: date, last_on: date, besides: int | None
) -> Closure | None:
    """Another closure of the inspectee that shares a day with these days."""
    statement = closures(inspectee).where(Closure.first_on <= last_on, Closure.last_on >= first_on)
    if besides is not None:
        statement = statement.where(Closure.id != besides)
    return session.exec(statement).first()


def past_inspections(inspectee: Inspectee) -> SelectOfScalar[PastInspection]:
    """The past inspections of an inspectee, by first day."""
    return (
        select(PastInspection)
        .where(PastInspection.inspectee_id == inspectee.id)
        .order_by(col(PastInspection.first_on), col(PastInspection.id))
    )


def past_inspections_listed(inspectee: Inspectee, query: RecordQuery) -> SelectOfScalar[PastInspection]:
    """The past inspections of an inspectee that began on the days asked for."""
    statement = past_inspections(inspectee)
    if query.first_on is not None:
        statement = statement.where(PastInspection.first_on >= query.first_on)
    if query.last_on is not None:
        statement = statement.where(PastInspection.first_on <= query.last_on)
    return statement


def get_past_inspection(session: Session, inspectee: Inspectee, past_id: int) -> PastInspection:
    """One past inspection of the inspectee; another's is as unknown as none."""
    found = session.exec(past_inspections(inspectee).where(PastInspection.id == past_id)).first()
    if found is None:
        raise NotFound(
            "past_inspection_not_found", f"“{inspectee.name}”没有编号为 {past_id} 的既往督导。", {"id": past_id}
        )
    return found


def same_past_inspection(
    session: Session, inspectee: Inspectee, programme_code: str, first_on: date, besides: int | None
) -> PastInspection | None:
    """Another record of the same inspection."""
    statement = past_inspections(inspectee).where(
        PastInspection.programme_code == programme_code, PastInspection.first_on == first_on
    )
    if besides is not None:
        statement = statement.where(PastInspection.id != besides)
    return session.exec(statement).first()


def visible_areas(user: Actor) -> SelectOfScalar[Area]:
    """The responsibility areas that the user may see."""
    return select(Area).where(condition(user, Noun.AREA, Act.READ, region=col(Area.region_id)))


def areas_listed(user: Actor, query: AreaQuery) -> SelectOfScalar[Area]:
    """The list of areas, by banner and name."""
    statement = visible_areas(user)
    if query.region_id is not None:
        statement = statement.where(Area.region_id == query.region_id)
    return statement.order_by(col(Area.region_id), col(Area.name), col(Area.id))


def get_area(session: Session, user: Actor, area_id: int) -> Area:
    """One area among those that the user may see."""
    found = session.exec(visible_areas(user).where(Area.id == area_id)).first()
    if found is None:
        raise NotFound("area_not_found", f"没有编号为 {area_id} 的督学责任区。请核对编号。", {"id": area_id})
    return found


def area_members(area_id: int) -> SelectOfScalar[Inspector]:
    """The people of an area, by code."""
    return (
        select(Inspector)
        .join(AreaInspector, col(AreaInspector.inspector_id) == col(Inspector.id))
        .where(AreaInspector.area_id == area_id)
        .order_by(col(Inspector.code))
    )


def inspectees_in_area(session: Session, area_id: int, on: date, besides: int | None) -> int:
    """How many inspectees that are not closed lie in an area; a government is none of them."""
    statement = (
        select(sa.func.count())
        .select_from(Inspectee)
        .where(Inspectee.area_id == area_id, Inspectee.kind != InspecteeKind.GOVERNMENT, is_not_closed_on(on))
    )
    if besides is not None:
        statement = statement.where(Inspectee.id != besides)
    return session.exec(statement).one()


def area_named(session: Session, region_id: int, name: str) -> Area | None:
    """The area of a banner that bears the name."""
    return session.exec(select(Area).where(Area.region_id == region_id, Area.name == name)).first()


def visible_methods(user: Actor) -> SelectOfScalar[EvaluationMethod]:
    """The evaluation methods that the user may see."""
    return select(EvaluationMethod).where(condition(user, Noun.EVALUATION_METHOD, Act.READ))


def methods_listed(user: Actor, query: EvaluationMethodQuery) -> SelectOfScalar[EvaluationMethod]:
    """The list of methods, by kind and the day from which they are in force."""
    statement = visible_methods(user)
    if query.kind is not None:
        statement = statement.where(EvaluationMethod.kind == query.kind)
    if query.in_force_on is not None:
        in_force_to = col(EvaluationMethod.in_force_to)
        statement = statement.where(
            EvaluationMethod.in_force_from <= query.in_force_on,
            sa.or_(in_force_to.is_(None), in_force_to >= query.in_force_on),
        )
    return statement.order_by(col(EvaluationMethod.kind), col(EvaluationMethod.in_force_from), col(EvaluationMethod.id))


def get_method(session: Session, user: Actor, method_id: int) -> EvaluationMethod:
    """One method among those that the user may see."""
    found = session.exec(visible_methods(user).where(EvaluationMethod.id == method_id)).first()
    if found is None:
        raise NotFound("evaluation_method_not_found", f"没有编号为 {method_id} 的评估办法。", {"id": method_id})
    return found


def same_method(
    session: Session, kind: InspecteeKind, title: str, version: str, besides: int | None
) -> EvaluationMethod | None:
    """Another method of the same kind, title and version."""
    statement = select(EvaluationMethod).where(
        EvaluationMethod.kind == kind, EvaluationMethod.title == title, EvaluationMethod.version == version
    )
    if besides is not None:
        statement = statement.where(EvaluationMethod.id != besides)
    return session.exec(statement).first()


def schools_by_kind(session: Session, on: date) -> Mapping[tuple[InspecteeKind, bool], int]:
    """How many schools of a kind are open on a day, or, with ``False``, open after it."""
    opened = sa.or_(col(Inspectee.opened_on).is_(None), col(Inspectee.opened_on) <= on)
    counts = (
        sa.select(col(Inspectee.kind), opened.label("opened"), sa.func.count())
        .where(is_not_closed_on(on), col(Inspectee.kind) != InspecteeKind.GOVERNMENT)
        .group_by(col(Inspectee.kind), opened)
    )
    return {(kind, bool(is_open)): number for kind, is_open, number in session.execute(counts)}


def number_of_synthetic_inspectees(session: Session) -> int:
    """How many inspectees are made up."""
    return session.scalar(sa.select(sa.func.count()).where(col(Inspectee.synthetic))) or 0
