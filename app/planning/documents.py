"""Contract files as they are stored: gzipped JSON, the same bytes for the same value."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

from app.planning.to_problem import PlanningProblem
from solver.io import problem_to_json


def problem_document(asked: PlanningProblem) -> dict[str, Any]:
    """The problem file of a plan."""
    return dict(problem_to_json(asked.problem))


def packed(value: Mapping[str, Any]) -> bytes:
    """A contract file as it is stored."""
    return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def unpacked(content: bytes) -> dict[str, Any]:
    """The JSON object of a stored contract file."""
    value = json.loads(gzip.decompress(content))
    assert isinstance(value, dict)
    return value
