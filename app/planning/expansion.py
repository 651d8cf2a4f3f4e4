"""The rules' input from the database: programmes, rounds, targets, units, terms, and what assigned already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session

from app.assignments.reader import AssignmentRecord, Situation, in_force, of_plan, situation
from app.assignments.visibility import is_secret_to
from app.core.rows import id_of
from app.models import (
    ExternalStageKind,
    Inspectee,
    PlanPhase,
    Programme,
    ProgrammeRule,
    RoundSubject,
    Severity,
    ValidationTarget,
)
from app.planning.areas import RoutinePools
from app.planning.calendar import Closings, inspection_days
from app.planning.names import inspectee_name, row_of
from app.planning.register import Register
from app.planning.required import RequiredVisitRecord, UnplannedRequirement
from app.programmes.schemas import INSPECTOR, LEAD, LEAST_INSPECTORS, Phase, PhaseCase, phases_of
from solver import demand as rules
from solver.demand import DemandInput, demand
from solver.problem import DateRange

TERM_SLACK = timedelta(days=366)
"""Closed days are known a year beyond what is planned: a phase due later is looked at too."""


@dataclass(frozen=True, slots=True)
class DemandRequest:
    """Whose required visits are wanted, on which days, and the working date."""

    office_ids: frozenset[int]
    working_on: date
    first: date
    last: date
    based_on_id: int | None = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """The demand, with the register and the assignments from which it follows."""

    request: DemandRequest
    register: Register
    routine: RoutinePools
    days: tuple[date, ...]
    closings: Closings
    situation: Situation
    demand: rules.Demand

    def visits(self) -> Iterator[RequiredVisitRecord]:
        """The required visits as tables hold them."""
        offices = self.register.office_of_adcode
        for visit in self.demand.visits:
            yield RequiredVisitRecord(
                key=visit.key,
                inspectee_id=row_of(visit.inspectee),
                office_id=offices[visit.office],
                half_days=visit.half_days,
                earliest=visit.earliest,
                latest=visit.latest,
                late=visit.late,
                serves=visit.serves,
                unannounced=visit.unannounced,
            )

    def unplanned(self) -> Iterator[UnplannedRequirement]:
        """The requirements without a visit as tables hold them."""
        for each in self.demand.unplanned:
            yield UnplannedRequirement(
                inspectee_id=row_of(each.inspectee),
                programme_code=each.programme,
                phase=each.phase,
                reason=each.reason.value,
                due_on=each.due_on,
                details={
                    key: value.isoformat() if isinstance(value, date) else value for key, value in each.details.items()
                },
            )


OnPhase = Callable[[PlanPhase], None]
"""Hears what is begun."""


def silent(_phase: PlanPhase) -> None:
    """Hears and says nothing."""


def expand(session: Session, request: DemandRequest, on_phase: OnPhase = silent) -> Expansion:
    """Expand the rules for some offices and days; the number of queries does not depend on how much there is."""
    on_phase(PlanPhase.READING)
    register = Register.of(session, request.office_ids)
    since = max(request.first, request.working_on)
    before = of_plan(session, request.based_on_id) if request.based_on_id is not None else None
    assigned = situation(in_force(session), before, request.office_ids, since, request.last)
    on_phase(PlanPhase.EXPANDING)
    routine = RoutinePools.of(register)
    days = inspection_days(register, DateRange(request.first, request.last))
    closings = Closings(register, DateRange(request.first, request.last + TERM_SLACK))
    given = DemandInput(
        working_on=request.working_on,
        first=request.first,
        last=request.last,
        days=days,
        inspectees=tuple(_sites(register, routine, closings, assigned, since)),
        programmes=tuple(_programme(register, row) for row in register.programmes),
        rounds=tuple(_rounds(register)),
        targets=tuple(_targets(register)),
        terms=tuple(
            rules.Term(term.kind.value, term.year, term.season.value, term.first_on, term.last_on)
            for term in register.terms
        ),
        banners=register.banners,
        assignments=tuple(_known_assignments(assigned, request, register)),
        topics=tuple(_topics(register, closings)),
        subjects=register.subjects,
        outcomes=tuple(_outcomes(register)),
        settings=_settings(register),
    )
    return Expansion(request, register, routine, days, closings, assigned, demand(given))


def _sites(
    register: Register, routine: RoutinePools, closings: Closings, assigned: Situation, since: date
) -> Iterator[rules.Inspectee]:
    """The units with their comprehensive inspections: those before this service and those in force before a day."""
    held: dict[int, set[date]] = {}
    for record in assigned.fixed:
        if record.first_on < since and register.is_comprehensive(record.serves):
            held.setdefault(record.inspectee_id, set()).add(record.first_on)
    for unit in register.inspectees:
        past = {row.first_on for row in register.past_inspections.get(id_of(unit), ()) if row.comprehensive}
        inspected_on = sorted(past | held.get(id_of(unit), set()))
        yield _site(register, closings, unit, inspected_on, routine.of_inspectee.get(id_of(unit)))


def _site(
    register: Register, closings: Closings, unit: Inspectee, inspected_on: Sequence[date], routine_pool: str | None
) -> rules.Inspectee:
    region = register.regions[unit.region_id]
    return rules.Inspectee(
        id=inspectee_name(id_of(unit)),
        number=str(unit.id),
        kind=unit.kind.value,
        banner=region.adcode,
        city=register.city_of(unit.region_id).adcode,
        office=register.adcode_of_office(unit.owner_office_id),
        classes=unit.classes,
        opened_on=unit.opened_on,
        closed_on=unit.closed_on,
        closed=closings.of(unit),
        inspected_on=tuple(inspected_on),
        head_term_ends_on=unit.head_term_ends_on,
        routine_pool=routine_pool,
    )


def _topics(register: Register, closings: Closings) -> Iterator[rules.Topic]:
    """The topics with their units, which are the topic's office's while it looks at them."""
    for row in register.topics:
        office = register.adcode_of_office(row.office_id)
        units = (register.units[number] for number in row.inspectee_ids if number in register.units)
        last = min(row.last_on, row.ended_on or row.last_on)
        if last >= row.first_on:
            yield rules.Topic(
                id=str(row.id),
                programme=row.programme_code,
                first=row.first_on,
                last=last,
                half_days=row.half_days,
                size=row.size,
                weight=row.weight,
                inspectees=tuple(replace(_site(register, closings, unit, (), None), office=office) for unit in units),
                requires={INSPECTOR: LEAST_INSPECTORS, LEAD: 1} | row.requires,
                unannounced=row.unannounced,
                subject=row.title.strip(),
            )


def _outcomes(register: Register) -> Iterator[rules.Outcome]:
    """What came of visits; the last day of rectification counts."""
    for row in register.outcomes:
        days = [date.fromisoformat(finding["rectify_by"]) for finding in row.findings]
        is_urgent = any(finding["severity"] == Severity.URGENT for finding in row.findings)
        yield rules.Outcome(row.visit_key, row.done_on, max(days, default=None), is_urgent)


def _programme(register: Register, row: Programme) -> rules.Programme:
    interval = row.max_interval_years
    if interval is None and row.comprehensive and row.rule in (ProgrammeRule.ROUND, ProgrammeRule.GOVERNMENT):
        interval = register.rules.max_interval_years
    return rules.Programme(
        code=row.code,
        rule=rules.Rule(row.rule.value),
        covers=frozenset(row.covers),
        comprehensive=row.comprehensive,
        notice_days=row.notice_days,
        phases=tuple(_phase(phase) for phase in phases_of(row.phases)),
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        max_interval_years=interval,
    )


def _phase(phase: Phase) -> rules.Phase:
    return rules.Phase(
        name=phase.name.value,
        half_days=phase.half_days,
        size=phase.size,
        pool=rules.Pool(phase.pool.value),
        weight=phase.weight,
        requires=phase.requires,
        cases=tuple(_case(case) for case in phase.cases),
        lead_years=phase.lead_years,
        gap_days=phase.gap_days,
        city_members=phase.city_members,
        excludes_own_banner=phase.excludes_own_banner,
        days_before=phase.days_before,
        days_after=phase.days_after,
        min_days=phase.min_days,
        max_days=phase.max_days,
        share_percent=phase.share_percent,
    )


def _case(case: PhaseCase) -> rules.Case:
    watched = case.observation
    return rules.Case(
        kinds=frozenset(kind.value for kind in case.kinds),
        from_classes=case.from_classes,
        half_days=case.half_days,
        observation=rules.Observation(watched.ages, watched.one_in, watched.observers) if watched else None,
        size=case.size,
        requires=case.requires,
    )


def _rounds(register: Register) -> Iterator[rules.Round]:
    for row in register.rounds:
        last = min(row.last_on, row.ended_on or row.last_on)
        rule = rules.Rule.ROUND if row.subject is RoundSubject.SCHOOLS else rules.Rule.GOVERNMENT
        yield rules.Round(str(row.id), rule, row.first_on, last)


def _targets(register: Register) -> Iterator[rules.Target]:
    for row in register.targets:
        yield rules.Target(
            id=str(row.id),
            banner=register.regions[row.region_id].adcode,
            programme=row.recognition.value,
            year=row.target_year,
            evaluation_on=_stage_on(register, row, ExternalStageKind.REGIONAL_EVALUATION),
            validation_on=_stage_on(register, row, ExternalStageKind.VALIDATION),
        )


def _stage_on(register: Register, target: ValidationTarget, kind: ExternalStageKind) -> date | None:
    days = [stage.first_on for stage in register.stages if stage.target_id == target.id and stage.kind is kind]
    return min(days, default=None)


def _known_assignments(
    assigned: Situation, request: DemandRequest, register: Register
) -> Iterator[rules.KnownAssignment]:
    """The assignments of the planned offices: in force and fixed, in force and movable, or outlook only.

    What another office has in force at an inspectee that has passed to a planned one, or that a topic of a planned one
    visits, counts too.
    """
    units = {id_of(unit) for unit in register.inspectees if unit.owner_office_id in request.office_ids}
    units |= {number for topic in register.topics for number in topic.inspectee_ids}
    known: set[str] = set()
    groups = ((assigned.fixed, True, True), (assigned.movable, False, True), (assigned.baseline, False, False))
    for group, fixed, is_told in groups:
        for record in group:
            is_own = record.office_id in request.office_ids or record.inspectee_id in units
            is_known = not is_secret_to(request.office_ids, record, request.working_on)
            if is_own and is_known and record.key not in known:
                known.add(record.key)
                yield _known(register, record, fixed=fixed, told=is_told)


def _known(register: Register, record: AssignmentRecord, *, fixed: bool, told: bool) -> rules.KnownAssignment:
    return rules.KnownAssignment(
        key=record.key,
        inspectee=inspectee_name(record.inspectee_id),
        first_on=record.first_on,
        last_on=record.last_on,
        serves=record.serves,
        office=register.adcode_of_office(record.office_id),
        fixed=fixed,
        in_force=told,
    )


def _settings(register: Register) -> rules.DemandSettings:
    settings = register.rules
    month, day = (int(part) for part in settings.application_day.split("-"))
    return rules.DemandSettings(
        chain_gap_days=settings.chain_gap_days,
        late_gap_days=settings.late_gap_days,
        application_month=month,
        application_day=day,
        settle_days=settings.settle_days,
        term_margin_days=settings.term_margin_days,
        merged_extra_half_days=settings.merged_extra_half_days,
        merge_topics=settings.merge_topics,
        merged_topic_max_half_days=settings.merged_topic_max_half_days,
        reserve_rechecks=settings.reserve_rechecks,
        routine_to_comprehensive_days=settings.routine_to_comprehensive_days,
        routine_gap_days=settings.routine_gap_days,
        topic_gap_days=settings.topic_gap_days,
        routine_buffer_days=settings.routine_buffer_days,
        comprehensive_counts_as_routine=settings.comprehensive_counts_as_routine,
        reviewed_banners_lend_nobody=settings.reviewed_banners_lend_nobody,
        recheck_from_days=settings.recheck_from_days,
        recheck_within_days=settings.recheck_within_days,
        urgent_recheck_days=settings.urgent_recheck_days,
    )
