"""Create the tables.

Reason: the service begins; every table of regions, people, units, calendar, programmes and plans.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "7de6088c1338"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _limit_waiting()
    op.create_table(
        "burden_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comprehensive_per_year", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("law", sa.Boolean(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "comprehensive_per_year >= 0", name=op.f("ck_burden_rule_comprehensive_per_year_not_negative")
        ),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_burden_rule_first_on_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_burden_rule")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "official", "provisional", name="calendarstatus", native_enum=False, create_constraint=True, length=64
            ),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "evaluation_method",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kindergarten",
                "attached_class",
                "primary",
                "teaching_point",
                "junior",
                "nine_year",
                "senior",
                "complete_secondary",
                "twelve_year",
                "vocational",
                "special",
                "government",
                name="inspecteekind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("version", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.CheckConstraint("in_force_from <= in_force_to", name=op.f("ck_evaluation_method_in_force_from_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_method")),
        sa.UniqueConstraint("kind", "title", "version", name=op.f("uq_evaluation_method_kind_title_version")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "round",
                "government",
                "chain",
                name="programmerule",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
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
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_code"), ["code"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adcode", sqlmodel.sql.sqltypes.AutoString(length=6), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("short_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "region", "city", "banner", name="regionlevel", native_enum=False, create_constraint=True, length=64
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("seat", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("seat_lon", sa.Float(), nullable=False),
        sa.Column("seat_lat", sa.Float(), nullable=False),
        sa.Column("area_km2", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("area_km2 >= 0", name=op.f("ck_region_area_km2_not_negative")),
        sa.CheckConstraint("population >= 0", name=op.f("ck_region_population_not_negative")),
        sa.CheckConstraint(
            "seat_lon BETWEEN -180 AND 180 AND seat_lat BETWEEN -90 AND 90", name=op.f("ck_region_seat_lon_on_earth")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("adcode", name=op.f("uq_region_adcode")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "schools", "governments", name="roundsubject", native_enum=False, create_constraint=True, length=64
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_round_first_on_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_table(
        "school_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kindergarten",
                "attached_class",
                "primary",
                "teaching_point",
                "junior",
                "nine_year",
                "senior",
                "complete_secondary",
                "twelve_year",
                "vocational",
                "special",
                "government",
                name="inspecteekind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "season",
            sa.Enum("spring", "autumn", name="season", native_enum=False, create_constraint=True, length=64),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_school_term_first_on_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_term")),
        sa.UniqueConstraint("kind", "year", "season", name=op.f("uq_school_term_kind_year_season")),
    )
    with op.batch_alter_table("school_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_term_year"), ["year"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_area_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("region_id", "name", name=op.f("uq_area_region_id_name")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_region_id"), ["region_id"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "make_up_day", name="daykind", native_enum=False, create_constraint=True, length=64),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["calendar_year.year"], name=op.f("fk_calendar_day_year")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_day_year"), ["year"], unique=False)

    op.create_table(
        "closed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_closed_days_first_on_in_order")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_closed_days_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
    )
    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closed_days_first_on"), ["first_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_closed_days_region_id"), ["region_id"], unique=False)

    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_office_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("region_id", name=op.f("uq_office_region_id")),
    )
    op.create_table(
        "validation_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "recognition",
            sa.Enum(
                "compulsory_quality",
                "preschool_universal",
                name="recognition",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("actual_year", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "passed",
                "failed",
                "withdrawn",
                name="targetstatus",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_validation_target_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_target")),
        sa.UniqueConstraint(
            "region_id",
            "recognition",
            "target_year",
            name=op.f("uq_validation_target_region_id_recognition_target_year"),
        ),
    )
    with op.batch_alter_table("validation_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_validation_target_region_id"), ["region_id"], unique=False)

    op.create_table(
        "external_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "regional_evaluation",
                "validation",
                name="externalstagekind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("sampled_inspectee_ids", sa.JSON(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_external_stage_first_on_in_order")),
        sa.ForeignKeyConstraint(["target_id"], ["validation_target.id"], name=op.f("fk_external_stage_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_stage")),
    )
    with op.batch_alter_table("external_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_stage_target_id"), ["target_id"], unique=False)

    op.create_table(
        "inspector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "full_time",
                "part_time",
                "invited",
                "expert",
                "department_member",
                name="personkind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column(
            "rank",
            sa.Enum(
                "chief",
                "deputy_chief",
                "leader",
                "member",
                name="rank",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("base_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("base_lon", sa.Float(), nullable=False),
        sa.Column("base_lat", sa.Float(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=True),
        sa.Column("half_days_per_month", sa.Integer(), nullable=True),
        sa.Column("half_days_per_year", sa.Integer(), nullable=True),
        sa.Column("load_before_half_days", sa.Integer(), nullable=False),
        sa.Column("card_number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "base_lon BETWEEN -180 AND 180 AND base_lat BETWEEN -90 AND 90", name=op.f("ck_inspector_base_lon_on_earth")
        ),
        sa.CheckConstraint("half_days_per_month >= 0", name=op.f("ck_inspector_half_days_per_month_not_negative")),
        sa.CheckConstraint("half_days_per_year >= 0", name=op.f("ck_inspector_half_days_per_year_not_negative")),
        sa.CheckConstraint("load_before_half_days >= 0", name=op.f("ck_inspector_load_before_half_days_not_negative")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_inspector_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector")),
        sa.UniqueConstraint("code", name=op.f("uq_inspector_code")),
    )
    with op.batch_alter_table("inspector", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspector_office_id"), ["office_id"], unique=False)

    op.create_table(
        "office_cars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_office_cars_first_on_in_order")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_office_cars_number_not_negative")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_cars_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_cars")),
    )
    with op.batch_alter_table("office_cars", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_cars_office_id"), ["office_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "leave",
                "sick",
                "training",
                "other_duty",
                name="absencekind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_absence_first_on_in_order")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_absence_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "city_office",
                "banner_office",
                "inspector",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("inspector_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("(role = 'inspector') = (inspector_id IS NOT NULL)", name=op.f("ck_account_inspector")),
        sa.CheckConstraint(
            "(role IN ('city_office', 'banner_office')) = (office_id IS NOT NULL)", name=op.f("ck_account_office")
        ),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_account_inspector_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_account_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_office_id"), ["office_id"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_appointment_first_on_in_order")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_appointment_number")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_appointment_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "inspectee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kindergarten",
                "attached_class",
                "primary",
                "teaching_point",
                "junior",
                "nine_year",
                "senior",
                "complete_secondary",
                "twelve_year",
                "vocational",
                "special",
                "government",
                name="inspecteekind",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("owner_office_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("township", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=False),
        sa.Column("boarding", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("head_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("head_term_ends_on", sa.Date(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("responsible_inspector_id", sa.Integer(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_inspectee_lon_on_earth")
        ),
        sa.CheckConstraint("opened_on <= closed_on", name=op.f("ck_inspectee_opened_on_in_order")),
        sa.CheckConstraint("pupils >= 0 AND classes >= 0", name=op.f("ck_inspectee_pupils_not_negative")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_inspectee_area_id")),
        sa.ForeignKeyConstraint(["owner_office_id"], ["office.id"], name=op.f("fk_inspectee_owner_office_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["inspectee.id"], name=op.f("fk_inspectee_parent_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_inspectee_region_id")),
        sa.ForeignKeyConstraint(
            ["responsible_inspector_id"], ["inspector.id"], name=op.f("fk_inspectee_responsible_inspector_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspectee")),
        sa.UniqueConstraint("code", name=op.f("uq_inspectee_code")),
    )
    with op.batch_alter_table("inspectee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspectee_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspectee_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspectee_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspectee_owner_office_id"), ["owner_office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspectee_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspectee_region_id"), ["region_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_inspectee_responsible_inspector_id"), ["responsible_inspector_id"], unique=False
        )

    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_training_first_on_in_order")),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_training_hours_not_negative")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_training_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("noun", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("noun_id", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_audit_entry_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_closure_first_on_in_order")),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_closure_inspectee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_inspectee_id"), ["inspectee_id"], unique=False)

    op.create_table(
        "employment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("employer", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_employment_first_on_in_order")),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_employment_inspectee_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_employment_inspector_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_employment_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employment_inspectee_id"), ["inspectee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_inspector_id"), ["inspector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_region_id"), ["region_id"], unique=False)

    op.create_table(
        "past_inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=False),
        sa.Column("programme_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("comprehensive", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("half_days > 0", name=op.f("ck_past_inspection_half_days")),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_past_inspection_inspectee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_inspection")),
        sa.UniqueConstraint(
            "inspectee_id",
            "programme_code",
            "first_on",
            name=op.f("uq_past_inspection_inspectee_id_programme_code_first_on"),
        ),
    )
    with op.batch_alter_table("past_inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_inspection_inspectee_id"), ["inspectee_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("working_on", sa.Date(), nullable=False),
        sa.Column("office_ids", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "solving",
                "solved",
                "published",
                "infeasible",
                "cancelled",
                "failed",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancel_requested_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("phase", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("elapsed_seconds", sa.Float(), nullable=False),
        sa.Column("scheduled", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("bound", sa.BigInteger(), nullable=True),
        sa.Column("unscheduled_bound", sa.Integer(), nullable=True),
        sa.Column("score", sa.JSON(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_plan_first_day_in_order")),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_plan_seconds")),
        sa.ForeignKeyConstraint(["based_on_id"], ["plan.id"], name=op.f("fk_plan_based_on_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_plan_region_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["account.id"], name=op.f("fk_plan_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_based_on_id"), ["based_on_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_region_id"), ["region_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_requested_by_id"), ["requested_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_state"), ["state"], unique=False)

    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_recusal_first_on_in_order")),
        sa.CheckConstraint("inspectee_id IS NOT NULL OR person_name IS NOT NULL", name=op.f("ck_recusal_subject")),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_recusal_inspectee_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_recusal_inspector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_inspectee_id"), ["inspectee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_inspector_id"), ["inspector_id"], unique=False)

    op.create_table(
        "plan_document",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("problem", "solution", name="documentkind", native_enum=False, create_constraint=True, length=64),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_document_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "kind", name=op.f("pk_plan_document")),
    )
    op.create_table(
        "planned_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("half_days > 0", name=op.f("ck_planned_visit_half_days")),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_planned_visit_inspectee_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_planned_visit_office_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_planned_visit_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_visit")),
        sa.UniqueConstraint("plan_id", "key", name=op.f("uq_planned_visit_plan_id_key")),
    )
    with op.batch_alter_table("planned_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_visit_inspectee_id"), ["inspectee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_planned_visit_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_planned_visit_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "published_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_published_version_office_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_published_version_plan_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["account.id"], name=op.f("fk_published_version_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_version")),
        sa.UniqueConstraint("office_id", "number", name=op.f("uq_published_version_office_id_number")),
    )
    with op.batch_alter_table("published_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_version_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_version_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_published_version_published_by_id"), ["published_by_id"], unique=False)

    op.create_table(
        "unplanned_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=False),
        sa.Column("programme_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("phase", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_unplanned_duty_inspectee_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_unplanned_duty_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unplanned_duty")),
    )
    with op.batch_alter_table("unplanned_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unplanned_duty_inspectee_id"), ["inspectee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unplanned_duty_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unplanned_duty_programme_code"), ["programme_code"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("inspectee_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("am", "pm", name="half", native_enum=False, create_constraint=True, length=64),
            nullable=False,
        ),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("carried_out", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_assignment_first_on_in_order")),
        sa.CheckConstraint("half_days > 0", name=op.f("ck_assignment_half_days")),
        sa.ForeignKeyConstraint(["inspectee_id"], ["inspectee.id"], name=op.f("fk_assignment_inspectee_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["inspector.id"], name=op.f("fk_assignment_leader_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_assignment_office_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_assignment_plan_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["planned_visit.id"], name=op.f("fk_assignment_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_assignment_visit_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_first_on"), ["first_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_inspectee_id"), ["inspectee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "served_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("programme_code", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("phase", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["planned_visit.id"], name=op.f("fk_served_programme_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_programme")),
        sa.UniqueConstraint(
            "visit_id", "programme_code", "phase", name=op.f("uq_served_programme_visit_id_programme_code_phase")
        ),
    )
    with op.batch_alter_table("served_programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_served_programme_programme_code"), ["programme_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_served_programme_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "unscheduled_visit",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_unscheduled_visit_plan_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["planned_visit.id"], name=op.f("fk_unscheduled_visit_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_unscheduled_visit")),
    )
    with op.batch_alter_table("unscheduled_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unscheduled_visit_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_team_member_assignment_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["inspector.id"], name=op.f("fk_team_member_inspector_id")),
        sa.PrimaryKeyConstraint("assignment_id", "inspector_id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_inspector_id"), ["inspector_id"], unique=False)


def downgrade() -> None:
    _limit_waiting()
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_inspector_id"))

    op.drop_table("team_member")
    with op.batch_alter_table("unscheduled_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unscheduled_visit_plan_id"))

    op.drop_table("unscheduled_visit")
    with op.batch_alter_table("served_programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_served_programme_visit_id"))
        batch_op.drop_index(batch_op.f("ix_served_programme_programme_code"))

    op.drop_table("served_programme")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_plan_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_office_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_leader_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_inspectee_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_first_on"))

    op.drop_table("assignment")
    with op.batch_alter_table("unplanned_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unplanned_duty_programme_code"))
        batch_op.drop_index(batch_op.f("ix_unplanned_duty_plan_id"))
        batch_op.drop_index(batch_op.f("ix_unplanned_duty_inspectee_id"))

    op.drop_table("unplanned_duty")
    with op.batch_alter_table("published_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_published_version_published_by_id"))
        batch_op.drop_index(batch_op.f("ix_published_version_plan_id"))
        batch_op.drop_index(batch_op.f("ix_published_version_office_id"))

    op.drop_table("published_version")
    with op.batch_alter_table("planned_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_visit_plan_id"))
        batch_op.drop_index(batch_op.f("ix_planned_visit_office_id"))
        batch_op.drop_index(batch_op.f("ix_planned_visit_inspectee_id"))

    op.drop_table("planned_visit")
    op.drop_table("plan_document")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusal_inspector_id"))
        batch_op.drop_index(batch_op.f("ix_recusal_inspectee_id"))

    op.drop_table("recusal")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_state"))
        batch_op.drop_index(batch_op.f("ix_plan_requested_by_id"))
        batch_op.drop_index(batch_op.f("ix_plan_region_id"))
        batch_op.drop_index(batch_op.f("ix_plan_based_on_id"))

    op.drop_table("plan")
    with op.batch_alter_table("past_inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_inspection_inspectee_id"))

    op.drop_table("past_inspection")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_region_id"))
        batch_op.drop_index(batch_op.f("ix_employment_inspector_id"))
        batch_op.drop_index(batch_op.f("ix_employment_inspectee_id"))

    op.drop_table("employment")
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closure_inspectee_id"))

    op.drop_table("closure")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_user_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_inspector_id"))

    op.drop_table("training")
    with op.batch_alter_table("inspectee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspectee_responsible_inspector_id"))
        batch_op.drop_index(batch_op.f("ix_inspectee_region_id"))
        batch_op.drop_index(batch_op.f("ix_inspectee_parent_id"))
        batch_op.drop_index(batch_op.f("ix_inspectee_owner_office_id"))
        batch_op.drop_index(batch_op.f("ix_inspectee_name"))
        batch_op.drop_index(batch_op.f("ix_inspectee_kind"))
        batch_op.drop_index(batch_op.f("ix_inspectee_area_id"))

    op.drop_table("inspectee")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_inspector_id"))

    op.drop_table("appointment")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_office_id"))
        batch_op.drop_index(batch_op.f("ix_account_inspector_id"))

    op.drop_table("account")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_inspector_id"))

    op.drop_table("absence")
    with op.batch_alter_table("office_cars", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_cars_office_id"))

    op.drop_table("office_cars")
    with op.batch_alter_table("inspector", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspector_office_id"))

    op.drop_table("inspector")
    with op.batch_alter_table("external_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_stage_target_id"))

    op.drop_table("external_stage")
    with op.batch_alter_table("validation_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_validation_target_region_id"))

    op.drop_table("validation_target")
    op.drop_table("office")
    with op.batch_alter_table("closed_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closed_days_region_id"))
        batch_op.drop_index(batch_op.f("ix_closed_days_first_on"))

    op.drop_table("closed_days")
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_day_year"))

    op.drop_table("calendar_day")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_region_id"))

    op.drop_table("area")
    op.drop_table("setting")
    with op.batch_alter_table("school_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_term_year"))

    op.drop_table("school_term")
    op.drop_table("round")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent_id"))

    op.drop_table("region")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_code"))

    op.drop_table("programme")
    op.drop_table("evaluation_method")
    op.drop_table("calendar_year")
    op.drop_table("burden_rule")


def _limit_waiting() -> None:
    """Give up rather than queue everybody behind a lock that cannot be had."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
