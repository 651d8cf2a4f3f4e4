"""Validation targets: the chain follows the year; external stages are dated from outside."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import AuditEntry, ValidationTarget
from tests.app import builders
from tests.app.builders import Places
from tests.app.programmes.builders import a_chain_programme, a_stage, a_target
from tests.conftest import Headers

TARGETS = "/api/v1/validation-targets"


def _chain(target: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(step["phase"], step["first_on"], step["last_on"]) for step in target["chain"]]


def test_a_target_shows_its_chain_and_the_day_of_application(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    a_chain_programme(session)
    body = {"region_id": places.banner.id, "recognition": "compulsory_quality", "target_year": 2024, "source": ""}
    answer = client.post(TARGETS, headers=as_city, json=body)
    target = answer.json()
    assert answer.status_code == 201
    assert target == body | {
        "id": target["id"],
        "region": "红山区",
        "actual_year": None,
        "status": "planned",
        "synthetic": False,
        "stages": [],
        "application_on": "2024-03-31",
        "chain": [
            {"phase": "launch", "title": "启动专项督导推动", "first_on": "2022-01-01", "last_on": "2022-12-31"},
            {"phase": "review", "title": "市级复核", "first_on": "2023-01-01", "last_on": "2023-12-31"},
        ],
    }


def test_moving_the_year_moves_the_chain_and_is_written_down(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    a_chain_programme(session)
    target = a_target(session, places.banner)
    moved = client.patch(f"{TARGETS}/{target.id}", headers=as_city, json={"target_year": 2026}).json()
    assert _chain(moved) == [("launch", "2024-01-01", "2024-12-31"), ("review", "2025-01-01", "2025-12-31")]
    entry = session.exec(select(AuditEntry)).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.noun, entry.before["target_year"], entry.after["target_year"]) == ("validation_target", 2024, 2026)


def test_a_target_stands_once_for_a_banner_a_recognition_and_a_year(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    a_target(session, places.banner)
    body = {"region_id": places.banner.id, "recognition": "compulsory_quality", "target_year": 2024}
    answer = client.post(TARGETS, headers=as_city, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "target_exists")
    assert client.post(TARGETS, headers=as_city, json=body | {"target_year": 2025}).status_code == 201


@pytest.mark.parametrize(("of", "status", "code"), [("city", 422, "target_level"), ("none", 422, "unknown_reference")])
def test_a_target_is_a_banners(
    client: TestClient, session: Session, as_city: Headers, places: Places, of: str, status: int, code: str
) -> None:
    region_id = places.city.id if of == "city" else 10**9
    body = {"region_id": region_id, "recognition": "compulsory_quality", "target_year": 2024}
    answer = client.post(TARGETS, headers=as_city, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert session.exec(select(ValidationTarget)).all() == []


def test_a_withdrawn_target_is_withdrawn_once(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    url = f"{TARGETS}/{a_target(session, places.banner).id}/end"
    end = {"on": "2023-01-01", "reason": "推迟"}
    assert client.post(url, headers=as_city, json=end).json()["status"] == "withdrawn"
    assert client.post(url, headers=as_city, json=end).json()["code"] == "already_ended"


def test_stages_are_dated_with_their_sample(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    target = a_target(session, places.banner)
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    url = f"{TARGETS}/{target.id}/stages"
    body = {
        "kind": "validation",
        "first_on": "2024-05-13",
        "last_on": "2024-05-16",
        "sampled_inspectee_ids": [school.id],
    }
    stage = client.post(url, headers=as_city, json=body).json()
    assert stage == body | {"id": stage["id"], "target_id": target.id}
    changed = client.patch(f"{url}/{stage['id']}", headers=as_city, json={"last_on": "2024-05-17"}).json()
    assert client.get(f"{url}/{stage['id']}", headers=as_city).json() == changed | {"last_on": "2024-05-17"}
    assert client.get(f"{TARGETS}/{target.id}", headers=as_city).json()["stages"] == [changed]
    assert client.delete(f"{url}/{stage['id']}", headers=as_city).status_code == 204
    assert client.delete(f"{url}/{stage['id']}", headers=as_city).status_code == 404


def test_a_school_of_another_banner_is_no_sample(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    target = a_target(session, places.banner)
    foreign = builders.an_inspectee(session, places.other, places.other_office)
    body = {"kind": "validation", "first_on": "2024-05-13", "last_on": "2024-05-16"}
    url = f"{TARGETS}/{target.id}/stages"
    answer = client.post(url, headers=as_city, json=body | {"sampled_inspectee_ids": [foreign.id]})
    assert (answer.status_code, answer.json()["code"]) == (422, "sample_elsewhere")
    answer = client.post(url, headers=as_city, json=body | {"last_on": "2024-05-12"})
    assert (answer.status_code, answer.json()["code"]) == (422, "dates_reversed")


def test_lists_hold_one_and_three_targets_in_as_many_queries(
    client: TestClient, session: Session, as_banner: Headers, places: Places, queries: list[str]
) -> None:
    a_stage(session, a_target(session, places.banner))
    queries.clear()
    assert client.get(TARGETS, headers=as_banner).json()["total"] == 1
    asked = len(queries)
    for year in (2027, 2026):
        a_stage(session, a_target(session, places.other, target_year=year))
    queries.clear()
    answer = client.get(TARGETS, headers=as_banner).json()
    assert ([each["target_year"] for each in answer["items"]], len(queries)) == ([2024, 2026, 2027], asked)


def test_the_city_changes_and_a_banner_only_reads(
    client: TestClient, session: Session, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    url = f"{TARGETS}/{a_target(session, places.banner).id}"
    assert client.get(url, headers=as_banner).json()["target_year"] == 2024
    assert client.patch(url, headers=as_banner, json={"target_year": 2025}).status_code == 403
    assert client.get(url, headers=as_inspector).status_code == 403
