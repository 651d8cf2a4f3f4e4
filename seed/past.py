"""What is past when the working date moves on: offices publish year by year, visits are carried out with findings.

Findings are made up from the seed number and the name of the duty, so they are the same whenever they are recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Actor
from app.accounts.settings import RuleSettings, load_rules
from app.assignments.in_force import is_in_force, is_newest_version
from app.core.clock import Clock
from app.models import (
    Assignment,
    PastInspection,
    Plan,
    PlannedVisit,
    Programme,
    PublishedVersion,
    Role,
    ServedProgramme,
    Severity,
    User,
    VisitOutcome,
)
from app.planning.values import RecheckKey, RoutineKey, parse_key
from app.publications.schemas import PublishRequest
from app.publications.service import publish
from seed.report import Part
from seed.rows import id_of, stored
from seed.synthetic.draw import Draw

_DAY = timedelta(days=1)
_ROUTINE_SHARE, _SHARE = 0.1, 0.4
_SEVERITIES = (*((Severity.MINOR,) * 15), *((Severity.MAJOR,) * 4), Severity.URGENT)
_TEXTS = {
    Severity.MINOR: ("档案资料不够齐全", "校务公开栏更新不及时", "部分功能室使用记录缺失", "教研活动记录不完整"),
    Severity.MAJOR: ("课程开设与课程方案不符", "教师配备未达标准", "经费使用管理不够规范"),
    Severity.URGENT: ("消防通道被占用", "校舍局部存在安全隐患"),
}


def put_into_force(session: Session, clock: Clock, until: date) -> Part:
    """Publish on, office by office, what each year's end has made due before a day; raises ``AppError`` on a clash."""
    made = 0
    while (due := _due(session, until)) is not None:
        plan, office_ids, ended = due
        today = ended + _DAY
        ledger = Ledger(session, replace(clock, working_date=today), _administrator(session, today))
        wanted = PublishRequest(offices=office_ids, until=min(date(today.year, 12, 31), plan.last_day))
        made += len(publish(ledger, id_of(plan), wanted).versions)
    return Part("生效安排", (("续发版本", made),) if made else ())


def _due(session: Session, until: date) -> tuple[Plan, list[int], date] | None:
    """The plan whose shares ended first before the day, with the offices of those and the day; none where none did."""
    rows = session.exec(
        select(PublishedVersion, Plan)
        .join(Plan, col(Plan.id) == col(PublishedVersion.plan_id))
        .where(is_newest_version(), PublishedVersion.until < until, PublishedVersion.until < col(Plan.last_day))
        .order_by(col(PublishedVersion.until), col(Plan.id), col(PublishedVersion.office_id))
    ).all()
    if not rows:
        return None
    first, plan = rows[0]
    offices = [version.office_id for version, of in rows if (version.until, of.id) == (first.until, plan.id)]
    return plan, offices, first.until


def _administrator(session: Session, today: date) -> Actor:
    """In whose name the offices publish."""
    account = session.exec(
        select(User).where(User.role == Role.ADMIN, col(User.ended_at).is_(None)).order_by(col(User.id))
    ).first()
    if account is None:
        raise NoAdministratorError
    return Actor(
        id=id_of(account),
        username=account.username,
        role=account.role,
        office_id=None,
        region_id=None,
        inspector_id=None,
        today=today,
    )


class NoAdministratorError(Exception):
    """Nobody may publish."""

    def __init__(self) -> None:
        super().__init__("没有管理员账号，不能续发安排。请先运行 dudao user create 新建一个。")


def carry_out(session: Session, clock: Clock, seed_number: int, until: date) -> Part:
    """Record as done what is in force and ended before a day; what has an outcome keeps it."""
    rules = load_rules(session)
    rows = session.execute(
        sa.select(
            col(PlannedVisit.key),
            col(Assignment.inspectee_id),
            col(Assignment.office_id),
            col(Assignment.last_on),
        )
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(is_in_force(), col(Assignment.last_on) < until)
        .order_by(col(Assignment.first_on), col(Assignment.id))
    ).all()
    found = {
        key: bool(findings) for key, findings in session.exec(select(VisitOutcome.visit_key, VisitOutcome.findings))
    }
    made: list[VisitOutcome] = []
    for key, inspectee_id, office_id, done_on in rows:
        parsed = parse_key(key)
        if key in found or (isinstance(parsed, RecheckKey) and not found.get(parsed.first, False)):
            continue
        findings = list(_findings(Draw(seed_number).stream("outcome", key), key, rules, done_on))
        found[key] = bool(findings)
        made.append(
            VisitOutcome(
                visit_key=key,
                inspectee_id=inspectee_id,
                office_id=office_id,
                done_on=done_on,
                findings=findings,
                recorded_at=clock.now(),
            )
        )
    stored(session, made)
    if not made:
        return Part("督导结果（合成数据）")
    return Part(
        "督导结果（合成数据）", (("已完成", len(made)), ("有问题待整改", sum(bool(row.findings) for row in made)))
    )


def _findings(random: Random, key: str, rules: RuleSettings, done_on: date) -> Iterator[dict[str, Any]]:
    if random.random() >= (_ROUTINE_SHARE if isinstance(parse_key(key), RoutineKey) else _SHARE):
        return
    for severity in {random.choice(_SEVERITIES): None for _ in range(random.choice((1, 1, 2, 3)))}:
        yield {
            "text": f"{random.choice(_TEXTS[severity])}（合成数据）",
            "severity": severity.value,
            "rectify_by": rules.rectify_by(done_on, severity).isoformat(),
        }


def remember(session: Session, until: date) -> Part:
    """Keep the comprehensive inspections of the calendar in force that ended before a day as past ones."""
    comprehensive = {row.code: row.comprehensive for row in session.exec(select(Programme)).all()}
    known = {
        (inspectee_id, code, first_on)
        for inspectee_id, code, first_on in session.execute(
            sa.select(
                col(PastInspection.inspectee_id), col(PastInspection.programme_code), col(PastInspection.first_on)
            )
        )
    }
    rows = session.execute(
        sa.select(
            col(Assignment.inspectee_id),
            col(ServedProgramme.programme_code),
            col(Assignment.first_on),
            col(Assignment.half_days),
        )
        .join(ServedProgramme, col(ServedProgramme.visit_id) == col(Assignment.visit_id))
        .where(is_in_force(), col(Assignment.last_on) < until)
        .order_by(col(Assignment.first_on), col(Assignment.id))
    )
    made = stored(
        session,
        [
            PastInspection(
                inspectee_id=inspectee_id, programme_code=code, first_on=first_on, half_days=half_days, synthetic=True
            )
            for inspectee_id, code, first_on, half_days in rows
            if comprehensive.get(code, False) and (inspectee_id, code, first_on) not in known
        ],
    )
    return Part("上一轮督导记录（取自已生效的安排）", (("记录", len(made)),) if made else ())
