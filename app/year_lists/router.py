"""Yearly lists and the rules that ask for them, over HTTP."""

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
from app.year_lists import queries, service
from app.year_lists.schemas import (
    ItemCreate,
    RuleCreate,
    RuleOut,
    RulePatch,
    RuleQuery,
    YearListCreate,
    YearListOut,
    YearListQuery,
)

router = APIRouter(route_class=NounRoute, tags=["year-lists"])


@router.get("/year-lists", summary="年度督导清单列表 (list year lists)", responses=READ_ERRORS)
def list_year_lists(
    query: Annotated[YearListQuery, Query()], session: SessionDep, user: CurrentUser
) -> Page[YearListOut]:
    """各机构各年可以实施的督导项目；年份新的在前。"""
    return service.list_all(session, user, query)


@router.post("/year-lists", status_code=201, summary="备案年度督导清单 (file a year list)", responses=CHANGE_ERRORS)
def file_year_list(body: YearListCreate, ledger: LedgerDep) -> YearListOut:
    """每个机构每年一份，备案日为系统日期；过截止日的项目须附批准文号。"""
    return service.describe(ledger.session, [service.file(ledger, body)])[0]


@router.get("/year-lists/{list_id}", summary="查看年度督导清单 (get a year list)", responses=READ_ERRORS)
def get_year_list(list_id: PathId, session: SessionDep, user: CurrentUser) -> YearListOut:
    """附各项目的列入日期和批准文号。"""
    return service.describe(session, [queries.get(session, user, list_id)])[0]


@router.post("/year-lists/{list_id}/items", status_code=201, summary="增列项目 (add an item)", responses=CHANGE_ERRORS)
def add_year_list_item(list_id: PathId, body: ItemCreate, ledger: LedgerDep) -> YearListOut:
    """备案截止日之后增列须附批准文号。"""
    return service.describe(ledger.session, [service.add_item(ledger, list_id, body)])[0]


@router.delete("/year-lists/{list_id}/items/{item_id}", summary="删去项目 (take an item off)", responses=CHANGE_ERRORS)
def remove_year_list_item(list_id: PathId, item_id: PathId, ledger: LedgerDep) -> YearListOut:
    """备案截止日之前可以删去。"""
    return service.describe(ledger.session, [service.take_off(ledger, list_id, item_id)])[0]


@router.get("/year-list-rules", summary="年度清单规定列表 (list year-list rules)", responses=READ_ERRORS)
def list_year_list_rules(query: Annotated[RuleQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[RuleOut]:
    """自何日起未列入清单的不得实施及其依据；依据只对其施行之后的日期引用。"""
    require(user, Noun.PROGRAMME, Act.READ)
    return paginate(session, queries.listed_rules(user, query), query, RuleOut.model_validate)


@router.post(
    "/year-list-rules", status_code=201, summary="新增年度清单规定 (create a year-list rule)", responses=CHANGE_ERRORS
)
def create_year_list_rule(body: RuleCreate, ledger: LedgerDep) -> RuleOut:
    """日期不能与现有规定重叠。"""
    return RuleOut.model_validate(service.create_rule(ledger, body))


@router.get("/year-list-rules/{rule_id}", summary="查看年度清单规定 (get a year-list rule)", responses=READ_ERRORS)
def get_year_list_rule(rule_id: PathId, session: SessionDep, user: CurrentUser) -> RuleOut:
    """一条规定及其依据。"""
    return RuleOut.model_validate(queries.get_rule(session, user, rule_id))


@router.patch(
    "/year-list-rules/{rule_id}", summary="更改年度清单规定 (change a year-list rule)", responses=CHANGE_ERRORS
)
def change_year_list_rule(rule_id: PathId, body: RulePatch, ledger: LedgerDep) -> RuleOut:
    """只更改列出的项。"""
    return RuleOut.model_validate(service.change_rule(ledger, rule_id, body))


@router.post(
    "/year-list-rules/{rule_id}/end", summary="终止年度清单规定 (end a year-list rule)", responses=CHANGE_ERRORS
)
def end_year_list_rule(rule_id: PathId, body: End, ledger: LedgerDep) -> RuleOut:
    """该日为最后一天。"""
    return RuleOut.model_validate(service.end_rule(ledger, rule_id, body))
