"""Responsibility areas inside one banner, and evaluation methods by version."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import InspecteeKind
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import Headers

AREAS = "/api/v1/areas"
METHODS = "/api/v1/evaluation-methods"


def outcome(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def test_the_life_of_an_area(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    body = {"region_id": places.banner.id, "name": "第一责任区"}
    added = client.post(AREAS, headers=as_banner, json=body)
    area = body | {"id": added.json()["id"]}
    assert (added.status_code, added.json()) == (201, area)
    assert outcome(client.post(AREAS, headers=as_banner, json=body)) == (409, "area_exists")
    own = f"{AREAS}/{area['id']}"
    renamed = client.patch(own, headers=as_banner, json={"name": "东城责任区"})
    assert (renamed.status_code, renamed.json()) == (200, area | {"name": "东城责任区"})
    assert client.get(own, headers=as_banner).json() == renamed.json()
    school = builders.an_inspectee(session, places.banner, places.banner_office, area_id=area["id"])
    assert outcome(client.delete(own, headers=as_banner)) == (409, "in_use")
    session.delete(school)
    session.flush()
    assert client.delete(own, headers=as_banner).status_code == 204


def test_two_banners_may_name_their_areas_alike(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    builders.an_area(session, places.other, name="第一责任区")
    body = {"region_id": places.banner.id, "name": "第一责任区"}
    assert client.post(AREAS, headers=as_banner, json=body).status_code == 201


def test_an_area_lies_in_a_banner(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.post(AREAS, headers=as_admin, json={"region_id": places.city.id, "name": "第一责任区"})
    assert outcome(answer) == (422, "region_level")


def test_a_banner_sees_and_changes_its_own_areas(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, places: Places
) -> None:
    own, foreign = builders.an_area(session, places.banner), builders.an_area(session, places.other)
    assert [item["id"] for item in client.get(AREAS, headers=as_banner).json()["items"]] == [own.id]
    assert outcome(client.get(f"{AREAS}/{foreign.id}", headers=as_banner)) == (404, "area_not_found")
    assert outcome(client.delete(f"{AREAS}/{foreign.id}", headers=as_banner)) == (404, "area_not_found")
    elsewhere = {"region_id": places.other.id, "name": "第九责任区"}
    assert outcome(client.post(AREAS, headers=as_banner, json=elsewhere)) == (403, "forbidden")
    listed = client.get(AREAS, headers=as_city, params={"region_id": places.other.id}).json()["items"]
    assert [item["id"] for item in listed] == [foreign.id]
    assert outcome(client.patch(f"{AREAS}/{own.id}", headers=as_city, json={"name": "x"})) == (403, "forbidden")


def test_the_life_of_an_evaluation_method(client: TestClient, as_admin: Headers) -> None:
    body = {"kind": "primary", "title": "小学督导评估办法", "version": "2022", "in_force_from": "2022-01-01"}
    added = client.post(METHODS, headers=as_admin, json=body)
    method = body | {"id": added.json()["id"], "in_force_to": None}
    assert (added.status_code, added.json()) == (201, method)
    assert outcome(client.post(METHODS, headers=as_admin, json=body)) == (409, "evaluation_method_exists")
    own = f"{METHODS}/{method['id']}"
    ended = client.patch(own, headers=as_admin, json={"in_force_to": "2024-12-31"})
    assert (ended.status_code, ended.json()) == (200, method | {"in_force_to": "2024-12-31"})
    backwards = client.patch(own, headers=as_admin, json={"in_force_to": "2021-12-31"})
    assert outcome(backwards) == (422, "dates_reversed")
    assert client.delete(own, headers=as_admin).status_code == 204
    assert outcome(client.get(own, headers=as_admin)) == (404, "evaluation_method_not_found")


def test_the_filters_of_the_methods(client: TestClient, session: Session, as_banner: Headers) -> None:
    builders.an_evaluation_method(session, version="2022", in_force_to=date(2024, 12, 31))
    builders.an_evaluation_method(session, version="2025", in_force_from=date(2025, 1, 1))
    builders.an_evaluation_method(session, version="幼", kind=InspecteeKind.KINDERGARTEN)

    def versions(**filters: Any) -> list[str]:
        return [item["version"] for item in client.get(METHODS, headers=as_banner, params=filters).json()["items"]]

    assert versions() == ["幼", "2022", "2025"]
    assert versions(kind="primary", in_force_on="2024-12-31") == ["2022"]
    assert versions(kind="primary", in_force_on="2025-01-01") == ["2025"]


def test_only_an_admin_changes_methods(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, as_inspector: Headers
) -> None:
    method = builders.an_evaluation_method(session)
    for headers in (as_city, as_banner):
        assert client.get(f"{METHODS}/{method.id}", headers=headers).status_code == 200
        assert outcome(client.delete(f"{METHODS}/{method.id}", headers=headers)) == (403, "forbidden")
    assert outcome(client.get(f"{METHODS}/{method.id}", headers=as_inspector))[0] == 404
