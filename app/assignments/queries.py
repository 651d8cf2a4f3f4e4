"""Every select of assignments and of what belongs to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.assignments.in_force import is_in_force, is_newest_version
from app.assignments.visibility import may_know_assignment
from app.core.rows import chunks
from app.models import (
    Assignment,
    Inspectee,
    Inspector,
    PlannedVisit,
    Programme,
    PublishedVersion,
    Round,
    ServedProgramme,
    TeamMember,
)
from app.programmes.queries import RULE_OF_SUBJECT, is_in_round
from app.programmes.schemas import PhaseName


def office_may_read(user: Actor) -> sa.ColumnElement[bool]:
    """The condition on assignments, joined with their inspectees, that an office may see them."""
    right = condition(
        user, Noun.ASSIGNMENT, Act.READ, office=col(Assignment.office_id), region=col(Inspectee.region_id)
    )
    return sa.and_(right, may_know_assignment(user))


def may_read_assignment(user: Actor) -> sa.ColumnElement[bool]:
    """The condition on assignments in force, joined with their inspectees, that an office or a member may see them."""
    of_member = has_member(user.inspector_id) if user.inspector_id is not None else sa.false()
    return sa.or_(office_may_read(user), of_member)


def by_day() -> SelectOfScalar[Assignment]:
    """Every assignment, joined with its visit and its inspectee, by day."""
    return (
        select(Assignment)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .order_by(col(Assignment.first_on), col(Assignment.half), col(Assignment.id))
    )


def has_member(inspector_id: int) -> sa.ColumnElement[bool]:
    """The condition that somebody is in an assignment\'s team."""
    return (
        sa.exists()
        .where(
            col(TeamMember.assignment_id) == col(Assignment.id),
            col(TeamMember.inspector_id) == inspector_id,
        )
        .correlate(Assignment)
    )


def serves(programme: str) -> sa.ColumnElement[bool]:
    """The condition on planned visits that one serves a programme."""
    return (
        sa.exists()
        .where(
            col(ServedProgramme.visit_id) == col(PlannedVisit.id),
            col(ServedProgramme.programme_code) == programme,
        )
        .correlate(PlannedVisit)
    )


def on_days(
    statement: SelectOfScalar[Assignment], first_day: date | None, last_day: date | None
) -> SelectOfScalar[Assignment]:
    """The assignments with a day in a range."""
    if first_day is not None:
        statement = statement.where(Assignment.last_on >= first_day)
    if last_day is not None:
        statement = statement.where(Assignment.first_on <= last_day)
    return statement


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


def visits_of(session: Session, ids: Sequence[int]) -> Mapping[int, PlannedVisit]:
    """Some planned visits by their ids."""
    found: dict[int, PlannedVisit] = {}
    for some in chunks(ids):
        rows = session.exec(select(PlannedVisit).where(col(PlannedVisit.id).in_(some))).all()
        found.update({visit.id: visit for visit in rows if visit.id is not None})
    return found


def inspectees_of(session: Session, ids: Sequence[int]) -> Mapping[int, Inspectee]:
    """Some inspectees by their ids."""
    found: dict[int, Inspectee] = {}
    for some in chunks(ids):
        rows = session.exec(select(Inspectee).where(col(Inspectee.id).in_(some))).all()
        found.update({inspectee.id: inspectee for inspectee in rows if inspectee.id is not None})
    return found


def newest_versions(session: Session) -> dict[int, PublishedVersion]:
    """The version in force of each office that has one."""
    rows = session.exec(select(PublishedVersion).where(is_newest_version())).all()
    return {version.office_id: version for version in rows}


def offices_published_from(session: Session, plan_id: int) -> set[int]:
    """The offices that ever published their share of a plan."""
    return set(session.exec(select(PublishedVersion.office_id).where(PublishedVersion.plan_id == plan_id)).all())


def visited_in_round(session: Session, round_: Round, today: date) -> tuple[int, int]:
    """How many inspectees of a round have a visit in force that covers them, and how many had it before a day."""
    codes = sa.select(col(Programme.code)).where(col(Programme.rule) == RULE_OF_SUBJECT[round_.subject])
    visited = (
        sa.select(
            sa.func.count(col(Assignment.inspectee_id).distinct()),
            sa.func.count(sa.case((col(Assignment.last_on) < today, col(Assignment.inspectee_id))).distinct()),
        )
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .join(ServedProgramme, col(ServedProgramme.visit_id) == col(Assignment.visit_id))
        .where(
            is_in_force(),
            col(ServedProgramme.programme_code).in_(codes),
            col(ServedProgramme.phase) != PhaseName.RECHECK,
            col(Assignment.first_on).between(round_.first_on, round_.last_on),
            is_in_round(round_),
        )
    )
    planned, done = session.execute(visited).one()
    return planned, done
