"""Where people of stored assignments are in each half-day, for the drives and nights that follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.settings import RuleSettings
from app.calendars.half_days import half_days_from
from app.core.rows import id_of
from app.models import Assignment, CostRate, Half, Inspectee, Inspector, PersonKind, TeamMember
from app.planning.nights import NightPrices
from app.planning.trips import Stop, trip_parts


def stops_of(session: Session, which: sa.ColumnElement[bool], rules: RuleSettings) -> Iterator[tuple[Stop, PersonKind]]:
    """The half-days of everybody in the assignments that a condition names, with the kind of person: two queries.

    The ``visit_id`` of a stop is the id of its assignment.
    """
    rows = session.execute(
        sa.select(
            Assignment,
            col(Inspectee.lon),
            col(Inspectee.lat),
            col(Inspector.id),
            col(Inspector.base_lon),
            col(Inspector.base_lat),
            col(Inspector.kind),
        )
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .join(TeamMember, col(TeamMember.assignment_id) == col(Assignment.id))
        .join(Inspector, col(Inspector.id) == col(TeamMember.inspector_id))
        .where(which)
    ).all()
    since = min((row.first_on for row, *_ in rows), default=date.max)
    nights = NightPrices.by(rules, session.exec(select(CostRate)).all(), since)
    for row, lon, lat, person_id, base_lon, base_lat, kind in rows:
        for day, half in half_days_from(row.first_on, row.half, row.half_days):
            night = nights.for_kind(kind)
            base, place = (base_lon, base_lat), (lon, lat)
            yield Stop(person_id, base, id_of(row), place, day, int(half is Half.PM), night), kind


def metres_and_nights(session: Session, which: sa.ColumnElement[bool], rules: RuleSettings) -> tuple[int, int]:
    """Metres on the road and nights away of the assignments that a condition names."""
    parts = list(trip_parts((stop for stop, _kind in stops_of(session, which, rules)), rules))
    return sum(part.metres for part in parts), sum(part.nights for part in parts)
