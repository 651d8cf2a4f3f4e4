"""Every fault has one form: a problem document with a stable code and a Chinese message, and it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy.exc
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core.config import Settings
from app.core.words import FIELDS
from app.main import CHOICES, create_app
from app.models import Inspector
from tests.app import builders
from tests.app.builders import Places
from tests.app.test_foreign import OPEN
from tests.conftest import Headers

INSPECTORS = "/api/v1/inspectors"


def an_input(places: Places) -> dict[str, Any]:
    return {
        "code": "D1",
        "name": "王督学",
        "kind": "full_time",
        "office_id": builders.id_of(places.city_office),
        "base_lon": 118.9,
        "base_lat": 42.3,
    }


def test_the_whole_document(client: TestClient, as_admin: Headers) -> None:
    answer = client.get("/api/v1/regions/987654", headers=as_admin)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:dudao:problem:region_not_found",
        "title": "Not Found",
        "status": 404,
        "code": "region_not_found",
        "message": "没有编号为 987654 的行政区划。请核对编号。",
        "details": {"id": 987654},
        "instance": "/api/v1/regions/987654",
        "request_id": answer.headers["X-Request-ID"],
    }


@pytest.mark.parametrize(
    ("content", "status", "code", "message"),
    [
        ("{", 400, "malformed_json", "请求正文不是有效的 JSON（第 1 个字符处）。请检查括号、引号和逗号。"),
        ("", 422, "missing_body", "缺少请求正文。请以 JSON 对象提交。"),
        ("[]", 422, "body_not_object", "请求正文应为 JSON 对象，并注明 Content-Type: application/json。"),
        ('"text"', 422, "body_not_object", "请求正文应为 JSON 对象，并注明 Content-Type: application/json。"),
    ],
)
def test_a_body_that_is_no_object(
    client: TestClient, as_admin: Headers, content: str, status: int, code: str, message: str
) -> None:
    headers = as_admin | {"Content-Type": "application/json"}
    answer = client.post(INSPECTORS, headers=headers, content=content)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (status, code, message)


def test_a_body_of_another_content_type(client: TestClient, as_admin: Headers) -> None:
    headers = as_admin | {"Content-Type": "text/plain"}
    answer = client.post(INSPECTORS, headers=headers, content="name=王督学")
    assert (answer.status_code, answer.json()["code"]) == (422, "body_not_object")


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"grade": 3}, "unknown_field", "没有名为“grade”的项。请核对名称。"),
        ({"name": 3}, "invalid_value", "“名称（name）”的值“3”无效：应为文字。"),
        ({"name": " "}, "invalid_value", "“名称（name）”的值“ ”无效：至少 1 个字。"),
        ({"name": "王\x00"}, "control_character", "文字中含有不可见的控制字符，请删去后重试。"),
        ({"office_id": "one"}, "invalid_value", "“督导机构（office_id）”的值“one”无效：应为整数。"),
        ({"office_id": True}, "invalid_value", "“督导机构（office_id）”的值“True”无效：应为整数。"),
        ({"base_lat": False}, "invalid_value", "“驻地纬度（base_lat）”的值“False”无效：应为数字。"),
        ({"base_lat": 91}, "invalid_value", "“驻地纬度（base_lat）”的值“91”无效：应不大于 90。"),
        (
            {"kind": "half_time"},
            "invalid_value",
            "“类别（kind）”的值“half_time”无效：只能填：专职督学（full_time）、兼职督学（part_time）、"
            "特约督学（invited）、专家（expert）、联合部门人员（department_member）。",
        ),
        ({"weekdays": [1, 1]}, "duplicate_items", "列表中有重复的项，请删去重复的。"),
        ({"weekdays": [0]}, "invalid_value", "“工作日（weekdays）第 1 项”的值“0”无效：应不小于 1。"),
        ({"half_days_per_month": -1}, "invalid_value", "“每月半天数（half_days_per_month）”的值“-1”无效：应不小于 0。"),
        ({"office_id": 987654}, "unknown_reference", "没有编号为 987654 的督导机构。请核对“督导机构（office_id）”。"),
    ],
)
def test_each_bad_field_has_its_own_words_and_nothing_is_stored(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    places: Places,
    changes: dict[str, Any],
    code: str,
    message: str,
) -> None:
    answer = client.post(INSPECTORS, headers=as_admin, json=an_input(places) | changes)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (422, code, message)
    assert session.exec(select(Inspector)).all() == []


def test_a_missing_field(client: TestClient, as_admin: Headers, places: Places) -> None:
    body = an_input(places)
    del body["name"]
    answer = client.post(INSPECTORS, headers=as_admin, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "missing_field")
    assert answer.json()["details"] == {
        "faults": [{"code": "missing_field", "place": "body.name", "message": "缺少必填项“名称（name）”。请补上。"}]
    }


def test_every_fault_is_listed(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.post(INSPECTORS, headers=as_admin, json=an_input(places) | {"name": "", "base_lon": "east"})
    places_of_faults = [fault["place"] for fault in answer.json()["details"]["faults"]]
    assert places_of_faults == ["body.name", "body.base_lon"]


@pytest.mark.parametrize("day", [20220901, "20220901", "1662000000", "2022-02-30", "tomorrow", True, None])
def test_only_a_written_date_is_a_date(client: TestClient, as_admin: Headers, places: Places, day: object) -> None:
    """A parser may take a number for seconds since 1970; nobody means that."""
    url = f"/api/v1/offices/{builders.id_of(places.city_office)}/cars"
    answer = client.post(url, headers=as_admin, json={"number": 1, "first_on": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert answer.json()["message"].endswith("应为日期，如 2025-03-31。")


def test_half_a_character_pair_gets_an_answer(client: TestClient, as_admin: Headers) -> None:
    headers = as_admin | {"Content-Type": "application/json"}
    answer = client.post(INSPECTORS, headers=headers, content='{"name": "\\ud800"}')
    assert (answer.status_code, answer.json()["details"]["faults"][0]["code"]) == (422, "missing_field")


def test_null_is_refused_where_a_value_must_be(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    inspector = builders.an_inspector(session, places.city_office)
    url = f"{INSPECTORS}/{builders.id_of(inspector)}"
    answer = client.patch(url, headers=as_admin, json={"name": None})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    cleared = client.patch(url, headers=as_admin, json={"weekdays": None})
    assert (cleared.status_code, cleared.json()["weekdays"]) == (200, None)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "unknown_path"),
        ("DELETE", "/api/v1/me", 405, "method_not_allowed"),
        ("GET", "/api/v1/regions/first", 422, "invalid_value"),
        ("GET", "/api/v1/regions?page=0", 422, "invalid_value"),
        ("GET", "/api/v1/regions?page_size=501", 422, "invalid_value"),
        ("GET", "/api/v1/regions?name=x", 422, "unknown_field"),
    ],
)
def test_a_bad_address(client: TestClient, as_admin: Headers, method: str, path: str, status: int, code: str) -> None:
    answer = client.request(method, path, headers=as_admin)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_method_that_the_address_does_not_take_is_told_those_that_it_does(
    client: TestClient, as_admin: Headers
) -> None:
    answer = client.put("/api/v1/regions/1", headers=as_admin)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PATCH, DELETE")


def test_a_body_of_too_many_bytes_announced_or_not(client: TestClient, as_admin: Headers, settings: Settings) -> None:
    headers = as_admin | {"Content-Type": "application/json"}
    announced = client.post(INSPECTORS, headers=headers, content=b" " * (settings.max_body_bytes + 1))
    in_pieces = client.post(INSPECTORS, headers=headers, content=iter([b" " * settings.max_body_bytes, b" "]))
    for answer in (announced, in_pieces):
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    just_fits = client.post(INSPECTORS, headers=headers, content=b" " * settings.max_body_bytes)
    assert (just_fits.status_code, just_fits.json()["code"]) == (400, "malformed_json")


def test_every_error_is_declared(client: TestClient) -> None:
    """Whoever reads the description of the interface learns which errors to expect."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    undeclared = [
        (method, path)
        for path, methods in paths.items()
        if path.startswith("/api/v1/") and path not in OPEN
        for method, operation in methods.items()
        if not {"401", "422"} <= set(operation["responses"])
    ]
    assert undeclared == []


@pytest.fixture
def breaking(settings: Settings) -> Iterator[TestClient]:
    """An application with two routes that break."""
    app = create_app(settings)

    @app.get("/unexpected")
    def unexpected() -> None:
        raise RuntimeError("a secret of the machine")

    @app.get("/no-database")
    def no_database() -> None:
        raise sqlalchemy.exc.OperationalError("select", {}, Exception("server closed the connection"))

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "code"), [("/unexpected", 500, "internal_error"), ("/no-database", 503, "database_unavailable")]
)
def test_what_breaks_inside_is_answered_without_its_secrets(
    breaking: TestClient, path: str, status: int, code: str
) -> None:
    answer = breaking.get(path)
    assert (answer.status_code, answer.json()["code"], answer.json()["details"]) == (status, code, {})
    assert "secret" not in answer.text
    assert "server closed" not in answer.text


def test_every_field_of_a_request_and_every_choice_has_a_word(app: FastAPI) -> None:
    """A new field, or a new set of codes, cannot reach a user's sentence in English."""
    document = app.openapi()
    fields: set[str] = set()
    codes: set[frozenset[str]] = set()

    def walk(node: Any, seen: frozenset[str]) -> None:
        if isinstance(node, list):
            for each in node:
                walk(each, seen)
        elif isinstance(node, dict):
            name = node.get("$ref", "").rpartition("/")[2]
            if name and name not in seen:
                walk(document["components"]["schemas"][name], seen | {name})
            fields.update(node.get("properties", {}))
            if len(node.get("enum", ())) > 1:
                codes.add(frozenset(map(str, node["enum"])))
            for key, each in node.items():
                if key not in ("example", "examples"):
                    walk(each, seen)

    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                fields.add(parameter["name"])
                walk(parameter["schema"], frozenset())
            walk(operation.get("requestBody", {}), frozenset())
    named = [{str(code) for code in words} for words in CHOICES]
    assert sorted(fields - FIELDS.keys()) == []
    assert [sorted(each) for each in codes if not any(each <= words for words in named)] == []


def test_a_bound_of_a_date_is_written_as_a_date(client: TestClient, as_admin: Headers, places: Places) -> None:
    url = f"/api/v1/offices/{builders.id_of(places.city_office)}/cars"
    answer = client.post(url, headers=as_admin, json={"number": 1, "first_on": "1949-10-01"})
    assert answer.json()["message"] == "“开始日期（first_on）”的值“1949-10-01”无效：应不小于 1950-01-01。"
