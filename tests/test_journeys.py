"""The three journeys over HTTP, with the server as a process of its own that is also killed in the middle."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from app.core.config import Settings
from app.core.db import make_engine, migrate, writing
from app.core.security import Passwords
from app.models import Rank, Role
from tests.app import builders
from tests.app.jobs.warm import compile_planner
from tests.app.planning.builders import a_world, somebody

PASSWORD = "correct horse battery"
WAIT_SECONDS = 90.0
WISH = {"name": "试排", "region": "150402", "first_day": "2022-09-01", "last_day": "2025-12-31"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A database with 红山区's three schools and six people, an account of each kind, and a free port."""
    compile_planner()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite")
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        places = builders.places(session)
        a_world(session, places)
        for _ in range(2):
            builders.an_inspectee(session, places.banner, places.banner_office)
        ranks = (Rank.LEADER, Rank.LEADER, Rank.LEADER, Rank.MEMBER, Rank.MEMBER, Rank.MEMBER)
        for number, rank in enumerate(ranks):
            person = somebody(session, places.banner_office, rank=rank)
            account = {"username": f"inspector{number}", "inspector_id": person.id}
            builders.a_user(session, Role.INSPECTOR, password_hash=Passwords().hash(PASSWORD), **account)
        for role, office_id in ((Role.ADMIN, None), (Role.BANNER_OFFICE, places.banner_office.id)):
            hashed = Passwords().hash(PASSWORD)
            builders.a_user(session, role, username=role.value, password_hash=hashed, office_id=office_id)
    engine.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"DATABASE_URL": settings.database_url, "PORT": str(port), "DUDAO_TODAY": "2022-09-01", "HOST": "127.0.0.1"}
    return {**os.environ, **own, "DUDAO_SOLVER_WORKERS": "1", "DUDAO_ROLE": "all"}


@contextmanager
def a_server(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A running server that answers; it is stopped at the end if it still runs."""
    server = subprocess.Popen([sys.executable, "-m", "app.cli", "serve"], env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{environment['PORT']}", trust_env=False) as client:
            wait_until(lambda: is_ready(client), server)
        yield server
    finally:
        server.terminate()
        server.wait(WAIT_SECONDS)


def is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


def wait_until(is_so: Callable[[], bool], server: subprocess.Popen[bytes] | None = None) -> None:
    """Wait as long as it takes, within reason."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert server is None or server.poll() is None, "the server has ended"
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Person:
    """Somebody who is logged in."""

    def __init__(self, environment: dict[str, str], username: str) -> None:
        self._url = f"http://127.0.0.1:{environment['PORT']}/api/v1"
        self._headers: dict[str, str] = {}
        token = self.post("/auth/token", data={"username": username, "password": PASSWORD})["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Any:
        return self._ask("GET", path, params=query)

    def post(self, path: str, **content: Any) -> Any:
        return self._ask("POST", path, **content)

    def _ask(self, method: str, path: str, **content: Any) -> Any:
        answer = httpx.request(
            method, self._url + path, headers=self._headers, trust_env=False, timeout=WAIT_SECONDS, **content
        )
        assert answer.is_success, answer.text
        return answer.json()

    def planned(self, **wish: Any) -> Any:
        """A plan that was asked for and is solved."""
        plan_id = self.post("/plans", json=WISH | {"seconds": 3} | wish)["id"]
        wait_until(lambda: self.get(f"/plans/{plan_id}")["state"] not in ("queued", "solving"))
        return self.get(f"/plans/{plan_id}")


def test_office_asks_inspector_looks_and_after_a_leave_little_changes(environment: dict[str, str]) -> None:
    with a_server(environment):
        office = Person(environment, "banner_office")
        first = office.planned()
        assert (first["state"], first["failure"], first["figures"]["visits_planned"]) == ("solved", "", 3)
        office.post(f"/plans/{first['id']}/publish", json={"until": "2025-12-31"})
        visits = office.get(f"/plans/{first['id']}/assignments")["items"]
        assert {visit["standing"] for visit in visits} == {"in_force"}

        hit = visits[0]
        absent = hit["team"][0]["id"]
        by_person = {person.get("/me")["inspector_id"]: person for person in inspectors(environment)}
        mine = by_person[absent].get("/me/assignments")["items"]
        assert hit["visit"] in {visit["visit"] for visit in mine}
        assert all(absent in {member["id"] for member in visit["team"]} for visit in mine)

        admin = Person(environment, "admin")
        leave = {"first_on": hit["first_on"], "last_on": hit["last_on"], "kind": "sick"}
        admin.post(f"/inspectors/{absent}/absences", json=leave)
        again = admin.planned(based_on=first["id"])
        # three visits stood; only the one that lost a member differs, and nothing was added or dropped
        changed = admin.get(f"/plans/{again['id']}/changes")["items"]
        assert [change["visit"] for change in changed] == [hit["visit"]]
        assert (again["changes"]["kept"], again["changes"]["added"], again["changes"]["dropped"]) == (2, 0, 0)
        office.post(f"/plans/{again['id']}/publish", json={"until": "2025-12-31"})
        (mended,) = office.get(f"/plans/{again['id']}/assignments", inspectee=hit["inspectee_id"])["items"]
        is_away = date.fromisoformat(mended["first_on"]) <= date.fromisoformat(leave["last_on"])
        assert not (is_away and absent in {member["id"] for member in mended["team"]})


def inspectors(environment: dict[str, str]) -> list[Person]:
    return [Person(environment, f"inspector{number}") for number in range(6)]


def test_a_kill_in_the_middle_of_planning_loses_nothing(environment: dict[str, str]) -> None:
    with a_server(environment) as server:
        office = Person(environment, "banner_office")
        plan_id = office.post("/plans", json=WISH | {"seconds": 6})["id"]
        wait_until(lambda: bool(office.get(f"/plans/{plan_id}")["attempts"] == 1))
        wait_until(lambda: bool(solvers_of(server)))
        solvers = solvers_of(server)
        server.kill()
        _, alive = psutil.wait_procs(solvers, timeout=WAIT_SECONDS)
        assert alive == []
    with a_server(environment):
        office = Person(environment, "banner_office")
        wait_until(lambda: office.get(f"/plans/{plan_id}")["state"] not in ("queued", "solving"))
        plan = office.get(f"/plans/{plan_id}")
        assert (plan["state"], plan["attempts"], plan["figures"]["visits_planned"]) == ("solved", 2, 3)


def solvers_of(server: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The solver's processes below a server."""
    found = []
    for process in psutil.Process(server.pid).children(recursive=True):
        try:
            command = process.cmdline()
        except psutil.NoSuchProcess:
            continue
        if command[1:3] == ["-m", "solver"]:
            found.append(process)
    return found


def test_a_second_server_on_the_same_file_says_why_it_does_not_start(environment: dict[str, str]) -> None:
    with a_server(environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            other = environment | {"PORT": str(probe.getsockname()[1])}
        second = subprocess.run(
            [sys.executable, "-m", "app.cli", "serve"], env=other, capture_output=True, timeout=WAIT_SECONDS
        )
        assert second.returncode == 1
        assert "一个 SQLite 数据库只能有一个服务进程" in second.stderr.decode()
