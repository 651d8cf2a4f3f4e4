"""A unit's closures and past inspections."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Closure, Inspectee, InspecteeKind
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.conftest import Headers


@pytest.fixture
def school(session: Session, places: Places) -> Inspectee:
    return builders.an_inspectee(session, places.banner, places.banner_office, name="第一小学")


@pytest.fixture
def url(school: Inspectee) -> str:
    return f"/api/v1/inspectees/{id_of(school)}"


def outcome(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def test_the_life_of_a_closure(client: TestClient, as_banner: Headers, school: Inspectee, url: str) -> None:
    body = {"first_on": "2023-04-03", "last_on": "2023-04-28", "reason": "校舍改造"}
    added = client.post(f"{url}/closures", headers=as_banner, json=body)
    closure = body | {"id": added.json()["id"], "inspectee_id": school.id}
    assert (added.status_code, added.json()) == (201, closure)
    own = f"{url}/closures/{closure['id']}"
    longer = client.patch(own, headers=as_banner, json={"last_on": "2023-05-31"})
    assert (longer.status_code, longer.json()) == (200, closure | {"last_on": "2023-05-31"})
    assert client.get(own, headers=as_banner).json() == longer.json()
    assert client.get(url, headers=as_banner).json()["closures"] == [longer.json()]
    assert client.delete(own, headers=as_banner).status_code == 204
    assert outcome(client.get(own, headers=as_banner)) == (404, "closure_not_found")


@pytest.mark.parametrize(
    ("first_on", "last_on", "expected"),
    [
        ("2023-04-28", "2023-05-05", (409, "closures_overlap")),
        ("2023-04-01", "2023-04-03", (409, "closures_overlap")),
        ("2023-05-05", "2023-05-04", (422, "dates_reversed")),
    ],
)
def test_closures_of_one_unit_share_no_day(
    client: TestClient,
    session: Session,
    as_banner: Headers,
    school: Inspectee,
    url: str,
    first_on: str,
    last_on: str,
    expected: tuple[int, str],
) -> None:
    """The school is closed from 2023-04-03 to 2023-04-28."""
    closure = builders.a_closure(session, school)
    answer = client.post(f"{url}/closures", headers=as_banner, json={"first_on": first_on, "last_on": last_on})
    assert outcome(answer) == expected
    assert session.exec(select(Closure)).all() == [closure]


def test_the_days_asked_for(
    client: TestClient, session: Session, as_banner: Headers, school: Inspectee, url: str
) -> None:
    builders.a_closure(session, school)
    builders.a_past_inspection(session, school)

    def count(path: str, **days: str) -> int:
        total: int = client.get(f"{url}/{path}", headers=as_banner, params=days).json()["total"]
        return total

    assert (count("closures", first_on="2023-04-28"), count("closures", first_on="2023-04-29")) == (1, 0)
    assert (count("closures", last_on="2023-04-03"), count("closures", last_on="2023-04-02")) == (1, 0)
    past = "past-inspections"
    assert (count(past, first_on="2019-05-20"), count(past, first_on="2019-05-21")) == (1, 0)
    assert (count(past, last_on="2019-05-20"), count(past, last_on="2019-05-19")) == (1, 0)


def test_the_life_of_a_past_inspection(client: TestClient, as_banner: Headers, school: Inspectee, url: str) -> None:
    body = {"programme_code": "round", "first_on": "2019-05-20", "half_days": 2, "comprehensive": True}
    added = client.post(f"{url}/past-inspections", headers=as_banner, json=body)
    past = body | {"id": added.json()["id"], "inspectee_id": school.id, "synthetic": False}
    assert (added.status_code, added.json()) == (201, past)
    own = f"{url}/past-inspections/{past['id']}"
    changed = client.patch(own, headers=as_banner, json={"half_days": 3})
    assert (changed.status_code, changed.json()) == (200, past | {"half_days": 3})
    assert client.get(own, headers=as_banner).json() == changed.json()
    assert outcome(client.post(f"{url}/past-inspections", headers=as_banner, json=body)) == (
        409,
        "past_inspection_exists",
    )
    assert client.delete(own, headers=as_banner).status_code == 204
    assert outcome(client.get(own, headers=as_banner)) == (404, "past_inspection_not_found")


def test_the_past_ends_with_the_working_date(client: TestClient, as_banner: Headers, url: str) -> None:
    """The working date is 2022-09-01."""
    today = {"programme_code": "round", "first_on": "2022-09-01"}
    added = client.post(f"{url}/past-inspections", headers=as_banner, json=today)
    assert added.status_code == 201
    tomorrow = client.post(f"{url}/past-inspections", headers=as_banner, json=today | {"first_on": "2022-09-02"})
    assert outcome(tomorrow) == (422, "not_past")
    moved = client.patch(
        f"{url}/past-inspections/{added.json()['id']}", headers=as_banner, json={"first_on": "2022-09-02"}
    )
    assert outcome(moved) == (422, "not_past")


def test_a_record_of_another_unit_is_unknown_under_this_one(
    client: TestClient, session: Session, as_banner: Headers, places: Places, url: str
) -> None:
    other = builders.an_inspectee(session, places.banner, places.banner_office)
    closure, past = builders.a_closure(session, other), builders.a_past_inspection(session, other)
    assert outcome(client.get(f"{url}/closures/{closure.id}", headers=as_banner)) == (404, "closure_not_found")
    assert outcome(client.delete(f"{url}/past-inspections/{past.id}", headers=as_banner)) == (
        404,
        "past_inspection_not_found",
    )


def test_a_banner_changes_nothing_of_a_city_school_that_it_sees(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    senior = builders.an_inspectee(session, places.banner, places.city_office, kind=InspecteeKind.SENIOR)
    closure, past = builders.a_closure(session, senior), builders.a_past_inspection(session, senior)
    url = f"/api/v1/inspectees/{senior.id}"
    assert client.get(f"{url}/closures/{closure.id}", headers=as_banner).status_code == 200
    for answer in (
        client.post(f"{url}/closures", headers=as_banner, json={"first_on": "2024-04-03", "last_on": "2024-04-03"}),
        client.patch(f"{url}/closures/{closure.id}", headers=as_banner, json={"reason": "x"}),
        client.delete(f"{url}/closures/{closure.id}", headers=as_banner),
        client.delete(f"{url}/past-inspections/{past.id}", headers=as_banner),
    ):
        assert outcome(answer) == (403, "forbidden")


def test_a_unit_with_its_records_by_first_day(
    client: TestClient, session: Session, as_banner: Headers, school: Inspectee, url: str
) -> None:
    builders.a_past_inspection(session, school)
    builders.a_past_inspection(session, school, first_on=date(2016, 4, 11))
    detail = client.get(url, headers=as_banner).json()
    assert [past["first_on"] for past in detail["past_inspections"]] == ["2016-04-11", "2019-05-20"]
