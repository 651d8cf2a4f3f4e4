"""Programmes: versions, phases within the law, what a plan used stays as it was."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import AuditEntry, Programme
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.programmes.builders import (
    a_phase,
    a_plan,
    a_planned_visit,
    a_programme,
    chain_phases,
    programme_body,
)
from tests.conftest import Headers

PROGRAMMES = "/api/v1/programmes"


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_programme_is_created_with_all_that_was_left_out(client: TestClient, as_admin: Headers) -> None:
    answer = client.post(PROGRAMMES, headers=as_admin, json=programme_body())
    phase = a_phase(
        lead_years=0,
        gap_days=0,
        min_days=60,
        max_days=150,
        share_percent=100,
        days_before=180,
        days_after=180,
        city_members=0,
        excludes_own_banner=False,
        cases=[],
    )
    assert (answer.status_code, answer.json()) == (
        201,
        programme_body(
            id=answer.json()["id"],
            version=1,
            in_force_to=None,
            comprehensive=True,
            notice_days=30,  # the setting's default
            max_interval_years=None,
            phases=[phase],
            used=False,
        ),
    )


def test_a_code_stands_once(client: TestClient, session: Session, as_admin: Headers) -> None:
    a_programme(session)
    assert _code(client.post(PROGRAMMES, headers=as_admin, json=programme_body())) == (409, "programme_exists")


def test_lists_hold_one_and_three_programmes_in_as_many_queries(
    client: TestClient, session: Session, as_banner: Headers, queries: list[str]
) -> None:
    a_programme(session)
    queries.clear()
    assert client.get(PROGRAMMES, headers=as_banner).json()["total"] == 1
    asked = len(queries)
    a_programme(session, code="b")
    a_programme(session, code="a")
    queries.clear()
    answer = client.get(PROGRAMMES, headers=as_banner).json()
    assert ([each["code"] for each in answer["items"]], len(queries)) == (["a", "b", "round"], asked)


def test_the_list_shows_what_is_in_force_on_a_day(client: TestClient, session: Session, as_city: Headers) -> None:
    a_programme(session, in_force_to=date(2023, 12, 31))
    a_programme(session, version=2, in_force_from=date(2024, 1, 1))
    found = client.get(PROGRAMMES, headers=as_city, params={"in_force_on": "2024-01-01"}).json()["items"]
    assert [each["version"] for each in found] == [2]


def test_what_no_plan_used_is_changed_in_place(client: TestClient, session: Session, as_admin: Headers) -> None:
    programme = a_programme(session)
    answer = client.patch(f"{PROGRAMMES}/{programme.id}", headers=as_admin, json={"notice_days": 10})
    changed = answer.json()
    assert (changed["id"], changed["version"], changed["notice_days"]) == (programme.id, 1, 10)


def test_what_a_plan_used_stays_and_a_new_version_follows_it(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    programme = a_programme(session)
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    a_planned_visit(session, a_plan(session, places.city, [id_of(places.banner_office)]), school, "round")
    answer = client.patch(
        f"{PROGRAMMES}/{programme.id}", headers=as_admin, json={"notice_days": 10, "in_force_from": "2023-06-01"}
    )
    changed = answer.json()
    assert (changed["version"], changed["in_force_from"], changed["notice_days"]) == (2, "2023-06-01", 10)
    before = client.get(f"{PROGRAMMES}/{programme.id}", headers=as_admin).json()
    assert (before["version"], before["in_force_to"], before["notice_days"], before["used"]) == (
        1,
        "2023-05-31",
        30,
        True,
    )


def test_a_new_version_begins_after_the_one_that_a_plan_used(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    programme = a_programme(session)
    school = builders.an_inspectee(session, places.banner, places.banner_office)
    a_planned_visit(session, a_plan(session, places.city, [id_of(places.banner_office)]), school, "round")
    answer = client.patch(
        f"{PROGRAMMES}/{programme.id}", headers=as_admin, json={"notice_days": 10, "in_force_from": "2022-06-28"}
    )
    assert _code(answer) == (422, "version_too_early")
    assert [row.notice_days for row in session.exec(select(Programme)).all()] == [30]


def test_a_programme_ends_once(client: TestClient, session: Session, as_admin: Headers) -> None:
    programme = a_programme(session)
    end = {"on": "2024-12-31", "reason": "办法废止"}
    url = f"{PROGRAMMES}/{programme.id}/end"
    assert client.post(url, headers=as_admin, json=end).json()["in_force_to"] == "2024-12-31"
    assert _code(client.post(url, headers=as_admin, json=end)) == (409, "already_ended")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phases": [a_phase(size=2, requires={"inspector": 2, "lead": 1})]}, "team_below_law"),
        ({"phases": [a_phase(requires={"inspector": 3})]}, "team_below_law"),
        ({"phases": [a_phase(cases=[{"kinds": ["primary"], "requires": {"inspector": 2}}])]}, "team_below_law"),
        ({"phases": [a_phase(requires={"inspector": 3, "lead": 1, "preschool": 4})]}, "team_too_small"),
        ({"phases": [a_phase(requires={"inspector": 3, "lead": 1, "wizard": 1})]}, "unknown_tag"),
        ({"phases": [a_phase(name="launch")]}, "phases_of_rule"),
        ({"phases": [a_phase(), a_phase()]}, "phases_of_rule"),
        ({"rule": "chain", "phases": chain_phases()[:1]}, "phases_of_rule"),
        ({"rule": "chain", "phases": chain_phases(lead_years=1)[:1] + chain_phases(lead_years=2)[1:]}, "lead_years"),
        ({"rule": "routine", "phases": [a_phase(size=1, requires={})]}, "routine_without_inspector"),
        ({"rule": "routine", "phases": [a_phase(size=1, requires={"inspector": 2})]}, "routine_without_inspector"),
        ({"rule": "principal_term", "covers": ["primary", "teaching_point"]}, "no_legal_person"),
        ({"in_force_to": "2022-06-27"}, "dates_reversed"),
        ({"covers": ["primary", "primary"]}, "duplicate_items"),
    ],
)
def test_a_programme_against_a_rule_is_refused(
    client: TestClient, session: Session, as_admin: Headers, changes: dict[str, Any], code: str
) -> None:
    assert _code(client.post(PROGRAMMES, headers=as_admin, json=programme_body(**changes))) == (422, code)
    assert session.exec(select(Programme)).all() == []


def test_a_chain_with_progress_visits_is_taken(client: TestClient, as_admin: Headers) -> None:
    progress = a_phase(name="progress", title="过程性督导", gap_days=14)
    body = programme_body(code="compulsory_quality", rule="chain", phases=[*chain_phases(), progress])
    assert client.post(PROGRAMMES, headers=as_admin, json=body).status_code == 201


def test_routine_is_one_inspectors_and_heads_terms_are_those_of_schools(client: TestClient, as_admin: Headers) -> None:
    routine = programme_body(code="routine", rule="routine", phases=[a_phase(size=1, requires={"inspector": 1})])
    assert client.post(PROGRAMMES, headers=as_admin, json=routine).status_code == 201
    terms = client.post(PROGRAMMES, headers=as_admin, json=programme_body(code="terms", rule="principal_term"))
    assert terms.status_code == 201
    own = f"{PROGRAMMES}/{terms.json()['id']}"
    assert _code(client.patch(own, headers=as_admin, json={"covers": ["attached_class"]})) == (422, "no_legal_person")


def test_offices_read_and_only_the_administrator_changes(
    client: TestClient, session: Session, as_city: Headers, as_inspector: Headers
) -> None:
    programme = a_programme(session)
    url = f"{PROGRAMMES}/{programme.id}"
    assert client.get(url, headers=as_city).status_code == 200
    assert _code(client.patch(url, headers=as_city, json={"name": "新名"})) == (403, "forbidden")
    assert _code(client.get(url, headers=as_inspector)) == (403, "forbidden")
    assert _code(client.get(f"{PROGRAMMES}/{programme.id + 1 if programme.id else 0}", headers=as_city)) == (
        404,
        "programme_not_found",
    )


def test_a_change_is_written_down(client: TestClient, session: Session, as_admin: Headers) -> None:
    programme = a_programme(session)
    client.patch(f"{PROGRAMMES}/{programme.id}", headers=as_admin, json={"notice_days": 10})
    entry = session.exec(select(AuditEntry)).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.action, entry.before["notice_days"], entry.after["notice_days"]) == ("change", 30, 10)
