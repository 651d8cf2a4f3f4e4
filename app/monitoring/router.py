"""Monitoring samples and offices' duties over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page, paginate
from app.monitoring import queries, service
from app.monitoring.schemas import (
    OfficeDutyCreate,
    OfficeDutyOut,
    OfficeDutyPatch,
    OfficeDutyQuery,
    SampleCreate,
    SampleOut,
    SamplePatch,
    SampleQuery,
)

router = APIRouter(route_class=NounRoute, tags=["monitoring"])


@router.get("/monitoring-samples", summary="质量监测样本列表 (list samples)", responses=READ_ERRORS)
def list_samples(query: Annotated[SampleQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[SampleOut]:
    """样本学校在监测日不接受任何督导。"""
    require(user, Noun.MONITORING, Act.READ)
    return paginate(session, queries.listed_samples(user, query), query, SampleOut.model_validate)


@router.post("/monitoring-samples", status_code=201, summary="登记质量监测样本 (create)", responses=CHANGE_ERRORS)
def create_sample(body: SampleCreate, ledger: LedgerDep) -> SampleOut:
    """日期、样本学校和出处。"""
    return SampleOut.model_validate(service.create_sample(ledger, body))


@router.get("/monitoring-samples/{sample_id}", summary="查看质量监测样本 (get)", responses=READ_ERRORS)
def get_sample(sample_id: PathId, session: SessionDep, user: CurrentUser) -> SampleOut:
    """一次监测的样本。"""
    return SampleOut.model_validate(queries.get_sample(session, user, sample_id))


@router.patch("/monitoring-samples/{sample_id}", summary="更改质量监测样本 (change)", responses=CHANGE_ERRORS)
def change_sample(sample_id: PathId, body: SamplePatch, ledger: LedgerDep) -> SampleOut:
    """只更改列出的项。"""
    return SampleOut.model_validate(service.change_sample(ledger, sample_id, body))


@router.delete(
    "/monitoring-samples/{sample_id}", status_code=204, summary="删除质量监测样本 (delete)", responses=CHANGE_ERRORS
)
def remove_sample(sample_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_sample(ledger, sample_id)


@router.get("/office-duties", summary="机构事务日列表 (list office duties)", responses=READ_ERRORS)
def list_duties(
    query: Annotated[OfficeDutyQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[OfficeDutyOut]:
    """机构负责人（或全体人员）另有任务、不能参加督导的日子，如迎接自治区督查的一周。"""
    require(user, Noun.OFFICE_DUTY, Act.READ)
    return paginate(session, queries.listed_duties(user, query), query, OfficeDutyOut.model_validate)


@router.post("/office-duties", status_code=201, summary="登记机构事务日 (create)", responses=CHANGE_ERRORS)
def create_duty(body: OfficeDutyCreate, ledger: LedgerDep) -> OfficeDutyOut:
    """chiefs_only 为真时只占用总督学、副总督学。"""
    return OfficeDutyOut.model_validate(service.create_duty(ledger, body))


@router.get("/office-duties/{duty_id}", summary="查看机构事务日 (get)", responses=READ_ERRORS)
def get_duty(duty_id: PathId, session: SessionDep, user: CurrentUser) -> OfficeDutyOut:
    """一段机构事务日。"""
    return OfficeDutyOut.model_validate(queries.get_duty(session, user, duty_id))


@router.patch("/office-duties/{duty_id}", summary="更改机构事务日 (change)", responses=CHANGE_ERRORS)
def change_duty(duty_id: PathId, body: OfficeDutyPatch, ledger: LedgerDep) -> OfficeDutyOut:
    """只更改列出的项。"""
    return OfficeDutyOut.model_validate(service.change_duty(ledger, duty_id, body))


@router.delete("/office-duties/{duty_id}", status_code=204, summary="删除机构事务日 (delete)", responses=CHANGE_ERRORS)
def remove_duty(duty_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_duty(ledger, duty_id)
