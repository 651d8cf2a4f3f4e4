"""Both file formats: what is written reads back the same, and a file that holds none is refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import solver.io
from solver.errors import InputError, InvalidInput
from solver.io import (
    parse_plan,
    parse_problem,
    plan_to_json,
    problem_to_json,
    read_plan,
    read_problem,
    score_to_json,
    write_plan,
    write_problem,
)
from solver.plan import Score, Unscheduled
from solver.problem import GreatCircle
from solver.reasons import Reason
from solver.records import written
from tests.builders import (
    MONDAY,
    a_plan,
    a_problem,
    weights,
)
from tests.solver.samples import EVERYTHING, PLAN
from tests.strategies import Hidden, hidden_plans


def test_problem_is_written_as_the_contract_has_it() -> None:
    record = problem_to_json(a_problem())

    assert record == {
        "format": "supervision-problem/2",
        "name": "week",
        "days": ["2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07"],
        "places": [{"id": "town", "lon": 118.9, "lat": 42.3}],
        "travel": {"model": "great_circle", "detour_percent": 130, "metres_per_minute": 900},
        "transfer_max_minutes": 45,
        "overnight_metres": 60000,
        "far_minutes": 150,
        "periods": [{"id": "year", "first": "2025-01-01", "last": "2025-12-31"}],
        "inspectors": [{"id": "i1", "base": "town", "tags": ["pool"], "share": 1, "unavailable": [], "load_before": 0}],
        "inspectees": [{"id": "e1", "place": "town", "closed": [], "max_burden": {}}],
        "resources": [],
        "visits": [
            {
                "id": "v1",
                "inspectee": "e1",
                "program": "comprehensive",
                "half_days": 1,
                "earliest": "2025-03-03",
                "latest": "2025-03-07",
                "team": {"size": 1, "pool": ["pool"], "requires": {}},
                "excluded": [],
                "prefers": [],
                "resources": [],
                "weight": 1,
                "burden": 0,
            }
        ],
        "precedences": [],
        "pins": [],
        "baseline": [],
        "balance_groups": [],
        "buffer_days": 0,
        "weights": {
            "unscheduled": 1,
            "travel": 1,
            "balance": 1,
            "buffer": 1,
            "preference": 1,
            "change_day": 1,
            "change_half": 1,
            "change_member": 1,
            "overload": 1,
        },
        "history": [],
        "separations": [],
    }


def test_problem_of_edition_1_is_written_without_the_keys_of_edition_2() -> None:
    newer = problem_to_json(a_problem())
    problem = a_problem(weights=weights(overload=None))

    record = problem_to_json(problem)

    del newer["separations"]
    assert record == newer | {"format": "supervision-problem/1", "weights": record["weights"]}
    assert "overload" not in written(problem.weights)
    assert "overload" not in score_to_json(Score(), problem)
    assert parse_problem(record) == problem


def test_plan_is_written_as_the_contract_has_it() -> None:
    record = plan_to_json(PLAN, EVERYTHING)

    assert record == {
        "format": "supervision-plan/1",
        "problem": "week",
        "assignments": [{"visit": "v1", "day": "2025-03-07", "half": "pm", "team": ["i1"], "leader": "i1"}],
        "unscheduled": [{"visit": "v2", "reasons": [{"code": "capacity"}]}],
        "score": {
            "unscheduled": 1,
            "travel": 1500,
            "balance": 0,
            "buffer": 0,
            "preference": 0,
            "change_day": 0,
            "change_half": 0,
            "change_member": 0,
            "overload": 0,
            "total": 2,  # 1, and one whole kilometre
        },
        "status": "feasible",
        "bound": 1,
        "unscheduled_bound": 0,
        "changed": 2,
        "changed_bound": 1,
    }


def test_reasons_keep_ids_dates_and_numbers() -> None:
    reason = Reason("month_cap", {"inspectors": ("i1", "i2"), "month": 3, "day": MONDAY, "runs": ((MONDAY, 2),)})
    plan = a_plan(unscheduled=(Unscheduled("v1", (reason,)),))

    record = plan_to_json(plan, a_problem())

    assert record["unscheduled"] == [
        {
            "visit": "v1",
            "reasons": [
                {
                    "code": "month_cap",
                    "inspectors": ["i1", "i2"],
                    "month": 3,
                    "day": "2025-03-03",
                    "runs": [["2025-03-03", 2]],
                }
            ],
        }
    ]
    assert parse_plan(record) == plan


@pytest.mark.parametrize("name", ["problem.json", "problem.json.gz", "problem.gz"])
def test_problem_and_plan_read_back_the_same(tmp_path: Path, name: str) -> None:
    problem_path, plan_path = tmp_path / name, tmp_path / f"plan-{name}"

    write_problem(EVERYTHING, problem_path)
    write_plan(PLAN, EVERYTHING, plan_path)

    assert read_problem(problem_path) == EVERYTHING
    assert read_plan(plan_path, EVERYTHING) == PLAN
    assert problem_path.read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    assert sorted(tmp_path.iterdir()) == sorted([problem_path, plan_path])  # no draft is left behind


def test_gzipped_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(gzip.compress(json.dumps(problem_to_json(EVERYTHING)).encode()))

    assert read_problem(path) == EVERYTHING


@given(hidden_plans())
def test_drawn_problem_and_plan_read_back_the_same(hidden: Hidden) -> None:
    problem = parse_problem(json.loads(json.dumps(problem_to_json(hidden.problem))))
    plan = parse_plan(json.loads(json.dumps(plan_to_json(hidden.plan, problem))), problem)

    assert problem == hidden.problem
    assert plan == hidden.plan


def test_keys_that_may_be_absent_have_their_meaning() -> None:
    record: Any = problem_to_json(a_problem())
    del (
        record["history"],
        record["separations"],
        record["inspectors"][0]["load_before"],
        record["inspectees"][0]["max_burden"],
    )

    assert parse_problem(record) == a_problem()


def test_stated_score_may_lack_parts() -> None:
    record: Any = plan_to_json(a_plan(), a_problem())
    record["score"] = {"travel": 7}

    assert parse_plan(record) == a_plan(score=Score(travel=7))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no JSON: Expecting value"),
        (b"{", "is no JSON: Expecting property name"),
        (b"visits: none", "is no JSON: Expecting value"),
        (b'{"name": "\xb3\xe0\xb7\xe5"}', "is not UTF-8 at byte 10"),
        ('{"name": "week"}'.encode("utf-16"), "is not UTF-8 at byte 0"),
        (b'{"name": NaN}', "is no JSON: NaN is no number"),
        (b'{"name": -Infinity}', "is no JSON: -Infinity is no number"),
        (b'{"days": [], "days": []}', 'is no JSON: the key "days" stands twice in one object'),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"a":' * 100_000, "is nested too deeply"),
        (b"9" * 10_000, "is no JSON: Exceeds the limit"),
        (gzip.compress(b"{}", mtime=0)[:-9], "is no complete gzip file"),
        (b"\x1f\x8b\x08 no gzip at all", "is no complete gzip file"),
        (b"\x1f\x8b\x01" + b"\x00" * 20, "cannot be read: Unknown compression method"),
    ],
)
def test_file_that_holds_no_json_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(content)

    with pytest.raises(InvalidInput) as refusal:
        read_problem(path)

    (error,) = refusal.value.errors
    assert error.where == str(path)
    assert error.why.startswith(reason)


def test_reason_nested_beyond_measure_is_refused() -> None:
    record: Any = plan_to_json(PLAN, EVERYTHING)
    nested: list[object] = []
    for _ in range(5000):
        nested = [nested]
    record["unscheduled"][0]["reasons"][0]["why"] = nested

    with pytest.raises(InvalidInput) as refusal:
        parse_plan(record)

    assert refusal.value.errors == (InputError("$", "is nested too deeply"),)


def test_file_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.json", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(InvalidInput) as refusal:
            read_plan(path)

        assert refusal.value.errors == (InputError(str(path), f"cannot be read: {reason}"),)


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MAX_FILE_BYTES", 100, "is larger than 100 bytes"),
        ("MAX_CONTAINERS", 5, "more than 5 lists and objects"),
        ("MAX_ITEMS", 5, "more than 5 values"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_file_beyond_a_limit_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, reason: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(pack(b"[[],[],[],[],[],[],7,7,7" + b" " * 1000))
    monkeypatch.setattr(solver.io, limit, value)

    with pytest.raises(InvalidInput) as refusal:
        read_problem(path)

    assert refusal.value.errors == (InputError(str(path), reason),)


def test_too_many_days_are_refused() -> None:
    days = tuple(MONDAY.fromordinal(ordinal) for ordinal in range(1, 4002))

    with pytest.raises(InvalidInput) as refusal:
        a_problem(days=days)

    assert refusal.value.errors == (InputError("days", "holds 4001 entries, not 0 to 4000"),)


def test_places_of_a_great_circle_need_no_tables() -> None:
    record: Any = problem_to_json(a_problem())
    record["places"][0] |= {"lon": 118, "lat": 42}

    assert parse_problem(record).travel == GreatCircle(detour_percent=130, metres_per_minute=900)
    assert (parse_problem(record).places[0].lon, parse_problem(record).places[0].lat) == (118.0, 42.0)
