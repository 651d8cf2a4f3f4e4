"""Who asks: from a bearer token to an account that has not ended."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.accounts.rights import Actor
from app.core.clock import Clock, ClockDep
from app.core.db import SessionDep
from app.core.errors import Unauthorized
from app.core.rows import goes_on
from app.core.security import Passwords, Tokens
from app.models import Inspector, Office, User

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


def get_tokens(request: Request) -> Tokens:
    """What signs and reads the tokens of this application."""
    tokens: Tokens = request.app.state.tokens
    return tokens


def get_passwords(request: Request) -> Passwords:
    """What hashes and checks the passwords of this application."""
    passwords: Passwords = request.app.state.passwords
    return passwords


TokensDep = Annotated[Tokens, Depends(get_tokens)]
PasswordsDep = Annotated[Passwords, Depends(get_passwords)]


def is_open(session: Session, account: User, today: date) -> bool:
    """Whether an account opens anything on a day: it ends by itself, with its inspector, and with its office.

    Login, tokens and feeds all ask here: what a credential opens ends with it.
    """
    _, _, ended_on = session.exec(_with_its_end().where(User.id == account.id)).one()
    return _is_open(account, ended_on, today)


def _is_open(account: User, ended_on: date | None, today: date) -> bool:
    """``ended_on`` is none for an account whose office or inspector goes on without an end, or that has neither."""
    return account.ended_at is None and goes_on(ended_on, today)


def _with_its_end() -> Select[User, int, date]:
    """Accounts with the region of their office and the day on which their office or inspector ended."""
    ended_on = sa.func.coalesce(col(Inspector.ended_on), col(Office.ended_on))
    return (
        select(User, col(Office.region_id), ended_on)
        .join(Office, col(Office.id) == col(User.office_id), isouter=True)
        .join(Inspector, col(Inspector.id) == col(User.inspector_id), isouter=True)
    )


def user_of_token(session: Session, tokens: Tokens, clock: Clock, token: str) -> Actor | None:
    """Whose token it is; none when it is forged, past its time, older than the password, or the account is closed."""
    claims = tokens.read(token, clock.now())
    if claims is None:
        return None
    found = session.exec(_with_its_end().where(User.id == claims.user_id)).first()
    if found is None:
        return None
    account, region_id, ended_on = found
    if (
        not _is_open(account, ended_on, clock.today())
        or tokens.fingerprint(account.password_hash) != claims.fingerprint
    ):
        return None
    return Actor(
        id=claims.user_id,
        username=account.username,
        role=account.role,
        office_id=account.office_id,
        region_id=region_id,
        inspector_id=account.inspector_id,
        today=clock.today(),
    )


def current_user(
    session: SessionDep, tokens: TokensDep, clock: ClockDep, token: Annotated[str | None, Depends(bearer)]
) -> Actor:
    """The account that asks; without a good token the answer is 401."""
    if token is None:
        raise Unauthorized("not_authenticated", "尚未登录。请先以 POST /api/v1/auth/token 取得令牌。")
    user = user_of_token(session, tokens, clock, token)
    if user is None:
        raise Unauthorized("invalid_token", "令牌无效或已过期（密码更改或账号停用后旧令牌即失效）。请重新登录。")
    return user


CurrentUser = Annotated[Actor, Depends(current_user, scope="function")]
