"""From a plan's request to the planning problem of the contract: people, units, cars, history, baseline, visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from sqlmodel import Session

from app.assignments.reader import AssignmentRecord
from app.assignments.visibility import is_secret_to
from app.calendars.half_days import HALVES_PER_DAY
from app.calendars.working_days import days_of
from app.core.rows import id_of
from app.models import Inspectee, InspecteeKind, Plan, PlanPhase
from app.planning.calendar import burden_limits, cars_on
from app.planning.expansion import DemandRequest, Expansion, OnPhase, expand, silent
from app.planning.names import inspectee_name, inspector_name
from app.planning.nights import NightPrices
from app.planning.people import Exclusions, as_inspector
from app.planning.register import People
from app.planning.required import RequiredVisitRecord, UnplannedRequirement
from app.planning.values import solver_half
from solver.demand import RequiredVisit
from solver.demand.context import disjoint
from solver.demand.teams import cars_of, host_of, pool_tag
from solver.problem import (
    MAX_HALF_DAYS,
    BaselineAssignment,
    DateRange,
    GreatCircle,
    PastVisit,
    Period,
    Pin,
    Place,
    Problem,
    Resource,
    Separation,
    Visit,
    Weights,
)
from solver.problem import (
    Inspectee as SolverInspectee,
)
from solver.problem import (
    Inspector as SolverInspector,
)


@dataclass(frozen=True, slots=True)
class PlanningProblem:
    """The problem of a plan, and the visits and duties that the rules ask."""

    problem: Problem
    visits: tuple[RequiredVisitRecord, ...]
    unplanned: tuple[UnplannedRequirement, ...]


def to_problem(session: Session, plan: Plan, on_phase: OnPhase = silent) -> PlanningProblem:
    """The problem of a plan: its offices' visits on its days, everything else in force as history.

    The number of queries does not depend on how many units, people or visits there are.
    """
    request = DemandRequest(
        frozenset(plan.office_ids), plan.working_on, plan.first_day, plan.last_day, plan.based_on_id
    )
    expansion = expand(session, request, on_phase)
    on_phase(PlanPhase.PREPARING)
    problem = _Building(session, expansion, plan.name).problem()
    return PlanningProblem(problem, tuple(expansion.visits()), tuple(expansion.unplanned()))


@dataclass(slots=True)
class _Places:
    """The points of a problem, each once."""

    known: dict[tuple[float, float], Place] = field(default_factory=dict)

    def at(self, lon: float, lat: float) -> str:
        """The id of the place at a point."""
        place = self.known.setdefault((lon, lat), Place(f"p{len(self.known) + 1}", lon, lat))
        return place.id


class _Building:
    """One problem, part by part."""

    def __init__(self, session: Session, expansion: Expansion, name: str) -> None:
        self._expansion = expansion
        self._register = expansion.register
        self._name = name
        self._span = DateRange(expansion.request.first, expansion.request.last)
        self._places = _Places()
        pools = {tag for visit in expansion.demand.visits for tag in visit.team.pool}
        pools |= {pool_tag(self._register.adcode_of_office(office_id)) for office_id in expansion.request.office_ids}
        offices = [
            office_id
            for adcode, office_id in self._register.office_of_adcode.items()
            if pool_tag(adcode) in pools or office_id in expansion.routine.offices
        ]
        self._people = People.of(session, offices, self._span.first)
        self._units = {inspectee_name(number): unit for number, unit in self._register.units.items()}
        self._nights = NightPrices.of(session, self._register.rules, self._span.first)
        self._limits = burden_limits(self._register, self._span)
        year_begins = date(self._span.first.year, 1, 1)
        self._since = year_begins - timedelta(days=self._register.rules.min_gap_days)

    def problem(self) -> Problem:
        """The problem, checked as it is built."""
        rules = self._register.rules
        inspectors = tuple(self._inspectors())
        inspectees = tuple(self._inspectees())
        resources, blocked = self._resources()
        visits = tuple(self._visits({resource.id for resource in resources}, inspectors))
        history = (*self._history(), *self._past_inspections(), *blocked)
        return Problem(
            name=self._name,
            days=self._expansion.days,
            places=tuple(self._places.known.values()),
            travel=GreatCircle(rules.detour_percent, rules.metres_per_minute),
            transfer_max_minutes=rules.transfer_max_minutes,
            overnight_metres=rules.overnight_metres,
            far_minutes=rules.far_minutes,
            periods=tuple(Period(str(year), date(year, 1, 1), date(year, 12, 31)) for year in self._years()),
            inspectors=inspectors,
            inspectees=inspectees,
            resources=resources,
            visits=visits,
            precedences=self._expansion.demand.precedences,
            pins=tuple(self._pins({inspector.id for inspector in inspectors})),
            baseline=tuple(self._baseline()),
            balance_groups=tuple(self._balance_groups()),
            buffer_days=rules.buffer_days,
            weights=Weights(**rules.weights.model_dump()),
            history=history,
            evening_max_minutes=rules.evening_max_minutes,
            separations=tuple(self._separations(visits, history)),
        )

    def _separations(self, visits: Sequence[Visit], history: Sequence[PastVisit]) -> Iterator[Separation]:
        """The separations of visits that are in the problem or its history; what is secret is in neither."""
        known = {visit.id for visit in visits} | {past.visit for past in history}
        for each in self._expansion.demand.separations:
            if known.issuperset(each.visits):
                yield each

    def _years(self) -> range:
        return range(self._span.first.year, self._span.last.year + 1)

    def _inspectors(self) -> Iterator[SolverInspector]:
        for person in self._people.inspectors:
            base = self._places.at(person.base_lon, person.base_lat)
            inspector = as_inspector(
                self._register, self._people, self._expansion.routine, self._nights, person, base, self._span
            )
            secret = self._secret_days.get(id_of(person), ())
            yield replace(inspector, unavailable=disjoint((*inspector.unavailable, *secret))) if secret else inspector

    def _inspectees(self) -> Iterator[SolverInspectee]:
        """The units that have a visit."""
        for name in dict.fromkeys(visit.inspectee for visit in self._expansion.demand.visits):
            unit = self._units[name]
            closed = self._expansion.closings.of(unit)
            kept = self._expansion.demand.closings.get(name, ())
            yield SolverInspectee(
                id=name,
                place=self._places.at(unit.lon, unit.lat),
                closed=disjoint((*closed, *kept)) if kept else closed,
                max_burden=self._burden(unit),
                min_gap_days=self._register.rules.min_gap_days,
            )

    def _burden(self, unit: Inspectee) -> dict[str, int]:
        """The yearly limit protects schools; a government is no school."""
        if unit.kind is InspecteeKind.GOVERNMENT:
            return {}
        return {str(year): limit for year, limit in self._limits.items()}

    def _resources(self) -> tuple[tuple[Resource, ...], tuple[PastVisit, ...]]:
        """Hosts, and cars of the offices that registered any; days with fewer cars are blocked by the difference."""
        hosts: set[str] = set()
        offices: set[str] = set()
        for visit in self._expansion.demand.visits:
            hosts.update(resource for resource in visit.resources if resource.startswith("host:"))
            offices.add(visit.office)
        resources = [Resource(host, 1) for host in sorted(hosts)]
        blocked: list[PastVisit] = []
        for adcode in sorted(offices):
            office_id = self._register.office_of_adcode[adcode]
            if office_id in self._register.cars:
                most = max(row.number for row in self._register.cars[office_id])
                resources.append(Resource(cars_of(adcode), most))
                blocked.extend(self._missing_cars(adcode, office_id, most))
        return tuple(resources), tuple(blocked)

    def _missing_cars(self, adcode: str, office_id: int, most: int) -> Iterator[PastVisit]:
        """Entries of the history that hold the cars which an office has less on some days than on its best."""
        runs: list[tuple[date, int, int]] = []
        for day in days_of(self._span.first, self._span.last):
            missing = most - cars_on(self._register, office_id, day)
            if not missing:
                continue
            first, length, number = runs[-1] if runs else (day, 0, -1)
            follows = first + timedelta(days=length) == day and number == missing
            if follows and (length + 1) * HALVES_PER_DAY <= MAX_HALF_DAYS:
                runs[-1] = (first, length + 1, number)
            else:
                runs.append((day, 1, missing))
        for first, length, number in runs:
            for k in range(number):
                name = f"no-car-{adcode}-{first.isoformat()}-{k + 1}"
                yield PastVisit(name, "", first, "am", length * HALVES_PER_DAY, (), 0, (cars_of(adcode),))

    def _visits(self, resources: set[str], inspectors: tuple[SolverInspector, ...]) -> Iterator[Visit]:
        exclusions = Exclusions(self._register, self._people)
        tags = {inspector.id: inspector.tags for inspector in inspectors}
        for visit in self._expansion.demand.visits:
            unit = self._units[visit.inspectee]
            excluded = frozenset(map(inspector_name, exclusions.of(unit, *self._reach(visit))))
            yield Visit(
                id=visit.key,
                inspectee=visit.inspectee,
                program=visit.serves[0][0],
                half_days=visit.half_days,
                earliest=visit.earliest,
                latest=visit.latest,
                team=visit.team,
                weight=visit.weight,
                burden=visit.burden,
                excluded=excluded,
                prefers=self._prefers(unit, visit, tags) - excluded,
                resources=tuple(resource for resource in visit.resources if resource in resources),
                buffer_days=visit.buffer_days,
            )

    def _reach(self, visit: RequiredVisit) -> tuple[DateRange, list[int]]:
        """The window that a cause must touch, and the banners whose people are excluded."""
        adcodes = {*visit.excludes_people_of, *([visit.excludes_banner] if visit.excludes_banner else [])}
        banners = [region_id for region_id, region in self._register.regions.items() if region.adcode in adcodes]
        return DateRange(visit.earliest, visit.latest), banners

    def _prefers(self, unit: Inspectee, visit: RequiredVisit, tags: dict[str, frozenset[str]]) -> frozenset[str]:
        """The responsible inspector, where of the pool."""
        if unit.responsible_inspector_id is None:
            return frozenset()
        name = inspector_name(unit.responsible_inspector_id)
        return frozenset({name}) if not tags.get(name, frozenset()).isdisjoint(visit.team.pool) else frozenset()

    def _history(self) -> Iterator[PastVisit]:
        """What is assigned and not planned now; burden and resources follow from what it serves and where."""
        for record in self._expansion.situation.fixed:
            if not self._is_secret(record) and (record.last_on >= self._since or self._is_before(record)):
                yield PastVisit(
                    visit=record.key,
                    inspectee=inspectee_name(record.inspectee_id),
                    day=record.first_on,
                    half=solver_half(record.half),
                    half_days=record.half_days,
                    team=tuple(map(inspector_name, record.team)),
                    burden=self._burden_of(record),
                    resources=tuple(self._resources_of(record)),
                )

    def _is_secret(self, record: AssignmentRecord) -> bool:
        return is_secret_to(self._expansion.request.office_ids, record, self._expansion.request.working_on)

    @cached_property
    def _secret_days(self) -> dict[int, list[DateRange]]:
        """The days on which other offices' unannounced visits take people: absences without a reason."""
        days: dict[int, list[DateRange]] = defaultdict(list)
        for record in self._expansion.situation.fixed:
            if self._is_secret(record):
                for member in record.team:
                    days[member].append(DateRange(record.first_on, record.last_on))
        return days

    def _is_before(self, record: AssignmentRecord) -> bool:
        """Whether a visit that is planned waits for this one."""
        return any(record.key == precedence.before for precedence in self._expansion.demand.precedences)

    def _burden_of(self, record: AssignmentRecord) -> int:
        return 1 if self._register.is_comprehensive(record.serves) else 0

    def _resources_of(self, record: AssignmentRecord) -> Iterator[str]:
        yield cars_of(self._register.adcode_of_office(record.office_id))
        for region_id, government in self._register.governments.items():
            if government.id == record.inspectee_id:
                yield host_of(self._register.regions[region_id].adcode)

    def _past_inspections(self) -> Iterator[PastVisit]:
        """Inspections outside this service in the years that are planned, for the yearly limit and the gap."""
        held = {(record.inspectee_id, record.first_on) for record in self._expansion.situation.fixed}
        for name, unit in self._units.items():
            for row in self._register.past_inspections.get(id_of(unit), ()):
                if row.first_on >= self._since and row.comprehensive and (row.inspectee_id, row.first_on) not in held:
                    half_days = min(row.half_days, MAX_HALF_DAYS)
                    yield PastVisit(f"past-{row.id}", name, row.first_on, "am", half_days, (), 1)

    def _baseline(self) -> Iterator[BaselineAssignment]:
        for record in self._expansion.situation.baseline:
            yield BaselineAssignment(
                visit=record.key,
                day=record.first_on,
                half=solver_half(record.half),
                team=tuple(map(inspector_name, record.team)),
                leader=inspector_name(record.leader_id) if record.leader_id is not None else None,
            )

    def _pins(self, people: set[str]) -> Iterator[Pin]:
        """What is locked in the plan that is re-planned, with its team unless one of them is no longer to be had."""
        asked = {visit.key for visit in self._expansion.demand.visits}
        for record in self._expansion.situation.baseline if self._expansion.request.based_on_id is not None else ():
            if record.locked and record.key in asked:
                team = tuple(map(inspector_name, record.team))
                is_whole = people.issuperset(team)
                leader = inspector_name(record.leader_id) if record.leader_id is not None and is_whole else None
                yield Pin(record.key, record.first_on, solver_half(record.half), team if is_whole else None, leader)

    def _balance_groups(self) -> Iterator[str]:
        for office_id in sorted(self._expansion.request.office_ids):
            yield pool_tag(self._register.adcode_of_office(office_id))
