"""What forbids publishing is one list: a publication and the list of what forbids one ask the same guards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.errors import Conflict
from app.models import Inspectee, Inspector, Plan
from app.planning.violations import RuleViolation
from app.publications import guards
from app.publications.guards import GUARDS, Guard
from tests.app import builders
from tests.app.builders import Places
from tests.app.plans.rows import MONDAY, Visit, a_solved_plan, a_version
from tests.app.programmes.builders import a_programme
from tests.app.year_lists.builders import a_rule
from tests.conftest import Headers

API = "/api/v1"


def changed_history(session: Session, places: Places) -> Plan:
    """A plan without the visit that began two days before the working date."""
    early: dict[str, Any] = {"working_on": date(2022, 8, 1), "first_day": date(2022, 8, 1)}
    begun = Visit(a_school(session, places), [somebody(session, places)], date(2022, 8, 30))
    held = a_solved_plan(session, [places.banner_office], [begun], **early)
    a_version(session, held, places.banner_office)
    return a_solved_plan(session, [places.banner_office], [], **early)


def on_no_year_list(session: Session, places: Places) -> Plan:
    """A plan with a programme that is on no list of the year, where a list is required."""
    a_programme(session, code="round")
    a_rule(session)
    return a_plan_of(session, places, somebody(session, places), a_school(session, places))


def over_the_total(session: Session, places: Places) -> Plan:
    """A plan with the sixth visit of a school in a year; five is the most."""
    school = a_school(session, places)
    for month in range(1, 6):
        builders.a_past_inspection(session, school, first_on=date(2022, month, 7), last_on=date(2022, month, 7))
    return a_plan_of(session, places, somebody(session, places), school)


def against_a_rule(session: Session, places: Places) -> Plan:
    """A plan with somebody at two schools in one half-day."""
    return a_plan_of(session, places, somebody(session, places), a_school(session, places), a_school(session, places))


def with_leave_since(session: Session, places: Places) -> Plan:
    """A plan with a member who asked for leave after it was made."""
    person = somebody(session, places)
    plan = a_plan_of(session, places, person, a_school(session, places))
    builders.an_absence(session, person, first_on=MONDAY, last_on=MONDAY)
    return plan


def somebody(session: Session, places: Places) -> Inspector:
    return builders.an_inspector(session, places.banner_office)


def a_school(session: Session, places: Places) -> Inspectee:
    return builders.an_inspectee(session, places.banner, places.banner_office)


def a_plan_of(session: Session, places: Places, person: Inspector, *schools: Inspectee) -> Plan:
    return a_solved_plan(session, [places.banner_office], [Visit(school, [person]) for school in schools])


FORBIDDEN: dict[str, tuple[Callable[[Session, Places], Plan], str, str]] = {
    "history": (changed_history, "history_changed", "history_changed"),
    "year_lists": (on_no_year_list, "not_on_year_list", "year_list"),
    "totals": (over_the_total, "too_many_visits", "visits_per_year"),
    "rules": (against_a_rule, "publication_conflict", "double_booked"),
    "absences": (with_leave_since, "publication_conflict", "available"),
}
"""Of each guard a plan that it alone forbids, the code of the refusal and that of the violation."""


def refusal(client: TestClient, headers: Headers, plan: Plan) -> tuple[int, str]:
    answer = client.post(f"{API}/plans/{plan.id}/publish", headers=headers, json={})
    return answer.status_code, answer.json().get("code", "")


def listed(client: TestClient, headers: Headers, plan: Plan) -> set[str]:
    return {each["code"] for each in client.get(f"{API}/plans/{plan.id}/faults", headers=headers).json()["items"]}


def test_each_guard_has_a_plan_that_it_alone_forbids() -> None:
    assert [guard.name for guard in GUARDS] == list(FORBIDDEN)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_a_guard_forbids_is_listed_and_not_published(
    client: TestClient, session: Session, as_banner: Headers, places: Places, name: str
) -> None:
    make, refused_as, listed_as = FORBIDDEN[name]
    plan = make(session, places)
    assert listed(client, as_banner, plan) == {listed_as}
    assert refusal(client, as_banner, plan) == (409, refused_as)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_without_the_guard_both_would_let_the_plan_pass(
    client: TestClient,
    session: Session,
    as_banner: Headers,
    places: Places,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither entry point asks anything beside the list."""
    monkeypatch.setattr(guards, "GUARDS", tuple(guard for guard in GUARDS if guard.name != name))
    plan = FORBIDDEN[name][0](session, places)
    assert listed(client, as_banner, plan) == set()
    assert refusal(client, as_banner, plan) == (200, "")


def test_a_guard_that_is_added_is_asked_by_both(
    client: TestClient, session: Session, as_banner: Headers, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = a_plan_of(session, places, somebody(session, places), a_school(session, places))
    key = listed_key(client, as_banner, plan)
    added = Guard(
        "added",
        lambda _: [key],
        lambda _, found: RuleViolation("slots", found, {}),
        lambda _, __: Conflict("added", "不能发布。", {}),
    )
    monkeypatch.setattr(guards, "GUARDS", (*GUARDS, added))
    assert listed(client, as_banner, plan) == {"slots"}
    assert refusal(client, as_banner, plan) == (409, "added")


def listed_key(client: TestClient, headers: Headers, plan: Plan) -> str:
    items = client.get(f"{API}/plans/{plan.id}/assignments", headers=headers).json()["items"]
    return str(items[0]["visit"])
