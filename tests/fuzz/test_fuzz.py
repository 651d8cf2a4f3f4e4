"""The interface under inputs that nobody thought of: whatever is asked, the answer is one that its description states.

The short run is part of every test run; ``make fuzz`` asks more than two thousand times. Both are the same every
time, so a failure can be repeated.
"""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

API = "/api/v1"
UNENDING = f"{API}/plans/{{plan_id}}/events"
"""Events of a plan end only with the plan; they have tests of their own."""

SHORT, LONG = 2, 20
"""Calls of each operation."""

FEWEST_OPERATIONS = 100
"""The interface has more operations than these."""

KNOWN_IDS = 4
"""Ids up to this one exist in most tables; others are drawn as well."""

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)


def _ask(app: FastAPI, times: int) -> tuple[int, dict[str, str]]:
    """How often it was asked, and the first fault of each operation."""
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app)
    asked = 0
    faults: dict[str, str] = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)  # a part of the description that cannot be read is no operation
        operation = result.ok()
        if operation.path == UNENDING:
            continue
        for mode in GenerationMode:
            number, fault = _ask_one(operation, mode, max(1, times // 2))
            asked += number
            if fault is not None:
                faults.setdefault(operation.label, fault)
    return asked, faults


def _ask_one(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, times: int) -> tuple[int, str | None]:
    asked = 0

    @hypothesis.seed(20220901)
    @hypothesis.settings(
        max_examples=times,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        nonlocal asked
        asked += 1
        case.path_parameters = {name: _known(value, asked) for name, value in case.path_parameters.items()}
        case.call_and_validate(checks=list(CHECKS))

    try:
        ask()
    except hypothesis.errors.Unsatisfiable:  # nothing can be wrong with an operation that takes no input
        return asked, None
    except BaseExceptionGroup as several:
        return asked, str(several.exceptions[0])
    except AssertionError as fault:
        return asked, str(fault)
    return asked, None


def _known(value: Any, number: int) -> Any:
    """Every second time an id that is likely to exist."""
    if isinstance(value, int) and number % 2:
        return abs(value) % KNOWN_IDS + 1
    return value


def test_a_few_calls_of_everything(api: FastAPI) -> None:
    asked, faults = _ask(api, SHORT)
    assert faults == {}
    assert asked > FEWEST_OPERATIONS


@pytest.mark.fuzz
@pytest.mark.parametrize("database", ["api", pytest.param("api_on_postgres", marks=pytest.mark.postgres)])
def test_more_than_two_thousand_calls(request: pytest.FixtureRequest, database: str) -> None:
    asked, faults = _ask(request.getfixturevalue(database), LONG)
    assert faults == {}
    assert asked >= 2_000
