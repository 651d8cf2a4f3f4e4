"""One request is one transaction: committed before the answer leaves, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.audit import Ledger
from app.accounts.schemas import UserCreate
from app.accounts.service import create_user
from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import SessionDep, make_engine, migrate, reading, writing
from app.core.errors import Refused
from app.main import create_app
from app.models import Inspectee, InspecteeKind, Role, Setting

NOW = datetime(2022, 9, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A migrated database that commits, unlike the one of the other tests."""
    url = f"sqlite:///{tmp_path / 'dudao.sqlite'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_database")()
    settings = Settings(database_url=url, secret=None, today=None)
    migrate(settings)
    return settings


@pytest.fixture
def engine(own: Settings) -> Iterator[sa.Engine]:
    engine = make_engine(own)
    yield engine
    engine.dispose()


def a_setting(key: str = "notice_days") -> Setting:
    return Setting(key=key, value=20, updated_at=NOW)


def keys(engine: sa.Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.exec(select(Setting.key)).all())


def test_writing_commits_at_its_end(engine: sa.Engine) -> None:
    with writing(engine) as session:
        session.add(a_setting())
    assert keys(engine) == ["notice_days"]


def test_writing_that_raises_leaves_nothing(engine: sa.Engine) -> None:
    def store_and_refuse() -> None:
        with writing(engine) as session:
            session.add(a_setting())
            session.flush()
            raise Refused("no", "不行")

    with pytest.raises(Refused):
        store_and_refuse()
    assert keys(engine) == []


def test_reading_never_commits(engine: sa.Engine) -> None:
    with reading(engine) as session:
        session.add(a_setting())
        session.flush()
    assert keys(engine) == []


def test_a_reference_to_nothing_is_refused_by_the_database(engine: sa.Engine) -> None:
    orphan = Inspectee(
        code="S1", name="小学", kind=InspecteeKind.PRIMARY, region_id=1, owner_office_id=1, lon=119.0, lat=42.0
    )
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as session:
        session.add(orphan)


def with_routes(settings: Settings) -> FastAPI:
    app = create_app(settings)

    @app.post("/store")
    def store(session: SessionDep) -> str:
        session.add(a_setting())
        return "stored"

    @app.post("/store-and-refuse")
    def store_and_refuse(session: SessionDep) -> str:
        session.add(a_setting("buffer_days"))
        session.flush()
        raise Refused("no", "不行")

    return app


def test_a_request_commits_before_its_answer_and_a_refused_one_leaves_nothing(own: Settings, engine: sa.Engine) -> None:
    with TestClient(with_routes(own)) as client:
        stored = client.post("/store")
        assert (stored.status_code, keys(engine)) == (200, ["notice_days"])
        refused = client.post("/store-and-refuse")
        assert (refused.status_code, refused.json()["code"], keys(engine)) == (422, "no", ["notice_days"])


def test_a_clash_at_the_commit_is_still_an_error_of_the_request(own: Settings, engine: sa.Engine) -> None:
    """The same key twice is noticed only when the transaction ends, after the endpoint has returned."""
    with TestClient(with_routes(own)) as client:
        client.post("/store")
        again = client.post("/store")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert keys(engine) == ["notice_days"]


def test_who_reads_first_and_writes_later_waits_for_the_other_writer(tmp_path: Path) -> None:
    """On SQLite a transaction that began by reading could not write after another had written; ``writing`` can."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'dudao.sqlite'}", secret=None)
    migrate(settings)
    engine = make_engine(settings)
    with Session(engine) as late:
        late.exec(select(Setting)).all()
        with writing(engine) as other:
            other.add(a_setting("other"))
        late.add(a_setting("late"))
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            late.flush()
    with writing(engine) as session:
        session.exec(select(Setting)).all()
        session.add(a_setting("late"))
    assert sorted(keys(engine)) == ["late", "other"]
    engine.dispose()


def test_from_logging_in_to_a_kept_change(own: Settings, engine: sa.Engine) -> None:
    """The whole way on a database that commits: an account, a token, a change, and the entry of who did it."""
    app = create_app(own)
    with writing(engine) as session:
        wanted = UserCreate(username="admin", password="草原上的十匹马儿跑得快", role=Role.ADMIN)
        create_user(Ledger(session, Clock(), None), app.state.passwords, wanted)
    with TestClient(app) as client:
        form = {"username": "admin", "password": "草原上的十匹马儿跑得快"}
        token = client.post("/api/v1/auth/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        changed = client.patch("/api/v1/settings", headers=headers, json={"notice_days": 20})
        deeds = client.get("/api/v1/audit", headers=headers).json()["items"]
    assert (changed.status_code, keys(engine)) == (200, ["notice_days"])
    assert [(deed["username"], deed["action"], deed["noun"]) for deed in deeds] == [
        ("admin", "create", "setting"),
        (None, "create", "account"),
    ]
