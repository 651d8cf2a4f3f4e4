"""Settings refuse what would make an unsafe start, and name the driver of PostgreSQL themselves."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import SecretStr, ValidationError

from app.core.config import Settings

POSTGRES = "postgresql://dudao@db/dudao"
LONG = SecretStr("a secret of tests, long and varied enough")


def test_the_environment_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8111")
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    monkeypatch.setenv("DUDAO_TODAY", "2022-09-01")
    settings = Settings()
    assert (settings.host, settings.port, settings.today) == ("0.0.0.0", 8111, date(2022, 9, 1))
    assert settings.database_url == "postgresql+psycopg://dudao@db/dudao"
    assert not settings.is_sqlite


def test_an_empty_variable_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUDAO_TODAY", "")
    assert Settings().today is None


def test_production_on_postgresql_needs_a_secret() -> None:
    with pytest.raises(ValidationError, match="DUDAO_SECRET is required"):
        Settings(environment="production", database_url=POSTGRES, secret=None)
    assert Settings(environment="production", database_url=POSTGRES, secret=LONG).secret == LONG


def test_production_on_sqlite_may_keep_its_own() -> None:
    assert Settings(environment="production", database_url="sqlite:///x.sqlite", secret=None).secret is None


def test_production_refuses_a_short_secret() -> None:
    with pytest.raises(ValidationError, match="at least 32 characters"):
        Settings(environment="production", database_url=POSTGRES, secret=SecretStr("x" * 31))


def test_development_refuses_it_too() -> None:
    with pytest.raises(ValidationError, match="at least 32 characters"):
        Settings(environment="development", database_url=POSTGRES, secret=SecretStr("short"))


def test_a_secret_of_few_characters_is_refused_however_long() -> None:
    with pytest.raises(ValidationError, match="at least 10 different characters"):
        Settings(environment="production", database_url=POSTGRES, secret=SecretStr("ab" * 32))
