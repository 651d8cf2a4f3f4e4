"""Asking for a plan and cancelling it: what is taken, and each way in which it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.settings import RuleSettings
from app.models import DayKind, Plan, PlanState, Setting
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.app.plans.rows import NOW, a_plan
from tests.conftest import Headers

PLANS = "/api/v1/plans"
WISH = {"name": "试排", "region": "150402", "first_day": "2022-09-01", "last_day": "2023-12-29", "seconds": 5}


@pytest.fixture(autouse=True)
def years(session: Session) -> None:
    """The calendar knows 2022 and 2023."""
    for year in (2022, 2023):
        builders.a_calendar_year(session, year)


def test_a_plan_waits_in_the_queue_and_says_where_it_is(
    client: TestClient, as_banner: Headers, places: Places, session: Session
) -> None:
    answer = client.post(PLANS, headers=as_banner, json=WISH)
    assert answer.status_code == 202
    plan = session.exec(select(Plan)).one()
    assert answer.headers["Location"] == f"{PLANS}/{plan.id}"
    assert client.get(answer.headers["Location"], headers=as_banner).json() == answer.json()
    assert (plan.state, plan.working_on) == (PlanState.QUEUED, date(2022, 9, 1))
    assert plan.office_ids == [places.banner_office.id]


def offices_asked(client: TestClient, headers: Headers, region: str) -> list[int] | str:
    """The offices whose visits a plan for the region plans, or the code of the refusal."""
    answer = client.post(PLANS, headers=headers, json=WISH | {"region": region}).json()
    found: list[int] | str = answer.get("offices", answer.get("code"))
    return found


def test_whose_visits_are_planned(
    client: TestClient, as_admin: Headers, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    city, banner, other = (id_of(office) for office in (places.city_office, places.banner_office, places.other_office))
    assert offices_asked(client, as_admin, "150400") == [city, banner, other]
    assert offices_asked(client, as_admin, "150404") == [other]
    assert offices_asked(client, as_city, "150400") == [city]
    assert offices_asked(client, as_city, "150402") == "forbidden"
    assert offices_asked(client, as_banner, "150402") == [banner]
    assert offices_asked(client, as_banner, str(places.banner.id)) == [banner]
    assert offices_asked(client, as_banner, "150404") == "forbidden"
    assert offices_asked(client, as_banner, "150400") == "forbidden"


def test_a_setting_lets_the_city_plan_for_its_banners(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    assert not RuleSettings().city_plans_banners
    added(session, Setting(key="city_plans_banners", value=True, updated_at=NOW))
    offices = [id_of(office) for office in (places.city_office, places.banner_office, places.other_office)]
    assert offices_asked(client, as_city, "150400") == offices


def test_an_inspector_asks_for_no_plan(client: TestClient, as_inspector: Headers) -> None:
    answer = client.post(PLANS, headers=as_inspector, json=WISH)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"region": "999999"}, "unknown_region"),
        ({"first_day": "2023-12-30"}, "dates_reversed"),
        ({"first_day": "2022-08-01", "last_day": "2022-08-31"}, "plan_in_the_past"),
        ({"last_day": "2029-12-31"}, "plan_too_long"),
        ({"last_day": "2024-01-05"}, "calendar_unknown"),
        ({"first_day": "2022-09-03", "last_day": "2022-09-04"}, "plan_over_no_days"),  # a Saturday and a Sunday
        ({"based_on": 987654}, "unknown_basis"),
        ({"seconds": 0}, "invalid_value"),
        ({"seconds": 86_401}, "invalid_value"),
        ({"name": ""}, "invalid_value"),
        ({"first_day": "2022-13-01"}, "invalid_value"),
    ],
)
def test_each_wrong_wish_has_its_own_refusal_and_changes_nothing(
    client: TestClient, as_admin: Headers, session: Session, places: Places, changes: dict[str, Any], code: str
) -> None:
    assert places.banner.adcode == WISH["region"]
    answer = client.post(PLANS, headers=as_admin, json=WISH | changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert session.exec(select(Plan)).all() == []


def test_a_weekend_that_is_worked_can_be_planned(
    client: TestClient, as_admin: Headers, session: Session, places: Places
) -> None:
    assert places.banner.adcode == WISH["region"]
    builders.a_calendar_day(session, date(2022, 9, 4), DayKind.MAKE_UP_DAY, "补班")
    answer = client.post(PLANS, headers=as_admin, json=WISH | {"first_day": "2022-09-03", "last_day": "2022-09-04"})
    assert answer.status_code == 202


def test_a_basis_is_a_solved_plan_of_the_same_region(
    client: TestClient, as_admin: Headers, session: Session, places: Places
) -> None:
    solved = a_plan(session, [places.banner_office], state=PlanState.SOLVED)
    waiting = a_plan(session, [places.banner_office])
    elsewhere = a_plan(session, [places.other_office], state=PlanState.SOLVED)
    codes = [
        client.post(PLANS, headers=as_admin, json=WISH | {"based_on": plan.id}).json().get("code")
        for plan in (solved, waiting, elsewhere)
    ]
    assert codes == [None, "basis_not_solved", "basis_of_other_region"]


def test_a_waiting_plan_is_cancelled_at_once_and_one_at_work_is_marked(
    client: TestClient, as_banner: Headers, session: Session, places: Places
) -> None:
    waiting = a_plan(session, [places.banner_office])
    at_work = a_plan(session, [places.banner_office], state=PlanState.SOLVING)
    answers = [client.post(f"{PLANS}/{plan.id}/cancel", headers=as_banner) for plan in (waiting, at_work)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [answer.json()["state"] for answer in answers] == ["cancelled", "solving"]
    marked = NOW.isoformat().replace("+00:00", "Z")
    assert [answer.json()["cancel_requested_at"] for answer in answers] == [marked, marked]


def test_a_finished_plan_is_not_cancelled(
    client: TestClient, as_admin: Headers, session: Session, places: Places
) -> None:
    plan = a_plan(session, [places.banner_office], state=PlanState.SOLVED)
    answer = client.post(f"{PLANS}/{plan.id}/cancel", headers=as_admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_finished")


def test_who_may_cancel(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    of_city = a_plan(session, [places.city_office])
    of_other = a_plan(session, [places.other_office])
    status = {
        (name, plan.id): client.post(f"{PLANS}/{plan.id}/cancel", headers=headers).status_code
        for name, headers in (("city", as_city), ("banner", as_banner))
        for plan in (of_other, of_city)
    }
    # the city sees a banner's plan but it is not the city's to change; the banner sees neither
    assert status == {
        ("city", of_other.id): 403,
        ("city", of_city.id): 202,
        ("banner", of_other.id): 404,
        ("banner", of_city.id): 404,
    }
