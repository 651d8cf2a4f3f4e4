"""Every select of published versions; what the user may see is in the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.assignments.in_force import is_newest_version
from app.models import Assignment, Office, PublishedVersion, Region
from app.publications.schemas import VersionQuery


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


def versions_in_force(session: Session) -> Sequence[tuple[PublishedVersion, str]]:
    """The version in force of each office with the office's name, by adcode."""
    return session.exec(
        select(PublishedVersion, Office.name)
        .join(Office, col(Office.id) == col(PublishedVersion.office_id))
        .join(Region, col(Region.id) == col(Office.region_id))
        .where(is_newest_version())
        .order_by(col(Region.adcode))
    ).all()
