"""Plans with what was asked, what was answered and what was published."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.models.base import CODE_LENGTH, NAME_LENGTH, in_order, word_type


class PlanState(StrEnum):
    """The life of a plan; the last five are final but that a solved plan may be published."""

    QUEUED = "queued"
    SOLVING = "solving"
    SOLVED = "solved"
    PUBLISHED = "published"
    INFEASIBLE = "infeasible"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Half(StrEnum):
    """The two halves of a day."""

    AM = "am"
    PM = "pm"


class Plan(SQLModel, table=True):
    """A request for a calendar, how far it is, and its figures when it is solved.

    ``travel`` in ``score`` is metres; ``working_on`` is the working date on which it was asked and
    ``office_ids`` the offices whose visits it plans. ``failure`` says in words why there is no plan, and ``faults``
    which rules were broken. ``revision`` counts the changes made by hand since it was solved.

    ``executor`` is the lease of the worker that works on it. ``attempts`` counts the workers that have taken it, and
    is the fencing token: who took it under an earlier number may no longer write.
    """

    __table_args__ = (in_order("first_day", "last_day"), sa.CheckConstraint("seconds > 0", name="seconds"))

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_LENGTH)
    region_id: int = Field(foreign_key="region.id", index=True)
    first_day: date
    last_day: date
    seconds: int
    based_on_id: int | None = Field(default=None, foreign_key="plan.id", index=True)
    working_on: date
    office_ids: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    state: PlanState = Field(default=PlanState.QUEUED, sa_type=word_type(PlanState), index=True)
    requested_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    executor: str | None = Field(default=None, max_length=NAME_LENGTH)
    attempts: int = 0
    phase: str = Field(default="", max_length=CODE_LENGTH)
    elapsed_seconds: float = 0.0
    scheduled: int = 0
    visits: int = 0
    total: int | None = Field(default=None, sa_type=sa.BigInteger)
    bound: int | None = Field(default=None, sa_type=sa.BigInteger)
    unscheduled_bound: int | None = None
    score: dict[str, int] | None = Field(default=None, sa_type=sa.JSON)
    figures: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    failure: str = ""
    faults: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class PlanPhase(StrEnum):
    """What is done for a plan at the moment; a plan that waits has none."""

    READING = "reading"
    EXPANDING = "expanding"
    PREPARING = "preparing"
    SOLVING = "solving"
    CHECKING = "checking"
    STORING = "storing"
    DONE = "done"


class DocumentKind(StrEnum):
    """The two contract files of a plan."""

    PROBLEM = "problem"
    SOLUTION = "solution"


class PlanDocument(SQLModel, table=True):
    """A contract file of a plan, gzipped JSON: the problem that was solved, and the answer."""

    __tablename__ = "plan_document"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    kind: DocumentKind = Field(sa_type=word_type(DocumentKind), primary_key=True)
    content: bytes


class PlanWork(SQLModel, table=True):
    """What one worker leaves to the next while a plan is solved; removed when the plan ends.

    ``checkpoint`` is the best plan after ``used_seconds`` of search, ``answer`` the plan that is still to be checked,
    both as contract files. ``crashes`` counts the solver's ends without either.
    """

    __tablename__ = "plan_work"

    plan_id: int = Field(foreign_key="plan.id", primary_key=True)
    used_seconds: float = 0.0
    crashes: int = 0
    checkpoint: bytes | None = None
    answer: bytes | None = None


class PlannedVisit(SQLModel, table=True):
    """A visit that the rules ask of a plan; ``key`` names the same duty in every plan.

    An ``unannounced`` one is known to its team and its office alone until it begins.
    """

    __tablename__ = "planned_visit"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "key"),
        sa.CheckConstraint("half_days > 0", name="half_days"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    key: str = Field(max_length=NAME_LENGTH)
    inspectee_id: int = Field(foreign_key="inspectee.id", index=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    half_days: int
    earliest: date
    latest: date
    late: bool = False
    unannounced: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class ServedProgramme(SQLModel, table=True):
    """A programme that a visit serves, with the phase; one visit may serve several."""

    __tablename__ = "served_programme"
    __table_args__ = (sa.UniqueConstraint("visit_id", "programme_code", "phase"),)

    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="planned_visit.id", index=True)
    programme_code: str = Field(max_length=CODE_LENGTH, index=True)
    phase: str = Field(max_length=CODE_LENGTH)


class Assignment(SQLModel, table=True):
    """A visit with its days, half and leader.

    ``carried_out`` marks what had begun before the plan was requested, and ``locked`` what stays in a re-plan.
    """

    __table_args__ = (in_order(), sa.CheckConstraint("half_days > 0", name="half_days"))

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    visit_id: int = Field(foreign_key="planned_visit.id", unique=True)
    inspectee_id: int = Field(foreign_key="inspectee.id", index=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    first_on: date = Field(index=True)
    last_on: date
    half: Half = Field(sa_type=word_type(Half))
    half_days: int
    leader_id: int | None = Field(default=None, foreign_key="inspector.id", index=True)
    carried_out: bool = False
    locked: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class TeamMember(SQLModel, table=True):
    """A member of the team of an assignment."""

    __tablename__ = "team_member"

    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", primary_key=True, index=True)


class UnscheduledVisit(SQLModel, table=True):
    """A visit left out, with the planner's typed reasons."""

    __tablename__ = "unscheduled_visit"

    visit_id: int = Field(foreign_key="planned_visit.id", primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    reasons: list[dict[str, Any]] = Field(sa_type=sa.JSON)


class UnplannedDuty(SQLModel, table=True):
    """A duty for which no visit was asked, with the reason: missed, left the round, not yet due, …"""

    __tablename__ = "unplanned_duty"

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    inspectee_id: int = Field(foreign_key="inspectee.id", index=True)
    programme_code: str = Field(max_length=CODE_LENGTH, index=True)
    phase: str = Field(max_length=CODE_LENGTH)
    reason: str = Field(max_length=CODE_LENGTH)
    due_on: date | None = None
    details: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class PublishedVersion(SQLModel, table=True):
    """An office's share of a plan put into force up to a day; the highest number of an office is in force."""

    __tablename__ = "published_version"
    __table_args__ = (sa.UniqueConstraint("office_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    number: int
    plan_id: int = Field(foreign_key="plan.id", index=True)
    until: date
    published_at: datetime
    published_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
