"""Idempotency-Key: asked twice, done once, answered twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.repeats import NounRoute
from app.core.clock import Clock, get_clock
from app.models import Area, KeptAnswer, User
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import NOW, TODAY, Headers

API = "/api/v1"


@pytest.fixture
def area(places: Places) -> dict[str, Any]:
    """The body that creates an area."""
    return {"region_id": places.banner.id, "name": "第一责任区"}


def names(session: Session) -> list[str]:
    """The areas that there are."""
    return list(session.exec(select(Area.name)).all())


def test_the_same_request_again_is_answered_again_and_not_done_again(
    client: TestClient, session: Session, as_admin: Headers, area: dict[str, Any]
) -> None:
    keyed = as_admin | {"Idempotency-Key": "k1"}
    first = client.post(f"{API}/areas", headers=keyed, json=area)
    again = client.post(f"{API}/areas", headers=keyed, json=area)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert names(session) == ["第一责任区"]


def test_another_request_with_the_key_is_refused(
    client: TestClient, session: Session, as_admin: Headers, area: dict[str, Any]
) -> None:
    keyed = as_admin | {"Idempotency-Key": "k1"}
    client.post(f"{API}/areas", headers=keyed, json=area)
    for path, body in (("areas", area | {"name": "第二责任区"}), ("regions", area)):
        other = client.post(f"{API}/{path}", headers=keyed, json=body)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert names(session) == ["第一责任区"]


def test_another_account_has_its_own_keys(
    client: TestClient, session: Session, app: FastAPI, as_admin: Headers, area: dict[str, Any]
) -> None:
    other = builders.a_user(session)
    token = app.state.tokens.issue(builders.id_of(other), other.password_hash, NOW)
    keyed = {"Idempotency-Key": "k1"}
    client.post(f"{API}/areas", headers=as_admin | keyed, json=area)
    answer = client.post(
        f"{API}/areas", headers={"Authorization": f"Bearer {token}"} | keyed, json=area | {"name": "第二责任区"}
    )
    assert answer.status_code == 201
    assert names(session) == ["第一责任区", "第二责任区"]


def test_a_request_that_failed_may_be_sent_again(
    client: TestClient, session: Session, as_admin: Headers, area: dict[str, Any]
) -> None:
    keyed = as_admin | {"Idempotency-Key": "k1"}
    assert client.post(f"{API}/areas", headers=keyed, json=area | {"region_id": 987654}).status_code == 422
    assert client.post(f"{API}/areas", headers=keyed, json=area).status_code == 201
    assert names(session) == ["第一责任区"]


def test_while_it_is_worked_on_the_same_request_waits_for_its_turn(
    client: TestClient, session: Session, app: FastAPI, as_admin: Headers, area: dict[str, Any]
) -> None:
    keyed = as_admin | {"Idempotency-Key": "k1"}
    mark = (as_admin["Authorization"], "k1")
    app.state.running.begin(mark)
    busy = client.post(f"{API}/areas", headers=keyed, json=area)
    app.state.running.end(mark)
    assert (busy.status_code, busy.json()["code"]) == (409, "request_in_progress")
    assert names(session) == []
    assert client.post(f"{API}/areas", headers=keyed, json=area).status_code == 201


def test_an_answer_is_kept_for_a_day_and_then_forgotten(
    client: TestClient, session: Session, app: FastAPI, as_admin: Headers, area: dict[str, Any]
) -> None:
    client.post(f"{API}/areas", headers=as_admin | {"Idempotency-Key": "k1"}, json=area)
    tokens = app.state.tokens
    user_id = tokens.read(as_admin["Authorization"].removeprefix("Bearer "), NOW).user_id
    account = session.get_one(User, user_id)
    day_later = NOW + timedelta(days=1)
    app.dependency_overrides[get_clock] = lambda: Clock(working_date=TODAY, time=lambda: day_later)
    keyed = {"Authorization": f"Bearer {tokens.issue(user_id, account.password_hash, day_later)}"}
    second = area | {"name": "第二责任区"}
    assert client.post(f"{API}/areas", headers=keyed | {"Idempotency-Key": "k1"}, json=second).status_code == 201
    assert [(kept.key, kept.created_at) for kept in session.exec(select(KeptAnswer)).all()] == [("k1", day_later)]


@pytest.mark.usefixtures("places")
def test_work_keeps_its_location(client: TestClient, session: Session, as_admin: Headers) -> None:
    builders.a_calendar_year(session, 2022)
    body = {"name": "试排", "region": "150402", "first_day": "2022-09-01", "last_day": "2022-12-30", "seconds": 5}
    keyed = as_admin | {"Idempotency-Key": "plan"}
    first, again = (client.post(f"{API}/plans", headers=keyed, json=body) for _ in range(2))
    assert (again.status_code, again.headers["Location"]) == (202, first.headers["Location"])
    assert client.get(f"{API}/plans", headers=as_admin).json()["total"] == 1


def test_no_secret_is_kept(app: FastAPI) -> None:
    without = {
        context.path
        for context in iter_route_contexts(app.routes)
        if "POST" in (context.methods or ()) and not isinstance(context.original_route, NounRoute)
    }
    assert without == {f"{API}/auth/token", f"{API}/me/calendar"}
