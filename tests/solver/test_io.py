"""Both file formats: what is written reads back the same, and what is faulty is refused with place and reason."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import solver.io
from solver.errors import Fault, FaultyInput
from solver.io import (
    parse_plan,
    parse_problem,
    plan_to_json,
    problem_to_json,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)
from solver.plan import Reason, Score, Unscheduled
from solver.problem import BaselineAssignment, DateRange, GreatCircle, PastVisit, Pin, Precedence
from tests.builders import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    a_matrix,
    a_plan,
    a_problem,
    a_resource,
    a_visit,
    an_assignment,
    an_inspectee,
    an_inspector,
)
from tests.strategies import Hidden, hidden_plans

Change = Callable[[Any], object]

EVERYTHING = a_problem(
    travel=a_matrix(((0,),)),
    inspectors=(
        an_inspector(
            unavailable=(DateRange(MONDAY, TUESDAY),),
            weekdays=frozenset({1, 2, 5}),
            half_days_per_month=4,
            half_days_per_year=10,
            load_before=3,
        ),
    ),
    inspectees=(an_inspectee(closed=(DateRange(MONDAY, MONDAY),), max_burden={"year": 2}, min_gap_days=7),),
    resources=(a_resource(),),
    visits=(a_visit("v1", requires={"lead": 1}, prefers=frozenset({"i1"}), resources=("car",)), a_visit("v2")),
    precedences=(Precedence("v1", "v2", min_days=1, max_days=9), Precedence("h1", "v2", min_days=0)),
    pins=(Pin("v1", FRIDAY, "pm", team=("i1",), leader="i1"), Pin("v2", FRIDAY, "am")),
    baseline=(BaselineAssignment("left", MONDAY, "am", team=("left", "i1"), leader="i1"),),
    balance_groups=("pool",),
    history=(PastVisit("h1", "gone", MONDAY, "am", 3, ("left",), burden=1, resources=("sold car",)),),
)
PLAN = a_plan(
    an_assignment("v1", FRIDAY, "pm", leader="i1"),
    left_out=("v2",),
    score=Score(unscheduled=1, travel=1500),
    bound=1,
    unscheduled_bound=0,
    changed=2,
    changed_bound=1,
)


def test_problem_is_written_as_the_contract_has_it() -> None:
    record = problem_to_json(a_problem())

    assert record == {
        "format": "supervision-problem/1",
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
        },
        "history": [],
    }


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
    del record["history"], record["inspectors"][0]["load_before"], record["inspectees"][0]["max_burden"]

    assert parse_problem(record) == a_problem()


def test_stated_score_may_lack_parts() -> None:
    record: Any = plan_to_json(a_plan(), a_problem())
    record["score"] = {"travel": 7}

    assert parse_plan(record) == a_plan(score=Score(travel=7))


def with_change(record: object, path: str, value: object) -> object:
    """The record with the value at a path like ``visits.0.team.size``; ``...`` takes the key away."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target: Any = record
    for step in steps:
        target = target[step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return record


PROBLEM_FAULTS: list[tuple[str, object, Fault]] = [
    ("name", 7, Fault("name", "7 is no string")),
    ("name", "\ud800", Fault("name", '"\ud800" is no valid Unicode')),
    ("format", ..., Fault("$", 'the key "format" is missing; it reads "supervision-problem/1"')),
    ("format", "other/1", Fault("format", '"other/1" is not "supervision-problem/1"')),
    ("days", ..., Fault("$", 'the key "days" is missing')),
    ("days", None, Fault("days", "null is no list")),
    ("days.1", "2025-02-30", Fault("days[1]", '"2025-02-30" is no date like 2026-01-31')),
    ("days.1", "20250304", Fault("days[1]", '"20250304" is no date like 2026-01-31')),
    ("days.1", "2025-W10-2", Fault("days[1]", '"2025-W10-2" is no date like 2026-01-31')),
    ("days.1", "2025-03-03", Fault("days[1]", "2025-03-03 does not come after 2025-03-03")),
    ("hours", 8, Fault("$", 'the key "hours" is unknown')),
    ("far_minutes", True, Fault("far_minutes", "true is no integer")),
    ("far_minutes", 1.0, Fault("far_minutes", "1.0 is no integer")),
    ("far_minutes", "1", Fault("far_minutes", '"1" is no integer')),
    ("far_minutes", -1, Fault("far_minutes", "-1 is not within 0 to 1000000000")),
    ("far_minutes", 10**30, Fault("far_minutes", "a number of too many digits is not within 0 to 1000000000")),
    ("places.0.lon", "east", Fault("places[0].lon", '"east" is no number (of "town")')),
    ("places.0.lon", float("inf"), Fault("places[0].lon", 'inf is no number (of "town")')),
    ("places.0.lat", 91, Fault("places[0].lat", '91.0 is not within -90 to 90 (of "town")')),
    ("places.0", [], Fault("places[0]", "a list of 0 is no object")),
    ("travel.model", "bus", Fault("travel.model", '"bus" is none of great_circle, matrix')),
    ("travel.model", ["bus"], Fault("travel.model", "a list of 1 is none of great_circle, matrix")),
    ("travel", "bus", Fault("travel", '"bus" is no object')),
    ("travel.minutes", [[0, 1]], Fault("travel.minutes[0]", "has 2 columns for 1 places")),
    ("travel.metres", [[0], [1]], Fault("travel.metres", "has 2 rows for 1 places")),
    ("travel.metres", [[-1]], Fault("travel.metres[0][0]", "-1 is not within 0 to 1000000000")),
    ("inspectors.0.base", "moon", Fault("inspectors[0].base", '"moon" is none of the places (of "i1")')),
    ("inspectors.0.weekdays", [], Fault("inspectors[0].weekdays", 'holds 0 entries, not 1 to 7 (of "i1")')),
    ("inspectors.0.weekdays", [8], Fault("inspectors[0].weekdays[0]", '8 is not within 1 to 7 (of "i1")')),
    ("inspectors.0.weekdays", None, Fault("inspectors[0].weekdays", 'null is no list (of "i1")')),
    (
        "inspectors.0.unavailable.0",
        ["2025-03-03"],
        Fault("inspectors[0].unavailable[0]", 'a list of 1 is no list of a first and a last date (of "i1")'),
    ),
    (
        "inspectees.0.max_burden",
        {"never": 1},
        Fault("inspectees[0].max_burden.never", '"never" is none of the periods (of "e1")'),
    ),
    ("visits.0.team.size", 0, Fault("visits[0].team.size", '0 is not within 1 to 1000000000 (of "v1")')),
    ("visits.0.team.leader", "i1", Fault("visits[0].team", 'the key "leader" is unknown (of "v1")')),
    ("visits.0.half_days", 11, Fault("visits[0].half_days", '11 is not within 1 to 10 (of "v1")')),
    ("visits.0.weight", 0, Fault("visits[0].weight", '0 is not within 1 to 1000000000 (of "v1")')),
    ("visits.0.inspectee", "e9", Fault("visits[0].inspectee", '"e9" is none of the inspectees (of "v1")')),
    ("visits.0.excluded", ["i9"], Fault("visits[0].excluded[0]", '"i9" is none of the inspectors (of "v1")')),
    ("visits.0.excluded", ["i1"], Fault("visits[0].prefers", 'i1 is excluded too (of "v1")')),
    ("visits.0.resources", ["bus"], Fault("visits[0].resources[0]", '"bus" is none of the resources (of "v1")')),
    ("visits.0.resources", ["car", "car"], Fault("visits[0].resources[1]", '"car" is named twice (of "v1")')),
    ("visits.1.id", "v1", Fault("visits[1].id", 'the id "v1" is taken already')),
    ("visits.1.id", None, Fault("visits[1].id", "null is no string")),
    ("precedences.0.before", "v9", Fault("precedences[0].before", '"v9" is none of the visits or history')),
    ("precedences.0.min_days", -1, Fault("precedences[0].min_days", "-1 is not within 0 to 1000000000")),
    ("precedences.0.after", "v1", Fault("precedences", "a cycle: v1 before v1")),
    ("pins.0.visit", "h1", Fault("pins[0].visit", '"h1" is none of the visits (of "h1")')),
    ("pins.0.half", "noon", Fault("pins[0].half", '"noon" is none of am, pm (of "v1")')),
    ("pins.0.team", ["i1", "i1"], Fault("pins[0].team[1]", '"i1" is named twice (of "v1")')),
    ("pins.0.leader", "i9", Fault("pins[0].leader", '"i9" is none of the inspectors (of "v1")')),
    ("baseline.0.team", ["x", "x"], Fault("baseline[0].team[1]", '"x" is named twice (of "left")')),
    ("history.0.visit", "v1", Fault("history[0].visit", '"v1" is one of the visits to plan too')),
    ("history.0.half", "pm", Fault("history[0].half", '3 half-days begin am (of "h1")')),
    ("history.0.day", "9999-12-31", Fault("history[0].day", 'the last day is beyond the calendar (of "h1")')),
    ("weights.fun", 1, Fault("weights", 'the key "fun" is unknown')),
    ("weights.travel", ..., Fault("weights", 'the key "travel" is missing')),
]


@pytest.mark.parametrize(("path", "value", "fault"), PROBLEM_FAULTS, ids=[f"{p} {v!a}" for p, v, _ in PROBLEM_FAULTS])
def test_fault_of_a_problem_is_told_by_place_and_reason(path: str, value: object, fault: Fault) -> None:
    with pytest.raises(FaultyInput) as refusal:
        parse_problem(with_change(problem_to_json(EVERYTHING), path, value))

    assert fault in refusal.value.faults


PLAN_FAULTS: list[tuple[str, object, Fault]] = [
    ("assignments.0.visit", "v9", Fault("assignments[0].visit", '"v9" is none of the visits (of "v9")')),
    ("assignments.0.team", ["i9"], Fault("assignments[0].team[0]", '"i9" is none of the inspectors (of "v1")')),
    ("assignments.0.team", ["i1", "i1"], Fault("assignments[0].team[1]", '"i1" is named twice (of "v1")')),
    ("assignments.0.leader", "i9", Fault("assignments[0].leader", '"i9" is none of the inspectors (of "v1")')),
    ("assignments.0.leader", None, Fault("assignments[0].leader", 'null is no string (of "v1")')),
    ("assignments.0.half", "AM", Fault("assignments[0].half", '"AM" is none of am, pm (of "v1")')),
    ("assignments.0.day", "tomorrow", Fault("assignments[0].day", '"tomorrow" is no date like 2026-01-31 (of "v1")')),
    ("assignments.0.place", "town", Fault("assignments[0]", 'the key "place" is unknown (of "v1")')),
    ("unscheduled", ..., Fault("$", 'the key "unscheduled" is missing')),
    ("unscheduled.0.visit", "v9", Fault("unscheduled[0].visit", '"v9" is none of the visits (of "v9")')),
    ("unscheduled.0.reasons", [], Fault("unscheduled[0].reasons", 'holds 0 entries, not 1 to 1000 (of "v2")')),
    ("unscheduled.0.reasons.0", {}, Fault("unscheduled[0].reasons[0]", 'the key "code" is missing (of "v2")')),
    ("unscheduled.0.reasons.0", "no", Fault("unscheduled[0].reasons[0]", '"no" is no object (of "v2")')),
    ("unscheduled.0.reasons.0.code", 1, Fault("unscheduled[0].reasons[0].code", '1 is no string (of "v2")')),
    (
        "unscheduled.0.reasons.0.day",
        1.5,
        Fault("unscheduled[0].reasons[0].day", '1.5 is no integer, date, string or list of these (of "v2")'),
    ),
    ("score.total", "much", Fault("score.total", '"much" is no integer')),
    ("score.beauty", 1, Fault("score", 'the key "beauty" is unknown')),
    ("status", "stopped", Fault("status", '"stopped" is none of optimal, feasible, infeasible')),
    ("bound", None, Fault("bound", "null is no integer")),
]


@pytest.mark.parametrize(("path", "value", "fault"), PLAN_FAULTS, ids=[f"{p} {v!a}" for p, v, _ in PLAN_FAULTS])
def test_fault_of_a_plan_is_told_by_place_and_reason(path: str, value: object, fault: Fault) -> None:
    with pytest.raises(FaultyInput) as refusal:
        parse_plan(with_change(plan_to_json(PLAN, EVERYTHING), path, value), EVERYTHING)

    assert refusal.value.faults == (fault,)


@pytest.mark.parametrize("value", [None, 1, "text", [], [{}]])
def test_value_that_is_no_object_is_no_problem_and_no_plan(value: object) -> None:
    for parse in (parse_problem, parse_plan):
        with pytest.raises(FaultyInput, match=r"^\$: .* is no object$"):
            parse(value)


def test_every_fault_is_told() -> None:
    record: Any = problem_to_json(a_problem(visits=(a_visit("v1"), a_visit("v2"))))
    record["visits"][0]["weight"] = "heavy"
    record["visits"][1]["burden"] = None
    record["far_minutes"] = []
    del record["pins"]

    with pytest.raises(FaultyInput) as refusal:
        parse_problem(record)

    assert refusal.value.faults == (
        Fault("far_minutes", "a list of 0 is no integer"),
        Fault("visits[0].weight", '"heavy" is no integer (of "v1")'),
        Fault("visits[1].burden", 'null is no integer (of "v2")'),
        Fault("$", 'the key "pins" is missing'),
    )


def test_wrong_references_are_all_told() -> None:
    with pytest.raises(FaultyInput) as refusal:
        a_problem(
            visits=(a_visit("v1", inspectee="e9"), a_visit("v1", prefers=frozenset({"i9"}))),
            precedences=(Precedence("v1", "v8", min_days=0),),
        )

    assert refusal.value.faults == (
        Fault("visits[0].inspectee", '"e9" is none of the inspectees (of "v1")'),
        Fault("visits[1].prefers[0]", '"i9" is none of the inspectors (of "v1")'),
        Fault("precedences[0].after", '"v8" is none of the visits or history'),
        Fault("visits[1].id", 'the id "v1" is taken already'),
    )


def test_more_faults_than_anybody_reads_are_counted_no_further() -> None:
    record: Any = problem_to_json(a_problem())
    record["days"] = ["never"] * 1000

    with pytest.raises(FaultyInput) as refusal:
        parse_problem(record)

    assert len(refusal.value.faults) == 101
    assert refusal.value.faults[-1] == Fault("$", "there are more than 100 faults; the rest is not listed")


def test_longer_cycle_of_precedences_is_named() -> None:
    visits = tuple(a_visit(name) for name in ("v1", "v2", "v3"))
    order = (Precedence("v1", "v2", 0), Precedence("v2", "v3", 0), Precedence("v3", "v1", 0))

    with pytest.raises(FaultyInput) as refusal:
        a_problem(visits=visits, precedences=order)

    (fault,) = refusal.value.faults
    assert fault.where == "precedences"
    around = fault.why.removeprefix("a cycle: ").split(" before ")
    assert set(pairwise(around)) == {("v1", "v2"), ("v2", "v3"), ("v3", "v1")}


def test_weights_whose_sum_leaves_the_range_of_integers_are_refused() -> None:
    heavy = a_visit(weight=10**9)

    with pytest.raises(FaultyInput, match="adds up to more than"):
        replace(a_problem(visits=(heavy,)), weights=replace(a_problem().weights, unscheduled=10**9))


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
        (gzip.compress(b"{}")[:-9], "is no complete gzip file"),
        (b"\x1f\x8b\x08 no gzip at all", "is no complete gzip file"),
        (b"\x1f\x8b\x01" + b"\x00" * 20, "cannot be read: Unknown compression method"),
    ],
)
def test_file_that_holds_no_json_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(content)

    with pytest.raises(FaultyInput) as refusal:
        read_problem(path)

    (fault,) = refusal.value.faults
    assert fault.where == str(path)
    assert fault.why.startswith(reason)


def test_reason_nested_beyond_measure_is_refused() -> None:
    record: Any = plan_to_json(PLAN, EVERYTHING)
    nested: list[object] = []
    for _ in range(5000):
        nested = [nested]
    record["unscheduled"][0]["reasons"][0]["why"] = nested

    with pytest.raises(FaultyInput) as refusal:
        parse_plan(record)

    assert refusal.value.faults == (Fault("$", "is nested too deeply"),)


def test_file_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.json", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(FaultyInput) as refusal:
            read_plan(path)

        assert refusal.value.faults == (Fault(str(path), f"cannot be read: {reason}"),)


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

    with pytest.raises(FaultyInput) as refusal:
        read_problem(path)

    assert refusal.value.faults == (Fault(str(path), reason),)


def test_too_many_days_are_refused() -> None:
    days = tuple(MONDAY.fromordinal(ordinal) for ordinal in range(1, 4002))

    with pytest.raises(FaultyInput) as refusal:
        a_problem(days=days)

    assert refusal.value.faults == (Fault("days", "holds 4001 entries, not 0 to 4000"),)


def test_places_of_a_great_circle_need_no_tables() -> None:
    record: Any = problem_to_json(a_problem())
    record["places"][0] |= {"lon": 118, "lat": 42}

    assert parse_problem(record).travel == GreatCircle(detour_percent=130, metres_per_minute=900)
    assert (parse_problem(record).places[0].lon, parse_problem(record).places[0].lat) == (118.0, 42.0)
