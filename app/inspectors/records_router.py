"""What is kept about a person: absences, recusals, appointments, employments and trainings, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page, paginate
from app.inspectors import queries, records
from app.inspectors.schemas import (
    AbsenceCreate,
    AbsenceOut,
    AbsencePatch,
    AppointmentCreate,
    AppointmentOut,
    AppointmentPatch,
    EmploymentCreate,
    EmploymentOut,
    EmploymentPatch,
    RecordQuery,
    RecusalCreate,
    RecusalOut,
    RecusalPatch,
    TrainingCreate,
    TrainingOut,
    TrainingPatch,
)
from app.models import Absence, Appointment, Employment, Recusal, Training

router = APIRouter(route_class=NounRoute, prefix="/inspectors/{inspector_id}", tags=["inspectors"])


@router.get("/absences", summary="请假列表 (list absences)", responses=READ_ERRORS)
def list_absences(
    inspector_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[AbsenceOut]:
    """按开始日期排列。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Absence))
    return paginate(session, queries.records_listed(Absence, inspector, query), query, AbsenceOut.model_validate)


@router.post("/absences", status_code=201, summary="新增请假 (create)", responses=CHANGE_ERRORS)
def add_absence(inspector_id: PathId, body: AbsenceCreate, ledger: LedgerDep) -> AbsenceOut:
    """同一人的请假日期不能重叠。"""
    return AbsenceOut.model_validate(records.add_absence(ledger, inspector_id, body))


@router.get("/absences/{record_id}", summary="查看请假 (get)", responses=READ_ERRORS)
def get_absence(inspector_id: PathId, record_id: PathId, session: SessionDep, user: CurrentUser) -> AbsenceOut:
    """一条请假记录。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Absence))
    return AbsenceOut.model_validate(queries.get_record(session, Absence, inspector, record_id))


@router.patch("/absences/{record_id}", summary="更改请假 (change)", responses=CHANGE_ERRORS)
def change_absence(inspector_id: PathId, record_id: PathId, body: AbsencePatch, ledger: LedgerDep) -> AbsenceOut:
    """只更改列出的项。"""
    return AbsenceOut.model_validate(records.change_absence(ledger, inspector_id, record_id, body))


@router.delete("/absences/{record_id}", status_code=204, summary="删除请假 (delete)", responses=CHANGE_ERRORS)
def remove_absence(inspector_id: PathId, record_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    records.remove(ledger, Absence, inspector_id, record_id)


@router.get("/recusals", summary="回避列表 (list recusals)", responses=READ_ERRORS)
def list_recusals(
    inspector_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[RecusalOut]:
    """按开始日期排列。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Recusal))
    return paginate(session, queries.records_listed(Recusal, inspector, query), query, RecusalOut.model_validate)


@router.post("/recusals", status_code=201, summary="新增回避 (create)", responses=CHANGE_ERRORS)
def add_recusal(inspector_id: PathId, body: RecusalCreate, ledger: LedgerDep) -> RecusalOut:
    """注明单位或其负责人姓名。"""
    return RecusalOut.model_validate(records.add_recusal(ledger, inspector_id, body))


@router.get("/recusals/{record_id}", summary="查看回避 (get)", responses=READ_ERRORS)
def get_recusal(inspector_id: PathId, record_id: PathId, session: SessionDep, user: CurrentUser) -> RecusalOut:
    """一条回避记录。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Recusal))
    return RecusalOut.model_validate(queries.get_record(session, Recusal, inspector, record_id))


@router.patch("/recusals/{record_id}", summary="更改回避 (change)", responses=CHANGE_ERRORS)
def change_recusal(inspector_id: PathId, record_id: PathId, body: RecusalPatch, ledger: LedgerDep) -> RecusalOut:
    """只更改列出的项。"""
    return RecusalOut.model_validate(records.change_recusal(ledger, inspector_id, record_id, body))


@router.delete("/recusals/{record_id}", status_code=204, summary="删除回避 (delete)", responses=CHANGE_ERRORS)
def remove_recusal(inspector_id: PathId, record_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    records.remove(ledger, Recusal, inspector_id, record_id)


@router.get("/appointments", summary="聘任列表 (list appointments)", responses=READ_ERRORS)
def list_appointments(
    inspector_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[AppointmentOut]:
    """按开始日期排列。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Appointment))
    return paginate(
        session, queries.records_listed(Appointment, inspector, query), query, AppointmentOut.model_validate
    )


@router.post("/appointments", status_code=201, summary="新增聘任 (create)", responses=CHANGE_ERRORS)
def add_appointment(inspector_id: PathId, body: AppointmentCreate, ledger: LedgerDep) -> AppointmentOut:
    """兼职督学每个任期三年，任期数有上限；日期不能重叠。"""
    return AppointmentOut.model_validate(records.add_appointment(ledger, inspector_id, body))


@router.get("/appointments/{record_id}", summary="查看聘任 (get)", responses=READ_ERRORS)
def get_appointment(inspector_id: PathId, record_id: PathId, session: SessionDep, user: CurrentUser) -> AppointmentOut:
    """一条聘任记录。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Appointment))
    return AppointmentOut.model_validate(queries.get_record(session, Appointment, inspector, record_id))


@router.patch("/appointments/{record_id}", summary="更改聘任 (change)", responses=CHANGE_ERRORS)
def change_appointment(
    inspector_id: PathId, record_id: PathId, body: AppointmentPatch, ledger: LedgerDep
) -> AppointmentOut:
    """只更改列出的项。"""
    return AppointmentOut.model_validate(records.change_appointment(ledger, inspector_id, record_id, body))


@router.delete("/appointments/{record_id}", status_code=204, summary="删除聘任 (delete)", responses=CHANGE_ERRORS)
def remove_appointment(inspector_id: PathId, record_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    records.remove(ledger, Appointment, inspector_id, record_id)


@router.get("/employments", summary="任职经历列表 (list employments)", responses=READ_ERRORS)
def list_employments(
    inspector_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[EmploymentOut]:
    """按开始日期排列。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Employment))
    return paginate(session, queries.records_listed(Employment, inspector, query), query, EmploymentOut.model_validate)


@router.post("/employments", status_code=201, summary="新增任职经历 (create)", responses=CHANGE_ERRORS)
def add_employment(inspector_id: PathId, body: EmploymentCreate, ledger: LedgerDep) -> EmploymentOut:
    """近几年工作过的单位自动回避。"""
    return EmploymentOut.model_validate(records.add_employment(ledger, inspector_id, body))


@router.get("/employments/{record_id}", summary="查看任职经历 (get)", responses=READ_ERRORS)
def get_employment(inspector_id: PathId, record_id: PathId, session: SessionDep, user: CurrentUser) -> EmploymentOut:
    """一条任职经历记录。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Employment))
    return EmploymentOut.model_validate(queries.get_record(session, Employment, inspector, record_id))


@router.patch("/employments/{record_id}", summary="更改任职经历 (change)", responses=CHANGE_ERRORS)
def change_employment(
    inspector_id: PathId, record_id: PathId, body: EmploymentPatch, ledger: LedgerDep
) -> EmploymentOut:
    """只更改列出的项。"""
    return EmploymentOut.model_validate(records.change_employment(ledger, inspector_id, record_id, body))


@router.delete("/employments/{record_id}", status_code=204, summary="删除任职经历 (delete)", responses=CHANGE_ERRORS)
def remove_employment(inspector_id: PathId, record_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    records.remove(ledger, Employment, inspector_id, record_id)


@router.get("/trainings", summary="培训列表 (list trainings)", responses=READ_ERRORS)
def list_trainings(
    inspector_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[TrainingOut]:
    """按开始日期排列。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Training))
    return paginate(session, queries.records_listed(Training, inspector, query), query, TrainingOut.model_validate)


@router.post("/trainings", status_code=201, summary="新增培训 (create)", responses=CHANGE_ERRORS)
def add_training(inspector_id: PathId, body: TrainingCreate, ledger: LedgerDep) -> TrainingOut:
    """首次岗前培训之后方可参加督导。"""
    return TrainingOut.model_validate(records.add_training(ledger, inspector_id, body))


@router.get("/trainings/{record_id}", summary="查看培训 (get)", responses=READ_ERRORS)
def get_training(inspector_id: PathId, record_id: PathId, session: SessionDep, user: CurrentUser) -> TrainingOut:
    """一条培训记录。"""
    inspector = queries.get(session, user, inspector_id, records.noun_of(Training))
    return TrainingOut.model_validate(queries.get_record(session, Training, inspector, record_id))


@router.patch("/trainings/{record_id}", summary="更改培训 (change)", responses=CHANGE_ERRORS)
def change_training(inspector_id: PathId, record_id: PathId, body: TrainingPatch, ledger: LedgerDep) -> TrainingOut:
    """只更改列出的项。"""
    return TrainingOut.model_validate(records.change_training(ledger, inspector_id, record_id, body))


@router.delete("/trainings/{record_id}", status_code=204, summary="删除培训 (delete)", responses=CHANGE_ERRORS)
def remove_training(inspector_id: PathId, record_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    records.remove(ledger, Training, inspector_id, record_id)
