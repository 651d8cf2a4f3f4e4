"""What the rules ask and what the offices can do, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests.app import builders
from tests.app.builders import Places
from tests.app.planning.builders import World, a_world, somebody
from tests.app.programmes.builders import a_target
from tests.conftest import Headers

VISITS, CAPACITY = "/api/v1/visits", "/api/v1/capacity"
TO_2025 = {"region": "150400", "last_day": "2025-12-31"}


@pytest.fixture
def world(session: Session, places: Places) -> World:
    return a_world(session, places)


def test_a_visit_is_shown_with_all_that_it_asks(client: TestClient, as_banner: Headers, world: World) -> None:
    answer = client.get(VISITS, headers=as_banner, params={"region": "150402", "last_day": "2025-12-31"})
    assert answer.json() == {
        "items": [
            {
                "visit": f"round-{world.round_id}-{world.school.id}",
                "inspectee_id": world.school.id,
                "inspectee": "红山一小",
                "region_id": world.places.banner.id,
                "office_id": world.places.banner_office.id,
                "half_days": 2,
                "earliest": "2023-01-01",
                "latest": "2025-12-31",
                "late": False,
                "due_on": None,
                "team_size": 3,
                "requires": {"inspector": 3, "lead": 1},
                "pool": ["pool:150402"],
                "weight": 10,
                "burden": 1,
                "serves": [{"programme": "round", "phase": "evaluation"}],
                "alone_because": None,
            }
        ],
        "total": 1,
        "page": 1,
        "page_size": 50,
        "unplanned": [],
    }


def test_duties_without_a_visit_are_shown_with_the_reason(
    client: TestClient, session: Session, as_city: Headers, world: World
) -> None:
    a_target(session, world.places.banner, target_year=2022)
    answer = client.get(VISITS, headers=as_city, params=TO_2025 | {"programme": "compulsory_quality"}).json()
    assert answer["items"] == []
    found = [(duty["phase"], duty["reason"], duty["due_on"]) for duty in answer["unplanned"]]
    assert found == [("launch", "missed", "2020-12-31"), ("review", "missed", "2021-12-31")]
    assert answer["unplanned"][1]["message"] == (
        "义务教育优质均衡市级复核应于 2021-12-31 前完成，已逾期，无法补做（须在 2022-03-31 的下一环节之前结束）。"
        "可将验收目标由 2022 年改为 2023 年。"
    )


def test_by_default_the_rules_are_asked_for_what_is_left_of_the_year(
    client: TestClient, as_city: Headers, world: World
) -> None:
    # On 2022-09-01 that is to 2022-12-31: the rounds begin later.
    assert client.get(VISITS, headers=as_city, params={"region": world.places.city.id}).json()["total"] == 0


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"region": "999999"}, 404, "region_not_found"),
        ({"region": "150400", "first_day": "2023-01-02", "last_day": "2023-01-01"}, 422, "dates_reversed"),
        ({"region": "150400", "last_day": "2029-01-01"}, 422, "too_long"),
        ({}, 422, "missing_field"),
    ],
)
@pytest.mark.parametrize("url", [VISITS, CAPACITY])
def test_a_faulty_question_is_told_why(
    client: TestClient, as_city: Headers, world: World, url: str, params: dict[str, str], status: int, code: str
) -> None:
    assert world.school.id is not None
    answer = client.get(url, headers=as_city, params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_banner_sees_its_own_and_the_citys_in_its_banner(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, world: World
) -> None:
    builders.an_inspectee(session, world.places.other, world.places.other_office)

    def units(headers: Headers) -> set[str]:
        return {visit["inspectee"] for visit in client.get(VISITS, headers=headers, params=TO_2025).json()["items"]}

    assert units(as_banner) == {"红山一小", "红山区人民政府"}
    assert len(units(as_city)) == 3


def test_an_inspector_asks_in_vain(client: TestClient, as_inspector: Headers) -> None:
    assert client.get(VISITS, headers=as_inspector, params=TO_2025).status_code == 403
    assert client.get(CAPACITY, headers=as_inspector, params=TO_2025).status_code == 403


def _cells(client: TestClient, headers: Headers, **params: Any) -> list[dict[str, Any]]:
    query = {"region": "150402", "first_day": "2023-06-01", "last_day": "2023-07-31", **params}
    found: list[dict[str, Any]] = client.get(CAPACITY, headers=headers, params=query).json()["items"]
    return found


def test_half_days_asked_stand_against_half_days_available(
    client: TestClient, session: Session, as_banner: Headers, world: World
) -> None:
    # A school due by 2023-07-31 (inspected on 2018-07-31): 2 half-days x 3 people. Open are the working days until
    # 2023-07-03, the last week of the term left out: 22 in June, 1 in July. June asks 6 x 22/23 = 5.7, July 0.3.
    # Available are 4 half-days a month of one person, and of another the working days of June (44) and July (42).
    builders.a_past_inspection(session, world.school, first_on=date(2018, 7, 31))
    somebody(session, world.places.banner_office, half_days_per_month=4)
    somebody(session, world.places.banner_office)
    june, july = _cells(client, as_banner)
    assert (june["month"], june["asked"], june["held"], june["available"]) == ("2023-06-01", 6, 0, 48)
    assert (july["month"], july["asked"], july["held"], july["available"]) == ("2023-07-01", 0, 0, 46)
    assert {entry["tag"]: (entry["asked"], entry["available"]) for entry in june["by_tag"]} == {
        "full_time": (0, 48),
        "inspector": (6, 48),
        "lead": (2, 0),
    }


def test_an_office_asks_for_itself_alone(client: TestClient, as_city: Headers, world: World) -> None:
    found = _cells(client, as_city, region="150400", office=world.places.other_office.id)
    assert {cell["office_id"] for cell in found} == {world.places.other_office.id}
