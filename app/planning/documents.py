"""Contract files as they are stored: gzipped JSON, the same bytes for the same value."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from app.planning.to_problem import PlanningProblem
from solver.io import parse_problem, problem_to_json
from solver.problem import Problem

KEPT_PROBLEMS = 2
"""Problems that stay read; a large one takes a second to read, and some ten megabytes."""


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


class StoredProblem:
    """A problem file of a plan: its JSON value, which nobody changes, and the problem that it says."""

    def __init__(self, content: bytes) -> None:
        self.written: Mapping[str, Any] = unpacked(content)

    @cached_property
    def problem(self) -> Problem:
        """The problem, checked as it is read."""
        return parse_problem(dict(self.written))


@lru_cache(maxsize=KEPT_PROBLEMS)
def stored_problem(content: bytes) -> StoredProblem:
    """A stored problem file; one that is looked at again in the same request or job is not read again."""
    return StoredProblem(content)
