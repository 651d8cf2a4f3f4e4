"""Inspected units: schools of every kind and the banners' governments, with what happened at them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order, not_negative, on_earth, word_type


class InspecteeKind(StrEnum):
    """The kinds of inspected unit; the owner office follows from the kind by a setting."""

    KINDERGARTEN = "kindergarten"
    ATTACHED_CLASS = "attached_class"
    PRIMARY = "primary"
    TEACHING_POINT = "teaching_point"
    JUNIOR = "junior"
    NINE_YEAR = "nine_year"
    SENIOR = "senior"
    COMPLETE_SECONDARY = "complete_secondary"
    TWELVE_YEAR = "twelve_year"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    GOVERNMENT = "government"


class EvaluationMethod(SQLModel, table=True):
    """The published method by which a kind of unit is evaluated, by title and version."""

    __tablename__ = "evaluation_method"
    __table_args__ = (sa.UniqueConstraint("kind", "title", "version"), in_order("in_force_from", "in_force_to"))

    id: int | None = Field(default=None, primary_key=True)
    kind: InspecteeKind = Field(sa_type=word_type(InspecteeKind))
    title: str = Field(max_length=NAME_LENGTH)
    version: str = Field(max_length=CODE_LENGTH)
    in_force_from: date
    in_force_to: date | None = None


class Area(SQLModel, table=True):
    """A responsibility area: schools of one banner that are assigned to the same inspectors."""

    __table_args__ = (sa.UniqueConstraint("region_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    name: str = Field(max_length=NAME_LENGTH)


class Inspectee(SQLModel, table=True):
    """A school or a banner's government; a teaching point or attached class names its parent school."""

    __table_args__ = (on_earth(), not_negative("pupils", "classes"), in_order("opened_on", "closed_on"))

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=CODE_LENGTH, unique=True)
    name: str = Field(max_length=NAME_LENGTH, index=True)
    kind: InspecteeKind = Field(sa_type=word_type(InspecteeKind), index=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    owner_office_id: int = Field(foreign_key="office.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="inspectee.id", index=True)
    township: str = Field(default="", max_length=NAME_LENGTH)
    lon: float
    lat: float
    pupils: int = 0
    classes: int = 0
    boarding: bool = False
    opened_on: date | None = None
    closed_on: date | None = None
    closing_reason: str = ""
    head_name: str = Field(default="", max_length=NAME_LENGTH)
    head_term_ends_on: date | None = None
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    responsible_inspector_id: int | None = Field(
        default=None,
        foreign_key="inspector.id",
        index=True,
    )
    synthetic: bool = False
    source: str = ""


class Closure(SQLModel, table=True):
    """Days on which one unit cannot be visited: building work, moving, an event of its own."""

    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    inspectee_id: int = Field(foreign_key="inspectee.id", index=True)
    first_on: date
    last_on: date
    reason: str = ""


class PastInspection(SQLModel, table=True):
    """An inspection that took place before this service planned it, or outside it."""

    __tablename__ = "past_inspection"
    __table_args__ = (
        sa.UniqueConstraint("inspectee_id", "programme_code", "first_on"),
        sa.CheckConstraint("half_days > 0", name="half_days"),
    )

    id: int | None = Field(default=None, primary_key=True)
    inspectee_id: int = Field(foreign_key="inspectee.id", index=True)
    programme_code: str = Field(max_length=CODE_LENGTH)
    first_on: date
    half_days: int = 2
    comprehensive: bool = True
    synthetic: bool = False
