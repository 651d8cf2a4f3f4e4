"""Calendar feeds: to open one, to close it, and its events. The secret address is the credential."""

from __future__ import annotations

import hashlib
import secrets

from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.identity import is_open
from app.accounts.rights import Actor
from app.assignments.in_force import is_newest_version
from app.core.clock import Clock
from app.core.errors import Forbidden, NotFound
from app.core.rows import id_of
from app.duties.ical import FeedEvent, calendar_of
from app.duties.queries import duties_of
from app.duties.service import duty_answers
from app.models import Assignment, CalendarEvent, CalendarFeed, Inspector, PlannedVisit, PublishedVersion, User

SECRET_BYTES = 32


def digest(secret: str) -> str:
    """What is stored of a secret: it is random and long, so a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def own_inspector(user: Actor) -> int:
    """The inspector whose account asks. Raises ``Forbidden`` for any other account."""
    if user.inspector_id is None:
        raise Forbidden("not_an_inspector", f"账号“{user.username}”不是督学账号，没有本人的日历。")
    return user.inspector_id


def find_own(session: Session, user: Actor) -> CalendarFeed:
    """The feed that the asking inspector opened. Raises ``NotFound``."""
    feed = _feed(session, own_inspector(user))
    if feed is None:
        raise NotFound("feed_not_found", "尚未开通日历订阅。请以 POST /api/v1/me/calendar 开通。")
    return feed


def _feed(session: Session, inspector_id: int) -> CalendarFeed | None:
    return session.exec(select(CalendarFeed).where(CalendarFeed.inspector_id == inspector_id)).first()


def open_feed(ledger: Ledger) -> tuple[CalendarFeed, str]:
    """Open the own feed, or move it to a new address; the secret is told this once."""
    inspector_id = own_inspector(ledger.asker)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    secret_hash, now = digest(secret), ledger.clock.now()
    feed = _feed(ledger.session, inspector_id)
    if feed is not None:
        return ledger.change(feed, {"secret_hash": secret_hash, "created_at": now}, "renew"), secret
    return ledger.add(CalendarFeed(inspector_id=inspector_id, secret_hash=secret_hash, created_at=now), "open"), secret


def close_feed(ledger: Ledger) -> None:
    """Close the own feed: its address is known no more."""
    ledger.remove(find_own(ledger.session, ledger.asker), "日历订阅")


def calendar(session: Session, clock: Clock, secret: str) -> bytes:
    """The feed at a secret address. Raises ``NotFound`` where it is closed, or no account of the inspector is open."""
    inspector = session.exec(
        select(Inspector)
        .join(CalendarFeed, col(CalendarFeed.inspector_id) == col(Inspector.id))
        .where(CalendarFeed.secret_hash == digest(secret))
    ).first()
    if inspector is None or not _has_open_account(session, clock, id_of(inspector)):
        raise NotFound("feed_not_found", "没有这个日历地址，或已停用。请重新开通日历订阅。")
    return calendar_of(id_of(inspector), inspector.name, _events(session, clock, inspector))


def _has_open_account(session: Session, clock: Clock, inspector_id: int) -> bool:
    accounts = session.exec(select(User).where(User.inspector_id == inspector_id))
    return any(is_open(session, account, clock.today()) for account in accounts)


def _events(session: Session, clock: Clock, inspector: Inspector) -> list[FeedEvent]:
    """What is in force and what was cancelled, by day."""
    inspector_id = id_of(inspector)
    kept = {
        row.key: row
        for row in session.exec(select(CalendarEvent).where(CalendarEvent.inspector_id == inspector_id)).all()
    }
    standing = list(session.exec(duties_of(inspector_id)).all())
    gone = session.exec(
        select(Assignment, PlannedVisit)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .join(CalendarEvent, col(CalendarEvent.assignment_id) == col(Assignment.id))
        .where(CalendarEvent.inspector_id == inspector_id, col(CalendarEvent.cancelled))
        .order_by(col(Assignment.first_on), col(Assignment.id))
    ).all()
    # who has left the team of an unannounced visit learns no more than that the day is free again
    secret = {visit.key for row, visit in gone if visit.unannounced and row.first_on > clock.today()}
    published = {
        version.office_id: version.published_at
        for version in session.exec(select(PublishedVersion).where(is_newest_version())).all()
    }
    return [
        FeedEvent(duty, event.sequence, event.changed_at, event.cancelled, duty.visit in secret)
        if (event := kept.get(duty.visit)) is not None
        else FeedEvent(duty, 0, published[duty.office_id], False)  # put into force before events were kept
        for duty in duty_answers(session, inspector, standing + [row for row, _ in gone])
    ]
