"""Runs the migrations on the database of the settings, each revision in a transaction of its own."""

from __future__ import annotations

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
    with engine.connect() as connection:
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


def _check_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"rows that refer to nothing after the migration: {broken[:10]}")


run()
