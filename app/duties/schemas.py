"""What is asked and answered of an inspector's own assignments: shapes only."""

from __future__ import annotations

from datetime import date, datetime

from app.assignments.schemas import AssignmentOut
from app.core.fields import Day, Output
from app.core.paging import PageQuery


class DutyQuery(PageQuery):
    """Which assignments of one person; a date range keeps those with a day in it."""

    first_day: Day | None = None
    last_day: Day | None = None


class DriveOut(Output):
    """The drive to a visit, one way from the base of the inspector."""

    base: str
    metres: int
    minutes: int


class BasisOut(Output):
    """Why a visit is made: the programme and its legal basis as it is in force on the day of the visit."""

    programme: str
    phase: str
    title: str
    legal_basis: str


class DocumentsOut(Output):
    """The papers of a visit: by which day its notice is due, by the longest notice of its programmes, and its basis."""

    notice_due_on: date
    basis: list[BasisOut]


class DutyOut(AssignmentOut):
    """An assignment in force as one of its team needs it: where, when by the clock, how far, on which basis.

    It is due between ``due_first_on`` and ``due_last_on``; the day of a ``movable`` one is a proposal, which its
    inspector may move within these days.
    """

    due_first_on: date
    due_last_on: date
    movable: bool
    region: str
    township: str
    lon: float
    lat: float
    begins_at: datetime
    ends_at: datetime
    drive: DriveOut
    documents: DocumentsOut


class FeedOut(Output):
    """The own calendar feed: that it is open, and since when its address is valid."""

    created_at: datetime


class OpenedFeedOut(FeedOut):
    """A feed that was just opened: its address, shown this once."""

    path: str
