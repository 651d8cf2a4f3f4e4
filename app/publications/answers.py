"""Versions into answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from app.assignments.queries import newest_versions
from app.core.rows import id_of
from app.models import PublishedVersion
from app.publications.queries import visits_begun_by
from app.publications.schemas import VersionOut
from app.regions.queries import office_names


def version_answers(session: Session, rows: Sequence[PublishedVersion]) -> list[VersionOut]:
    """Some versions; three queries."""
    newest = {id_of(version) for version in newest_versions(session).values()}
    names = office_names(session)
    visits = visits_begun_by(session, [id_of(row) for row in rows])
    return [
        VersionOut(
            id=id_of(row),
            office_id=row.office_id,
            office=names[row.office_id],
            number=row.number,
            plan_id=row.plan_id,
            until=row.until,
            published_at=row.published_at,
            in_force=id_of(row) in newest,
            visits=visits.get(id_of(row), 0),
        )
        for row in rows
    ]
