"""What the first page shows to everybody: counts, rounds, targets, versions in force. Nobody's name, no draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.assignments.in_force import is_in_force, is_newest_version
from app.core.clock import ZONE, Clock, DateSource
from app.inspectees.words import INSPECTEE_KINDS
from app.models import (
    Assignment,
    CalendarStatus,
    CalendarYear,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    Programme,
    ProgrammeRule,
    PublishedVersion,
    Region,
    RegionLevel,
    Round,
    RoundSubject,
    ServedProgramme,
    ValidationTarget,
)
from app.programmes.schemas import PhaseName
from app.web import words

RULE_OF_SUBJECT = {
    RoundSubject.SCHOOLS: ProgrammeRule.ROUND,
    RoundSubject.GOVERNMENTS: ProgrammeRule.GOVERNMENT,
}
"""By which rule's visits the units of a round are covered."""


@dataclass(frozen=True, slots=True)
class SchoolCount:
    """Schools of one kind: open on the working date, and opening after it."""

    kind: str
    open: int
    opening: int


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """People of one kind; ``counts`` tells whether they count toward the three inspectors of a team."""

    kind: str
    number: int
    counts: bool


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round and how many of its units the calendar in force visits, and has visited before the working date."""

    name: str
    subject: str
    first_on: date
    last_on: date
    source: str
    units: int
    planned: int
    done: int

    @property
    def planned_percent(self) -> int:
        """Planned units of a hundred, rounded down, so that only a whole round shows 100."""
        return self.planned * 100 // self.units if self.units else 0

    @property
    def done_percent(self) -> int:
        """Visited units of a hundred, rounded down."""
        return self.done * 100 // self.units if self.units else 0


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """A validation target of a banner."""

    banner: str
    recognition: str
    target_year: int
    actual_year: int | None
    status: str
    source: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """The version that an office has in force, and the visits of it up to its last day."""

    office: str
    number: int
    until: date
    published_on: date
    visits: int


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A programme in force on the working date."""

    name: str
    version: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A calendar year and whether its holidays stand in an official notice."""

    year: int
    status: str
    official: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the first page shows."""

    place: str
    today: date
    today_source: DateSource
    banners: int
    schools: tuple[SchoolCount, ...]
    people: tuple[PeopleCount, ...]
    synthetic_units: int
    synthetic_people: int
    rounds: tuple[RoundFacts, ...]
    targets: tuple[TargetFacts, ...]
    versions: tuple[VersionFacts, ...]
    offices: int
    programmes: tuple[ProgrammeFacts, ...]
    years: tuple[YearFacts, ...]

    @property
    def open_schools(self) -> int:
        """Schools of every kind that are open on the working date."""
        return sum(count.open for count in self.schools)

    @property
    def opening_schools(self) -> int:
        """Schools that open after the working date."""
        return sum(count.opening for count in self.schools)

    @property
    def inspectors(self) -> int:
        """People who count toward the three inspectors of a team."""
        return sum(count.number for count in self.people if count.counts)


def read_overview(session: Session, clock: Clock) -> Overview:
    """Read the first page's facts: some ten queries, and two for each round."""
    today = clock.today()
    levels = sa.select(col(Region.level), sa.func.count()).group_by(col(Region.level))
    number_by_level = dict(session.execute(levels).all())
    synthetic_units, synthetic_people = session.execute(
        sa.select(
            sa.select(sa.func.count()).where(col(Inspectee.synthetic)).scalar_subquery(),
            sa.select(sa.func.count()).where(col(Inspector.synthetic)).scalar_subquery(),
        )
    ).one()
    return Overview(
        place=_place(session),
        today=today,
        today_source=clock.source,
        banners=number_by_level.get(RegionLevel.BANNER, 0),
        schools=_schools(session, today),
        people=_people(session, today),
        synthetic_units=synthetic_units,
        synthetic_people=synthetic_people,
        rounds=_rounds(session, today),
        targets=_targets(session),
        versions=_versions(session),
        offices=session.scalar(sa.select(sa.func.count()).where(_goes_on(Office.ended_on, today))) or 0,
        programmes=_programmes(session, today),
        years=_years(session),
    )


def _goes_on(ended_on: date | None, today: date) -> sa.ColumnElement[bool]:
    """The condition that a thing has not ended before the working date."""
    return sa.or_(col(ended_on).is_(None), col(ended_on) > today)


def _place(session: Session) -> str:
    names = select(Region.name).where(Region.level == RegionLevel.CITY).order_by(Region.adcode)
    return "、".join(session.exec(names))


def _schools(session: Session, today: date) -> tuple[SchoolCount, ...]:
    opened = sa.or_(col(Inspectee.opened_on).is_(None), col(Inspectee.opened_on) <= today)
    counts = (
        sa.select(col(Inspectee.kind), opened.label("opened"), sa.func.count())
        .where(_goes_on(Inspectee.closed_on, today), col(Inspectee.kind) != InspecteeKind.GOVERNMENT)
        .group_by(col(Inspectee.kind), opened)
    )
    numbers = {(kind, bool(is_open)): number for kind, is_open, number in session.execute(counts)}
    rows = (
        SchoolCount(word, numbers.get((kind, True), 0), numbers.get((kind, False), 0))
        for kind, word in INSPECTEE_KINDS.items()
    )
    return tuple(row for row in rows if row.open or row.opening)


def _people(session: Session, today: date) -> tuple[PeopleCount, ...]:
    counts = (
        sa.select(col(Inspector.kind), sa.func.count())
        .where(_goes_on(Inspector.ended_on, today))
        .group_by(col(Inspector.kind))
    )
    numbers = dict(session.execute(counts).all())
    return tuple(
        PeopleCount(word, numbers[kind], kind.is_inspector)
        for kind, word in words.PERSON_KINDS.items()
        if kind in numbers
    )


def _rounds(session: Session, today: date) -> tuple[RoundFacts, ...]:
    rounds = session.exec(
        select(Round).where(_goes_on(Round.ended_on, today)).order_by(col(Round.first_on), col(Round.id))
    )
    return tuple(_round_facts(session, each, today) for each in rounds)


def _round_facts(session: Session, each: Round, today: date) -> RoundFacts:
    of_governments = each.subject is RoundSubject.GOVERNMENTS
    units = [
        (col(Inspectee.kind) == InspecteeKind.GOVERNMENT) == sa.literal(of_governments),
        sa.or_(col(Inspectee.opened_on).is_(None), col(Inspectee.opened_on) <= each.last_on),
        sa.or_(col(Inspectee.closed_on).is_(None), col(Inspectee.closed_on) > each.last_on),
    ]
    codes = sa.select(col(Programme.code)).where(col(Programme.rule) == RULE_OF_SUBJECT[each.subject])
    visited = (
        sa.select(
            sa.func.count(col(Assignment.inspectee_id).distinct()),
            sa.func.count(sa.case((col(Assignment.last_on) < today, col(Assignment.inspectee_id))).distinct()),
        )
        .join(Inspectee, col(Inspectee.id) == col(Assignment.inspectee_id))
        .join(ServedProgramme, col(ServedProgramme.visit_id) == col(Assignment.visit_id))
        .where(
            is_in_force(),
            col(ServedProgramme.programme_code).in_(codes),
            col(ServedProgramme.phase) != PhaseName.RECHECK,
            col(Assignment.first_on).between(each.first_on, each.last_on),
            *units,
        )
    )
    planned, done = session.execute(visited).one()
    return RoundFacts(
        name=each.name,
        subject=words.ROUND_SUBJECTS[each.subject],
        first_on=each.first_on,
        last_on=each.last_on,
        source=each.source,
        units=session.scalar(sa.select(sa.func.count()).select_from(Inspectee).where(*units)) or 0,
        planned=planned,
        done=done,
    )


def _targets(session: Session) -> tuple[TargetFacts, ...]:
    rows = session.exec(
        select(ValidationTarget, Region.name)
        .join(Region, col(Region.id) == ValidationTarget.region_id)
        .order_by(col(ValidationTarget.target_year), col(ValidationTarget.recognition), col(Region.adcode))
    )
    return tuple(
        TargetFacts(
            banner=banner,
            recognition=words.RECOGNITIONS[target.recognition],
            target_year=target.target_year,
            actual_year=target.actual_year,
            status=words.TARGET_STATUSES[target.status],
            source=target.source,
            synthetic=target.synthetic,
        )
        for target, banner in rows
    )


def _versions(session: Session) -> tuple[VersionFacts, ...]:
    visits = (
        sa.select(col(Assignment.office_id), sa.func.count()).where(is_in_force()).group_by(col(Assignment.office_id))
    )
    number_by_office = dict(session.execute(visits).all())
    rows = session.exec(
        select(PublishedVersion, Office.name)
        .join(Office, col(Office.id) == col(PublishedVersion.office_id))
        .join(Region, col(Region.id) == col(Office.region_id))
        .where(is_newest_version())
        .order_by(col(Region.adcode))
    )
    return tuple(
        VersionFacts(
            office=office,
            number=version.number,
            until=version.until,
            published_on=version.published_at.astimezone(ZONE).date(),
            visits=number_by_office.get(version.office_id, 0),
        )
        for version, office in rows
    )


def _programmes(session: Session, today: date) -> tuple[ProgrammeFacts, ...]:
    in_force = (
        select(Programme)
        .where(
            Programme.in_force_from <= today,
            sa.or_(col(Programme.in_force_to).is_(None), col(Programme.in_force_to) >= today),
        )
        .order_by(col(Programme.version), col(Programme.id))
    )
    newest: dict[str, ProgrammeFacts] = {}
    for programme in session.exec(in_force):
        newest[programme.code] = ProgrammeFacts(programme.name, programme.version, programme.legal_basis)
    return tuple(newest.values())


def _years(session: Session) -> tuple[YearFacts, ...]:
    years = session.exec(select(CalendarYear).order_by(col(CalendarYear.year)))
    return tuple(
        YearFacts(each.year, words.CALENDAR_STATUSES[each.status], each.status is CalendarStatus.OFFICIAL)
        for each in years
    )
