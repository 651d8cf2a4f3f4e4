"""What an inspector reads of the own assignments: place, clock, drive and papers."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.settings import RuleSettings
from app.duties.service import hours
from app.models import Assignment, Half, Inspector, User
from tests.app import builders
from tests.app.builders import Places
from tests.app.plans.rows import Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme
from tests.conftest import Headers

API = "/api/v1"


@pytest.fixture
def inspector(session: Session, inspector_user: User) -> Inspector:
    """The inspector whose account asks, based half a degree of latitude south of every unit."""
    person = session.get_one(Inspector, inspector_user.inspector_id)
    person.base_name, person.base_lat = "区政府", 42.0
    return person


def test_an_own_assignment_tells_place_clock_drive_and_papers(
    client: TestClient, session: Session, as_inspector: Headers, inspector: Inspector, places: Places
) -> None:
    basis = "教育督导条例第十一条"
    a_programme(session, legal_basis=basis, in_force_from=date(2022, 1, 1), notice_days=20)
    a_programme(session, version=2, in_force_from=date(2023, 1, 1), legal_basis="后来的文件", notice_days=40)
    unit = builders.an_inspectee(session, places.banner, places.banner_office, township="文钟镇", lat=42.5)
    plan = a_solved_plan(session, [places.banner_office], [Visit(unit, [inspector])])
    a_version(session, plan, places.banner_office)
    (own,) = client.get(f"{API}/me/assignments", headers=as_inspector).json()["items"]
    assert [person["name"] for person in own["team"]] == [inspector.name]
    assert (own["region"], own["township"], own["lon"], own["lat"]) == ("红山区", "文钟镇", 119.0, 42.5)
    assert (own["begins_at"], own["ends_at"]) == ("2022-10-17T08:30:00+08:00", "2022-10-17T11:30:00+08:00")
    # 6 371 000 m · π/360 = 55 597.46 m, · 1.3 = 72 276 m; / 900 m a minute = 80.3, so 81 minutes
    assert own["drive"] == {"base": "区政府", "metres": 72_276, "minutes": 81}
    assert own["documents"] == {
        "notice_due_on": "2022-09-27",  # 20 days before 17 October: the later version is not in force yet
        "basis": [
            {
                "programme": "round",
                "phase": "evaluation",
                "title": "综合督导评估",
                "legal_basis": basis,
            }
        ],
    }


def test_no_basis_is_quoted_for_a_day_before_it_was_in_force(
    client: TestClient, session: Session, as_inspector: Headers, inspector: Inspector, places: Places
) -> None:
    a_programme(session, in_force_from=date(2023, 1, 1))
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    a_version(session, a_solved_plan(session, [places.banner_office], [Visit(unit, [inspector])]), places.banner_office)
    (own,) = client.get(f"{API}/me/assignments", headers=as_inspector).json()["items"]
    assert own["documents"]["notice_due_on"] == "2022-09-16"  # by the setting, 30 days; the 17th is a Saturday
    assert own["documents"]["basis"][0]["legal_basis"] == ""


@pytest.mark.parametrize(
    ("half", "half_days", "last_on", "ends"),
    [
        (Half.AM, 1, date(2022, 10, 17), "2022-10-17T11:30:00+08:00"),
        (Half.PM, 1, date(2022, 10, 17), "2022-10-17T17:30:00+08:00"),
        (Half.AM, 2, date(2022, 10, 17), "2022-10-17T17:30:00+08:00"),
        (Half.PM, 2, date(2022, 10, 18), "2022-10-18T11:30:00+08:00"),
        (Half.AM, 3, date(2022, 10, 18), "2022-10-18T11:30:00+08:00"),
    ],
)
def test_halves_follow_one_another_by_the_clock(half: Half, half_days: int, last_on: date, ends: str) -> None:
    row = Assignment(
        plan_id=1,
        visit_id=1,
        inspectee_id=1,
        office_id=1,
        first_on=date(2022, 10, 17),
        last_on=last_on,
        half=half,
        half_days=half_days,
    )
    assert hours(RuleSettings(), row)[1].isoformat() == ends


def test_others_see_of_an_inspector_what_they_may_see(
    client: TestClient,
    session: Session,
    as_city: Headers,
    as_banner: Headers,
    as_inspector: Headers,
    inspector: Inspector,
    places: Places,
) -> None:
    here = builders.an_inspectee(session, places.banner, places.banner_office)
    there = builders.an_inspectee(session, places.other, places.city_office)
    for unit, office in ((here, places.banner_office), (there, places.city_office)):
        a_version(session, a_solved_plan(session, [office], [Visit(unit, [inspector])]), office)
    url = f"{API}/inspectors/{inspector.id}/assignments"

    def units(headers: Headers) -> set[str]:
        return {item["inspectee"] for item in client.get(url, headers=headers).json()["items"]}

    assert units(as_city) == units(as_inspector) == {here.name, there.name}
    assert units(as_banner) == {here.name}  # the city's visit in another banner is not this office's
    foreign = builders.an_inspector(session, places.other_office)
    for headers in (as_banner, as_inspector):
        assert client.get(f"{API}/inspectors/{foreign.id}/assignments", headers=headers).status_code == 404


def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client: TestClient,
    session: Session,
    as_inspector: Headers,
    inspector: Inspector,
    places: Places,
    queries: list[str],
) -> None:
    def asked(number: int, version: int) -> int:
        units = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(number)]
        plan = a_solved_plan(session, [places.banner_office], [Visit(unit, [inspector]) for unit in units])
        a_version(session, plan, places.banner_office, version)
        queries.clear()
        assert client.get(f"{API}/me/assignments", headers=as_inspector).json()["total"] == number
        return len(queries)

    assert asked(1, 1) == asked(3, 2)
