"""What came of a visit: who records it when, and which days follow."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.models import Assignment, AuditEntry, Inspector, Role
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import Visit, a_solved_plan, a_version, stands
from tests.conftest import Headers, _headers

TODAY = date(2022, 9, 1)  # a Thursday
FINDING = {"text": "安全台账不全", "severity": "minor"}


@pytest.fixture
def leader(session: Session, places: Places) -> Inspector:
    return builders.an_inspector(session, places.banner_office)


@pytest.fixture
def visit(session: Session, places: Places, leader: Inspector) -> Assignment:
    """A visit in force that begins on the working date, and one a day later."""
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    other = builders.an_inspectee(session, places.banner, places.banner_office)
    visits = [Visit(unit, [leader], TODAY), Visit(other, [leader], date(2022, 9, 2))]
    plan = a_solved_plan(session, [places.banner_office], visits)
    a_version(session, plan, places.banner_office)
    return stands(session, plan)[visits[0].key]


def url(visit: Assignment) -> str:
    return f"/api/v1/assignments/{visit.id}/outcome"


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_findings_give_the_days_that_follow(
    client: TestClient, session: Session, as_banner: Headers, visit: Assignment
) -> None:
    findings = [FINDING, {"text": "超标收费", "severity": "major"}, {"text": "燃气泄漏", "severity": "urgent"}]
    answer = client.post(url(visit), headers=as_banner, json={"done_on": "2022-09-01", "findings": findings})
    body = answer.json()
    # the letter after 15 days, then 30 for the minor one, 90 for the major one; at once for the urgent, which is
    # rechecked within 7 days
    assert answer.status_code == 200
    assert [finding["rectify_by"] for finding in body["findings"]] == ["2022-10-16", "2022-12-15", "2022-09-01"]
    assert (body["opinion_letter_due_on"], body["recheck_from"], body["recheck_by"]) == (
        "2022-09-16",
        "2022-09-02",
        "2022-09-08",
    )
    body = client.post(url(visit), headers=as_banner, json={"done_on": "2022-09-01", "findings": findings[:2]}).json()
    # 10 to 60 days after 2022-12-15
    assert (body["recheck_from"], body["recheck_by"]) == ("2022-12-25", "2023-02-13")
    assert client.get(url(visit), headers=as_banner).json() == body
    entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entry is not None
    assert (entry.noun, entry.action) == ("visit_outcome", "change")


def test_it_is_corrected_by_recording_it_again(client: TestClient, as_banner: Headers, visit: Assignment) -> None:
    first = client.post(url(visit), headers=as_banner, json={"done_on": "2022-09-01", "findings": [FINDING]}).json()
    second = client.post(url(visit), headers=as_banner, json={"done_on": "2022-09-01"}).json()
    assert (second["id"], second["findings"], second["recheck_from"]) == (first["id"], [], None)


def test_the_leader_records_it_and_the_member_reads_it_and_the_city_does_not_write(
    app: FastAPI,
    client: TestClient,
    session: Session,
    as_city: Headers,
    as_inspector: Headers,
    visit: Assignment,
    leader: Inspector,
) -> None:
    headers = _headers(app, builders.a_user(session, Role.INSPECTOR, inspector_id=id_of(leader)))
    body = {"done_on": "2022-09-01", "findings": []}
    assert _code(client.post(url(visit), headers=as_city, json=body)) == (403, "forbidden")
    assert _code(client.post(url(visit), headers=as_inspector, json=body)) == (404, "assignment_not_found")
    assert client.post(url(visit), headers=headers, json=body).status_code == 200
    assert client.get(url(visit), headers=as_city).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"done_on": "2022-09-02"}, 422, "not_done_yet"),
        ({"done_on": "2022-08-31"}, 422, "not_done_yet"),
        ({"findings": [FINDING | {"rectify_by": "2022-08-31"}]}, 422, "rectified_before_found"),
    ],
)
def test_dates_must_follow_each_other(
    client: TestClient, as_banner: Headers, visit: Assignment, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(url(visit), headers=as_banner, json={"done_on": "2022-09-01"} | changes)
    assert _code(answer) == (status, code)


def test_only_what_is_in_force_has_an_outcome(
    client: TestClient, session: Session, as_banner: Headers, places: Places, visit: Assignment, leader: Inspector
) -> None:
    assert _code(client.get(url(visit), headers=as_banner)) == (404, "outcome_not_recorded")
    unit = builders.an_inspectee(session, places.banner, places.banner_office)
    draft = Visit(unit, [leader], TODAY)
    row = stands(session, a_solved_plan(session, [places.banner_office], [draft]))[draft.key]
    answer = client.post(url(row), headers=as_banner, json={"done_on": "2022-09-01"})
    assert _code(answer) == (409, "not_in_force")
