"""What forbids publishing a plan, and the log of its edits, as lists."""

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
from app.drafts.schemas import EditOut, EditQuery, ViolationOut, ViolationQuery
from app.models import PlanState
from app.planning.redaction import unnamed
from app.plans import queries
from app.publications.guards import violations_of
from app.publications.proposal import Proposal

ItemT = TypeVar("ItemT")


def list_faults(session: Session, clock: Clock, user: Actor, plan_id: int, query: ViolationQuery) -> Page[ViolationOut]:
    """A page of what forbids to publish a solved plan whole, of the visits that the user may see.

    The guards are those of a publication. A plan that ended without an answer lists the rules that were broken.
    """
    plan = queries.find_owned_plan(session, user, plan_id)
    if plan.state not in (PlanState.SOLVED, PlanState.PUBLISHED):
        return page_of(
            [ViolationOut.model_validate(each) for each in _slice(plan.faults, query)], len(plan.faults), query
        )
    proposal = Proposal(session, plan, plan.office_ids, clock.today(), date.max)
    found = violations_of(proposal)
    offices = {**proposal.changed_history, **offices_of_visible_visits(session, user, plan_id)}
    wanted = [each for each in found if each.visit in offices and query.office in (None, offices[each.visit])]
    secret = answers.secrets_of(session, user, plan)
    shown = [unnamed(each, secret) for each in _slice(wanted, query)]
    return page_of(answers.violation_answers(session, plan_id, shown, proposal.offices_of_visits), len(wanted), query)


def _slice(items: Sequence[ItemT], query: ViolationQuery) -> Sequence[ItemT]:
    return items[(query.page - 1) * query.page_size :][: query.page_size]


def list_edits(session: Session, user: Actor, plan_id: int, query: EditQuery) -> Page[EditOut]:
    """A page of a plan's edits, the newest first."""
    plan = queries.find_owned_plan(session, user, plan_id)
    rows, total = fetch_page(session, edits(user, plan_id, query), query)
    secret = answers.secrets_of(session, user, plan)
    return page_of(answers.edit_answers(session, rows, secret), total, query)
