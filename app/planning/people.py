"""People as the planner sees them: on which days they count, what they bear, from which visits they are kept away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from app.accounts.settings import RuleSettings
from app.core.rows import id_of
from app.inspectors.allowance import monthly_half_days
from app.models import Inspectee, Inspector, RegionLevel
from app.planning.areas import RoutinePools
from app.planning.names import inspector_name
from app.planning.nights import NightPrices
from app.planning.register import People, Register
from app.programmes.schemas import CHIEF, INSPECTOR, LEAD
from solver import problem as solver
from solver.demand.context import disjoint, gaps, years_after
from solver.demand.teams import inspector_tag, leader_tag
from solver.problem import DateRange

DAY = timedelta(days=1)
PERCENT = 100


def tags_of(register: Register, person: Inspector) -> frozenset[str]:
    """Pool, kind, skills, rank; only full-, part-time and invited inspectors bear ``inspector`` or a rank."""
    tags = {f"pool:{register.adcode_of_office(person.office_id)}", person.kind.value, *person.skills}
    if person.kind.is_inspector:
        tags.add(INSPECTOR)
        tags.update(_tags_of_city(register, person))
        if person.rank.may_lead:
            tags.add(LEAD)
        if person.rank.is_chief_rank:
            tags.add(CHIEF)
    return frozenset(tags)


def _tags_of_city(register: Register, person: Inspector) -> Iterator[str]:
    """The tags by which a team requires inspectors, and a leader, of the city's own office."""
    region = register.regions[register.offices[person.office_id].region_id]
    if region.level is RegionLevel.CITY:
        yield inspector_tag(region.adcode)
        if person.rank.may_lead:
            yield leader_tag(region.adcode)


def unavailable(people: People, person: Inspector, span: DateRange) -> tuple[DateRange, ...]:
    """Days of the span on which somebody does not count.

    An inspector counts on days inside an appointment, after the entry training; an expert or department member, too,
    where appointments are kept. Nobody counts while absent, in training, on another duty of the office, or after
    having left.
    """
    number = id_of(person)
    away = [DateRange(row.first_on, row.last_on) for row in people.absences.get(number, ())]
    trainings = people.trainings.get(number, ())
    away.extend(DateRange(row.first_on, row.last_on) for row in trainings)
    away.extend(
        DateRange(row.first_on, row.last_on)
        for row in people.duties.get(person.office_id, ())
        if person.rank.is_chief_rank or not row.chiefs_only
    )
    appointments = people.appointments.get(number, ())
    if person.kind.is_inspector or appointments:
        away.extend(gaps((DateRange(row.first_on, row.last_on or date.max - DAY) for row in appointments), span))
    if person.kind.is_inspector:
        trained_on = min((row.last_on for row in trainings if row.entry), default=None)
        away.append(DateRange(span.first, span.last if trained_on is None else trained_on))
    if person.ended_on is not None:
        away.append(DateRange(person.ended_on, span.last))
    return disjoint(DateRange(max(each.first, span.first), min(each.last, span.last)) for each in away)


def heavy_from(rules: RuleSettings, half_days_per_month: int | None) -> int:
    """The half-days above which a month is heavy for somebody: a percentage of the allowance, rounded."""
    return (monthly_half_days(half_days_per_month) * rules.level_percent + PERCENT // 2) // PERCENT


def as_inspector(
    register: Register,
    people: People,
    routine: RoutinePools,
    nights: NightPrices,
    person: Inspector,
    base: str,
    span: DateRange,
) -> solver.Inspector:
    """Somebody as the planner's inspector, based at a place."""
    return solver.Inspector(
        id=inspector_name(id_of(person)),
        base=base,
        tags=tags_of(register, person) | routine.of_person.get(id_of(person), frozenset()),
        share=monthly_half_days(person.half_days_per_month),
        unavailable=unavailable(people, person, span),
        weekdays=frozenset(person.weekdays) if person.weekdays else None,
        half_days_per_month=person.half_days_per_month,
        half_days_per_year=person.half_days_per_year,
        load_before=person.load_before_half_days,
        level=heavy_from(register.rules, person.half_days_per_month),
        overnight_metres=nights.for_kind(person.kind),
    )


Causes = Mapping[int, list[tuple[int, date, date]]]
"""Of each unit, or banner, the people kept away from it, with the days from and to which they are."""


class Exclusions:
    """Who must not take part in which visit: recusals, own and former employers, the banner's own people."""

    def __init__(self, register: Register, people: People) -> None:
        self._register = register
        self._people = people
        self._known = {id_of(person) for person in people.inspectors}

    @cached_property
    def _by_unit(self) -> Causes:
        """Recusals from a unit, and employers that are units of the register."""
        found: dict[int, list[tuple[int, date, date]]] = defaultdict(list)
        for person_id, rows in self._people.recusals.items():
            for row in rows:
                if row.inspectee_id is not None:
                    found[row.inspectee_id].append((person_id, row.first_on, row.last_on or date.max))
        for person_id, jobs in self._people.employments.items():
            for job in jobs:
                if job.inspectee_id is not None:
                    found[job.inspectee_id].append((person_id, job.first_on, self._until(job.last_on)))
        return found

    @cached_property
    def _by_head(self) -> Mapping[str, list[tuple[int, date, date]]]:
        """Recusals from whatever unit a named person heads."""
        found: dict[str, list[tuple[int, date, date]]] = defaultdict(list)
        for person_id, rows in self._people.recusals.items():
            for row in rows:
                if row.person_name is not None:
                    found[row.person_name].append((person_id, row.first_on, row.last_on or date.max))
        return found

    @cached_property
    def _by_employer(self) -> Mapping[str, list[tuple[int, date, date]]]:
        """Employers that are named only."""
        found: dict[str, list[tuple[int, date, date]]] = defaultdict(list)
        for person_id, jobs in self._people.employments.items():
            for job in jobs:
                if job.inspectee_id is None:
                    found[job.employer].append((person_id, job.first_on, self._until(job.last_on)))
        return found

    @cached_property
    def _by_banner(self) -> Causes:
        """The people of a banner's office, and everybody who is employed in the banner."""
        found: dict[int, list[tuple[int, date, date]]] = defaultdict(list)
        for person in self._people.inspectors:
            region_id = self._register.offices[person.office_id].region_id
            found[region_id].append((id_of(person), date.min, date.max))
        for person_id, jobs in self._people.employments.items():
            for job in jobs:
                at = job.region_id
                if job.inspectee_id is not None:
                    at = self._register.unit_regions.get(job.inspectee_id, at)
                if at is not None:
                    found[at].append((person_id, job.first_on, job.last_on or date.max))
        return found

    def _until(self, last_on: date | None) -> date:
        """The last day on which an employer is recused by rule: some years after the employment."""
        return date.max if last_on is None else years_after(last_on, self._register.rules.employer_recusal_years)

    def of(self, unit: Inspectee, window: DateRange, banner_ids: Collection[int]) -> frozenset[int]:
        """The people kept away from a visit whose window is touched; ``banner_ids`` add the people of these banners.

        Who is recused from the parent school, or works there, is so from its teaching points and attached classes.
        """
        causes = [*self._by_unit.get(id_of(unit), ()), *self._by_employer.get(unit.name, ())]
        if unit.head_name:
            causes.extend(self._by_head.get(unit.head_name, ()))
        if unit.parent_id is not None:
            causes.extend(self._by_unit.get(unit.parent_id, ()))
        for banner_id in banner_ids:
            causes.extend(self._by_banner.get(banner_id, ()))
        return frozenset(
            person_id
            for person_id, first, last in causes
            if first <= window.last and last >= window.first and person_id in self._known
        )
