"""What is on no list of the year is not published."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Plan
from tests.app import builders
from tests.app.builders import Places
from tests.app.plans.rows import Visit, a_solved_plan
from tests.app.programmes.builders import a_programme
from tests.app.year_lists.builders import LAW, LOCAL, a_list, a_rule
from tests.conftest import Headers

OCTOBER, NEXT_MARCH = date(2022, 10, 17), date(2023, 3, 6)


def a_plan_of(session: Session, places: Places, *days: date, **changes: Any) -> Plan:
    """A solved plan of the banner with a visit of the programme ``round`` on each of the days."""
    person = builders.an_inspector(session, places.banner_office)
    visits = [Visit(builders.an_inspectee(session, places.banner, places.banner_office), [person], day) for day in days]
    return a_solved_plan(session, [places.banner_office], visits, **changes)


def publish(client: TestClient, headers: Headers, plan: Plan, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"/api/v1/plans/{plan.id}/publish", headers=headers, json=body)
    return answer.status_code, answer.json()


def test_a_programme_that_is_not_on_the_list_is_refused_with_office_and_year(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="round", name="综合督导评估")
    a_rule(session)
    a_list(session, places.banner_office, 2022, ["routine"])
    a_list(session, places.other_office, 2022, ["round"])  # another office's list does not count
    plan = a_plan_of(session, places, OCTOBER)
    status, refused = publish(client, as_banner, plan)
    assert (status, refused["code"]) == (409, "not_on_year_list")
    line = (
        f"“红山区督导室”2022 年的年度督导清单没有“综合督导评估”，其中 1 次督导（最早 2022-10-17）不能实施（{LOCAL}）。"
    )
    assert refused["details"] == {
        "plan": plan.id,
        "number": 1,
        "unlisted": [
            {
                "office": places.banner_office.id,
                "year": 2022,
                "programme": "round",
                "visits": 1,
                "first_on": "2022-10-17",
                "message": line,
            }
        ],
    }
    assert line in refused["message"]
    assert "批准文号" in refused["message"]


def test_the_faults_of_a_plan_name_what_is_on_no_list(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="round", name="综合督导评估")
    a_rule(session)
    plan = a_plan_of(session, places, OCTOBER)
    url = f"/api/v1/plans/{plan.id}/faults"
    (fault,) = client.get(url, headers=as_banner).json()["items"]
    assert fault["code"] == "year_list"
    words = "“红山区督导室”2022 年的年度督导清单没有“综合督导评估”，其中 1 次督导不能实施。"
    assert fault["message"].endswith(words)
    a_list(session, places.banner_office, 2022, ["round"])
    assert client.get(url, headers=as_banner).json()["items"] == []


def test_what_is_on_the_list_of_its_year_is_published_and_outlook_is_not_asked(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_rule(session)
    a_list(session, places.banner_office, 2022, ["round"])
    plan = a_plan_of(session, places, OCTOBER, NEXT_MARCH)
    # up to the end of 2022 the list of 2022 is enough; the visit of March needs that of 2023
    assert publish(client, as_banner, plan, until="2022-12-31")[0] == 200
    status, refused = publish(client, as_banner, plan, until="2023-12-29")
    assert (status, [each["year"] for each in refused["details"]["unlisted"]]) == (409, [2023])
    a_list(session, places.banner_office, 2023, ["round"])
    assert publish(client, as_banner, plan, until="2023-12-29")[0] == 200


@pytest.mark.parametrize("rule", [None, {"required": False}, {"first_on": date(2022, 10, 18)}])
def test_on_days_on_which_no_list_is_asked_for_none_is_needed(
    client: TestClient, session: Session, as_banner: Headers, places: Places, rule: dict[str, Any] | None
) -> None:
    if rule is not None:
        a_rule(session, **rule)
    assert publish(client, as_banner, a_plan_of(session, places, OCTOBER))[0] == 200


def test_a_document_is_not_cited_before_it_exists(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    """On 2022-09-01 nobody knows the notice of 2025, though its days are planned."""
    a_programme(session, code="round")
    a_rule(session, first_on=date(2025, 10, 14), law=True, basis=LAW)
    plan = a_plan_of(session, places, date(2025, 11, 3), last_day=date(2025, 12, 31))
    status, refused = publish(client, as_banner, plan, until="2025-12-31")
    assert (status, refused["code"]) == (409, "not_on_year_list")
    assert LAW not in str(refused)
