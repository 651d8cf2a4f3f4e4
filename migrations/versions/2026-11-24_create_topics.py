"""create topics

Reason: thematic inspections with their draws, monitoring, office duties, outcomes of visits, and unannounced visits.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "7a40c3be91d5"
down_revision = "2c91d8a5e6f0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("programme_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("legal_basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unannounced", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("requires", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("region_ids", sa.JSON(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("sample_percent", sa.Integer(), nullable=True),
        sa.Column("inspectee_ids", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_topic_first_on_in_order")),
        sa.CheckConstraint("size >= 3", name=op.f("ck_topic_size")),
        sa.CheckConstraint("half_days > 0", name=op.f("ck_topic_half_days")),
        sa.CheckConstraint("sample_size IS NULL OR sample_percent IS NULL", name=op.f("ck_topic_sample")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_topic_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_index(op.f("ix_topic_office_id"), "topic", ["office_id"])
    op.create_index(op.f("ix_topic_programme_code"), "topic", ["programme_code"])
    op.create_index(op.f("ix_topic_year"), "topic", ["year"])
    op.create_table(
        "topic_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_draw_topic_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["account.id"], name=op.f("fk_topic_draw_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_draw")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_topic_draw_topic_id")),
    )
    op.create_index(op.f("ix_topic_draw_drawn_by_id"), "topic_draw", ["drawn_by_id"])
    op.create_table(
        "monitoring_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("inspectee_ids", sa.JSON(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_monitoring_sample_first_on_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring_sample")),
    )
    op.create_index(op.f("ix_monitoring_sample_first_on"), "monitoring_sample", ["first_on"])
    op.create_table(
        "office_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("chiefs_only", sa.Boolean(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_office_duty_first_on_in_order")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_duty_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_duty")),
    )
    op.create_index(op.f("ix_office_duty_office_id"), "office_duty", ["office_id"])
    op.create_table(
        "visit_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_visit_outcome_inspectee_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_visit_outcome_office_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_visit_outcome_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_outcome")),
        sa.UniqueConstraint("visit_key", name=op.f("uq_visit_outcome_visit_key")),
    )
    op.create_index(op.f("ix_visit_outcome_inspectee_id"), "visit_outcome", ["inspectee_id"])
    op.create_index(op.f("ix_visit_outcome_office_id"), "visit_outcome", ["office_id"])
    op.create_index(op.f("ix_visit_outcome_recorded_by_id"), "visit_outcome", ["recorded_by_id"])
    op.add_column("planned_visit", sa.Column("unannounced", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    _limit_waiting()
    op.drop_column("planned_visit", "unannounced")
    for table in ("visit_outcome", "office_duty", "monitoring_sample", "topic_draw", "topic"):
        op.drop_table(table)


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
