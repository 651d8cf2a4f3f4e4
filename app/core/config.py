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
"""Characters below which a secret can be guessed; shorter ones stop the start outside development."""


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
    max_body_bytes: int = 2_000_000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    role: Literal["all", "web", "worker"] = "all"
    plans_at_once: int = Field(default=1, ge=1, le=64)
    solver_workers: int = Field(default=2, ge=1, le=64)
    work_dir: Path | None = None

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
        """Outside development a short secret stops the start, and so does none where no file can keep one."""
        if self.environment == "development":
            return self
        if self.secret is None:
            if not self.is_sqlite:
                raise ValueError("DUDAO_SECRET is required outside development when the database is not a SQLite file")
        elif len(self.secret.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"DUDAO_SECRET must have at least {MIN_SECRET_LENGTH} characters outside development")
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return make_url(self.database_url).get_backend_name() == "sqlite"


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read at the first call."""
    return Settings()
