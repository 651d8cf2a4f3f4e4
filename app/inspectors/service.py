"""What may be done with people, and its rules; what is kept about them is in ``records.py``."""

from __future__ import annotations

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Noun, require_change
from app.accounts.settings import load_rules
from app.core.errors import Conflict, Refused
from app.core.fields import End
from app.core.rows import referred
from app.inspectors import queries
from app.inspectors.schemas import (
    AbsenceOut,
    AppointmentOut,
    EmploymentOut,
    InspectorCreate,
    InspectorDetail,
    InspectorOut,
    InspectorPatch,
    RecusalOut,
    TrainingOut,
)
from app.inspectors.terms import require_lawful_terms
from app.models import Absence, Appointment, Employment, Inspector, Office, PersonKind, Rank, Recusal, Training


def create(ledger: Ledger, wanted: InspectorCreate) -> Inspector:
    """Add a person to an office."""
    _require_office(ledger, wanted.office_id)
    _require_free_code(ledger.session, wanted.code, None)
    _require_fitting_rank(wanted.kind, wanted.rank)
    return ledger.add(Inspector(**wanted.model_dump()))


def change(ledger: Ledger, inspector_id: int, patch: InspectorPatch) -> Inspector:
    """Change a person; who moves to another office is changed by somebody who may change both offices' people."""
    inspector = changeable(ledger, inspector_id)
    changes = patch.changes()
    if "office_id" in changes:
        _require_office(ledger, changes["office_id"])
    if "code" in changes:
        _require_free_code(ledger.session, changes["code"], inspector.id)
    kind = changes.get("kind", inspector.kind)
    _require_fitting_rank(kind, changes.get("rank", inspector.rank))
    if kind is not inspector.kind:
        terms = ledger.session.exec(queries.records(Appointment, inspector)).all()
        require_lawful_terms(
            inspector.name,
            kind,
            [(each.number, each.first_on, each.last_on) for each in terms],
            load_rules(ledger.session),
        )
    return ledger.change(inspector, changes)


def end(ledger: Ledger, inspector_id: int, wanted: End) -> Inspector:
    """Somebody leaves; the person and their history are kept."""
    inspector = changeable(ledger, inspector_id)
    if inspector.ended_on is not None:
        raise Conflict(
            "already_ended", f"“{inspector.name}”已于 {inspector.ended_on} 离任。", {"ended_on": inspector.ended_on}
        )
    return ledger.change(inspector, {"ended_on": wanted.on}, action="end", reason=wanted.reason)


def describe(session: Session, inspector: Inspector) -> InspectorDetail:
    """A person with all that is kept about them: five queries."""
    return InspectorDetail(
        **InspectorOut.model_validate(inspector).model_dump(),
        appointments=[
            AppointmentOut.model_validate(row) for row in session.exec(queries.records(Appointment, inspector))
        ],
        trainings=[TrainingOut.model_validate(row) for row in session.exec(queries.records(Training, inspector))],
        employments=[EmploymentOut.model_validate(row) for row in session.exec(queries.records(Employment, inspector))],
        absences=[AbsenceOut.model_validate(row) for row in session.exec(queries.records(Absence, inspector))],
        recusals=[RecusalOut.model_validate(row) for row in session.exec(queries.records(Recusal, inspector))],
    )


def changeable(ledger: Ledger, inspector_id: int, noun: Noun = Noun.INSPECTOR) -> Inspector:
    """A person whom, or whose absences or recusals, the user may change; locked until the transaction ends."""
    inspector = queries.get(ledger.session, ledger.asker, inspector_id, noun)
    require_change(ledger.asker, noun, office_id=inspector.office_id, inspector_id=inspector.id)
    queries.lock(ledger.session, inspector)
    return inspector


def _require_office(ledger: Ledger, office_id: int) -> None:
    office = referred(ledger.session, Office, office_id, "office_id", "督导机构")
    require_change(ledger.asker, Noun.INSPECTOR, office_id=office_id)
    if office.ended_on is not None:
        raise Refused(
            "office_ended",
            f"“{office.name}”已于 {office.ended_on} 撤销，不能再增加人员。请选择现有机构。",
            {"office_id": office_id, "ended_on": office.ended_on},
        )


def _require_free_code(session: Session, code: str, besides: int | None) -> None:
    bearer = queries.by_code(session, code)
    if bearer is not None and bearer.id != besides:
        raise Conflict("code_taken", f"人员编号“{code}”已被使用。请换一个编号。", {"code": code})


def _require_fitting_rank(kind: PersonKind, rank: Rank) -> None:
    if not kind.is_inspector and rank is not Rank.MEMBER:
        raise Refused(
            "rank_of_non_inspector",
            "专家和部门人员不是督学，不能任总督学、副总督学或组长。请把“职级”（rank）设为一般成员（member）。",
            {"kind": kind.value, "rank": rank.value},
        )
