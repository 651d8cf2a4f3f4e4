"""Publishing: offices' shares of a plan are put into force up to a day, all of them or none.

Guards first, then one transaction: the shares are checked against everything that stays in force of other offices,
numbered, and frozen; what begins after the day is outlook. A version is never changed, only followed by the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require
from app.assignments.in_force import is_in_force
from app.assignments.reader import in_force_besides, placements, read
from app.core.errors import Conflict, Refused
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of
from app.demand.totals import require_within_totals
from app.models import (
    Absence,
    Assignment,
    DocumentKind,
    Plan,
    PlanDocument,
    PlanState,
    PublishedVersion,
    TeamMember,
)
from app.planning.documents import unpacked
from app.planning.names import inspector_name
from app.planning.publication import Fault, faults_of_publication
from app.planning.redaction import unnamed
from app.plans import queries
from app.plans.faults import describe
from app.plans.service import changeable_shares, not_yours
from app.publications import calendar_events
from app.publications.answers import version_answers
from app.publications.queries import versions
from app.publications.schemas import PublicationOut, PublishRequest, VersionOut, VersionQuery
from app.year_lists.guard import require_listed

MOST_FAULTS = 50
"""Faults that an answer lists; their number is told in full."""


def publish(ledger: Ledger, plan_id: int, wanted: PublishRequest) -> PublicationOut:
    """Put shares of a plan into force. Raises ``Conflict`` with the faults where they clash with what is in force."""
    require(ledger.asker, Noun.PLAN, Act.CHANGE)
    session = ledger.session
    plan = queries.find_plan(session, ledger.asker, plan_id)
    session.refresh(plan, with_for_update=True)
    if plan.state not in (PlanState.SOLVED, PlanState.PUBLISHED):
        raise Conflict(
            "plan_not_solved",
            f"排程 {plan_id} 的状态为 {plan.state.value}，只有已完成的排程才能发布。",
            {"plan": plan_id, "state": plan.state.value},
        )
    office_ids = _offices(ledger, plan, wanted.offices)
    until = _until(session, plan, wanted.until, ledger.clock.today())
    lock_versions(session)
    _require_history_kept(session, plan, office_ids, ledger.clock.today())
    require_listed(session, plan_id, office_ids, ledger.clock.today(), until)
    require_within_totals(session, plan_id, office_ids, ledger.clock.today(), until)
    share = Share(session, plan, office_ids, until)
    if faults := share.faults_with_all_others() + share.absences(ledger.clock.today()):
        raise _conflict(session, plan, faults, share.offices_of_visits)
    versions = [_put_into_force(ledger, plan, office_id, until) for office_id in office_ids]
    ledger.change(plan, {"state": PlanState.PUBLISHED}, "publish")
    calendar_events.record(session, ledger.clock.now())
    return PublicationOut(plan_id=plan_id, versions=version_answers(session, versions))


def _offices(ledger: Ledger, plan: Plan, wanted: Sequence[int] | None) -> list[int]:
    """Whose shares: those asked for, or of the plan's all that the user may publish."""
    allowed = changeable_shares(ledger.session, ledger.asker, plan.office_ids)
    if wanted is None:
        if not allowed:
            raise not_yours(ledger.asker, f"排程 {plan.id}")
        return [number for number in plan.office_ids if number in allowed]
    if foreign := sorted(set(wanted) - set(plan.office_ids)):
        raise Refused(
            "office_not_in_plan",
            f"排程 {plan.id} 不含编号为 {foreign[0]} 的督导机构。请只发布该排程所含的机构。",
            {"offices": foreign, "of_plan": plan.office_ids},
        )
    if set(wanted) - allowed:
        raise not_yours(ledger.asker, f"排程 {plan.id} 中其他机构的部分")
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
            f"生效截止日 {until} 不在排程尚未过去的日期（{first} 至 {last}）之内。请另选一天。",
            {"until": until.isoformat(), "first_day": first.isoformat(), "last_day": last.isoformat()},
        )
    return until


def lock_versions(session: Session) -> None:
    """Two publications must not check past each other: SQLite has one writer, on PostgreSQL the second waits here."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE published_version IN SHARE ROW EXCLUSIVE MODE"))


def _require_history_kept(session: Session, plan: Plan, office_ids: Sequence[int], today: date) -> None:
    """What has begun is history: a plan that has it otherwise, or more or less of it, was asked for too long ago."""
    for office_id in office_ids:
        of_office = col(Assignment.office_id) == office_id
        begun = placements(session, is_in_force(), of_office, col(Assignment.first_on) < today)
        of_plan = placements(session, col(Assignment.plan_id) == plan.id, of_office)
        passed = {visit for visit, placement in of_plan.items() if placement.first_on < today}
        changed = sorted(visit for visit in begun.keys() | passed if begun.get(visit) != of_plan.get(visit))
        if changed:
            raise Conflict(
                "history_changed",
                f"排程 {plan.id} 以 {plan.working_on} 为工作日期，其中 {today} 之前有 {len(changed)} 次与已开始的不符。"
                "请以现行版本为基础重新排程后再发布。",
                {"plan": plan.id, "office": office_id, "visits": changed[:MOST_FAULTS], "number": len(changed)},
            )


class Share:
    """What of a plan is to be published, and what stays in force around it."""

    def __init__(self, session: Session, plan: Plan, office_ids: Sequence[int], until: date) -> None:
        self._session = session
        self._plan = plan
        self._published = read(
            session,
            sa.and_(
                col(Assignment.plan_id) == plan.id,
                col(Assignment.office_id).in_(office_ids),
                col(Assignment.first_on) <= until,
            ),
        )
        self._around = in_force_besides(session, office_ids)
        self.offices_of_visits = {record.key: record.office_id for record in self._around}
        self._secret = {
            record.key for record in self._around if record.unannounced and record.first_on > plan.working_on
        }

    def faults_with_all_others(self) -> list[Fault]:
        """Every hard rule that the share breaks together with what is in force of the other offices.

        An unannounced visit of theirs is not named.
        """
        faults = faults_of_publication(
            problem=self._document(id_of(self._plan), DocumentKind.PROBLEM),
            solution=self._as_moved(self._document(id_of(self._plan), DocumentKind.SOLUTION)),
            published={record.key for record in self._published.values()},
            around=self._around,
            problems_around={
                plan_id: self._document(plan_id, DocumentKind.PROBLEM)
                for plan_id in {record.plan_id for record in self._around}
            },
        )
        return [unnamed(fault, self._secret) for fault in faults]

    def _as_moved(self, solution: Mapping[str, Any]) -> dict[str, Any]:
        """The plan file with each visit on its day now: one that was moved since its publication is not put back."""
        places = {
            record.key: {"day": record.first_on.isoformat(), "half": record.half.value}
            for record in self._published.values()
        }
        return {**solution, "assignments": [each | places.get(each["visit"], {}) for each in solution["assignments"]]}

    def _document(self, plan_id: int, kind: DocumentKind) -> dict[str, Any]:
        stored = self._session.get(PlanDocument, (plan_id, kind))
        assert stored is not None  # every solved plan has both
        return unpacked(stored.content)

    def absences(self, today: date) -> list[Fault]:
        """Members who asked for leave after the plan was made."""
        ahead = {number: record for number, record in self._published.items() if record.first_on >= today}
        rows = self._session.execute(
            sa.select(col(Assignment.id), col(Absence.inspector_id), col(Absence.first_on), col(Absence.last_on))
            .join(TeamMember, col(TeamMember.assignment_id) == col(Assignment.id))
            .join(Absence, col(Absence.inspector_id) == col(TeamMember.inspector_id))
            .where(
                col(Assignment.plan_id) == self._plan.id,
                col(Absence.first_on) <= col(Assignment.last_on),
                col(Absence.last_on) >= col(Assignment.first_on),
            )
            .order_by(col(Assignment.id))
        )
        return [
            Fault(
                "available",
                ahead[assignment_id].key,
                {"inspector": inspector_name(inspector_id), "day": ahead[assignment_id].first_on.isoformat()},
            )
            for assignment_id, inspector_id, _, _ in rows
            if assignment_id in ahead
        ]


def _conflict(session: Session, plan: Plan, faults: Sequence[Fault], offices: Mapping[str, int]) -> Conflict:
    shown = list(faults)[:MOST_FAULTS]
    described = describe(session, id_of(plan), shown, offices)
    first = described[0]["message"]
    return Conflict(
        "publication_conflict",
        f"排程 {plan.id} 不能发布：有 {len(faults)} 处违反规则或与现行安排冲突。第一处：{first}"
        "未作任何更改。请修改草案，或以现行版本为基础重新排程。",
        {"plan": plan.id, "number": len(faults), "faults": described},
    )


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
