"""Who asks: from a bearer token to an account that has not ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session, col, select

from app.accounts.rights import Actor
from app.core.clock import Clock, ClockDep
from app.core.db import SessionDep
from app.core.errors import Unauthorized
from app.core.security import Passwords, Tokens
from app.models import Office, User

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


def user_of_token(session: Session, tokens: Tokens, clock: Clock, token: str) -> Actor | None:
    """Whose token it is; none when it is forged, past its time, older than the password, or the account has ended."""
    claims = tokens.read(token, clock.now())
    if claims is None:
        return None
    found = session.exec(
        select(User, col(Office.region_id))
        .join(Office, col(Office.id) == col(User.office_id), isouter=True)
        .where(User.id == claims.user_id)
    ).first()
    if found is None:
        return None
    account, region_id = found
    if account.ended_at is not None or tokens.fingerprint(account.password_hash) != claims.fingerprint:
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
