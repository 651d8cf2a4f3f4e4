"""What of a plan stands against the duties of its offices: programmes on no yearly list, schools visited too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from app.calendars.words import SEASONS
from app.demand.totals import over_limit
from app.planning.names import inspectee_name
from app.planning.publication import Fault
from app.regions.queries import office_names
from app.year_lists import queries
from app.year_lists.guard import unlisted


def office_faults(session: Session, plan_id: int, office_ids: Sequence[int], today: date, until: date) -> list[Fault]:
    """The faults for which publishing these offices' shares up to a day would be refused, each at one of the visits."""
    return [
        *_not_on_lists(session, plan_id, office_ids, today, until),
        *_too_often(session, plan_id, office_ids, today, until),
    ]


def _not_on_lists(session: Session, plan_id: int, office_ids: Sequence[int], today: date, until: date) -> list[Fault]:
    programmes, offices = queries.programme_names(session), office_names(session)
    return [
        Fault(
            "year_list",
            each.visit,
            {
                "office": offices[each.office_id],
                "year": each.year,
                "programme": each.programme_code,
                "programme_name": programmes.get(each.programme_code, each.programme_code),
                "visits": each.visits,
            },
        )
        for each in unlisted(session, plan_id, office_ids, today, until)
    ]


def _too_often(session: Session, plan_id: int, office_ids: Sequence[int], today: date, until: date) -> list[Fault]:
    return [
        Fault(
            count.code,
            count.last_new or "",
            {
                "inspectee": inspectee_name(count.unit.id or 0),
                "year": count.year,
                "term": f"{count.year} 年{SEASONS[count.season]}" if count.season is not None else None,
                "visits": count.visits,
                "most": count.most,
            },
        )
        for count in over_limit(session, plan_id, office_ids, today, until)
    ]
