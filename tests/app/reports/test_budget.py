"""The budget: rates and costs over HTTP, and planned against actual, each split adding up to the whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import CostKind, PersonKind, Plan, PlannedVisit, ServedProgramme
from tests.app import builders
from tests.app.builders import Places, added
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_solved_plan, a_version, stands
from tests.app.programmes.builders import a_programme
from tests.app.reports.builders import a_cost, a_rate
from tests.conftest import Headers

API = "/api/v1"
RATES, COSTS, BUDGET = f"{API}/cost-rates", f"{API}/actual-costs", f"{API}/budget"
Json = dict[str, Any]

QUANTITIES = ("visits", "metres", "nights", "expert_half_days")
MONEY = ("travel_fen", "night_fen", "expert_fen")


def some_rates(session: Session) -> None:
    """A yuan a kilometre, 300 a night, 400 for half a day of an expert."""
    a_rate(session, CostKind.TRAVEL, 100)
    a_rate(session, CostKind.NIGHT, 30_000)
    a_rate(session, CostKind.EXPERT, 40_000)


def a_plan_in_force(session: Session, places: Places) -> Plan:
    """A visit on Monday morning 14 455 m from the base of a team of one inspector and one expert."""
    office = places.banner_office
    unit = builders.an_inspectee(session, places.banner, office)  # at 42.1° north, the bases at 42.0°
    team = [builders.an_inspector(session, office), builders.an_inspector(session, office, kind=PersonKind.EXPERT)]
    plan = a_solved_plan(session, [office], [Visit(unit, team)])
    a_version(session, plan, office)
    return plan


def test_the_planned_cost_of_a_visit(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    a_programme(session, code="round", name="综合督导评估")
    some_rates(session)
    a_plan_in_force(session, places)
    a_cost(session, places.banner_office, places.banner, 50_000)
    found = client.get(BUDGET, headers=as_banner).json()
    # two people there and back: 4 · 14 455 = 57 820 m, 57.82 yuan; half a day of one expert
    planned = {
        "visits": 1,
        "metres": 57_820,
        "nights": 0,
        "expert_half_days": 1,
        "travel_fen": 5_782,
        "night_fen": 0,
        "expert_fen": 40_000,
        "fen": 45_782,
    }
    actual = {"travel_fen": 50_000, "night_fen": 0, "expert_fen": 0, "other_fen": 0, "fen": 50_000}
    both = {"planned": planned, "actual": actual, "left_fen": -4_218}
    assert found == {
        "plan_id": None,
        "whole": {"key": "", "name": "合计"} | both,
        "by_programme": [{"key": "round", "name": "综合督导评估"} | both],
        "by_banner": [{"key": str(places.banner.id), "name": "红山区"} | both],
        "by_year": [{"key": "2022", "name": "2022 年"} | both],
        "unpriced": [],
    }
    lines = client.get(f"{BUDGET}/lines", headers=as_banner).json()
    assert lines["items"] == [
        {
            "office_id": places.banner_office.id,
            "office": "红山区督导室",
            "programme_code": "round",
            "programme": "综合督导评估",
            "region_id": places.banner.id,
            "region": "红山区",
            "year": 2022,
        }
        | both
    ]


def test_every_split_adds_up_to_the_whole(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    """Three visits in two banners, one of them of three programmes; one far away, with nights; costs beside."""
    for code in ("round", "government", "thematic"):
        a_programme(session, code=code)
    a_rate(session, CostKind.TRAVEL, 137)  # leaves a remainder nearly everywhere
    a_rate(session, CostKind.NIGHT, 30_001)
    a_rate(session, CostKind.EXPERT, 40_001)
    office = places.city_office
    near = builders.an_inspectee(session, places.banner, office)
    far = builders.an_inspectee(session, places.other, office, lat=43.2)
    team = [builders.an_inspector(session, office, kind=kind) for kind in (PersonKind.FULL_TIME, PersonKind.EXPERT)]
    next_year = Visit(builders.an_inspectee(session, places.other, office), team, date(2023, 3, 6))
    plan = a_solved_plan(session, [office], [Visit(near, team, MONDAY), Visit(far, team, TUESDAY), next_year])
    for code in ("government", "thematic"):
        visit_id = stands(session, plan)[f"round-1-{far.id}"].visit_id
        added(session, ServedProgramme(visit_id=visit_id, programme_code=code, phase="evaluation"))
    a_cost(session, office, places.other, 777, programme_code="thematic", kind=CostKind.OTHER)
    found = client.get(BUDGET, headers=as_city, params={"plan": plan.id}).json()

    whole = found["whole"]
    assert whole["planned"]["visits"] == 3
    assert whole["planned"]["nights"] > 0
    lines = client.get(f"{BUDGET}/lines", headers=as_city, params={"plan": plan.id}).json()["items"]
    splits = [found["by_programme"], found["by_banner"], found["by_year"], lines]
    assert [len(split) for split in splits] == [3, 2, 2, 5]
    for split in splits:
        for part in ("planned", "actual"):
            summed = {name: sum(each[part][name] for each in split) for name in whole[part]}
            assert summed == whole[part]
        assert sum(each["left_fen"] for each in split) == whole["left_fen"]


def test_a_filter_gives_the_part_that_the_split_shows(
    client: TestClient, session: Session, as_city: Headers, places: Places
) -> None:
    some_rates(session)
    office = places.city_office
    person = builders.an_inspector(session, office)
    visits = [
        Visit(builders.an_inspectee(session, region, office), [person], day)
        for region, day in ((places.banner, MONDAY), (places.other, TUESDAY))
    ]
    plan = a_solved_plan(session, [office], visits)
    by_banner = client.get(BUDGET, headers=as_city, params={"plan": plan.id}).json()["by_banner"]
    assert len(by_banner) == 2
    for part in by_banner:
        params = {"plan": plan.id, "region_id": part["key"]}
        whole = client.get(BUDGET, headers=as_city, params=params).json()["whole"]
        assert whole["planned"] == part["planned"]
    assert client.get(BUDGET, headers=as_city, params={"plan": plan.id, "year": 2021}).json()["by_year"] == []


def test_quantities_on_days_without_a_rate_are_told_and_cost_nothing(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_rate(session, CostKind.TRAVEL, 100, last_on=date(2022, 10, 16))  # the day before the visit
    a_plan_in_force(session, places)
    found = client.get(BUDGET, headers=as_banner).json()
    assert found["whole"]["planned"]["fen"] == 0
    assert found["unpriced"] == [
        {"kind": "travel", "quantity": 57_820, "unit": "米"},
        {"kind": "expert", "quantity": 1, "unit": "人次（按半天计）"},
    ]


def test_each_day_has_its_rate(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    a_rate(session, CostKind.TRAVEL, 100, last_on=date(2022, 10, 16))
    a_rate(session, CostKind.TRAVEL, 200, first_on=date(2022, 10, 17))  # the day of the visit
    a_plan_in_force(session, places)
    assert client.get(BUDGET, headers=as_banner).json()["whole"]["planned"]["travel_fen"] == 11_564


def test_outlook_is_not_in_force_and_stands_in_the_plan(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    some_rates(session)
    office = places.banner_office
    visit = Visit(builders.an_inspectee(session, places.banner, office), [builders.an_inspector(session, office)])
    plan = a_solved_plan(session, [office], [visit])
    a_version(session, plan, office, until=date(2022, 9, 30))
    assert client.get(BUDGET, headers=as_banner).json()["whole"]["planned"]["visits"] == 0
    of_plan = client.get(BUDGET, headers=as_banner, params={"plan": plan.id}).json()
    assert (of_plan["plan_id"], of_plan["whole"]["planned"]["visits"]) == (plan.id, 1)


def test_an_unannounced_visit_costs_nothing_to_who_may_not_know_of_it(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    plan = a_plan_in_force(session, places)
    visit = session.exec(select(PlannedVisit).where(PlannedVisit.plan_id == plan.id)).one()
    visit.unannounced = True
    session.flush()
    seen = [
        client.get(BUDGET, headers=headers).json()["whole"]["planned"]["visits"] for headers in (as_city, as_banner)
    ]
    assert seen == [0, 1]  # it is the banner's


def test_an_office_sees_its_own_costs_and_the_city_all(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    own = a_cost(session, places.banner_office, places.banner, 100)
    other = a_cost(session, places.other_office, places.other, 200)
    assert client.get(BUDGET, headers=as_city).json()["whole"]["actual"]["fen"] == 300
    assert client.get(BUDGET, headers=as_banner).json()["whole"]["actual"]["fen"] == 100
    listed = client.get(COSTS, headers=as_banner).json()["items"]
    assert [each["id"] for each in listed] == [own.id]
    assert client.get(f"{COSTS}/{other.id}", headers=as_banner).status_code == 404
    assert client.patch(f"{COSTS}/{other.id}", headers=as_city, json={"fen": 1}).status_code == 403
    foreign = a_solved_plan(session, [places.other_office], [])
    assert client.get(BUDGET, headers=as_banner, params={"plan": foreign.id}).status_code == 404
    for url in (BUDGET, f"{BUDGET}/lines", COSTS, RATES):
        assert client.get(url, headers=as_inspector).status_code == 403


def test_a_cost_is_recorded_changed_and_deleted_by_its_office(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    a_programme(session, code="round")
    body = {
        "office_id": places.banner_office.id,
        "programme_code": "round",
        "region_id": places.banner.id,
        "spent_on": "2022-11-01",
        "kind": "night",
        "fen": 60_000,
        "voucher": "记账凭证 13",
        "note": "",
    }
    answer = client.post(COSTS, headers=as_banner, json=body)
    assert (answer.status_code, answer.json()) == (201, body | {"id": answer.json()["id"]})
    url = f"{COSTS}/{answer.json()['id']}"
    assert client.patch(url, headers=as_banner, json={"fen": 59_000}).json()["fen"] == 59_000
    assert client.delete(url, headers=as_banner).status_code == 204
    assert client.get(url, headers=as_banner).status_code == 404
    unknown = client.post(COSTS, headers=as_banner, json=body | {"programme_code": "nothing"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_reference")
    for_other = client.post(COSTS, headers=as_banner, json=body | {"office_id": places.other_office.id})
    assert for_other.status_code == 403


def test_rates_follow_one_another(client: TestClient, session: Session, as_city: Headers, as_banner: Headers) -> None:
    rate = a_rate(session, CostKind.NIGHT, 30_000)
    body = {"kind": "night", "fen": 35_000, "first_on": "2024-01-01", "last_on": None, "source": "默认值，待核实"}
    overlap = client.post(RATES, headers=as_city, json=body)
    assert (overlap.status_code, overlap.json()["code"]) == (409, "cost_rates_overlap")
    url = f"{RATES}/{rate.id}"
    assert client.patch(url, headers=as_city, json={"last_on": "2023-12-31"}).json()["last_on"] == "2023-12-31"
    made = client.post(RATES, headers=as_city, json=body)
    assert (made.status_code, made.json()) == (201, body | {"id": made.json()["id"]})
    found = client.get(RATES, headers=as_banner, params={"in_force_on": "2024-01-01", "kind": "night"}).json()
    assert [each["id"] for each in found["items"]] == [made.json()["id"]]
    assert client.post(RATES, headers=as_banner, json=body).status_code == 403
    assert client.delete(url, headers=as_city).status_code == 204


@pytest.mark.parametrize(("kind", "code"), [("other", "kind_without_rate"), ("food", "invalid_value")])
def test_what_has_no_rate_is_refused(client: TestClient, as_city: Headers, kind: str, code: str) -> None:
    body = {"kind": kind, "fen": 1, "first_on": "2024-01-01"}
    refused = client.post(RATES, headers=as_city, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_the_report_takes_as_many_queries_for_three_visits_as_for_one(
    client: TestClient, session: Session, as_banner: Headers, places: Places, queries: list[str]
) -> None:
    office = places.banner_office
    counts = []
    for number in (1, 3):
        person = builders.an_inspector(session, office)
        days = [date(2022, 10, 17 + k) for k in range(number)]
        visits = [Visit(builders.an_inspectee(session, places.banner, office), [person], day) for day in days]
        a_version(session, a_solved_plan(session, [office], visits), office, number=number)
        queries.clear()
        assert client.get(BUDGET, headers=as_banner).json()["whole"]["planned"]["visits"] == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
