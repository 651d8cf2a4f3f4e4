"""Tags and conditional requests, the same for every noun."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.conditional import ConditionalRoute, etag_of, is_named
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import Headers

API = "/api/v1"


@pytest.mark.parametrize(
    ("header", "strongly", "weakly"),
    [
        ('"a"', True, True),
        ('"b", "a"', True, True),
        ("*", True, True),
        ('W/"a"', False, True),  # a weak tag says "as good as", which is not enough for a change
        ('"b"', False, False),
        ("a", False, False),
        ("", False, False),
    ],
)
def test_which_lists_name_a_tag(header: str, strongly: bool, weakly: bool) -> None:
    assert is_named(header, '"a"') is strongly
    assert is_named(header, '"a"', weakly=True) is weakly


def test_what_was_read_before_is_not_sent_again(client: TestClient, as_admin: Headers, places: Places) -> None:
    for path in (f"regions/{places.banner.id}", "regions?page_size=1"):
        first = client.get(f"{API}/{path}", headers=as_admin)
        assert first.headers["ETag"] == etag_of(first.content)
        assert first.headers["Cache-Control"] == "private, no-cache"
        again = client.get(f"{API}/{path}", headers=as_admin | {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        other = client.get(f"{API}/{path}", headers=as_admin | {"If-None-Match": '"other"'})
        assert (other.status_code, other.content) == (200, first.content)


def test_an_error_has_no_tag(client: TestClient, as_admin: Headers) -> None:
    answer = client.get(f"{API}/regions/987654", headers=as_admin | {"If-None-Match": "*"})
    assert (answer.status_code, answer.headers.get("ETag")) == (404, None)


def test_a_change_from_the_present_state_is_made_and_answers_the_new_tag(
    client: TestClient, as_admin: Headers, places: Places
) -> None:
    url = f"{API}/regions/{places.banner.id}"
    read = client.get(url, headers=as_admin).headers["ETag"]
    changed = client.patch(url, headers=as_admin | {"If-Match": read}, json={"name": "新区"})
    assert (changed.status_code, changed.json()["name"]) == (200, "新区")
    assert changed.headers["ETag"] == client.get(url, headers=as_admin).headers["ETag"] != read
    again = client.patch(url, headers=as_admin | {"If-Match": changed.headers["ETag"]}, json={"name": "新新区"})
    assert again.status_code == 200


def test_a_change_from_an_older_state_is_refused_and_changes_nothing(
    client: TestClient, as_admin: Headers, places: Places
) -> None:
    url = f"{API}/regions/{places.banner.id}"
    read = client.get(url, headers=as_admin).headers["ETag"]
    client.patch(url, headers=as_admin, json={"name": "新区"})
    present = client.get(url, headers=as_admin)
    refused = client.patch(url, headers=as_admin | {"If-Match": read}, json={"name": "旧区"})
    assert (refused.status_code, refused.headers["Content-Type"]) == (412, "application/problem+json")
    assert refused.json()["code"] == "precondition_failed"
    assert refused.json()["details"] == {"if_match": read, "etag": present.headers["ETag"], "address": url}
    assert client.get(url, headers=as_admin).content == present.content


def test_whatever_else_is_wrong_goes_before(
    client: TestClient, as_admin: Headers, as_banner: Headers, places: Places
) -> None:
    url, wrong = f"{API}/regions/{places.banner.id}", {"If-Match": '"wrong"'}
    assert client.patch(url, headers=as_banner | wrong, json={"name": "新区"}).status_code == 403
    assert client.patch(url, headers=as_admin | wrong, json={"name": ""}).status_code == 422
    assert client.patch(url, headers=as_admin | wrong, json={"name": "新区"}).status_code == 412


def test_without_a_tag_nothing_is_compared(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.patch(f"{API}/regions/{places.banner.id}", headers=as_admin, json={"name": "新区"})
    assert answer.status_code == 200


def test_deleting_and_ending_compare_too(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    area = f"{API}/areas/{builders.an_area(session, places.banner).id}"
    unit = f"{API}/inspectees/{builders.an_inspectee(session, places.banner, places.banner_office).id}"
    wrong, end = as_admin | {"If-Match": '"wrong"'}, {"on": "2023-01-01", "reason": "撤并"}
    assert client.delete(area, headers=wrong).status_code == 412
    assert client.post(f"{unit}/end", headers=wrong, json=end).status_code == 412
    right = as_admin | {"If-Match": client.get(unit, headers=as_admin).headers["ETag"]}
    assert client.post(f"{unit}/end", headers=right, json=end).status_code == 200
    right = as_admin | {"If-Match": client.get(area, headers=as_admin).headers["ETag"]}
    assert client.delete(area, headers=right).status_code == 204


def test_what_has_no_address_of_its_own_is_compared_with_the_thing_that_shows_it(
    client: TestClient, as_admin: Headers, places: Places
) -> None:
    office = f"{API}/offices/{places.banner_office.id}"  # shows its cars, which cannot be got one by one
    read = as_admin | {"If-Match": client.get(office, headers=as_admin).headers["ETag"]}
    first = {"number": 2, "first_on": "2023-01-01", "last_on": "2023-06-30"}
    then = {"number": 3, "first_on": "2023-07-01"}
    assert client.post(f"{office}/cars", headers=read, json=first).status_code == 201
    assert client.post(f"{office}/cars", headers=read, json=then).status_code == 412
    assert len(client.get(office, headers=as_admin).json()["cars"]) == 1


def test_what_is_not_seen_is_unknown_whatever_the_tag(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    foreign = builders.an_inspectee(session, places.other, places.other_office)
    answer = client.patch(f"{API}/inspectees/{foreign.id}", headers=as_banner | {"If-Match": '"x"'}, json={})
    assert answer.status_code == 404
    assert client.patch(f"{API}/inspectees/{foreign.id}", headers={"If-Match": '"x"'}, json={}).status_code == 401


def test_every_route_of_the_interface_is_conditional_and_says_so(app: FastAPI) -> None:
    described = app.openapi()["paths"]
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if not path.startswith(API):
            continue
        if not isinstance(context.original_route, ConditionalRoute):
            assert path == f"{API}/openapi.json"
            continue
        for method in context.methods or ():
            operation = described[path][method.lower()]
            headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
            if context.original_route.is_tagged:
                assert "If-None-Match" in headers
                assert "ETag" in operation["responses"]["200"]["headers"]
                assert "304" in operation["responses"]
            elif method in {"PUT", "PATCH", "DELETE"}:
                assert "If-Match" in headers
                assert "412" in operation["responses"]
