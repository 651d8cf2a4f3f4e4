"""Accounts: who may see and change them, and what an account must be."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.models import AuditEntry, Role, User
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.conftest import Headers

USERS = "/api/v1/users"
PASSWORD = "草原上的十匹马儿跑得快"


def test_an_admin_opens_an_account(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    body = {"username": "hongshan", "password": PASSWORD, "role": "banner_office", "office_id": places.banner_office.id}
    answer = client.post(USERS, headers=as_admin, json=body)
    account = session.exec(select(User).where(User.username == "hongshan")).one()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": account.id,
            "username": "hongshan",
            "role": "banner_office",
            "office_id": places.banner_office.id,
            "inspector_id": None,
            "created_at": "2022-09-01T01:30:00Z",
            "ended_at": None,
        },
    )
    assert client.get(f"{USERS}/{account.id}", headers=as_admin).json() == answer.json()
    assert PASSWORD not in account.password_hash
    entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entry is not None
    assert (entry.action, entry.noun, entry.noun_id) == ("create", "account", str(account.id))
    assert "password_hash" not in (entry.after or {})


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"username": "taken"}, 409, "username_taken"),
        ({"username": "two words"}, 422, "invalid_value"),
        ({"password": "short"}, 422, "invalid_value"),
        ({"office_id": None}, 422, "role_mismatch"),
        ({"office_id": 987654}, 422, "unknown_reference"),
        ({"role": "city_office"}, 422, "role_mismatch"),
        ({"role": "admin"}, 422, "role_mismatch"),
        ({"role": "inspector", "office_id": None, "inspector_id": 987654}, 422, "unknown_reference"),
    ],
)
def test_what_is_no_account(
    client: TestClient,
    session: Session,
    as_admin: Headers,
    places: Places,
    changes: dict[str, Any],
    status: int,
    code: str,
) -> None:
    builders.a_user(session, username="taken")
    body = {"username": "hongshan", "password": PASSWORD, "role": "banner_office", "office_id": places.banner_office.id}
    answer = client.post(USERS, headers=as_admin, json=body | changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert session.exec(select(User).where(User.username == "hongshan")).first() is None


def test_an_account_changes_its_office_and_role(
    client: TestClient, session: Session, as_admin: Headers, places: Places
) -> None:
    account = builders.a_user(session, Role.BANNER_OFFICE, office_id=places.banner_office.id)
    moved = client.patch(f"{USERS}/{account.id}", headers=as_admin, json={"office_id": places.other_office.id})
    assert (moved.status_code, moved.json()["office_id"]) == (200, places.other_office.id)
    mismatch = client.patch(f"{USERS}/{account.id}", headers=as_admin, json={"office_id": places.city_office.id})
    assert (mismatch.status_code, mismatch.json()["code"]) == (422, "role_mismatch")


def test_an_admin_resets_a_password_and_ends_an_account(
    client: TestClient, session: Session, as_admin: Headers, as_banner: Headers, places: Places
) -> None:
    account = session.exec(select(User).where(User.office_id == places.banner_office.id)).one()
    assert client.get("/api/v1/me", headers=as_banner).status_code == 200
    reset = client.post(f"{USERS}/{account.id}/password", headers=as_admin, json={"password": PASSWORD})
    assert reset.status_code == 200
    assert client.get("/api/v1/me", headers=as_banner).status_code == 401
    ended = client.post(f"{USERS}/{account.id}/end", headers=as_admin)
    assert (ended.status_code, ended.json()["ended_at"]) == (200, "2022-09-01T01:30:00Z")
    again = client.post(f"{USERS}/{account.id}/end", headers=as_admin)
    assert (again.status_code, again.json()["code"]) == (409, "already_ended")


def test_the_last_admin_stays(client: TestClient, session: Session, as_admin: Headers) -> None:
    only = session.exec(select(User).where(User.role == Role.ADMIN)).one()
    refused = client.post(f"{USERS}/{only.id}/end", headers=as_admin)
    assert (refused.status_code, refused.json()["code"]) == (422, "last_admin")
    builders.a_user(session, Role.ADMIN)
    assert client.post(f"{USERS}/{only.id}/end", headers=as_admin).status_code == 200


def test_an_office_sees_its_own_accounts_and_its_inspectors(
    client: TestClient, session: Session, as_banner: Headers, as_city: Headers, places: Places, inspector_user: User
) -> None:
    foreign = builders.a_user(session, Role.BANNER_OFFICE, office_id=places.other_office.id)
    seen = {item["id"] for item in client.get(USERS, headers=as_banner).json()["items"]}
    own = session.exec(select(User).where(User.office_id == places.banner_office.id)).one()
    assert seen == {own.id, inspector_user.id}
    assert client.get(f"{USERS}/{foreign.id}", headers=as_banner).status_code == 404
    assert client.get(f"{USERS}/{foreign.id}", headers=as_city).status_code == 200


def test_only_an_admin_changes_accounts(
    client: TestClient, as_banner: Headers, as_city: Headers, inspector_user: User
) -> None:
    url = f"{USERS}/{id_of(inspector_user)}"
    for headers in (as_banner, as_city):
        for answer in (
            client.patch(url, headers=headers, json={"office_id": None}),
            client.post(f"{url}/end", headers=headers),
            client.post(f"{url}/password", headers=headers, json={"password": PASSWORD}),
            client.post(USERS, headers=headers, json={"username": "new", "password": PASSWORD, "role": "admin"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_the_filters_of_the_list(client: TestClient, session: Session, as_admin: Headers, places: Places) -> None:
    office = builders.a_user(session, Role.CITY_OFFICE, username="city", office_id=places.city_office.id)

    def names(**filters: Any) -> list[str]:
        return [item["username"] for item in client.get(USERS, headers=as_admin, params=filters).json()["items"]]

    assert names(role="city_office") == ["city"]
    assert names(office_id=office.office_id) == ["city"]
    assert names(ended=True) == []
    assert "city" in names(ended=False)


def test_a_refused_password_is_not_repeated(client: TestClient, as_admin: Headers) -> None:
    answer = client.post(USERS, headers=as_admin, json={"username": "x1", "password": "short", "role": "admin"})
    assert answer.json()["message"] == "“密码（password）”的值“…”无效：至少 10 个字。"
