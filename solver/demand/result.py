"""Required visits with their order, and the requirements without a visit, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from solver.demand.inputs import Serves
from solver.problem import DateRange, Precedence, Separation, TeamNeed

Detail = str | int | date


class UnplannedReason(StrEnum):
    """Why a requirement has no visit in what is planned.

    ``closed``: the inspectee closes before it could be visited. ``done``: fulfilled already. ``missed``: the phase can
    no longer be held before the stage after it. ``no_day``: the inspectee is open on no day of the time that the rule
    sets. ``not_yet_due``: due after the last day that is planned. ``opens_too_late``: the inspectee opens too late for
    this round and is the next one's. ``not_needed``: the visit that a recheck was reserved for had no findings.
    """

    CLOSED = "closed"
    DONE = "done"
    MISSED = "missed"
    NO_DAY = "no_day"
    NOT_YET_DUE = "not_yet_due"
    OPENS_TOO_LATE = "opens_too_late"
    NOT_NEEDED = "not_needed"


class AloneReason(StrEnum):
    """Why a government's evaluation shares no stay with a launch or review of its banner.

    ``no_phase``: none lies in the round. ``no_window``: their days have none in common that is long enough.
    ``too_long``: both together last longer than the longest visit.
    """

    NO_PHASE = "no_phase"
    NO_WINDOW = "no_window"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class RequiredVisit:
    """A visit that the rules demand; ``earliest`` bounds its first day, ``latest`` its last.

    ``late`` visits come after the time that the rules set, which is ``due_on``; ``excludes_banner`` is the banner whose
    people may not be in the team, ``excludes_people_of`` are other such banners; ``alone_because`` says why a
    government's evaluation shares no stay. An ``unannounced`` visit waits for no notice. ``buffer_days`` replaces the
    problem's.
    """

    key: str
    inspectee: str
    office: str
    half_days: int
    earliest: date
    latest: date
    team: TeamNeed
    weight: int
    burden: int
    serves: Serves
    resources: tuple[str, ...]
    late: bool = False
    due_on: date | None = None
    excludes_banner: str | None = None
    excludes_people_of: tuple[str, ...] = ()
    alone_because: AloneReason | None = None
    unannounced: bool = False
    buffer_days: int | None = None


@dataclass(frozen=True, slots=True)
class UnplannedRequirement:
    """A requirement without a visit; ``due_on`` is the date that it should have, or should have had."""

    inspectee: str
    programme: str
    phase: str
    reason: UnplannedReason
    due_on: date | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """All required visits and requirements of some days.

    ``closings`` are days on which an inspectee is to be taken as closed: the rest of the notice period of a visit that
    may keep its day in it, so that it stays or moves beyond the notice, never elsewhere inside.
    """

    visits: tuple[RequiredVisit, ...]
    precedences: tuple[Precedence, ...]
    unplanned: tuple[UnplannedRequirement, ...]
    closings: Mapping[str, tuple[DateRange, ...]] = field(default_factory=dict)
    separations: tuple[Separation, ...] = ()
