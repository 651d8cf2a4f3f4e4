"""Every example of the interface description is true: it is sent, and answered as the description says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from schemathesis import openapi
from schemathesis.core.result import Ok
from sqlmodel import Session

from app.core.db import get_session

API = "/api/v1"
OPEN = f"{API}/auth/token"
"""Its body is a form whose values nobody can give as an example."""

PATH = {"year": "2023", "day": "2023-10-02", "region_id": "2", "office_id": "2", "user_id": "2"}
"""Where an address names something else than the first row."""
DRAFT = {"plan_id": "2", "visit": "round-1-1"}
"""Where an address names a visit of a plan: the first one is published, and what is published does not change."""
ROUTINE = {f"{API}/me/assignments/{{assignment_id}}/move": f"{API}/me/assignments/3/move"}
"""The third assignment is the one that an inspector may move."""


@pytest.fixture
def described(api: FastAPI) -> dict[str, Any]:
    """The description of the interface."""
    return api.openapi()


@pytest.fixture
def client(api: FastAPI) -> Iterator[TestClient]:
    """Asks the application; what a request changes is taken back after it."""
    engine: sa.Engine = api.state.engine

    def session_of_request() -> Iterator[Session]:
        with engine.connect() as connection, connection.begin() as transaction:
            with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
                yield session
            transaction.rollback()

    api.dependency_overrides[get_session] = session_of_request
    yield TestClient(api, raise_server_exceptions=False)
    del api.dependency_overrides[get_session]


def schema_of(described: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of an operation's body."""
    ((_, content),) = operation["requestBody"]["content"].items()
    schema = content["schema"]
    schema = next((each for each in schema.get("anyOf", []) if "$ref" in each), schema)
    found: dict[str, Any] = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def test_every_body_has_an_example(described: dict[str, Any]) -> None:
    without = [
        f"{method} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation and path != OPEN and not schema_of(described, operation).get("examples")
    ]
    assert without == []


def test_every_example_is_accepted_and_answered_as_described(described: dict[str, Any], client: TestClient) -> None:
    refused = {}
    for result in openapi.from_dict(described).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        body = described["paths"][operation.path][operation.method]
        if "requestBody" not in body or operation.path == OPEN:
            continue
        for example in schema_of(described, body).get("examples", []):
            path = ROUTINE.get(operation.path, operation.path)
            for name in (each["name"] for each in body["parameters"] if each["in"] == "path"):
                known = DRAFT if "{visit}" in operation.path else PATH
                path = path.replace(f"{{{name}}}", known.get(name, "1"))
            answer = client.request(operation.method, path, json=example)
            if not answer.is_success:
                refused[operation.label] = answer.text
            elif answer.content:
                operation.validate_response(answer)
    assert refused == {}
