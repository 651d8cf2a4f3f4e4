"""What the first page shows to everybody: counts, rounds, targets, versions in force. Nobody's name, no draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.assignments.queries import visited_in_round
from app.calendars.queries import all_years
from app.calendars.words import CALENDAR_STATUSES
from app.core.clock import ZONE, Clock, DateSource
from app.core.rows import id_of
from app.inspectees.queries import number_of_synthetic_inspectees, schools_by_kind
from app.inspectees.words import INSPECTEE_KINDS
from app.inspectors.queries import number_of_synthetic_people, people_by_kind
from app.inspectors.words import PERSON_KINDS
from app.models import CalendarStatus, Round
from app.programmes.queries import number_in_round, programmes_in_force, rounds_not_ended, targets_with_banners
from app.programmes.words import RECOGNITIONS, ROUND_SUBJECTS, TARGET_STATUSES, for_readers
from app.publications.queries import versions_in_force, visits_begun_by
from app.regions.queries import number_of_banners, number_of_offices, place_name


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
    return Overview(
        place=place_name(session),
        today=today,
        today_source=clock.source,
        banners=number_of_banners(session),
        schools=_schools(session, today),
        people=_people(session, today),
        synthetic_units=number_of_synthetic_inspectees(session),
        synthetic_people=number_of_synthetic_people(session),
        rounds=tuple(_round_facts(session, each, today) for each in rounds_not_ended(session, today)),
        targets=_targets(session),
        versions=_versions(session),
        offices=number_of_offices(session, today),
        programmes=tuple(
            ProgrammeFacts(each.name, each.version, for_readers(each.legal_basis))
            for each in programmes_in_force(session, today)
        ),
        years=tuple(
            YearFacts(each.year, CALENDAR_STATUSES[each.status], each.status is CalendarStatus.OFFICIAL)
            for each in all_years(session)
        ),
    )


def _schools(session: Session, today: date) -> tuple[SchoolCount, ...]:
    numbers = schools_by_kind(session, today)
    rows = (
        SchoolCount(word, numbers.get((kind, True), 0), numbers.get((kind, False), 0))
        for kind, word in INSPECTEE_KINDS.items()
    )
    return tuple(row for row in rows if row.open or row.opening)


def _people(session: Session, today: date) -> tuple[PeopleCount, ...]:
    numbers = people_by_kind(session, today)
    return tuple(
        PeopleCount(word, numbers[kind], kind.is_inspector) for kind, word in PERSON_KINDS.items() if kind in numbers
    )


def _round_facts(session: Session, each: Round, today: date) -> RoundFacts:
    planned, done = visited_in_round(session, each, today)
    return RoundFacts(
        name=each.name,
        subject=ROUND_SUBJECTS[each.subject],
        first_on=each.first_on,
        last_on=each.last_on,
        source=each.source,
        units=number_in_round(session, each),
        planned=planned,
        done=done,
    )


def _targets(session: Session) -> tuple[TargetFacts, ...]:
    return tuple(
        TargetFacts(
            banner=banner,
            recognition=RECOGNITIONS[target.recognition],
            target_year=target.target_year,
            actual_year=target.actual_year,
            status=TARGET_STATUSES[target.status],
            source=target.source,
            synthetic=target.synthetic,
        )
        for target, banner in targets_with_banners(session)
    )


def _versions(session: Session) -> tuple[VersionFacts, ...]:
    rows = versions_in_force(session)
    visits = visits_begun_by(session, [id_of(version) for version, _ in rows])
    return tuple(
        VersionFacts(
            office=office,
            number=version.number,
            until=version.until,
            published_on=version.published_at.astimezone(ZONE).date(),
            visits=visits.get(id_of(version), 0),
        )
        for version, office in rows
    )
