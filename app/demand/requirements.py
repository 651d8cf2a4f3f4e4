"""What every unit owes on a plan's days, counted from the register, the rounds, the targets and the terms alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.rows import chunks
from app.models import (
    Inspectee,
    InspecteeKind,
    Plan,
    PlannedVisit,
    Programme,
    ProgrammeRule,
    Round,
    SchoolTerm,
    ServedProgramme,
    TargetStatus,
    Topic,
    ValidationTarget,
)
from app.planning.register import grouped
from app.planning.values import ChainKey, RecheckKey, RoutineKey, TermOfYear, topic_phase
from app.planning.wording import Window
from app.programmes.queries import RULE_OF_SUBJECT
from app.programmes.schemas import Phase, PhaseName, phases_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A duty of a unit: in a round, of a target, in a half of a term, at a head's end of term, of a topic, a recheck.

    ``window`` are the days on which a visit counts for it, where there is such a limit. ``about`` are the details by
    which an unplanned duty is told to be this one, ``key`` the key of its visit, where only that visit meets it.
    """

    unit: Inspectee
    programme: str
    phase: str
    about: Mapping[str, str]
    window: Window | None = None
    key: str | None = None
    by_past_inspection: bool = False


class Requirements:
    """Every duty of a plan's offices on the plan's days; the number of queries does not depend on their size."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._plan = plan

    def duties(self) -> Iterator[Requirement]:
        """The duties by unit."""
        units = self._session.exec(
            select(Inspectee)
            .where(col(Inspectee.owner_office_id).in_(self._plan.office_ids))
            .order_by(col(Inspectee.id))
        ).all()
        rounds, targets = self._rounds(), self._targets()
        for unit in units:
            for round_ in rounds:
                yield from self._in_round(unit, round_)
            if unit.kind is InspecteeKind.GOVERNMENT:
                for target in targets.get(unit.region_id, ()):
                    yield from self._by_target(unit, target)
            yield from self._at_end_of_term(unit)
            yield from self._routine(unit)
        yield from self._of_topics()
        yield from self._rechecks()

    def _rounds(self) -> Sequence[Round]:
        return self._session.exec(
            select(Round)
            .where(
                Round.first_on <= self._plan.last_day,
                sa.func.coalesce(col(Round.ended_on), col(Round.last_on)) >= self._plan.first_day,
            )
            .order_by(col(Round.first_on), col(Round.id))
        ).all()

    def _targets(self) -> Mapping[int, list[ValidationTarget]]:
        rows = self._session.exec(
            select(ValidationTarget)
            .where(ValidationTarget.status == TargetStatus.PLANNED)
            .order_by(col(ValidationTarget.id))
        ).all()
        return grouped(rows, lambda row: row.region_id)

    @cached_property
    def _programmes(self) -> Sequence[Programme]:
        return self._session.exec(select(Programme).order_by(col(Programme.code), col(Programme.version))).all()

    def _in_force(self, rule: ProgrammeRule, first: date, last: date) -> list[Programme]:
        """The versions of a rule's programmes that are in force on some of these days."""
        return [
            row
            for row in self._programmes
            if row.rule is rule and row.in_force_from <= last and (row.in_force_to is None or row.in_force_to >= first)
        ]

    def _in_round(self, unit: Inspectee, round_: Round) -> Iterator[Requirement]:
        """A unit that is open on some day of the round owes a visit to each programme that covers it then."""
        last = round_.ended_on or round_.last_on
        if not _is_open(unit, round_.first_on, last):
            return
        rows = self._in_force(RULE_OF_SUBJECT[round_.subject], round_.first_on, last)
        for code in sorted({row.code for row in rows if unit.kind.value in row.covers}):
            window = Window(round_.first_on, last)
            about = {"round": str(round_.id)}
            yield Requirement(unit, code, PhaseName.EVALUATION, about, window, by_past_inspection=True)

    def _by_target(self, unit: Inspectee, target: ValidationTarget) -> Iterator[Requirement]:
        """Launch and review of a target; progress visits follow from the terms and are no duty of their own."""
        code = target.recognition.value
        versions = [row for row in self._programmes if row.code == code]
        phases = {phase.name for row in versions[-1:] for phase in phases_of(row.phases)}
        for name in (PhaseName.LAUNCH, PhaseName.REVIEW):
            if name in phases:
                yield Requirement(
                    unit, code, name.value, {"target": str(target.id)}, key=str(ChainKey(str(target.id), name.value))
                )

    @cached_property
    def _head_programmes(self) -> list[tuple[Programme, Phase]]:
        rows = self._in_force(ProgrammeRule.PRINCIPAL_TERM, self._plan.first_day, date.max)
        return [(row, phase) for row in rows for phase in phases_of(row.phases)]

    def _at_end_of_term(self, unit: Inspectee) -> Iterator[Requirement]:
        """A unit whose head's term ends by the plan's last day, with days around that end still to come."""
        ends_on = unit.head_term_ends_on
        if ends_on is None or ends_on > self._plan.last_day or not _is_open(unit, ends_on, ends_on):
            return
        from_day = max(self._plan.first_day, self._plan.working_on)
        for row, phase in self._head_programmes:
            is_counted = ends_on + timedelta(days=phase.days_after) >= from_day
            if is_counted and unit.kind.value in row.covers and row.in_force_from <= max(ends_on, self._plan.first_day):
                yield Requirement(unit, row.code, phase.name.value, {"term_ends_on": ends_on.isoformat()})
                return

    @cached_property
    def _halves(self) -> Mapping[InspecteeKind, list[_HalfOfTerm]]:
        """The halves of the terms that have a day in the plan, by kind of unit."""
        terms = self._session.exec(
            select(SchoolTerm)
            .where(SchoolTerm.first_on <= self._plan.last_day, SchoolTerm.last_on >= self._plan.first_day)
            .order_by(col(SchoolTerm.first_on), col(SchoolTerm.id))
        ).all()
        found: dict[InspecteeKind, list[_HalfOfTerm]] = defaultdict(list)
        for term in terms:
            found[term.kind].extend(self._halves_of(term))
        return found

    def _halves_of(self, term: SchoolTerm) -> Iterator[_HalfOfTerm]:
        """Two halves of equal length; of an odd number of days the first has the middle one."""
        half_days = timedelta(days=(term.last_on - term.first_on).days // 2)
        middle = term.first_on + half_days
        for number, first, last in ((1, term.first_on, middle), (2, middle + DAY, term.last_on)):
            if first > self._plan.last_day or last < self._plan.first_day:
                continue
            for row in self._in_force(ProgrammeRule.ROUTINE, first, last)[:1]:
                if term.kind.value in row.covers:
                    yield _HalfOfTerm(term.kind, row.code, term.year, term.season.value, number, Window(first, last))

    def _routine(self, unit: Inspectee) -> Iterator[Requirement]:
        """Each half of each term in which the unit is open on some day (条例 art. 14: twice a term)."""
        for half in self._halves.get(unit.kind, ()):
            if _is_open(unit, half.window.earliest, half.window.latest):
                key = str(RoutineKey(TermOfYear(half.year, half.season), half.number, str(unit.id)))
                yield Requirement(unit, half.programme, PhaseName.EVALUATION, half.about, half.window, key=key)

    def _of_topics(self) -> Iterator[Requirement]:
        """Each unit of each topic of the offices that has a day in the plan, whoever owns the unit."""
        topics = self._session.exec(
            select(Topic)
            .where(
                col(Topic.office_id).in_(self._plan.office_ids),
                Topic.first_on <= self._plan.last_day,
                sa.func.coalesce(col(Topic.ended_on), col(Topic.last_on)) >= self._plan.first_day,
            )
            .order_by(col(Topic.first_on), col(Topic.id))
        ).all()
        units = {unit.id: unit for unit in self._units({number for topic in topics for number in topic.inspectee_ids})}
        for topic in topics:
            for number in topic.inspectee_ids:
                if number in units:
                    about = {"topic": str(topic.id)}
                    yield Requirement(units[number], topic.programme_code, topic_phase(str(topic.id)), about)

    def _rechecks(self) -> Iterator[Requirement]:
        """The recheck of each of the plan's visits whose programme has one."""
        codes = {
            row.code
            for row in self._programmes
            if any(each.name is PhaseName.RECHECK for each in phases_of(row.phases))
        }
        rows = self._session.exec(
            select(PlannedVisit.key, PlannedVisit.inspectee_id, ServedProgramme.programme_code)
            .join(ServedProgramme, col(ServedProgramme.visit_id) == col(PlannedVisit.id))
            .where(
                PlannedVisit.plan_id == self._plan.id,
                ServedProgramme.phase == PhaseName.EVALUATION,
                col(ServedProgramme.programme_code).in_(codes),
            )
            .order_by(col(PlannedVisit.inspectee_id), col(PlannedVisit.id))
        ).all()
        units = {unit.id: unit for unit in self._units({unit_id for _, unit_id, _ in rows})}
        for key, unit_id, code in rows:
            about = {"recheck_of": key}
            yield Requirement(units[unit_id], code, PhaseName.RECHECK, about, key=str(RecheckKey(key)))

    def _units(self, numbers: Collection[int]) -> Iterator[Inspectee]:
        some = sorted(numbers)
        for part in chunks(some):
            yield from self._session.exec(select(Inspectee).where(col(Inspectee.id).in_(part)))


@dataclass(frozen=True, slots=True)
class _HalfOfTerm:
    """A half of a term of a kind of unit, with the programme that asks a visit in it."""

    kind: InspecteeKind
    programme: str
    year: int
    season: str
    number: int
    window: Window

    @property
    def about(self) -> Mapping[str, str]:
        """By what an unplanned duty of the half is told."""
        return {"term_year": str(self.year), "season": self.season, "half": str(self.number)}


def _is_open(unit: Inspectee, first: date, last: date) -> bool:
    """Whether a unit is open on some of these days; the day on which it closes is the first without it."""
    return (unit.opened_on or date.min) <= last and (unit.closed_on or date.max) > first
