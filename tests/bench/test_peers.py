"""Tables from recorded runs, how a stopped measurement goes on, areas of a problem, and the peers' models."""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from solver.checker import check
from solver.io import read_plan, write_problem
from tests.bench.command import execute
from tests.bench.cut import areas
from tests.bench.judge import repaired
from tests.bench.peers import curve_of, main, reached
from tests.bench.render import peers_table, replaced, spread
from tests.bench.runs import PLAIN, PLANNER, Point, Run, RunFile, Task
from tests.builders import a_plan, a_problem, a_visit, an_assignment, an_inspectee, an_inspector

OURS = Run(Task("banner-core", PLANNER, 60, 1), visits=212, took_seconds=59.8, memory_mb=300, left_out=8, rest=40_000)
THEIRS = Run(Task("banner-core", PLAIN, 60, 1), visits=212, took_seconds=60, memory_mb=900, left_out=90, rest=44_000)


def test_what_was_kept_is_read_again_and_half_a_line_is_ignored(tmp_path: Path) -> None:
    run = replace(OURS, curve=(Point(1.0, 210, 28, 41_000),), placed={"construct": 211}, areas={"one": (1, 2)})
    file = RunFile(tmp_path / "runs.jsonl")
    file.append(run)
    with file.path.open("a") as cut_off:
        cut_off.write('{"task": {"prob')

    file.append(THEIRS)

    assert file.runs() == [run, THEIRS]


def test_the_ratio_of_the_rests_is_to_this_planner() -> None:
    table = peers_table([OURS, THEIRS]).splitlines()

    assert table[2:] == [
        "| banner-core | 60 | planner | 8 | 40,000 | 1 |  |",
        "| banner-core | 60 | plain CP-SAT | 90 | 44,000 | 1.10 |  |",  # 44 / 40
    ]


def test_a_spread_names_the_median_and_the_ends() -> None:
    assert spread([3, 1, 2]) == "2 (1–3)"
    assert spread([8, 8]) == "8"
    assert spread([]) == "–"


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    page = "a\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nz\n"

    assert replaced(page, "new") == "a\n<!-- measured: begin -->\nnew\n<!-- measured: end -->\nz\n"


def test_the_curve_has_the_rest_and_when_the_least_was_reached() -> None:
    told: list[dict[str, object]] = [
        {"elapsed_seconds": 0.8, "scheduled": 0, "total": None, "left_out": None},
        {"elapsed_seconds": 1.6, "scheduled": 9, "total": 250, "left_out": 2},
        {"elapsed_seconds": 2.4, "scheduled": 10, "total": 140, "left_out": 1},
        {"elapsed_seconds": 3.2, "scheduled": 10, "total": 130, "left_out": 1},
    ]

    curve = curve_of(told, price=100)

    assert curve[1:] == (Point(1.6, 9, 2, 50), Point(2.4, 10, 1, 40), Point(3.2, 10, 1, 30))
    assert reached(curve) == 2.4


def test_areas_share_neither_people_nor_units() -> None:
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2", tags=frozenset({"far"}))),
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        visits=(a_visit("v1"), a_visit("v2", inspectee="e2", pool=("far",)), a_visit("v3")),
    )

    parts = areas(problem)

    assert [[visit.id for visit in part.visits] for part in parts] == [["v1", "v3"], ["v2"]]
    assert [[who.id for who in part.inspectors] for part in parts] == [["i1"], ["i2"]]


def test_a_peers_plan_loses_what_breaks_a_rule() -> None:
    problem = a_problem(visits=(a_visit("v1"), a_visit("v2", size=2)))
    plan = a_plan(an_assignment("v1"), an_assignment("v2", half="pm"))  # one member where two are asked for

    assert [entry.visit for entry in repaired(problem, plan).assignments] == ["v1"]


def test_runs_that_are_kept_are_not_made_again(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    write_problem(a_problem(), tmp_path / "tiny" / "tiny-00.json")
    arguments = ["--problems", str(tmp_path), "--out", str(tmp_path / "out")]
    task = Task("tiny/tiny-00", PLANNER, 3.0, 1)
    (tmp_path / "out").mkdir()
    RunFile(tmp_path / "out" / "runs.jsonl").append(replace(OURS, task=task))

    assert main(arguments) == 0

    assert RunFile(tmp_path / "out" / "runs.jsonl").runs() == [replace(OURS, task=task)]


@pytest.mark.bench
@pytest.mark.parametrize("module", ["tests.bench.plain_cpsat", "tests.bench.timefold_peer"])
def test_a_peers_model_plans_a_week(module: str, tmp_path: Path) -> None:
    if "timefold" in module and not (importlib.util.find_spec("timefold") and shutil.which("java")):
        pytest.skip("Timefold needs its package and Java")
    problem = a_problem(visits=(a_visit("v1", half_days=2), a_visit("v2", size=2)))
    write_problem(problem, tmp_path / "week.json")

    ended = execute(
        ["-m", module, str(tmp_path / "week.json"), "--out", str(tmp_path / "plan.json"), "--seconds", "8"], 8
    )

    assert ended.status == 0, ended.said
    plan = read_plan(tmp_path / "plan.json", problem)
    assert [entry.visit for entry in plan.assignments] == ["v1"]  # nobody is there to be the second member of v2
    assert check(problem, plan).violations == ()
