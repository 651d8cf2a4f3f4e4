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
from app.assignments.reader import AssignmentRecord, read
from app.models import Assignment, CalendarEvent, Half

Key = tuple[int, str]
"""A person and a duty."""


@dataclass(frozen=True, slots=True)
class _Event:
    id: int
    assignment_id: int
    sequence: int
    cancelled: bool


def record(session: Session, now: datetime) -> None:
    """Bring the events to what is in force since this moment; a fixed number of queries."""
    of_events = sa.exists().where(col(CalendarEvent.assignment_id) == col(Assignment.id)).correlate(Assignment)
    in_force = read(session, is_in_force())
    records = read(session, of_events) | in_force
    events = _events(session)
    current = {(member, each.key): number for number, each in in_force.items() for member in each.team}
    fresh, changed = [], []
    for key, assignment_id in current.items():
        event = events.get(key)
        if event is None:
            fresh.append(_row(key, assignment_id, now))
        elif event.cancelled or event.assignment_id != assignment_id:
            changed.append(_followed(event, assignment_id, records, now))
    for key, event in events.items():
        if key not in current and not event.cancelled:
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


def _followed(
    event: _Event, assignment_id: int, records: Mapping[int, AssignmentRecord], now: datetime
) -> dict[str, object]:
    """The event at its new assignment: a move counts, another team is a change, the same again is neither."""
    before, after = records[event.assignment_id], records[assignment_id]
    changes: dict[str, object] = {"id": event.id, "assignment_id": assignment_id}
    if event.cancelled or _place_and_time(before) != _place_and_time(after):
        return changes | {"cancelled": False, "sequence": event.sequence + 1, "changed_at": now}
    is_same_team = (before.team, before.leader_id) == (after.team, after.leader_id)
    return changes | ({} if is_same_team else {"changed_at": now})


def _place_and_time(record: AssignmentRecord) -> tuple[int, date, Half, int]:
    """What a calendar shows as moved when it differs."""
    return record.inspectee_id, record.first_on, record.half, record.half_days


def _alike(changes: Iterable[dict[str, object]]) -> list[list[dict[str, object]]]:
    """Changes grouped by what they name: each group is one statement."""
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for change in changes:
        groups.setdefault(tuple(change), []).append(change)
    return list(groups.values())


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
