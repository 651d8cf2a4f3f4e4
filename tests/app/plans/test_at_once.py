"""Two requests at the same moment, each in a transaction of its own: one is taken, the other is told what is there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import migrate, reading, writing
from app.main import create_app
from app.models import PlanEdit, PublishedVersion
from tests.app import builders
from tests.app.builders import id_of
from tests.app.plans.rows import TUESDAY, Visit, a_solved_plan
from tests.conftest import NOW, TODAY, Headers

WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """A served database in which two offices have a draft each, both with the same person on the same morning."""

    client: TestClient
    engine: sa.Engine
    headers: Headers
    plan_ids: tuple[int, int]
    visit: str

    def both(self, *wishes: tuple[str, str, Any]) -> list[tuple[int, Any]]:
        """Status and answer of two requests, each a method, an address and a body, that are sent at the same moment."""
        barrier = Barrier(len(wishes))

        def send(wish: tuple[str, str, Any]) -> tuple[int, Any]:
            barrier.wait(WAIT_SECONDS)
            method, path, body = wish
            answer = self.client.request(method, path, headers=self.headers, json=body)
            return answer.status_code, answer.json()

        with ThreadPoolExecutor(len(wishes)) as pool:
            return list(pool.map(send, wishes))

    def get(self, path: str) -> Any:
        """What an address answers."""
        return self.client.get(path, headers=self.headers).json()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path}/dudao.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("new_postgres_database")()
    settings = Settings(database_url=url)
    migrate(settings)
    app = create_app(settings)
    app.state.clock = Clock(working_date=TODAY, time=lambda: NOW)
    with writing(app.state.engine) as session:
        admin = builders.a_user(session)
        places = builders.places(session)
        shared = builders.an_inspector(session, places.banner_office)
        visits = [
            Visit(builders.an_inspectee(session, region, office), [shared])
            for region, office in ((places.banner, places.banner_office), (places.other, places.other_office))
        ]
        first, second = (
            id_of(a_solved_plan(session, [office], [visit]))
            for office, visit in zip((places.banner_office, places.other_office), visits, strict=True)
        )
        token = app.state.tokens.issue(id_of(admin), admin.password_hash, NOW)
    with TestClient(app) as client:
        yield Service(client, app.state.engine, {"Authorization": f"Bearer {token}"}, (first, second), visits[0].key)


def test_of_two_publications_that_clash_one_is_taken(service: Service) -> None:
    first, second = service.both(*(("POST", f"/api/v1/plans/{plan}/publish", None) for plan in service.plan_ids))
    assert sorted([first[0], second[0]]) == [200, 409]
    refused = next(answer for status, answer in (first, second) if status == 409)
    assert refused["code"] == "publication_conflict"
    with reading(service.engine) as session:
        assert len(session.exec(select(PublishedVersion)).all()) == 1


def test_of_two_edits_of_one_revision_one_is_taken(service: Service) -> None:
    plan = f"/api/v1/plans/{service.plan_ids[0]}"
    service.headers["If-Match"] = service.client.get(plan, headers=service.headers).headers["ETag"]
    visit = f"{plan}/assignments/{service.visit}"
    answers = service.both(("PATCH", visit, {"half": "pm"}), ("PATCH", visit, {"day": str(TUESDAY)}))
    assert sorted(status for status, _ in answers) == [200, 412]
    assert service.get(plan)["revision"] == 1
    with reading(service.engine) as session:
        assert len(session.exec(select(PlanEdit)).all()) == 1


def test_of_an_edit_and_a_publication_neither_is_lost(service: Service) -> None:
    plan = f"/api/v1/plans/{service.plan_ids[0]}"
    edited, published = service.both(
        ("PATCH", f"{plan}/assignments/{service.visit}", {"day": str(TUESDAY)}), ("POST", f"{plan}/publish", None)
    )
    assert published[0] == 200
    # whichever came first: what is published is what the plan holds, and nothing changed it afterwards
    (item,) = service.get(f"{plan}/assignments")["items"]
    assert (edited[0], item["first_on"]) in [(200, "2022-10-18"), (409, "2022-10-17")]
    assert item["standing"] == "in_force"
