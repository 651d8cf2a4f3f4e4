"""Faults of input in Chinese: what is wrong, where, with which value, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.words import field_words

MALFORMED = "malformed_json"
"""The code of a body that is no JSON."""

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class InputFault:
    """One fault of a request: its code, where it is (``body.first_on``), and the Chinese message."""

    code: str
    place: str
    message: str

    def as_json(self) -> dict[str, str]:
        """The fault as it stands in the details of an answer."""
        return {"code": self.code, "place": self.place, "message": self.message}


_EXPECTED = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式应为 {pattern}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "date_type": "应为日期，如 2025-03-31",
    "date_parsing": "应为日期，如 2025-03-31",
    "date_from_datetime_parsing": "应为日期，如 2025-03-31",
    "date_from_datetime_inexact": "应为日期，如 2025-03-31",
    "enum": "只能填：{choices}",
    "literal_error": "只能填：{choices}",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "list_type": "应为列表",
    "dict_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "model_attributes_type": "应为 JSON 对象",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
}
"""What pydantic's fault types ask for; types not listed get the general words."""


def _shown(value: object) -> str:
    text = str(value).encode(errors="replace").decode()  # half a character pair cannot be answered
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


Choices = Sequence[Mapping[Any, str]]
"""The words of codes, a mapping for each set of them."""


def fault_of(error: Mapping[str, Any], choices: Choices = ()) -> InputFault:
    """A fault in our words from one of pydantic's; a fault raised by our own checks keeps its code and words."""
    kind: str = error["type"]
    parts = [str(part) for part in error["loc"]]
    place = ".".join(parts)
    field = field_words(parts[1:]) or place
    value = "…" if "password" in field else _shown(error.get("input"))  # what is secret is not repeated
    context: Mapping[str, Any] = error.get("ctx") or {}
    if kind == "json_invalid":
        at = parts[-1]
        return InputFault(MALFORMED, "body", f"请求正文不是有效的 JSON（第 {at} 个字符处）。请检查括号、引号和逗号。")
    if kind == "missing":
        if parts == ["body"]:
            return InputFault("missing_body", place, "缺少请求正文。请以 JSON 对象提交。")
        return InputFault("missing_field", place, f"缺少必填项“{field}”。请补上。")
    if kind == "extra_forbidden":
        return InputFault("unknown_field", place, f"没有名为“{field}”的项。请核对名称。")
    if parts == ["body"] and kind in ("model_attributes_type", "model_type", "dict_type"):
        return InputFault("body_not_object", place, "请求正文应为 JSON 对象，并注明 Content-Type: application/json。")
    if kind in _EXPECTED:
        listed = {"choices": _in_words(str(context.get("expected", "")), choices)}
        wanted = _EXPECTED[kind].format_map({**{name: _plain(value) for name, value in context.items()}, **listed})
        return InputFault("invalid_value", place, f"“{field}”的值“{value}”无效：{wanted}。")
    if kind in ("value_error", "assertion_error"):
        return InputFault("invalid_value", place, f"“{field}”的值“{value}”无效：{error['msg']}")
    if _is_ours(kind, error["msg"]):
        return InputFault(kind, place, error["msg"])
    return InputFault("invalid_value", place, f"“{field}”的值“{value}”无效，请核对。")


_DATE = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")


def _in_words(expected: str, choices: Choices) -> str:
    """The codes that pydantic lists (``'spring' or 'autumn'``) with their words before them."""
    codes = re.findall(r"'([^']*)'", expected)
    words = next((each for each in choices if set(codes) <= {str(code) for code in each}), {})
    named = {str(code): word for code, word in words.items()}
    return "、".join(f"{named[code]}（{code}）" if code in named else code for code in codes)


def _plain(value: object) -> object:
    """A bound as a person writes it; pydantic gives that of a date as Python writes it."""
    if isinstance(value, str) and (written := _DATE.fullmatch(value)):
        return date(*map(int, written.groups())).isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_ours(kind: str, message: str) -> bool:
    """Our own checks speak Chinese; pydantic's speak ASCII."""
    return bool(kind) and not message.isascii()
