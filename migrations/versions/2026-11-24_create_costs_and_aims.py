"""create costs and aims

Reason: the budget of inspection is told apart, and the aims of the plan are followed.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "5410c46bb5c0"
down_revision = "7a40c3be91d5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "aim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "preschool_universal",
                "compulsory_quality",
                "schools",
                "governments",
                name="aimsubject",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_aim_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aim")),
        sa.UniqueConstraint("code", name=op.f("uq_aim_code")),
    )
    op.create_table(
        "cost_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "travel",
                "night",
                "expert",
                "other",
                name="costkind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("kind <> 'other'", name=op.f("ck_cost_rate_kind_has_a_rate")),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_cost_rate_fen_not_negative")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_cost_rate_first_on_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_rate")),
    )
    with op.batch_alter_table("cost_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_rate_kind"), ["kind"], unique=False)

    op.create_table(
        "actual_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("programme_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "travel",
                "night",
                "expert",
                "other",
                name="costkind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("voucher", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_actual_cost_fen_not_negative")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_actual_cost_office_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_actual_cost_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actual_cost")),
    )
    with op.batch_alter_table("actual_cost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actual_cost_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_actual_cost_programme_code"), ["programme_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_actual_cost_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_actual_cost_spent_on"), ["spent_on"], unique=False)


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("actual_cost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_actual_cost_spent_on"))
        batch_op.drop_index(batch_op.f("ix_actual_cost_region_id"))
        batch_op.drop_index(batch_op.f("ix_actual_cost_programme_code"))
        batch_op.drop_index(batch_op.f("ix_actual_cost_office_id"))

    op.drop_table("actual_cost")
    with op.batch_alter_table("cost_rate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_rate_kind"))

    op.drop_table("cost_rate")
    op.drop_table("aim")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
