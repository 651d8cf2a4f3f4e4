"""Following a plan over server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.models import Plan, PlanState
from app.plans import events
from tests.app.builders import Places
from tests.app.plans.rows import a_plan, a_solved_plan
from tests.conftest import Headers, InUse

API = "/api/v1"


def follow(client: TestClient, headers: Headers, plan: Plan) -> list[tuple[str, int, str, int]]:
    """The events of a plan: name, number, state, visits placed."""
    answer = client.get(f"{API}/plans/{plan.id}/events", headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    found = []
    for block in answer.text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        data = json.loads(fields["data"])
        assert data["id"] == plan.id
        found.append((fields["event"], int(fields["id"]), data["state"], data["progress"]["scheduled"]))
    return found


@pytest.fixture
def looks(app: FastAPI, client: TestClient, session: Session, in_use: InUse) -> list[str]:  # noqa: ARG001
    """What happens to the one plan before each look: ``state scheduled``; the last one stays."""
    to_come: list[str] = []

    @contextmanager
    def look() -> Iterator[Session]:
        in_use.wait_until_free()
        plan = session.get_one(Plan, int(to_come[0]))
        if len(to_come) > 1:
            state, scheduled = to_come.pop(1).split()
            plan.state, plan.scheduled = PlanState(state), int(scheduled)
            session.flush()
        yield session

    app.dependency_overrides[events.short_sessions] = lambda: look
    return to_come


def test_an_event_for_each_change_and_one_at_the_end(
    client: TestClient,
    session: Session,
    as_banner: Headers,
    places: Places,
    looks: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(events, "SECONDS_BETWEEN_LOOKS", 0)
    plan = a_plan(session, [places.banner_office])
    looks += [str(plan.id), "queued 0", "solving 1", "solving 1", "solving 3", "solved 3"]
    assert follow(client, as_banner, plan) == [
        ("progress", 1, "queued", 0),
        ("progress", 2, "solving", 1),  # the second look finds the same and tells nothing
        ("progress", 3, "solving", 3),
        ("end", 4, "solved", 3),
    ]


def test_a_final_plan_has_one_event(
    client: TestClient, session: Session, as_banner: Headers, places: Places, looks: list[str]
) -> None:
    plan = a_solved_plan(session, [places.banner_office], [])
    looks.append(str(plan.id))
    assert follow(client, as_banner, plan) == [("end", 1, "solved", 0)]


def test_what_may_not_be_seen_cannot_be_followed(
    client: TestClient, session: Session, as_banner: Headers, places: Places
) -> None:
    foreign = a_plan(session, [places.other_office])
    answer = client.get(f"{API}/plans/{foreign.id}/events", headers=as_banner)
    assert (answer.status_code, answer.json()["code"]) == (404, "plan_not_found")
    assert client.get(f"{API}/plans/{foreign.id}/events").status_code == 401
