"""Create demonstration.

Reason: the working date of a demonstration moves on, and its made-up validation targets are told apart.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "e7a4c2b91d06"
down_revision = "5b0e6d1f93ca"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "demonstration",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scenario", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("working_on", sa.Date(), nullable=False),
        sa.Column("moved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_demonstration_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration")),
    )
    with op.batch_alter_table("validation_target") as batch:
        batch.add_column(sa.Column("synthetic", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("validation_target") as batch:
        batch.drop_column("synthetic")
    op.drop_table("demonstration")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
