"""The error codes with which the service can answer; ``python -m tests.error_codes`` writes their list anew."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.core import errors

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "error-codes.md"

STATUSES = {
    kind.__name__: kind.status
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.AppError) and kind is not errors.AppError
}
OF_INPUT = {"InputFault": 422, "PydanticCustomError": 422}

HEADING = """# Error codes

Every error is `application/problem+json` (RFC 9457). `code` is stable and for programs; `message` is Chinese and for
people; `details` names what it is about; `request_id` is what the log of the service calls the request.

| code | status | raised in |
| --- | --- | --- |
"""


def raised() -> set[tuple[str, int, str]]:
    """Code, status and module of every error that the service raises or answers."""
    found = set(_of_http())
    for path in sorted((ROOT / "app").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found.update((code, status, module) for code, status in _of_call(node))
    return found


def _of_call(call: ast.Call) -> Iterator[tuple[str, int]]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    arguments = [each.value if isinstance(each, ast.Constant) else None for each in call.args[:3]]
    if name in STATUSES | OF_INPUT and arguments and isinstance(arguments[0], str):
        yield arguments[0], (STATUSES | OF_INPUT)[name]
    if name == "problem_response" and len(arguments) == 3 and isinstance(arguments[2], str):
        assert isinstance(arguments[1], int)
        yield arguments[2], arguments[1]


def _of_http() -> Iterator[tuple[str, int, str]]:
    for status, (code, _) in errors._HTTP_MESSAGES.items():  # noqa: SLF001 (the table is the list)
        yield code, status, "app.core.errors"


def page() -> str:
    """The page of the docs."""
    return HEADING + "".join(f"| `{code}` | {status} | `{module}` |\n" for code, status, module in sorted(raised()))


if __name__ == "__main__":
    PAGE.write_text(page())
