"""Moves of published routine visits by the inspector who makes them, each an amendment of the version in force.

A move needs no office, only a clean check. The files of the published plan stay as they are; the assignment
bears the new half-day, so that everything that is read of what is in force shows it there, and the amendment keeps from
where it came. See DECISIONS.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.assignments.queries import newest_versions, served_by
from app.assignments.reader import AssignmentRecord, in_force_around, of_assignment
from app.calendars.half_days import last_day
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.core.rows import id_of
from app.duties import service
from app.duties.moves_schemas import MoveRequest
from app.duties.queries import duties_of
from app.duties.schemas import DutyOut
from app.models import (
    Absence,
    Amendment,
    Assignment,
    DocumentKind,
    Inspector,
    PlanDocument,
    PlannedVisit,
    Programme,
    ProgrammeRule,
    PublishedVersion,
)
from app.planning.documents import stored_problem
from app.planning.moving import has_visit, violations_of_move
from app.planning.names import inspector_name
from app.planning.violations import RuleViolation
from app.plans.violations import describe
from app.publications import calendar_events
from app.publications.service import lock_versions


def move(ledger: Ledger, assignment_id: int, wanted: MoveRequest) -> DutyOut:
    """Move an own routine visit in force. Raises ``Conflict`` with the violations where it breaks a rule there."""
    session, inspector_id = ledger.session, ledger.asker.inspector_id
    lock_versions(session)
    own = duties_of(inspector_id).where(Assignment.id == assignment_id) if inspector_id else None
    row = session.exec(own).first() if own is not None else None
    if row is None or inspector_id is None:
        raise NotFound(
            "assignment_not_found", f"您的现行安排中没有编号为 {assignment_id} 的督导。请在“我的安排”中核对编号。"
        )
    visit = session.get_one(PlannedVisit, row.visit_id)
    _require_routine(ledger, visit)
    version = newest_versions(session)[row.office_id]
    _require_days(ledger, row, version, wanted)
    violations = _violations(session, row, visit, wanted)
    if violations:
        raise _conflict(session, row, visit, violations)
    _amend(ledger, version, row, wanted)
    calendar_events.record_move(session, assignment_id, ledger.clock.now())
    return service.duty_answers(session, session.get_one(Inspector, inspector_id), [row])[0]


def _require_routine(ledger: Ledger, visit: PlannedVisit) -> None:
    """Only routine is the inspector's own to move; whatever serves another programme too is its office's."""
    routine = set(ledger.session.exec(select(Programme.code).where(Programme.rule == ProgrammeRule.ROUTINE)).all())
    served = served_by(ledger.session, [id_of(visit)]).get(id_of(visit), [])
    if not routine.issuperset(code for code, _phase in served):
        raise Forbidden(
            "not_routine",
            "只有经常性督导可以由督学本人改期，其他督导须由督导机构调整。",
            {"visit": visit.key},
        )


def _require_days(ledger: Ledger, row: Assignment, version: PublishedVersion, wanted: MoveRequest) -> None:
    today = ledger.clock.today()
    if row.first_on < today:
        raise Conflict(
            "already_begun",
            f"该督导已于 {row.first_on} 开始，不能改期。",
            {"first_on": row.first_on.isoformat(), "today": today.isoformat()},
        )
    if not today <= wanted.day <= version.until:
        raise Refused(
            "day_outside_version",
            f"{wanted.day} 不在系统日期 {today} 与现行版本生效截止日 {version.until} 之间。请另选一天。",
            {"day": wanted.day.isoformat(), "today": today.isoformat(), "until": version.until.isoformat()},
        )


def _violations(session: Session, row: Assignment, visit: PlannedVisit, wanted: MoveRequest) -> list[RuleViolation]:
    """The rules that the visit would break; what the inspector is not in is not named."""
    record = of_assignment(session, id_of(row))
    around = in_force_around(session, record, id_of(row))
    problem = _problem_of(session, row, visit)
    found = violations_of_move(problem, record, wanted.day, wanted.half, around)
    found += _absences(session, record, wanted.day, last_day(wanted.day, row.half_days))
    foreign = {each.key for each in around if not set(record.team) & set(each.team)}
    return [_without(violation, foreign) for violation in found]


def _problem_of(session: Session, row: Assignment, visit: PlannedVisit) -> Mapping[str, Any]:
    """The problem file of the newest plan of the office that asked for the visit."""
    plan_ids = session.exec(
        select(PublishedVersion.plan_id)
        .where(PublishedVersion.office_id == row.office_id)
        .order_by(col(PublishedVersion.number).desc())
    ).all()
    for plan_id in dict.fromkeys(plan_ids):
        problem = stored_problem(session.get_one(PlanDocument, (plan_id, DocumentKind.PROBLEM)).content).written
        if has_visit(problem, visit.key):
            return problem
    raise Conflict(
        "not_planned_here",
        "该督导不是由本系统的日程产生的，不能由督学本人改期。请联系督导机构。",
        {"visit": visit.key},
    )


def _absences(session: Session, record: AssignmentRecord, first: date, last: date) -> list[RuleViolation]:
    """Leave that was asked for after the plan was made."""
    rows = session.exec(
        select(Absence).where(
            col(Absence.inspector_id).in_(record.team), Absence.first_on <= last, Absence.last_on >= first
        )
    ).all()
    day = first.isoformat()
    return [
        RuleViolation("available", record.key, {"inspector": inspector_name(row.inspector_id), "day": day})
        for row in rows
    ]


def _without(violation: RuleViolation, foreign: set[str]) -> RuleViolation:
    details = {name: value for name, value in violation.details.items() if value not in foreign}
    return RuleViolation(violation.code, violation.visit, details)


def _conflict(session: Session, row: Assignment, visit: PlannedVisit, violations: Sequence[RuleViolation]) -> Conflict:
    described = describe(session, row.plan_id, violations, {})
    return Conflict(
        "move_conflict",
        f"不能改期，有 {len(violations)} 处不符：{described[0]['message']}未作任何更改。请另选时间（期限"
        f" {visit.earliest} 至 {visit.latest}）。",
        {"visit": visit.key, "number": len(violations), "faults": described},
    )


def _amend(ledger: Ledger, version: PublishedVersion, row: Assignment, wanted: MoveRequest) -> None:
    """Write down from where the visit is moved, then move it; where nothing differs nothing is written."""
    if (row.first_on, row.half) == (wanted.day, wanted.half):
        return
    latest = ledger.session.exec(
        select(sa.func.max(col(Amendment.number))).where(Amendment.version_id == version.id)
    ).one()
    ledger.add(
        Amendment(
            version_id=id_of(version),
            number=(latest or 0) + 1,
            assignment_id=id_of(row),
            from_on=row.first_on,
            from_half=row.half,
            made_at=ledger.clock.now(),
            made_by_id=ledger.asker.id,
        )
    )
    changes = {"first_on": wanted.day, "last_on": last_day(wanted.day, row.half_days), "half": wanted.half}
    ledger.change(row, changes, "move")
