"""What schools receive of inspections, as figures: of all offices together, by year and by term."""

from __future__ import annotations

from sqlmodel import Session

from app.accounts.rights import Act, Actor, Noun, may, require
from app.core.clock import Clock
from app.core.paging import Page, page_of
from app.core.rows import id_of
from app.demand.totals import Count, Totals, held_as_known
from app.models import Inspectee
from app.plans.queries import find_owned_plan
from app.reports.schemas import BurdenTotalOut, BurdenTotalQuery


def burden_totals(session: Session, clock: Clock, user: Actor, query: BurdenTotalQuery) -> Page[BurdenTotalOut]:
    """A page of counts, by school; what the user may not see is in none of them."""
    require(user, Noun.VISIT, Act.READ)
    plan = find_owned_plan(session, user, query.plan) if query.plan is not None else None
    today = clock.today()
    held = held_as_known(session, user.office_id, today, query.plan, plan.office_ids if plan is not None else ())
    year = query.year or today.year
    found = [
        count
        for count in Totals(session, held).of_years(year, year)
        if _is_visible(user, count.inspectee) and _matches(count, query)
    ]
    first = (query.page - 1) * query.page_size
    return page_of([_output(count) for count in found[first : first + query.page_size]], len(found), query)


def _is_visible(user: Actor, inspectee: Inspectee) -> bool:
    return may(user, Noun.VISIT, Act.READ, office_id=inspectee.owner_office_id, region_id=inspectee.region_id)


def _matches(count: Count, query: BurdenTotalQuery) -> bool:
    inspectee = count.inspectee
    return (
        (query.region_id is None or inspectee.region_id == query.region_id)
        and (query.office_id is None or inspectee.owner_office_id == query.office_id)
        and (query.inspectee_id is None or inspectee.id == query.inspectee_id)
        and (query.over is None or count.is_over is query.over)
    )


def _output(count: Count) -> BurdenTotalOut:
    inspectee = count.inspectee
    return BurdenTotalOut(
        inspectee_id=id_of(inspectee),
        inspectee=inspectee.name,
        region_id=inspectee.region_id,
        office_id=inspectee.owner_office_id,
        year=count.year,
        season=count.season,
        visits=count.visits,
        comprehensive=count.comprehensive,
        most=count.most,
        over=count.is_over,
        message=count.message() if count.is_over else None,
    )
