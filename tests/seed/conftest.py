"""A database that the migrations built and the seed filled once; tests of this folder only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session

import seed
from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import make_engine, migrate
from app.core.security import Passwords

CLOCK = Clock(working_date=date(2022, 9, 1), time=lambda: datetime(2022, 9, 1, 1, 30, tzinfo=UTC))


@pytest.fixture(scope="session")
def cheap_passwords() -> Passwords:
    """Hashes at the least cost."""
    return Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))


def fresh_engine(file: Path) -> sa.Engine:
    """A migrated database in a file, without a row."""
    settings = Settings(database_url=f"sqlite:///{file}", environment="development", secret=None, today=None)
    migrate(settings)
    return make_engine(settings)


@pytest.fixture(scope="session")
def seeded_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """An empty database of its own."""
    engine = fresh_engine(tmp_path_factory.mktemp("seeded") / "dudao.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def report(seeded_engine: sa.Engine, cheap_passwords: Passwords) -> seed.SeedReport:
    """What the first run made."""
    return seed.load(seeded_engine, CLOCK, passwords=cheap_passwords)


@pytest.fixture
def seeded(seeded_engine: sa.Engine, report: seed.SeedReport) -> Iterator[Session]:
    """A session on the filled database whose transaction is rolled back."""
    assert report.changed
    with seeded_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
