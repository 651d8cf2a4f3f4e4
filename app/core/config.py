"""Settings of the process, from the environment and ``.env``; the rules of the field are in the database instead."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

MIN_SECRET_LENGTH = 32
"""Characters below which a secret can be guessed; a shorter one stops the start."""
LEAST_DIFFERENT_CHARACTERS = 10
"""A secret of fewer different characters can be guessed however long it is."""


class Settings(BaseSettings):
    """How this process runs; names are prefixed ``DUDAO_`` but for HOST, PORT and DATABASE_URL."""

    model_config = SettingsConfigDict(
        env_prefix="DUDAO_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=8000, validation_alias="PORT")
    database_url: str = Field(default="sqlite:///var/dudao.sqlite", validation_alias="DATABASE_URL")
    environment: Literal["development", "production"] = "development"
    secret: SecretStr | None = None
    today: date | None = None
    token_life: timedelta = timedelta(hours=12)
    repeat_life: timedelta = timedelta(hours=24)
    trusted_proxies: str = ""
    max_body_bytes: int = 2_000_000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    role: Literal["all", "web", "worker"] = "all"
    plans_at_once: int = Field(default=1, ge=1, le=64)
    solver_workers: int = Field(default=2, ge=1, le=64)
    work_dir: Path | None = None
    lease_seconds: float = Field(default=10.0, ge=1.0, le=300.0)

    @field_validator("database_url")
    @classmethod
    def with_driver(cls, url: str) -> str:
        """Name the PostgreSQL driver that is installed where the address names none."""
        for bare in ("postgres://", "postgresql://"):
            if url.startswith(bare):
                return "postgresql+psycopg://" + url.removeprefix(bare)
        return url

    @model_validator(mode="after")
    def refuse_weak_secret(self) -> Settings:
        """A secret that can be guessed stops the start; outside development so does none that no file can keep."""
        if self.secret is None:
            if self.environment != "development" and not self.is_sqlite:
                raise ValueError("DUDAO_SECRET is required outside development when the database is not a SQLite file")
            return self
        secret = self.secret.get_secret_value()
        if len(secret) < MIN_SECRET_LENGTH:
            raise ValueError(f"DUDAO_SECRET must have at least {MIN_SECRET_LENGTH} characters")
        if len(set(secret)) < LEAST_DIFFERENT_CHARACTERS:
            raise ValueError(f"DUDAO_SECRET must have at least {LEAST_DIFFERENT_CHARACTERS} different characters")
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return make_url(self.database_url).get_backend_name() == "sqlite"


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read at the first call."""
    return Settings()
