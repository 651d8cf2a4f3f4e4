"""Costs, the budget and the aims over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.core.clock import ClockDep
from app.core.db import SessionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS
from app.core.fields import PathId
from app.core.paging import Page, paginate
from app.reports import aims, budget, burden, queries, service
from app.reports.schemas import (
    AimCreate,
    AimOut,
    AimPatch,
    AimQuery,
    BudgetFilter,
    BudgetLineOut,
    BudgetLineQuery,
    BudgetOut,
    BurdenTotalOut,
    BurdenTotalQuery,
    CostCreate,
    CostOut,
    CostPatch,
    CostQuery,
    RateCreate,
    RateOut,
    RatePatch,
    RateQuery,
)

router = APIRouter(route_class=NounRoute, tags=["reports"])


@router.get("/cost-rates", summary="费用标准列表 (list cost rates)", responses=READ_ERRORS)
def list_rates(query: Annotated[RateQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[RateOut]:
    """每公里差旅、每夜住宿、专家每半天劳务，单位为分，各有起止日期。"""
    require(user, Noun.COST_RATE, Act.READ)
    return paginate(session, queries.listed_rates(user, query), query, RateOut.model_validate)


@router.post("/cost-rates", status_code=201, summary="新增费用标准 (create a cost rate)", responses=CHANGE_ERRORS)
def create_rate(body: RateCreate, ledger: LedgerDep) -> RateOut:
    """同类标准的日期不能重叠。"""
    return RateOut.model_validate(service.create_rate(ledger, body))


@router.get("/cost-rates/{rate_id}", summary="查看费用标准 (get a cost rate)", responses=READ_ERRORS)
def get_rate(rate_id: PathId, session: SessionDep, user: CurrentUser) -> RateOut:
    """一条标准及其来源。"""
    return RateOut.model_validate(queries.get_rate(session, user, rate_id))


@router.patch("/cost-rates/{rate_id}", summary="更改费用标准 (change a cost rate)", responses=CHANGE_ERRORS)
def change_rate(rate_id: PathId, body: RatePatch, ledger: LedgerDep) -> RateOut:
    """只更改列出的项。"""
    return RateOut.model_validate(service.change_rate(ledger, rate_id, body))


@router.delete(
    "/cost-rates/{rate_id}", status_code=204, summary="删除费用标准 (delete a cost rate)", responses=CHANGE_ERRORS
)
def remove_rate(rate_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_rate(ledger, rate_id)


@router.get("/actual-costs", summary="实际支出列表 (list actual costs)", responses=READ_ERRORS)
def list_costs(query: Annotated[CostQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[CostOut]:
    """按支出日期，新的在前；金额单位为分。"""
    require(user, Noun.COST, Act.READ)
    return paginate(session, queries.listed_costs(user, query), query, CostOut.model_validate)


@router.post("/actual-costs", status_code=201, summary="登记实际支出 (record a cost)", responses=CHANGE_ERRORS)
def record_cost(body: CostCreate, ledger: LedgerDep) -> CostOut:
    """注明机构、项目、旗县区、日期、类别、金额和凭证号。"""
    return CostOut.model_validate(service.record_cost(ledger, body))


@router.get("/actual-costs/{cost_id}", summary="查看实际支出 (get an actual cost)", responses=READ_ERRORS)
def get_cost(cost_id: PathId, session: SessionDep, user: CurrentUser) -> CostOut:
    """一笔支出。"""
    return CostOut.model_validate(queries.get_cost(session, user, cost_id))


@router.patch("/actual-costs/{cost_id}", summary="更改实际支出 (change an actual cost)", responses=CHANGE_ERRORS)
def change_cost(cost_id: PathId, body: CostPatch, ledger: LedgerDep) -> CostOut:
    """只更改列出的项。"""
    return CostOut.model_validate(service.change_cost(ledger, cost_id, body))


@router.delete(
    "/actual-costs/{cost_id}", status_code=204, summary="删除实际支出 (delete an actual cost)", responses=CHANGE_ERRORS
)
def remove_cost(cost_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    service.remove_cost(ledger, cost_id)


@router.get("/budget", summary="经费：计划与实际 (planned against actual)", responses=READ_ERRORS)
def get_budget(query: Annotated[BudgetFilter, Query()], session: SessionDep, user: CurrentUser) -> BudgetOut:
    """现行安排或某个日程的计划经费与实际支出，分别按项目、旗县区、年份列出，每种分法之和均等于合计。"""
    return budget.report(session, user, query)


@router.get("/budget/lines", summary="经费明细 (lines of the budget)", responses=READ_ERRORS)
def list_budget_lines(
    query: Annotated[BudgetLineQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[BudgetLineOut]:
    """逐机构、项目、旗县区、年份。"""
    return budget.lines(session, user, query)


@router.get("/aims", summary="规划目标进展 (aims of the plan)", responses=READ_ERRORS)
def list_aims(
    query: Annotated[AimQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> Page[AimOut]:
    """普及普惠、优质均衡的旗县区比例，学校和政府督导的全覆盖；各附出处和截至某日的数字。"""
    return aims.list_aims(session, clock, user, query)


@router.post("/aims", status_code=201, summary="新增规划目标 (create an aim)", responses=CHANGE_ERRORS)
def create_aim(body: AimCreate, ledger: LedgerDep) -> AimOut:
    """注明比例、期限和出处。"""
    return aims.describe(ledger.session, [aims.create(ledger, body)], ledger.clock.today())[0]


@router.get("/aims/{aim_id}", summary="查看规划目标 (get an aim)", responses=READ_ERRORS)
def get_aim(aim_id: PathId, session: SessionDep, clock: ClockDep, user: CurrentUser) -> AimOut:
    """截至系统日期的进展。"""
    return aims.describe(session, [queries.get_aim(session, user, aim_id)], clock.today())[0]


@router.patch("/aims/{aim_id}", summary="更改规划目标 (change an aim)", responses=CHANGE_ERRORS)
def change_aim(aim_id: PathId, body: AimPatch, ledger: LedgerDep) -> AimOut:
    """只更改列出的项。"""
    return aims.describe(ledger.session, [aims.change(ledger, aim_id, body)], ledger.clock.today())[0]


@router.delete("/aims/{aim_id}", status_code=204, summary="删除规划目标 (delete an aim)", responses=CHANGE_ERRORS)
def remove_aim(aim_id: PathId, ledger: LedgerDep) -> None:
    """删除前的内容留在操作记录中。"""
    aims.remove(ledger, aim_id)


@router.get("/burden", summary="各校接受督导的次数 (visits a school receives)", responses=READ_ERRORS)
def list_burden(
    query: Annotated[BurdenTotalQuery, Query()], session: SessionDep, clock: ClockDep, user: CurrentUser
) -> Page[BurdenTotalOut]:
    """各级机构合计，按年和按学期，不含经常性督导；over 为真的超过设置的上限，不能发布。"""
    return burden.burden_totals(session, clock, user, query)
