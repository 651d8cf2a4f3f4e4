"""For every inspectee and programme its visit in a plan, or the reason that it has none: counted from the tables alone.

The requirements come from the register, the rounds and the targets, not from the rules of ``solver/demand``, so that a
requirement that those forget shows up as ``uncovered``.
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
    """The state of a requirement, and the row that says so."""

    requirement: Requirement
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
        """Every requirement with its state, by inspectee."""
        requirements = Requirements(self._session, self._plan).requirements()
        rows = (
            self._covered(requirement)
            for requirement in requirements
            if (requirement.programme, requirement.phase) not in self._secret.phases
        )
        return [row for row in rows if row.visit is None or row.visit.key not in self._secret.visits]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many requirements of each programme are in each state."""
        counted = Counter((row.requirement.programme, row.state.value) for row in self.rows)
        found: dict[str, dict[str, int]] = {}
        for (programme, state), number in sorted(counted.items()):
            found.setdefault(programme, {})[state] = number
        return found

    def page(self, query: CoverageQuery) -> Page[CoverageOut]:
        """A page of the requirements that the query asks for, with the reasons in words."""
        rows = [row for row in self.rows if _matches(row, query)]
        first = (query.page - 1) * query.page_size
        shown = rows[first : first + query.page_size]
        reasons = [row.unscheduled.reasons for row in shown if row.unscheduled is not None]
        names = Names.of(self._session, reasons)
        return page_of([_output(row, names, self._secret.visits) for row in shown], len(rows), query)

    def _covered(self, requirement: Requirement) -> Covered:
        for visit in self._visits_for(requirement):
            assignment = self._assignments.get(id_of(visit))
            if assignment is not None:
                if (
                    requirement.window is None
                    or requirement.window.earliest <= assignment.first_on <= requirement.window.latest
                ):
                    state = CoverageState.CARRIED_OUT if assignment.carried_out else CoverageState.PLANNED
                    return Covered(requirement, state, visit, assignment, held_on=assignment.first_on)
            elif (left_out := self._unscheduled.get(id_of(visit))) is not None:
                return Covered(requirement, CoverageState.UNSCHEDULED, visit, unscheduled=left_out)
        held_on = self._inspected_on(requirement)
        if held_on is not None:
            return Covered(requirement, CoverageState.DONE, held_on=held_on)
        key = (id_of(requirement.inspectee), requirement.programme, requirement.phase)
        for unplanned in self._unplanned.get(key, ()):
            if _is_of(unplanned, requirement):
                return Covered(requirement, CoverageState.UNPLANNED, unplanned=unplanned)
        return Covered(requirement, CoverageState.UNCOVERED)

    def _visits_for(self, requirement: Requirement) -> Iterator[PlannedVisit]:
        """The plan's visits at the inspectee that serve the programme and phase, of this target or half of a term."""
        for visit in self._serving.get((id_of(requirement.inspectee), requirement.programme, requirement.phase), ()):
            if requirement.key is None or visit.key == requirement.key:
                yield visit

    def _inspected_on(self, requirement: Requirement) -> date | None:
        if requirement.window is None or not requirement.by_past_inspection:
            return None
        for row in self._past.get(id_of(requirement.inspectee), ()):
            if requirement.window.earliest <= row.first_on <= requirement.window.latest:
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


def _is_of(unplanned: UnplannedDuty, requirement: Requirement) -> bool:
    """Whether an unplanned requirement is of the same round, target, head's term or half of a term."""
    return all(str(unplanned.details.get(name)) == value for name, value in requirement.about.items())


def _matches(row: Covered, query: CoverageQuery) -> bool:
    inspectee = row.requirement.inspectee
    return (
        (query.region is None or inspectee.region_id == query.region)
        and (query.office is None or inspectee.owner_office_id == query.office)
        and (query.inspectee is None or inspectee.id == query.inspectee)
        and (query.programme is None or row.requirement.programme == query.programme)
        and (query.state is None or row.state is query.state)
    )


def _output(row: Covered, names: Names, secret: Collection[str]) -> CoverageOut:
    inspectee = row.requirement.inspectee
    reasons, messages = _why(row, names, secret)
    return CoverageOut(
        inspectee_id=id_of(inspectee),
        inspectee=inspectee.name,
        kind=inspectee.kind,
        region_id=inspectee.region_id,
        office_id=inspectee.owner_office_id,
        programme=row.requirement.programme,
        phase=row.requirement.phase,
        state=row.state,
        visit=row.visit.key if row.visit is not None else None,
        assignment_id=row.assignment.id if row.assignment is not None else None,
        first_on=row.held_on,
        due_on=row.unplanned.due_on if row.unplanned is not None else None,
        reasons=reasons,
        messages=messages,
    )


def _why(row: Covered, names: Names, secret: Collection[str]) -> tuple[list[str], list[str]]:
    """Codes and words of why a requirement has no visit in the plan."""
    if row.unscheduled is not None and row.visit is not None:
        window = Window(row.visit.earliest, row.visit.latest)
        reasons = [unnamed_reason(each, secret) for each in row.unscheduled.reasons]
        return [str(each["code"]) for each in reasons], [wording(each, names, window) for each in reasons]
    if row.unplanned is not None:
        stored = row.unplanned
        unplanned = UnplannedRequirement(
            stored.inspectee_id, stored.programme_code, stored.phase, stored.reason, stored.due_on, stored.details
        )
        return [unplanned.reason], [requirement_wording(unplanned, names)]
    if row.state is CoverageState.UNCOVERED:
        return ["uncovered"], ["编制日程之后名册、轮次或验收目标有变动，该日程不含此项。请重新编制日程。"]
    return [], []
