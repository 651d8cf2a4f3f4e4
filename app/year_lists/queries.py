"""Every select of yearly lists, their items and the rules that ask for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.models import Programme, YearList, YearListItem, YearListRule
from app.year_lists.schemas import RuleQuery, YearListQuery


def visible_to(user: Actor) -> SelectOfScalar[YearList]:
    """The lists that the user may see."""
    return select(YearList).where(condition(user, Noun.YEAR_LIST, Act.READ, office=col(YearList.office_id)))


def listed(user: Actor, query: YearListQuery) -> SelectOfScalar[YearList]:
    """The lists, newest year first."""
    statement = visible_to(user)
    if query.office_id is not None:
        statement = statement.where(YearList.office_id == query.office_id)
    if query.year is not None:
        statement = statement.where(YearList.year == query.year)
    if query.programme is not None:
        stands_on = sa.exists().where(
            col(YearListItem.list_id) == col(YearList.id), col(YearListItem.programme_code) == query.programme
        )
        statement = statement.where(stands_on.correlate(YearList))
    return statement.order_by(col(YearList.year).desc(), col(YearList.office_id))


def get(session: Session, user: Actor, list_id: int) -> YearList:
    """One list among those that the user may see."""
    found = session.exec(visible_to(user).where(YearList.id == list_id)).first()
    if found is None:
        raise NotFound("year_list_not_found", f"没有编号为 {list_id} 的年度督导清单。请核对编号。", {"id": list_id})
    return found


def of_office(session: Session, office_id: int, year: int) -> YearList | None:
    """The list of an office for a year."""
    return session.exec(select(YearList).where(YearList.office_id == office_id, YearList.year == year)).first()


def items_of(session: Session, list_ids: Iterable[int]) -> Mapping[int, list[YearListItem]]:
    """The items of some lists, by programme: one query."""
    rows = session.exec(
        select(YearListItem)
        .where(col(YearListItem.list_id).in_(list(list_ids)))
        .order_by(col(YearListItem.programme_code), col(YearListItem.id))
    ).all()
    by_list: dict[int, list[YearListItem]] = defaultdict(list)
    for row in rows:
        by_list[row.list_id].append(row)
    return by_list


def get_item(session: Session, year_list: YearList, item_id: int) -> YearListItem:
    """One item of a list."""
    found = session.get(YearListItem, item_id)
    if found is None or found.list_id != year_list.id:
        words = f"该年度督导清单没有编号为 {item_id} 的项目。请核对编号。"
        raise NotFound("year_list_item_not_found", words, {"id": item_id})
    return found


def programme_names(session: Session) -> Mapping[str, str]:
    """The name of every programme by code, as its newest version has it: one query."""
    rows = session.exec(select(Programme.code, Programme.name).order_by(col(Programme.version))).all()
    return dict(rows)


def versions_in(session: Session, code: str, first: date, last: date) -> Sequence[Programme]:
    """The versions of a programme that are in force on one of these days."""
    ends = col(Programme.in_force_to)
    return session.exec(
        select(Programme).where(
            Programme.code == code, Programme.in_force_from <= last, sa.or_(ends.is_(None), ends >= first)
        )
    ).all()


def visible_rules(user: Actor) -> SelectOfScalar[YearListRule]:
    """The rules that the user may see."""
    return select(YearListRule).where(condition(user, Noun.PROGRAMME, Act.READ))


def listed_rules(user: Actor, query: RuleQuery) -> SelectOfScalar[YearListRule]:
    """The rules, by first day."""
    statement = visible_rules(user)
    if query.in_force_on is not None:
        statement = statement.where(_touches(query.in_force_on, query.in_force_on))
    return statement.order_by(col(YearListRule.first_on), col(YearListRule.id))


def get_rule(session: Session, user: Actor, rule_id: int) -> YearListRule:
    """One rule among those that the user may see."""
    found = session.exec(visible_rules(user).where(YearListRule.id == rule_id)).first()
    if found is None:
        words = f"没有编号为 {rule_id} 的年度清单规定。请核对编号。"
        raise NotFound("year_list_rule_not_found", words, {"id": rule_id})
    return found


def rules_touching(session: Session, first: date, last: date | None, besides: int | None = None) -> list[YearListRule]:
    """The rules in force on one of these days, first ones first."""
    statement = select(YearListRule).where(_touches(first, last)).order_by(col(YearListRule.first_on))
    if besides is not None:
        statement = statement.where(YearListRule.id != besides)
    return list(session.exec(statement).all())


def _touches(first: date, last: date | None) -> sa.ColumnElement[bool]:
    ends = col(YearListRule.last_on)
    begun = sa.true() if last is None else col(YearListRule.first_on) <= last
    return sa.and_(sa.or_(ends.is_(None), ends >= first), begun)
