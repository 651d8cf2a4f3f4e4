"""Logging in, who asks, accounts, settings and the audit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from app.accounts import queries, service
from app.accounts.audit import LedgerDep
from app.accounts.identity import CurrentUser, PasswordsDep, TokensDep
from app.accounts.repeats import NounRoute
from app.accounts.rights import Act, Noun, require
from app.accounts.schemas import (
    AuditOut,
    AuditQuery,
    LoginForm,
    MeOut,
    PasswordChange,
    PasswordSet,
    Token,
    UserCreate,
    UserOut,
    UserPatch,
    UserQuery,
)
from app.accounts.settings import RuleSettings, change_rules, load_rules
from app.accounts.throttle import Throttle
from app.core.clock import ClockDep
from app.core.conditional import ConditionalRoute
from app.core.db import ReadingSessionDep, SessionDep, TransactionDep
from app.core.errors import CHANGE_ERRORS, READ_ERRORS, problem_response_of, problems
from app.core.fields import PathId
from app.core.paging import Page, page_of, paginate

router = APIRouter(route_class=NounRoute, tags=["accounts"])
secrets = APIRouter(route_class=ConditionalRoute, tags=["accounts"])
"""What answers with a secret, which is not kept for a repeated request."""


def get_throttle(request: Request) -> Throttle:
    """The brake on guessing of this application."""
    throttle: Throttle = request.app.state.throttle
    return throttle


ThrottleDep = Annotated[Throttle, Depends(get_throttle)]


def address_of(request: Request) -> str:
    """From which address a request came; behind a proxy that the settings trust, what the proxy says."""
    return request.client.host if request.client else ""


@secrets.post("/auth/token", summary="登录，取得令牌 (log in)", responses=problems(401, 413, 422, 429))
def log_in(
    request: Request,
    form: Annotated[LoginForm, Form()],
    session: ReadingSessionDep,
    transaction: TransactionDep,
    clock: ClockDep,
    passwords: PasswordsDep,
    tokens: TokensDep,
    throttle: ThrottleDep,
) -> Token:
    """以用户名和密码换取令牌（OAuth2 password form）。"""
    attempt = service.LoginAttempt(form.username, form.password, address_of(request))
    return service.log_in(session, transaction, clock, passwords, tokens, throttle, attempt)


@router.get("/me", summary="我是谁，今天按哪一天算 (who asks)", responses=READ_ERRORS)
def get_me(session: SessionDep, clock: ClockDep, user: CurrentUser) -> MeOut:
    """本账号、系统日期（真实日期，或由 DUDAO_TODAY 或演示数据指定）和各项权限。"""
    return service.describe_me(session, clock, user)


@router.post(
    "/me/password",
    status_code=204,
    summary="更改自己的密码 (own password)",
    responses=CHANGE_ERRORS | problems(429),
    response_model=None,
)
def change_own_password(
    request: Request, body: PasswordChange, ledger: LedgerDep, passwords: PasswordsDep, throttle: ThrottleDep
) -> Response | None:
    """更改后，旧令牌全部失效，须重新登录。"""
    try:
        service.change_own_password(ledger, passwords, throttle, address_of(request), body)
    except service.CountedRefusal as refusal:  # answered, not raised: the attempt stays counted
        return problem_response_of(request, refusal.answer)
    return None


@router.get("/users", summary="账号列表 (list accounts)", responses=READ_ERRORS)
def list_users(query: Annotated[UserQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[UserOut]:
    """按用户名排列。"""
    require(user, Noun.ACCOUNT, Act.READ)
    return paginate(session, queries.listed(user, query), query, UserOut.model_validate)


@router.post("/users", status_code=201, summary="新建账号 (create an account)", responses=CHANGE_ERRORS)
def create_user(body: UserCreate, ledger: LedgerDep, passwords: PasswordsDep) -> UserOut:
    """督导机构账号注明 office_id，督学账号注明 inspector_id。"""
    return UserOut.model_validate(service.create_user(ledger, passwords, body))


@router.get("/users/{user_id}", summary="查看账号 (get an account)", responses=READ_ERRORS)
def get_user(user_id: PathId, session: SessionDep, user: CurrentUser) -> UserOut:
    """一个账号。"""
    return UserOut.model_validate(queries.get(session, user, user_id))


@router.patch("/users/{user_id}", summary="更改账号 (change an account)", responses=CHANGE_ERRORS)
def change_user(user_id: PathId, body: UserPatch, ledger: LedgerDep) -> UserOut:
    """更改角色、机构或督学。"""
    return UserOut.model_validate(service.change_user(ledger, user_id, body))


@router.post("/users/{user_id}/password", summary="重设密码 (set a password)", responses=CHANGE_ERRORS)
def set_password(user_id: PathId, body: PasswordSet, ledger: LedgerDep, passwords: PasswordsDep) -> UserOut:
    """重设后，该账号的旧令牌全部失效。"""
    return UserOut.model_validate(service.set_password(ledger, passwords, user_id, body.password))


@router.post("/users/{user_id}/end", summary="停用账号 (end an account)", responses=CHANGE_ERRORS)
def end_user(user_id: PathId, ledger: LedgerDep) -> UserOut:
    """立即停用；记录保留，用户名不再使用。"""
    return UserOut.model_validate(service.end_user(ledger, user_id))


@router.delete(
    "/users/{user_id}/calendar", status_code=204, summary="停用日历订阅 (close a feed)", responses=CHANGE_ERRORS
)
def close_user_feed(user_id: PathId, ledger: LedgerDep) -> None:
    """停用该账号的日历订阅地址；本人可重新开通。"""
    service.close_user_feed(ledger, user_id)


@router.get("/settings", summary="规则设置 (settings of the rules)", responses=READ_ERRORS)
def get_settings(session: SessionDep, user: CurrentUser) -> RuleSettings:
    """现行值；未改过的为默认值。"""
    require(user, Noun.SETTING, Act.READ)
    return load_rules(session)


@router.patch("/settings", summary="更改规则设置 (change settings)", responses=CHANGE_ERRORS)
def change_settings(body: RuleSettings, ledger: LedgerDep) -> RuleSettings:
    """只更改列出的项，其余保持不变。"""
    return change_rules(ledger, body)


@router.get("/audit", summary="操作记录 (who did what when)", responses=READ_ERRORS)
def list_audit(query: Annotated[AuditQuery, Query()], session: SessionDep, user: CurrentUser) -> Page[AuditOut]:
    """最新的在前。"""
    require(user, Noun.AUDIT, Act.READ)
    entries, total = queries.audit_page(session, user, query)
    return page_of(entries, total, query)


router.include_router(secrets)
