"""All rows that planning reads, each table at once, indexed; nothing is decided here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from app.accounts.settings import RuleSettings, load_rules
from app.core.rows import chunks, id_of
from app.models import (
    Absence,
    Appointment,
    Area,
    AreaInspector,
    BurdenRule,
    CalendarDay,
    ClosedDays,
    Closure,
    Employment,
    ExternalStage,
    Inspectee,
    InspecteeKind,
    Inspector,
    MonitoringSample,
    Office,
    OfficeCars,
    OfficeDuty,
    PastInspection,
    Programme,
    Recusal,
    Region,
    RegionLevel,
    Round,
    SchoolTerm,
    TargetStatus,
    Topic,
    Training,
    ValidationTarget,
    VisitOutcome,
)
from app.programmes.schemas import PhaseName

RowT = TypeVar("RowT", bound=SQLModel)
KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True)
class Register:
    """The rows of a city or region and its rules; people are read only when they are asked for."""

    session: Session
    rules: RuleSettings
    regions: Mapping[int, Region]
    offices: Mapping[int, Office]
    office_ids: frozenset[int]
    inspectees: Sequence[Inspectee]
    governments: Mapping[int, Inspectee]

    @classmethod
    def of(cls, session: Session, office_ids: Iterable[int]) -> Register:
        """The register of these offices: the units that they own, and the governments of all banners."""
        wanted = frozenset(office_ids)
        governments = session.exec(
            select(Inspectee).where(Inspectee.kind == InspecteeKind.GOVERNMENT).order_by(col(Inspectee.id))
        ).all()
        owned = session.exec(
            select(Inspectee).where(col(Inspectee.owner_office_id).in_(wanted)).order_by(col(Inspectee.id))
        ).all()
        return cls(
            session=session,
            rules=load_rules(session),
            regions={id_of(region): region for region in session.exec(select(Region)).all()},
            offices={id_of(office): office for office in session.exec(select(Office)).all()},
            office_ids=wanted,
            inspectees=owned,
            governments={row.region_id: row for row in governments if row.closed_on is None},
        )

    def adcode_of_office(self, office_id: int) -> str:
        """The administrative code of an office's region."""
        return self.regions[self.offices[office_id].region_id].adcode

    def city_of(self, region_id: int) -> Region:
        """The city that a banner lies in; a city is its own."""
        region = self.regions[region_id]
        if region.level is RegionLevel.BANNER and region.parent_id is not None:
            return self.regions[region.parent_id]
        return region

    @cached_property
    def banners(self) -> Mapping[str, tuple[str, ...]]:
        """The administrative codes of each city's banners that have an office."""
        with_office = {office.region_id for office in self.offices.values()}
        banners: dict[str, list[str]] = defaultdict(list)
        for region_id, region in self.regions.items():
            if region.level is RegionLevel.BANNER and region_id in with_office:
                banners[self.city_of(region_id).adcode].append(region.adcode)
        return {city: tuple(sorted(codes)) for city, codes in banners.items()}

    @cached_property
    def office_of_adcode(self) -> Mapping[str, int]:
        """The office of each administrative code."""
        return {self.regions[office.region_id].adcode: office_id for office_id, office in self.offices.items()}

    @cached_property
    def programmes(self) -> Sequence[Programme]:
        """Every version of every programme."""
        return self.session.exec(select(Programme).order_by(col(Programme.code), col(Programme.version))).all()

    @cached_property
    def comprehensive_codes(self) -> frozenset[str]:
        """The codes of the programmes whose visits count as comprehensive inspections."""
        return frozenset(row.code for row in self.programmes if row.comprehensive)

    def is_comprehensive(self, serves: Iterable[tuple[str, str]]) -> bool:
        """Whether a visit that serves these is a comprehensive inspection; a recheck of one is none."""
        return any(code in self.comprehensive_codes and phase != PhaseName.RECHECK for code, phase in serves)

    @cached_property
    def topics(self) -> Sequence[Topic]:
        """The topics of the offices."""
        statement = select(Topic).where(col(Topic.office_id).in_(self.office_ids))
        return self.session.exec(statement.order_by(col(Topic.id))).all()

    @cached_property
    def subjects(self) -> Mapping[str, str]:
        """The titles of all offices' topics but the unannounced ones, by topic."""
        rows = self.session.exec(select(Topic.id, Topic.title).where(~col(Topic.unannounced))).all()
        return {str(number): title.strip() for number, title in rows}

    @cached_property
    def units(self) -> Mapping[int, Inspectee]:
        """The units that the offices own, and those of other offices that their topics visit."""
        owned = {id_of(unit): unit for unit in self.inspectees}
        guests = sorted({number for topic in self.topics for number in topic.inspectee_ids} - owned.keys())
        for some in chunks(guests):
            for unit in self.session.exec(select(Inspectee).where(col(Inspectee.id).in_(some))):
                owned[id_of(unit)] = unit
        return owned

    @cached_property
    def outcomes(self) -> Sequence[VisitOutcome]:
        """What came of the offices' visits."""
        statement = select(VisitOutcome).where(col(VisitOutcome.office_id).in_(self.office_ids))
        return self.session.exec(statement.order_by(col(VisitOutcome.id))).all()

    @cached_property
    def monitoring_samples(self) -> Sequence[MonitoringSample]:
        """Every monitoring sample."""
        return self.session.exec(select(MonitoringSample).order_by(col(MonitoringSample.first_on))).all()

    @cached_property
    def rounds(self) -> Sequence[Round]:
        """Every round."""
        return self.session.exec(select(Round).order_by(col(Round.id))).all()

    @cached_property
    def targets(self) -> Sequence[ValidationTarget]:
        """The targets that are still to be met."""
        statement = select(ValidationTarget).where(ValidationTarget.status == TargetStatus.PLANNED)
        return self.session.exec(statement.order_by(col(ValidationTarget.id))).all()

    @cached_property
    def stages(self) -> Sequence[ExternalStage]:
        """The external stages of targets that were not withdrawn."""
        statement = (
            select(ExternalStage)
            .join(ValidationTarget, col(ValidationTarget.id) == col(ExternalStage.target_id))
            .where(ValidationTarget.status != TargetStatus.WITHDRAWN)
        )
        return self.session.exec(statement.order_by(col(ExternalStage.first_on))).all()

    @cached_property
    def banner_of_target(self) -> Mapping[int, int]:
        """The banner of every target."""
        rows = self.session.exec(select(ValidationTarget.id, ValidationTarget.region_id)).all()
        return {target_id: region_id for target_id, region_id in rows if target_id is not None}

    @cached_property
    def burden_rules(self) -> Sequence[BurdenRule]:
        """Every burden rule."""
        return self.session.exec(select(BurdenRule).order_by(col(BurdenRule.first_on))).all()

    @cached_property
    def calendar_days(self) -> Mapping[date, CalendarDay]:
        """Every day that is not what its weekday says."""
        return {row.day: row for row in self.session.exec(select(CalendarDay)).all()}

    @cached_property
    def terms(self) -> Sequence[SchoolTerm]:
        """Every school term."""
        return self.session.exec(select(SchoolTerm).order_by(col(SchoolTerm.first_on))).all()

    @cached_property
    def closed_days(self) -> Sequence[ClosedDays]:
        """Exam and other closed days."""
        return self.session.exec(select(ClosedDays)).all()

    @cached_property
    def closures(self) -> Mapping[int, list[Closure]]:
        """Own closures by unit."""
        return grouped(self.session.exec(select(Closure)).all(), lambda row: row.inspectee_id)

    @cached_property
    def past_inspections(self) -> Mapping[int, list[PastInspection]]:
        """Inspections outside this service by unit, first ones first."""
        rows = self.session.exec(select(PastInspection).order_by(col(PastInspection.first_on))).all()
        return grouped(rows, lambda row: row.inspectee_id)

    @cached_property
    def cars(self) -> Mapping[int, list[OfficeCars]]:
        """Cars by office, first ones first."""
        rows = self.session.exec(select(OfficeCars).order_by(col(OfficeCars.first_on))).all()
        return grouped(rows, lambda row: row.office_id)

    @cached_property
    def area_people(self) -> Mapping[int, list[Inspector]]:
        """The inspectors of every responsibility area who have not left."""
        rows = self.session.exec(
            select(AreaInspector.area_id, Inspector)
            .join(Inspector, col(Inspector.id) == col(AreaInspector.inspector_id))
            .where(col(Inspector.ended_on).is_(None))
            .order_by(col(AreaInspector.area_id), col(Inspector.id))
        ).all()
        found: dict[int, list[Inspector]] = defaultdict(list)
        for area_id, person in rows:
            if person.kind.is_inspector:
                found[area_id].append(person)
        return found

    @cached_property
    def region_of_area(self) -> Mapping[int, int]:
        """The region of every responsibility area."""
        rows = self.session.exec(select(Area.id, Area.region_id)).all()
        return {area_id: region_id for area_id, region_id in rows if area_id is not None}

    @cached_property
    def people_of_office(self) -> Mapping[int, list[Inspector]]:
        """The inspectors of each of the offices who have not left."""
        rows = self.session.exec(
            select(Inspector)
            .where(col(Inspector.office_id).in_(self.office_ids), col(Inspector.ended_on).is_(None))
            .order_by(col(Inspector.id))
        ).all()
        return grouped((row for row in rows if row.kind.is_inspector), lambda row: row.office_id)

    @cached_property
    def unit_regions(self) -> Mapping[int, int]:
        """The region of every unit of the register, also of those that others own."""
        rows = self.session.exec(select(Inspectee.id, Inspectee.region_id)).all()
        return {unit_id: region_id for unit_id, region_id in rows if unit_id is not None}


@dataclass(frozen=True, slots=True)
class People:
    """The people of some offices with what decides on which days and where they count."""

    inspectors: Sequence[Inspector]
    appointments: Mapping[int, list[Appointment]]
    trainings: Mapping[int, list[Training]]
    absences: Mapping[int, list[Absence]]
    employments: Mapping[int, list[Employment]]
    recusals: Mapping[int, list[Recusal]]
    duties: Mapping[int, list[OfficeDuty]]

    @classmethod
    def of(cls, session: Session, office_ids: Iterable[int], since: date) -> People:
        """The people of these offices who have not ended before a day: seven queries."""
        ended_on = col(Inspector.ended_on)
        inspectors = session.exec(
            select(Inspector)
            .where(col(Inspector.office_id).in_(set(office_ids)), ended_on.is_(None) | (ended_on >= since))
            .order_by(col(Inspector.id))
        ).all()
        ids = {inspector.id for inspector in inspectors}

        def of_them(kind: type[RowT], key: Callable[[RowT], int]) -> Mapping[int, list[RowT]]:
            rows = session.exec(select(kind)).all()
            return grouped((row for row in rows if key(row) in ids), key)

        return cls(
            inspectors=inspectors,
            appointments=of_them(Appointment, lambda row: row.inspector_id),
            trainings=of_them(Training, lambda row: row.inspector_id),
            absences=of_them(Absence, lambda row: row.inspector_id),
            employments=of_them(Employment, lambda row: row.inspector_id),
            recusals=of_them(Recusal, lambda row: row.inspector_id),
            duties=grouped(session.exec(select(OfficeDuty)).all(), lambda row: row.office_id),
        )


def grouped(rows: Iterable[RowT], key: Callable[[RowT], KeyT]) -> dict[KeyT, list[RowT]]:
    """The rows by key, in their order."""
    found: dict[KeyT, list[RowT]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
