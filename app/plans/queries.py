"""Every select of plans, their assignments and versions; what the user may see is in the query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.models import (
    Assignment,
    Inspectee,
    Inspector,
    Office,
    Plan,
    PlanEdit,
    PlannedVisit,
    PublishedVersion,
    Region,
    ServedProgramme,
    TeamMember,
    UnscheduledVisit,
)
from app.planning.in_force import is_in_force, is_newest_version
from app.planning.visibility import may_know_assignment, may_know_visit
from app.plans.draft_schemas import EditQuery
from app.plans.schemas import AssignmentQuery, DutyQuery, PlanQuery, UnscheduledQuery, VersionQuery

_CHUNK = 500
"""Ids in one query; SQLite takes some thousands of parameters at most."""


def _office_of_plan() -> sa.ScalarSelect[int | None]:
    """The office of the region for which a plan was asked: whose plan it is."""
    of_region = sa.select(col(Office.id)).where(col(Office.region_id) == col(Plan.region_id))
    return of_region.correlate(Plan).scalar_subquery()


def owned_by(user: Actor, act: Act = Act.READ) -> sa.ColumnElement[bool]:
    """The condition that a plan is wholly within the user's right."""
    return condition(user, Noun.PLAN, act, office=_office_of_plan())


def _assignment_right(user: Actor) -> sa.ColumnElement[bool]:
    """The condition on assignments, joined with their units, that an office may see them."""
    right = condition(
        user, Noun.ASSIGNMENT, Act.READ, office=col(Assignment.office_id), region=col(Inspectee.region_id)
    )
    return sa.and_(right, may_know_assignment(user))


def may_read_assignment(user: Actor) -> sa.ColumnElement[bool]:
    """The condition on assignments in force, joined with their units, that an office or a member may see them."""
    of_member = _has_member(user.inspector_id) if user.inspector_id is not None else sa.false()
    return sa.or_(_assignment_right(user), of_member)


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
        .where(col(Assignment.plan_id) == col(Plan.id), _assignment_right(user))
        .correlate(Plan)
        .exists()
    )
    return select(Plan).where(sa.or_(owned_by(user), concerns))


def find_plan(session: Session, user: Actor, plan_id: int) -> Plan:
    """A plan that the user may see. Raises ``NotFound``."""
    plan = session.exec(visible_to(user).where(Plan.id == plan_id)).first()
    if plan is None:
        raise NotFound("plan_not_found", f"没有编号为 {plan_id} 的排程，或无权查看。请在排程列表中核对编号。")
    return plan


def find_owned_plan(session: Session, user: Actor, plan_id: int) -> Plan:
    """A plan that is wholly within the user's right to read. Raises ``NotFound``."""
    plan = session.exec(select(Plan).where(Plan.id == plan_id, owned_by(user))).first()
    if plan is None:
        raise NotFound("plan_not_found", f"没有编号为 {plan_id} 的排程，或无权查看其全部内容。请在排程列表中核对编号。")
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


def region_names(session: Session, region_ids: Iterable[int]) -> dict[int, str]:
    """The names of some regions."""
    rows = session.execute(sa.select(col(Region.id), col(Region.name)).where(col(Region.id).in_(set(region_ids))))
    return {number: name for number, name in rows if number is not None}


def all_region_names(session: Session) -> dict[int, str]:
    """The name of every region."""
    rows = session.execute(sa.select(col(Region.id), col(Region.name)))
    return {number: name for number, name in rows if number is not None}


def find_region(session: Session, adcode_or_id: str) -> Region | None:
    """A region by its adcode, or by its id."""
    region = session.exec(select(Region).where(Region.adcode == adcode_or_id)).first()
    if region is None and adcode_or_id.isdecimal() and len(adcode_or_id) < 10:
        region = session.get(Region, int(adcode_or_id))
    return region


def offices_in(session: Session, region: Region, on: date) -> list[Office]:
    """The offices of a region and of all regions below it that have not ended, the region's own first."""
    below = sa.select(col(Region.id)).where(col(Region.id) == region.id).cte("below", recursive=True)
    below = below.union_all(sa.select(col(Region.id)).join(below, col(Region.parent_id) == below.c.id))
    statement = (
        select(Office)
        .join(Region, col(Region.id) == col(Office.region_id))
        .where(
            col(Office.region_id).in_(sa.select(below.c.id)),
            sa.or_(col(Office.ended_on).is_(None), col(Office.ended_on) > on),
        )
        .order_by(col(Office.region_id) != region.id, Region.adcode)
    )
    return list(session.exec(statement).all())


def _joined() -> SelectOfScalar[Assignment]:
    return (
        select(Assignment)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .order_by(col(Assignment.first_on), col(Assignment.half), col(Assignment.id))
    )


def _has_member(inspector_id: int) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            col(TeamMember.assignment_id) == col(Assignment.id),
            col(TeamMember.inspector_id) == inspector_id,
        )
        .correlate(Assignment)
    )


def _serves(programme: str) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            col(ServedProgramme.visit_id) == col(PlannedVisit.id),
            col(ServedProgramme.programme_code) == programme,
        )
        .correlate(PlannedVisit)
    )


def _shown(user: Actor, plan_id: Any, office_id: Any) -> sa.ColumnElement[bool]:
    """The condition that an office's share of a plan is shown: published once, or of a plan within the user's right."""
    published = sa.exists().where(
        col(PublishedVersion.plan_id) == plan_id, col(PublishedVersion.office_id) == office_id
    )
    return sa.or_(published, sa.exists().where(col(Plan.id) == plan_id, owned_by(user)))


def assignments(user: Actor, plan_id: int, query: AssignmentQuery) -> SelectOfScalar[Assignment]:
    """The assignments of a plan that the user may see, by day."""
    statement = _joined().where(
        Assignment.plan_id == plan_id,
        _assignment_right(user),
        _shown(user, col(Assignment.plan_id), col(Assignment.office_id)),
    )
    if query.inspector is not None:
        statement = statement.where(_has_member(query.inspector))
    if query.inspectee is not None:
        statement = statement.where(Assignment.inspectee_id == query.inspectee)
    if query.region is not None:
        statement = statement.where(Inspectee.region_id == query.region)
    if query.office is not None:
        statement = statement.where(Assignment.office_id == query.office)
    if query.programme is not None:
        statement = statement.where(_serves(query.programme))
    return _within(statement, query.first_day, query.last_day)


def duties(user: Actor, inspector_id: int, query: DutyQuery) -> SelectOfScalar[Assignment]:
    """What is in force of an inspector, by day: everything for the inspector, for others what they may see."""
    statement = duties_of(inspector_id)
    if user.inspector_id != inspector_id:
        statement = statement.where(_assignment_right(user))
    return _within(statement, query.first_day, query.last_day)


def duties_of(inspector_id: int) -> SelectOfScalar[Assignment]:
    """Everything that is in force of an inspector, by day."""
    return _joined().where(is_in_force(), _has_member(inspector_id))


def _within(
    statement: SelectOfScalar[Assignment], first_day: date | None, last_day: date | None
) -> SelectOfScalar[Assignment]:
    if first_day is not None:
        statement = statement.where(Assignment.last_on >= first_day)
    if last_day is not None:
        statement = statement.where(Assignment.first_on <= last_day)
    return statement


def unscheduled(user: Actor, plan_id: int, query: UnscheduledQuery) -> SelectOfScalar[UnscheduledVisit]:
    """The visits that a plan leaves out and the user may see, the most urgent first."""
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
        statement = statement.where(_serves(query.programme))
    return statement


def visits_of_plan(user: Actor, plan_id: int) -> SelectOfScalar[PlannedVisit]:
    """The visits of a plan that the user may see, assigned or left out."""
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


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team."""

    id: int
    name: str


def teams_of(session: Session, assignment_ids: Sequence[int]) -> Mapping[int, list[Member]]:
    """The teams of some assignments, by name within each."""
    teams: dict[int, list[Member]] = defaultdict(list)
    for some in chunks(assignment_ids):
        rows = session.execute(
            sa.select(col(TeamMember.assignment_id), col(Inspector.id), col(Inspector.name))
            .join(Inspector, col(Inspector.id) == col(TeamMember.inspector_id))
            .where(col(TeamMember.assignment_id).in_(some))
            .order_by(col(Inspector.name), col(Inspector.id))
        )
        for assignment_id, inspector_id, name in rows:
            teams[assignment_id].append(Member(inspector_id, name))
    return teams


def served_by(session: Session, visit_ids: Sequence[int]) -> Mapping[int, list[tuple[str, str]]]:
    """The programmes and phases that some visits serve."""
    served: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for some in chunks(visit_ids):
        rows = session.execute(
            sa.select(col(ServedProgramme.visit_id), col(ServedProgramme.programme_code), col(ServedProgramme.phase))
            .where(col(ServedProgramme.visit_id).in_(some))
            .order_by(col(ServedProgramme.programme_code), col(ServedProgramme.phase))
        )
        for visit_id, programme, phase in rows:
            served[visit_id].append((programme, phase))
    return served


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Ids in parts that one query takes."""
    return (ids[begin : begin + _CHUNK] for begin in range(0, len(ids), _CHUNK))


def visits_of(session: Session, ids: Sequence[int]) -> Mapping[int, PlannedVisit]:
    """Some planned visits by their ids."""
    found: dict[int, PlannedVisit] = {}
    for some in chunks(ids):
        rows = session.exec(select(PlannedVisit).where(col(PlannedVisit.id).in_(some))).all()
        found.update({visit.id: visit for visit in rows if visit.id is not None})
    return found


def inspectees_of(session: Session, ids: Sequence[int]) -> Mapping[int, Inspectee]:
    """Some units by their ids."""
    found: dict[int, Inspectee] = {}
    for some in chunks(ids):
        rows = session.exec(select(Inspectee).where(col(Inspectee.id).in_(some))).all()
        found.update({unit.id: unit for unit in rows if unit.id is not None})
    return found


@dataclass(frozen=True, slots=True)
class VisitOfUnit:
    """Whose visit it is and where it takes place."""

    inspectee_id: int
    inspectee: str
    office_id: int


def units_of_visits(session: Session, plan_ids: Sequence[int]) -> Mapping[str, VisitOfUnit]:
    """The visits of some plans by key; where plans disagree the last one counts."""
    rows = session.execute(
        sa.select(col(PlannedVisit.key), col(Inspectee.id), col(Inspectee.name), col(PlannedVisit.office_id))
        .join(Inspectee, col(Inspectee.id) == col(PlannedVisit.inspectee_id))
        .where(col(PlannedVisit.plan_id).in_(plan_ids))
        .order_by(col(PlannedVisit.plan_id))
    )
    return {key: VisitOfUnit(unit, name, office) for key, unit, name, office in rows if unit is not None}


def inspector_names(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """The names of some people."""
    names: dict[int, str] = {}
    for some in chunks(ids):
        rows = session.execute(sa.select(col(Inspector.id), col(Inspector.name)).where(col(Inspector.id).in_(some)))
        names.update({number: name for number, name in rows if number is not None})
    return names


def newest_versions(session: Session) -> dict[int, PublishedVersion]:
    """The version in force of each office that has one."""
    rows = session.exec(select(PublishedVersion).where(is_newest_version())).all()
    return {version.office_id: version for version in rows}


def offices_published_from(session: Session, plan_id: int) -> set[int]:
    """The offices that ever published their share of a plan."""
    return set(session.exec(select(PublishedVersion.office_id).where(PublishedVersion.plan_id == plan_id)).all())


def versions(user: Actor, query: VersionQuery) -> SelectOfScalar[PublishedVersion]:
    """The versions that the user may see, newest first."""
    statement = (
        select(PublishedVersion)
        .where(condition(user, Noun.PLAN, Act.READ, office=col(PublishedVersion.office_id)))
        .order_by(col(PublishedVersion.id).desc())
    )
    if query.office is not None:
        statement = statement.where(PublishedVersion.office_id == query.office)
    if query.in_force is not None:
        statement = statement.where(is_newest_version() if query.in_force else ~is_newest_version())
    return statement


def visits_begun_by(session: Session, version_ids: Sequence[int]) -> Mapping[int, int]:
    """How many visits of some versions begin up to the version's day."""
    rows = session.execute(
        sa.select(col(PublishedVersion.id), sa.func.count())
        .join(
            Assignment,
            sa.and_(
                col(Assignment.plan_id) == col(PublishedVersion.plan_id),
                col(Assignment.office_id) == col(PublishedVersion.office_id),
                col(Assignment.first_on) <= col(PublishedVersion.until),
            ),
        )
        .where(col(PublishedVersion.id).in_(version_ids))
        .group_by(col(PublishedVersion.id))
    )
    return {number: count for number, count in rows if number is not None}


def office_names(session: Session) -> Mapping[int, str]:
    """The name of every office."""
    rows = session.execute(sa.select(col(Office.id), col(Office.name)))
    return {number: name for number, name in rows if number is not None}
