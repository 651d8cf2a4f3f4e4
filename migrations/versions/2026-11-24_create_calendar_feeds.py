"""Create calendar feeds.

Reason: inspectors subscribe to their own calendar, whose events keep their identity and count their moves.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "5b1f0e6d7c23"
down_revision = "90e30f52ba64"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_calendar_feed_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("inspector_id", name=op.f("uq_calendar_feed_inspector_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
    )
    op.create_table(
        "calendar_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_calendar_event_sequence_not_negative")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_calendar_event_assignment_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_calendar_event_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_event")),
        sa.UniqueConstraint("inspector_id", "key", name=op.f("uq_calendar_event_inspector_id_key")),
    )
    op.create_index(op.f("ix_calendar_event_assignment_id"), "calendar_event", ["assignment_id"])
    op.create_index(op.f("ix_calendar_event_key"), "calendar_event", ["key"])


def downgrade() -> None:
    _limit_waiting()
    op.drop_index(op.f("ix_calendar_event_key"), "calendar_event")
    op.drop_index(op.f("ix_calendar_event_assignment_id"), "calendar_event")
    op.drop_table("calendar_event")
    op.drop_table("calendar_feed")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
