"""The one reader of assignments: in force, of a plan, beside an assignment, each with its team."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.assignments.in_force import is_in_force
from app.models import Assignment, Half, PlannedVisit, ServedProgramme, TeamMember


@dataclass(frozen=True, slots=True)
class Placement:
    """When a visit is made and by whom: its first day and half, and the ids of its team."""

    first_on: date
    half: Half
    team: frozenset[int]


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """An assignment with its team; ``serves`` are the programmes and phases that its visit fulfils.

    ``locked`` is what a re-plan keeps as it is; ``carried_out`` is what had begun when its plan was made.
    """

    key: str
    plan_id: int
    inspectee_id: int
    office_id: int
    first_on: date
    last_on: date
    half: Half
    half_days: int
    team: tuple[int, ...]
    leader_id: int | None
    serves: tuple[tuple[str, str], ...] = ()
    locked: bool = False
    unannounced: bool = False
    carried_out: bool = False

    @property
    def placement(self) -> Placement:
        """When and by whom, for comparing."""
        return Placement(self.first_on, self.half, frozenset(self.team))


def in_force(session: Session) -> list[AssignmentRecord]:
    """Every assignment in force, of all offices: three queries."""
    return list(read(session, is_in_force()).values())


def in_force_besides(session: Session, office_ids: Collection[int]) -> list[AssignmentRecord]:
    """Every assignment in force of all offices but these: three queries."""
    return list(read(session, sa.and_(is_in_force(), col(Assignment.office_id).not_in(office_ids))).values())


def in_force_around(session: Session, record: AssignmentRecord, assignment_id: int) -> list[AssignmentRecord]:
    """What else is in force at the inspectee of an assignment, or of its people: three queries."""
    of_people = (
        sa.exists()
        .where(col(TeamMember.assignment_id) == col(Assignment.id), col(TeamMember.inspector_id).in_(record.team))
        .correlate(Assignment)
    )
    beside = sa.or_(col(Assignment.inspectee_id) == record.inspectee_id, of_people)
    return list(read(session, sa.and_(is_in_force(), col(Assignment.id) != assignment_id, beside)).values())


def of_assignment(session: Session, assignment_id: int) -> AssignmentRecord:
    """One assignment: three queries."""
    return read(session, col(Assignment.id) == assignment_id)[assignment_id]


def of_plan(session: Session, plan_id: int) -> list[AssignmentRecord]:
    """The assignments of a plan that it planned itself: three queries."""
    planned = sa.and_(col(Assignment.plan_id) == plan_id, col(Assignment.carried_out).is_(sa.false()))
    return list(read(session, planned).values())


def placements(session: Session, *conditions: sa.ColumnElement[bool]) -> dict[str, Placement]:
    """When and by whom the visits of some assignments are made, by key: three queries."""
    return {record.key: record.placement for record in read(session, sa.and_(*conditions)).values()}


def read(session: Session, which: sa.ColumnElement[bool]) -> dict[int, AssignmentRecord]:
    """Some assignments by id, in the order of their days: three queries."""
    columns = (  # thousands of rows: made into objects of their tables they would take four times as long
        col(Assignment.id),
        col(Assignment.visit_id),
        col(Assignment.plan_id),
        col(Assignment.inspectee_id),
        col(Assignment.office_id),
        col(Assignment.first_on),
        col(Assignment.last_on),
        col(Assignment.half),
        col(Assignment.half_days),
        col(Assignment.leader_id),
        col(Assignment.locked),
        col(Assignment.carried_out),
        col(PlannedVisit.key),
        col(PlannedVisit.unannounced),
    )
    rows = session.execute(
        sa.select(*columns)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(which)
        .order_by(col(Assignment.first_on), col(Assignment.id))
    ).all()
    teams = _teams(session, which)
    served = _served(session, which)
    return {
        row.id: AssignmentRecord(
            key=row.key,
            plan_id=row.plan_id,
            inspectee_id=row.inspectee_id,
            office_id=row.office_id,
            first_on=row.first_on,
            last_on=row.last_on,
            half=row.half,
            half_days=row.half_days,
            team=tuple(teams.get(row.id, ())),
            leader_id=row.leader_id,
            serves=tuple(served.get(row.visit_id, ())),
            locked=row.locked,
            unannounced=row.unannounced,
            carried_out=row.carried_out,
        )
        for row in rows
        if row.id is not None
    }


def _teams(session: Session, which: sa.ColumnElement[bool]) -> Mapping[int, list[int]]:
    """The teams of some assignments, each ascending."""
    teams: dict[int, list[int]] = {}
    rows = session.execute(
        sa.select(col(TeamMember.assignment_id), col(TeamMember.inspector_id))
        .join(Assignment, col(Assignment.id) == col(TeamMember.assignment_id))
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(which)
        .order_by(col(TeamMember.inspector_id))
    )
    for assignment_id, inspector_id in rows:
        teams.setdefault(assignment_id, []).append(inspector_id)
    return teams


def _served(session: Session, which: sa.ColumnElement[bool]) -> Mapping[int, list[tuple[str, str]]]:
    """The programmes and phases that the visits of some assignments fulfil, by visit."""
    served: dict[int, list[tuple[str, str]]] = {}
    rows = session.execute(
        sa.select(col(ServedProgramme.visit_id), col(ServedProgramme.programme_code), col(ServedProgramme.phase))
        .join(Assignment, col(Assignment.visit_id) == col(ServedProgramme.visit_id))
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(which)
        .order_by(col(ServedProgramme.id))
    )
    for visit_id, code, phase in rows:
        served.setdefault(visit_id, []).append((code, phase))
    return served


@dataclass(frozen=True, slots=True)
class Situation:
    """Assignments, sorted by what planning does with them.

    ``fixed`` have begun, lie outside the days that are planned, or are other offices'; ``movable`` are in force and
    planned anew; ``baseline`` is what the new plan should change little.
    """

    fixed: tuple[AssignmentRecord, ...]
    movable: tuple[AssignmentRecord, ...]
    baseline: tuple[AssignmentRecord, ...]


def situation(
    records: Iterable[AssignmentRecord],
    before: Sequence[AssignmentRecord] | None,
    office_ids: frozenset[int],
    first: date,
    last: date,
) -> Situation:
    """Sort what is in force by the planned offices and days; ``before`` are the assignments of the plan re-planned."""
    fixed: list[AssignmentRecord] = []
    movable: list[AssignmentRecord] = []
    for record in records:
        inside = record.office_id in office_ids and first <= record.first_on <= last
        (movable if inside else fixed).append(record)
    if before is None:
        return Situation(tuple(fixed), tuple(movable), tuple(movable))
    settled = {record.key for record in fixed}
    baseline = tuple(
        record
        for record in before
        if record.office_id in office_ids and record.first_on >= first and record.key not in settled
    )
    return Situation(tuple(fixed), tuple(movable), baseline)
