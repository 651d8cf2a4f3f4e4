"""How long lists take with 20,000 assignments: two cores, one process, the database as the migrations built it.

Run by ``make bench``; the table is printed with ``-s``. Each figure is the median of five requests over the ASGI
interface, in milliseconds, without a network.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlmodel import Session

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import migrate, writing
from app.main import create_app
from app.models import (
    Assignment,
    AuditEntry,
    Half,
    Inspectee,
    Inspector,
    Plan,
    PlannedVisit,
    PublishedVersion,
    Role,
    ServedProgramme,
    TeamMember,
    UnscheduledVisit,
)
from app.publications import calendar_events
from tests.app import builders
from tests.app.builders import Places, id_of
from tests.app.plans.rows import a_plan
from tests.app.programmes.builders import a_programme
from tests.conftest import NOW, TODAY, Headers

pytestmark = pytest.mark.bench

API = "/api/v1"
ASSIGNMENTS, UNITS, PEOPLE, LEFT_OUT, TEAM = 20_000, 2_000, 450, 2_000, 3
ROUNDS_OF_ASKING = 5
SLOW_MILLISECONDS = 1_000
"""A list that takes longer than this is no list for people; the bench fails."""

LISTS = (
    "inspectees?page_size=50",
    "inspectees?page_size=500&page=4",
    "inspectors?page_size=50",
    "plans",
    "plans/{plan}/assignments",
    "plans/{plan}/assignments?page_size=500",
    "plans/{plan}/assignments?page_size=500&page=40",
    "plans/{plan}/assignments?inspector={person}",
    "plans/{plan}/assignments?inspectee={unit}",
    "plans/{plan}/assignments?programme=round&first_day=2023-03-01&last_day=2023-03-31",
    "plans/{plan}/unscheduled",
    "versions",
    "inspectors/{person}/assignments",
    "audit?page_size=50",
    "audit?noun=inspectee&noun_id=77",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FastAPI]:
    """The application on a database of its own."""
    url = f"sqlite:///{tmp_path / 'dudao.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_database")()
    settings = Settings(database_url=url, secret=SecretStr("for tests only " * 3), today=TODAY)
    migrate(settings)
    app = create_app(settings)
    app.state.clock = Clock(working_date=TODAY, time=lambda: NOW)
    yield app
    app.state.engine.dispose()


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """The ids of rows that were stored at once."""
    return list(session.scalars(sa.insert(table).returning(table.id, sort_by_parameter_order=True), rows).all())


def _units(session: Session, places: Places) -> list[int]:
    first = builders.an_inspectee(session, places.banner, places.banner_office).model_dump(exclude={"id"})
    rows = [first | {"code": f"B{number:05}", "name": f"第{number}学校"} for number in range(UNITS)]
    return _insert(session, Inspectee, rows)


def _people(session: Session, places: Places) -> list[int]:
    first = builders.an_inspector(session, places.banner_office).model_dump(exclude={"id"})
    rows = [first | {"code": f"P{number:05}", "name": f"督学{number}"} for number in range(PEOPLE)]
    return _insert(session, Inspector, rows)


def _visits(session: Session, plan: Plan, places: Places, units: list[int], number: int, key: str) -> list[int]:
    rows = [
        {
            "plan_id": id_of(plan),
            "key": f"{key}-{each}",
            "inspectee_id": units[each % UNITS],
            "office_id": id_of(places.banner_office),
            "half_days": 1,
            "earliest": TODAY,
            "latest": date(2025, 12, 31),
            "late": False,
        }
        for each in range(number)
    ]
    ids = _insert(session, PlannedVisit, rows)
    served = [{"visit_id": visit, "programme_code": "round", "phase": "evaluation"} for visit in ids]
    session.execute(sa.insert(ServedProgramme), served)
    return ids


def _assignments(session: Session, plan: Plan, places: Places, units: list[int], people: list[int]) -> None:
    visits = _visits(session, plan, places, units, ASSIGNMENTS, "round-1")
    rows = []
    for number, visit in enumerate(visits):
        day = TODAY + timedelta(days=number % 1_200)
        team = [people[(number + member * 7) % PEOPLE] for member in range(TEAM)]
        fields = {"plan_id": id_of(plan), "visit_id": visit, "inspectee_id": units[number % UNITS], "half_days": 1}
        days = {"first_on": day, "last_on": day, "half": Half.AM if number % 2 else Half.PM, "carried_out": False}
        rows.append(fields | days | {"office_id": id_of(places.banner_office), "leader_id": team[0]})
    ids = _insert(session, Assignment, rows)
    members = [
        {"assignment_id": number, "inspector_id": people[(place + member * 7) % PEOPLE]}
        for place, number in enumerate(ids)
        for member in range(TEAM)
    ]
    session.execute(sa.insert(TeamMember), members)


def _fill(app: FastAPI) -> tuple[Headers, dict[str, int], float]:
    """The administrator's headers, the ids that addresses name, and the seconds that publishing the events took."""
    with writing(app.state.engine) as session:
        places = builders.places(session)
        admin = builders.a_user(session, Role.ADMIN)
        a_programme(session)
        units, people = _units(session, places), _people(session, places)
        plan = a_plan(session, [places.banner_office], last_day=date(2025, 12, 31))
        _assignments(session, plan, places, units, people)
        left_out = _visits(session, plan, places, units, LEFT_OUT, "round-2")
        session.execute(
            sa.insert(UnscheduledVisit),
            [{"visit_id": visit, "plan_id": id_of(plan), "reasons": [{"code": "no_team"}]} for visit in left_out],
        )
        version = {"office_id": id_of(places.banner_office), "number": 1, "plan_id": id_of(plan)}
        session.execute(sa.insert(PublishedVersion), [version | {"until": date(2025, 12, 31), "published_at": NOW}])
        entry = {"at": NOW, "user_id": id_of(admin), "action": "change", "noun": "inspectee"}
        session.execute(sa.insert(AuditEntry), [entry | {"noun_id": str(number % UNITS)} for number in range(20_000)])
        started = time.perf_counter()
        calendar_events.record(session, NOW)
        seconds = time.perf_counter() - started
        token = app.state.tokens.issue(id_of(admin), admin.password_hash, NOW)
        ids = {"plan": id_of(plan), "person": people[0], "unit": units[0]}
    return {"Authorization": f"Bearer {token}"}, ids, seconds


def test_lists_with_twenty_thousand_assignments(app: FastAPI) -> None:
    headers, ids, seconds = _fill(app)
    print(f"\n{app.state.engine.dialect.name}: events of {ASSIGNMENTS * TEAM} duties recorded in {seconds:.1f} s")  # noqa: T201
    slow = {}
    with TestClient(app) as client:
        for path in LISTS:
            times = []
            for _ in range(ROUNDS_OF_ASKING):
                started = time.perf_counter()
                answer = client.get(f"{API}/{path.format(**ids)}", headers=headers)
                times.append((time.perf_counter() - started) * 1000)
                assert answer.status_code == 200, answer.text
            median = statistics.median(times)
            print(f"{median:8.1f} ms  {answer.json()['total']:6} rows  {path}")  # noqa: T201
            if median > SLOW_MILLISECONDS:
                slow[path] = median
    assert slow == {}
