"""What is answered of assignments: shapes only."""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.core.fields import Output
from app.models import Half

AssignmentStatus = Literal["in_force", "outlook", "superseded", "draft"]
"""In force; published by the office but beyond its day; published once and replaced; not published by the office."""


class PersonOut(Output):
    """Somebody of a team."""

    id: int
    name: str


class ServedOut(Output):
    """A programme that a visit serves, with its phase."""

    programme: str
    phase: str


class AssignmentOut(Output):
    """A visit with its days and team; ``visit`` names the same duty in every plan."""

    id: int
    plan_id: int
    visit: str
    inspectee_id: int
    inspectee: str
    region_id: int
    office_id: int
    first_on: date
    last_on: date
    half: Half
    half_days: int
    team: list[PersonOut]
    leader: PersonOut | None
    serves: list[ServedOut]
    late: bool
    carried_out: bool
    locked: bool
    standing: AssignmentStatus
