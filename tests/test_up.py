"""``dudao up`` as a process of its own: a first run, a second one, one that is killed on the way; and two workers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from app.core.config import Settings
from app.core.db import make_engine, migrate, writing
from app.models import InspecteeKind, Rank, Recognition, ValidationTarget
from tests.app import builders
from tests.app.builders import id_of
from tests.app.jobs.warm import compile_planner
from tests.app.planning.builders import a_world, somebody
from tests.test_journeys import WAIT_SECONDS, solvers_of, wait_until

SECONDS = "8"
"""More than the small city needs: its visits are placed in the first of them."""
PLAN_NAME = "2022年秋季至2025年督导安排"
Environment = dict[str, str]


def a_small_city(settings: Settings) -> None:
    """赤峰市 with 红山区's school, its government, six people there and none at the city: what is known is kept."""
    compile_planner()
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        places = builders.places(session)
        a_world(session, places)
        builders.an_inspectee(session, places.banner, places.banner_office, kind=InspecteeKind.PRIMARY)
        for rank in (Rank.LEADER, Rank.LEADER, Rank.LEADER, Rank.MEMBER, Rank.MEMBER, Rank.MEMBER):
            somebody(session, places.banner_office, rank=rank)
        builders.added(
            session,
            ValidationTarget(
                region_id=id_of(places.banner), recognition=Recognition.PRESCHOOL_UNIVERSAL, target_year=2024
            ),
        )
    engine.dispose()


def environment_of(settings: Settings, **more: str) -> Environment:
    """What the processes of a test are started with, on a port of their own and without a working date."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    own = {"DATABASE_URL": settings.database_url, "PORT": port, "HOST": "127.0.0.1", "DUDAO_TODAY": ""}
    return {**os.environ, **own, "DUDAO_SOLVER_WORKERS": "1", "DUDAO_ROLE": "all", **more}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """The small city in a SQLite file."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite", today=None)
    a_small_city(settings)
    return environment_of(settings)


@contextmanager
def started(environment: Environment, log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the command line whose lines go to a file; it is stopped at the end if it still runs."""
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "app.cli", *arguments], env=environment, stdout=file)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def asking(environment: Environment) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{environment['PORT']}", trust_env=False, timeout=WAIT_SECONDS)


def is_served(environment: Environment) -> bool:
    try:
        with asking(environment) as client:
            return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


def get(environment: Environment, password: str, path: str) -> Any:
    """What the administrator is answered."""
    with asking(environment) as client:
        login = client.post("/api/v1/auth/token", data={"username": "admin", "password": password})
        assert login.is_success, login.text
        answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {login.json()['access_token']}"})
        assert answer.is_success, answer.text
        return answer.json()


def passwords_in(log: str) -> dict[str, str]:
    """The passwords that a first run prints, by account."""
    lines = (line.split() for line in log.splitlines())
    roles = {"admin", "city_office", "banner_office", "inspector"}
    return {parts[0]: parts[2] for parts in lines if len(parts) == 3 and parts[1] in roles}


def kill_with_its_solvers(process: subprocess.Popen[bytes]) -> None:
    solvers = solvers_of(process)
    process.send_signal(signal.SIGKILL)
    process.wait(WAIT_SECONDS)
    _, alive = psutil.wait_procs(solvers, timeout=WAIT_SECONDS)
    assert alive == []


def test_a_first_run_plans_publishes_and_serves_and_a_second_keeps_what_is_there(
    environment: Environment, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with started(environment, first, "up", "--seconds", SECONDS) as process:
        wait_until(lambda: is_served(environment), process)
        passwords = passwords_in(first.read_text())
        assert sorted(passwords) == ["admin", "city", "hongshan"]  # nobody of the register bears the inspector's code
        me = get(environment, passwords["admin"], "/me")
        assert (me["working_on"], me["working_date_source"]) == ("2022-09-01", "demonstration")
        (plan,) = get(environment, passwords["admin"], "/plans")["items"]
        assert (plan["name"], plan["state"]) == (PLAN_NAME, "published")
        # both schools have their visit of the round; the city has nobody, and its visits say so
        assert plan["figures"]["visits_planned"] == 2
        versions = get(environment, passwords["admin"], "/versions")["items"]
        assert {version["until"] for version in versions} == {"2023-12-31"}
    assert "的安排生效至 2023-12-31" in first.read_text()

    with started(environment, second, "up", "--seconds", SECONDS) as process:
        wait_until(lambda: is_served(environment), process)
        assert get(environment, passwords["admin"], "/plans")["total"] == 1
        assert get(environment, passwords["admin"], "/versions")["items"] == versions
    assert second.read_text().splitlines()[0] == "数据已齐备，本次未作任何改动。"
    assert passwords_in(second.read_text()) == {}


def test_a_first_run_that_was_killed_while_it_planned_goes_on(environment: Environment, tmp_path: Path) -> None:
    log, again = tmp_path / "log", tmp_path / "again"
    with started(environment, log, "up", "--seconds", SECONDS) as process:
        wait_until(lambda: bool(solvers_of(process)), process)
        kill_with_its_solvers(process)
    with started(environment, again, "up", "--seconds", SECONDS) as process:
        wait_until(lambda: is_served(environment), process)
        (plan,) = get(environment, passwords_in(log.read_text())["admin"], "/plans")["items"]
        assert (plan["state"], plan["attempts"], plan["figures"]["visits_planned"]) == ("published", 2, 2)


@pytest.mark.postgres
def test_on_postgresql_a_second_worker_takes_over_from_one_that_is_killed(
    new_postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    settings = Settings(database_url=new_postgres_database(), today=None)
    a_small_city(settings)
    secret = {"DUDAO_SECRET": "for this test only " * 2, "DUDAO_WORK_DIR": str(tmp_path / "work")}
    web = environment_of(settings, DUDAO_ROLE="web", **secret)
    worker = web | {"DUDAO_ROLE": "worker"}
    seeded = subprocess.run([sys.executable, "-m", "app.cli", "seed"], env=web, check=True, stdout=subprocess.PIPE)
    password = passwords_in(seeded.stdout.decode())["admin"]
    with (
        started(web, tmp_path / "web", "serve") as server,
        started(worker, tmp_path / "one", "serve") as one,
        started(worker, tmp_path / "two", "worker") as two,
    ):
        wait_until(lambda: is_served(web), server)
        wait_until(lambda: hold_leases(settings, 2), two)
        wish = {
            "name": "试排",
            "region": "150402",
            "first_day": "2022-09-01",
            "last_day": "2025-12-31",
            "seconds": int(SECONDS),
        }
        with asking(web) as client:
            login = client.post("/api/v1/auth/token", data={"username": "admin", "password": password}).json()
            headers = {"Authorization": f"Bearer {login['access_token']}"}
            assert client.post("/api/v1/plans", headers=headers, json=wish).status_code == 202
        wait_until(lambda: bool(solvers_of(one) or solvers_of(two)), server)
        killed, other = (one, two) if solvers_of(one) else (two, one)
        kill_with_its_solvers(killed)
        wait_until(lambda: get(web, password, "/plans/1")["state"] == "solved", other)
        plan = get(web, password, "/plans/1")
        assert (plan["attempts"], plan["figures"]["visits_planned"]) == (2, 2)


def hold_leases(settings: Settings, workers: int) -> bool:
    """Whether so many workers live, by the leases that they hold."""
    engine = make_engine(settings)
    with engine.connect() as connection:
        number: int = connection.exec_driver_sql("SELECT count(*) FROM lease").scalar_one()
    engine.dispose()
    return number == workers
