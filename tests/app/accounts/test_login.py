"""Logging in, and which tokens are good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.throttle import CAPACITY, SECONDS_PER_ATTEMPT, Throttle
from app.core.clock import Clock, get_clock
from app.models import Role, User
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import NOW, Headers

TOKEN = "/api/v1/auth/token"
PASSWORD = "草原上的十匹马儿跑得快"


@pytest.fixture(autouse=True)
def _fresh_throttle(app: FastAPI) -> None:
    app.state.throttle = Throttle()


@pytest.fixture
def account(app: FastAPI, session: Session, places: Places) -> User:
    return builders.a_user(
        session,
        Role.BANNER_OFFICE,
        username="hongshan",
        office_id=places.banner_office.id,
        password_hash=app.state.passwords.hash(PASSWORD),
    )


def log_in(client: TestClient, username: str = "hongshan", password: str = PASSWORD) -> Headers:
    answer = client.post(TOKEN, data={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 12 * 3600)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.mark.usefixtures("account")
def test_the_right_password_opens_the_service(client: TestClient, places: Places) -> None:
    me = client.get("/api/v1/me", headers=log_in(client)).json()
    assert (me["username"], me["role"], me["office_id"]) == ("hongshan", "banner_office", places.banner_office.id)


@pytest.mark.usefixtures("account")
def test_a_wrong_password_and_an_unknown_name_have_one_answer(client: TestClient) -> None:
    wrong = client.post(TOKEN, data={"username": "hongshan", "password": "guess"})
    unknown = client.post(TOKEN, data={"username": "nobody", "password": "guess"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "wrong_credentials"
    assert wrong.headers["WWW-Authenticate"] == "Bearer"


def test_an_ended_account_is_closed_at_once(client: TestClient, session: Session, account: User) -> None:
    headers = log_in(client)
    account.ended_at = NOW
    session.flush()
    assert client.get("/api/v1/me", headers=headers).json()["code"] == "invalid_token"
    assert client.post(TOKEN, data={"username": "hongshan", "password": PASSWORD}).status_code == 401


@pytest.mark.usefixtures("account")
def test_a_new_password_ends_the_old_tokens(client: TestClient) -> None:
    headers = log_in(client)
    changed = client.post(
        "/api/v1/me/password",
        headers=headers,
        json={"old_password": PASSWORD, "new_password": "新的一个密码，比旧的更长"},
    )
    assert changed.status_code == 204
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert client.get("/api/v1/me", headers=log_in(client, password="新的一个密码，比旧的更长")).status_code == 200


@pytest.mark.usefixtures("account")
def test_the_old_password_must_be_known_to_change_it(client: TestClient) -> None:
    headers = log_in(client)
    refused = client.post(
        "/api/v1/me/password",
        headers=headers,
        json={"old_password": "guess", "new_password": "新的一个密码，比旧的更长"},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong_password")
    assert client.get("/api/v1/me", headers=headers).status_code == 200


@pytest.mark.usefixtures("account")
def test_a_token_ends_after_its_life(app: FastAPI, client: TestClient) -> None:
    headers = log_in(client)
    app.dependency_overrides[get_clock] = lambda: Clock(time=lambda: NOW + timedelta(hours=12))
    assert client.get("/api/v1/me", headers=headers).json()["code"] == "invalid_token"


@pytest.mark.usefixtures("account")
def test_guessing_is_slowed_down_for_that_name_only(app: FastAPI, client: TestClient) -> None:
    for _ in range(CAPACITY):
        assert client.post(TOKEN, data={"username": "hongshan", "password": "guess"}).status_code == 401
    stopped = client.post(TOKEN, data={"username": "hongshan", "password": PASSWORD})
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_attempts")
    assert stopped.headers["Retry-After"] == str(SECONDS_PER_ATTEMPT)
    assert client.post(TOKEN, data={"username": "other", "password": "guess"}).status_code == 401

    app.dependency_overrides[get_clock] = lambda: Clock(time=lambda: NOW + timedelta(seconds=SECONDS_PER_ATTEMPT))
    log_in(client)


def test_a_success_forgives_the_attempts_before() -> None:
    throttle = Throttle()
    key = ("name", "address")
    waits = [throttle.take(key, NOW) for _ in range(CAPACITY + 1)]
    assert waits == [0] * CAPACITY + [SECONDS_PER_ATTEMPT]
    throttle.forgive(key)
    assert throttle.take(key, NOW) == 0


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}])
def test_no_good_token_no_answer(client: TestClient, headers: Headers) -> None:
    answer = client.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_me_says_which_day_it_is_and_that_it_was_set(client: TestClient, as_inspector: Headers) -> None:
    me = client.get("/api/v1/me", headers=as_inspector).json()
    assert (me["working_on"], me["working_date_is_set"], me["working_date_source"], me["real_time_at"]) == (
        "2022-09-01",
        True,
        "environment",
        "2022-09-01T01:30:00Z",
    )
    rights = {right["noun"]: (right["read"], right["change"]) for right in me["rights"]}
    assert (rights["absence"], rights["inspectee"]) == (("self", "self"), ("none", "none"))


def test_many_names_do_not_wash_away_the_one_that_is_stopped() -> None:
    """Beyond ten thousand names the full buckets are forgotten, and only they."""
    throttle = Throttle()
    guessed = ("guessed", "address")
    for _ in range(CAPACITY):
        throttle.take(guessed, NOW)
    for number in range(10_001):
        throttle.take((f"name{number}", "address"), NOW)
    assert throttle.take(guessed, NOW) == SECONDS_PER_ATTEMPT
