"""What is in force: of every office the newest version, up to its day. Conditions to build selects from."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.models import Assignment, PublishedVersion


def is_newest_version() -> sa.ColumnElement[bool]:
    """The condition that a ``PublishedVersion`` is its office's newest, the one in force."""
    later = aliased(PublishedVersion)
    return ~sa.exists().where(
        col(later.office_id) == col(PublishedVersion.office_id), col(later.number) > col(PublishedVersion.number)
    )


def is_in_force() -> sa.ColumnElement[bool]:
    """The condition that an ``Assignment`` is in force: of its office's newest version, begun by the version's day."""
    return (
        sa.exists()
        .where(
            col(PublishedVersion.office_id) == col(Assignment.office_id),
            col(PublishedVersion.plan_id) == col(Assignment.plan_id),
            col(PublishedVersion.until) >= col(Assignment.first_on),
            is_newest_version(),
        )
        .correlate(Assignment)
    )
