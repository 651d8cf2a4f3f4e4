"""Assignments into answers: each list in a fixed number of queries, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.assignments.queries import Member, inspectees_of, served_by, teams_of, visits_of
from app.assignments.schemas import AssignmentStatus, PersonOut, ServedOut
from app.core.rows import id_of
from app.models import Assignment, Inspectee, PlannedVisit


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to the assignments of a page."""

    visits: Mapping[int, PlannedVisit]
    inspectees: Mapping[int, Inspectee]
    teams: Mapping[int, list[Member]]
    served: Mapping[int, list[tuple[str, str]]]


def gather(session: Session, rows: Sequence[Assignment]) -> Around:
    """What belongs to some assignments; four queries."""
    visit_ids = [row.visit_id for row in rows]
    return Around(
        visits=visits_of(session, visit_ids),
        inspectees=inspectees_of(session, [row.inspectee_id for row in rows]),
        teams=teams_of(session, [id_of(row) for row in rows]),
        served=served_by(session, visit_ids),
    )


def fields_of(row: Assignment, around: Around, standing: AssignmentStatus) -> dict[str, Any]:
    """The fields of an assignment's answer."""
    visit = around.visits[row.visit_id]
    inspectee = around.inspectees[row.inspectee_id]
    team = around.teams.get(id_of(row), [])
    return {
        "id": id_of(row),
        "plan_id": row.plan_id,
        "visit": visit.key,
        "inspectee_id": row.inspectee_id,
        "inspectee": inspectee.name,
        "region_id": inspectee.region_id,
        "office_id": row.office_id,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "half": row.half,
        "half_days": row.half_days,
        "team": person_answers(team),
        "leader": next((person for person in person_answers(team) if person.id == row.leader_id), None),
        "serves": served_answers(around.served.get(row.visit_id, [])),
        "late": visit.late,
        "carried_out": row.carried_out,
        "locked": row.locked,
        "standing": standing,
    }


def person_answers(members: Sequence[Member]) -> list[PersonOut]:
    """Members of a team as an answer."""
    return [PersonOut(id=member.id, name=member.name) for member in members]


def served_answers(programmes: Sequence[tuple[str, str]]) -> list[ServedOut]:
    """Programmes and phases as an answer."""
    return [ServedOut(programme=programme, phase=phase) for programme, phase in programmes]
