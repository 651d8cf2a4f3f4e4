"""Inspected inspectees, areas and evaluation methods over HTTP."""

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
from app.core.rows import id_of
from app.inspectees import area_people, areas, queries, service
from app.inspectees.schemas import (
    AllotmentOut,
    AllotmentRequest,
    AreaCreate,
    AreaMemberCreate,
    AreaMemberOut,
    AreaMemberQuery,
    AreaOut,
    AreaPatch,
    AreaQuery,
    ClosureCreate,
    ClosureOut,
    ClosurePatch,
    EvaluationMethodCreate,
    EvaluationMethodOut,
    EvaluationMethodPatch,
    EvaluationMethodQuery,
    InspecteeCreate,
    InspecteeDetail,
    InspecteeOut,
    InspecteePatch,
    InspecteeQuery,
    PastInspectionCreate,
    PastInspectionOut,
    PastInspectionPatch,
    RecordQuery,
)
from app.models import Inspector

router = APIRouter(route_class=NounRoute, tags=["inspectees"])


@router.get("/inspectees", summary="被督导单位列表 (list inspectees)", responses=READ_ERRORS)
def list_inspectees(
    query: Annotated[InspecteeQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[InspecteeOut]:
    """按编号排列；旗县区只见本旗县区的单位。"""
    require(user, Noun.INSPECTEE, Act.READ)
    return paginate(session, queries.listed(user, query), query, InspecteeOut.model_validate)


@router.post("/inspectees", status_code=201, summary="新增被督导单位 (create an inspectee)", responses=CHANGE_ERRORS)
def create_inspectee(body: InspecteeCreate, ledger: LedgerDep) -> InspecteeOut:
    """未注明负责机构时，按类别由设置确定。"""
    return InspecteeOut.model_validate(service.create(ledger, body))


@router.get("/inspectees/{inspectee_id}", summary="查看被督导单位 (get an inspectee)", responses=READ_ERRORS)
def get_inspectee(inspectee_id: PathId, session: SessionDep, user: CurrentUser) -> InspecteeDetail:
    """附停课和既往督导。"""
    return service.describe(session, queries.get(session, user, inspectee_id))


@router.patch("/inspectees/{inspectee_id}", summary="更改被督导单位 (change an inspectee)", responses=CHANGE_ERRORS)
def change_inspectee(inspectee_id: PathId, body: InspecteePatch, ledger: LedgerDep) -> InspecteeOut:
    """只更改列出的项。"""
    return InspecteeOut.model_validate(service.change(ledger, inspectee_id, body))


@router.post("/inspectees/{inspectee_id}/end", summary="单位停办 (end an inspectee)", responses=CHANGE_ERRORS)
def end_inspectee(inspectee_id: PathId, body: End, ledger: LedgerDep) -> InspecteeOut:
    """自该日起停办；记录保留。"""
    return InspecteeOut.model_validate(service.end(ledger, inspectee_id, body))


@router.get("/inspectees/{inspectee_id}/closures", summary="停课列表 (list)", responses=READ_ERRORS)
def list_closures(
    inspectee_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[ClosureOut]:
    """按开始日期排列。"""
    inspectee = queries.get(session, user, inspectee_id)
    return paginate(session, queries.closures_listed(inspectee, query), query, ClosureOut.model_validate)


@router.post(
    "/inspectees/{inspectee_id}/closures", status_code=201, summary="新增停课 (create)", responses=CHANGE_ERRORS
)
def add_closure(inspectee_id: PathId, body: ClosureCreate, ledger: LedgerDep) -> ClosureOut:
    """同一单位的记录不能重复。"""
    return ClosureOut.model_validate(service.add_closure(ledger, inspectee_id, body))


@router.get("/inspectees/{inspectee_id}/closures/{closure_id}", summary="查看停课 (get)", responses=READ_ERRORS)
def get_closure(inspectee_id: PathId, closure_id: PathId, session: SessionDep, user: CurrentUser) -> ClosureOut:
    """一条停课记录。"""
    inspectee = queries.get(session, user, inspectee_id)
    return ClosureOut.model_validate(queries.get_closure(session, inspectee, closure_id))


@router.patch("/inspectees/{inspectee_id}/closures/{closure_id}", summary="更改停课 (change)", responses=CHANGE_ERRORS)
def change_closure(inspectee_id: PathId, closure_id: PathId, body: ClosurePatch, ledger: LedgerDep) -> ClosureOut:
    """只更改列出的项。"""
    return ClosureOut.model_validate(service.change_closure(ledger, inspectee_id, closure_id, body))


@router.delete(
    "/inspectees/{inspectee_id}/closures/{closure_id}",
    status_code=204,
    summary="删除停课 (delete)",
    responses=CHANGE_ERRORS,
)
def remove_closure(inspectee_id: PathId, closure_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_closure(ledger, inspectee_id, closure_id)


@router.get("/inspectees/{inspectee_id}/past-inspections", summary="既往督导列表 (list)", responses=READ_ERRORS)
def list_past_inspections(
    inspectee_id: PathId, query: Annotated[RecordQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[PastInspectionOut]:
    """按开始日期排列。"""
    inspectee = queries.get(session, user, inspectee_id)
    return paginate(session, queries.past_inspections_listed(inspectee, query), query, PastInspectionOut.model_validate)


@router.post(
    "/inspectees/{inspectee_id}/past-inspections",
    status_code=201,
    summary="新增既往督导 (create)",
    responses=CHANGE_ERRORS,
)
def add_past_inspection(inspectee_id: PathId, body: PastInspectionCreate, ledger: LedgerDep) -> PastInspectionOut:
    """同一单位的记录不能重复。"""
    return PastInspectionOut.model_validate(service.add_past_inspection(ledger, inspectee_id, body))


@router.get(
    "/inspectees/{inspectee_id}/past-inspections/{past_id}", summary="查看既往督导 (get)", responses=READ_ERRORS
)
def get_past_inspection(
    inspectee_id: PathId, past_id: PathId, session: SessionDep, user: CurrentUser
) -> PastInspectionOut:
    """一条既往督导记录。"""
    inspectee = queries.get(session, user, inspectee_id)
    return PastInspectionOut.model_validate(queries.get_past_inspection(session, inspectee, past_id))


@router.patch(
    "/inspectees/{inspectee_id}/past-inspections/{past_id}", summary="更改既往督导 (change)", responses=CHANGE_ERRORS
)
def change_past_inspection(
    inspectee_id: PathId, past_id: PathId, body: PastInspectionPatch, ledger: LedgerDep
) -> PastInspectionOut:
    """只更改列出的项。"""
    return PastInspectionOut.model_validate(service.change_past_inspection(ledger, inspectee_id, past_id, body))


@router.delete(
    "/inspectees/{inspectee_id}/past-inspections/{past_id}",
    status_code=204,
    summary="删除既往督导 (delete)",
    responses=CHANGE_ERRORS,
)
def remove_past_inspection(inspectee_id: PathId, past_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_past_inspection(ledger, inspectee_id, past_id)


@router.get("/areas", summary="督学责任区列表 (list)", responses=READ_ERRORS)
def list_areas(query: Annotated[AreaQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[AreaOut]:
    """督学责任区列表。"""
    require(user, Noun.AREA, Act.READ)
    return paginate(session, queries.areas_listed(user, query), query, AreaOut.model_validate)


@router.post("/areas", status_code=201, summary="新增督学责任区 (create)", responses=CHANGE_ERRORS)
def create_area(body: AreaCreate, ledger: LedgerDep) -> AreaOut:
    """责任区不跨旗县区。"""
    return AreaOut.model_validate(areas.create_area(ledger, body))


@router.get("/areas/{area_id}", summary="查看督学责任区 (get)", responses=READ_ERRORS)
def get_area(area_id: PathId, session: SessionDep, user: CurrentUser) -> AreaOut:
    """一条督学责任区记录。"""
    return AreaOut.model_validate(queries.get_area(session, user, area_id))


@router.patch("/areas/{area_id}", summary="更改督学责任区 (change)", responses=CHANGE_ERRORS)
def change_area(area_id: PathId, body: AreaPatch, ledger: LedgerDep) -> AreaOut:
    """只更改列出的项。"""
    return AreaOut.model_validate(areas.change_area(ledger, area_id, body))


@router.delete("/areas/{area_id}", status_code=204, summary="删除督学责任区 (delete)", responses=CHANGE_ERRORS)
def remove_area(area_id: PathId, ledger: LedgerDep) -> None:
    """仅限没有任何记录引用的。"""
    areas.remove_area(ledger, area_id)


@router.post("/areas/allot", summary="分配责任督学 (draw responsible inspectors)", responses=CHANGE_ERRORS)
def allot_inspectees(body: AllotmentRequest, ledger: LedgerDep) -> AllotmentOut:
    """按各人每月可用半天的比例，在每个责任区内为本机构的单位重新确定责任督学；须回避的不分。同样的名册得出同样的结果。"""
    return area_people.draw_responsible(ledger, body)


@router.get("/areas/{area_id}/inspectors", summary="责任区的督学 (list)", responses=READ_ERRORS)
def list_area_inspectors(
    area_id: PathId, query: Annotated[AreaMemberQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[AreaMemberOut]:
    """按编号排列。"""
    area = queries.get_area(session, user, area_id)
    return paginate(session, queries.area_members(id_of(area)), query, _member)


@router.post("/areas/{area_id}/inspectors", status_code=201, summary="督学列入责任区 (add)", responses=CHANGE_ERRORS)
def add_area_inspector(area_id: PathId, body: AreaMemberCreate, ledger: LedgerDep) -> AreaMemberOut:
    """只列入本机构的督学；一人可在几个责任区。"""
    return _member(area_people.add_member(ledger, area_id, body))


@router.delete(
    "/areas/{area_id}/inspectors/{inspector_id}",
    status_code=204,
    summary="督学退出责任区 (remove)",
    responses=CHANGE_ERRORS,
)
def remove_area_inspector(area_id: PathId, inspector_id: PathId, ledger: LedgerDep) -> None:
    """所负责的单位不变，需要时重新分配。"""
    area_people.remove_member(ledger, area_id, inspector_id)


def _member(person: Inspector) -> AreaMemberOut:
    return AreaMemberOut(
        inspector_id=id_of(person),
        name=person.name,
        office_id=person.office_id,
        half_days_per_month=person.half_days_per_month,
    )


@router.get("/evaluation-methods", summary="评估办法列表 (list)", responses=READ_ERRORS)
def list_evaluation_methods(
    query: Annotated[EvaluationMethodQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[EvaluationMethodOut]:
    """评估办法列表。"""
    require(user, Noun.EVALUATION_METHOD, Act.READ)
    return paginate(session, queries.methods_listed(user, query), query, EvaluationMethodOut.model_validate)


@router.post("/evaluation-methods", status_code=201, summary="新增评估办法 (create)", responses=CHANGE_ERRORS)
def create_evaluation_method(body: EvaluationMethodCreate, ledger: LedgerDep) -> EvaluationMethodOut:
    """每一版本单独登记。"""
    return EvaluationMethodOut.model_validate(areas.create_method(ledger, body))


@router.get("/evaluation-methods/{method_id}", summary="查看评估办法 (get)", responses=READ_ERRORS)
def get_evaluation_method(method_id: PathId, session: SessionDep, user: CurrentUser) -> EvaluationMethodOut:
    """一条评估办法记录。"""
    return EvaluationMethodOut.model_validate(queries.get_method(session, user, method_id))


@router.patch("/evaluation-methods/{method_id}", summary="更改评估办法 (change)", responses=CHANGE_ERRORS)
def change_evaluation_method(method_id: PathId, body: EvaluationMethodPatch, ledger: LedgerDep) -> EvaluationMethodOut:
    """只更改列出的项。"""
    return EvaluationMethodOut.model_validate(areas.change_method(ledger, method_id, body))


@router.delete(
    "/evaluation-methods/{method_id}", status_code=204, summary="删除评估办法 (delete)", responses=CHANGE_ERRORS
)
def remove_evaluation_method(method_id: PathId, ledger: LedgerDep) -> None:
    """仅限没有任何记录引用的。"""
    areas.remove_method(ledger, method_id)
