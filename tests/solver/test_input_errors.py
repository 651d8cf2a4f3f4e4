"""Errors of a problem or a plan are reported by place and reason."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from solver.errors import InputError, InvalidInput
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


PROBLEM_ERRORS: list[tuple[str, object, InputError]] = [
    ("name", 7, InputError("name", "7 is no string")),
    ("name", "\ud800", InputError("name", '"\ud800" is no valid Unicode')),
    (
        "format",
        ...,
        InputError("$", 'the key "format" is missing; it reads "supervision-problem/1" or "supervision-problem/2"'),
    ),
    ("format", "other/1", InputError("format", '"other/1" is not "supervision-problem/1" or "supervision-problem/2"')),
    ("format", 2, InputError("format", '2 is not "supervision-problem/1" or "supervision-problem/2"')),
    ("days", ..., InputError("$", 'the key "days" is missing')),
    ("days", None, InputError("days", "null is no list")),
    ("days.1", "2025-02-30", InputError("days[1]", '"2025-02-30" is no date like 2026-01-31')),
    ("days.1", "20250304", InputError("days[1]", '"20250304" is no date like 2026-01-31')),
    ("days.1", "2025-W10-2", InputError("days[1]", '"2025-W10-2" is no date like 2026-01-31')),
    ("days.1", "2025-03-03", InputError("days[1]", "2025-03-03 does not come after 2025-03-03")),
    ("hours", 8, InputError("$", 'the key "hours" is unknown')),
    ("far_minutes", True, InputError("far_minutes", "true is no integer")),
    ("far_minutes", 1.0, InputError("far_minutes", "1.0 is no integer")),
    ("far_minutes", "1", InputError("far_minutes", '"1" is no integer')),
    ("far_minutes", -1, InputError("far_minutes", "-1 is not within 0 to 1000000000")),
    ("far_minutes", 10**30, InputError("far_minutes", "a number of too many digits is not within 0 to 1000000000")),
    ("places.0.lon", "east", InputError("places[0].lon", '"east" is no number (of "town")')),
    ("places.0.lon", float("inf"), InputError("places[0].lon", 'inf is no number (of "town")')),
    ("places.0.lat", 91, InputError("places[0].lat", '91.0 is not within -90 to 90 (of "town")')),
    ("places.0", [], InputError("places[0]", "a list of 0 is no object")),
    ("travel.model", "bus", InputError("travel.model", '"bus" is none of great_circle, matrix')),
    ("travel.model", ["bus"], InputError("travel.model", "a list of 1 is none of great_circle, matrix")),
    ("travel", "bus", InputError("travel", '"bus" is no object')),
    ("travel.minutes", [[0, 1]], InputError("travel.minutes[0]", "has 2 columns for 1 places")),
    ("travel.metres", [[0], [1]], InputError("travel.metres", "has 2 rows for 1 places")),
    ("travel.metres", [[-1]], InputError("travel.metres[0][0]", "-1 is not within 0 to 1000000000")),
    ("inspectors.0.base", "moon", InputError("inspectors[0].base", '"moon" is none of the places (of "i1")')),
    ("inspectors.0.weekdays", [], InputError("inspectors[0].weekdays", 'holds 0 entries, not 1 to 7 (of "i1")')),
    ("inspectors.0.weekdays", [8], InputError("inspectors[0].weekdays[0]", '8 is not within 1 to 7 (of "i1")')),
    ("inspectors.0.weekdays", None, InputError("inspectors[0].weekdays", 'null is no list (of "i1")')),
    (
        "inspectors.0.unavailable.0",
        ["2025-03-03"],
        InputError("inspectors[0].unavailable[0]", 'a list of 1 is no list of a first and a last date (of "i1")'),
    ),
    (
        "inspectees.0.max_burden",
        {"never": 1},
        InputError("inspectees[0].max_burden.never", '"never" is none of the periods (of "e1")'),
    ),
    ("visits.0.team.size", 0, InputError("visits[0].team.size", '0 is not within 1 to 1000000000 (of "v1")')),
    ("visits.0.team.leader", "i1", InputError("visits[0].team", 'the key "leader" is unknown (of "v1")')),
    ("visits.0.half_days", 11, InputError("visits[0].half_days", '11 is not within 1 to 10 (of "v1")')),
    ("visits.0.weight", 0, InputError("visits[0].weight", '0 is not within 1 to 1000000000 (of "v1")')),
    ("visits.0.inspectee", "e9", InputError("visits[0].inspectee", '"e9" is none of the inspectees (of "v1")')),
    ("visits.0.excluded", ["i9"], InputError("visits[0].excluded[0]", '"i9" is none of the inspectors (of "v1")')),
    ("visits.0.excluded", ["i1"], InputError("visits[0].prefers", 'i1 is excluded too (of "v1")')),
    ("visits.0.resources", ["bus"], InputError("visits[0].resources[0]", '"bus" is none of the resources (of "v1")')),
    ("visits.0.resources", ["car", "car"], InputError("visits[0].resources[1]", '"car" is named twice (of "v1")')),
    ("visits.1.id", "v1", InputError("visits[1].id", 'the id "v1" is taken already')),
    ("visits.1.id", None, InputError("visits[1].id", "null is no string")),
    ("precedences.0.before", "v9", InputError("precedences[0].before", '"v9" is none of the visits or history')),
    ("precedences.0.min_days", -1, InputError("precedences[0].min_days", "-1 is not within 0 to 1000000000")),
    ("precedences.0.after", "v1", InputError("precedences", "a cycle: v1 before v1")),
    ("pins.0.visit", "h1", InputError("pins[0].visit", '"h1" is none of the visits (of "h1")')),
    ("pins.0.half", "noon", InputError("pins[0].half", '"noon" is none of am, pm (of "v1")')),
    ("pins.0.team", ["i1", "i1"], InputError("pins[0].team[1]", '"i1" is named twice (of "v1")')),
    ("pins.0.leader", "i9", InputError("pins[0].leader", '"i9" is none of the inspectors (of "v1")')),
    ("baseline.0.team", ["x", "x"], InputError("baseline[0].team[1]", '"x" is named twice (of "left")')),
    ("history.0.visit", "v1", InputError("history[0].visit", '"v1" is one of the visits to plan too')),
    ("history.0.half", "pm", InputError("history[0].half", '3 half-days begin am (of "h1")')),
    ("history.0.day", "9999-12-31", InputError("history[0].day", 'the last day is beyond the calendar (of "h1")')),
    ("weights.fun", 1, InputError("weights", 'the key "fun" is unknown')),
    ("weights.travel", ..., InputError("weights", 'the key "travel" is missing')),
    ("weights.overload", ..., InputError("weights", 'the key "overload" is missing')),
    ("evening_max_minutes", -1, InputError("evening_max_minutes", "-1 is not within 0 to 1000000000")),
    ("evening_max_minutes", None, InputError("evening_max_minutes", "null is no integer")),
    ("inspectors.0.level", 0.5, InputError("inspectors[0].level", '0.5 is no integer (of "i1")')),
    ("visits.0.buffer_days", -1, InputError("visits[0].buffer_days", '-1 is not within 0 to 1000000000 (of "v1")')),
    ("separations.0.min_days", 0, InputError("separations[0].min_days", "0 is not within 1 to 1000000000")),
    ("separations.0.visits", ["v1"], InputError("separations[0].visits", "holds 1 entries, not 2 to 2")),
    ("separations.0.visits.1", "v9", InputError("separations[0].visits[1]", '"v9" is none of the visits or history')),
    ("separations.0.visits.1", "v2", InputError("separations[0].visits", '"v2" cannot be separated from itself')),
    (
        "separations.1.visits",
        ["v1", "v2"],
        InputError("separations[1]", '"v1" and "v2" are separated by separations[0] already'),
    ),
]


@pytest.mark.parametrize(("path", "value", "error"), PROBLEM_ERRORS, ids=[f"{p} {v!a}" for p, v, _ in PROBLEM_ERRORS])
def test_error_of_a_problem_is_told_by_place_and_reason(path: str, value: object, error: InputError) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_problem(with_change(problem_to_json(EVERYTHING), path, value))

    assert error in refusal.value.errors


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

    with pytest.raises(InvalidInput) as refusal:
        parse_problem(with_change(record, path, value))

    (error,) = refusal.value.errors
    assert error.where == where
    assert f'the key "{path.split(".")[-1]}" is unknown before edition 2 of the format' in error.why


def test_keys_of_edition_2_need_the_weight_of_overload() -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_problem(weights=weights(overload=None), visits=(a_visit("v1"), a_visit("v2", buffer_days=1)))

    why = 'the key "overload" is missing; visits[1].buffer_days is of edition 2, which needs it'
    assert refusal.value.errors == (InputError("weights", why),)


PLAN_ERRORS: list[tuple[str, object, InputError]] = [
    ("assignments.0.visit", "v9", InputError("assignments[0].visit", '"v9" is none of the visits (of "v9")')),
    ("assignments.0.team", ["i9"], InputError("assignments[0].team[0]", '"i9" is none of the inspectors (of "v1")')),
    ("assignments.0.team", ["i1", "i1"], InputError("assignments[0].team[1]", '"i1" is named twice (of "v1")')),
    ("assignments.0.leader", "i9", InputError("assignments[0].leader", '"i9" is none of the inspectors (of "v1")')),
    ("assignments.0.leader", None, InputError("assignments[0].leader", 'null is no string (of "v1")')),
    ("assignments.0.half", "AM", InputError("assignments[0].half", '"AM" is none of am, pm (of "v1")')),
    (
        "assignments.0.day",
        "tomorrow",
        InputError("assignments[0].day", '"tomorrow" is no date like 2026-01-31 (of "v1")'),
    ),
    ("assignments.0.place", "town", InputError("assignments[0]", 'the key "place" is unknown (of "v1")')),
    ("unscheduled", ..., InputError("$", 'the key "unscheduled" is missing')),
    ("unscheduled.0.visit", "v9", InputError("unscheduled[0].visit", '"v9" is none of the visits (of "v9")')),
    ("unscheduled.0.reasons", [], InputError("unscheduled[0].reasons", 'holds 0 entries, not 1 to 1000 (of "v2")')),
    ("unscheduled.0.reasons.0", {}, InputError("unscheduled[0].reasons[0]", 'the key "code" is missing (of "v2")')),
    ("unscheduled.0.reasons.0", "no", InputError("unscheduled[0].reasons[0]", '"no" is no object (of "v2")')),
    ("unscheduled.0.reasons.0.code", 1, InputError("unscheduled[0].reasons[0].code", '1 is no string (of "v2")')),
    (
        "unscheduled.0.reasons.0.day",
        1.5,
        InputError("unscheduled[0].reasons[0].day", '1.5 is no integer, date, string or list of these (of "v2")'),
    ),
    ("score.total", "much", InputError("score.total", '"much" is no integer')),
    ("score.beauty", 1, InputError("score", 'the key "beauty" is unknown')),
    ("status", "stopped", InputError("status", '"stopped" is none of optimal, feasible, infeasible')),
    ("bound", None, InputError("bound", "null is no integer")),
]


@pytest.mark.parametrize(("path", "value", "error"), PLAN_ERRORS, ids=[f"{p} {v!a}" for p, v, _ in PLAN_ERRORS])
def test_error_of_a_plan_is_told_by_place_and_reason(path: str, value: object, error: InputError) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_plan(with_change(plan_to_json(PLAN, EVERYTHING), path, value), EVERYTHING)

    assert refusal.value.errors == (error,)


@pytest.mark.parametrize("value", [None, 1, "text", [], [{}]])
def test_value_that_is_no_object_is_no_problem_and_no_plan(value: object) -> None:
    for parse in (parse_problem, parse_plan):
        with pytest.raises(InvalidInput, match=r"^\$: .* is no object$"):
            parse(value)


def test_every_error_is_told() -> None:
    record: Any = problem_to_json(a_problem(visits=(a_visit("v1"), a_visit("v2"))))
    record["visits"][0]["weight"] = "heavy"
    record["visits"][1]["burden"] = None
    record["far_minutes"] = []
    del record["pins"]

    with pytest.raises(InvalidInput) as refusal:
        parse_problem(record)

    assert refusal.value.errors == (
        InputError("far_minutes", "a list of 0 is no integer"),
        InputError("visits[0].weight", '"heavy" is no integer (of "v1")'),
        InputError("visits[1].burden", 'null is no integer (of "v2")'),
        InputError("$", 'the key "pins" is missing'),
    )


def test_wrong_references_are_all_told() -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_problem(
            visits=(a_visit("v1", inspectee="e9"), a_visit("v1", prefers=frozenset({"i9"}))),
            precedences=(Precedence("v1", "v8", min_days=0),),
        )

    assert refusal.value.errors == (
        InputError("visits[0].inspectee", '"e9" is none of the inspectees (of "v1")'),
        InputError("visits[1].prefers[0]", '"i9" is none of the inspectors (of "v1")'),
        InputError("precedences[0].after", '"v8" is none of the visits or history'),
        InputError("visits[1].id", 'the id "v1" is taken already'),
    )


def test_more_errors_than_anybody_reads_are_counted_no_further() -> None:
    record: Any = problem_to_json(a_problem())
    record["days"] = ["never"] * 1000

    with pytest.raises(InvalidInput) as refusal:
        parse_problem(record)

    assert len(refusal.value.errors) == 101
    assert refusal.value.errors[-1] == InputError("$", "there are more than 100 errors; the rest is not listed")


def test_longer_cycle_of_precedences_is_named() -> None:
    visits = tuple(a_visit(name) for name in ("v1", "v2", "v3"))
    order = (Precedence("v1", "v2", 0), Precedence("v2", "v3", 0), Precedence("v3", "v1", 0))

    with pytest.raises(InvalidInput) as refusal:
        a_problem(visits=visits, precedences=order)

    (error,) = refusal.value.errors
    assert error.where == "precedences"
    around = error.why.removeprefix("a cycle: ").split(" before ")
    assert set(pairwise(around)) == {("v1", "v2"), ("v2", "v3"), ("v3", "v1")}


def test_weights_whose_sum_leaves_the_range_of_integers_are_refused() -> None:
    heavy = a_visit(weight=10**9)

    with pytest.raises(InvalidInput, match="adds up to more than"):
        replace(a_problem(visits=(heavy,)), weights=replace(a_problem().weights, unscheduled=10**9))


def test_windows_that_hold_too_many_half_days_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two visits may begin in ten half-days each; what lies outside of a window does not count."""
    visits = (a_visit("v1"), a_visit("v2"))
    monkeypatch.setattr("solver.problem.MAX_STARTS", 19)
    a_problem(visits=(visits[0], replace(visits[1], latest=WEEK[3])))

    with pytest.raises(InvalidInput, match=r"^visits: their windows hold 20 half-days, more than 19"):
        a_problem(visits=visits)


def test_too_many_inspectors_for_so_many_days_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    people = (an_inspector("i1"), an_inspector("i2"))
    monkeypatch.setattr("solver.problem.MAX_PERSON_DAYS", 9)
    a_problem(inspectors=people[:1])

    with pytest.raises(InvalidInput, match=r"^inspectors: 2 inspectors on 5 days are more than 9; plan fewer days"):
        a_problem(inspectors=people)
