"""Rounds over the same units follow one another."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.models import Round
from tests.app.programmes.builders import a_round
from tests.conftest import Headers

ROUNDS = "/api/v1/rounds"
BODY = {"name": "下一轮", "subject": "schools", "first_on": "2026-01-01", "last_on": "2028-12-31", "source": ""}


def test_a_round_is_created(client: TestClient, as_admin: Headers) -> None:
    answer = client.post(ROUNDS, headers=as_admin, json=BODY)
    assert (answer.status_code, answer.json()) == (201, BODY | {"id": answer.json()["id"], "ended_on": None})


@pytest.mark.parametrize(
    ("subject", "first_on", "status"),
    [("schools", "2026-01-01", 201), ("schools", "2025-12-31", 409), ("governments", "2025-12-31", 201)],
)
def test_rounds_over_the_same_units_share_no_day(
    client: TestClient, session: Session, as_admin: Headers, subject: str, first_on: str, status: int
) -> None:
    """There is a round over schools from 2023-01-01 to 2025-12-31."""
    a_round(session)
    answer = client.post(ROUNDS, headers=as_admin, json=BODY | {"subject": subject, "first_on": first_on})
    assert answer.status_code == status
    assert len(session.exec(select(Round)).all()) == (2 if status == 201 else 1)


def test_a_round_that_ended_leaves_room_for_the_next(client: TestClient, session: Session, as_admin: Headers) -> None:
    round_ = a_round(session)
    ended = client.post(f"{ROUNDS}/{round_.id}/end", headers=as_admin, json={"on": "2024-12-31", "reason": "改期"})
    assert ended.json()["ended_on"] == "2024-12-31"
    body = BODY | {"first_on": "2025-01-01"}
    assert client.post(ROUNDS, headers=as_admin, json=body).status_code == 201


def test_a_round_changes_and_its_dates_keep_their_order(
    client: TestClient, session: Session, as_admin: Headers
) -> None:
    url = f"{ROUNDS}/{a_round(session).id}"
    assert client.patch(url, headers=as_admin, json={"last_on": "2026-12-31"}).json()["last_on"] == "2026-12-31"
    answer = client.patch(url, headers=as_admin, json={"last_on": "2022-12-31"})
    assert (answer.status_code, answer.json()["code"]) == (422, "dates_reversed")
    session.expire_all()
    assert session.exec(select(Round)).one().last_on == date(2026, 12, 31)


def test_a_banner_reads_and_does_not_change(client: TestClient, session: Session, as_banner: Headers) -> None:
    url = f"{ROUNDS}/{a_round(session).id}"
    assert client.get(url, headers=as_banner).json()["subject"] == "schools"
    assert client.patch(url, headers=as_banner, json={"name": "改名"}).status_code == 403
    assert client.post(ROUNDS, headers=as_banner, json=BODY).status_code == 403
