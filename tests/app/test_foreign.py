"""What may not be seen is as unknown as what does not exist; without a token there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Role
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.reports import builders as costs
from tests.app.year_lists.builders import a_list
from tests.conftest import Headers

API = "/api/v1"
UNKNOWN = {"integer": "987654", "string": "2099-01-01"}
OPEN = {f"{API}/auth/token", f"{API}/calendars/{{secret}}.ics"}


def operations(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of all that the interface offers."""
    return [
        (method.upper(), path, operation)
        for path, methods in app.openapi()["paths"].items()
        if path.startswith(API) and path not in OPEN
        for method, operation in methods.items()
    ]


def address(path: str, operation: dict[str, Any]) -> str:
    """The path with ids that nothing bears."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", UNKNOWN[parameter["schema"]["type"]])
    return path


def test_without_a_token_there_is_nothing(app: FastAPI, client: TestClient) -> None:
    answers = {
        (method, path): client.request(method, address(path, operation)).status_code
        for method, path, operation in operations(app)
    }
    assert {route: status for route, status in answers.items() if status != 401} == {}


def test_an_unknown_id_is_404_wherever_an_id_is(app: FastAPI, client: TestClient, as_admin: Headers) -> None:
    answers = {
        (method, path): client.request(
            method, address(path, operation), headers=as_admin, json={} if method == "PATCH" else None
        ).status_code
        for method, path, operation in operations(app)
        if "{" in path and method in {"GET", "PATCH", "DELETE"}
    }
    assert {route: status for route, status in answers.items() if status != 404} == {}


def test_an_id_that_no_row_can_bear_is_invalid(client: TestClient, as_admin: Headers) -> None:
    largest, beyond = 2**31 - 1, 2**31  # what an integer column of PostgreSQL holds, and what it refuses
    assert client.get(f"{API}/regions/{largest}", headers=as_admin).status_code == 404
    assert client.get(f"{API}/regions/{beyond}", headers=as_admin).status_code == 422
    body = {"region_id": beyond, "name": "第一责任区"}
    assert client.post(f"{API}/areas", headers=as_admin, json=body).json()["code"] == "invalid_value"


Foreign = Callable[[Session, Places], str]
"""Makes a row of the other banner and gives its address."""


def a_person(session: Session, places: Places) -> str:
    return f"{API}/inspectors/{id_of(builders.an_inspector(session, places.other_office))}"


def a_record(path: str, build: Callable[..., Any]) -> Foreign:
    def make(session: Session, places: Places) -> str:
        person = builders.an_inspector(session, places.other_office)
        return f"{API}/inspectors/{person.id}/{path}/{id_of(build(session, person))}"

    return make


def a_unit(session: Session, places: Places) -> str:
    return f"{API}/inspectees/{id_of(builders.an_inspectee(session, places.other, places.other_office))}"


def a_unit_record(path: str, build: Callable[..., Any]) -> Foreign:
    def make(session: Session, places: Places) -> str:
        unit = builders.an_inspectee(session, places.other, places.other_office)
        return f"{API}/inspectees/{unit.id}/{path}/{id_of(build(session, unit))}"

    return make


def an_area(session: Session, places: Places) -> str:
    return f"{API}/areas/{id_of(builders.an_area(session, places.other))}"


def an_account(session: Session, places: Places) -> str:
    account = builders.a_user(session, Role.BANNER_OFFICE, office_id=places.other_office.id)
    return f"{API}/users/{id_of(account)}"


def a_year_list(session: Session, places: Places) -> str:
    return f"{API}/year-lists/{id_of(a_list(session, places.other_office, 2023))}"


def a_cost(session: Session, places: Places) -> str:
    return f"{API}/actual-costs/{id_of(costs.a_cost(session, places.other_office, places.other, 100))}"


FOREIGN: dict[str, Foreign] = {
    "person": a_person,
    "absence": a_record("absences", builders.an_absence),
    "recusal": a_record("recusals", builders.a_recusal),
    "appointment": a_record("appointments", builders.an_appointment),
    "employment": a_record("employments", builders.an_employment),
    "training": a_record("trainings", builders.an_entry_training),
    "unit": a_unit,
    "closure": a_unit_record("closures", builders.a_closure),
    "past inspection": a_unit_record("past-inspections", builders.a_past_inspection),
    "area": an_area,
    "account": an_account,
    "year list": a_year_list,
    "actual cost": a_cost,
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_row_that_exists_is_404_and_in_no_list(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    as_banner: Headers,
    as_inspector: Headers,
    places: Places,
    what: str,
) -> None:
    url = FOREIGN[what](session, places)
    collection, _, row_id = url.rpartition("/")
    assert client.get(url, headers=as_admin).status_code == 200
    listed = [item["id"] for item in client.get(collection, headers=as_admin).json()["items"]]
    assert int(row_id) in listed

    for headers in (as_banner, as_inspector):
        assert client.get(url, headers=headers).status_code == 404
        answer = client.get(collection, headers=headers)
        if answer.status_code == 200:
            assert int(row_id) not in [item["id"] for item in answer.json()["items"]]
        else:  # the list of a foreign person's records, or of a noun that the role has no right to
            assert answer.status_code in {403, 404}
        for change in (client.patch(url, headers=headers, json={}), client.delete(url, headers=headers)):
            assert change.status_code in {404, 405}


def test_an_inspector_sees_no_calendar_method_or_setting(
    client: TestClient, session: Session, as_inspector: Headers
) -> None:
    builders.a_calendar_year(session, 2023)
    builders.a_calendar_day(session, date(2023, 10, 2))
    method = builders.an_evaluation_method(session)
    for path in ("calendar/2023", "calendar/2023/days/2023-10-02", f"evaluation-methods/{method.id}"):
        assert client.get(f"{API}/{path}", headers=as_inspector).status_code == 404
    for path in ("calendar", "evaluation-methods", "settings", "users", "audit", "inspectees", "areas"):
        assert client.get(f"{API}/{path}", headers=as_inspector).status_code == 403
