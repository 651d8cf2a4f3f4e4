"""Responsible inspectors in proportion to what each gives, and the people of responsibility areas over HTTP."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.inspectees.allotment import Giver, Ward, allot
from app.models import AreaInspector, AuditEntry, Inspectee, PersonKind, Rank, Setting
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.app.inspectees.test_areas import AREAS, outcome
from tests.conftest import Headers


def _wards(number: int, *able: int, area_id: int = 1) -> list[Ward]:
    return [Ward(f"{area_id}-{k:02}", area_id, frozenset(able)) for k in range(number)]


def test_units_are_drawn_in_proportion_to_what_each_gives() -> None:
    # 16 and 4 half-days a month: of ten units eight and two
    drawn = allot(_wards(10, 1, 2), {1: [Giver(1, 16), Giver(2, 4)]})
    assert Counter(drawn.values()) == {1: 8, 2: 2}


def test_somebody_without_an_allowance_gives_forty_half_days_and_nothing_draws_nothing() -> None:
    drawn = allot(_wards(11, 1, 2, 3), {1: [Giver(1, None), Giver(2, 4), Giver(3, 0)]})
    assert Counter(drawn.values()) == {1: 10, 2: 1}


def test_an_inspector_of_two_areas_gives_once() -> None:
    # three each of the first six; the first has them already when the next six come, so the third takes the next three,
    # and of the last three the first takes every tie
    areas = {1: [Giver(1, 8), Giver(2, 8)], 2: [Giver(1, 8), Giver(3, 8)]}
    drawn = allot([*_wards(6, 1, 2), *_wards(6, 1, 3, area_id=2)], areas)
    assert Counter(drawn.values()) == {1: 5, 2: 3, 3: 4}


def test_only_who_is_able_and_of_the_area_is_drawn() -> None:
    wards = [Ward("a", 1, frozenset({2})), Ward("b", 1, frozenset({3})), Ward("c", 2, frozenset({1}))]
    assert allot(wards, {1: [Giver(1, 16), Giver(2, 4)]}) == {"a": 2}


def test_near_people_are_drawn_first_while_they_have_time() -> None:
    # 4 half-days a month are 36 a year, half of them for routine visits: 18 at 4 visits are 4 schools
    wards = [Ward(f"{k}", 1, frozenset({1, 2}), {1: 50, 2: 10}) for k in range(6)]
    drawn = allot(wards, {1: [Giver(1, 16), Giver(2, 4)]})
    assert [drawn[ward.id] for ward in wards] == [2, 2, 2, 2, 1, 1]


def test_drives_of_the_same_quarter_of_an_hour_are_equally_near() -> None:
    wards = [Ward(f"{k}", 1, frozenset({1, 2}), {1: 14, 2: 1}) for k in range(10)]
    assert Counter(allot(wards, {1: [Giver(1, 16), Giver(2, 4)]}).values()) == {1: 8, 2: 2}


def test_nobody_is_drawn_for_more_than_the_most() -> None:
    drawn = allot(_wards(5, 1, 2), {1: [Giver(1, 16), Giver(2, 16)]}, most=2)
    assert Counter(drawn.values()) == {1: 2, 2: 2}


def test_the_same_input_gives_the_same_answer() -> None:
    areas = {1: [Giver(1, 5), Giver(2, 5), Giver(3, 5)]}
    assert allot(_wards(20, 1, 2, 3), areas) == allot(_wards(20, 1, 2, 3), areas)


def test_an_office_puts_its_own_people_into_an_area(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, places: Places
) -> None:
    area = builders.an_area(session, places.banner)
    own, citys = (builders.an_inspector(session, office) for office in (places.banner_office, places.city_office))
    url = f"{AREAS}/{area.id}/inspectors"
    added_ = client.post(url, headers=as_banner, json={"inspector_id": own.id})
    member = {
        "inspector_id": own.id,
        "name": own.name,
        "office_id": places.banner_office.id,
        "half_days_per_month": own.half_days_per_month,
    }
    assert (added_.status_code, added_.json()) == (201, member)
    assert outcome(client.post(url, headers=as_banner, json={"inspector_id": own.id})) == (409, "already_in_area")
    assert outcome(client.post(url, headers=as_banner, json={"inspector_id": citys.id})) == (403, "forbidden")
    assert client.post(url, headers=as_city, json={"inspector_id": citys.id}).status_code == 201
    assert client.get(url, headers=as_banner).json()["total"] == 2
    assert outcome(client.delete(f"{url}/{citys.id}", headers=as_banner)) == (403, "forbidden")
    assert client.delete(f"{url}/{own.id}", headers=as_banner).status_code == 204
    assert outcome(client.delete(f"{url}/{own.id}", headers=as_banner)) == (404, "not_in_area")


def test_experts_and_people_of_another_banner_are_of_no_area(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    area = builders.an_area(session, places.banner)
    expert = builders.an_inspector(session, places.banner_office, kind=PersonKind.EXPERT)
    foreign = builders.an_inspector(session, places.other_office)
    url = f"{AREAS}/{area.id}/inspectors"
    assert outcome(client.post(url, headers=as_admin, json={"inspector_id": expert.id})) == (422, "not_inspector")
    assert outcome(client.post(url, headers=as_admin, json={"inspector_id": foreign.id})) == (422, "area_elsewhere")
    assert outcome(client.post(url, headers=as_admin, json={"inspector_id": 987654})) == (422, "unknown_reference")


def test_an_area_takes_no_more_schools_than_the_setting_allows(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    added(session, Setting(key="max_schools_per_area", value=2, updated_at=datetime(2022, 9, 1, tzinfo=UTC)))
    area = builders.an_area(session, places.banner)
    schools = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(3)]
    url = "/api/v1/inspectees"
    answers = [client.patch(f"{url}/{school.id}", headers=as_banner, json={"area_id": area.id}) for school in schools]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert outcome(answers[2]) == (422, "area_full")
    # who is in it already can be changed, and a school that closed makes room
    assert client.patch(f"{url}/{schools[0].id}", headers=as_banner, json={"area_id": area.id}).status_code == 200
    closing = {"on": "2022-08-31", "reason": "撤并"}
    assert client.post(f"{url}/{schools[0].id}/end", headers=as_banner, json=closing).status_code == 200
    assert client.patch(f"{url}/{schools[2].id}", headers=as_banner, json={"area_id": area.id}).status_code == 200


def test_a_far_school_of_the_city_gets_one_of_the_banners_people_and_no_chief(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    area = builders.an_area(session, places.banner)
    people = [
        builders.an_inspector(session, office, rank=rank)
        for office, rank in (
            (places.city_office, Rank.MEMBER),
            (places.banner_office, Rank.CHIEF),
            (places.banner_office, Rank.MEMBER),
        )
    ]
    for person in people:
        added(session, AreaInspector(area_id=id_of(area), inspector_id=id_of(person)))
    # a degree of latitude is 111 km: 145 km and 161 minutes by road
    points = [(people[0].base_lon, people[0].base_lat), (people[0].base_lon, people[0].base_lat + 1)]
    near, far = (
        builders.an_inspectee(session, places.banner, places.city_office, area_id=area.id, lon=lon, lat=lat)
        for lon, lat in points
    )
    body = {"office_id": places.city_office.id}
    assert client.post(f"{AREAS}/allot", headers=as_city, json=body).json()["drawn"] == 2
    responsible = [session.get_one(Inspectee, unit.id).responsible_inspector_id for unit in (near, far)]
    assert responsible == [people[0].id, people[2].id]


def test_an_office_draws_its_responsible_inspectors_anew(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, places: Places
) -> None:
    area = builders.an_area(session, places.banner)
    people = [
        builders.an_inspector(session, places.banner_office, half_days_per_month=half_days) for half_days in (12, 4)
    ]
    for person in people:
        added(session, AreaInspector(area_id=id_of(area), inspector_id=id_of(person)))
    units = [builders.an_inspectee(session, places.banner, places.banner_office, area_id=area.id) for _ in range(4)]
    outside = builders.an_inspectee(session, places.banner, places.banner_office)
    builders.a_recusal(session, people[0], inspectee_id=units[3].id)
    body = {"office_id": places.banner_office.id}
    assert outcome(client.post(f"{AREAS}/allot", headers=as_city, json=body)) == (403, "forbidden")
    answer = client.post(f"{AREAS}/allot", headers=as_banner, json=body)
    expected = {"office_id": places.banner_office.id, "units": 5, "drawn": 4, "changed": 4, "without": [outside.id]}
    assert (answer.status_code, answer.json()) == (200, expected)
    # 12 and 4 half-days: three units and one, the one from which the first is recused
    responsible = [session.get_one(Inspectee, unit.id).responsible_inspector_id for unit in units]
    assert responsible == [people[0].id, people[0].id, people[0].id, people[1].id]
    again = client.post(f"{AREAS}/allot", headers=as_banner, json=body)
    assert again.json() == expected | {"changed": 0}
    assert len(session.exec(select(AuditEntry).where(AuditEntry.action == "allot")).all()) == 4
