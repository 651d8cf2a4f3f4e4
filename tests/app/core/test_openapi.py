"""The description of the interface is valid, and easy for generators of clients."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from fastapi import FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.core.openapi import TAGS


def operations(app: FastAPI) -> list[dict[str, Any]]:
    return [operation for path in app.openapi()["paths"].values() for operation in path.values()]


def test_the_document_is_valid(app: FastAPI) -> None:
    assert [str(error.message) for error in OpenAPIV31SpecValidator(app.openapi()).iter_errors()] == []


def test_every_operation_has_a_short_name_of_its_own(app: FastAPI) -> None:
    names = [operation["operationId"] for operation in operations(app)]
    assert [name for name, number in Counter(names).items() if number > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z0-9][a-z0-9]*)*", name) or len(name) > 32] == []


def test_every_schema_has_a_title_of_its_own(app: FastAPI) -> None:
    """Generators name classes by titles, and drop what is there twice."""
    titles = Counter(schema.get("title") for schema in app.openapi()["components"]["schemas"].values())
    assert [title for title, number in titles.items() if number > 1] == []


def test_tags_are_english_and_described(app: FastAPI) -> None:
    known = {tag["name"] for tag in TAGS}
    assert {tag for operation in operations(app) for tag in operation["tags"]} == known
    assert all(tag.isascii() for tag in known)


def test_errors_are_problems_alone(app: FastAPI) -> None:
    kinds = {
        kind
        for operation in operations(app)
        for status, response in operation["responses"].items()
        if status[0] in "45"
        for kind in response.get("content", {})
    }
    assert kinds == {"application/problem+json"}


def test_no_schema_has_a_keyword_that_json_schema_does_not_know(app: FastAPI) -> None:
    text = str(app.openapi())
    assert "'ge':" not in text
    assert "'le':" not in text
