"""create year lists

Reason: what is on no list of the year may not be published.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "ac7d4eb2f47a"
down_revision = "7de6088c1338"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "year_list_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("law", sa.Boolean(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_year_list_rule_first_on_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_list_rule")),
    )
    op.create_table(
        "year_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_year_list_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_list")),
        sa.UniqueConstraint("office_id", "year", name=op.f("uq_year_list_office_id_year")),
    )
    with op.batch_alter_table("year_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_year_list_office_id"), ["office_id"], unique=False)

    op.create_table(
        "year_list_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("programme_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("approval_number", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["year_list.id"], name=op.f("fk_year_list_item_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_list_item")),
        sa.UniqueConstraint("list_id", "programme_code", name=op.f("uq_year_list_item_list_id_programme_code")),
    )
    with op.batch_alter_table("year_list_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_year_list_item_list_id"), ["list_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_year_list_item_programme_code"), ["programme_code"], unique=False)


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("year_list_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_year_list_item_programme_code"))
        batch_op.drop_index(batch_op.f("ix_year_list_item_list_id"))

    op.drop_table("year_list_item")
    with op.batch_alter_table("year_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_year_list_office_id"))

    op.drop_table("year_list")
    op.drop_table("year_list_rule")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
