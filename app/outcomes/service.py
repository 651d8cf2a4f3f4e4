"""What came of visits: recorded once they have begun, by their office or by who led them.

Findings decide whether the reserved recheck stands. Neither the letter of opinion nor rectification has a day count in
the law (条例 art. 21, 22), so both follow from settings.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require, require_change
from app.accounts.settings import RuleSettings, load_rules
from app.assignments.in_force import is_in_force
from app.assignments.queries import may_read_assignment
from app.core.errors import Conflict, NotFound, Refused
from app.models import Assignment, Inspectee, PlannedVisit, Role, Severity, VisitOutcome
from app.outcomes.schemas import FindingIn, FindingOut, OutcomeOut, OutcomeRequest
from app.planning.values import DateRange


def record(ledger: Ledger, assignment_id: int, wanted: OutcomeRequest) -> OutcomeOut:
    """Record the outcome of a visit in force, or correct it."""
    require(ledger.asker, Noun.OUTCOME, Act.CHANGE)
    assignment, visit = _find(ledger.session, ledger.asker, assignment_id)
    require_change(ledger.asker, Noun.OUTCOME, office_id=assignment.office_id, inspector_id=assignment.leader_id)
    rules = load_rules(ledger.session)
    _require_done(assignment, wanted.done_on, ledger.clock.today())
    fields: dict[str, Any] = {
        "done_on": wanted.done_on,
        "findings": [_finding(rules, wanted.done_on, finding) for finding in wanted.findings],
        "recorded_at": ledger.clock.now(),
        "recorded_by_id": ledger.asker.id,
    }
    present = _of_visit(ledger.session, visit.key)
    if present is not None:
        return _output(rules, ledger.change(present, fields))
    row = VisitOutcome(
        visit_key=visit.key, inspectee_id=assignment.inspectee_id, office_id=assignment.office_id, **fields
    )
    return _output(rules, ledger.add(row))


def get(session: Session, user: Actor, assignment_id: int) -> OutcomeOut:
    """The outcome of a visit that the user may see. Raises ``NotFound``."""
    _, visit = _find(session, user, assignment_id)
    outcome = _of_visit(session, visit.key)
    if outcome is None:
        raise NotFound("outcome_not_recorded", f"督导安排 {assignment_id} 还没有登记结果。", {"id": assignment_id})
    return _output(load_rules(session), outcome)


def _not_found(assignment_id: int) -> NotFound:
    words = f"没有编号为 {assignment_id} 的督导安排，或无权查看。请在日程的安排中核对编号。"
    return NotFound("assignment_not_found", words, {"id": assignment_id})


def _find(session: Session, user: Actor, assignment_id: int) -> tuple[Assignment, PlannedVisit]:
    """An assignment among those that the user may see, or that the user leads or belongs to."""
    found = session.exec(
        select(Assignment, PlannedVisit)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .where(Assignment.id == assignment_id, may_read_assignment(user))
    ).first()
    if found is None:
        raise _not_found(assignment_id)
    in_force = session.exec(select(Assignment.id).where(Assignment.id == assignment_id, is_in_force())).first()
    if in_force is None and user.role is Role.INSPECTOR:  # drafts are shown to offices only
        raise _not_found(assignment_id)
    if in_force is None:
        words = f"督导安排 {assignment_id} 不是现行安排，没有结果可言。请在现行版本中查找同一督导。"
        raise Conflict("not_in_force", words, {"id": assignment_id})
    return found


def _require_done(assignment: Assignment, done_on: date, today: date) -> None:
    if not assignment.first_on <= done_on <= today:
        raise Refused(
            "not_done_yet",
            f"完成日期 {done_on} 须在督导开始日 {assignment.first_on} 与系统日期 {today} 之间。请更正。",
            {"done_on": done_on.isoformat(), "first_on": assignment.first_on.isoformat(), "today": today.isoformat()},
        )


def _finding(rules: RuleSettings, done_on: date, finding: FindingIn) -> dict[str, str]:
    """A finding as it is kept; without a day of its own the settings give one, counted from the opinion letter."""
    rectify_by = finding.rectify_by or rules.rectify_by(done_on, finding.severity)
    if rectify_by < done_on:
        raise Refused(
            "rectified_before_found",
            f"整改期限 {rectify_by} 早于完成日期 {done_on}。请更正。",
            {"rectify_by": rectify_by.isoformat(), "done_on": done_on.isoformat()},
        )
    return {"text": finding.text, "severity": finding.severity.value, "rectify_by": rectify_by.isoformat()}


def _of_visit(session: Session, key: str) -> VisitOutcome | None:
    return session.exec(select(VisitOutcome).where(VisitOutcome.visit_key == key)).first()


def _output(rules: RuleSettings, row: VisitOutcome) -> OutcomeOut:
    findings = [FindingOut.model_validate(finding) for finding in row.findings]
    recheck = _recheck(rules, row.done_on, findings)
    return OutcomeOut(
        id=row.id or 0,
        visit=row.visit_key,
        inspectee_id=row.inspectee_id,
        office_id=row.office_id,
        done_on=row.done_on,
        opinion_letter_due_on=row.done_on + timedelta(days=rules.opinion_letter_days),
        findings=findings,
        recheck_from=recheck.first if recheck else None,
        recheck_by=recheck.last if recheck else None,
        recorded_at=row.recorded_at,
    )


def _recheck(rules: RuleSettings, done_on: date, findings: list[FindingOut]) -> DateRange | None:
    """The days of the first recheck: at once after an urgent finding, else after the last day of rectification."""
    if not findings:
        return None
    if any(finding.severity is Severity.URGENT for finding in findings):
        return DateRange(done_on + timedelta(days=1), done_on + timedelta(days=rules.urgent_recheck_days))
    last = max(finding.rectify_by for finding in findings)
    most = max(rules.recheck_from_days, rules.recheck_within_days)
    return DateRange(last + timedelta(days=rules.recheck_from_days), last + timedelta(days=most))
