"""What must be inspected: programmes as versioned data, rounds, validation targets, burden rules."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order, not_negative, word_type


class ProgrammeRule(StrEnum):
    """The rule by which a programme is expanded into visits."""

    ROUND = "round"
    GOVERNMENT = "government"
    CHAIN = "chain"
    THEMATIC = "thematic"
    PRINCIPAL_TERM = "principal_term"
    ROUTINE = "routine"


class Programme(SQLModel, table=True):
    """One version of a programme: its legal basis, the days it is in force, whom it covers and how.

    ``phases`` holds one entry a kind of visit, in the shape of ``app.programmes.schemas.Phase``: its name,
    lead years, team, lengths, weight.
    """

    __table_args__ = (
        sa.UniqueConstraint("code", "version"),
        in_order("in_force_from", "in_force_to"),
        not_negative("notice_days"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=CODE_LENGTH, index=True)
    version: int = 1
    name: str = Field(max_length=NAME_LENGTH)
    rule: ProgrammeRule = Field(sa_type=word_type(ProgrammeRule))
    legal_basis: str
    in_force_from: date
    in_force_to: date | None = None
    covers: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    comprehensive: bool = True
    notice_days: int = 30
    max_interval_years: int | None = None
    phases: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)


class RoundSubject(StrEnum):
    """What a round covers."""

    SCHOOLS = "schools"
    GOVERNMENTS = "governments"


class Round(SQLModel, table=True):
    """A fixed span in which every covered unit is inspected at least once."""

    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_LENGTH)
    subject: RoundSubject = Field(sa_type=word_type(RoundSubject))
    first_on: date
    last_on: date
    ended_on: date | None = None
    source: str = ""


class Recognition(StrEnum):
    """What a banner is validated for."""

    COMPULSORY_QUALITY = "compulsory_quality"
    PRESCHOOL_UNIVERSAL = "preschool_universal"


class TargetStatus(StrEnum):
    """Where a validation stands; a withdrawn one asks for nothing any more."""

    PLANNED = "planned"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class ValidationTarget(SQLModel, table=True):
    """The year in which a banner is to pass a national validation, and the year in which it did.

    A ``synthetic`` one stands in no document and is for demonstration.
    """

    __tablename__ = "validation_target"
    __table_args__ = (sa.UniqueConstraint("region_id", "recognition", "target_year"),)

    id: int | None = Field(default=None, primary_key=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    recognition: Recognition = Field(sa_type=word_type(Recognition))
    target_year: int
    actual_year: int | None = None
    status: TargetStatus = Field(default=TargetStatus.PLANNED, sa_type=word_type(TargetStatus))
    source: str = ""
    synthetic: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class ExternalStageKind(StrEnum):
    """The stages that the autonomous region or the nation dates."""

    REGIONAL_EVALUATION = "regional_evaluation"
    VALIDATION = "validation"


class ExternalStage(SQLModel, table=True):
    """Dates given from outside: the banner's government and the sampled schools are taken on these days."""

    __tablename__ = "external_stage"
    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="validation_target.id", index=True)
    kind: ExternalStageKind = Field(sa_type=word_type(ExternalStageKind))
    first_on: date
    last_on: date
    sampled_inspectee_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)


class BurdenRule(SQLModel, table=True):
    """How many comprehensive inspections a unit may receive in a calendar year, with its basis and days in force."""

    __tablename__ = "burden_rule"
    __table_args__ = (in_order(), not_negative("comprehensive_per_year"))

    id: int | None = Field(default=None, primary_key=True)
    comprehensive_per_year: int
    first_on: date
    last_on: date | None = None
    law: bool
    basis: str
