"""How the planner's files name the rows of the database."""

from __future__ import annotations

INSPECTOR, INSPECTEE = "i", "e"


def inspector_name(inspector_id: int) -> str:
    """The planner's id of a person."""
    return f"{INSPECTOR}{inspector_id}"


def inspectee_name(inspectee_id: int) -> str:
    """The planner's id of an inspectee."""
    return f"{INSPECTEE}{inspectee_id}"


def row_of(name: str) -> int:
    """The row that an id of a person or inspectee names."""
    return int(name[1:])
