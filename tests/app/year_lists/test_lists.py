"""Yearly lists over HTTP: filing, what needs an approval, what may be taken off, whose list is whose."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.clock import Clock
from tests.app.builders import Places
from tests.app.programmes.builders import a_programme
from tests.app.year_lists.builders import LAW, a_list, a_rule
from tests.conftest import NOW, Headers

LISTS = "/api/v1/year-lists"
RULES = "/api/v1/year-list-rules"


def on(day: date) -> Clock:
    """The clock of another working date."""
    return Clock(working_date=day, time=lambda: NOW)


def test_a_list_is_filed_ahead_of_its_year(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="round", name="综合督导评估", in_force_from=date(2022, 6, 28))
    a_rule(session)
    body = {"office_id": places.banner_office.id, "year": 2023, "items": [{"programme_code": "round"}]}
    filed = client.post(LISTS, headers=as_banner, json=body)
    assert filed.status_code == 201
    found = filed.json()
    (item,) = found.pop("items")
    assert found == {
        "id": found["id"],
        "office_id": places.banner_office.id,
        "office": "红山区督导室",
        "year": 2023,
        "filed_on": "2022-09-01",
        "filing_on": "2023-01-31",
        "source": "",
    }
    assert item == {
        "id": item["id"],
        "programme_code": "round",
        "programme": "综合督导评估",
        "filed_on": "2022-09-01",
        "approval_number": "",
    }
    assert client.get(f"{LISTS}/{found['id']}", headers=as_banner).json() == filed.json()
    twice = client.post(LISTS, headers=as_banner, json=body)
    assert (twice.status_code, twice.json()["code"]) == (409, "year_list_exists")


@pytest.mark.parametrize(
    ("approval", "status", "code"), [("", 422, "approval_required"), ("赤教督〔2022〕9号", 201, None)]
)
def test_after_the_filing_day_an_item_needs_an_approval(
    client: TestClient,
    session: Session,
    as_banner: Headers,
    places: Places,
    approval: str,
    status: int,
    code: str | None,
) -> None:
    a_programme(session, code="round", in_force_from=date(2022, 1, 1))
    a_rule(session, first_on=date(2022, 1, 1))
    year_list = a_list(session, places.banner_office, 2022)
    body = {"programme_code": "round", "approval_number": approval}
    answer = client.post(f"{LISTS}/{year_list.id}/items", headers=as_banner, json=body)
    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize("rule", [{"first_on": date(2022, 2, 1)}, {"first_on": date(2022, 1, 1), "required": False}])
def test_where_no_list_was_asked_for_on_the_filing_day_none_is_late(
    client: TestClient, session: Session, as_banner: Headers, places: Places, rule: dict[str, object]
) -> None:
    a_programme(session, code="round", in_force_from=date(2022, 1, 1))
    a_rule(session, **rule)
    year_list = a_list(session, places.banner_office, 2022)
    answer = client.post(f"{LISTS}/{year_list.id}/items", headers=as_banner, json={"programme_code": "round"})
    assert answer.status_code == 201


def test_on_the_filing_day_it_is_not_late_and_the_day_may_be_set(
    client: TestClient, session: Session, as_banner: Headers, as_admin: Headers, places: Places
) -> None:
    a_programme(session, code="round", in_force_from=date(2022, 1, 1))
    a_rule(session, first_on=date(2022, 1, 1))
    year_list = a_list(session, places.banner_office, 2022)
    # the working date is 2022-09-01: the last day on time
    assert client.patch("/api/v1/settings", headers=as_admin, json={"year_list_day": "09-01"}).status_code == 200
    answer = client.post(f"{LISTS}/{year_list.id}/items", headers=as_banner, json={"programme_code": "round"})
    assert answer.status_code == 201


def test_only_a_programme_in_force_in_the_year_is_listed_and_only_once(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="round", in_force_from=date(2023, 1, 1), in_force_to=date(2023, 12, 31))
    of_2023, of_2024 = (a_list(session, places.banner_office, year) for year in (2023, 2024))
    body = {"programme_code": "round"}
    assert client.post(f"{LISTS}/{of_2023.id}/items", headers=as_banner, json=body).status_code == 201
    again = client.post(f"{LISTS}/{of_2023.id}/items", headers=as_banner, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "already_on_year_list")
    over = client.post(f"{LISTS}/{of_2024.id}/items", headers=as_banner, json=body)
    assert (over.status_code, over.json()["code"]) == (422, "programme_not_in_force")


@pytest.mark.parametrize(("year", "status"), [(2023, 200), (2022, 409)])
def test_what_was_filed_stays_after_the_filing_day(
    client: TestClient, session: Session, as_banner: Headers, places: Places, year: int, status: int
) -> None:
    year_list = a_list(session, places.banner_office, year, ["round"])
    url = f"{LISTS}/{year_list.id}"
    item = client.get(url, headers=as_banner).json()["items"][0]["id"]
    answer = client.delete(f"{url}/items/{item}", headers=as_banner)
    assert answer.status_code == status
    assert len(client.get(url, headers=as_banner).json()["items"]) == (0 if status == 200 else 1)


def test_each_office_files_its_own(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    a_programme(session, code="round")
    own, other = (a_list(session, office, 2023, ["round"]) for office in (places.banner_office, places.other_office))
    listed = client.get(LISTS, headers=as_banner).json()["items"]
    assert [each["id"] for each in listed] == [own.id]
    assert client.get(f"{LISTS}/{other.id}", headers=as_banner).status_code == 404
    # the city reads all and files for itself only
    found = client.get(LISTS, headers=as_city, params={"programme": "round"}).json()["items"]
    assert [each["id"] for each in found] == [own.id, other.id]
    body = {"programme_code": "round"}
    assert client.post(f"{LISTS}/{other.id}/items", headers=as_city, json=body).status_code == 403
    assert client.get(LISTS, headers=as_inspector).status_code == 403


def test_rules_follow_one_another_and_are_cited_from_their_first_day_on(
    client: TestClient, session: Session, as_admin: Headers, as_city: Headers
) -> None:
    local = a_rule(session)
    body = {"required": True, "first_on": "2025-10-14", "last_on": None, "law": True, "basis": LAW}
    assert client.post(RULES, headers=as_city, json=body).status_code == 403
    overlap = client.post(RULES, headers=as_admin, json=body)
    assert (overlap.status_code, overlap.json()["code"]) == (409, "year_list_rules_overlap")
    url = f"{RULES}/{local.id}"
    ended = client.post(f"{url}/end", headers=as_admin, json={"on": "2025-10-13", "reason": "改为国家规定"})
    assert ended.json()["last_on"] == "2025-10-13"
    law = client.post(RULES, headers=as_admin, json=body).json()
    assert law == body | {"id": law["id"]}
    for day, expected in (("2025-10-13", local.id), ("2025-10-14", law["id"])):
        found = client.get(RULES, headers=as_city, params={"in_force_on": day}).json()["items"]
        assert [each["id"] for each in found] == [expected]
    assert client.patch(url, headers=as_admin, json={"required": False}).json()["required"] is False
    assert client.get(url, headers=as_city).json()["required"] is False
