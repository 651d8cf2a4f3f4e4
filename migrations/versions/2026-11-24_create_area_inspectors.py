"""create area inspectors

Reason: responsibility areas have people, and a published routine visit may be moved.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "5b0e6d1f93ca"
down_revision = "5410c46bb5c0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "area_inspector",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_area_inspector_area_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_area_inspector_inspector_id")),
        sa.PrimaryKeyConstraint("area_id", "inspector_id", name=op.f("pk_area_inspector")),
    )
    with op.batch_alter_table("area_inspector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_inspector_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "from_half",
            sa.Enum("am", "pm", name="half", native_enum=False, create_constraint=True, length=64),
            nullable=False,
        ),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_amendment_assignment_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_amendment_made_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["published_version.id"], name=op.f("fk_amendment_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_amendment_version_id_number")),
    )
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        for column in ("assignment_id", "made_by_id", "version_id"):
            batch_op.create_index(batch_op.f(f"ix_amendment_{column}"), [column], unique=False)


def downgrade() -> None:
    _limit_waiting()
    op.drop_table("amendment")
    op.drop_table("area_inspector")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
