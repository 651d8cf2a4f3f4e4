# ruff: noqa: N818 (the names are the answers: "Conflict", not "ConflictError")
"""Errors of the service and their one translation into ``application/problem+json``.

AppError
├── Malformed     400  the request cannot be read
├── Unauthorized  401  who asks is not known
├── Forbidden     403  the thing is seen, but its change is another role's
├── NotFound      404  there is no such thing, or none that the asker may see
├── Conflict      409  it contradicts what is stored
├── Outdated      412  the thing is no longer as the asker knew it
├── Refused       422  well-formed, but against a rule
├── TooMany       429  asked too often
└── NotReady      503  the service cannot serve yet
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import sqlalchemy.exc
import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.core.logs import loggable
from app.core.trouble import may_pass, words_for
from app.core.wording import MALFORMED, Choices, fault_of

log = structlog.get_logger(__name__)

MOST_FAULTS = 20
"""What is wrong with a request is listed up to so many; their number is told in full."""

PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "5"
"""When to try again what the database could not do."""


class AppError(Exception):
    """An error with a stable code, a Chinese message for the user and details for the client."""

    status: ClassVar[int] = 500

    def __init__(
        self,
        code: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = dict(details or {})
        self.headers = dict(headers or {})


class Malformed(AppError):
    """The request cannot be read."""

    status = 400


class Unauthorized(AppError):
    """Nobody is logged in, or the token is no longer good."""

    status = 401

    def __init__(self, code: str, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, message, details, {"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    """What is asked is another role's or another office's to do."""

    status = 403


class NotFound(AppError):
    """There is no such thing among those that the asker may see."""

    status = 404


class Conflict(AppError):
    """What is asked contradicts what is stored."""

    status = 409


class Outdated(AppError):
    """The thing has changed since the asker read it (RFC 9110 section 13.1.1)."""

    status = 412


class Refused(AppError):
    """What is asked is well-formed but against a rule of the field."""

    status = 422


class TooMany(AppError):
    """The same was asked too often; ``Retry-After`` says when to try again."""

    status = 429


class NotReady(AppError):
    """The process lives but cannot serve."""

    status = 503


class Problem(BaseModel):
    """The answer to whatever went wrong (RFC 9457): ``code`` is stable, ``message`` is for people.

    ``request_id`` is what the log of the service calls this request.
    """

    type: str
    title: str
    status: int
    code: str
    message: str
    details: dict[str, Any]
    instance: str
    request_id: str


_MEANING = {
    400: "正文不是 JSON (malformed body)",
    401: "未登录或令牌失效 (no valid token)",
    403: "无权更改 (not yours to change)",
    404: "不存在或不可见 (unknown or foreign)",
    409: "与已有数据冲突 (contradicts what is stored)",
    412: "已被更改，If-Match 不符 (changed since it was read)",
    413: "正文过大 (body too large)",
    422: "输入有误或违反规则 (invalid, or against a rule)",
    429: "过于频繁 (asked too often)",
    503: "暂不可用 (not ready)",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses=`` of a route that may answer with these error statuses."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANING[status], "content": content} for status in sorted(statuses)}


READ_ERRORS = problems(401, 403, 404, 422)
"""What every reading route may answer with."""
CHANGE_ERRORS = problems(400, 401, 403, 404, 409, 413, 422)
"""What every changing route may answer with."""


def problem_response(
    request: Request,
    status: int,
    code: str,
    message: str,
    details: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The problem document for an error of this request."""
    problem = Problem(
        type=f"urn:dudao:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        message=message,
        details=jsonable_encoder(dict(details or {})),
        instance=request.url.path,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
    )
    return JSONResponse(problem.model_dump(), status, dict(headers or {}), media_type=PROBLEM_TYPE)


def problem_response_of(request: Request, error: AppError) -> JSONResponse:
    """The problem document of one of our own errors."""
    return problem_response(request, error.status, error.code, error.message, error.details, error.headers)


def _on_app_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)
    return problem_response_of(request, error)


def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found: Sequence[Any] = error.errors()
    choices: Choices = getattr(request.app.state, "choices", ())
    faults = [fault_of(each, choices) for each in found[:MOST_FAULTS]]
    first = faults[0]
    status = 400 if first.code == MALFORMED else 422
    return problem_response(
        request,
        status,
        first.code,
        first.message,
        {"faults": [fault.as_json() for fault in faults]}
        | ({"number": len(found)} if len(found) > MOST_FAULTS else {}),
    )


_HTTP_MESSAGES = {
    400: ("malformed_request", "请求无法读取。请检查正文的格式和编码。"),
    401: ("not_authenticated", "未登录或令牌已失效，请先登录。"),
    404: ("unknown_path", "没有这个地址：{path}。请查看 /docs 中的接口目录。"),
    405: ("method_not_allowed", "地址 {path} 不接受 {method} 请求。请查看 /docs 中的接口目录。"),
    413: ("body_too_large", "请求正文过大，超过了允许的字节数。请分批提交。"),
}


def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, AppError):  # what reads a body wraps what went wrong
        return problem_response_of(request, error.__cause__)
    code, words = _HTTP_MESSAGES.get(error.status_code, (f"http_{error.status_code}", "请求未能处理：{detail}"))
    message = words.format(path=request.url.path, method=request.method, detail=error.detail)
    headers = {"Allow": _allowed(request)} if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    return problem_response(request, error.status_code, code, message, None, headers)


def _allowed(request: Request) -> str:
    """Every method of the address; the router itself names those of its first route only."""
    methods = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]
    return ", ".join(methods)


def too_large(request: Request) -> JSONResponse:
    """The answer to a body with too many bytes."""
    return _on_http(request, HTTPException(413))


def _without_values(error: Exception) -> str:
    """A database's error without the values in it: the first line names the constraint, more may be a secret."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else ''}"


def _on_integrity(request: Request, error: Exception) -> JSONResponse:
    log.warning("integrity_error", error=_without_values(error))
    return problem_response(
        request, 409, "conflict", "与已有数据冲突（重复，或引用的记录不存在、仍被引用），未作任何更改。请刷新后重试。"
    )


def _on_database(request: Request, error: Exception) -> JSONResponse:
    if not (may_pass(error) or isinstance(error, sqlalchemy.exc.OperationalError)):
        return _on_unexpected(request, error)
    log.error("database_error", error=_without_values(error))
    message = f"未作任何更改：{words_for(error)}"
    return problem_response(request, 503, "database_unavailable", message, None, {"Retry-After": RETRY_AFTER_SECONDS})


def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected_error", path=loggable(request.url.path), exc_info=error)
    return problem_response(
        request, 500, "internal_error", "服务内部出错，未作任何更改。错误已记入日志，请联系管理员。"
    )


def add_error_handlers(app: FastAPI) -> None:
    """Make the application answer every error with a problem document."""
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(sqlalchemy.exc.IntegrityError, _on_integrity)
    for kind in (sqlalchemy.exc.DBAPIError, sqlalchemy.exc.TimeoutError, sqlalchemy.exc.PendingRollbackError):
        app.add_exception_handler(kind, _on_database)
    app.add_exception_handler(Exception, _on_unexpected)
