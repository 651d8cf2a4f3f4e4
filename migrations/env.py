"""Runs the migrations on the database of the settings, each revision in a transaction of its own."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import app.models  # noqa: F401  (the tables register themselves on import)
from app.core.config import Settings, get_settings
from app.core.db import make_engine


def run() -> None:
    """Bring the database to the revision that Alembic was asked for."""
    settings: Settings = context.config.attributes.get("settings") or get_settings()
    # SQLite changes a table by rebuilding it, which keys that are watched forbid; they are checked afterwards
    engine = make_engine(settings, foreign_keys=False)
    with engine.connect() as connection, _alone(connection, settings):
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=settings.is_sqlite,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if settings.is_sqlite:
            _check_keys(connection)
    engine.dispose()


MIGRATION_LOCK = 0x6475_6461_6F
"""The key of the advisory lock under which PostgreSQL is migrated, so that it meets no other program's."""


@contextmanager
def _alone(connection: sa.Connection, settings: Settings) -> Iterator[None]:
    """Wait until nobody else migrates this database; the lock ends with the connection at the latest."""
    if settings.is_sqlite:
        folder = os.open(Path(connection.engine.url.database or ".").resolve().parent, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(folder)
        return
    connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()  # the lock is the session's; each migration has a transaction of its own
    yield
    connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()


def _check_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"rows that refer to nothing after the migration: {broken[:10]}")


run()
