"""What stands already: assignments in force and those of the plan that is asked again, with teams and programmes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.assignments.in_force import is_in_force
from app.models import Assignment, PlannedVisit, ServedProgramme, TeamMember


@dataclass(frozen=True, slots=True)
class Stand:
    """An assignment with its team; ``serves`` are the programmes and phases that the visit fulfils.

    ``locked`` is what a plan that is asked again keeps as it is.
    """

    key: str
    inspectee_id: int
    office_id: int
    first_on: date
    last_on: date
    half: str
    half_days: int
    team: tuple[int, ...]
    leader_id: int | None
    serves: tuple[tuple[str, str], ...]
    locked: bool = False
    unannounced: bool = False


def in_force(session: Session) -> list[Stand]:
    """Every assignment in force, of all offices: three queries."""
    return _stands(session, is_in_force())


def in_force_around(session: Session, stand: Stand, assignment_id: int) -> list[Stand]:
    """What else is in force at the unit of an assignment, or of its people: three queries."""
    of_people = (
        sa.exists()
        .where(col(TeamMember.assignment_id) == col(Assignment.id), col(TeamMember.inspector_id).in_(stand.team))
        .correlate(Assignment)
    )
    beside = sa.or_(col(Assignment.inspectee_id) == stand.inspectee_id, of_people)
    return _stands(session, sa.and_(is_in_force(), col(Assignment.id) != assignment_id, beside))


def of_assignment(session: Session, assignment_id: int) -> Stand:
    """One assignment: three queries."""
    return _stands(session, col(Assignment.id) == assignment_id)[0]


def of_plan(session: Session, plan_id: int) -> list[Stand]:
    """The assignments of a plan that it planned itself: three queries."""
    return _stands(session, sa.and_(col(Assignment.plan_id) == plan_id, col(Assignment.carried_out).is_(sa.false())))


def _stands(session: Session, which: sa.ColumnElement[bool]) -> list[Stand]:
    columns = (  # thousands of rows: made into objects of their tables they would take four times as long
        col(Assignment.id),
        col(Assignment.visit_id),
        col(Assignment.inspectee_id),
        col(Assignment.office_id),
        col(Assignment.first_on),
        col(Assignment.last_on),
        col(Assignment.half),
        col(Assignment.half_days),
        col(Assignment.leader_id),
        col(Assignment.locked),
        col(PlannedVisit.key),
        col(PlannedVisit.unannounced),
    )
    rows = session.execute(
        sa.select(*columns)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(which)
        .order_by(col(Assignment.first_on), col(Assignment.id))
    ).all()
    teams = _pairs(
        session,
        sa.select(col(TeamMember.assignment_id), col(TeamMember.inspector_id))
        .join(Assignment, col(Assignment.id) == col(TeamMember.assignment_id))
        .where(which)
        .order_by(col(TeamMember.inspector_id)),
    )
    served: dict[int, list[tuple[str, str]]] = {}
    found = session.execute(
        sa.select(col(ServedProgramme.visit_id), col(ServedProgramme.programme_code), col(ServedProgramme.phase))
        .join(Assignment, col(Assignment.visit_id) == col(ServedProgramme.visit_id))
        .where(which)
        .order_by(col(ServedProgramme.id))
    )
    for visit_id, code, phase in found:
        served.setdefault(visit_id, []).append((code, phase))
    return [
        Stand(
            key=row.key,
            inspectee_id=row.inspectee_id,
            office_id=row.office_id,
            first_on=row.first_on,
            last_on=row.last_on,
            half=row.half.value,
            half_days=row.half_days,
            team=tuple(teams.get(row.id or 0, ())),
            leader_id=row.leader_id,
            serves=tuple(served.get(row.visit_id, ())),
            locked=row.locked,
            unannounced=row.unannounced,
        )
        for row in rows
    ]


def _pairs(session: Session, statement: sa.Select[int, int]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for left, right in session.execute(statement):
        found.setdefault(left, []).append(right)
    return found


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands, sorted by what planning does with it.

    ``fixed`` have begun, lie outside the days that are planned, or are other offices'; ``movable`` are in force and
    planned anew; ``baseline`` is what the new plan should change little.
    """

    fixed: tuple[Stand, ...]
    movable: tuple[Stand, ...]
    baseline: tuple[Stand, ...]


def situation(
    stands: Iterable[Stand], before: Sequence[Stand] | None, office_ids: frozenset[int], first: date, last: date
) -> Situation:
    """Sort what is in force by the planned offices and days; ``before`` are the assignments of the plan asked again."""
    fixed: list[Stand] = []
    movable: list[Stand] = []
    for stand in stands:
        inside = stand.office_id in office_ids and first <= stand.first_on <= last
        (movable if inside else fixed).append(stand)
    if before is None:
        return Situation(tuple(fixed), tuple(movable), tuple(movable))
    settled = {stand.key for stand in fixed}
    baseline = tuple(
        stand
        for stand in before
        if stand.office_id in office_ids and stand.first_on >= first and stand.key not in settled
    )
    return Situation(tuple(fixed), tuple(movable), baseline)
