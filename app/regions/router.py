"""Regions and offices over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import End, PathId
from app.core.paging import Page, paginate
from app.regions import queries, service
from app.regions.schemas import (
    CarsCreate,
    CarsOut,
    CarsPatch,
    OfficeCreate,
    OfficeOut,
    OfficePatch,
    OfficeQuery,
    RegionCreate,
    RegionOut,
    RegionPatch,
    RegionQuery,
)

router = APIRouter(route_class=NounRoute, tags=["regions"])


@router.get("/regions", summary="行政区划列表 (list regions)", responses=READ_ERRORS)
def list_regions(query: Annotated[RegionQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[RegionOut]:
    """按行政区划代码排列。"""
    require(user, Noun.REGION, Act.READ)
    return paginate(session, queries.listed_regions(user, query), query, RegionOut.model_validate)


@router.post("/regions", status_code=201, summary="新增行政区划 (create a region)", responses=CHANGE_ERRORS)
def create_region(body: RegionCreate, ledger: LedgerDep) -> RegionOut:
    """旗县区须注明所属盟市。"""
    return RegionOut.model_validate(service.create_region(ledger, body))


@router.get("/regions/{region_id}", summary="查看行政区划 (get a region)", responses=READ_ERRORS)
def get_region(region_id: PathId, session: SessionDep, user: CurrentUser) -> RegionOut:
    """一个行政区划。"""
    return RegionOut.model_validate(queries.get_region(session, user, region_id))


@router.patch("/regions/{region_id}", summary="更改行政区划 (change a region)", responses=CHANGE_ERRORS)
def change_region(region_id: PathId, body: RegionPatch, ledger: LedgerDep) -> RegionOut:
    """只更改列出的项。"""
    return RegionOut.model_validate(service.change_region(ledger, region_id, body))


@router.delete(
    "/regions/{region_id}", status_code=204, summary="删除行政区划 (delete a region)", responses=CHANGE_ERRORS
)
def remove_region(region_id: PathId, ledger: LedgerDep) -> None:
    """仅限没有任何记录引用的行政区划。"""
    service.remove_region(ledger, region_id)


@router.get("/offices", summary="督导机构列表 (list offices)", responses=READ_ERRORS)
def list_offices(query: Annotated[OfficeQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[OfficeOut]:
    """按行政区划代码排列，附车辆。"""
    return service.list_offices(session, user, query)


@router.post("/offices", status_code=201, summary="新增督导机构 (create an office)", responses=CHANGE_ERRORS)
def create_office(body: OfficeCreate, ledger: LedgerDep) -> OfficeOut:
    """每个盟市、旗县区一个。"""
    office = service.create_office(ledger, body)
    return service.describe_offices(ledger.session, [office])[0]


@router.get("/offices/{office_id}", summary="查看督导机构 (get an office)", responses=READ_ERRORS)
def get_office(office_id: PathId, session: SessionDep, user: CurrentUser) -> OfficeOut:
    """一个督导机构，附车辆。"""
    return service.describe_offices(session, [queries.get_office(session, user, office_id)])[0]


@router.patch("/offices/{office_id}", summary="更改督导机构 (change an office)", responses=CHANGE_ERRORS)
def change_office(office_id: PathId, body: OfficePatch, ledger: LedgerDep) -> OfficeOut:
    """只更改列出的项。"""
    office = service.change_office(ledger, office_id, body)
    return service.describe_offices(ledger.session, [office])[0]


@router.post("/offices/{office_id}/end", summary="撤销督导机构 (end an office)", responses=CHANGE_ERRORS)
def end_office(office_id: PathId, body: End, ledger: LedgerDep) -> OfficeOut:
    """自该日起撤销；记录保留。"""
    office = service.end_office(ledger, office_id, body)
    return service.describe_offices(ledger.session, [office])[0]


@router.post("/offices/{office_id}/cars", status_code=201, summary="登记车辆 (add cars)", responses=CHANGE_ERRORS)
def add_cars(office_id: PathId, body: CarsCreate, ledger: LedgerDep) -> CarsOut:
    """同一机构各条记录的日期不能重叠。"""
    return CarsOut.model_validate(service.add_cars(ledger, office_id, body))


@router.patch("/offices/{office_id}/cars/{cars_id}", summary="更改车辆 (change cars)", responses=CHANGE_ERRORS)
def change_cars(office_id: PathId, cars_id: PathId, body: CarsPatch, ledger: LedgerDep) -> CarsOut:
    """只更改列出的项。"""
    return CarsOut.model_validate(service.change_cars(ledger, office_id, cars_id, body))


@router.delete(
    "/offices/{office_id}/cars/{cars_id}",
    status_code=204,
    summary="删除车辆记录 (delete cars)",
    responses=CHANGE_ERRORS,
)
def remove_cars(office_id: PathId, cars_id: PathId, ledger: LedgerDep) -> None:
    """删除一条车辆记录。"""
    service.remove_cars(ledger, office_id, cars_id)
