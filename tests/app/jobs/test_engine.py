"""The engine of durable work on a real SQLite file: what is worked on, what a restart takes up, who is refused."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from app.core.config import Settings
from app.jobs import engine
from app.jobs.engine import AlreadyRunningError, Interrupted, places_for, running, step

WAIT_SECONDS = 20.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings on a SQLite file of this test."""
    return Settings(database_url=f"sqlite:///{tmp_path}/dudao.sqlite")


class Deeds:
    """What the parts of a flow did, in order, and whether a number of them are done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._changed = threading.Condition()

    def add(self, deed: str) -> str:
        """Note a deed; its name is the part's answer."""
        with self._changed:
            self.done.append(deed)
            self._changed.notify_all()
        return deed

    def wait_for(self, count: int) -> list[str]:
        """The deeds as soon as there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.done) >= count, WAIT_SECONDS), self.done
            return list(self.done)


def always(found: Mapping[str, int]) -> Callable[[], Mapping[str, int]]:
    return lambda: found


def test_a_plan_is_worked_on_once_however_often_it_is_seen_waiting(settings: Settings) -> None:
    deeds = Deeds()

    def work(plan_id: int) -> str:
        return step("only", lambda number: deeds.add(f"plan {number}"), plan_id)

    with running(settings, work, always({"1-a": 1, "2-a": 2}), threading.Event()):
        assert sorted(deeds.wait_for(2)) == ["plan 1", "plan 2"]
    with running(settings, work, always({"1-a": 1, "2-a": 2, "3-a": 3}), threading.Event()):
        assert deeds.wait_for(3)[2:] == ["plan 3"]


def test_after_a_restart_the_part_that_was_interrupted_is_run_again_and_the_one_before_is_not(
    settings: Settings,
) -> None:
    deeds = Deeds()
    stopping = threading.Event()

    def slow(_plan_id: int) -> str:
        deeds.add("slow begins")
        if not stopping.wait(WAIT_SECONDS):
            return deeds.add("slow ends")
        raise Interrupted

    def work(plan_id: int) -> str:
        step("first", lambda _: deeds.add("first"), plan_id)
        return step("slow", slow, plan_id)

    with running(settings, work, always({"1-a": 1}), stopping):
        deeds.wait_for(2)
    assert deeds.done == ["first", "slow begins"]

    def quick(_plan_id: int) -> str:
        return deeds.add("slow ends")

    def work_again(plan_id: int) -> str:
        step("first", lambda _: deeds.add("first"), plan_id)
        return step("slow", quick, plan_id)

    with running(settings, work_again, always({}), threading.Event()):
        assert deeds.wait_for(3) == ["first", "slow begins", "slow ends"]


def test_a_second_process_on_the_same_file_is_refused_and_told_why(settings: Settings) -> None:
    def work(_plan_id: int) -> str:
        return ""

    with (
        running(settings, work, always({}), threading.Event()),
        pytest.raises(AlreadyRunningError, match="一个 SQLite 数据库只能有一个服务进程"),
        running(settings, work, always({}), threading.Event()),
    ):
        pass


def test_the_engine_has_a_file_of_its_own_that_is_written_ahead(settings: Settings) -> None:
    with running(settings, lambda _: "", always({}), threading.Event()):
        pass
    file = places_for(settings).database.database
    assert file is not None
    assert file.endswith("/dudao-jobs.sqlite")
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_the_queue_takes_as_many_plans_at_once_as_the_settings_say(settings: Settings) -> None:
    begun = Deeds()
    go_on = threading.Event()

    def part(plan_id: int) -> str:
        begun.add(f"plan {plan_id}")
        assert go_on.wait(WAIT_SECONDS)
        return ""

    def work(plan_id: int) -> str:
        return step("only", part, plan_id)

    two = settings.model_copy(update={"plans_at_once": 2})
    with running(two, work, always({f"{number}-a": number for number in (1, 2, 3)}), threading.Event()):
        begun.wait_for(2)
        threading.Event().wait(3 * engine.QUEUE_POLL_SECONDS)
        assert len(begun.done) == 2
        go_on.set()
        assert sorted(begun.wait_for(3)) == ["plan 1", "plan 2", "plan 3"]
