"""People who inspect, and what decides on which days they count."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order, not_negative, on_earth, word_type


class PersonKind(StrEnum):
    """Full-time, part-time and invited inspectors count toward the legal three; the other two never do."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    INVITED = "invited"
    EXPERT = "expert"
    DEPARTMENT_MEMBER = "department_member"

    @property
    def is_inspector(self) -> bool:
        """Whether such a person is an inspector (督学) in the sense of the law."""
        return self in (PersonKind.FULL_TIME, PersonKind.PART_TIME, PersonKind.INVITED)


class Rank(StrEnum):
    """The rank of an inspector; chief rank means chief or deputy chief."""

    CHIEF = "chief"
    DEPUTY_CHIEF = "deputy_chief"
    LEADER = "leader"
    MEMBER = "member"

    @property
    def is_chief_rank(self) -> bool:
        """Whether the rank is chief or deputy chief."""
        return self in (Rank.CHIEF, Rank.DEPUTY_CHIEF)

    @property
    def may_lead(self) -> bool:
        """Whether somebody of the rank may lead a team."""
        return self is not Rank.MEMBER


class Skill(StrEnum):
    """What a team may need to know, the last for the units that teach in a minority language."""

    PRESCHOOL = "preschool"
    COMPULSORY = "compulsory"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    FINANCE = "finance"
    MONGOLIAN = "mongolian"


class Inspector(SQLModel, table=True):
    """Somebody who can be in a team; allowances are half-days on duty, none is no limit."""

    __table_args__ = (
        on_earth("base_lon", "base_lat"),
        not_negative("half_days_per_month"),
        not_negative("half_days_per_year"),
        not_negative("load_before_half_days"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=CODE_LENGTH, unique=True)
    name: str = Field(max_length=NAME_LENGTH)
    kind: PersonKind = Field(sa_type=word_type(PersonKind))
    rank: Rank = Field(default=Rank.MEMBER, sa_type=word_type(Rank))
    office_id: int = Field(foreign_key="office.id", index=True)
    base_name: str = Field(default="", max_length=NAME_LENGTH)
    base_lon: float
    base_lat: float
    skills: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    weekdays: list[int] | None = Field(default=None, sa_type=sa.JSON)
    half_days_per_month: int | None = None
    half_days_per_year: int | None = None
    load_before_half_days: int = 0
    card_number: str = Field(default="", max_length=CODE_LENGTH)
    phone: str = Field(default="", max_length=CODE_LENGTH)
    ended_on: date | None = None
    synthetic: bool = False


class Employment(SQLModel, table=True):
    """Where somebody works or worked: a unit of the register, or an employer by name in a banner."""

    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", index=True)
    inspectee_id: int | None = Field(default=None, foreign_key="inspectee.id", index=True)
    region_id: int | None = Field(default=None, foreign_key="region.id", index=True)
    employer: str = Field(max_length=NAME_LENGTH)
    first_on: date
    last_on: date | None = None


class Appointment(SQLModel, table=True):
    """A term of office of an inspector; days outside every appointment do not count."""

    __table_args__ = (in_order(), sa.CheckConstraint("number >= 1", name="number"))

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", index=True)
    first_on: date
    last_on: date | None = None
    number: int = 1


class Training(SQLModel, table=True):
    """A training attended; the first one that is an entry training opens the inspector's duty."""

    __table_args__ = (in_order(), not_negative("hours"))

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", index=True)
    title: str = Field(max_length=NAME_LENGTH)
    first_on: date
    last_on: date
    hours: int
    entry: bool = False


class AbsenceKind(StrEnum):
    """Why somebody is away."""

    LEAVE = "leave"
    SICK = "sick"
    TRAINING = "training"
    OTHER_DUTY = "other_duty"


class Absence(SQLModel, table=True):
    """Days on which somebody is away, both inclusive."""

    __table_args__ = (in_order(),)

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", index=True)
    first_on: date
    last_on: date
    kind: AbsenceKind = Field(default=AbsenceKind.LEAVE, sa_type=word_type(AbsenceKind))
    note: str = ""


class Recusal(SQLModel, table=True):
    """An inspector who must not inspect a unit, or whatever unit a named person heads (条例 art. 10)."""

    __table_args__ = (
        in_order(),
        sa.CheckConstraint("inspectee_id IS NOT NULL OR person_name IS NOT NULL", name="subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", index=True)
    inspectee_id: int | None = Field(default=None, foreign_key="inspectee.id", index=True)
    person_name: str | None = Field(default=None, max_length=NAME_LENGTH)
    reason: str
    first_on: date
    last_on: date | None = None
