"""What is required of every inspectee on a plan's days, by register, rounds, targets and terms alone."""

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
    """What a programme requires of an inspectee: in a round, for a target, in a half of a term, at the end of
    a head's term, for a topic, or as a recheck.

    ``window`` are the days on which a visit counts for it, where there is such a limit. ``about`` are the details that
    an unplanned requirement shares with it, ``key`` the key of its visit, where only that visit meets it.
    """

    inspectee: Inspectee
    programme: str
    phase: str
    about: Mapping[str, str]
    window: Window | None = None
    key: str | None = None
    by_past_inspection: bool = False


class Requirements:
    """Every requirement of a plan's offices on the plan's days; the number of queries does not depend on their size."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._plan = plan

    def requirements(self) -> Iterator[Requirement]:
        """The requirements by inspectee."""
        inspectees = self._session.exec(
            select(Inspectee)
            .where(col(Inspectee.owner_office_id).in_(self._plan.office_ids))
            .order_by(col(Inspectee.id))
        ).all()
        rounds, targets = self._rounds(), self._targets()
        for inspectee in inspectees:
            for round_ in rounds:
                yield from self._in_round(inspectee, round_)
            if inspectee.kind is InspecteeKind.GOVERNMENT:
                for target in targets.get(inspectee.region_id, ()):
                    yield from self._by_target(inspectee, target)
            yield from self._at_end_of_term(inspectee)
            yield from self._routine(inspectee)
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

    def _in_round(self, inspectee: Inspectee, round_: Round) -> Iterator[Requirement]:
        """An inspectee that is open on some day of the round needs a visit of each programme that covers it then."""
        last = round_.ended_on or round_.last_on
        if not _is_open(inspectee, round_.first_on, last):
            return
        rows = self._in_force(RULE_OF_SUBJECT[round_.subject], round_.first_on, last)
        for code in sorted({row.code for row in rows if inspectee.kind.value in row.covers}):
            window = Window(round_.first_on, last)
            about = {"round": str(round_.id)}
            yield Requirement(inspectee, code, PhaseName.EVALUATION, about, window, by_past_inspection=True)

    def _by_target(self, inspectee: Inspectee, target: ValidationTarget) -> Iterator[Requirement]:
        """Launch and review of a target; progress visits follow from the terms and are no requirements of their own."""
        code = target.recognition.value
        versions = [row for row in self._programmes if row.code == code]
        phases = {phase.name for row in versions[-1:] for phase in phases_of(row.phases)}
        for name in (PhaseName.LAUNCH, PhaseName.REVIEW):
            if name in phases:
                yield Requirement(
                    inspectee,
                    code,
                    name.value,
                    {"target": str(target.id)},
                    key=str(ChainKey(str(target.id), name.value)),
                )

    @cached_property
    def _head_programmes(self) -> list[tuple[Programme, Phase]]:
        rows = self._in_force(ProgrammeRule.PRINCIPAL_TERM, self._plan.first_day, date.max)
        return [(row, phase) for row in rows for phase in phases_of(row.phases)]

    def _at_end_of_term(self, inspectee: Inspectee) -> Iterator[Requirement]:
        """An inspectee whose head's term ends by the plan's last day, with days around that end still to come."""
        ends_on = inspectee.head_term_ends_on
        if ends_on is None or ends_on > self._plan.last_day or not _is_open(inspectee, ends_on, ends_on):
            return
        from_day = max(self._plan.first_day, self._plan.working_on)
        for row, phase in self._head_programmes:
            is_counted = ends_on + timedelta(days=phase.days_after) >= from_day
            if (
                is_counted
                and inspectee.kind.value in row.covers
                and row.in_force_from <= max(ends_on, self._plan.first_day)
            ):
                yield Requirement(inspectee, row.code, phase.name.value, {"term_ends_on": ends_on.isoformat()})
                return

    @cached_property
    def _halves(self) -> Mapping[InspecteeKind, list[_HalfOfTerm]]:
        """The halves of the terms that have a day in the plan, by kind of inspectee."""
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

    def _routine(self, inspectee: Inspectee) -> Iterator[Requirement]:
        """Each half of each term in which the inspectee is open on some day (条例 art. 14: twice a term)."""
        for half in self._halves.get(inspectee.kind, ()):
            if _is_open(inspectee, half.window.earliest, half.window.latest):
                key = str(RoutineKey(TermOfYear(half.year, half.season), half.number, str(inspectee.id)))
                yield Requirement(inspectee, half.programme, PhaseName.EVALUATION, half.about, half.window, key=key)

    def _of_topics(self) -> Iterator[Requirement]:
        """Each inspectee of each topic of the offices that has a day in the plan, of all owners."""
        topics = self._session.exec(
            select(Topic)
            .where(
                col(Topic.office_id).in_(self._plan.office_ids),
                Topic.first_on <= self._plan.last_day,
                sa.func.coalesce(col(Topic.ended_on), col(Topic.last_on)) >= self._plan.first_day,
            )
            .order_by(col(Topic.first_on), col(Topic.id))
        ).all()
        inspectees = {
            inspectee.id: inspectee
            for inspectee in self._inspectees({number for topic in topics for number in topic.inspectee_ids})
        }
        for topic in topics:
            for number in topic.inspectee_ids:
                if number in inspectees:
                    about = {"topic": str(topic.id)}
                    yield Requirement(inspectees[number], topic.programme_code, topic_phase(str(topic.id)), about)

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
        inspectees = {
            inspectee.id: inspectee for inspectee in self._inspectees({inspectee_id for _, inspectee_id, _ in rows})
        }
        for key, inspectee_id, code in rows:
            about = {"recheck_of": key}
            yield Requirement(inspectees[inspectee_id], code, PhaseName.RECHECK, about, key=str(RecheckKey(key)))

    def _inspectees(self, numbers: Collection[int]) -> Iterator[Inspectee]:
        some = sorted(numbers)
        for part in chunks(some):
            yield from self._session.exec(select(Inspectee).where(col(Inspectee.id).in_(part)))


@dataclass(frozen=True, slots=True)
class _HalfOfTerm:
    """A half of a term of a kind of inspectee, with the programme that asks a visit in it."""

    kind: InspecteeKind
    programme: str
    year: int
    season: str
    number: int
    window: Window

    @property
    def about(self) -> Mapping[str, str]:
        """By what an unplanned requirement of the half is told."""
        return {"term_year": str(self.year), "season": self.season, "half": str(self.number)}


def _is_open(inspectee: Inspectee, first: date, last: date) -> bool:
    """Whether an inspectee is open on some of these days; the day on which it closes is the first without it."""
    return (inspectee.opened_on or date.min) <= last and (inspectee.closed_on or date.max) > first
