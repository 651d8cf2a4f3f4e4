"""ETags, conditional requests and what they cost: one kind of route for every noun (RFC 9110 sections 8.8 and 13).

The tag of an address is a digest of what GET answers there to the one who asks, so a noun needs no column and no code
for it. Who changes something may send the tag with If-Match: it is compared inside the transaction of the change,
with what the nearest address upward that can be got (and is no list) answers in that same transaction.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.sse import EventSourceResponse
from sqlmodel import Session
from starlette.types import Message, Scope

from app.core.db import SHARED_SESSION, SessionDep
from app.core.errors import Outdated, problems
from app.core.paging import Page
from app.core.strict import StrictRequest, require_single_parameters

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_OF_OUTER_REQUEST = frozenset(
    {"fastapi", "router", "route", "endpoint", "path_params", "fastapi_inner_astack", "fastapi_function_astack"}
)
"""What the router noted of a request; one within it is routed anew."""

_CONDITION = "dudao.condition"
_TAG = {"ETag": {"description": "这一内容的标记 (entity tag)", "schema": {"type": "string"}}}
_PRIVATE = "private, no-cache"
"""Answers differ from user to user, and are asked for again each time; an unchanged one costs a 304 without body."""


def etag_of(body: bytes) -> str:
    """The strong tag of a representation."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_named(header: str, etag: str, *, weakly: bool = False) -> bool:
    """Whether a list of tags, or ``*``, names the tag; weak tags count only where they may (If-None-Match)."""
    named = [each.strip() for each in header.split(",")]
    if weakly:
        named = [each.removeprefix("W/") for each in named]
    return named == ["*"] or etag in named


IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="读取时的 ETag；其后已被他人更改的，答复 412，不作更改。不填则不检查 (the tag that was read)",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="已有内容的 ETag；未变的答复 304，没有正文 (the tag at hand)"),
]


def _documents_revalidation(if_none_match: IfNoneMatch = None) -> None:
    """The header stands in the interface description; the route itself reads it, once it knows the answer."""


@dataclass(frozen=True, slots=True)
class _Condition:
    """What a change was told to begin from, and what it did begin from; no tag where nothing could be got."""

    if_match: str
    address: str | None
    etag: str | None

    def require(self) -> None:
        """Raise ``Outdated`` where the two differ; what is not there or not seen was refused by the change itself."""
        if self.etag is None or not is_named(self.if_match, self.etag):
            raise Outdated(
                "precondition_failed",
                "内容在读取之后已被更改，未作任何更改。请重新读取，核对后再提交。",
                {"if_match": self.if_match, "etag": self.etag, "address": self.address},
                {"ETag": self.etag} if self.etag is not None else None,
            )


async def _guard_change(request: Request, session: SessionDep, if_match: IfMatch = None) -> None:
    """Changes of one address wait for each other; where a tag is named, the present one is noted before the change."""
    request.scope[SHARED_SESSION] = session
    address = _address_of_edited(request)
    await run_in_threadpool(_wait_for_turn, session, address or request.scope["path"])  # who is first must go on
    if if_match is not None:
        etag = await _tag_at(request, address) if address is not None else None
        request.scope[_CONDITION] = _Condition(if_match, address, etag)


def _wait_for_turn(session: Session, address: str) -> None:
    """On PostgreSQL two changes could both compare and then both write; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], signed=True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _address_of_edited(request: Request, address: str | None = None) -> str | None:
    """The nearest address at or above one, the request's by default, that can be got and is no list."""
    app: FastAPI = request.app
    known: list[RouteContext] | None = getattr(app.state, "things", None)
    if known is None:
        known = app.state.things = [each for each in iter_route_contexts(app.routes) if _is_thing(each)]
    path: str = address or request.scope["path"]
    while path:
        if any(thing.path_regex.match(path) for thing in known):
            return path
        path = path.rpartition("/")[0]
    return None


def _is_thing(context: RouteContext) -> bool:
    route = context.original_route
    return isinstance(route, ConditionalRoute) and route.is_tagged and not route.is_list


async def _tag_at(request: Request, address: str) -> str | None:
    """The tag of what GET answers there, inside the transaction of the request; none where it answers an error."""
    scope: Scope = {name: value for name, value in request.scope.items() if name not in _OF_OUTER_REQUEST}
    headers = [(name, value) for name, value in request.scope["headers"] if name == b"authorization"]
    scope.update(method="GET", path=address, raw_path=address.encode(), query_string=b"", headers=headers)
    status, body = 0, b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await request.app.router(scope, receive, send)
    return etag_of(body) if status == HTTPStatus.OK else None


class ConditionalRoute(APIRoute):
    """A route whose answers to GET bear a tag and whose changes may be made to depend on one."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        methods: set[str] = set(options.get("methods") or {"GET"})
        self.is_tagged = "GET" in methods and options.get("response_class") is not EventSourceResponse
        self.is_list = False
        documented: dict[int | str, dict[str, Any]] = problems(503)
        needed = []
        if self.is_tagged:
            needed.append(Depends(_documents_revalidation))
            documented |= {
                200: {"description": "OK", "headers": _TAG},
                304: {"description": "未变 (not modified)", "headers": _TAG},
            }
        elif methods & {"PUT", "PATCH", "DELETE"} or ("POST" in methods and "{" in path):
            needed.append(Depends(_guard_change, scope="function"))
            documented |= problems(412)
            if methods & {"PUT", "PATCH"}:
                documented |= {200: {"description": "OK", "headers": _TAG}}
        given: dict[int | str, dict[str, Any]] = options.get("responses") or {}
        both = {status: documented.get(status, {}) | given.get(status, {}) for status in (*documented, *given)}
        options |= {"responses": both, "dependencies": [*(options.get("dependencies") or []), *needed]}
        super().__init__(path, endpoint, **options)
        self.is_list = inspect.isclass(self.response_model) and issubclass(self.response_model, Page)

    def get_route_handler(self) -> Handler:
        """What answers a request, with the tag put on the answer."""
        handler = _strict(super().get_route_handler())
        if self.is_tagged:
            return _revalidating(handler)
        is_replaced = bool({"PUT", "PATCH"}.intersection(self.methods or ()))
        return _guarding(handler, is_replaced)


def _strict(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        require_single_parameters(request)
        return await handler(StrictRequest(request.scope, request.receive))

    return answer


def _revalidating(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        response = await handler(request)
        if response.status_code != HTTPStatus.OK:
            return response
        etag = etag_of(bytes(response.body))
        response.headers["ETag"] = etag
        response.headers.setdefault("Cache-Control", _PRIVATE)
        named = request.headers.get("If-None-Match")
        if named is None or not is_named(named, etag, weakly=True):
            return response
        kept = {name: response.headers[name] for name in ("ETag", "Cache-Control", "Vary") if name in response.headers}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)

    return answer


def _locate(request: Request, response: Response) -> None:
    """Name the address of what was created, where GET answers there."""
    created = json.loads(bytes(response.body))
    number = created.get("id") if isinstance(created, dict) else None
    address = f"{request.scope['path']}/{number}"
    if number is not None and _address_of_edited(request, address) == address:
        response.headers["Location"] = address


def _guarding(handler: Handler, is_replaced: bool) -> Handler:
    """Take a change back that began from another state than it was told to.

    That is found after the change, for whatever else is wrong with a request goes before (RFC 9110 section 13.2.1).
    What replaced the content of an address answers its new tag, so that the next change needs no reading in between.
    """

    async def answer(request: Request) -> Response:
        response = await handler(request)
        condition: _Condition | None = request.scope.get(_CONDITION)
        if condition is not None:
            condition.require()
        path = request.scope["path"]
        if response.status_code == HTTPStatus.CREATED and "Location" not in response.headers:
            _locate(request, response)
        etag = await _tag_at(request, path) if is_replaced and _address_of_edited(request) == path else None
        if etag is not None:
            response.headers["ETag"] = etag
        return response

    return answer
