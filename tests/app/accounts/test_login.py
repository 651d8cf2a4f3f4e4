"""Logging in, and which tokens are good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.throttle import ADDRESS, NAME, PAIR, Throttle
from app.core.clock import Clock, get_clock
from app.models import Inspector, LoginAttempts, Office, Role, User
from tests.app import builders
from tests.app.builders import Places
from tests.conftest import NOW, Headers

TOKEN = "/api/v1/auth/token"
PASSWORD = "草原上的十匹马儿跑得快"


THROTTLE = Throttle("a key of tests")


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
    assert wrong.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
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
    for _ in range(PAIR.capacity):
        assert client.post(TOKEN, data={"username": "hongshan", "password": "guess"}).status_code == 401
    stopped = client.post(TOKEN, data={"username": "hongshan", "password": PASSWORD})
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_attempts")
    assert stopped.headers["Retry-After"] == str(PAIR.seconds)
    assert client.post(TOKEN, data={"username": "other", "password": "guess"}).status_code == 401

    app.dependency_overrides[get_clock] = lambda: Clock(time=lambda: NOW + timedelta(seconds=PAIR.seconds))
    log_in(client)


def take(session: Session, name: str, address: str = "192.0.2.1") -> int:
    return THROTTLE.take(session, name, address, NOW)


def test_a_success_forgives_the_attempts_before(session: Session) -> None:
    waits = [take(session, "name") for _ in range(PAIR.capacity + 1)]
    assert waits == [0] * PAIR.capacity + [PAIR.seconds]
    THROTTLE.forgive(session, "name", "192.0.2.1", NOW)
    assert take(session, "name") == 0


def test_one_address_that_tries_many_names_is_slowed_down(session: Session) -> None:
    waits = [take(session, f"name{number}") for number in range(ADDRESS.capacity + 1)]
    assert waits == [0] * ADDRESS.capacity + [ADDRESS.seconds]
    assert take(session, "name0", "192.0.2.2") == 0


def test_the_addresses_of_one_subscriber_count_as_one(session: Session) -> None:
    waits = [take(session, f"name{number}", f"2001:db8::{number:x}") for number in range(ADDRESS.capacity + 1)]
    assert waits[-1] == ADDRESS.seconds
    assert take(session, "name", "2001:db8:0:1::1") == 0


def test_a_name_that_many_addresses_guess_is_slowed_down_but_not_for_its_owner(session: Session) -> None:
    """The owner logged in from the own address before: what strangers do elsewhere does not count there."""
    take(session, "name", "198.51.100.1")
    THROTTLE.forgive(session, "name", "198.51.100.1", NOW)
    waits = [take(session, "name", f"192.0.2.{number}") for number in range(NAME.capacity + 1)]
    assert waits[-1] > 0
    assert take(session, "name", "198.51.100.1") == 0


def test_a_row_does_not_grow_with_what_was_sent(session: Session) -> None:
    take(session, "x" * 1_000_000, "y" * 1_000_000)
    assert {len(digest) for digest in session.exec(select(LoginAttempts.digest))} == {64}


def test_rows_that_are_full_again_are_forgotten(session: Session) -> None:
    take(session, "other")
    later = NOW + timedelta(hours=1)
    THROTTLE.forgive(session, "name", "198.51.100.1", later)
    assert session.exec(select(sa.func.count()).select_from(LoginAttempts)).one() == 3


@pytest.mark.usefixtures("account")
def test_what_an_open_endpoint_takes_is_bounded(client: TestClient) -> None:
    long_name = client.post(TOKEN, data={"username": "x" * 65, "password": "guess"})
    long_password = client.post(TOKEN, data={"username": "hongshan", "password": "x" * 201})
    assert (long_name.status_code, long_password.status_code) == (422, 422)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("username", ["HongShan", " hongshan ", "\uff48\uff4f\uff4e\uff47\uff53\uff48\uff41\uff4e"])
def test_a_name_is_known_in_each_of_its_forms(client: TestClient, username: str) -> None:
    log_in(client, username)


@pytest.mark.usefixtures("account")
def test_guessing_the_old_password_is_slowed_down_too(client: TestClient) -> None:
    headers = log_in(client)
    change = {"old_password": "guess", "new_password": "新的一个密码，比旧的更长"}
    codes = [
        client.post("/api/v1/me/password", headers=headers, json=change).json()["code"]
        for _ in range(PAIR.capacity + 1)
    ]
    assert codes == ["wrong_password"] * PAIR.capacity + ["too_many_attempts"]


@pytest.mark.usefixtures("account")
def test_the_new_password_is_another_one(client: TestClient) -> None:
    headers = log_in(client)
    for new, code in ((PASSWORD, "password_unchanged"), ("hongshan的密码很长很长", "password_holds_name")):
        refused = client.post(
            "/api/v1/me/password", headers=headers, json={"old_password": PASSWORD, "new_password": new}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, code)


@pytest.mark.parametrize(("ended_on", "status"), [(date(2022, 9, 1), 401), (date(2022, 9, 2), 200)])
def test_an_account_ends_with_its_inspector(
    app: FastAPI, client: TestClient, session: Session, inspector_user: User, ended_on: date, status: int
) -> None:
    """``ended_on`` is the first day without the person; until then all goes on."""
    inspector_user.password_hash = app.state.passwords.hash(PASSWORD)
    token = app.state.tokens.issue(builders.id_of(inspector_user), inspector_user.password_hash, NOW)
    session.get_one(Inspector, inspector_user.inspector_id).ended_on = ended_on
    session.flush()
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == status
    answer = client.post(TOKEN, data={"username": inspector_user.username, "password": PASSWORD})
    assert answer.status_code == status


@pytest.mark.usefixtures("account")
def test_an_account_ends_with_its_office(client: TestClient, session: Session, places: Places) -> None:
    headers = log_in(client)
    session.get_one(Office, places.banner_office.id).ended_on = date(2022, 9, 1)
    session.flush()
    assert client.get("/api/v1/me", headers=headers).json()["code"] == "invalid_token"


def test_a_token_of_a_number_that_no_row_can_have_is_not_good(app: FastAPI, client: TestClient) -> None:
    token = app.state.tokens.issue(10**30, "hash", NOW)
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


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
