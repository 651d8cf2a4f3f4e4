"""The events of people's calendars, kept up to date by every publication.

An event is one duty of one person and outlives plans: it keeps its number, counts its moves, and when the duty is no
longer the person's it stays as cancelled, so that a calendar program which has seen it takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from app.assignments.in_force import is_in_force
from app.models import Assignment, CalendarEvent, PlannedVisit, TeamMember

Key = tuple[int, str]
"""A person and a duty."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where an assignment stands, and with whom."""

    inspectee_id: int
    first_on: date
    half: str
    half_days: int
    leader_id: int | None
    team: frozenset[int]

    @property
    def place_and_time(self) -> tuple[int, date, str, int]:
        """What a calendar shows as moved when it differs."""
        return self.inspectee_id, self.first_on, self.half, self.half_days


@dataclass(frozen=True, slots=True)
class _Event:
    id: int
    assignment_id: int
    sequence: int
    cancelled: bool


def record(session: Session, now: datetime) -> None:
    """Bring the events to what is in force since this moment; a fixed number of queries."""
    of_events = sa.exists().where(col(CalendarEvent.assignment_id) == col(Assignment.id)).correlate(Assignment)
    stands = _stands(session, sa.or_(is_in_force(), of_events))
    events = _events(session)
    in_force = _in_force(session)
    fresh, changed = [], []
    for key, assignment_id in in_force.items():
        event = events.get(key)
        if event is None:
            fresh.append(_row(key, assignment_id, now))
        elif event.cancelled or event.assignment_id != assignment_id:
            changed.append(_followed(event, assignment_id, stands, now))
    for key, event in events.items():
        if key not in in_force and not event.cancelled:
            changed.append({"id": event.id, "cancelled": True, "sequence": event.sequence + 1, "changed_at": now})
    if fresh:
        session.execute(sa.insert(CalendarEvent), fresh)
    for some in _alike(changed):
        session.execute(sa.update(CalendarEvent), some)


def record_move(session: Session, assignment_id: int, now: datetime) -> None:
    """Count the move of one assignment in the calendars of its people."""
    session.execute(
        sa.update(CalendarEvent)
        .where(col(CalendarEvent.assignment_id) == assignment_id)
        .values(sequence=CalendarEvent.sequence + 1, changed_at=now)
    )


def _row(key: Key, assignment_id: int, now: datetime) -> dict[str, object]:
    inspector_id, duty = key
    return {
        "inspector_id": inspector_id,
        "key": duty,
        "assignment_id": assignment_id,
        "sequence": 0,
        "cancelled": False,
        "changed_at": now,
    }


def _followed(event: _Event, assignment_id: int, stands: Mapping[int, _Stand], now: datetime) -> dict[str, object]:
    """The event at its new assignment: a move counts, another team is a change, the same again is neither."""
    before, after = stands[event.assignment_id], stands[assignment_id]
    changes: dict[str, object] = {"id": event.id, "assignment_id": assignment_id}
    if event.cancelled or before.place_and_time != after.place_and_time:
        return changes | {"cancelled": False, "sequence": event.sequence + 1, "changed_at": now}
    return changes | ({"changed_at": now} if before != after else {})


def _alike(changes: Iterable[dict[str, object]]) -> list[list[dict[str, object]]]:
    """Changes grouped by what they name: each group is one statement."""
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for change in changes:
        groups.setdefault(tuple(change), []).append(change)
    return list(groups.values())


def _in_force(session: Session) -> dict[Key, int]:
    rows = session.execute(
        sa.select(col(TeamMember.inspector_id), col(PlannedVisit.key), col(Assignment.id))
        .join(Assignment, col(Assignment.id) == col(TeamMember.assignment_id))
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(is_in_force())
    )
    return {
        (inspector_id, key): assignment_id for inspector_id, key, assignment_id in rows if assignment_id is not None
    }


def _events(session: Session) -> dict[Key, _Event]:
    rows = session.execute(
        sa.select(
            col(CalendarEvent.inspector_id),
            col(CalendarEvent.key),
            col(CalendarEvent.id),
            col(CalendarEvent.assignment_id),
            col(CalendarEvent.sequence),
            col(CalendarEvent.cancelled),
        )
    )
    return {
        (inspector_id, key): _Event(number, assignment_id, sequence, cancelled)
        for inspector_id, key, number, assignment_id, sequence, cancelled in rows
        if number is not None
    }


def _stands(session: Session, which: sa.ColumnElement[bool]) -> dict[int, _Stand]:
    teams: dict[int, set[int]] = {}
    members = session.execute(
        sa.select(col(TeamMember.assignment_id), col(TeamMember.inspector_id))
        .join(Assignment, col(Assignment.id) == col(TeamMember.assignment_id))
        .where(which)
    )
    for assignment_id, inspector_id in members:
        teams.setdefault(assignment_id, set()).add(inspector_id)
    rows = session.execute(
        sa.select(
            col(Assignment.id),
            col(Assignment.inspectee_id),
            col(Assignment.first_on),
            col(Assignment.half),
            col(Assignment.half_days),
            col(Assignment.leader_id),
        ).where(which)
    )
    return {
        number: _Stand(unit_id, first_on, half, half_days, leader_id, frozenset(teams.get(number, ())))
        for number, unit_id, first_on, half, half_days, leader_id in rows
        if number is not None
    }
