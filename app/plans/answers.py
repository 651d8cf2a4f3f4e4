"""Rows into answers: each list in a fixed number of queries, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, Reach, reach
from app.assignments.answers import fields_of, gather
from app.assignments.queries import (
    newest_versions,
    offices_published_from,
)
from app.assignments.schemas import AssignmentOut, AssignmentStatus
from app.assignments.visibility import secret_visits
from app.core.rows import id_of
from app.models import Assignment, Plan, PublishedVersion
from app.planning.redaction import names_any
from app.plans.schemas import ChangeCounts, PlanOut, ProgressOut
from app.regions.queries import region_names


def plan_answers(session: Session, user: Actor, rows: Sequence[Plan]) -> list[PlanOut]:
    """Some plans, each with the figures of those offices alone that the user may see."""
    regions = region_names(session, [plan.region_id for plan in rows])
    secret = secret_visits(session, user, [id_of(plan) for plan in rows])
    return [
        _plan_answer(plan, regions[plan.region_id], user, {key for number, key in secret if number == plan.id})
        for plan in rows
    ]


def _plan_answer(plan: Plan, region: str, user: Actor, secret: set[str]) -> PlanOut:
    figures = dict(plan.figures) if plan.figures is not None else None
    changes = figures.pop("changes", None) if figures is not None else None
    if figures is not None and reach(user, Noun.PLAN, Act.READ) is not Reach.ALL:
        figures["offices"] = [each for each in figures.get("offices", []) if each["office_id"] == user.office_id]
    if figures is not None and secret:
        figures["programmes"] = []  # the counts by programme would tell how many visits are kept back
    return PlanOut(
        id=id_of(plan),
        name=plan.name,
        region_id=plan.region_id,
        region=region,
        first_day=plan.first_day,
        last_day=plan.last_day,
        seconds=plan.seconds,
        based_on=plan.based_on_id,
        working_on=plan.working_on,
        offices=plan.office_ids,
        state=plan.state,
        created_at=plan.created_at,
        started_at=plan.started_at,
        finished_at=plan.finished_at,
        cancel_requested_at=plan.cancel_requested_at,
        attempts=plan.attempts,
        progress=ProgressOut(
            phase=plan.phase,
            elapsed_seconds=plan.elapsed_seconds,
            scheduled=plan.scheduled,
            visits=plan.visits,
            total=plan.total,
            bound=plan.bound,
        ),
        score=plan.score,
        total=plan.total,
        bound=plan.bound,
        unscheduled_bound=plan.unscheduled_bound,
        figures=figures,
        changes=ChangeCounts(**changes) if changes is not None else None,
        failure=plan.failure,
        faults=[fault for fault in plan.faults if not names_any(fault, secret)],
        revision=plan.revision,
    )


def assignment_answers(session: Session, plan_id: int, rows: Sequence[Assignment]) -> list[AssignmentOut]:
    """Some assignments of one plan; six queries."""
    around = gather(session, rows)
    newest = newest_versions(session)
    published = offices_published_from(session, plan_id)
    return [AssignmentOut(**fields_of(row, around, _standing(row, newest, published))) for row in rows]


def _standing(row: Assignment, newest: Mapping[int, PublishedVersion], published: set[int]) -> AssignmentStatus:
    version = newest.get(row.office_id)
    if version is not None and version.plan_id == row.plan_id:
        return "in_force" if row.first_on <= version.until else "outlook"
    return "superseded" if row.office_id in published else "draft"
