"""Rows of yearly lists for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from app.models import Office, YearList, YearListItem, YearListRule
from tests.app.builders import added, id_of

LOCAL, LAW = "本地设置", "教师厅〔2025〕2号"


def a_rule(session: Session, **changes: Any) -> YearListRule:
    """A local rule from 2022-06-28 on: only what is on the list may be carried out."""
    fields: dict[str, Any] = {"required": True, "first_on": date(2022, 6, 28), "law": False, "basis": LOCAL}
    return added(session, YearListRule(**fields | changes))


def a_list(session: Session, office: Office, year: int, codes: Sequence[str] = ()) -> YearList:
    """The list of an office for a year, filed on 10 January of it."""
    filed_on = date(year, 1, 10)
    year_list = added(session, YearList(office_id=id_of(office), year=year, filed_on=filed_on))
    for code in codes:
        added(session, YearListItem(list_id=id_of(year_list), programme_code=code, filed_on=filed_on))
    return year_list
