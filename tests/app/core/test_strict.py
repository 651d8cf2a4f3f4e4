"""What a request may not leave open, and what every address answers."""

from __future__ import annotations

import gzip

import pytest
from fastapi.testclient import TestClient

from tests.app.builders import Places
from tests.conftest import Headers

INSPECTORS = "/api/v1/inspectors"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": "a", "name": "b"}', "duplicate_key"),
        (b'{"base_lat": NaN}', "not_a_number"),
        (b'{"name": "\xff"}', "not_utf8"),
        (b"[" * 100_000, "nested_too_deep"),
    ],
)
def test_a_body_that_says_two_things_or_nothing_is_refused(
    client: TestClient, as_admin: Headers, body: bytes, code: str
) -> None:
    answer = client.post(INSPECTORS, headers=as_admin | {"Content-Type": "application/json"}, content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_parameter_that_is_there_twice_is_refused(client: TestClient, as_admin: Headers) -> None:
    answer = client.get(f"{INSPECTORS}?kind=expert&kind=part_time", headers=as_admin)
    assert (answer.status_code, answer.json()["code"]) == (422, "repeated_parameter")


@pytest.mark.parametrize("day", ["1678060800.0", "1.6780608e9", "-2.6e-185", "2023-3-6", "2023-03-06T00:00:00"])
def test_a_day_is_written_in_one_way(client: TestClient, as_admin: Headers, day: str) -> None:
    answer = client.get("/api/v1/audit", headers=as_admin, params={"first_on": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")


def test_days_that_are_reversed_are_refused_in_a_filter_too(client: TestClient, as_admin: Headers) -> None:
    answer = client.get("/api/v1/audit?first_on=2023-03-07&last_on=2023-03-06", headers=as_admin)
    assert (answer.status_code, answer.json()["code"]) == (422, "dates_reversed")


@pytest.mark.parametrize("name", ["第一\n小学", "第一\u200b小学", "\ufeff小学", "小\u202e学"])
def test_what_cannot_be_seen_is_in_no_name(client: TestClient, as_admin: Headers, places: Places, name: str) -> None:
    body = {"code": "F1", "name": name, "kind": "expert", "office_id": places.city_office.id}
    answer = client.post(INSPECTORS, headers=as_admin, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "control_character")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/inspectors", "/"])
def test_head_answers_where_get_does(client: TestClient, as_admin: Headers, path: str) -> None:
    head, get = client.head(path, headers=as_admin), client.get(path, headers=as_admin)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers.get("etag") == get.headers.get("etag")


def test_long_answers_are_zipped(client: TestClient, as_admin: Headers) -> None:
    zipped = client.get("/api/v1/openapi.json", headers=as_admin | {"Accept-Encoding": "gzip"})
    plain = client.get("/api/v1/openapi.json", headers=as_admin | {"Accept-Encoding": "identity"})
    assert (zipped.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
    assert len(gzip.compress(plain.content)) < len(plain.content) / 4
    assert zipped.json() == plain.json()


def test_what_is_created_is_located(client: TestClient, as_admin: Headers) -> None:
    body = {"kind": "primary", "title": "评估办法", "version": "2022", "in_force_from": "2022-03-01"}
    created = client.post("/api/v1/evaluation-methods", headers=as_admin, json=body)
    assert created.status_code == 201, created.text
    assert created.headers["Location"] == f"/api/v1/evaluation-methods/{created.json()['id']}"
    assert client.get(created.headers["Location"], headers=as_admin).json() == created.json()
