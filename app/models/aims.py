"""The aims of the plan, as data: what part of the banners or units is to be reached by when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, word_type


class AimSubject(StrEnum):
    """Of what an aim speaks: banners that pass a validation, or units that a round inspects."""

    PRESCHOOL_UNIVERSAL = "preschool_universal"
    COMPULSORY_QUALITY = "compulsory_quality"
    SCHOOLS = "schools"
    GOVERNMENTS = "governments"


class Aim(SQLModel, table=True):
    """An aim with its source; ``about`` marks a percentage that the plan gives as a rough one."""

    __table_args__ = (sa.CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=CODE_LENGTH, unique=True)
    title: str = Field(max_length=NAME_LENGTH)
    subject: AimSubject = Field(sa_type=word_type(AimSubject))
    percent: int
    about: bool = False
    due_on: date
    source: str
