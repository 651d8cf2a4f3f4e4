"""Where the aims stand: banners validated, schools and governments inspected."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import (
    AimSubject,
    InspecteeKind,
    ProgrammeRule,
    Recognition,
    RoundSubject,
    TargetStatus,
    ValidationTarget,
)
from tests.app import builders
from tests.app.builders import Places, added
from tests.app.plans.rows import Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme, a_round
from tests.app.reports.builders import an_aim
from tests.conftest import Headers

AIMS = "/api/v1/aims"


def a_target(session: Session, region_id: int | None, **changes: Any) -> ValidationTarget:
    """A banner that is to be validated as universal in pre-school education in 2025."""
    fields: dict[str, Any] = {
        "region_id": region_id,
        "recognition": Recognition.PRESCHOOL_UNIVERSAL,
        "target_year": 2025,
    }
    return added(session, ValidationTarget(**fields | changes))


def the_aim(client: TestClient, headers: Headers, **params: str) -> dict[str, Any]:
    (found,) = client.get(AIMS, headers=headers, params=params).json()["items"]
    assert isinstance(found, dict)
    return found


def test_banners_against_the_percentage(client: TestClient, session: Session, as_city: Headers, places: Places) -> None:
    aim = an_aim(session, AimSubject.PRESCHOOL_UNIVERSAL, percent=50, title="普及普惠")
    a_target(session, places.banner.id)
    a_target(session, places.other.id, target_year=2026)  # after the day due
    a_target(session, places.other.id, recognition=Recognition.COMPULSORY_QUALITY)  # another recognition
    found = the_aim(client, as_city)
    assert found == {
        "id": aim.id,
        "code": "preschool_universal",
        "title": "普及普惠",
        "subject": "preschool_universal",
        "percent": 50,
        "about": False,
        "due_on": "2025-12-31",
        "source": "规划第二章第三节",
        "on": "2022-09-01",
        "of": 2,  # the city has two banners
        "wanted": 1,
        "reached": 0,
        "planned": 1,
        "failed": 0,
        "open": 1,
        "reached_percent": 0.0,
        "named_percent": 50.0,
        "state": "on_the_way",
        "notes": ["名单共 1 个旗县区，占 2 个的 50%（规划为 50%）。"],
    }
    assert client.get(f"{AIMS}/{aim.id}", headers=as_city).json() == found


@pytest.mark.parametrize(
    ("status", "actual_year", "reached", "failed", "state"),
    [
        (TargetStatus.PASSED, 2022, 1, 0, "reached"),
        (TargetStatus.PASSED, 2023, 0, 0, "short"),  # as of 2022 not yet
        (TargetStatus.FAILED, None, 0, 1, "short"),
        (TargetStatus.WITHDRAWN, None, 0, 0, "short"),
    ],
)
def test_only_who_has_passed_by_the_day_is_reached(
    client: TestClient,
    session: Session,
    as_city: Headers,
    places: Places,
    status: TargetStatus,
    actual_year: int | None,
    reached: int,
    failed: int,
    state: str,
) -> None:
    an_aim(session, AimSubject.PRESCHOOL_UNIVERSAL, percent=50)
    a_target(session, places.banner.id, target_year=2022, status=status, actual_year=actual_year)
    found = the_aim(client, as_city)
    assert (found["reached"], found["failed"], found["state"]) == (reached, failed, state)


@pytest.mark.parametrize(("about", "wanted"), [(True, 0), (False, 1)])
def test_a_rough_percentage_is_rounded_to_the_nearest(
    client: TestClient, session: Session, as_city: Headers, about: bool, wanted: int
) -> None:
    an_aim(session, AimSubject.COMPULSORY_QUALITY, percent=20, about=about)
    assert the_aim(client, as_city)["wanted"] == wanted  # 20 % of two banners is 0.4


def test_a_target_whose_year_is_over_without_a_result_is_told(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    an_aim(session, AimSubject.PRESCHOOL_UNIVERSAL, percent=50)
    a_target(session, places.banner.id, target_year=2022)
    assert the_aim(client, as_city)["notes"][:-1] == []
    late = the_aim(client, as_city, on="2023-01-01")
    assert late["notes"][:-1] == ["1 个目标的年份已过而尚无结果，请登记。"]


def test_schools_of_the_round(client: TestClient, session: Session, as_city: Headers, places: Places) -> None:
    """Five schools: inspected here, inspected elsewhere, ahead, only outlook, and one that closed before."""
    an_aim(session, AimSubject.SCHOOLS)
    a_programme(session, code="round", covers=["primary"])
    a_round(session, name="第一轮", first_on=date(2022, 1, 1), last_on=date(2024, 12, 31))
    office = places.banner_office
    held, elsewhere, ahead, outlook = (builders.an_inspectee(session, places.banner, office) for _ in range(4))
    builders.an_inspectee(session, places.banner, office, closed_on=date(2021, 12, 31))
    builders.an_inspectee(session, places.banner, office, kind=InspecteeKind.JUNIOR)  # not covered
    builders.a_past_inspection(session, elsewhere, first_on=date(2022, 5, 16))
    builders.a_past_inspection(session, outlook, first_on=date(2021, 5, 17))  # before the round
    person = builders.an_inspector(session, office)
    days = ((held, date(2022, 8, 30)), (ahead, date(2022, 10, 17)), (outlook, date(2023, 3, 6)))
    plan = a_solved_plan(
        session, [office], [Visit(unit, [person], day) for unit, day in days], first_day=date(2022, 8, 1)
    )
    a_version(session, plan, office)  # up to the end of 2022
    found = the_aim(client, as_city)
    assert {name: found[name] for name in ("of", "wanted", "reached", "planned", "open", "state")} == {
        "of": 4,
        "wanted": 4,
        "reached": 2,
        "planned": 1,
        "open": 1,
        "state": "short",
    }
    assert found["notes"] == ["第一轮（2022-01-01 至 2024-12-31）：小学 2/4。"]
    # before the visit of August nothing of this plan had begun
    assert the_aim(client, as_city, on="2022-08-30")["reached"] == 1


def test_governments_of_their_round(client: TestClient, session: Session, as_city: Headers, places: Places) -> None:
    an_aim(session, AimSubject.GOVERNMENTS)
    a_programme(session, code="government", rule=ProgrammeRule.GOVERNMENT, covers=["government"])
    assert the_aim(client, as_city)["notes"] == ["没有登记督导轮次。"]
    a_round(session, subject=RoundSubject.GOVERNMENTS, first_on=date(2022, 1, 1), last_on=date(2024, 12, 31))
    for region in (places.banner, places.other):
        government = builders.an_inspectee(session, region, places.city_office, kind=InspecteeKind.GOVERNMENT)
    builders.a_past_inspection(session, government, programme_code="government", first_on=date(2022, 5, 16))
    found = the_aim(client, as_city)
    assert (found["of"], found["reached"], found["open"], found["state"]) == (2, 1, 1, "short")


def test_aims_are_read_by_offices_and_kept_by_the_administrator(
    client: TestClient, as_admin: Headers, as_banner: Headers, as_inspector: Headers
) -> None:
    body = {
        "code": "universal",
        "title": "普及普惠",
        "subject": "preschool_universal",
        "percent": 60,
        "about": False,
        "due_on": "2030-12-31",
        "source": "下一个规划",
    }
    assert client.post(AIMS, headers=as_banner, json=body).status_code == 403
    made = client.post(AIMS, headers=as_admin, json=body)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in body} == body
    again = client.post(AIMS, headers=as_admin, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "aim_exists")
    url = f"{AIMS}/{made.json()['id']}"
    assert client.patch(url, headers=as_admin, json={"percent": 70}).json()["percent"] == 70
    assert client.get(url, headers=as_banner).json()["percent"] == 70
    assert client.delete(url, headers=as_banner).status_code == 403
    assert client.get(AIMS, headers=as_inspector).status_code == 403
    assert client.delete(url, headers=as_admin).status_code == 204
