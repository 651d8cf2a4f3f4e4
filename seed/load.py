"""Loads Chifeng's data in one transaction, theme by theme; what is there already is left as it is.

A theme whose rows exist, in whatever number, belongs to the office: neither what people changed nor what they removed
comes back. Only the calendar is looked at year by year, so that a later run adds the years that are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app.accounts.settings import load_rules
from app.core.clock import Clock
from app.core.db import writing
from app.core.security import Passwords
from app.models import (
    Aim,
    CalendarYear,
    CostRate,
    EvaluationMethod,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    Programme,
    Region,
    Round,
    User,
    ValidationTarget,
    YearList,
)
from seed.accounts import BANNER_ADCODE, INSPECTOR_CODE, load_accounts
from seed.budget import load_aims, load_rates
from seed.calendar import YEARS, load_calendar
from seed.moving import begin, move
from seed.programmes import load_methods, load_programmes, load_rounds
from seed.region import CITY, load_regions, load_targets, tree_of
from seed.report import FirstAccount, Part, SeedReport
from seed.rows import id_of
from seed.scenarios import Scenario
from seed.synthetic.register import load_register
from seed.topics import YEARS as YEARS_WITH_TOPICS
from seed.topics import load_leader_weeks, load_monitoring, load_topics
from seed.year_lists import load_year_lists

SEED_NUMBER = 20220901
"""Draws the made-up data of the demonstration."""


class ForeignRegisterError(Exception):
    """The database holds regions, but not those of Chifeng: it is another city's, and nothing is loaded into it."""

    def __init__(self, adcodes: list[str]) -> None:
        super().__init__(f"数据库中已有其他地区（{'、'.join(adcodes)}），没有赤峰市及其旗县区，未载入任何数据。")
        self.adcodes = adcodes


@dataclass(frozen=True, slots=True)
class Wish:
    """Which scenario the demonstration is to be in, and which working date it is to have reached; none as it is."""

    scenario: Scenario | None = None
    until: date | None = None


AS_IT_IS = Wish()


def load(
    engine: sa.Engine,
    clock: Clock,
    wish: Wish = AS_IT_IS,
    *,
    seed_number: int = SEED_NUMBER,
    passwords: Passwords | None = None,
) -> SeedReport:
    """Load what is missing into a migrated database, all of it or, on an error, nothing.

    Raises ``ForeignRegisterError``, ``MoveRefusedError`` where the wish leads backwards, and ``AppError`` where an
    office's calendar cannot be put into force up to the working date.
    """
    with writing(engine) as session:
        return load_into(session, clock, wish, seed_number=seed_number, passwords=passwords)


def load_into(
    session: Session,
    clock: Clock,
    wish: Wish = AS_IT_IS,
    *,
    seed_number: int = SEED_NUMBER,
    passwords: Passwords | None = None,
) -> SeedReport:
    """Load what is missing within the transaction of a session, which is flushed and not committed."""
    parts = [_once(session, Region, lambda: load_regions(session), "地区与机构")]
    regions = {region.adcode: region for region in session.exec(select(Region)).all()}
    offices = {office.region_id: id_of(office) for office in session.exec(select(Office)).all()}
    if CITY not in regions or BANNER_ADCODE not in regions:
        raise ForeignRegisterError(sorted(regions))
    ids = {adcode: id_of(region) for adcode, region in regions.items()}
    parts += [
        _calendar(session),
        _once(session, Programme, lambda: load_programmes(session), "督导项目"),
        _once(session, Round, lambda: load_rounds(session), "督导轮次"),
        _once(session, EvaluationMethod, lambda: load_methods(session), "评估办法"),
        _once(session, ValidationTarget, lambda: load_targets(session, ids), "国家督导评估验收目标"),
        _once(session, YearList, lambda: load_year_lists(session), "年度督导清单"),
        _once(session, CostRate, lambda: load_rates(session), "费用标准"),
        _once(session, Aim, lambda: load_aims(session), "规划目标"),
    ]
    if _register_is_empty(session):
        rules = load_rules(session)
        tree = tree_of(regions, offices)
        parts += load_register(session, tree, seed_number, lambda kind: rules.owner_of(kind) == "city")
        by_adcode = {adcode: offices[region_id] for adcode, region_id in ids.items() if region_id in offices}
        parts += [
            load_topics(session, by_adcode, CITY, clock.now(), YEARS_WITH_TOPICS),
            load_monitoring(session, by_adcode, YEARS_WITH_TOPICS),
            load_leader_weeks(session, by_adcode[CITY]),
        ]
    else:
        parts += [Part("学校"), Part("人员")]
    accounts: tuple[FirstAccount, ...] = ()
    if _is_empty(session, User):
        inspector = session.exec(select(Inspector).where(Inspector.code == INSPECTOR_CODE)).first()
        part, accounts = load_accounts(
            session,
            clock,
            passwords or Passwords(),
            (offices[ids[CITY]], offices[ids[BANNER_ADCODE]]),
            None if inspector is None else id_of(inspector),
        )
        parts.append(part)
    else:
        parts.append(Part("账号"))
    parts.append(begin(session, clock))
    parts += move(session, clock, seed_number, ids, wish.scenario, wish.until)
    return SeedReport(parts=tuple(parts), accounts=accounts)


def _once(session: Session, table: type[SQLModel], load_theme: Callable[[], Part], name: str) -> Part:
    return load_theme() if _is_empty(session, table) else Part(name)


def _is_empty(session: Session, table: type[SQLModel]) -> bool:
    return session.exec(select(table).limit(1)).first() is None


def _register_is_empty(session: Session) -> bool:
    """Whether there are neither schools nor people: an office that has its own register gets none made up."""
    schools = select(Inspectee).where(col(Inspectee.kind) != InspecteeKind.GOVERNMENT).limit(1)
    return session.exec(schools).first() is None and _is_empty(session, Inspector)


def _calendar(session: Session) -> Part:
    there = set(session.exec(select(CalendarYear.year)).all())
    return load_calendar(session, [year for year in YEARS if year not in there])
