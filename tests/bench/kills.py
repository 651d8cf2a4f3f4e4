"""Kills workers while they plan: `python -m tests.bench.kills` prints a table in Markdown of what became of the plans.

A campaign has a database, its workers in scratch folders of their own, and plans that wait. At random moments something
is done to one of them, until it was done often enough; then all plans must have ended once and solved, and nothing may
be left: no child process, no folder, no lease. What fails ends the command with status 1. The disk of the campaign with
full disks is a small file system in memory, for which the command must run as root.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import psutil
import sqlalchemy as sa
from sqlmodel import col, select

from app.core.config import Settings
from app.core.db import make_engine, migrate, reading, writing
from app.models import Lease, Office, Plan, PlanState, PlanWork, Rank
from tests.app import builders
from tests.app.planning.builders import a_world, somebody
from tests.app.plans.rows import a_plan
from tests.bench.postgres import Postgres

LEASE_SECONDS = 4.0
PLAN_SECONDS = 2
LONGEST_PAUSE_SECONDS = 6.0
"""The next deed comes after a random time up to this."""
LONGEST_END_SECONDS = 240.0
"""How long the plans may take to end when nothing is done to them any more."""
STOP_SECONDS = 10.0
WAITING_PLANS = 2
"""So many plans wait or are worked on at any time."""
DISK_BYTES = 24_000_000


@dataclass
class Report:
    """What was done and what became of it."""

    what: str
    deeds: int = 0
    plans: int = 0
    attempts: int = 0
    slowest_stop: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def row(self) -> str:
        """A row of the table."""
        wrong = "；".join(self.wrong) or "none"
        return f"| {self.what} | {self.deeds} | {self.plans} | {self.attempts} | {self.slowest_stop:.1f} | {wrong} |"


HEADING = "| what is done | times | plans, each solved once | attempts | slowest stop, s | wrong |"


class Worker:
    """A worker process with a folder of its own, begun again after each kill."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self._log = folder.with_suffix(".log")
        self._environment = os.environ | {
            "DATABASE_URL": settings.database_url,
            "DUDAO_WORK_DIR": str(folder),
            "DUDAO_LEASE_SECONDS": str(LEASE_SECONDS),
            "DUDAO_SOLVER_WORKERS": "1",
        }
        self.begin()

    def begin(self) -> None:
        """Begin a process."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "app.cli", "worker"]
            self.process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill the process and begin another."""
        self.process.kill()
        self.process.wait()
        self.begin()

    def freeze(self, seconds: float) -> None:
        """Freeze the process for some seconds."""
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> float:
        """Ask the process to end; the seconds that it took."""
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(2 * STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - began


class Campaign:
    """A database, its workers, and the plans that they are to end."""

    def __init__(self, settings: Settings, folders: Sequence[Path], rng: random.Random) -> None:
        self.engine = make_engine(settings)
        self.workers = [Worker(settings, folder) for folder in folders]
        self.rng = rng
        self._ended: dict[int, datetime | None] = {}
        self._wrong: list[str] = []

    def run(self, report: Report, deed: Callable[[Campaign], None], times: int) -> Report:
        """Do something so many times, then look whether everything is as it should be."""
        for _ in range(times):
            self._wait_until(self._is_at_work)
            time.sleep(self.rng.uniform(0, LONGEST_PAUSE_SECONDS))
            deed(self)
            report.deeds += 1
        self._wait_until(self._have_ended)
        self._wait_until(self._only_the_living_hold_leases)  # that of a killed worker ends in time, not at once
        report.slowest_stop = max(worker.stop() for worker in self.workers)
        if report.slowest_stop > STOP_SECONDS:
            self._wrong.append(f"a worker took {report.slowest_stop:.1f} s to stop")
        self._look(report)
        report.wrong = self._wrong
        self.engine.dispose()
        return report

    def any_worker(self) -> Worker:
        """One of the workers."""
        return self.rng.choice(self.workers)

    def _plans(self) -> list[Plan]:
        """The plans; who had ended before must be as it was."""
        with reading(self.engine) as session:
            plans = list(session.exec(select(Plan).order_by(col(Plan.id))).all())
        for plan in plans:
            if plan.finished_at is None:
                continue
            if self._ended.setdefault(plan.id or 0, plan.finished_at) != plan.finished_at:
                self._wrong.append(f"plan {plan.id} ended twice")
        return plans

    def _refill(self) -> None:
        """Add plans until enough of them wait."""
        waiting = [plan for plan in self._plans() if plan.finished_at is None]
        with writing(self.engine) as session:
            office = session.exec(select(Office).order_by(col(Office.id).desc())).first()
            assert office is not None
            for _ in range(WAITING_PLANS - len(waiting)):
                a_plan(session, [office], last_day=date(2025, 12, 31), seconds=PLAN_SECONDS)

    def _only_the_living_hold_leases(self) -> bool:
        """Whether each worker holds one lease, and nobody else does."""
        with reading(self.engine) as session:
            executors = session.exec(select(Lease.executor)).all()
        return len(executors) == len(self.workers) and self._have_begun(executors)

    def _have_begun(self, executors: Sequence[str]) -> bool:
        return all(any(f"-{worker.process.pid}-" in each for each in executors) for worker in self.workers)

    def _is_at_work(self) -> bool:
        """Whether each worker has begun, and one works on a plan; there are always some."""
        self._refill()
        with reading(self.engine) as session:
            executors = session.exec(select(Lease.executor)).all()
        return self._have_begun(executors) and any(plan.state is PlanState.SOLVING for plan in self._plans())

    def _have_ended(self) -> bool:
        return all(plan.finished_at is not None for plan in self._plans())

    @staticmethod
    def _wait_until(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONGEST_END_SECONDS
        while time.monotonic() < deadline:
            try:
                if is_so():
                    return
            except sa.exc.SQLAlchemyError:  # the database is away, as it is meant to be
                pass
            time.sleep(0.1)

    def _look(self, report: Report) -> None:
        plans = self._plans()
        report.plans, report.attempts = len(plans), sum(plan.attempts for plan in plans)
        self._wrong += [
            f"plan {plan.id} is {plan.state.value}, attempt {plan.attempts}: {plan.failure}"
            for plan in plans
            if plan.state is not PlanState.SOLVED
        ]
        with reading(self.engine) as session:
            left = {
                "unfinished work": len(session.exec(select(PlanWork)).all()),
                "leases": len(session.exec(select(Lease)).all()),
                "folders": sum(len(list(worker.folder.iterdir())) for worker in self.workers),
                "processes": sum(self._is_a_child(process.pid) for process in psutil.process_iter()),
            }
        self._wrong += [f"{number} {what} left" for what, number in left.items() if number]

    def _is_a_child(self, pid: int) -> bool:
        """Whether a process was begun for one of the workers, by the folder in its command line."""
        try:
            words = " ".join(psutil.Process(pid).cmdline())
        except psutil.Error:
            return False
        return any(f"{worker.folder}/" in words for worker in self.workers)


def prepare(settings: Settings) -> None:
    """A city with a banner that has a school, its government and four inspectors."""
    migrate(settings)
    engine = make_engine(settings)
    with writing(engine) as session:
        places = builders.places(session)
        a_world(session, places)
        for rank in (Rank.LEADER, Rank.LEADER, Rank.MEMBER, Rank.MEMBER):
            somebody(session, places.banner_office, rank=rank, skills=["compulsory"])
        for other in session.exec(select(Office).where(col(Office.id) > places.banner_office.id)).all():
            session.delete(other)
    engine.dispose()


def kill_one(campaign: Campaign) -> None:
    """SIGKILL to a worker."""
    campaign.any_worker().kill()


def freeze_one(campaign: Campaign) -> None:
    """SIGSTOP to a worker for up to three times its lease."""
    campaign.any_worker().freeze(campaign.rng.uniform(0.5, 3.0) * LEASE_SECONDS)


def cut_connections(campaign: Campaign) -> None:
    """All other connections to the database are cut."""
    campaign.engine.dispose()
    with campaign.engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def restart(postgres: Postgres) -> Callable[[Campaign], None]:
    """PostgreSQL is stopped at once, stays away for a while and is started again."""

    def deed(campaign: Campaign) -> None:
        postgres.restart(campaign.rng.uniform(0, 2 * LEASE_SECONDS))

    return deed


def fill(disk: Path) -> Callable[[Campaign], None]:
    """The disk is full for a while."""

    def deed(campaign: Campaign) -> None:
        filler = disk / "filler"
        try:
            with filler.open("wb", buffering=0) as file:
                while file.write(b"\0" * 65536):
                    pass
        except OSError:
            time.sleep(campaign.rng.uniform(1, 2 * LEASE_SECONDS))
        finally:
            filler.unlink()

    return deed


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of few megabytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def on_postgres(postgres: Postgres, folder: Path, what: str, rng: random.Random, times: int) -> Report:
    """Two workers in separate folders on a new database of a server."""
    deeds: Mapping[str, Callable[[Campaign], None]] = {
        "kill": kill_one,
        "freeze": freeze_one,
        "cut": cut_connections,
        "restart": restart(postgres),
    }
    settings = Settings(database_url=postgres.new_database())
    prepare(settings)
    campaign = Campaign(settings, [folder / f"{what}-one", folder / f"{what}-two"], rng)
    return campaign.run(Report(f"{what}, PostgreSQL, two workers"), deeds[what], times)


def on_sqlite(folder: Path, rng: random.Random, times: int) -> Report:
    """One worker on a file, killed."""
    settings = Settings(database_url=f"sqlite:///{folder}/dudao.sqlite")
    prepare(settings)
    return Campaign(settings, [folder / "sqlite"], rng).run(Report("kill, SQLite"), kill_one, times)


def on_a_full_disk(folder: Path, rng: random.Random, times: int) -> Report:
    """One worker on a file whose disk, with the worker's folder, is full for a while."""
    with small_disk(folder / "disk") as disk:
        settings = Settings(database_url=f"sqlite:///{disk}/dudao.sqlite")
        prepare(settings)
        campaign = Campaign(settings, [disk / "work"], rng)
        return campaign.run(Report("full disk, SQLite and scratch folder"), fill(disk), times)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaigns that are asked for; 1 when something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills", description="Kill workers while they plan.")
    for name, times in {"kill": 100, "sqlite": 30, "restart": 20, "cut": 20, "freeze": 10, "full": 10}.items():
        parser.add_argument(f"--{name}", type=int, default=times, metavar="TIMES", help=f"default {times}")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    rng = random.Random(asked.seed)
    reports: list[Report] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dudao-kills-")))
        print(f"{HEADING}\n|{' --- |' * 6}", flush=True)  # noqa: T201 - the table is what the command is for
        names = [name for name in ("kill", "restart", "cut", "freeze") if getattr(asked, name)]
        postgres = stack.enter_context(Postgres.started()) if names else None
        runs: list[Callable[[], Report]] = []
        for name in names:
            assert postgres is not None
            runs.append(lambda n=name, p=postgres: on_postgres(p, folder, n, rng, getattr(asked, n)))  # type: ignore[misc]
        if asked.sqlite:
            runs.append(lambda: on_sqlite(folder, rng, asked.sqlite))
        if asked.full:
            runs.append(lambda: on_a_full_disk(folder, rng, asked.full))
        for run in runs:
            reports.append(run())
            print(reports[-1].row(), flush=True)  # noqa: T201
    return 1 if any(report.wrong for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
