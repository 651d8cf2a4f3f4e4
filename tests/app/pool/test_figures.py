"""The pool of an office in figures, each worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Inspector, Office, PersonKind, PoolStage, PoolStep, Rank
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.conftest import NOW, Headers

API = "/api/v1"


def in_office(session: Session, office: Office, hours: int = 0, until: date | None = None, **fields: Any) -> Inspector:
    """Somebody appointed since 2021 and trained before, with some hours of training in 2022."""
    person = builders.an_inspector(session, office, **fields)
    builders.an_appointment(session, person, first_on=date(2021, 1, 1), last_on=until, number=fields.pop("number", 1))
    builders.an_entry_training(session, person, first_on=date(2020, 12, 1), last_on=date(2020, 12, 5))
    if hours:
        builders.an_entry_training(
            session, person, entry=False, first_on=date(2022, 3, 1), last_on=date(2022, 3, 5), hours=hours
        )
    return person


def test_figures_of_an_office(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    office = places.banner_office
    for _ in range(16):
        builders.an_inspectee(session, places.banner, office)
    builders.an_inspectee(session, places.banner, office, closed_on=date(2022, 9, 1))  # closed: is no school any more
    chief = in_office(session, office, hours=40, rank=Rank.CHIEF, name="总督学甲")
    in_office(session, office, hours=39, kind=PersonKind.PART_TIME, until=date(2022, 12, 31))
    in_office(session, office, kind=PersonKind.PART_TIME, until=date(2023, 12, 31))
    builders.an_inspector(session, office, rank=Rank.DEPUTY_CHIEF)  # never appointed: does not count
    untrained = builders.an_inspector(session, office)
    builders.an_appointment(session, untrained)  # appointed, not trained: does not count
    in_office(session, office, kind=PersonKind.EXPERT)  # no inspector: does not count
    found = client.get(f"{API}/offices/{office.id}/pool", headers=as_banner).json()
    assert found == {
        "office_id": office.id,
        "office": "红山区督导室",
        "on": "2022-09-01",
        "chief": [{"id": chief.id, "name": "总督学甲"}],
        "deputies": [],
        "inspectors": 3,
        "full_time": 1,
        "part_time": 2,
        "invited": 0,
        "part_time_per_full_time": 2.0,
        "schools": 16,
        "schools_per_inspector": 5.3,  # 16 / 3
        "most_schools_per_inspector": 5,
        "wanted": 4,  # 16 / 5, rounded up
        "missing": 1,
        "training": {"year": 2022, "required_hours": 40, "hours": 79, "reached": 1, "behind": 2},
        "appointments_ending": 1,
        "at_last_term": 0,
        "candidates": {"recommended": 0, "checked": 0, "publicised": 0, "appointed": 1, "trained": 0},
        "findings": [
            "副总督学未配备。",
            "应有督学 4 名（督学与学校 1:5，学校 16 所），在岗 3 名，缺 1 名。",
            "2022 年培训不足 40 学时的 2 名。",
            "2022 年聘期届满的 1 名。",
        ],
    }


def test_an_office_that_has_all_has_no_findings(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    for rank in (Rank.CHIEF, Rank.DEPUTY_CHIEF):
        in_office(session, places.banner_office, hours=40, rank=rank)
    for _ in range(10):
        builders.an_inspectee(session, places.banner, places.banner_office)
    found = client.get(f"{API}/offices/{places.banner_office.id}/pool", headers=as_banner).json()
    assert (found["wanted"], found["missing"], found["findings"]) == (2, 0, [])


def test_the_ratio_and_the_hours_may_be_set(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    in_office(session, places.banner_office, hours=20)
    for _ in range(10):
        builders.an_inspectee(session, places.banner, places.banner_office)
    body = {"schools_per_inspector": 10, "training_hours_per_year": 20}
    assert client.patch(f"{API}/settings", headers=as_admin, json=body).status_code == 200
    found = client.get(f"{API}/offices/{places.banner_office.id}/pool", headers=as_admin).json()
    assert (found["wanted"], found["training"]["behind"]) == (1, 0)


def test_a_term_that_is_followed_at_once_does_not_end(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    renewed = in_office(session, places.banner_office, until=date(2022, 12, 31))
    builders.an_appointment(session, renewed, first_on=date(2023, 1, 1), last_on=date(2025, 12, 31), number=2)
    ending = in_office(session, places.banner_office, until=date(2022, 12, 31))
    url = f"{API}/offices/{places.banner_office.id}/pool"
    assert client.get(url, headers=as_banner).json()["appointments_ending"] == 1
    members = client.get(f"{url}/members", headers=as_banner, params={"ends_in": 2022}).json()["items"]
    assert [member["inspector_id"] for member in members] == [ending.id]
    # on 2023-01-01 the one is out of office, the other in the second term
    stages = client.get(f"{url}/members", headers=as_banner, params={"on": "2023-01-01"}).json()["items"]
    assert {member["inspector_id"]: (member["stage"], member["term_number"]) for member in stages} == {
        renewed.id: ("in_office", 2),
        ending.id: ("ended", None),
    }


def test_members_by_stage(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    candidate = builders.an_inspector(session, places.banner_office)
    step = PoolStep(
        inspector_id=id_of(candidate),
        stage=PoolStage.CHECKED,
        first_on=date(2022, 8, 1),
        last_on=date(2022, 8, 1),
        done_by="红山区教育局",
        evidence="会议纪要",
        recorded_at=NOW,
    )
    added(session, step)
    in_office(session, places.banner_office)
    url = f"{API}/offices/{places.banner_office.id}/pool/members"
    found = client.get(url, headers=as_banner, params={"stage": "checked"}).json()
    assert [(member["inspector_id"], member["stage"]) for member in found["items"]] == [(candidate.id, "checked")]
    behind = client.get(url, headers=as_banner, params={"training_behind": True}).json()
    assert behind["total"] == 1  # only who is in office owes hours


def test_an_office_sees_its_own_pool_and_the_city_all(
    client: TestClient, as_city: Headers, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    offices = [id_of(office) for office in (places.city_office, places.banner_office, places.other_office)]
    listed = client.get(f"{API}/pool", headers=as_city).json()["items"]
    assert [each["office_id"] for each in listed] == offices
    listed = client.get(f"{API}/pool", headers=as_banner).json()["items"]
    assert [each["office_id"] for each in listed] == [offices[1]]
    for url in (f"{API}/offices/{offices[2]}/pool", f"{API}/offices/{offices[2]}/pool/members"):
        assert client.get(url, headers=as_banner).status_code == 404
    assert client.get(f"{API}/pool", headers=as_inspector).status_code == 403
    assert client.get(f"{API}/offices/{offices[1]}/pool", headers=as_inspector).status_code == 404


def test_the_figures_take_as_many_queries_for_three_offices_as_for_one(
    client: TestClient, session: Session, as_city: Headers, places: Places, queries: list[str]
) -> None:
    counts = []
    for office in (places.banner_office, places.other_office, places.city_office):
        in_office(session, office)
        queries.clear()
        assert client.get(f"{API}/pool", headers=as_city).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
