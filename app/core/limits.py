"""How large a request, and a number in it, may be; a larger one gets the same kind of answer as every other error."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import too_large

MAX_ID = 2**31 - 1
"""What a row's number is at most: PostgreSQL takes no larger one for an integer column."""


class BodyLimit:
    """ASGI middleware: refuses a body that is announced, or turns out, to have more bytes than allowed."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its bytes as they are read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > self.max_bytes:
            await too_large(Request(scope))(scope, receive, send)
            return
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_counted, send)
