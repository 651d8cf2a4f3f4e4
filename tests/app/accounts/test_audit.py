"""Who did what when: every change leaves one entry with the thing before and after."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import AuditEntry, Role, User
from tests.app import builders
from tests.conftest import Headers

AUDIT = "/api/v1/audit"


def entries(client: TestClient, headers: Headers, **filters: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(AUDIT, headers=headers, params=filters).json()["items"]
    return items


def test_the_life_of_a_thing(client: TestClient, session: Session, as_admin: Headers) -> None:
    admin = session.exec(select(User).where(User.role == Role.ADMIN)).one()
    region = builders.a_region(session, name="旧名")
    url = f"/api/v1/regions/{region.id}"
    client.patch(url, headers=as_admin, json={"name": "新名"})
    client.patch(url, headers=as_admin, json={"name": "新名"})  # nothing differs: nothing was done
    client.delete(url, headers=as_admin)
    deleted, changed = entries(client, as_admin, noun="region")
    assert (changed["action"], changed["noun_id"], changed["username"], changed["at"]) == (
        "change",
        str(region.id),
        admin.username,
        "2022-09-01T01:30:00Z",
    )
    assert {
        key: (changed["before"][key], value)
        for key, value in changed["after"].items()
        if changed["before"][key] != value
    } == {"name": ("旧名", "新名")}
    assert (deleted["action"], deleted["before"], deleted["after"]) == ("delete", changed["after"], None)


def test_a_refused_change_leaves_no_entry(client: TestClient, session: Session, as_admin: Headers) -> None:
    region = builders.a_region(session)
    builders.an_office(session, region)
    refused = client.delete(f"/api/v1/regions/{region.id}", headers=as_admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert session.exec(select(AuditEntry)).all() == []


def test_why_something_ended_is_kept(client: TestClient, session: Session, as_admin: Headers) -> None:
    office = builders.an_office(session, builders.a_region(session))
    body = {"on": "2022-12-31", "reason": "机构合并"}
    client.post(f"/api/v1/offices/{office.id}/end", headers=as_admin, json=body)
    (entry,) = entries(client, as_admin, action="end")
    assert (entry["after"]["ended_on"], entry["after"]["reason"]) == ("2022-12-31", "机构合并")


def test_the_filters(client: TestClient, session: Session, as_admin: Headers) -> None:
    admin = session.exec(select(User).where(User.role == Role.ADMIN)).one()
    region = builders.a_region(session)
    client.patch(f"/api/v1/regions/{region.id}", headers=as_admin, json={"name": "新名"})

    def count(**filters: Any) -> int:
        return len(entries(client, as_admin, **filters))

    # the deed was done on 2022-09-01 at half past nine in Asia/Shanghai
    assert (count(noun_id=str(region.id)), count(noun_id="x"), count(user_id=admin.id)) == (1, 0, 1)
    assert (count(first_on="2022-09-01"), count(first_on="2022-09-02")) == (1, 0)
    assert (count(last_on="2022-09-01"), count(last_on="2022-08-31")) == (1, 0)


def test_only_an_admin_reads_it(
    client: TestClient, as_city: Headers, as_banner: Headers, as_inspector: Headers
) -> None:
    for headers in (as_city, as_banner, as_inspector):
        assert client.get(AUDIT, headers=headers).status_code == 403
