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


def test_a_database_that_is_deleted_while_it_is_served_is_missed_and_never_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "dudao.sqlite"
    settings = Settings(database_url=f"sqlite:///{file}", secret=None, today=None)
    migrate(settings)
    with TestClient(create_app(settings)) as client:
        assert client.get("/readyz").status_code == 200
        hidden = file.rename(tmp_path / "hidden")
        for answer in (
            client.get("/readyz"),
            client.post("/api/v1/auth/token", data={"username": "a", "password": "b"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert "已被删除或移走" in answer.json()["message"]
        assert not file.exists()
        hidden.rename(file)
        assert client.get("/readyz").status_code == 200


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "dudao.sqlite"
    file.write_bytes(b"no database " * 1000)
    settings = Settings(database_url=f"sqlite:///{file}", secret=None, today=None)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert "已损坏" in answer.json()["message"]
