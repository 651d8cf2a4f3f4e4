"""Every select of accounts and of the audit."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.accounts.schemas import AuditOut, AuditQuery, UserQuery, login_name
from app.core.clock import ZONE
from app.core.errors import NotFound
from app.core.paging import fetch_page
from app.models import AuditEntry, CalendarFeed, Inspector, Office, Region, Role, User


def visible_to(user: Actor) -> SelectOfScalar[User]:
    """The accounts that the user may see: an office sees its own and those of its inspectors."""
    of_office = sa.func.coalesce(col(User.office_id), col(Inspector.office_id))
    return (
        select(User)
        .join(Inspector, col(Inspector.id) == col(User.inspector_id), isouter=True)
        .where(condition(user, Noun.ACCOUNT, Act.READ, office=of_office))
    )


def listed(user: Actor, query: UserQuery) -> SelectOfScalar[User]:
    """The list of accounts, by name."""
    statement = visible_to(user)
    if query.role is not None:
        statement = statement.where(User.role == query.role)
    if query.office_id is not None:
        statement = statement.where(User.office_id == query.office_id)
    if query.ended is not None:
        ended_at = col(User.ended_at)
        statement = statement.where(ended_at.is_not(None) if query.ended else ended_at.is_(None))
    return statement.order_by(col(User.username))


def get(session: Session, user: Actor, user_id: int) -> User:
    """One account among those that the user may see."""
    found = session.exec(visible_to(user).where(User.id == user_id)).first()
    if found is None:
        raise NotFound("user_not_found", f"没有编号为 {user_id} 的账号。请核对编号。", {"id": user_id})
    return found


def by_name(session: Session, username: str) -> User | None:
    """The account of that name in any of its forms, ended or not."""
    return session.exec(select(User).where(User.username == login_name(username))).first()


def feed_of(session: Session, account: User) -> CalendarFeed | None:
    """The calendar feed of the account's inspector, if it is open."""
    if account.inspector_id is None:
        return None
    return session.exec(select(CalendarFeed).where(CalendarFeed.inspector_id == account.inspector_id)).first()


def other_admins(session: Session, user_id: int | None) -> int:
    """How many administrators besides this one have not ended."""
    counted = select(sa.func.count()).where(User.role == Role.ADMIN, col(User.ended_at).is_(None), User.id != user_id)
    return session.exec(counted).one()


def office_with_region(session: Session, office_id: int) -> tuple[Office, Region] | None:
    """An office and its region."""
    return session.exec(
        select(Office, Region).join(Region, col(Region.id) == col(Office.region_id)).where(Office.id == office_id)
    ).first()


def audit_listed(user: Actor, query: AuditQuery) -> SelectOfScalar[AuditEntry]:
    """The entries that the user may see, newest first."""
    statement = select(AuditEntry).where(condition(user, Noun.AUDIT, Act.READ))
    for column, wanted in (
        (col(AuditEntry.noun), query.noun),
        (col(AuditEntry.noun_id), query.noun_id),
        (col(AuditEntry.user_id), query.user_id),
        (col(AuditEntry.action), query.action),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if query.first_on is not None:
        statement = statement.where(AuditEntry.at >= datetime.combine(query.first_on, time(), ZONE))
    if query.last_on is not None:
        statement = statement.where(AuditEntry.at < datetime.combine(query.last_on + timedelta(days=1), time(), ZONE))
    return statement.order_by(col(AuditEntry.id).desc())


def audit_page(session: Session, user: Actor, query: AuditQuery) -> tuple[list[AuditOut], int]:
    """A page of entries with the names of who acted: three queries."""
    entries, total = fetch_page(session, audit_listed(user, query), query)
    ids = {entry.user_id for entry in entries}
    names = dict(session.exec(select(User.id, User.username).where(col(User.id).in_(ids))).all())
    items = [AuditOut.model_validate({**entry.model_dump(), "username": names.get(entry.user_id)}) for entry in entries]
    return items, total
