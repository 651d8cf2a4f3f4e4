"""The command line: what it prints, what it writes, and the exit status that it ends with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from solver.__main__ import main
from solver.checker import check
from solver.io import read_plan, write_plan, write_problem
from solver.plan import PlanStatus, Score, Unscheduled
from solver.problem import Pin, Problem
from solver.reasons import Details, Reason
from solver.result import Progress
from tests.builders import (
    MONDAY,
    TUESDAY,
    WEEK,
    a_matrix,
    a_place,
    a_plan,
    a_problem,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 240
"""After which a command that does not end is taken for hanging; compiling the search anew takes a part of it."""

TWO_PLACES = a_problem(
    places=(a_place("town"), a_place("village")),
    travel=a_matrix(((0, 20), (20, 0))),
    inspectees=(an_inspectee("e1"), an_inspectee("e2", place="village")),
    visits=(a_visit("v1", weight=50), a_visit("v2", inspectee="e2", weight=70)),
)


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """Two visits, one in the town and one in the village, 20 km away; going there costs less than leaving it out."""
    path = tmp_path / "problem.json"
    write_problem(TWO_PLACES, path)
    return path


def solver(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "solver", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_check_of_a_valid_plan_prints_its_score(
    problem_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    plan = a_plan(an_assignment("v2", MONDAY), left_out=("v1",))
    write_plan(plan, TWO_PLACES, tmp_path / "plan.json")

    status = main(["check", str(problem_file), str(tmp_path / "plan.json")])

    # 50 for the visit left out, and 20 km there and 20 back.
    assert status == 0
    assert json.loads(capsysbinary.readouterr().out) == {
        "violations": [],
        "score": {
            "unscheduled": 50,
            "travel": 40_000,
            "balance": 0,
            "buffer": 0,
            "preference": 0,
            "change_day": 0,
            "change_half": 0,
            "change_member": 0,
            "overload": 0,
            "total": 90,
        },
    }


def test_check_of_a_plan_that_breaks_a_rule_says_where(
    problem_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    plan = a_plan(an_assignment("v1", MONDAY), an_assignment("v2", MONDAY))
    write_plan(plan, TWO_PLACES, tmp_path / "plan.json.gz")

    status = main(["check", str(problem_file), str(tmp_path / "plan.json.gz")])

    assert status == 1
    assert json.loads(capsysbinary.readouterr().out)["violations"] == [
        {
            "code": "double_booked",
            "visit": "v2",
            "inspector": "i1",
            "other": "v1",
            "day": "2025-03-03",
            "half": "am",
        }
    ]


def test_errors_are_told_one_a_line(
    problem_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    record = json.loads(problem_file.read_text())
    record["visits"][0]["team"]["pool"] = "pool"
    record["visits"][1]["half_days"] = 1.5
    record["two\nlines"] = 2
    problem_file.write_text(json.dumps(record))

    for command in (["check", str(problem_file), "none.json"], ["solve", str(problem_file), "--seconds", "9"]):
        out = [] if command[0] == "check" else ["--out", str(tmp_path / "plan.json")]
        status = main([*command, *out])

        assert status == 2
        assert capsysbinary.readouterr().err.decode().splitlines() == [
            'visits[0].team.pool: "pool" is no list (of "v1")',
            'visits[1].half_days: 1.5 is no integer (of "v2")',
            '$: the key "two\\nlines" is unknown',
        ]
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--seconds", "0"], "seconds: 0.0 is not within 0 to 86400"),
        (["--seconds", "nan"], "seconds: nan is not within 0 to 86400"),
        (["--seconds", "1", "--workers", "0"], "workers: 0 is not within 1 to 64"),
        (["--seconds", "1", "--seed", "-1"], "seed: -1 is not within 0 to 2147483647"),
        (["--seconds", "1", "--out", "/nowhere/plan.json"], "--out: /nowhere/plan.json cannot be written"),
        (["--seconds", "1", "--checkpoint", "/"], "--checkpoint: / cannot be written"),
    ],
)
def test_argument_out_of_range_is_refused(
    problem_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], arguments: list[str], line: str
) -> None:
    status = main(["solve", str(problem_file), "--out", str(tmp_path / "plan.json"), *arguments])

    assert (status, capsysbinary.readouterr().err.decode()) == (2, line + "\n")


def test_start_that_is_no_plan_of_the_problem_is_refused(
    problem_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    start = tmp_path / "start.json"
    write_plan(a_plan(an_assignment("v9")), TWO_PLACES, start)

    status = main(["solve", str(problem_file), "--out", str(tmp_path / "out"), "--seconds", "9", "--start", str(start)])

    assert status == 2
    assert capsysbinary.readouterr().err.decode() == 'assignments[0].visit: "v9" is none of the visits (of "v9")\n'


def test_pins_that_break_a_rule_leave_everything_out_and_say_why(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    pins = (Pin("v1", MONDAY, "am", team=("i1",)), Pin("v2", MONDAY, "am", team=("i1",)))
    problem = replace(TWO_PLACES, pins=pins, visits=(*TWO_PLACES.visits, a_visit("v3")))
    write_problem(problem, tmp_path / "problem.json")

    status = main(["solve", str(tmp_path / "problem.json"), "--out", str(tmp_path / "plan.json"), "--seconds", "9"])

    double_booked: Details = {"inspector": "i1", "other": "v1", "day": MONDAY, "half": "am"}
    others = Reason("pinned", {"pins": ("v2",)})
    output = capsysbinary.readouterr()
    assert status == 3
    assert read_plan(tmp_path / "plan.json", problem) == a_plan(
        unscheduled=(
            Unscheduled("v1", (others,)),
            Unscheduled("v2", (Reason("double_booked", double_booked),)),
            Unscheduled("v3", (others,)),
        ),
        score=Score(unscheduled=50 + 70 + 1),
        status=PlanStatus.INFEASIBLE,
    )
    assert json.loads(output.out)["violations"] == [
        {"code": "double_booked", "visit": "v2", **double_booked, "day": "2025-03-03"}
    ]
    assert output.err.decode() == "the pins alone break double_booked at v2\n"


def test_solve_writes_the_best_plan_and_tells_its_progress(problem_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json.gz"

    run = solver("solve", problem_file, "--out", out, "--seconds", "60")

    plan = read_plan(out, TWO_PLACES)
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    assert "2/2 scheduled" in run.stderr.splitlines()[-1]
    assert plan.score.total(TWO_PLACES.weights) == 40  # there and back once; the visit in the town costs nothing
    assert check(TWO_PLACES, plan).violations == ()
    assert check(TWO_PLACES, plan).score == plan.score


def test_solve_takes_up_a_plan_and_tells_its_progress_as_json(problem_file: Path, tmp_path: Path) -> None:
    start, out = tmp_path / "start.json", tmp_path / "plan.json"
    write_plan(a_plan(an_assignment("v1", TUESDAY), left_out=("v2",)), TWO_PLACES, start)

    run = solver("solve", problem_file, "--out", out, "--seconds", "60", "--start", start, "--progress", "json")

    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert run.returncode == 0
    assert {tuple(line) for line in lines} == {tuple(field.name for field in fields(Progress))}
    assert (lines[-1]["scheduled"], lines[-1]["visits"]) == (2, 2)


def a_problem_to_work_at() -> Problem:
    """Sixty visits in six villages within a week by four people: enough to be at for a while."""
    names = [f"e{k}" for k in range(6)]
    minutes = tuple(tuple(0 if a == b else 10 + 7 * ((a * b) % 5) for b in range(6)) for a in range(6))
    return a_problem(
        days=WEEK,
        places=tuple(a_place(f"p{k}") for k in range(6)),
        travel=a_matrix(minutes),
        inspectors=tuple(an_inspector(f"i{k}", base=f"p{k}") for k in range(4)),
        inspectees=tuple(an_inspectee(name, place=f"p{k}") for k, name in enumerate(names)),
        visits=tuple(a_visit(f"v{k}", inspectee=names[k % 6], size=1 + k % 2, weight=1 + k % 3) for k in range(60)),
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_solving_early_with_the_best_plan(tmp_path: Path, number: signal.Signals) -> None:
    problem, out, checkpoint = a_problem_to_work_at(), tmp_path / "plan.json", tmp_path / "checkpoint.json"
    write_problem(problem, tmp_path / "problem.json")
    command = [sys.executable, "-m", "solver", "solve", str(tmp_path / "problem.json"), "--out", str(out)]
    command += ["--seconds", "3600", "--checkpoint", str(checkpoint)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not checkpoint.exists() and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        running.send_signal(number)
        _, errors = running.communicate(timeout=PATIENCE_SECONDS)

    assert running.returncode == 0, errors
    for path in (out, checkpoint):
        assert check(problem, read_plan(path, problem)).violations == ()
