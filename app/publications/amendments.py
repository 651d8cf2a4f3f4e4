"""Amendments: the changes of a version in force, as a list."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.rights import Act, Actor, Noun, condition, require
from app.assignments.answers import gather, person_answers
from app.core.errors import NotFound
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import chunks, id_of
from app.models import Amendment, Assignment, Half, PublishedVersion, User
from app.publications.schemas import AmendmentOut, AmendmentQuery


def list_amendments(session: Session, user: Actor, version_id: int, query: AmendmentQuery) -> Page[AmendmentOut]:
    """A page of a version's moves, the latest first."""
    require(user, Noun.PLAN, Act.READ)
    seen = condition(user, Noun.PLAN, Act.READ, office=col(PublishedVersion.office_id))
    if session.exec(select(PublishedVersion.id).where(PublishedVersion.id == version_id, seen)).first() is None:
        raise NotFound("version_not_found", f"没有编号为 {version_id} 的版本，或无权查看。请在版本列表中核对编号。")
    statement = select(Amendment).where(Amendment.version_id == version_id).order_by(col(Amendment.number).desc())
    rows, total = fetch_page(session, statement, query)
    return page_of(_amendments(session, rows), total, query)


def _amendments(session: Session, rows: Sequence[Amendment]) -> list[AmendmentOut]:
    moved = {
        id_of(row): row
        for some in chunks([row.assignment_id for row in rows])
        for row in session.exec(select(Assignment).where(col(Assignment.id).in_(some))).all()
    }
    around = gather(session, list(moved.values()))
    names = dict(
        session.execute(
            sa.select(col(User.id), col(User.username)).where(col(User.id).in_({row.made_by_id for row in rows}))
        ).all()
    )
    return [
        AmendmentOut(
            number=row.number,
            visit=around.visits[assignment.visit_id].key,
            assignment_id=row.assignment_id,
            inspectee_id=assignment.inspectee_id,
            inspectee=around.inspectees[assignment.inspectee_id].name,
            team=person_answers(around.teams.get(row.assignment_id, [])),
            from_on=row.from_on,
            from_half=row.from_half,
            now_on=assignment.first_on,
            now_half=Half(assignment.half),
            made_at=row.made_at,
            made_by=names.get(row.made_by_id, ""),
        )
        for row in rows
        for assignment in (moved[row.assignment_id],)
    ]
