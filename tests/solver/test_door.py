"""Whatever is put in place of any value of a file, the answer is a problem or a plan, or a refusal that says where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.checker import check, check_pins
from solver.errors import InvalidInput
from solver.io import parse_plan, parse_problem, plan_to_json, problem_to_json, read_problem
from tests.strategies import Hidden, hidden_plans

WORDS = st.sampled_from(
    ["", "am", "v0", "i0", "e0", "p0", "h0", "lead", "督学", "\ud800", "0001-01-01", "9999-12-31", "2024-12-31"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.integers(-2, 12) | st.floats() | WORDS
JSON_VALUES = st.recursive(
    SCALARS, lambda values: st.lists(values, max_size=3) | st.dictionaries(WORDS, values, max_size=3), max_leaves=6
)

T = TypeVar("T")


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a JSON value with each key or position in it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places_in(value[key])


def damage(data: st.DataObject, record: Any) -> None:
    """Replace or take away one to three values."""
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(places_in(record))
        if not places:
            return
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.booleans()):
            container[key] = data.draw(JSON_VALUES)
        else:
            del container[key]


def unless_refused(read: Callable[[], T]) -> T | None:
    """What was read, or ``None`` if it was refused with a place and a reason for each error."""
    try:
        return read()
    except InvalidInput as refusal:
        unclear = [error for error in refusal.errors if not (error.where and error.why)]
    assert unclear == []
    return None


@given(hidden_plans(most_visits=2), st.data())
def test_damaged_problem_is_read_or_refused(hidden: Hidden, data: st.DataObject) -> None:
    record = problem_to_json(hidden.problem)
    damage(data, record)

    if problem := unless_refused(lambda: parse_problem(record)):
        check_pins(problem)
        assert parse_problem(problem_to_json(problem)) == problem


@given(hidden_plans(most_visits=3), st.data())
def test_damaged_plan_is_judged_or_refused(hidden: Hidden, data: st.DataObject) -> None:
    record = plan_to_json(hidden.plan, hidden.problem)
    damage(data, record)

    if plan := unless_refused(lambda: parse_plan(record, hidden.problem)):
        report = check(hidden.problem, plan)
        assert {violation.visit for violation in report.violations} <= {visit.id for visit in hidden.problem.visits}


@given(hidden=hidden_plans(most_visits=2), data=st.data())
def test_damaged_file_is_read_or_refused(
    hidden: Hidden, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    content = bytearray(json.dumps(problem_to_json(hidden.problem), ensure_ascii=False).encode())
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=10))
    path.write_bytes(bytes(content))

    if problem := unless_refused(lambda: read_problem(path)):
        assert parse_problem(problem_to_json(problem)) == problem
