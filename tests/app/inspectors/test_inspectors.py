"""People who inspect: whom an office sees and changes, and what a person must be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Inspector, PersonKind, Rank, User
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.conftest import Headers

INSPECTORS = "/api/v1/inspectors"


def an_input(places: Places, **changes: Any) -> dict[str, Any]:
    return {
        "code": "D1",
        "name": "王督学",
        "kind": "part_time",
        "rank": "leader",
        "office_id": id_of(places.banner_office),
        "base_name": "红山区教育局",
        "base_lon": 118.955,
        "base_lat": 42.268,
        "skills": ["compulsory", "finance"],
        "weekdays": [1, 3],
        "half_days_per_month": 4,
        "half_days_per_year": 40,
        "load_before_half_days": 2,
        "card_number": "NM-0001",
        "phone": "0476-0000000",
    } | changes


def test_a_banner_adds_a_person(client: TestClient, as_banner: Headers, places: Places) -> None:
    answer = client.post(INSPECTORS, headers=as_banner, json=an_input(places))
    person = an_input(places) | {"id": answer.json()["id"], "ended_on": None, "synthetic": False}
    assert (answer.status_code, answer.json()) == (201, person)
    nothing_yet: dict[str, Any] = {
        "appointments": [],
        "trainings": [],
        "employments": [],
        "absences": [],
        "recusals": [],
    }
    assert client.get(f"{INSPECTORS}/{person['id']}", headers=as_banner).json() == person | nothing_yet


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "taken"}, 409, "code_taken"),
        ({"kind": "expert", "rank": "leader"}, 422, "rank_of_non_inspector"),
        ({"skills": ["cooking"]}, 422, "invalid_value"),
        ({"weekdays": []}, 422, "invalid_value"),
        ({"office_id": 987654}, 422, "unknown_reference"),
    ],
)
def test_what_is_no_person(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    places: Places,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    builders.an_inspector(session, places.other_office, code="taken")
    answer = client.post(INSPECTORS, headers=as_admin, json=an_input(places, **changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert session.exec(select(Inspector).where(Inspector.name == "王督学")).first() is None


def test_an_expert_is_a_member(client: TestClient, as_banner: Headers, places: Places) -> None:
    answer = client.post(INSPECTORS, headers=as_banner, json=an_input(places, kind="expert", rank="member"))
    assert answer.status_code == 201


def test_an_ended_office_takes_nobody(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    places.banner_office.ended_on = date(2022, 1, 1)
    session.flush()
    answer = client.post(INSPECTORS, headers=as_admin, json=an_input(places))
    assert (answer.status_code, answer.json()["code"]) == (422, "office_ended")


def test_a_change_leaves_the_rest(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    person = builders.an_inspector(session, places.banner_office, weekdays=[1, 2])
    url = f"{INSPECTORS}/{person.id}"
    before = {item["id"]: item for item in client.get(INSPECTORS, headers=as_banner).json()["items"]}[person.id]
    answer = client.patch(url, headers=as_banner, json={"rank": "chief", "weekdays": None})
    assert (answer.status_code, answer.json()) == (200, before | {"rank": "chief", "weekdays": None})


def test_who_has_had_four_terms_does_not_become_part_time(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    person = builders.an_inspector(session, places.banner_office)
    builders.an_appointment(session, person, number=4)
    answer = client.patch(f"{INSPECTORS}/{person.id}", headers=as_banner, json={"kind": "part_time"})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_terms")
    session.refresh(person)
    assert person.kind is PersonKind.FULL_TIME


def test_leaving_keeps_the_person(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    person = builders.an_inspector(session, places.banner_office)
    url = f"{INSPECTORS}/{person.id}/end"
    end = {"on": "2022-12-31", "reason": "退休"}
    assert client.post(url, headers=as_banner, json=end).json()["ended_on"] == "2022-12-31"
    again = client.post(url, headers=as_banner, json=end)
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")


def test_an_office_changes_its_own_people_only(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    own = builders.an_inspector(session, places.banner_office)
    of_city = builders.an_inspector(session, places.city_office)
    foreign = builders.an_inspector(session, places.other_office)

    def status(headers: Headers, person: Inspector) -> tuple[int, int]:
        url = f"{INSPECTORS}/{person.id}"
        got = client.get(url, headers=headers).status_code
        return got, client.patch(url, headers=headers, json={"phone": "1"}).status_code

    assert [status(as_banner, person) for person in (own, of_city, foreign)] == [(200, 200), (404, 404), (404, 404)]
    assert [status(as_city, person) for person in (own, of_city, foreign)] == [(200, 403), (200, 200), (200, 403)]
    seen = [item["id"] for item in client.get(INSPECTORS, headers=as_banner).json()["items"]]
    assert seen == [own.id]


def test_nobody_moves_a_person_to_an_office_that_is_not_his(
    client: TestClient, session: Session, as_banner: Headers, as_admin: Headers, places: Places
) -> None:
    person = builders.an_inspector(session, places.banner_office)
    move = {"office_id": places.other_office.id}
    assert client.patch(f"{INSPECTORS}/{person.id}", headers=as_banner, json=move).status_code == 403
    assert client.post(INSPECTORS, headers=as_banner, json=an_input(places, **move)).status_code == 403
    assert client.patch(f"{INSPECTORS}/{person.id}", headers=as_admin, json=move).status_code == 200


def test_an_inspector_reads_the_own_data_and_changes_none(
    client: TestClient, session: Session, as_inspector: Headers, inspector_user: User, places: Places
) -> None:
    colleague = builders.an_inspector(session, places.banner_office)
    own = f"{INSPECTORS}/{inspector_user.inspector_id}"
    listed = client.get(INSPECTORS, headers=as_inspector).json()["items"]
    assert [item["id"] for item in listed] == [inspector_user.inspector_id]
    assert client.get(own, headers=as_inspector).status_code == 200
    assert client.get(f"{INSPECTORS}/{colleague.id}", headers=as_inspector).status_code == 404
    assert client.patch(own, headers=as_inspector, json={"phone": "1"}).status_code == 403


def test_the_filters_of_the_list(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    builders.an_inspector(session, places.city_office, code="A", rank=Rank.CHIEF, skills=["finance"])
    part_time = builders.an_inspector(session, places.banner_office, code="B", kind=PersonKind.PART_TIME, name="李敏")
    builders.an_inspector(session, places.banner_office, code="C", ended_on=date(2022, 6, 30))
    builders.an_appointment(session, part_time, first_on=date(2022, 1, 1), last_on=date(2022, 12, 31))

    def codes(**filters: Any) -> list[str]:
        return [item["code"] for item in client.get(INSPECTORS, headers=as_admin, params=filters).json()["items"]]

    assert codes() == ["A", "B", "C"]
    assert codes(office_id=places.banner_office.id) == ["B", "C"]
    assert codes(kind="part_time") == ["B"]
    assert codes(rank="chief") == ["A"]
    assert codes(skill="finance") == ["A"]
    assert codes(skill="mongolian") == []
    assert (codes(ended=True), codes(ended=False)) == (["C"], ["A", "B"])
    assert codes(q="李") == ["B"]
    assert (codes(appointed_on="2022-12-31"), codes(appointed_on="2023-01-01")) == (["B"], [])


def test_one_person_or_three_take_as_many_queries(
    client: TestClient, session: Session, as_admin: Headers, queries: list[str], places: Places
) -> None:
    for _ in range(3):
        builders.an_appointment(session, builders.an_inspector(session, places.city_office))
    counts = []
    for size in (1, 3):
        queries.clear()
        assert len(client.get(INSPECTORS, headers=as_admin, params={"page_size": size}).json()["items"]) == size
        counts.append(len(queries))
    assert counts == [3, 3]  # the account, the number of people, the people
