"""What a request may not leave open: a key or a parameter that is there twice, and which of the two counts."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from fastapi import Request

from app.core.errors import Malformed, Refused
from app.core.words import field_words


class StrictRequest(Request):
    """A request whose JSON names each key once, holds no NaN, is UTF-8, and is not nested beyond reason."""

    async def json(self) -> Any:
        """The body. Raises ``Malformed`` with the place or the key; a syntax error is left to the caller."""
        if not hasattr(self, "_json"):
            body = await self.body()
            try:
                self._json = json.loads(body, object_pairs_hook=_once, parse_constant=_no_constant)
            except UnicodeDecodeError as error:
                raise Malformed("not_utf8", f"请求正文不是 UTF-8 编码（第 {error.start + 1} 个字节处）。") from error
            except RecursionError as error:
                raise Malformed("nested_too_deep", "请求正文的 JSON 嵌套过深。请减少层数。") from error
        return self._json


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        name = next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1)
        raise Malformed(
            "duplicate_key", f"请求正文中“{field_words([name])}”出现不止一次。请只保留一个。", {"key": name}
        )
    return found


def _no_constant(name: str) -> Any:
    raise Malformed("not_a_number", f"请求正文含有“{name}”，它不是 JSON 的数。请填写数字。")


def require_single_parameters(request: Request) -> None:
    """Refuse a query parameter that is there twice: every one of ours takes one value."""
    for name, number in Counter(name for name, _ in request.query_params.multi_items()).items():
        if number > 1:
            raise Refused(
                "repeated_parameter",
                f"参数“{field_words([name])}”出现 {number} 次，只能有一个值。",
                {"parameter": name},
            )
