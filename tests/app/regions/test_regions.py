"""The region tree: its levels, its adcodes, and what may be deleted."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Region, RegionLevel
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.conftest import Headers

REGIONS = "/api/v1/regions"

LINXI: dict[str, Any] = {
    "adcode": "150424",
    "name": "林西县",
    "short_name": "林西",
    "level": "banner",
    "seat": "林西",
    "seat_lon": 118.051,
    "seat_lat": 43.603,
    "population": 187_000,
}


def test_a_banner_joins_its_city(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.post(REGIONS, headers=as_admin, json=LINXI | {"parent_id": places.city.id})
    region_id = answer.json()["id"]
    whole = LINXI | {"id": region_id, "parent_id": places.city.id, "area_km2": None, "source": ""}
    assert (answer.status_code, answer.json()) == (201, whole)
    assert client.get(f"{REGIONS}/{region_id}", headers=as_admin).json() == whole


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"adcode": "150402"}, 409, "adcode_taken"),
        ({"adcode": "15042"}, 422, "invalid_value"),
        ({"parent_id": None}, 422, "parent_required"),
        ({"parent_id": 987654}, 422, "unknown_reference"),
        ({"level": "region"}, 422, "parent_level"),
        ({"seat_lat": "north"}, 422, "invalid_value"),
    ],
)
def test_what_is_no_banner(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    places: Places,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = client.post(REGIONS, headers=as_admin, json=LINXI | {"parent_id": places.city.id} | changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert session.exec(select(Region).where(Region.name == "林西县")).first() is None


def test_the_message_of_an_adcode_twice_names_its_bearer(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.post(REGIONS, headers=as_admin, json=LINXI | {"parent_id": places.city.id, "adcode": "150402"})
    assert answer.json()["message"] == "行政区划代码 150402 已属于“红山区”。请核对代码。"
    assert answer.json()["details"] == {"adcode": "150402", "region_id": places.banner.id}


def test_a_banner_lies_in_no_banner(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.patch(f"{REGIONS}/{places.banner.id}", headers=as_admin, json={"parent_id": places.other.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "parent_level")


def test_a_change_leaves_the_rest(client: TestClient, as_admin: Headers, places: Places) -> None:
    url = f"{REGIONS}/{places.banner.id}"
    before = client.get(url, headers=as_admin).json()
    answer = client.patch(url, headers=as_admin, json={"population": 469_079, "adcode": "150402"})
    assert (answer.status_code, answer.json()) == (200, before | {"population": 469_079})
    taken = client.patch(url, headers=as_admin, json={"adcode": "150404"})
    assert (taken.status_code, taken.json()["code"]) == (409, "adcode_taken")


def test_only_a_region_without_anything_is_deleted(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    refused = client.delete(f"{REGIONS}/{places.banner.id}", headers=as_admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    empty = builders.a_region(session, parent_id=places.city.id)
    assert client.delete(f"{REGIONS}/{empty.id}", headers=as_admin).status_code == 204
    assert client.get(f"{REGIONS}/{empty.id}", headers=as_admin).status_code == 404


def test_the_filters_of_the_list(client: TestClient, as_inspector: Headers, places: Places) -> None:
    def adcodes(**filters: Any) -> list[str]:
        answer = client.get(REGIONS, headers=as_inspector, params=filters).json()
        return [item["adcode"] for item in answer["items"]]

    assert adcodes() == ["150400", "150402", "150404"]
    assert adcodes(level="city") == ["150400"]
    assert adcodes(parent_id=id_of(places.city)) == ["150402", "150404"]
    assert adcodes(q="红山") == ["150402"]
    assert adcodes(q="0404") == ["150404"]
    assert adcodes(q="%") == []


def test_only_an_admin_changes_regions(
    client: TestClient, as_city: Headers, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    for headers in (as_city, as_banner, as_inspector):
        for answer in (
            client.post(REGIONS, headers=headers, json=LINXI | {"parent_id": places.city.id}),
            client.patch(f"{REGIONS}/{places.banner.id}", headers=headers, json={"name": "新名"}),
            client.delete(f"{REGIONS}/{places.banner.id}", headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_city_may_have_no_region_above(client: TestClient, session: Session, as_admin: Headers) -> None:
    top = builders.a_region(session, level=RegionLevel.REGION)
    city = LINXI | {"adcode": "150500", "name": "通辽市", "level": "city"}
    assert client.post(REGIONS, headers=as_admin, json=city).status_code == 201
    below = client.post(REGIONS, headers=as_admin, json=city | {"adcode": "150600", "parent_id": top.id})
    assert below.status_code == 201
