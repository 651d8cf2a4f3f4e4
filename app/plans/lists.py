"""What changed against the plan before, what is unscheduled and why, and what is covered, as lists."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from app.accounts.rights import Actor
from app.assignments.answers import served_answers
from app.assignments.queries import inspectees_of, served_by, visits_of
from app.assignments.reader import Placement
from app.assignments.schemas import PersonOut
from app.assignments.visibility import secret_phases, secret_visits
from app.core.paging import Page, fetch_page, page_of
from app.demand.coverage import Coverage, Secret
from app.demand.schemas import CoverageOut, CoverageQuery
from app.inspectors.queries import inspector_names
from app.planning.labels import Names
from app.planning.redaction import unnamed_reason
from app.planning.wording import Window, wording
from app.plans import queries
from app.plans.diff import Change, changes
from app.plans.figures import placements_before_and_after
from app.plans.queries import VisitOfInspectee
from app.plans.schemas import ChangeOut, ChangeQuery, PlacementOut, ReasonOut, UnscheduledOut, UnscheduledQuery


def list_changes(session: Session, user: Actor, plan_id: int, query: ChangeQuery) -> Page[ChangeOut]:
    """A page of what changed, by day; a plan that is based on none has no changes."""
    plan = queries.find_owned_plan(session, user, plan_id)
    if plan.based_on_id is None:
        return page_of([], 0, query)
    before, after = placements_before_and_after(session, plan)
    inspectees = queries.inspectees_of_visits(session, [plan.based_on_id, plan_id])
    secret = {key for _, key in secret_visits(session, user, [plan.based_on_id, plan_id])}
    wanted = [
        change
        for change in changes(before, after)
        if change.visit not in secret and _is_wanted(change, inspectees, query)
    ]
    page = wanted[(query.page - 1) * query.page_size :][: query.page_size]
    shown = [each for change in page for each in (change.before, change.after) if each is not None]
    names = inspector_names(session, sorted({member for each in shown for member in each.team}))
    return page_of([_change(change, inspectees[change.visit], names) for change in page], len(wanted), query)


def _is_wanted(change: Change, inspectees: Mapping[str, VisitOfInspectee], query: ChangeQuery) -> bool:
    is_of_office = query.office is None or inspectees[change.visit].office_id == query.office
    return is_of_office and (query.kind is None or change.kind == query.kind)


def _change(change: Change, visit: VisitOfInspectee, names: Mapping[int, str]) -> ChangeOut:
    return ChangeOut(
        visit=change.visit,
        kind=change.kind,
        inspectee_id=visit.inspectee_id,
        inspectee=visit.inspectee,
        office_id=visit.office_id,
        before=_placement(change.before, names),
        after=_placement(change.after, names),
    )


def _placement(placement: Placement | None, names: Mapping[int, str]) -> PlacementOut | None:
    if placement is None:
        return None
    team = [PersonOut(id=member, name=names[member]) for member in placement.team]
    return PlacementOut(
        first_on=placement.first_on, half=placement.half, team=sorted(team, key=lambda person: person.name)
    )


def list_unscheduled(session: Session, user: Actor, plan_id: int, query: UnscheduledQuery) -> Page[UnscheduledOut]:
    """A page of the unscheduled visits, those with the earliest deadline first."""
    queries.find_plan(session, user, plan_id)
    rows, total = fetch_page(session, queries.unscheduled(user, plan_id, query), query)
    visits = visits_of(session, [row.visit_id for row in rows])
    inspectees = inspectees_of(session, [visit.inspectee_id for visit in visits.values()])
    served = served_by(session, list(visits))
    names = Names.of(session, [row.reasons for row in rows])
    secret = {key for _, key in secret_visits(session, user, [plan_id])}
    items = []
    for row in rows:
        visit = visits[row.visit_id]
        items.append(
            UnscheduledOut(
                visit=visit.key,
                inspectee_id=visit.inspectee_id,
                inspectee=inspectees[visit.inspectee_id].name,
                office_id=visit.office_id,
                half_days=visit.half_days,
                earliest=visit.earliest,
                latest=visit.latest,
                late=visit.late,
                serves=served_answers(served.get(row.visit_id, [])),
                reasons=[
                    ReasonOut(
                        code=reason["code"],
                        details={name: value for name, value in reason.items() if name != "code"},
                        message=wording(reason, names, Window(visit.earliest, visit.latest)),
                    )
                    for reason in (unnamed_reason(each, secret) for each in row.reasons)
                ],
            )
        )
    return page_of(items, total, query)


def list_coverage(session: Session, user: Actor, plan_id: int, query: CoverageQuery) -> Page[CoverageOut]:
    """A page of what the rules owe every inspectee; of a plan that is not the own, the own office's part."""
    plan = queries.find_plan(session, user, plan_id)
    if not queries.is_owned(session, user, plan_id):
        query = query.model_copy(update={"office": user.office_id})
    secret = {key for _, key in secret_visits(session, user, [plan_id])}
    return Coverage(session, plan, Secret(secret, secret_phases(session, user))).page(query)
