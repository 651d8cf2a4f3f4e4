"""Inspected units: who owns them, what belongs to what, and who sees and changes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Inspectee, InspecteeKind, PersonKind
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.conftest import Headers

INSPECTEES = "/api/v1/inspectees"


def an_input(places: Places, **changes: Any) -> dict[str, Any]:
    return {
        "code": "S1",
        "name": "红山区第一小学",
        "kind": "primary",
        "region_id": id_of(places.banner),
        "parent_id": None,
        "township": "东城街道",
        "lon": 118.95,
        "lat": 42.27,
        "pupils": 652,
        "classes": 18,
        "boarding": False,
        "opened_on": "1998-09-01",
        "head_name": "王校长",
        "head_term_ends_on": "2024-08-31",
        "area_id": None,
        "responsible_inspector_id": None,
        "source": "学校名录",
    } | changes


def outcome(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def test_a_banner_adds_a_school(client: TestClient, as_banner: Headers, places: Places) -> None:
    answer = client.post(INSPECTEES, headers=as_banner, json=an_input(places))
    school = an_input(places) | {
        "id": answer.json()["id"],
        "owner_office_id": places.banner_office.id,
        "closed_on": None,
        "closing_reason": "",
        "synthetic": False,
    }
    assert (answer.status_code, answer.json()) == (201, school)
    detail = client.get(f"{INSPECTEES}/{school['id']}", headers=as_banner).json()
    assert detail == school | {"closures": [], "past_inspections": []}


@pytest.mark.parametrize(
    ("kind", "owner"),
    [
        ("kindergarten", "banner"),
        ("nine_year", "banner"),
        ("special", "banner"),
        ("senior", "city"),
        ("complete_secondary", "city"),
        ("vocational", "city"),
        ("government", "city"),
    ],
)
def test_the_owner_follows_from_the_kind(
    client: TestClient, as_admin: Headers, places: Places, kind: str, owner: str
) -> None:
    answer = client.post(INSPECTEES, headers=as_admin, json=an_input(places, kind=kind))
    office = {"banner": places.banner_office, "city": places.city_office}[owner]
    assert (answer.status_code, answer.json()["owner_office_id"]) == (201, office.id)


def test_the_owner_by_kind_is_a_setting_and_a_named_owner_wins(
    client: TestClient, as_admin: Headers, places: Places
) -> None:
    client.patch("/api/v1/settings", headers=as_admin, json={"owner_by_kind": {"special": "city"}})
    by_setting = client.post(INSPECTEES, headers=as_admin, json=an_input(places, kind="special"))
    named = an_input(places, kind="special", code="S2", owner_office_id=places.banner_office.id)
    by_name = client.post(INSPECTEES, headers=as_admin, json=named)
    assert by_setting.json()["owner_office_id"] == places.city_office.id
    assert by_name.json()["owner_office_id"] == places.banner_office.id


def test_without_an_office_nobody_owns_a_school(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    linxi = builders.a_region(session, parent_id=places.city.id)
    answer = client.post(INSPECTEES, headers=as_admin, json=an_input(places, region_id=linxi.id))
    assert outcome(answer) == (422, "no_owner_office")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "taken"}, 409, "code_taken"),
        ({"region_id": 987654}, 422, "unknown_reference"),
        ({"owner_office_id": 987654}, 422, "unknown_reference"),
        ({"area_id": 987654}, 422, "unknown_reference"),
        ({"responsible_inspector_id": 987654}, 422, "unknown_reference"),
        ({"kind": "teaching_point", "parent_id": 987654}, 422, "unknown_reference"),
        ({"kind": "teaching_point"}, 422, "parent_required"),
        ({"kind": "attached_class"}, 422, "parent_required"),
        ({"kind": "university"}, 422, "invalid_value"),
        ({"pupils": -1}, 422, "invalid_value"),
        ({"boarding": "yes"}, 422, "invalid_value"),
    ],
)
def test_what_is_no_unit(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    places: Places,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    builders.an_inspectee(session, places.other, places.other_office, code="taken")
    answer = client.post(INSPECTEES, headers=as_admin, json=an_input(places, **changes))
    assert outcome(answer) == (status, code)
    assert session.exec(select(Inspectee).where(Inspectee.code == "S1")).first() is None


def test_a_unit_lies_in_a_banner(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.post(INSPECTEES, headers=as_admin, json=an_input(places, region_id=places.city.id))
    assert outcome(answer) == (422, "region_level")


def test_the_owner_is_the_banner_s_office_or_its_city_s(client: TestClient, as_admin: Headers, places: Places) -> None:
    answer = client.post(INSPECTEES, headers=as_admin, json=an_input(places, owner_office_id=places.other_office.id))
    assert outcome(answer) == (422, "owner_elsewhere")


def test_a_teaching_point_belongs_to_a_school_of_its_banner(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    here = builders.an_inspectee(session, places.banner, places.banner_office)
    there = builders.an_inspectee(session, places.other, places.other_office)
    part = builders.an_inspectee(
        session, places.banner, places.banner_office, kind=InspecteeKind.ATTACHED_CLASS, parent_id=here.id
    )

    def with_parent(parent: Inspectee, kind: str = "teaching_point") -> Any:
        body = an_input(places, kind=kind, parent_id=id_of(parent))
        return client.post(INSPECTEES, headers=as_banner, json=body)

    assert outcome(with_parent(there)) == (422, "parent_elsewhere")
    assert outcome(with_parent(part)) == (422, "parent_kind")
    assert outcome(with_parent(here, "primary")) == (422, "parent_not_allowed")
    added = with_parent(here)
    assert (added.status_code, added.json()["parent_id"]) == (201, here.id)


def test_a_school_with_parts_becomes_no_part(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    central = builders.an_inspectee(session, places.banner, places.banner_office)
    url = f"{INSPECTEES}/{school.id}"
    become_part = {"kind": "teaching_point", "parent_id": central.id}
    itself = client.patch(url, headers=as_banner, json=become_part | {"parent_id": school.id})
    assert outcome(itself) == (422, "parent_kind")
    point = builders.an_inspectee(
        session, places.banner, places.banner_office, kind=InspecteeKind.TEACHING_POINT, parent_id=school.id
    )
    assert outcome(client.patch(url, headers=as_banner, json=become_part)) == (422, "has_parts")
    client.patch(f"{INSPECTEES}/{point.id}", headers=as_banner, json={"parent_id": central.id})
    assert client.patch(url, headers=as_banner, json=become_part).status_code == 200


def test_a_banner_has_one_government(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    builders.an_inspectee(session, places.banner, places.city_office, kind=InspecteeKind.GOVERNMENT)
    second = client.post(INSPECTEES, headers=as_admin, json=an_input(places, kind="government"))
    assert outcome(second) == (409, "government_exists")
    other = an_input(places, kind="government", region_id=places.other.id)
    assert client.post(INSPECTEES, headers=as_admin, json=other).status_code == 201


def test_an_area_lies_inside_one_banner(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    here = builders.an_area(session, places.banner)
    there = builders.an_area(session, places.other)
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    url = f"{INSPECTEES}/{school.id}"
    assert client.patch(url, headers=as_banner, json={"area_id": here.id}).json()["area_id"] == here.id
    assert outcome(client.patch(url, headers=as_banner, json={"area_id": there.id})) == (422, "area_elsewhere")


def test_only_an_inspector_is_responsible(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    inspector = builders.an_inspector(session, places.banner_office)
    expert = builders.an_inspector(session, places.banner_office, kind=PersonKind.EXPERT)
    url = f"{INSPECTEES}/{builders.an_inspectee(session, places.banner, places.banner_office).id}"
    named = client.patch(url, headers=as_banner, json={"responsible_inspector_id": inspector.id})
    assert named.json()["responsible_inspector_id"] == inspector.id
    refused = client.patch(url, headers=as_banner, json={"responsible_inspector_id": expert.id})
    assert outcome(refused) == (422, "responsible_not_inspector")
    stranger = builders.an_inspector(session, places.other_office, code="D-9")
    refused = client.patch(url, headers=as_banner, json={"responsible_inspector_id": stranger.id})
    assert outcome(refused) == (422, "responsible_of_another_office")


def test_a_unit_closes_after_it_opened_and_once(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    school = builders.an_inspectee(session, places.banner, places.banner_office, opened_on=date(2020, 9, 1))
    url = f"{INSPECTEES}/{school.id}/end"
    too_early = client.post(url, headers=as_banner, json={"on": "2020-08-31", "reason": "撤并"})
    assert outcome(too_early) == (422, "dates_reversed")
    closed = client.post(url, headers=as_banner, json={"on": "2023-07-31", "reason": "撤并"}).json()
    assert (closed["closed_on"], closed["closing_reason"]) == ("2023-07-31", "撤并")
    again = client.post(url, headers=as_banner, json={"on": "2023-07-31", "reason": "撤并"})
    assert outcome(again) == (409, "already_ended")
    opened_later = client.patch(f"{INSPECTEES}/{school.id}", headers=as_banner, json={"opened_on": "2023-08-01"})
    assert outcome(opened_later) == (422, "dates_reversed")


def test_who_sees_and_changes_which_units(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    own = builders.an_inspectee(session, places.banner, places.banner_office)
    senior_here = builders.an_inspectee(session, places.banner, places.city_office, kind=InspecteeKind.SENIOR)
    foreign = builders.an_inspectee(session, places.other, places.other_office)

    def statuses(headers: Headers) -> list[tuple[int, int]]:
        urls = [f"{INSPECTEES}/{unit.id}" for unit in (own, senior_here, foreign)]
        return [
            (client.get(url, headers=headers).status_code, client.patch(url, headers=headers, json={}).status_code)
            for url in urls
        ]

    assert statuses(as_banner) == [(200, 200), (200, 403), (404, 404)]
    assert statuses(as_city) == [(200, 403), (200, 200), (200, 403)]
    assert statuses(as_inspector) == [(404, 404)] * 3
    seen = [item["id"] for item in client.get(INSPECTEES, headers=as_banner).json()["items"]]
    assert seen == [own.id, senior_here.id]


def test_a_banner_adds_and_gives_away_nothing_of_others(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    own = builders.an_inspectee(session, places.banner, places.banner_office)
    senior = client.post(INSPECTEES, headers=as_banner, json=an_input(places, kind="senior"))
    elsewhere = client.post(INSPECTEES, headers=as_banner, json=an_input(places, region_id=places.other.id))
    given_away = client.patch(
        f"{INSPECTEES}/{own.id}", headers=as_banner, json={"owner_office_id": places.city_office.id}
    )
    assert [answer.status_code for answer in (senior, elsewhere, given_away)] == [403, 403, 403]


def test_the_filters_of_the_list(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    area = builders.an_area(session, places.banner)
    inspector = builders.an_inspector(session, places.banner_office)
    central = builders.an_inspectee(
        session,
        places.banner,
        places.banner_office,
        code="A",
        area_id=area.id,
        boarding=True,
        responsible_inspector_id=inspector.id,
    )
    builders.an_inspectee(
        session,
        places.banner,
        places.banner_office,
        code="B",
        kind=InspecteeKind.TEACHING_POINT,
        parent_id=central.id,
        opened_on=date(2023, 9, 1),
        closed_on=date(2024, 7, 31),
    )
    builders.an_inspectee(
        session, places.other, places.city_office, code="C", kind=InspecteeKind.SENIOR, name="松山一中"
    )

    def codes(**filters: Any) -> list[str]:
        return [item["code"] for item in client.get(INSPECTEES, headers=as_admin, params=filters).json()["items"]]

    assert codes() == ["A", "B", "C"]
    assert codes(region_id=places.banner.id) == ["A", "B"]
    assert codes(owner_office_id=places.city_office.id) == ["C"]
    assert codes(kind="senior") == ["C"]
    assert codes(parent_id=central.id) == ["B"]
    assert codes(area_id=area.id) == ["A"]
    assert codes(responsible_inspector_id=inspector.id) == ["A"]
    assert codes(boarding=True) == ["A"]
    assert codes(q="松山") == ["C"]
    # B is open from 2023-09-01 to the day before 2024-07-31
    assert codes(open_on="2023-08-31") == ["A", "C"]
    assert codes(open_on="2024-07-30") == ["A", "B", "C"]
    assert codes(open_on="2024-07-31") == ["A", "C"]


def test_one_unit_or_three_take_as_many_queries(
    client: TestClient, session: Session, as_city: Headers, queries: list[str], places: Places
) -> None:
    for _ in range(3):
        builders.a_closure(session, builders.an_inspectee(session, places.banner, places.banner_office))
    counts = []
    for size in (1, 3):
        queries.clear()
        assert len(client.get(INSPECTEES, headers=as_city, params={"page_size": size}).json()["items"]) == size
        counts.append(len(queries))
    assert counts == [3, 3]  # the account, the number of units, the units
