"""Idempotency-Key: work that is asked for twice is done once, and answered twice with the same answer.

The answer is stored in the transaction of the work, so a process that is killed leaves both or neither. A request
that failed stores nothing and may be sent again with the same key. What holds a secret (tokens, the address of a
feed) must not be stored: such routes are plain ``ConditionalRoute`` and take no key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.accounts.identity import CurrentUser
from app.core.clock import Clock, ClockDep
from app.core.conditional import ConditionalRoute, Handler
from app.core.db import SessionDep
from app.core.errors import Conflict, Refused
from app.models import KeptAnswer
from app.models.base import NAME_LENGTH

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_PENDING = "dudao.pending"
_KEPT_HEADERS = ("content-type", "location", "etag")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=KEY,
        min_length=1,
        max_length=NAME_LENGTH,
        pattern=r"^[!-~]+$",
        description="请求的自选标识；中断后以同一标识重发，不会重复办理，答复与第一次相同 (a repeat is done once)",
    ),
]


@dataclass(frozen=True, slots=True)
class _Pending:
    """What is needed to keep the answer of a request once it is there."""

    session: Session
    clock: Clock
    life: timedelta
    user_id: int
    key: str
    fingerprint: str

    def keep(self, response: Response) -> None:
        """Store the answer in the transaction of the work, and forget those that are past their time."""
        now = self.clock.now()
        self.session.execute(sa.delete(KeptAnswer).where(col(KeptAnswer.created_at) <= now - self.life))
        self.session.add(
            KeptAnswer(
                user_id=self.user_id,
                key=self.key,
                fingerprint=self.fingerprint,
                status=response.status_code,
                headers={name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
                body=bytes(response.body),
                created_at=now,
            )
        )
        try:
            self.session.flush()
        except IntegrityError as error:  # another process was first; this transaction is rolled back
            raise _still_running(self.key) from error


class _AlreadyAnsweredError(Exception):
    """The request was answered before."""

    def __init__(self, answer: KeptAnswer) -> None:
        super().__init__(answer.key)
        self.response = Response(answer.body, answer.status, {**answer.headers, REPLAYED: "true"})


@dataclass(slots=True)
class Running:
    """The requests with a key that this process works on."""

    _keys: set[tuple[str, str]] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, mark: tuple[str, str]) -> None:
        """Note a request. Raises ``Conflict`` while the same one is worked on."""
        with self._lock:
            if mark in self._keys:
                raise _still_running(mark[1])
            self._keys.add(mark)

    def end(self, mark: tuple[str, str]) -> None:
        """Forget a request."""
        with self._lock:
            self._keys.discard(mark)


def _still_running(key: str) -> Conflict:
    return Conflict(
        "request_in_progress",
        f"标识为“{key}”的同一请求正在办理。请稍候再以同一标识重发，即可得到其答复。",
        {"idempotency_key": key},
    )


async def _fingerprint(request: Request) -> str:
    """A digest of what is asked; keyed, for a body may hold a password."""
    asked = b"\n".join((request.method.encode(), request.scope["raw_path"], request.url.query.encode(), b""))
    key: str = request.app.state.tokens.key
    return hmac.new(key.encode(), asked + await request.body(), hashlib.sha256).hexdigest()


async def _answer_once(
    request: Request, session: SessionDep, user: CurrentUser, clock: ClockDep, key: IdempotencyKey = None
) -> None:
    """Look for the answer that was given before; raise it, or note that this one is to be kept."""
    if key is None:
        return
    life: timedelta = request.app.state.settings.repeat_life
    fingerprint = await _fingerprint(request)
    kept = await run_in_threadpool(_kept, session, user.id, key, clock, life)
    if kept is None:
        request.scope[_PENDING] = _Pending(session, clock, life, user.id, key, fingerprint)
    elif kept.fingerprint == fingerprint:
        raise _AlreadyAnsweredError(kept)
    else:
        raise Refused(
            "idempotency_key_reused",
            f"标识“{key}”已用于另一请求，未作任何更改。新的请求请换一个 {KEY}。",
            {"idempotency_key": key},
        )


def _kept(session: Session, user_id: int, key: str, clock: Clock, life: timedelta) -> KeptAnswer | None:
    kept = session.get(KeptAnswer, (user_id, key))
    return kept if kept is not None and kept.created_at > clock.now() - life else None


class NounRoute(ConditionalRoute):
    """A route of a noun: its answers bear tags, and what is posted may bear an Idempotency-Key."""

    def __init__(self, path: str, endpoint: Any, **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            once = Depends(_answer_once, scope="function")
            options["dependencies"] = [once, *(options.get("dependencies") or [])]
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        """What answers a request, once for each key."""
        handler = super().get_route_handler()
        return _once(handler) if "POST" in (self.methods or ()) else handler


def _once(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        key = request.headers.get(KEY)
        if key is None:
            return await handler(request)
        app: FastAPI = request.app
        running: Running = app.state.running
        mark = (request.headers.get("Authorization", ""), key)
        running.begin(mark)
        try:
            response = await handler(request)
            pending: _Pending | None = request.scope.get(_PENDING)
            if pending is not None:
                await run_in_threadpool(pending.keep, response)
        except _AlreadyAnsweredError as again:
            return again.response
        finally:
            running.end(mark)
        return response

    return answer
