"""What may be done with yearly lists, and their rules.

A list is filed at the start of the year; what is added after the filing day needs an approval (教师厅〔2025〕2号,
item 2, in force from 2025-10-14; on days before, a local setting). ``YearListRule`` says on which days it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require, require_change
from app.accounts.settings import load_rules
from app.core.errors import Conflict, Refused
from app.core.fields import End, require_order
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of, referred
from app.models import Office, YearList, YearListItem, YearListRule
from app.regions.queries import office_names
from app.year_lists import queries
from app.year_lists.schemas import (
    ItemCreate,
    ItemOut,
    RuleCreate,
    RulePatch,
    YearListCreate,
    YearListOut,
    YearListQuery,
)


def list_all(session: Session, user: Actor, query: YearListQuery) -> Page[YearListOut]:
    """A page of lists with their items; the number of queries does not depend on how many there are."""
    require(user, Noun.YEAR_LIST, Act.READ)
    rows, total = fetch_page(session, queries.listed(user, query), query)
    return page_of(describe(session, rows), total, query)


def describe(session: Session, rows: Sequence[YearList]) -> list[YearListOut]:
    """Lists with their items and the names of offices and programmes: four queries."""
    items = queries.items_of(session, [id_of(row) for row in rows])
    programmes, offices = queries.programme_names(session), office_names(session)
    rules = load_rules(session)
    return [
        YearListOut(
            **row.model_dump(),
            office=offices[row.office_id],
            filing_on=rules.filing_on(row.year),
            items=[
                ItemOut(
                    **item.model_dump(exclude={"list_id"}),
                    programme=programmes.get(item.programme_code, item.programme_code),
                )
                for item in items.get(id_of(row), [])
            ],
        )
        for row in rows
    ]


def file(ledger: Ledger, wanted: YearListCreate) -> YearList:
    """File the list of an office for a year, dated with the working date."""
    office = referred(ledger.session, Office, wanted.office_id, "office_id", "督导机构")
    require_change(ledger.asker, Noun.YEAR_LIST, office_id=office.id)
    present = queries.of_office(ledger.session, wanted.office_id, wanted.year)
    if present is not None:
        raise Conflict(
            "year_list_exists",
            f"“{office.name}”已有 {wanted.year} 年的年度督导清单。请在其中增列项目。",
            {"year_list_id": present.id, "office_id": office.id, "year": wanted.year},
        )
    year_list = YearList(
        office_id=wanted.office_id, year=wanted.year, filed_on=ledger.clock.today(), source=wanted.source
    )
    ledger.add(year_list)
    for item in wanted.items:
        _put_on(ledger, year_list, item)
    return year_list


def add_item(ledger: Ledger, list_id: int, wanted: ItemCreate) -> YearList:
    """Put a programme on a list."""
    year_list = _changeable(ledger, list_id)
    _put_on(ledger, year_list, wanted)
    return year_list


def _put_on(ledger: Ledger, year_list: YearList, wanted: ItemCreate) -> None:
    _require_programme(ledger.session, year_list, wanted.programme_code)
    items = queries.items_of(ledger.session, [id_of(year_list)]).get(id_of(year_list), [])
    if any(item.programme_code == wanted.programme_code for item in items):
        raise Conflict(
            "already_on_year_list",
            f"{year_list.year} 年的年度督导清单已列有“{wanted.programme_code}”。",
            {"year_list_id": year_list.id, "programme": wanted.programme_code},
        )
    _require_approval(ledger, year_list.year, wanted)
    item = YearListItem(list_id=id_of(year_list), filed_on=ledger.clock.today(), **wanted.model_dump())
    ledger.add(item)


def _require_programme(session: Session, year_list: YearList, code: str) -> None:
    """A programme that is in force on some day of the year."""
    if not queries.versions_in(session, code, date(year_list.year, 1, 1), date(year_list.year, 12, 31)):
        raise Refused(
            "programme_not_in_force",
            f"{year_list.year} 年没有施行代码为“{code}”的督导项目。请核对项目代码和年份。",
            {"programme": code, "year": year_list.year},
        )


def _require_approval(ledger: Ledger, year: int, wanted: ItemCreate) -> None:
    """After the filing day an item needs an approval number, if a list was asked for on that day at all."""
    filing_on = load_rules(ledger.session).filing_on(year)
    today = ledger.clock.today()
    asked = any(rule.required for rule in queries.rules_touching(ledger.session, filing_on, filing_on))
    if asked and today > filing_on and not wanted.approval_number:
        raise Refused(
            "approval_required",
            f"{year} 年的年度督导清单应于 {filing_on} 前备案，今日 {today} 增列“{wanted.programme_code}”须附批准文号"
            "（approval_number）。请先报批。",
            {"programme": wanted.programme_code, "year": year, "filing_on": filing_on.isoformat()},
        )


def take_off(ledger: Ledger, list_id: int, item_id: int) -> YearList:
    """Take a programme off a list, up to the filing day; afterwards what was filed stays."""
    year_list = _changeable(ledger, list_id)
    item = queries.get_item(ledger.session, year_list, item_id)
    filing_on = load_rules(ledger.session).filing_on(year_list.year)
    if ledger.clock.today() > filing_on:
        raise Conflict(
            "year_list_filed",
            f"{year_list.year} 年的年度督导清单已于 {filing_on} 截止备案，不能再删去项目；不实施即可。",
            {"year_list_id": year_list.id, "filing_on": filing_on.isoformat()},
        )
    ledger.remove(item, f"“{item.programme_code}”")
    return year_list


def _changeable(ledger: Ledger, list_id: int) -> YearList:
    year_list = queries.get(ledger.session, ledger.asker, list_id)
    require_change(ledger.asker, Noun.YEAR_LIST, office_id=year_list.office_id)
    return year_list


def create_rule(ledger: Ledger, wanted: RuleCreate) -> YearListRule:
    """Say from which day on a list is asked for, or is not."""
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    _require_free_days(ledger.session, wanted.first_on, wanted.last_on, None)
    return ledger.add(YearListRule(**wanted.model_dump()))


def change_rule(ledger: Ledger, rule_id: int, patch: RulePatch) -> YearListRule:
    """Change a rule."""
    rule = _changeable_rule(ledger, rule_id)
    changes = patch.changes()
    first_on, last_on = changes.get("first_on", rule.first_on), changes.get("last_on", rule.last_on)
    _require_free_days(ledger.session, first_on, last_on, rule.id)
    return ledger.change(rule, changes)


def end_rule(ledger: Ledger, rule_id: int, end: End) -> YearListRule:
    """Let a rule be in force no longer than a day."""
    rule = _changeable_rule(ledger, rule_id)
    if rule.last_on is not None and rule.last_on <= end.on:
        raise Conflict("already_ended", f"该年度清单规定已于 {rule.last_on} 失效。", {"last_on": rule.last_on})
    require_order(rule.first_on, end.on)
    return ledger.change(rule, {"last_on": end.on}, action="end", reason=end.reason)


def _changeable_rule(ledger: Ledger, rule_id: int) -> YearListRule:
    rule = queries.get_rule(ledger.session, ledger.asker, rule_id)
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    return rule


def _require_free_days(session: Session, first_on: date, last_on: date | None, besides: int | None) -> None:
    require_order(first_on, last_on)
    for present in queries.rules_touching(session, first_on, last_on, besides):
        raise Conflict(
            "year_list_rules_overlap",
            f"自 {present.first_on} 起已有年度清单规定“{present.basis}”，日期不能重叠。请先更改那一条的结束日期。",
            {"rule_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )
