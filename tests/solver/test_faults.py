"""What is faulty in a problem or a plan is told by place and reason."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from solver.errors import Fault, FaultyInput
from solver.io import parse_plan, parse_problem, plan_to_json, problem_to_json
from solver.problem import Precedence
from tests.builders import WEEK, a_problem, a_visit, an_inspector, weights
from tests.solver.samples import EVERYTHING, PLAN


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
    (
        "format",
        ...,
        Fault("$", 'the key "format" is missing; it reads "supervision-problem/1" or "supervision-problem/2"'),
    ),
    ("format", "other/1", Fault("format", '"other/1" is not "supervision-problem/1" or "supervision-problem/2"')),
    ("format", 2, Fault("format", '2 is not "supervision-problem/1" or "supervision-problem/2"')),
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
    ("weights.overload", ..., Fault("weights", 'the key "overload" is missing')),
    ("evening_max_minutes", -1, Fault("evening_max_minutes", "-1 is not within 0 to 1000000000")),
    ("evening_max_minutes", None, Fault("evening_max_minutes", "null is no integer")),
    ("inspectors.0.level", 0.5, Fault("inspectors[0].level", '0.5 is no integer (of "i1")')),
    ("visits.0.buffer_days", -1, Fault("visits[0].buffer_days", '-1 is not within 0 to 1000000000 (of "v1")')),
    ("separations.0.min_days", 0, Fault("separations[0].min_days", "0 is not within 1 to 1000000000")),
    ("separations.0.visits", ["v1"], Fault("separations[0].visits", "holds 1 entries, not 2 to 2")),
    ("separations.0.visits.1", "v9", Fault("separations[0].visits[1]", '"v9" is none of the visits or history')),
    ("separations.0.visits.1", "v2", Fault("separations[0].visits", '"v2" cannot be separated from itself')),
    (
        "separations.1.visits",
        ["v1", "v2"],
        Fault("separations[1]", '"v1" and "v2" are separated by separations[0] already'),
    ),
]


@pytest.mark.parametrize(("path", "value", "fault"), PROBLEM_FAULTS, ids=[f"{p} {v!a}" for p, v, _ in PROBLEM_FAULTS])
def test_fault_of_a_problem_is_told_by_place_and_reason(path: str, value: object, fault: Fault) -> None:
    with pytest.raises(FaultyInput) as refusal:
        parse_problem(with_change(problem_to_json(EVERYTHING), path, value))

    assert fault in refusal.value.faults


EDITION_2_KEYS = [
    ("evening_max_minutes", 30, "$"),
    ("separations", [], "$"),
    ("inspectors.0.level", 1, "inspectors[0]"),
    ("inspectors.0.overnight_metres", 1, "inspectors[0]"),
    ("visits.0.buffer_days", 1, "visits[0]"),
    ("weights.overload", 0, "weights"),
]


@pytest.mark.parametrize(("path", "value", "where"), EDITION_2_KEYS, ids=[path for path, _, _ in EDITION_2_KEYS])
def test_file_of_edition_1_knows_no_key_of_edition_2(path: str, value: object, where: str) -> None:
    record = problem_to_json(a_problem(weights=weights(overload=None)))
    parse_problem(record)

    with pytest.raises(FaultyInput) as refusal:
        parse_problem(with_change(record, path, value))

    (fault,) = refusal.value.faults
    assert fault.where == where
    assert f'the key "{path.split(".")[-1]}" is unknown before edition 2 of the format' in fault.why


def test_keys_of_edition_2_need_the_weight_of_overload() -> None:
    with pytest.raises(FaultyInput) as refusal:
        a_problem(weights=weights(overload=None), visits=(a_visit("v1"), a_visit("v2", buffer_days=1)))

    why = 'the key "overload" is missing; visits[1].buffer_days is of edition 2, which needs it'
    assert refusal.value.faults == (Fault("weights", why),)


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


def test_windows_that_hold_too_many_half_days_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two visits may begin in ten half-days each; what lies outside of a window does not count."""
    visits = (a_visit("v1"), a_visit("v2"))
    monkeypatch.setattr("solver.problem.MAX_STARTS", 19)
    a_problem(visits=(visits[0], replace(visits[1], latest=WEEK[3])))

    with pytest.raises(FaultyInput, match=r"^visits: their windows hold 20 half-days, more than 19; plan fewer visits"):
        a_problem(visits=visits)


def test_too_many_inspectors_for_so_many_days_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    people = (an_inspector("i1"), an_inspector("i2"))
    monkeypatch.setattr("solver.problem.MAX_PERSON_DAYS", 9)
    a_problem(inspectors=people[:1])

    with pytest.raises(FaultyInput, match=r"^inspectors: 2 inspectors on 5 days are more than 9; plan fewer days"):
        a_problem(inspectors=people)
