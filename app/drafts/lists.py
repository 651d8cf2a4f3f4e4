"""The faults of a plan and the log of its edits, as lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlmodel import Session

from app.accounts.rights import Actor
from app.core.clock import Clock
from app.core.paging import Page, fetch_page, page_of
from app.drafts import answers
from app.drafts.queries import edits, offices_of_visible_visits
from app.drafts.schemas import EditOut, EditQuery, FaultOut, FaultQuery
from app.models import PlanState
from app.planning.redaction import unnamed
from app.plans import queries
from app.publications.guards import office_faults
from app.publications.service import Share

ItemT = TypeVar("ItemT")


def list_faults(session: Session, clock: Clock, user: Actor, plan_id: int, query: FaultQuery) -> Page[FaultOut]:
    """A page of what keeps a solved plan from being published whole, of the visits that the user may see.

    Its own faults, those with what other offices have in force at this moment, leaves asked for since, programmes on no
    yearly list and schools visited too often. A plan that ended without an answer lists the rules that were broken.
    """
    plan = queries.find_owned_plan(session, user, plan_id)
    if plan.state not in (PlanState.SOLVED, PlanState.PUBLISHED):
        return page_of([FaultOut.model_validate(each) for each in _slice(plan.faults, query)], len(plan.faults), query)
    share = Share(session, plan, plan.office_ids, date.max)
    visible = offices_of_visible_visits(session, user, plan_id)
    today = clock.today()
    found = [
        *share.faults_with_all_others(),
        *share.absences(today),
        *office_faults(session, plan_id, plan.office_ids, today, date.max),
    ]
    faults = [fault for fault in found if fault.visit in visible and query.office in (None, visible[fault.visit])]
    secret = answers.secrets_of(session, user, plan)
    shown = [unnamed(fault, secret) for fault in _slice(faults, query)]
    return page_of(answers.fault_answers(session, plan_id, shown, share.offices_of_visits), len(faults), query)


def _slice(items: Sequence[ItemT], query: FaultQuery) -> Sequence[ItemT]:
    return items[(query.page - 1) * query.page_size :][: query.page_size]


def list_edits(session: Session, user: Actor, plan_id: int, query: EditQuery) -> Page[EditOut]:
    """A page of a plan's edits, the newest first."""
    plan = queries.find_owned_plan(session, user, plan_id)
    rows, total = fetch_page(session, edits(user, plan_id, query), query)
    secret = answers.secrets_of(session, user, plan)
    return page_of(answers.edit_answers(session, rows, secret), total, query)
