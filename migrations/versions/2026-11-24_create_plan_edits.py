"""Create plan edits.

Reason: offices change drafts by hand, with a log of what was done; what they lock stays when a plan is asked again.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "c4d81f3e9a70"
down_revision = "e7a4c2b91d06"
branch_labels = None
depends_on = None

KINDS = ("move", "place", "take_out", "lock", "unlock")
STATES = ("done", "undone", "void")


def upgrade() -> None:
    _limit_waiting()
    op.add_column("plan", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("assignment", sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "plan_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("editkind", KINDS), nullable=False),
        sa.Column("state", _words("editstate", STATES), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_plan_edit_made_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_edit_plan_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["account.id"], name=op.f("fk_plan_edit_undone_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["planned_visit.id"], name=op.f("fk_plan_edit_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_edit")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_edit_plan_id_number")),
    )
    for column in ("made_by_id", "undone_by_id", "visit_id"):
        op.create_index(op.f(f"ix_plan_edit_{column}"), "plan_edit", [column])


def downgrade() -> None:
    _limit_waiting()
    op.drop_table("plan_edit")
    op.drop_column("assignment", "locked")
    op.drop_column("plan", "revision")


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=64)


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
