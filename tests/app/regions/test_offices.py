"""Offices: one for each city and banner, with cars whose days do not overlap."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import OfficeCars, RegionLevel
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import Headers

OFFICES = "/api/v1/offices"


def test_a_banner_without_an_office_gets_one(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    linxi = builders.a_region(session, parent_id=places.city.id)
    answer = client.post(OFFICES, headers=as_admin, json={"region_id": linxi.id, "name": "林西县督导室"})
    office = {"id": answer.json()["id"], "region_id": linxi.id, "name": "林西县督导室", "ended_on": None, "cars": []}
    assert (answer.status_code, answer.json()) == (201, office)
    second = client.post(OFFICES, headers=as_admin, json={"region_id": linxi.id, "name": "另一个"})
    assert (second.status_code, second.json()["code"]) == (409, "office_exists")


def test_an_autonomous_region_has_no_office_here(client: TestClient, session: Session, as_admin: Headers) -> None:
    region = builders.a_region(session, level=RegionLevel.REGION)
    answer = client.post(OFFICES, headers=as_admin, json={"region_id": region.id, "name": "督导室"})
    assert (answer.status_code, answer.json()["code"]) == (422, "office_level")


def test_an_office_changes_its_name_and_ends_once(client: TestClient, as_admin: Headers, places: Places) -> None:
    url = f"{OFFICES}/{places.banner_office.id}"
    assert client.patch(url, headers=as_admin, json={"name": "新名"}).json()["name"] == "新名"
    end = {"on": "2022-12-31", "reason": "机构合并"}
    assert client.post(f"{url}/end", headers=as_admin, json=end).json()["ended_on"] == "2022-12-31"
    again = client.post(f"{url}/end", headers=as_admin, json=end)
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")


def test_cars_follow_one_another(client: TestClient, as_admin: Headers, places: Places) -> None:
    url = f"{OFFICES}/{places.banner_office.id}"
    first = {"number": 1, "first_on": "2022-01-01", "last_on": "2022-12-31"}
    then = {"number": 2, "first_on": "2023-01-01", "last_on": None}
    assert client.post(f"{url}/cars", headers=as_admin, json=then).status_code == 201
    assert client.post(f"{url}/cars", headers=as_admin, json=first).status_code == 201
    cars = client.get(url, headers=as_admin).json()["cars"]
    assert [{key: entry[key] for key in first} for entry in cars] == [first, then]


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [("2022-12-31", None), ("2022-01-01", "2022-01-01"), ("2021-01-01", "2023-01-01"), ("2022-03-01", "2022-03-02")],
)
def test_cars_of_one_day_stand_once(
    client: TestClient, session: Session, as_admin: Headers, places: Places, first_on: str, last_on: str | None
) -> None:
    """There are two cars from 2022-01-01 to 2022-12-31; each of these shares a day with them."""
    builders.some_cars(session, places.banner_office, last_on=date(2022, 12, 31))
    url = f"{OFFICES}/{places.banner_office.id}/cars"
    answer = client.post(url, headers=as_admin, json={"number": 1, "first_on": first_on, "last_on": last_on})
    assert (answer.status_code, answer.json()["code"]) == (409, "cars_overlap")
    assert len(session.exec(select(OfficeCars)).all()) == 1


def test_cars_change_and_leave(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    cars = builders.some_cars(session, places.banner_office)
    url = f"{OFFICES}/{places.banner_office.id}/cars/{cars.id}"
    changed = client.patch(url, headers=as_admin, json={"number": 3, "last_on": "2023-06-30"}).json()
    assert (changed["number"], changed["first_on"], changed["last_on"]) == (3, "2022-01-01", "2023-06-30")
    reversed_dates = client.patch(url, headers=as_admin, json={"last_on": "2021-12-31"})
    assert (reversed_dates.status_code, reversed_dates.json()["code"]) == (422, "dates_reversed")
    assert client.delete(url, headers=as_admin).status_code == 204
    assert client.delete(url, headers=as_admin).status_code == 404


def test_cars_of_another_office_are_unknown_under_this_one(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    cars = builders.some_cars(session, places.other_office)
    url = f"{OFFICES}/{places.banner_office.id}/cars/{cars.id}"
    answer = client.patch(url, headers=as_admin, json={"number": 3})
    assert (answer.status_code, answer.json()["code"]) == (404, "cars_not_found")


def test_the_filters_of_the_list(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    places.other_office.ended_on = date(2022, 1, 1)
    session.flush()

    def names(**filters: Any) -> list[str]:
        return [item["name"] for item in client.get(OFFICES, headers=as_banner, params=filters).json()["items"]]

    city, banner, other = "赤峰市督导室", "红山区督导室", "松山区督导室"
    assert names() == [city, banner, other]
    assert names(level="banner") == [banner, other]
    assert names(region_id=places.city.id) == [city]
    assert names(ended=True) == [other]
    assert names(ended=False) == [city, banner]


def test_one_office_or_three_take_as_many_queries(
    client: TestClient, session: Session, as_admin: Headers, queries: list[str], places: Places
) -> None:
    for office in (places.city_office, places.banner_office, places.other_office):
        builders.some_cars(session, office)
    counts = []
    for size in (1, 3):
        queries.clear()
        assert len(client.get(OFFICES, headers=as_admin, params={"page_size": size}).json()["items"]) == size
        counts.append(len(queries))
    assert counts == [4, 4]  # the account, the number of offices, the offices, their cars


def test_only_an_admin_changes_offices(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    cars = builders.some_cars(session, places.banner_office)
    url = f"{OFFICES}/{places.banner_office.id}"
    for headers in (as_city, as_banner):
        for answer in (
            client.post(OFFICES, headers=headers, json={"region_id": places.city.id, "name": "督导室"}),
            client.patch(url, headers=headers, json={"name": "新名"}),
            client.post(f"{url}/end", headers=headers, json={"on": "2022-12-31", "reason": "合并"}),
            client.post(f"{url}/cars", headers=headers, json={"number": 1, "first_on": "2021-01-01"}),
            client.patch(f"{url}/cars/{cars.id}", headers=headers, json={"number": 1}),
            client.delete(f"{url}/cars/{cars.id}", headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
