"""The process lives, and it can serve when the database stands at the newest revision."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.core.config import Settings
from app.core.db import migrate
from app.main import create_app


def test_the_process_lives_without_a_database(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_only_after_the_migrations(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'new.sqlite'}", secret=None, today=None)
    with TestClient(create_app(settings)) as client:
        before = client.get("/readyz")
        migrate(settings)
        after = client.get("/readyz")
    assert (before.status_code, before.json()["code"]) == (503, "migrations_pending")
    assert (after.status_code, after.json()) == (200, {"status": "ok"})


def test_being_ready_is_asked_for_without_a_line_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert client.get("/readyz").status_code == 200
    assert [record.name for record in caplog.records if record.name.startswith("alembic")] == []


def test_not_ready_without_a_database(tmp_path: Path) -> None:
    """A folder stands where the database should be."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}", secret=SecretStr("a secret of tests, long and varied enough"), today=None
    )
    with TestClient(create_app(settings)) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
