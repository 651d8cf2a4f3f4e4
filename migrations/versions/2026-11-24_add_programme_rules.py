"""add programme rules

Reason: programmes are also expanded by topics, by heads' terms of office and by routine.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "2c91d8a5e6f0"
down_revision = "e70b41975726"
branch_labels = None
depends_on = None

BEFORE = ("round", "government", "chain")
AFTER = (*BEFORE, "thematic", "principal_term", "routine")


def upgrade() -> None:
    _limit_waiting()
    _widen(BEFORE, AFTER)


def downgrade() -> None:
    _limit_waiting()
    op.execute("DELETE FROM programme WHERE rule NOT IN ('round', 'government', 'chain')")
    _widen(AFTER, BEFORE)


def _widen(present: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    """Exchange the check of the rules; SQLite rebuilds the table and must be told the checks, which it reflects not."""
    with op.batch_alter_table("programme", copy_from=_programme(present)) as batch_op:
        batch_op.alter_column("rule", existing_type=_rules(present), type_=_rules(wanted), existing_nullable=False)


def _rules(words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name="programmerule", native_enum=False, create_constraint=True, length=64)


def _programme(rules: tuple[str, ...]) -> sa.Table:
    """The table as it is."""
    return sa.Table(
        "programme",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("rule", _rules(rules), nullable=False),
        sa.Column("legal_basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("comprehensive", sa.Boolean(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("max_interval_years", sa.Integer(), nullable=True),
        sa.Column("phases", sa.JSON(), nullable=False),
        sa.CheckConstraint("in_force_from <= in_force_to", name=op.f("ck_programme_in_force_from_in_order")),
        sa.CheckConstraint("notice_days >= 0", name=op.f("ck_programme_notice_days_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_programme_code_version")),
        sa.Index(op.f("ix_programme_code"), "code"),
    )


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
