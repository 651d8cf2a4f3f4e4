"""What of a plan may not be published because its programme is not on the office's list of the year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.errors import Conflict
from app.models import Assignment, PlannedVisit, ServedProgramme, YearList, YearListItem, YearListRule
from app.regions.queries import office_names
from app.year_lists import queries


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Visits of an office in a year that serve a programme which is not on its list, and the rule that asks for it.

    ``visit`` is the key of one of them.
    """

    office_id: int
    office: str
    year: int
    programme_code: str
    programme: str
    visits: int
    first_on: date
    visit: str
    rule: YearListRule


def refusal(plan_id: int, found: Sequence[Unlisted], today: date) -> Conflict:
    """The refusal of a publication of what is on no list, which names programme, office and year."""
    lines = [_line(each, today) for each in found]
    return Conflict(
        "not_on_year_list",
        f"日程 {plan_id} 不能发布：{lines[0]}"
        "请先把项目列入该机构当年的年度督导清单（过备案截止日的须附批准文号），或缩短生效截止日。",
        {
            "plan": plan_id,
            "number": len(found),
            "unlisted": [
                {
                    "office": each.office_id,
                    "year": each.year,
                    "programme": each.programme_code,
                    "visits": each.visits,
                    "first_on": each.first_on.isoformat(),
                    "message": line,
                }
                for each, line in zip(found, lines, strict=True)
            ],
        },
    )


def _line(each: Unlisted, today: date) -> str:
    """The violation in words; a basis that did not exist yet on the working date is not cited."""
    basis = f"（{each.rule.basis}）" if each.rule.first_on <= today else ""
    return (
        f"“{each.office}”{each.year} 年的年度督导清单没有“{each.programme}”，"
        f"其中 {each.visits} 次督导（最早 {each.first_on}）不能实施{basis}。"
    )


def unlisted(session: Session, plan_id: int, office_ids: Sequence[int], today: date, until: date) -> list[Unlisted]:
    """What of some offices' shares of a plan is on no list, by rule, year and office.

    What began before the working date is history and is not asked. The number of queries depends on that of the
    rules alone.
    """
    names = queries.programme_names(session), office_names(session)
    return [
        each
        for rule in queries.rules_touching(session, today, until)
        if rule.required
        for each in _unlisted_under(
            session,
            rule,
            plan_id,
            office_ids,
            (max(today, rule.first_on), min(until, rule.last_on or until)),
            names,
        )
    ]


Names = tuple[Mapping[str, str], Mapping[int, str]]
"""Of programmes by code, and of offices."""


def _unlisted_under(
    session: Session,
    rule: YearListRule,
    plan_id: int,
    office_ids: Sequence[int],
    days: tuple[date, date],
    names: Names,
) -> Iterator[Unlisted]:
    year = sa.extract("year", col(Assignment.first_on))
    on_list = (
        sa.exists()
        .where(
            col(YearListItem.list_id) == col(YearList.id),
            col(YearList.office_id) == col(Assignment.office_id),
            col(YearList.year) == year,
            col(YearListItem.programme_code) == col(ServedProgramme.programme_code),
        )
        .correlate(Assignment, ServedProgramme)
    )
    rows = session.execute(
        sa.select(
            col(Assignment.office_id),
            year,
            col(ServedProgramme.programme_code),
            sa.func.count(col(Assignment.id).distinct()),
            sa.func.min(col(Assignment.first_on)),
            sa.func.min(col(PlannedVisit.key)),
        )
        .join(PlannedVisit, col(PlannedVisit.id) == col(Assignment.visit_id))
        .join(ServedProgramme, col(ServedProgramme.visit_id) == col(Assignment.visit_id))
        .where(
            col(Assignment.plan_id) == plan_id,
            col(Assignment.office_id).in_(office_ids),
            col(Assignment.first_on).between(*days),
            ~on_list,
        )
        .group_by(col(Assignment.office_id), year, col(ServedProgramme.programme_code))
        .order_by(year, col(Assignment.office_id), col(ServedProgramme.programme_code))
    )
    for office_id, of_year, code, visits, first_on, key in rows:
        programmes, offices = names
        yield Unlisted(
            office_id, offices[office_id], int(of_year), code, programmes.get(code, code), visits, first_on, key, rule
        )
