"""The plan's five topics of each year with drawn samples, checks at the opening of terms, monitoring, leaders' weeks.

The plan names the topics and no dates, numbers or schools (ch. 6 section 6): these are defaults of the demonstration.
Every sample is drawn by the same method as the service's draws, from a seed that the log shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.models import InspecteeKind, MonitoringSample, OfficeDuty, Skill, Topic, TopicDraw
from app.topics.draw import METHOD, drawn, number_of
from app.topics.queries import candidates
from seed.report import Part
from seed.rows import PLAN, UNVERIFIED, id_of, stored

YEARS = range(2023, 2026)
"""The years of the first demonstration; the next one adds its own."""

LEADER_YEARS = range(2022, 2029)
MONITORED_BANNERS = ("150402", "150404", "150429")
"""The banners whose schools are sampled in turn; they have the most people."""

MonthDay = tuple[int, int]

_COMPULSORY = [InspecteeKind.PRIMARY, InspecteeKind.JUNIOR, InspecteeKind.NINE_YEAR]
_TAUGHT = [*_COMPULSORY, InspecteeKind.SENIOR, InspecteeKind.VOCATIONAL]
_SPRING: tuple[MonthDay, MonthDay] = (4, 6), (6, 2)
_AUTUMN: tuple[MonthDay, MonthDay] = (10, 9), (12, 8)
_OPENINGS: tuple[tuple[MonthDay, MonthDay, str], ...] = (((3, 8), (3, 17), "春季"), ((9, 8), (9, 17), "秋季"))
"""The second week of each term and the days after it: the first week is kept free of visits."""

_FINANCE = {Skill.FINANCE.value: 1}
_GOVERNMENTS = 4
"""So many banners' governments are drawn each year where funds and salaries are the topic: all in three years."""

_MONITORED = ((InspecteeKind.PRIMARY, 12), (InspecteeKind.JUNIOR, 8))
_LEADER_DAYS = ((12, 1), (12, 7))
_BASIS = f"{PLAN}第六章第六节：围绕年度教育重点任务和热点难点问题开展专项督导"
_THURSDAY = 4


@dataclass(frozen=True, slots=True)
class _Plan:
    """A topic as it is made for an office."""

    title: str
    days: tuple[MonthDay, MonthDay]
    kinds: list[InspecteeKind]
    sample_size: int
    requires: dict[str, int] = field(default_factory=dict)
    programme: str = "thematic"
    unannounced: bool = False


_OF_CITY = (
    _Plan("统编教材使用", _SPRING, _TAUGHT, 16),
    _Plan("教育经费投入", _SPRING, [InspecteeKind.GOVERNMENT], _GOVERNMENTS, _FINANCE),
    _Plan("“双减”工作落实", _AUTUMN, _COMPULSORY, 16),
    _Plan("防疫及校园安全", _AUTUMN, [InspecteeKind.KINDERGARTEN, *_TAUGHT], 16),
    _Plan("教师工资待遇", _AUTUMN, [InspecteeKind.GOVERNMENT], _GOVERNMENTS, _FINANCE),
)
_OF_BANNER = (
    _Plan("“双减”工作落实", _AUTUMN, _COMPULSORY, 6),
    _Plan("防疫及校园安全", _SPRING, [InspecteeKind.KINDERGARTEN, *_COMPULSORY], 8),
)


def _checks(year: int, kinds: list[InspecteeKind], sample_size: int) -> Iterator[_Plan]:
    for first, last, season in _OPENINGS:
        title = f"{year}年{season}学期开学检查"
        yield _Plan(title, (first, last), kinds, sample_size, programme="opening_check", unannounced=True)


def load_topics(session: Session, offices: Mapping[str, int], city: str, now: datetime, years: Iterable[int]) -> Part:
    """Make the topics of the city and of the banners for some years, and draw their inspectees."""
    topics = [
        _topic(office_id, year, plan)
        for year in years
        for adcode, office_id in offices.items()
        for plan in (
            (*_OF_CITY, *_checks(year, _TAUGHT, 8)) if adcode == city else (*_OF_BANNER, *_checks(year, _COMPULSORY, 4))
        )
    ]
    draws = [_draw(session, topic, now) for topic in stored(session, topics)]
    return Part("专项督导主题", (("主题", len(topics)), ("抽取", len(stored(session, draws)))))


def _topic(office_id: int, year: int, plan: _Plan) -> Topic:
    first_on, last_on = (date(year, *day) for day in plan.days)
    return Topic(
        office_id=office_id,
        year=year,
        title=plan.title,
        programme_code=plan.programme,
        legal_basis=f"{_BASIS}；日期和样本为{UNVERIFIED}",
        unannounced=plan.unannounced,
        first_on=first_on,
        last_on=last_on,
        half_days=1,
        size=3,
        requires=plan.requires,
        weight=20,
        kinds=[kind.value for kind in plan.kinds],
        sample_size=plan.sample_size,
    )


def _draw(session: Session, topic: Topic, now: datetime) -> TopicDraw:
    units = {unit.code: id_of(unit) for unit in candidates(session, topic)}
    seed = f"{topic.office_id}-{topic.year}-{topic.title}"
    number = number_of(len(units), topic.sample_size, topic.sample_percent)
    codes = drawn(seed, units, number)
    topic.inspectee_ids = [units[code] for code in codes]
    return TopicDraw(
        topic_id=id_of(topic),
        method=METHOD,
        seed=seed,
        candidates=list(units),
        number=number,
        drawn=codes,
        drawn_at=now,
    )


def monitored_days(year: int) -> tuple[date, date]:
    """The last Thursday of May and the Friday after it: school days in the weeks in which monitoring is held.

    The weeks are known, the days are a default (国家义务教育质量监测, late May to early June).
    """
    last = date(year, 5, 31)
    thursday = last - timedelta(days=(last.isoweekday() - _THURSDAY) % 7)
    return (thursday, thursday + timedelta(days=1)) if thursday < last else (thursday - timedelta(days=1), thursday)


def load_monitoring(session: Session, offices: Mapping[str, int], years: Iterable[int]) -> Part:
    """Make one sample a year: 12 primary and 8 junior schools of a banner, another banner each year."""
    samples = []
    for year in years:
        office_id = offices[MONITORED_BANNERS[(year - YEARS[0]) % len(MONITORED_BANNERS)]]
        units: list[int] = []
        first, last = monitored_days(year)
        for kind, size in _MONITORED:
            days = (first.month, first.day), (last.month, last.day)
            found = {
                unit.code: id_of(unit)
                for unit in candidates(session, _topic(office_id, year, _Plan("", days, [kind], size)))
            }
            units += [found[code] for code in drawn(f"monitoring-{year}", found, size)]
        name = f"{year}年义务教育质量监测"
        samples.append(
            MonitoringSample(name=name, first_on=first, last_on=last, inspectee_ids=units, source=UNVERIFIED)
        )
    return Part("质量监测样本", (("样本（默认值）", len(stored(session, samples))),))


def load_leader_weeks(session: Session, office_id: int) -> Part:
    """Take the city's leaders away in the weeks in which the region evaluates the city."""
    duties = [
        OfficeDuty(
            office_id=office_id,
            name="自治区对盟市履行教育职责评价实地督查",
            first_on=date(year, *_LEADER_DAYS[0]),
            last_on=date(year, *_LEADER_DAYS[1]),
            source=UNVERIFIED,
        )
        for year in LEADER_YEARS
    ]
    return Part("机构事务日", (("迎检（默认值）", len(stored(session, duties))),))
