"""The migrations: up from nothing, down one and up again, and no drift from the tables, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from app.core.config import Settings
from app.core.db import MIGRATIONS, alembic_config, is_at_head, make_engine, migrate

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings on a database in which there is nothing yet."""
    if request.param == "sqlite":
        return Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}", secret=None, today=None)
    new_database = request.getfixturevalue("new_postgres_database")
    return Settings(database_url=new_database(), secret=None, today=None)


def everything(settings: Settings) -> dict[str, Any]:
    """What the database itself says of its tables: columns, keys, checks, indexes, each by name."""
    engine = make_engine(settings)
    inspector = sa.inspect(engine)
    found = {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)
            },
            "primary": inspector.get_pk_constraint(table),
            "foreign": _by_name(inspector.get_foreign_keys(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }
    engine.dispose()
    return found


def _by_name(things: Any) -> dict[str, Any]:
    return {thing["name"]: thing for thing in things}


def test_the_tables_are_as_the_models_say(empty: Settings) -> None:
    engine = make_engine(empty)
    SQLModel.metadata.create_all(engine)
    from_models = everything(empty)
    SQLModel.metadata.drop_all(engine)
    engine.dispose()

    migrate(empty)

    assert everything(empty) == from_models
    alembic.command.check(alembic_config(empty))  # raises where autogenerate would still find something


def test_down_one_and_up_again_is_where_it_was(empty: Settings) -> None:
    migrate(empty)
    before = everything(empty)

    alembic.command.downgrade(alembic_config(empty), "-1")
    assert everything(empty) != before

    migrate(empty)
    assert everything(empty) == before


def test_down_to_nothing_leaves_nothing(empty: Settings) -> None:
    migrate(empty)
    alembic.command.downgrade(alembic_config(empty), "base")
    assert everything(empty) == {}


def test_at_head_only_after_the_last_revision(empty: Settings) -> None:
    engine = make_engine(empty)
    assert not is_at_head(engine)
    migrate(empty)
    assert is_at_head(engine)
    engine.dispose()


def test_several_migrations_at_once_wait_for_each_other(empty: Settings) -> None:
    command = [sys.executable, "-m", "app.cli", "migrate"]
    surroundings = os.environ | {"DATABASE_URL": empty.database_url}
    running = [
        subprocess.Popen(command, env=surroundings, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in running]
    assert [status for _, status in ends] == [0, 0, 0], ends
    engine = make_engine(empty)
    assert is_at_head(engine)
    engine.dispose()


def test_the_revisions_are_one_line() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
