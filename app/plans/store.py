"""What the work on a plan writes: the required visits, the answer, the end. Each part may be written again.

A job that was killed runs its last part again, so whatever a part writes first removes what it may have left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app.assignments.in_force import is_in_force
from app.assignments.reader import AssignmentRecord, read
from app.calendars.half_days import last_day
from app.core.rows import chunks, id_of
from app.models import (
    Assignment,
    DocumentKind,
    Plan,
    PlanDocument,
    PlannedVisit,
    PlanState,
    PlanWork,
    ServedProgramme,
    TeamMember,
    UnplannedDuty,
    UnscheduledVisit,
)
from app.planning.documents import packed, stored_problem
from app.planning.entries import PlanEntry
from app.planning.required import RequiredVisitRecord, UnplannedRequirement


def clear(session: Session, plan_id: int) -> None:
    """Remove everything that a job wrote for a plan but its figures."""
    of_plan = sa.select(col(PlannedVisit.id)).where(col(PlannedVisit.plan_id) == plan_id)
    _clear_assignments(session, plan_id, col(Assignment.plan_id) == plan_id)
    session.execute(sa.delete(UnscheduledVisit).where(col(UnscheduledVisit.plan_id) == plan_id))
    session.execute(sa.delete(ServedProgramme).where(col(ServedProgramme.visit_id).in_(of_plan)))
    session.execute(sa.delete(PlannedVisit).where(col(PlannedVisit.plan_id) == plan_id))
    session.execute(sa.delete(UnplannedDuty).where(col(UnplannedDuty.plan_id) == plan_id))
    session.execute(sa.delete(PlanDocument).where(col(PlanDocument.plan_id) == plan_id))
    session.execute(sa.delete(PlanWork).where(col(PlanWork.plan_id) == plan_id))


def _clear_assignments(session: Session, plan_id: int, which: sa.ColumnElement[bool]) -> None:
    ids = sa.select(col(Assignment.id)).where(col(Assignment.plan_id) == plan_id, which)
    session.execute(sa.delete(TeamMember).where(col(TeamMember.assignment_id).in_(ids)))
    session.execute(sa.delete(Assignment).where(col(Assignment.plan_id) == plan_id, which))


def write_required(
    session: Session,
    plan: Plan,
    problem: Mapping[str, Any],
    visits: Sequence[RequiredVisitRecord],
    duties: Sequence[UnplannedRequirement],
) -> None:
    """Write the required visits of a plan, its problem file, and what of its offices has begun already."""
    plan_id = id_of(plan)
    clear(session, plan_id)
    _write_visits(session, plan_id, visits)
    _insert(
        session,
        UnplannedDuty,
        [
            {
                "plan_id": plan_id,
                "inspectee_id": duty.inspectee_id,
                "programme_code": duty.programme_code,
                "phase": duty.phase,
                "reason": duty.reason,
                "due_on": duty.due_on,
                "details": dict(duty.details),
            }
            for duty in duties
        ],
    )
    _carry_over(session, plan)
    session.add(PlanDocument(plan_id=plan_id, kind=DocumentKind.PROBLEM, content=packed(problem)))
    session.flush()


def _write_visits(session: Session, plan_id: int, visits: Sequence[RequiredVisitRecord]) -> dict[str, int]:
    """Write visits with what they serve; their ids by key."""
    _insert(
        session,
        PlannedVisit,
        [
            {
                "plan_id": plan_id,
                "key": visit.key,
                "inspectee_id": visit.inspectee_id,
                "office_id": visit.office_id,
                "half_days": visit.half_days,
                "earliest": visit.earliest,
                "latest": visit.latest,
                "late": visit.late,
                "unannounced": visit.unannounced,
            }
            for visit in visits
        ],
    )
    ids = visit_ids(session, plan_id)
    _insert(
        session,
        ServedProgramme,
        [
            {"visit_id": ids[visit.key], "programme_code": programme, "phase": phase}
            for visit in visits
            for programme, phase in visit.serves
        ],
    )
    return ids


def visit_ids(session: Session, plan_id: int) -> dict[str, int]:
    """The ids of a plan's visits by key."""
    rows = session.execute(
        sa.select(col(PlannedVisit.key), col(PlannedVisit.id)).where(col(PlannedVisit.plan_id) == plan_id)
    )
    return {key: number for key, number in rows if number is not None}


def _carry_over(session: Session, plan: Plan) -> None:
    """Copy what is in force of the plan's offices but is not planned anew: a version of the plan holds that too.

    It has begun before the working date, or begins outside the days that are planned.
    """
    is_carried = sa.and_(
        is_in_force(),
        col(Assignment.office_id).in_(plan.office_ids),
        sa.or_(
            col(Assignment.first_on) < max(plan.working_on, plan.first_day),
            col(Assignment.first_on) > plan.last_day,
        ),
    )
    records = read(session, is_carried)
    visits = session.exec(
        select(Assignment.id, PlannedVisit)
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .where(is_carried)
    ).all()
    ids = _write_visits(
        session,
        id_of(plan),
        [
            RequiredVisitRecord(
                key=visit.key,
                inspectee_id=visit.inspectee_id,
                office_id=visit.office_id,
                half_days=visit.half_days,
                earliest=visit.earliest,
                latest=visit.latest,
                late=visit.late,
                unannounced=visit.unannounced,
                serves=records[number or 0].serves,
            )
            for number, visit in visits
        ],
    )
    carried = [replace(record, carried_out=record.first_on < plan.working_on) for record in records.values()]
    _write_assignments(session, id_of(plan), carried, ids)


def _write_assignments(
    session: Session, plan_id: int, records: Sequence[AssignmentRecord], ids: Mapping[str, int]
) -> None:
    """Write assignments with their teams; ``ids`` are those of the plan's visits by key."""
    _insert(
        session,
        Assignment,
        [
            {
                "plan_id": plan_id,
                "visit_id": ids[each.key],
                "inspectee_id": each.inspectee_id,
                "office_id": each.office_id,
                "first_on": each.first_on,
                "last_on": each.last_on,
                "half": each.half,
                "half_days": each.half_days,
                "leader_id": each.leader_id,
                "carried_out": each.carried_out,
                "locked": each.locked,
            }
            for each in records
        ],
    )
    rows = session.execute(
        sa.select(col(Assignment.visit_id), col(Assignment.id)).where(col(Assignment.plan_id) == plan_id)
    )
    assignment_ids = dict(rows.all())
    _insert(
        session,
        TeamMember,
        [
            {"assignment_id": assignment_ids[ids[each.key]], "inspector_id": member}
            for each in records
            for member in each.team
        ],
    )


def write_answer(session: Session, plan: Plan, solution: Mapping[str, Any]) -> None:
    """Write the planner's answer, which the checker has accepted: assignments, unscheduled visits, and the file.

    What the problem pins was locked in the plan that is re-planned, and stays so.
    """
    plan_id = id_of(plan)
    problem = stored_problem(session.get_one(PlanDocument, (plan_id, DocumentKind.PROBLEM)).content).written
    locked = {pin["visit"] for pin in problem["pins"]}
    visits = {
        visit.key: visit for visit in session.exec(select(PlannedVisit).where(PlannedVisit.plan_id == plan_id)).all()
    }
    _clear_answer(session, plan_id, {id_of(visits[entry["visit"]]) for entry in _entries(solution)})
    _write_assignments(
        session,
        plan_id,
        [
            _record(entry, visits[entry.visit], entry.visit in locked)
            for entry in map(PlanEntry.read, solution["assignments"])
        ],
        {key: id_of(visit) for key, visit in visits.items()},
    )
    _insert(
        session,
        UnscheduledVisit,
        [
            {"visit_id": id_of(visits[entry["visit"]]), "plan_id": plan_id, "reasons": entry["reasons"]}
            for entry in solution["unscheduled"]
        ],
    )
    session.merge(PlanDocument(plan_id=plan_id, kind=DocumentKind.SOLUTION, content=packed(solution)))
    session.flush()


def _entries(solution: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every visit of a plan file, assigned or unscheduled."""
    return [*solution["assignments"], *solution["unscheduled"]]


def _clear_answer(session: Session, plan_id: int, answered: set[int]) -> None:
    """Remove what an earlier try of the same part wrote of these visits; what was carried over stays."""
    rows = session.execute(
        sa.select(col(Assignment.id), col(Assignment.visit_id)).where(col(Assignment.plan_id) == plan_id)
    )
    for some in chunks([number for number, visit_id in rows if number and visit_id in answered]):
        _clear_assignments(session, plan_id, col(Assignment.id).in_(some))
    session.execute(sa.delete(UnscheduledVisit).where(col(UnscheduledVisit.plan_id) == plan_id))


def _record(entry: PlanEntry, visit: PlannedVisit, locked: bool) -> AssignmentRecord:
    """An assignment of a plan file."""
    return AssignmentRecord(
        key=visit.key,
        plan_id=visit.plan_id,
        inspectee_id=visit.inspectee_id,
        office_id=visit.office_id,
        first_on=entry.first_on,
        last_on=last_day(entry.first_on, visit.half_days),
        half=entry.half,
        half_days=visit.half_days,
        team=entry.team,
        leader_id=entry.leader_id,
        locked=locked,
    )


def end(session: Session, plan: Plan, state: PlanState, now: datetime, failure: str = "") -> None:
    """End a plan without an answer; only the problem file is kept, to look for the cause."""
    plan_id = id_of(plan)
    _clear_assignments(session, plan_id, col(Assignment.plan_id) == plan_id)
    session.execute(sa.delete(UnscheduledVisit).where(col(UnscheduledVisit.plan_id) == plan_id))
    plan.state = state
    plan.failure = failure
    plan.finished_at = now
    end_work(session, plan)


def end_work(session: Session, plan: Plan) -> None:
    """Remove what one worker leaves to the next; nobody works on the plan any more."""
    session.execute(sa.delete(PlanWork).where(col(PlanWork.plan_id) == id_of(plan)))
    plan.executor = None
    session.add(plan)
    session.flush()


def _insert(session: Session, kind: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(sa.insert(kind), [dict(row) for row in rows])
