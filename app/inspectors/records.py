"""What may be done with a person's absences, recusals, appointments, employments and trainings, and its rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.accounts.audit import Ledger
from app.accounts.rights import Noun
from app.accounts.settings import load_rules
from app.core.errors import Conflict, Refused
from app.core.fields import require_order
from app.core.rows import id_of, referred
from app.inspectors import queries
from app.inspectors.queries import RecordT
from app.inspectors.schemas import (
    AbsenceCreate,
    AbsencePatch,
    AppointmentCreate,
    AppointmentPatch,
    EmploymentCreate,
    EmploymentPatch,
    RecusalCreate,
    RecusalPatch,
    TrainingCreate,
    TrainingPatch,
)
from app.inspectors.service import changeable
from app.inspectors.terms import require_lawful_terms
from app.inspectors.words import POOL_STAGES, RECORDS
from app.models import (
    Absence,
    Appointment,
    Employment,
    Inspectee,
    Inspector,
    PoolStage,
    Recusal,
    Region,
    Training,
)

_NOUNS = {Absence: Noun.ABSENCE, Recusal: Noun.RECUSAL}
"""The records with rights of their own; the others follow the person's."""

_BEFORE_APPOINTMENT = (PoolStage.RECOMMENDED, PoolStage.CHECKED, PoolStage.PUBLICISED)


def noun_of(kind: type[RecordT]) -> Noun:
    """Whose rights decide over a kind of record."""
    return _NOUNS.get(kind, Noun.INSPECTOR)


def remove(ledger: Ledger, kind: type[RecordT], inspector_id: int, record_id: int) -> None:
    """Delete a record; its last state stays in the audit."""
    inspector, record = _changeable_record(ledger, kind, inspector_id, record_id)
    ledger.remove(record, f"“{inspector.name}”的{RECORDS[kind]}")


def add_absence(ledger: Ledger, inspector_id: int, wanted: AbsenceCreate) -> Absence:
    """Say that somebody is away; two absences of one person share no day."""
    inspector = changeable(ledger, inspector_id, Noun.ABSENCE)
    _require_free_days(ledger, inspector, (wanted.first_on, wanted.last_on), None)
    return ledger.add(Absence(inspector_id=inspector_id, **wanted.model_dump()))


def change_absence(ledger: Ledger, inspector_id: int, record_id: int, patch: AbsencePatch) -> Absence:
    """Change an absence."""
    inspector, absence = _changeable_record(ledger, Absence, inspector_id, record_id)
    changes = patch.changes()
    days = (changes.get("first_on", absence.first_on), changes.get("last_on", absence.last_on))
    _require_free_days(ledger, inspector, days, absence.id)
    return ledger.change(absence, changes)


def _require_free_days(ledger: Ledger, inspector: Inspector, days: tuple[date, date], besides: int | None) -> None:
    require_order(*days)
    for present in queries.overlapping(ledger.session, Absence, inspector, days, besides):
        raise Conflict(
            "absences_overlap",
            f"“{inspector.name}”在 {present.first_on} 至 {present.last_on} 已有请假，与 {days[0]} 至 {days[1]} 重叠。"
            "请更改已有的一条，或更正日期。",
            {"absence_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )


def add_recusal(ledger: Ledger, inspector_id: int, wanted: RecusalCreate) -> Recusal:
    """Keep somebody from an inspectee, or from whatever inspectee a person heads."""
    inspector = changeable(ledger, inspector_id, Noun.RECUSAL)
    _require_recusal(ledger, inspector, wanted.model_dump(), None)
    return ledger.add(Recusal(inspector_id=inspector_id, **wanted.model_dump()))


def change_recusal(ledger: Ledger, inspector_id: int, record_id: int, patch: RecusalPatch) -> Recusal:
    """Change a recusal."""
    inspector, recusal = _changeable_record(ledger, Recusal, inspector_id, record_id)
    _require_recusal(ledger, inspector, recusal.model_dump() | patch.changes(), recusal.id)
    return ledger.change(recusal, patch.changes())


def _require_recusal(ledger: Ledger, inspector: Inspector, fields: dict[str, Any], besides: int | None) -> None:
    inspectee_id, person = fields["inspectee_id"], fields["person_name"]
    require_order(fields["first_on"], fields["last_on"])
    if inspectee_id is None and person is None:
        raise Refused("recusal_subject", "请注明回避的“被督导单位”（inspectee_id）或其负责人姓名（person_name）。")
    if inspectee_id is not None:
        referred(ledger.session, Inspectee, inspectee_id, "inspectee_id", "被督导单位")
    days = (fields["first_on"], fields["last_on"])
    for present in queries.overlapping(ledger.session, Recusal, inspector, days, besides):
        if (present.inspectee_id, present.person_name) == (inspectee_id, person):
            raise Conflict(
                "recusal_exists",
                f"“{inspector.name}”在 {present.first_on} 至 {present.last_on or '另行通知'} 已有同样的回避记录。"
                "请更改已有的一条。",
                {"recusal_id": present.id},
            )


def add_appointment(ledger: Ledger, inspector_id: int, wanted: AppointmentCreate) -> Appointment:
    """Appoint somebody for a term; not past a way into office that was begun and must be gone to its end."""
    inspector = changeable(ledger, inspector_id)
    stage = queries.last_stage(ledger.session, inspector)
    if stage is not None and stage in _BEFORE_APPOINTMENT:
        raise Conflict(
            "pool_way_open",
            f"“{inspector.name}”的入库程序尚未到聘任一步（目前为“{POOL_STAGES[stage]}”）。请在入库程序中登记公示和聘任。",
            {"stage": stage},
        )
    return appoint(ledger, inspector, wanted)


def appoint(ledger: Ledger, inspector: Inspector, wanted: AppointmentCreate) -> Appointment:
    """Store a term of office; one without a number is the next."""
    present = ledger.session.exec(queries.records(Appointment, inspector)).all()
    number = wanted.number or max((each.number for each in present), default=0) + 1
    appointment = Appointment(
        inspector_id=id_of(inspector), first_on=wanted.first_on, last_on=wanted.last_on, number=number
    )
    _require_lawful(ledger, inspector, appointment.model_dump(), None)
    return ledger.add(appointment)


def change_appointment(ledger: Ledger, inspector_id: int, record_id: int, patch: AppointmentPatch) -> Appointment:
    """Change a term of office."""
    inspector, appointment = _changeable_record(ledger, Appointment, inspector_id, record_id)
    _require_lawful(ledger, inspector, appointment.model_dump() | patch.changes(), appointment.id)
    return ledger.change(appointment, patch.changes())


def _require_lawful(ledger: Ledger, inspector: Inspector, fields: dict[str, Any], besides: int | None) -> None:
    require_order(fields["first_on"], fields["last_on"])
    others = [
        (each.number, each.first_on, each.last_on)
        for each in ledger.session.exec(queries.records(Appointment, inspector)).all()
        if each.id != besides
    ]
    terms = [*others, (fields["number"], fields["first_on"], fields["last_on"])]
    require_lawful_terms(inspector.name, inspector.kind, terms, load_rules(ledger.session))


def add_employment(ledger: Ledger, inspector_id: int, wanted: EmploymentCreate) -> Employment:
    """Say where somebody works or worked."""
    changeable(ledger, inspector_id)
    _require_employment(ledger, wanted.model_dump())
    return ledger.add(Employment(inspector_id=inspector_id, **wanted.model_dump()))


def change_employment(ledger: Ledger, inspector_id: int, record_id: int, patch: EmploymentPatch) -> Employment:
    """Change an employment."""
    _, employment = _changeable_record(ledger, Employment, inspector_id, record_id)
    _require_employment(ledger, employment.model_dump() | patch.changes())
    return ledger.change(employment, patch.changes())


def _require_employment(ledger: Ledger, fields: dict[str, Any]) -> None:
    require_order(fields["first_on"], fields["last_on"])
    if fields["inspectee_id"] is not None:
        referred(ledger.session, Inspectee, fields["inspectee_id"], "inspectee_id", "被督导单位")
    if fields["region_id"] is not None:
        referred(ledger.session, Region, fields["region_id"], "region_id", "行政区划")


def add_training(ledger: Ledger, inspector_id: int, wanted: TrainingCreate) -> Training:
    """Say that somebody was trained."""
    changeable(ledger, inspector_id)
    require_order(wanted.first_on, wanted.last_on)
    return ledger.add(Training(inspector_id=inspector_id, **wanted.model_dump()))


def change_training(ledger: Ledger, inspector_id: int, record_id: int, patch: TrainingPatch) -> Training:
    """Change a training."""
    _, training = _changeable_record(ledger, Training, inspector_id, record_id)
    changes = patch.changes()
    require_order(changes.get("first_on", training.first_on), changes.get("last_on", training.last_on))
    return ledger.change(training, changes)


def _changeable_record(
    ledger: Ledger, kind: type[RecordT], inspector_id: int, record_id: int
) -> tuple[Inspector, RecordT]:
    noun = noun_of(kind)
    inspector = queries.get(ledger.session, ledger.asker, inspector_id, noun)
    record = queries.get_record(ledger.session, kind, inspector, record_id)
    return changeable(ledger, inspector_id, noun), record
