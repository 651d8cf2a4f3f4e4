"""create pool steps

Reason: the way into office and out of it is kept step by step.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "e70b41975726"
down_revision = "5b1f0e6d7c23"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "pool_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "recommended",
                "checked",
                "publicised",
                "appointed",
                "trained",
                "in_office",
                "ended",
                name="poolstage",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("done_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("evidence", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_pool_step_first_on_in_order")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_pool_step_inspector_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_pool_step_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_step")),
    )
    with op.batch_alter_table("pool_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_step_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_step_recorded_by_id"), ["recorded_by_id"], unique=False)


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("pool_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_step_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_pool_step_inspector_id"))

    op.drop_table("pool_step")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
