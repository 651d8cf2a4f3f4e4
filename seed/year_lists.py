"""The yearly lists of the demonstration: every office may carry out what the programmes ask of its units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlmodel import Session, col, select

from app.accounts.settings import load_rules
from app.models import InspecteeKind, Office, Programme, Region, RegionLevel, YearList, YearListItem, YearListRule
from seed.programmes import BURDEN_LAW_FROM, IN_FORCE_FROM
from seed.report import Part
from seed.rows import PLAN, UNVERIFIED, id_of, stored

YEARS = range(2022, 2026)
FILED_ON = IN_FORCE_FROM
"""The lists were filed when the programmes came into force: of 2022 in mid-year, of the later years ahead."""


def load_year_lists(session: Session, years: Iterable[int] = YEARS, filed_on: date = FILED_ON) -> Part:
    """File the lists of these years for every office, and say since when a list is asked for."""
    rules = stored(session, _rules()) if session.exec(select(YearListRule).limit(1)).first() is None else []
    offices = session.exec(
        select(Office, Region).join(Region, col(Region.id) == col(Office.region_id)).order_by(col(Region.adcode))
    ).all()
    lists = stored(
        session,
        [
            YearList(office_id=id_of(office), year=year, filed_on=filed_on, source=UNVERIFIED)
            for year in years
            for office, _ in offices
        ],
    )
    levels = {id_of(office): region.level for office, region in offices}
    items = stored(session, list(_items(session, lists, levels)))
    return Part("年度督导清单", (("规定", len(rules)), ("清单（默认值）", len(lists)), ("项目", len(items))))


def _rules() -> list[YearListRule]:
    return [
        YearListRule(
            required=True,
            first_on=IN_FORCE_FROM,
            last_on=BURDEN_LAW_FROM - timedelta(days=1),
            law=False,
            basis=f"本地设置（默认启用）：督导实行年度清单，未列入的不实施；{PLAN}要求规范对学校的各类检查、考核、评比",
        ),
        YearListRule(
            required=True,
            first_on=BURDEN_LAW_FROM,
            law=True,
            basis="教师厅〔2025〕2号（2025-10-14）第二条：督导实行年度清单管理，年初备案，未列入清单的不得实施",
        ),
    ]


def _items(session: Session, lists: list[YearList], levels: dict[int, RegionLevel]) -> Iterator[YearListItem]:
    """The programmes in force in the year that cover units of the office's level."""
    owner_of = load_rules(session).owner_of
    programmes = session.exec(select(Programme).order_by(col(Programme.code), col(Programme.version))).all()
    for each in lists:
        codes = {
            row.code
            for row in programmes
            if row.in_force_from.year <= each.year <= (row.in_force_to or date.max).year
            and (
                not row.covers
                or any(owner_of(InspecteeKind(kind)) == levels[each.office_id].value for kind in row.covers)
            )
        }
        for code in sorted(codes):
            yield YearListItem(list_id=id_of(each), programme_code=code, filed_on=each.filed_on)
