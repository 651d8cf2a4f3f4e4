"""What may be done with plans: asking for one, cancelling, reading. Publishing is in ``publish``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, may, require, require_change
from app.accounts.settings import load_rules
from app.assignments.schemas import AssignmentOut
from app.assignments.visibility import secret_visits
from app.calendars.working_days import LONGEST_YEARS, is_too_long, worked_days, years_unknown
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.core.fields import require_order
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of
from app.models import (
    DocumentKind,
    Office,
    Plan,
    PlanDocument,
    PlanState,
    Region,
    Role,
)
from app.planning.documents import packed, unpacked
from app.planning.redaction import redacted
from app.plans import answers, queries
from app.plans.schemas import AssignmentQuery, PlanOut, PlanQuery, PlanRequest
from app.plans.words import DOCUMENTS, STATES
from app.regions.queries import find_region, offices_in

FINISHED = frozenset(
    {PlanState.SOLVED, PlanState.PUBLISHED, PlanState.INFEASIBLE, PlanState.CANCELLED, PlanState.FAILED}
)


def ask(ledger: Ledger, wanted: PlanRequest) -> PlanOut:
    """Ask for a plan: a row in the queue, which a worker takes up within a second or two."""
    require(ledger.asker, Noun.PLAN, Act.CHANGE)
    today = ledger.clock.today()
    _require_span(ledger.session, wanted.first_day, wanted.last_day, today)
    region = find_region(ledger.session, wanted.region)
    if region is None:
        raise Refused(
            "unknown_region",
            f"没有代码或编号为“{wanted.region}”的行政区划。请在行政区划列表中核对。",
            {"region": wanted.region},
        )
    offices = _plannable_offices(ledger.session, ledger.asker, region, today)
    if wanted.based_on is not None:
        _require_basis(ledger.session, ledger.asker, wanted.based_on, region)
    plan = ledger.add(
        Plan(
            name=wanted.name,
            region_id=id_of(region),
            first_day=wanted.first_day,
            last_day=wanted.last_day,
            seconds=wanted.seconds,
            based_on_id=wanted.based_on,
            working_on=today,
            office_ids=[id_of(office) for office in offices],
            requested_by_id=ledger.asker.id,
            created_at=ledger.clock.now(),
        )
    )
    return answers.plan_answers(ledger.session, ledger.asker, [plan])[0]


def _require_span(session: Session, first: date, last: date, today: date) -> None:
    require_order(first, last, "日程的起始日与结束日")
    details = {"first_day": first.isoformat(), "last_day": last.isoformat(), "today": today.isoformat()}
    if is_too_long(first, last):
        raise Refused(
            "plan_too_long", f"日程从 {first} 到 {last}，超过了 {LONGEST_YEARS} 年。请分段编制日程。", details
        )
    if last < today:
        raise Refused(
            "plan_in_the_past",
            f"日程的结束日 {last} 早于系统日期 {today}，没有可安排的日子。请改用较晚的结束日。",
            details,
        )
    if unknown := years_unknown(session, first, last):
        years = "、".join(str(year) for year in unknown)
        raise Refused(
            "calendar_unknown",
            f"日历中没有 {years} 年。请先登记该年的日历（可为暂定），或缩短日程。",
            {"years": unknown},
        )
    if not any(True for _ in worked_days(session, max(first, today), last)):
        raise Refused(
            "plan_over_no_days",
            f"从 {max(first, today)} 到 {last} 没有工作日（都是周末或节假日），无法编制日程。请改用较长的时段。",
            details,
        )


def _plannable_offices(session: Session, user: Actor, region: Region, today: date) -> list[Office]:
    """The offices of a region whose visits the user may plan, the region's own first."""
    offices = offices_in(session, region, today)
    if not offices:
        raise Refused(
            "no_office", f"“{region.name}”没有督导机构，无从编制日程。请先登记督导机构。", {"region": region.adcode}
        )
    ids = {id_of(office) for office in offices}
    own = {id_of(office) for office in offices if office.region_id == region.id}
    changeable = changeable_shares(session, user, ids)
    if changeable != ids and not (own and own <= changeable):
        raise not_yours(user, f"“{region.name}”的日程")
    return [office for office in offices if id_of(office) in changeable]


def changeable_shares(session: Session, user: Actor, office_ids: Collection[int]) -> set[int]:
    """The offices whose share of a plan the user may plan, publish and cancel: the own; a setting adds the banners'."""
    if user.role is Role.CITY_OFFICE and load_rules(session).city_plans_banners:
        return set(office_ids)
    return {number for number in office_ids if may(user, Noun.PLAN, Act.CHANGE, office_id=number)}


def not_yours(user: Actor, what: str) -> Forbidden:
    return Forbidden(
        "forbidden",
        f"账号“{user.username}”无权更改{what}：各机构只排本机构的督导。如需由市级统一编制日程，请管理员打开相应设置。",
        {"noun": Noun.PLAN.value, "act": Act.CHANGE.value, "role": user.role.value},
    )


def _require_basis(session: Session, user: Actor, plan_id: int, region: Region) -> None:
    basis = session.exec(queries.visible_to(user).where(Plan.id == plan_id)).first()
    if basis is None:
        raise Refused(
            "unknown_basis", f"没有编号为 {plan_id} 的日程可作基础。请在日程列表中核对。", {"based_on": plan_id}
        )
    if basis.region_id != region.id:
        raise Refused(
            "basis_of_other_region",
            f"日程 {plan_id} 是另一个行政区的，不能作为“{region.name}”日程的基础。请选择同一行政区的日程。",
            {"based_on": plan_id},
        )
    if basis.state not in (PlanState.SOLVED, PlanState.PUBLISHED):
        raise Refused(
            "basis_not_solved",
            f"日程 {plan_id} {STATES[basis.state]}，还没有可作基础的结果。请选择已完成的日程。",
            {"based_on": plan_id, "state": basis.state.value},
        )


def cancel(ledger: Ledger, plan_id: int) -> PlanOut:
    """Cancel a plan that is not finished: one that waits at once, one that is solved as soon as the worker sees it."""
    plan = queries.find_plan(ledger.session, ledger.asker, plan_id)
    office_id = ledger.session.exec(select(Office.id).where(Office.region_id == plan.region_id)).first()
    if not changeable_shares(ledger.session, ledger.asker, [office_id] if office_id else []):
        require_change(ledger.asker, Noun.PLAN, office_id=office_id)
    ledger.session.refresh(plan, with_for_update=True)
    now = ledger.clock.now()
    if plan.state is PlanState.QUEUED:
        ledger.change(plan, {"state": PlanState.CANCELLED, "cancel_requested_at": now, "finished_at": now}, "cancel")
    elif plan.state in FINISHED and plan.state is not PlanState.CANCELLED:
        raise Conflict(
            "plan_finished",
            f"日程 {plan_id} {STATES[plan.state]}，不能取消。",
            {"plan": plan_id, "state": plan.state.value},
        )
    elif plan.cancel_requested_at is None:
        ledger.change(plan, {"cancel_requested_at": now}, "cancel")
    return answers.plan_answers(ledger.session, ledger.asker, [plan])[0]


def list_plans(session: Session, user: Actor, query: PlanQuery) -> Page[PlanOut]:
    """A page of the plans that the user may see."""
    require(user, Noun.PLAN, Act.READ)
    rows, total = fetch_page(session, queries.plans(user, query), query)
    return page_of(answers.plan_answers(session, user, rows), total, query)


def get_plan(session: Session, user: Actor, plan_id: int) -> PlanOut:
    """One plan."""
    return answers.plan_answers(session, user, [queries.find_plan(session, user, plan_id)])[0]


def list_assignments(session: Session, user: Actor, plan_id: int, query: AssignmentQuery) -> Page[AssignmentOut]:
    """A page of a plan's assignments."""
    queries.find_plan(session, user, plan_id)
    rows, total = fetch_page(session, queries.assignments(user, plan_id, query), query)
    return page_of(answers.assignment_answers(session, plan_id, rows), total, query)


def document(session: Session, user: Actor, plan_id: int, kind: DocumentKind) -> bytes:
    """A contract file of a plan as it is stored, gzipped."""
    queries.find_owned_plan(session, user, plan_id)
    stored = session.get(PlanDocument, (plan_id, kind))
    if stored is None:
        raise NotFound(
            "document_not_ready", f"日程 {plan_id} 还没有{DOCUMENTS[kind]}：尚未生成，或规划没有成功。请查看其状态。"
        )
    secret = {key for _, key in secret_visits(session, user, [plan_id])}
    return _redacted(session, plan_id, kind, secret) if secret else stored.content


def _redacted(session: Session, plan_id: int, kind: DocumentKind, secret: set[str]) -> bytes:
    """The file without the visits that the reader may not know of."""
    problem, solution = (session.get(PlanDocument, (plan_id, each)) for each in DocumentKind)
    assert problem is not None  # a plan with a solution has its problem
    shown, answer = redacted(
        unpacked(problem.content), unpacked(solution.content) if solution is not None else None, secret
    )
    return packed(shown if kind is DocumentKind.PROBLEM or answer is None else answer)
