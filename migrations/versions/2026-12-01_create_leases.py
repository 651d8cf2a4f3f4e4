"""Create leases, and keep the unfinished work on plans.

Reason: any worker goes on with a plan from the database, and a worker that is no longer alive may not write.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "d3b86a0f5e12"
down_revision = "3f6a1c9be2d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "lease",
        sa.Column("executor", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("beat_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("executor", name=op.f("pk_lease")),
    )
    op.create_table(
        "plan_work",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("used_seconds", sa.Float(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_work_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_work")),
    )
    with op.batch_alter_table("plan") as batch:
        batch.add_column(sa.Column("executor", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True))


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("plan") as batch:
        batch.drop_column("executor")
    op.drop_table("plan_work")
    op.drop_table("lease")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
