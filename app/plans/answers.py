"""Rows into answers: each list in a fixed number of queries, however long it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, Reach, reach
from app.core.rows import id_of
from app.models import Assignment, Inspectee, Plan, PlannedVisit, PublishedVersion
from app.planning.redaction import names_any
from app.planning.visibility import secret_visits
from app.plans import queries
from app.plans.queries import Member
from app.plans.schemas import (
    AssignmentOut,
    ChangeCounts,
    PersonOut,
    PlanOut,
    ProgressOut,
    ServedOut,
    Standing,
    VersionOut,
)


def plan_answers(session: Session, user: Actor, rows: Sequence[Plan]) -> list[PlanOut]:
    """Some plans, each with the figures of those offices alone that the user may see."""
    regions = queries.region_names(session, [plan.region_id for plan in rows])
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


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to the assignments of a page."""

    visits: Mapping[int, PlannedVisit]
    units: Mapping[int, Inspectee]
    teams: Mapping[int, list[Member]]
    served: Mapping[int, list[tuple[str, str]]]


def gather(session: Session, rows: Sequence[Assignment]) -> Around:
    """What belongs to some assignments; four queries."""
    visit_ids = [row.visit_id for row in rows]
    return Around(
        visits=queries.visits_of(session, visit_ids),
        units=queries.inspectees_of(session, [row.inspectee_id for row in rows]),
        teams=queries.teams_of(session, [id_of(row) for row in rows]),
        served=queries.served_by(session, visit_ids),
    )


def assignment_answers(session: Session, plan_id: int, rows: Sequence[Assignment]) -> list[AssignmentOut]:
    """Some assignments of one plan; six queries."""
    around = gather(session, rows)
    newest = queries.newest_versions(session)
    published = queries.offices_published_from(session, plan_id)
    return [AssignmentOut(**fields_of(row, around, _standing(row, newest, published))) for row in rows]


def _standing(row: Assignment, newest: Mapping[int, PublishedVersion], published: set[int]) -> Standing:
    version = newest.get(row.office_id)
    if version is not None and version.plan_id == row.plan_id:
        return "in_force" if row.first_on <= version.until else "outlook"
    return "superseded" if row.office_id in published else "draft"


def fields_of(row: Assignment, around: Around, standing: Standing) -> dict[str, Any]:
    """The fields of an assignment's answer."""
    visit = around.visits[row.visit_id]
    unit = around.units[row.inspectee_id]
    team = around.teams.get(id_of(row), [])
    return {
        "id": id_of(row),
        "plan_id": row.plan_id,
        "visit": visit.key,
        "inspectee_id": row.inspectee_id,
        "inspectee": unit.name,
        "region_id": unit.region_id,
        "office_id": row.office_id,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "half": row.half,
        "half_days": row.half_days,
        "team": people(team),
        "leader": next((person for person in people(team) if person.id == row.leader_id), None),
        "serves": served(around.served.get(row.visit_id, [])),
        "late": visit.late,
        "carried_out": row.carried_out,
        "locked": row.locked,
        "standing": standing,
    }


def people(members: Sequence[Member]) -> list[PersonOut]:
    """Members of a team as an answer."""
    return [PersonOut(id=member.id, name=member.name) for member in members]


def served(programmes: Sequence[tuple[str, str]]) -> list[ServedOut]:
    """Programmes and phases as an answer."""
    return [ServedOut(programme=programme, phase=phase) for programme, phase in programmes]


def version_answers(session: Session, rows: Sequence[PublishedVersion]) -> list[VersionOut]:
    """Some versions; three queries."""
    newest = {id_of(version) for version in queries.newest_versions(session).values()}
    names = queries.office_names(session)
    visits = queries.visits_begun_by(session, [id_of(row) for row in rows])
    return [
        VersionOut(
            id=id_of(row),
            office_id=row.office_id,
            office=names[row.office_id],
            number=row.number,
            plan_id=row.plan_id,
            until=row.until,
            published_at=row.published_at,
            in_force=id_of(row) in newest,
            visits=visits.get(id_of(row), 0),
        )
        for row in rows
    ]
