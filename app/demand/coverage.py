"""For every unit and programme its visit in a plan, or the reason that it has none: counted from the tables alone.

The duties come from the register, the rounds and the targets; the planner's rules are not asked, so that a duty that
they forgot shows up as ``uncovered``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.paging import Page, page_of
from app.core.rows import id_of
from app.demand.requirements import Requirement, Requirements
from app.demand.schemas import CoverageOut, CoverageQuery, CoverageState
from app.models import (
    Assignment,
    PastInspection,
    Plan,
    PlannedVisit,
    ServedProgramme,
    UnplannedDuty,
    UnscheduledVisit,
)
from app.planning.labels import Names
from app.planning.redaction import unnamed_reason
from app.planning.register import grouped
from app.planning.required import UnplannedRequirement
from app.planning.wording import Window, requirement_wording, wording


@dataclass(frozen=True, slots=True)
class Covered:
    """How a duty stands, and by which row."""

    owed: Requirement
    state: CoverageState
    visit: PlannedVisit | None = None
    assignment: Assignment | None = None
    unscheduled: UnscheduledVisit | None = None
    unplanned: UnplannedDuty | None = None
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """What the reader may not know of: visits by key, and topics by programme and phase."""

    visits: Collection[str] = frozenset()
    phases: Collection[tuple[str, str]] = frozenset()


class Coverage:
    """The coverage of one plan; the number of queries does not depend on its size."""

    def __init__(self, session: Session, plan: Plan, secret: Secret | None = None) -> None:
        self._session = session
        self._plan = plan
        self._secret = secret or Secret()

    @cached_property
    def rows(self) -> list[Covered]:
        """Every duty with how it stands, by unit."""
        duties = Requirements(self._session, self._plan).duties()
        rows = (self._covered(owed) for owed in duties if (owed.programme, owed.phase) not in self._secret.phases)
        return [row for row in rows if row.visit is None or row.visit.key not in self._secret.visits]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many duties of each programme stand how."""
        counted = Counter((row.owed.programme, row.state.value) for row in self.rows)
        found: dict[str, dict[str, int]] = {}
        for (programme, state), number in sorted(counted.items()):
            found.setdefault(programme, {})[state] = number
        return found

    def page(self, query: CoverageQuery) -> Page[CoverageOut]:
        """A page of the duties that the query asks for, with the reasons in words."""
        rows = [row for row in self.rows if _matches(row, query)]
        first = (query.page - 1) * query.page_size
        shown = rows[first : first + query.page_size]
        reasons = [row.unscheduled.reasons for row in shown if row.unscheduled is not None]
        names = Names.of(self._session, reasons)
        return page_of([_output(row, names, self._secret.visits) for row in shown], len(rows), query)

    def _covered(self, owed: Requirement) -> Covered:
        for visit in self._visits_for(owed):
            assignment = self._assignments.get(id_of(visit))
            if assignment is not None:
                if owed.window is None or owed.window.earliest <= assignment.first_on <= owed.window.latest:
                    state = CoverageState.CARRIED_OUT if assignment.carried_out else CoverageState.PLANNED
                    return Covered(owed, state, visit, assignment, held_on=assignment.first_on)
            elif (left_out := self._unscheduled.get(id_of(visit))) is not None:
                return Covered(owed, CoverageState.UNSCHEDULED, visit, unscheduled=left_out)
        held_on = self._inspected_on(owed)
        if held_on is not None:
            return Covered(owed, CoverageState.DONE, held_on=held_on)
        for duty in self._unplanned.get((id_of(owed.unit), owed.programme, owed.phase), ()):
            if _is_of(duty, owed):
                return Covered(owed, CoverageState.UNPLANNED, unplanned=duty)
        return Covered(owed, CoverageState.UNCOVERED)

    def _visits_for(self, owed: Requirement) -> Iterator[PlannedVisit]:
        """The plan's visits at the unit that serve the programme and phase, of this target or half of a term alone."""
        for visit in self._serving.get((id_of(owed.unit), owed.programme, owed.phase), ()):
            if owed.key is None or visit.key == owed.key:
                yield visit

    def _inspected_on(self, owed: Requirement) -> date | None:
        if owed.window is None or not owed.by_past_inspection:
            return None
        for row in self._past.get(id_of(owed.unit), ()):
            if owed.window.earliest <= row.first_on <= owed.window.latest:
                return row.first_on
        return None

    @cached_property
    def _serving(self) -> Mapping[tuple[int, str, str], list[PlannedVisit]]:
        rows = self._session.exec(
            select(PlannedVisit, ServedProgramme.programme_code, ServedProgramme.phase)
            .join(ServedProgramme, col(ServedProgramme.visit_id) == col(PlannedVisit.id))
            .where(PlannedVisit.plan_id == self._plan.id)
            .order_by(col(PlannedVisit.id))
        ).all()
        found: dict[tuple[int, str, str], list[PlannedVisit]] = defaultdict(list)
        for visit, code, phase in rows:
            found[visit.inspectee_id, code, phase].append(visit)
        return found

    @cached_property
    def _assignments(self) -> Mapping[int, Assignment]:
        rows = self._session.exec(select(Assignment).where(Assignment.plan_id == self._plan.id)).all()
        return {row.visit_id: row for row in rows}

    @cached_property
    def _unscheduled(self) -> Mapping[int, UnscheduledVisit]:
        rows = self._session.exec(select(UnscheduledVisit).where(UnscheduledVisit.plan_id == self._plan.id)).all()
        return {row.visit_id: row for row in rows}

    @cached_property
    def _unplanned(self) -> Mapping[tuple[int, str, str], list[UnplannedDuty]]:
        rows = self._session.exec(select(UnplannedDuty).where(UnplannedDuty.plan_id == self._plan.id)).all()
        return grouped(rows, lambda row: (row.inspectee_id, row.programme_code, row.phase))

    @cached_property
    def _past(self) -> Mapping[int, list[PastInspection]]:
        rows = self._session.exec(
            select(PastInspection)
            .where(col(PastInspection.comprehensive).is_(sa.true()))
            .order_by(col(PastInspection.first_on))
        ).all()
        return grouped(rows, lambda row: row.inspectee_id)


def _is_of(duty: UnplannedDuty, owed: Requirement) -> bool:
    """Whether an unplanned duty is of the same round, target, head's term or half of a term."""
    return all(str(duty.details.get(name)) == value for name, value in owed.about.items())


def _matches(row: Covered, query: CoverageQuery) -> bool:
    unit = row.owed.unit
    return (
        (query.region is None or unit.region_id == query.region)
        and (query.office is None or unit.owner_office_id == query.office)
        and (query.inspectee is None or unit.id == query.inspectee)
        and (query.programme is None or row.owed.programme == query.programme)
        and (query.state is None or row.state is query.state)
    )


def _output(row: Covered, names: Names, secret: Collection[str]) -> CoverageOut:
    unit = row.owed.unit
    reasons, messages = _why(row, names, secret)
    return CoverageOut(
        inspectee_id=id_of(unit),
        inspectee=unit.name,
        kind=unit.kind,
        region_id=unit.region_id,
        office_id=unit.owner_office_id,
        programme=row.owed.programme,
        phase=row.owed.phase,
        state=row.state,
        visit=row.visit.key if row.visit is not None else None,
        assignment_id=row.assignment.id if row.assignment is not None else None,
        first_on=row.held_on,
        due_on=row.unplanned.due_on if row.unplanned is not None else None,
        reasons=reasons,
        messages=messages,
    )


def _why(row: Covered, names: Names, secret: Collection[str]) -> tuple[list[str], list[str]]:
    """Codes and words of why a duty has no visit in the plan."""
    if row.unscheduled is not None and row.visit is not None:
        window = Window(row.visit.earliest, row.visit.latest)
        reasons = [unnamed_reason(each, secret) for each in row.unscheduled.reasons]
        return [str(each["code"]) for each in reasons], [wording(each, names, window) for each in reasons]
    if row.unplanned is not None:
        duty = row.unplanned
        told = UnplannedRequirement(
            duty.inspectee_id, duty.programme_code, duty.phase, duty.reason, duty.due_on, duty.details
        )
        return [duty.reason], [requirement_wording(told, names)]
    if row.state is CoverageState.UNCOVERED:
        return ["uncovered"], ["制定排程之后名册、轮次或验收目标有变动，该排程不含此项。请重新请求排程。"]
    return [], []
