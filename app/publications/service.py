"""Publishing: offices' shares of a plan are put into force up to a day, all of them or none.

Guards first, then one transaction: the shares are checked against everything that stays in force of other offices,
numbered, and frozen; what begins after the day is outlook. A version is never changed, only followed by the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require
from app.core.errors import Conflict, Refused
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of
from app.models import (
    Assignment,
    Plan,
    PlanState,
    PublishedVersion,
)
from app.plans import queries
from app.plans.service import changeable_shares, not_yours
from app.plans.words import STATES
from app.publications import calendar_events
from app.publications.answers import version_answers
from app.publications.guards import require_publishable
from app.publications.proposal import Proposal
from app.publications.queries import versions
from app.publications.schemas import PublicationOut, PublishRequest, VersionOut, VersionQuery


def publish(ledger: Ledger, plan_id: int, wanted: PublishRequest) -> PublicationOut:
    """Put shares of a plan into force. Raises ``Conflict`` where a guard forbids it."""
    require(ledger.asker, Noun.PLAN, Act.CHANGE)
    session = ledger.session
    plan = queries.find_plan(session, ledger.asker, plan_id)
    session.refresh(plan, with_for_update=True)
    if plan.state not in (PlanState.SOLVED, PlanState.PUBLISHED):
        raise Conflict(
            "plan_not_solved",
            f"日程 {plan_id} {STATES[plan.state]}，只有已完成的日程才能发布。",
            {"plan": plan_id, "state": plan.state.value},
        )
    office_ids = _offices(ledger, plan, wanted.offices)
    until = _until(session, plan, wanted.until, ledger.clock.today())
    lock_versions(session)
    require_publishable(Proposal(session, plan, office_ids, ledger.clock.today(), until))
    versions = [_put_into_force(ledger, plan, office_id, until) for office_id in office_ids]
    ledger.change(plan, {"state": PlanState.PUBLISHED}, "publish")
    calendar_events.record(session, ledger.clock.now())
    return PublicationOut(plan_id=plan_id, versions=version_answers(session, versions))


def _offices(ledger: Ledger, plan: Plan, wanted: Sequence[int] | None) -> list[int]:
    """Whose shares: those asked for, or of the plan's all that the user may publish."""
    allowed = changeable_shares(ledger.session, ledger.asker, plan.office_ids)
    if wanted is None:
        if not allowed:
            raise not_yours(ledger.asker, f"日程 {plan.id}")
        return [number for number in plan.office_ids if number in allowed]
    if foreign := sorted(set(wanted) - set(plan.office_ids)):
        raise Refused(
            "office_not_in_plan",
            f"日程 {plan.id} 不含编号为 {foreign[0]} 的督导机构。请只发布该日程所含的机构。",
            {"offices": foreign, "of_plan": plan.office_ids},
        )
    if set(wanted) - allowed:
        raise not_yours(ledger.asker, f"日程 {plan.id} 中其他机构的部分")
    return [number for number in plan.office_ids if number in set(wanted)]


def _until(session: Session, plan: Plan, wanted: date | None, today: date) -> date:
    """The last day in force: as asked, or 31 December of the working date's year if the plan reaches so far."""
    last = session.exec(select(sa.func.max(col(Assignment.first_on))).where(Assignment.plan_id == plan.id)).one()
    last = max(plan.last_day, last or plan.last_day)  # what was carried over may begin after the days planned
    first = max(plan.first_day, today)
    until = wanted or min(date(today.year, 12, 31), last)
    if not first <= until <= last:
        raise Refused(
            "until_outside_plan",
            f"生效截止日 {until} 不在日程尚未过去的日期（{first} 至 {last}）之内。请另选一天。",
            {"until": until.isoformat(), "first_day": first.isoformat(), "last_day": last.isoformat()},
        )
    return until


def lock_versions(session: Session) -> None:
    """Two publications must not check past each other: SQLite has one writer, on PostgreSQL the second waits here."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE published_version IN SHARE ROW EXCLUSIVE MODE"))


def _put_into_force(ledger: Ledger, plan: Plan, office_id: int, until: date) -> PublishedVersion:
    """The office's next version."""
    latest = ledger.session.exec(
        select(sa.func.max(col(PublishedVersion.number))).where(PublishedVersion.office_id == office_id)
    ).first()
    return ledger.add(
        PublishedVersion(
            office_id=office_id,
            number=(latest or 0) + 1,
            plan_id=id_of(plan),
            until=until,
            published_at=ledger.clock.now(),
            published_by_id=ledger.user.id if ledger.user else None,
        ),
        "publish",
    )


def list_versions(session: Session, user: Actor, query: VersionQuery) -> Page[VersionOut]:
    """A page of published versions."""
    require(user, Noun.PLAN, Act.READ)
    rows, total = fetch_page(session, versions(user, query), query)
    return page_of(version_answers(session, rows), total, query)
