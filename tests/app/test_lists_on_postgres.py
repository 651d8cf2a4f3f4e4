"""Every list with every filter is also a query that PostgreSQL takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import migrate, writing
from app.main import create_app
from tests.app import builders
from tests.app.test_foreign import address, operations
from tests.conftest import NOW, TODAY, Headers

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def on_postgres(new_postgres_database: Callable[[], str]) -> Iterator[FastAPI]:
    """The application on a PostgreSQL database that the migrations built."""
    settings = Settings(database_url=new_postgres_database(), secret=None, today=None)
    migrate(settings)
    app = create_app(settings)
    app.state.clock = Clock(working_date=TODAY, time=lambda: NOW)
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def headers(on_postgres: FastAPI) -> Headers:
    """The headers with which an administrator asks."""
    with writing(on_postgres.state.engine) as session:
        admin = builders.a_user(session)
        token = on_postgres.state.tokens.issue(builders.id_of(admin), admin.password_hash, NOW)
    return {"Authorization": f"Bearer {token}"}


def a_value(schema: dict[str, Any], described: dict[str, Any]) -> str:
    """Some value that the filter takes."""
    schema = next((option for option in schema.get("anyOf", []) if option.get("type") != "null"), schema)
    if "$ref" in schema:
        schema = described[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return str(schema["enum"][0])
    if schema.get("format") == "date":
        return "2023-01-01"
    return {"integer": str(schema.get("minimum", 1)), "boolean": "true", "string": "红", "number": "1"}[schema["type"]]


def test_every_list_with_each_of_its_filters(on_postgres: FastAPI, headers: Headers) -> None:
    described = on_postgres.openapi()["components"]["schemas"]
    failed = {}
    with TestClient(on_postgres) as client:
        for method, path, operation in operations(on_postgres):
            filters = [each for each in operation.get("parameters", []) if each["in"] == "query"]
            if method != "GET" or not any(each["name"] == "page" for each in filters):
                continue
            values = {each["name"]: a_value(each["schema"], described) for each in filters}
            required = {each["name"]: values[each["name"]] for each in filters if each["required"]}
            for name, value in values.items():
                answer = client.get(address(path, operation), headers=headers, params=required | {name: value})
                if answer.status_code not in {200, 404}:
                    failed[(path, name)] = answer.text
    assert failed == {}
