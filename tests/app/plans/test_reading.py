"""Reading plans: filters, teams, reasons, changes, contract files, within rights and in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Inspector
from app.plans.figures import half_days_available
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import MONDAY, TUESDAY, Visit, a_solved_plan, a_version
from tests.conftest import Headers

API = "/api/v1"


def items(client: TestClient, headers: Headers, path: str, **filters: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/{path}", headers=headers, params=filters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_an_assignment_names_team_leader_and_programmes(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    leader = builders.an_inspector(session, places.banner_office, name="乙")
    other = builders.an_inspector(session, places.banner_office, name="丁")
    plan = a_solved_plan(session, [places.banner_office], [Visit(unit, [leader, other])])
    (assignment,) = items(client, as_banner, f"plans/{plan.id}/assignments")
    assert assignment == {
        "id": assignment["id"],
        "plan_id": plan.id,
        "visit": f"round-1-{unit.id}",
        "inspectee_id": unit.id,
        "inspectee": unit.name,
        "region_id": places.banner.id,
        "office_id": places.banner_office.id,
        "first_on": "2022-10-17",
        "last_on": "2022-10-17",
        "half": "am",
        "half_days": 1,
        "team": [{"id": other.id, "name": "丁"}, {"id": leader.id, "name": "乙"}],
        "leader": {"id": leader.id, "name": "乙"},
        "serves": [{"programme": "round", "phase": "evaluation"}],
        "late": False,
        "carried_out": False,
        "locked": False,
        "standing": "draft",
    }


def test_each_filter_keeps_what_it_names(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    one, two = (builders.an_inspector(session, places.banner_office) for _ in range(2))
    here = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [one], MONDAY)
    there = Visit(builders.an_inspectee(session, places.other, places.other_office), [two], TUESDAY)
    plan = a_solved_plan(session, [places.city_office, places.banner_office, places.other_office], [here, there])

    def kept(**filters: Any) -> list[str]:
        return [each["visit"] for each in items(client, as_admin, f"plans/{plan.id}/assignments", **filters)]

    assert kept() == [here.key, there.key]
    assert kept(inspector=one.id) == [here.key]
    assert kept(inspectee=there.unit.id) == [there.key]
    assert kept(region=places.banner.id) == [here.key]
    assert kept(office=places.other_office.id) == [there.key]
    assert kept(programme="round") == [here.key, there.key]
    assert kept(programme="government") == []
    assert kept(first_day="2022-10-18") == [there.key]
    assert kept(last_day="2022-10-17") == [here.key]


def test_what_each_role_sees_of_a_published_plan(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, as_inspector: Headers, places: Places
) -> None:
    me = session.exec(select(Inspector)).one()
    own = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [me], MONDAY)
    colleague = builders.an_inspector(session, places.banner_office)
    of_city_here = Visit(builders.an_inspectee(session, places.banner, places.city_office), [colleague], MONDAY)
    elsewhere = Visit(builders.an_inspectee(session, places.other, places.other_office), [colleague], TUESDAY)
    offices = [places.city_office, places.banner_office, places.other_office]
    plan = a_solved_plan(session, offices, [own, of_city_here, elsewhere])
    path = f"{API}/plans/{plan.id}/assignments"

    def seen(headers: Headers) -> int | set[str]:
        answer = client.get(path, headers=headers)
        return {each["visit"] for each in answer.json()["items"]} if answer.is_success else answer.status_code

    # a draft of the city is the city's alone
    assert (seen(as_city), seen(as_banner), seen(as_inspector)) == (
        {own.key, of_city_here.key, elsewhere.key},
        404,
        404,
    )
    for office in offices:
        a_version(session, plan, office)
    assert seen(as_banner) == {own.key, of_city_here.key}
    assert seen(as_inspector) == 404
    assert [each["visit"] for each in items(client, as_inspector, "me/assignments")] == [own.key]
    assert [each["office_id"] for each in items(client, as_banner, "versions")] == [places.banner_office.id]
    for document in ("problem", "solution", "changes"):
        assert client.get(f"{API}/plans/{plan.id}/{document}", headers=as_banner).status_code == 404


def test_a_banner_reads_the_figures_of_its_own_office_alone(
    client: TestClient, session: Session, as_city: Headers, as_banner: Headers, places: Places
) -> None:
    person = builders.an_inspector(session, places.banner_office)
    visit = Visit(builders.an_inspectee(session, places.banner, places.banner_office), [person])
    offices = [places.city_office, places.banner_office]
    plan = a_solved_plan(session, offices, [visit])
    plan.figures = {"offices": [{"office_id": office.id, "visits_asked": 1} for office in offices]}
    a_version(session, plan, places.banner_office)
    session.flush()

    def offices_of(headers: Headers) -> list[int]:
        figures = client.get(f"{API}/plans/{plan.id}", headers=headers).json()["figures"]
        return [each["office_id"] for each in figures["offices"]]

    assert offices_of(as_city) == [office.id for office in offices]
    assert offices_of(as_banner) == [places.banner_office.id]


def test_a_visit_left_out_says_why(client: TestClient, session: Session, as_banner: Headers, places: Places) -> None:
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    person = builders.an_inspector(session, places.banner_office)
    plan = a_solved_plan(session, [places.banner_office], [Visit(unit, [person], None)])
    (left_out,) = items(client, as_banner, f"plans/{plan.id}/unscheduled")
    assert (left_out["visit"], left_out["inspectee"]) == (f"round-1-{unit.id}", unit.name)
    (reason,) = left_out["reasons"]
    assert (reason["code"], reason["details"]) == ("no_team", {})
    assert "2022-09-01 至 2023-12-29" in reason["message"]
    assert items(client, as_banner, f"plans/{plan.id}/unscheduled", programme="government") == []


def test_changes_against_the_plan_before(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    kept, moved = (builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(2))
    person = builders.an_inspector(session, places.banner_office, name="甲")
    office = [places.banner_office]
    before = a_solved_plan(session, office, [Visit(kept, [person], MONDAY), Visit(moved, [person], MONDAY, "pm")])
    after = a_solved_plan(
        session,
        office,
        [Visit(kept, [person], MONDAY), Visit(moved, [person], TUESDAY, "pm")],
        based_on_id=before.id,
    )
    (change,) = items(client, as_banner, f"plans/{after.id}/changes")
    team = [{"id": person.id, "name": "甲"}]
    assert change == {
        "visit": f"round-1-{moved.id}",
        "kind": "day",
        "inspectee_id": moved.id,
        "inspectee": moved.name,
        "office_id": places.banner_office.id,
        "before": {"first_on": "2022-10-17", "half": "pm", "team": team},
        "after": {"first_on": "2022-10-18", "half": "pm", "team": team},
    }
    assert items(client, as_banner, f"plans/{after.id}/changes", kind="team") == []
    assert items(client, as_banner, f"plans/{before.id}/changes") == []


def test_contract_files_are_sent_zipped_or_plain(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    plan = a_solved_plan(session, [places.banner_office], [])
    path = f"{API}/plans/{plan.id}/problem"
    zipped = client.get(path, headers=as_banner | {"Accept-Encoding": "gzip"})
    plain = client.get(path, headers=as_banner | {"Accept-Encoding": "identity"})
    assert (zipped.headers.get("Content-Encoding"), plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert zipped.json() == plain.json()  # the client unpacks the first
    assert plain.json()["format"] == "supervision-problem/1"


@pytest.mark.parametrize("path", ["assignments", "unscheduled", "changes", "coverage"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client: TestClient, session: Session, engine: sa.Engine, as_banner: Headers, places: Places, path: str
) -> None:
    def plan_of(number: int) -> int:
        person = builders.an_inspector(session, places.banner_office)
        day = None if path == "unscheduled" else MONDAY
        units = [builders.an_inspectee(session, places.banner, places.banner_office) for _ in range(number)]
        before = a_solved_plan(session, [places.banner_office], [])
        visits = [Visit(unit, [person], day) for unit in units]
        return id_of(a_solved_plan(session, [places.banner_office], visits, based_on_id=before.id))

    def queries(plan_id: int) -> int:
        asked: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        sa.event.listen(engine, "before_cursor_execute", count)
        items(client, as_banner, f"plans/{plan_id}/{path}")
        sa.event.remove(engine, "before_cursor_execute", count)
        return len(asked)

    one, three = plan_of(1), plan_of(3)
    assert queries(one) == queries(three)


def test_half_days_available_within_allowances_and_absences() -> None:
    # Monday to Friday of one week, then Monday of the next month
    days = [f"2022-10-{day}" for day in (24, 25, 26, 27, 28)] + ["2022-11-07"]
    people = [
        # six days are twelve half-days, less one day of leave: ten
        {"tags": ["pool:a"], "unavailable": [["2022-10-25", "2022-10-25"]]},
        # Mondays alone are two days: four half-days
        {"tags": ["pool:a", "lead"], "unavailable": [], "weekdays": [1]},
        # three in October, two in November, but four in the year
        {"tags": ["pool:b"], "unavailable": [], "half_days_per_month": 3, "half_days_per_year": 4},
    ]
    assert half_days_available({"days": days, "inspectors": people}) == {"pool:a": 14, "pool:b": 4}
