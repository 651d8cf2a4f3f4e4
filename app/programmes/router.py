"""Programmes, rounds, validation targets, external stages and burden rules over HTTP."""

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
from app.programmes import queries, service, targets
from app.programmes.schemas import (
    BurdenCreate,
    BurdenOut,
    BurdenPatch,
    BurdenQuery,
    ProgrammeCreate,
    ProgrammeOut,
    ProgrammePatch,
    ProgrammeQuery,
    RoundCreate,
    RoundOut,
    RoundPatch,
    RoundQuery,
    StageCreate,
    StageOut,
    StagePatch,
    TargetCreate,
    TargetOut,
    TargetPatch,
    TargetQuery,
)

router = APIRouter(route_class=NounRoute, tags=["programmes"])


@router.get("/programmes", summary="督导项目列表 (list programmes)", responses=READ_ERRORS)
def list_programmes(
    query: Annotated[ProgrammeQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[ProgrammeOut]:
    """按代码和版本排列。"""
    return service.list_programmes(session, user, query)


@router.post("/programmes", status_code=201, summary="新增督导项目 (create a programme)", responses=CHANGE_ERRORS)
def create_programme(body: ProgrammeCreate, ledger: LedgerDep) -> ProgrammeOut:
    """代码不得与现有项目相同。"""
    return service.describe_programmes(ledger.session, [service.create_programme(ledger, body)])[0]


@router.get("/programmes/{programme_id}", summary="查看督导项目 (get a programme)", responses=READ_ERRORS)
def get_programme(programme_id: PathId, session: SessionDep, user: CurrentUser) -> ProgrammeOut:
    """督导项目的一个版本。"""
    require(user, Noun.PROGRAMME, Act.READ)
    return service.describe_programmes(session, [queries.get_programme(session, user, programme_id)])[0]


@router.patch("/programmes/{programme_id}", summary="更改督导项目 (change a programme)", responses=CHANGE_ERRORS)
def change_programme(programme_id: PathId, body: ProgrammePatch, ledger: LedgerDep) -> ProgrammeOut:
    """已用于编制日程的版本不改动，而是另立新版本，返回的编号随之不同。"""
    return service.describe_programmes(ledger.session, [service.change_programme(ledger, programme_id, body)])[0]


@router.post("/programmes/{programme_id}/end", summary="终止督导项目 (end a programme)", responses=CHANGE_ERRORS)
def end_programme(programme_id: PathId, body: End, ledger: LedgerDep) -> ProgrammeOut:
    """施行到该日为止。"""
    return service.describe_programmes(ledger.session, [service.end_programme(ledger, programme_id, body)])[0]


@router.get("/rounds", summary="督导轮次列表 (list rounds)", responses=READ_ERRORS)
def list_rounds(query: Annotated[RoundQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[RoundOut]:
    """按起始日排列。"""
    require(user, Noun.ROUND, Act.READ)
    return paginate(session, queries.listed_rounds(user, query), query, RoundOut.model_validate)


@router.post("/rounds", status_code=201, summary="新增督导轮次 (create a round)", responses=CHANGE_ERRORS)
def create_round(body: RoundCreate, ledger: LedgerDep) -> RoundOut:
    """同类轮次的日期不得重叠。"""
    return RoundOut.model_validate(service.create_round(ledger, body))


@router.get("/rounds/{round_id}", summary="查看督导轮次 (get a round)", responses=READ_ERRORS)
def get_round(round_id: PathId, session: SessionDep, user: CurrentUser) -> RoundOut:
    """一个督导轮次。"""
    require(user, Noun.ROUND, Act.READ)
    return RoundOut.model_validate(queries.get_round(session, user, round_id))


@router.patch("/rounds/{round_id}", summary="更改督导轮次 (change a round)", responses=CHANGE_ERRORS)
def change_round(round_id: PathId, body: RoundPatch, ledger: LedgerDep) -> RoundOut:
    """只更改列出的项。"""
    return RoundOut.model_validate(service.change_round(ledger, round_id, body))


@router.post("/rounds/{round_id}/end", summary="提前结束轮次 (end a round)", responses=CHANGE_ERRORS)
def end_round(round_id: PathId, body: End, ledger: LedgerDep) -> RoundOut:
    """该日以后不再按此轮次安排。"""
    return RoundOut.model_validate(service.end_round(ledger, round_id, body))


@router.get("/validation-targets", summary="验收目标列表 (list validation targets)", responses=READ_ERRORS)
def list_targets(query: Annotated[TargetQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[TargetOut]:
    """按目标年份排列，附外部环节与督导链。"""
    return targets.list_targets(session, user, query)


@router.post("/validation-targets", status_code=201, summary="新增验收目标 (create a target)", responses=CHANGE_ERRORS)
def create_target(body: TargetCreate, ledger: LedgerDep) -> TargetOut:
    """以旗县区、认定种类和年份为准，不得重复。"""
    return targets.describe_targets(ledger.session, [targets.create_target(ledger, body)])[0]


@router.get("/validation-targets/{target_id}", summary="查看验收目标 (get a target)", responses=READ_ERRORS)
def get_target(target_id: PathId, session: SessionDep, user: CurrentUser) -> TargetOut:
    """一个验收目标，附外部环节与督导链。"""
    require(user, Noun.TARGET, Act.READ)
    return targets.describe_targets(session, [queries.get_target(session, user, target_id)])[0]


@router.patch("/validation-targets/{target_id}", summary="更改验收目标 (change a target)", responses=CHANGE_ERRORS)
def change_target(target_id: PathId, body: TargetPatch, ledger: LedgerDep) -> TargetOut:
    """更改目标年份时，启动与复核（初核）的年份随之移动。"""
    return targets.describe_targets(ledger.session, [targets.change_target(ledger, target_id, body)])[0]


@router.post("/validation-targets/{target_id}/end", summary="撤回验收目标 (withdraw a target)", responses=CHANGE_ERRORS)
def end_target(target_id: PathId, body: End, ledger: LedgerDep) -> TargetOut:
    """撤回后不再安排其督导链。"""
    return targets.describe_targets(ledger.session, [targets.end_target(ledger, target_id, body)])[0]


@router.post(
    "/validation-targets/{target_id}/stages",
    status_code=201,
    summary="登记外部环节 (add an external stage)",
    responses=CHANGE_ERRORS,
)
def add_stage(target_id: PathId, body: StageCreate, ledger: LedgerDep) -> StageOut:
    """自治区评估或国家验收的日期及抽样学校；这些日子不安排督导。"""
    return StageOut.model_validate(targets.add_stage(ledger, target_id, body))


@router.get(
    "/validation-targets/{target_id}/stages/{stage_id}",
    summary="查看外部环节 (get an external stage)",
    responses=READ_ERRORS,
)
def get_stage(target_id: PathId, stage_id: PathId, session: SessionDep, user: CurrentUser) -> StageOut:
    """一个外部环节。"""
    require(user, Noun.TARGET, Act.READ)
    return StageOut.model_validate(queries.get_stage(session, user, target_id, stage_id))


@router.patch(
    "/validation-targets/{target_id}/stages/{stage_id}",
    summary="更改外部环节 (change an external stage)",
    responses=CHANGE_ERRORS,
)
def change_stage(target_id: PathId, stage_id: PathId, body: StagePatch, ledger: LedgerDep) -> StageOut:
    """只更改列出的项。"""
    return StageOut.model_validate(targets.change_stage(ledger, target_id, stage_id, body))


@router.delete(
    "/validation-targets/{target_id}/stages/{stage_id}",
    status_code=204,
    summary="删除外部环节 (delete an external stage)",
    responses=CHANGE_ERRORS,
)
def remove_stage(target_id: PathId, stage_id: PathId, ledger: LedgerDep) -> None:
    """仅用于登记有误或已取消的环节。"""
    targets.remove_stage(ledger, target_id, stage_id)


@router.get("/burden-rules", summary="减负规定列表 (list burden rules)", responses=READ_ERRORS)
def list_burden_rules(
    query: Annotated[BurdenQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[BurdenOut]:
    """每校每年综合督导不超过几项，依据何在，自何日起。"""
    require(user, Noun.PROGRAMME, Act.READ)
    return paginate(session, queries.listed_burden(user, query), query, BurdenOut.model_validate)


@router.post("/burden-rules", status_code=201, summary="新增减负规定 (create a burden rule)", responses=CHANGE_ERRORS)
def create_burden_rule(body: BurdenCreate, ledger: LedgerDep) -> BurdenOut:
    """各条规定的日期不得重叠。"""
    return BurdenOut.model_validate(targets.create_burden(ledger, body))


@router.get("/burden-rules/{rule_id}", summary="查看减负规定 (get a burden rule)", responses=READ_ERRORS)
def get_burden_rule(rule_id: PathId, session: SessionDep, user: CurrentUser) -> BurdenOut:
    """一条减负规定。"""
    require(user, Noun.PROGRAMME, Act.READ)
    return BurdenOut.model_validate(queries.get_burden(session, user, rule_id))


@router.patch("/burden-rules/{rule_id}", summary="更改减负规定 (change a burden rule)", responses=CHANGE_ERRORS)
def change_burden_rule(rule_id: PathId, body: BurdenPatch, ledger: LedgerDep) -> BurdenOut:
    """只更改列出的项。"""
    return BurdenOut.model_validate(targets.change_burden(ledger, rule_id, body))


@router.post("/burden-rules/{rule_id}/end", summary="终止减负规定 (end a burden rule)", responses=CHANGE_ERRORS)
def end_burden_rule(rule_id: PathId, body: End, ledger: LedgerDep) -> BurdenOut:
    """有效到该日为止。"""
    return BurdenOut.model_validate(targets.end_burden(ledger, rule_id, body))
