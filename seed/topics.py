"""The plan's five topics of 2023 with drawn samples, checks at the opening of terms, monitoring, and leaders' weeks.

The plan names the topics and no dates, numbers or schools (ch. 6 section 6): these are defaults of the demonstration.
Every sample is drawn by the same method as the service's draws, from a seed that the log shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from app.models import InspecteeKind, MonitoringSample, OfficeDuty, Skill, Topic, TopicDraw
from app.topics.draw import METHOD, drawn, number_of
from app.topics.queries import candidates
from seed.report import Part
from seed.rows import PLAN, UNVERIFIED, id_of, stored

YEAR = 2023
MONITORED_YEARS = range(2023, 2026)
LEADER_YEARS = range(2022, 2029)
BANNERS = ("150402", "150404", "150429")
"""The banners whose offices have topics of their own; they have the most people."""

_COMPULSORY = [InspecteeKind.PRIMARY, InspecteeKind.JUNIOR, InspecteeKind.NINE_YEAR]
_TAUGHT = [*_COMPULSORY, InspecteeKind.SENIOR, InspecteeKind.VOCATIONAL]
_SPRING = (date(YEAR, 4, 6), date(YEAR, 6, 2))
_AUTUMN = (date(YEAR, 10, 9), date(YEAR, 12, 8))
_OPENINGS = ((date(YEAR, 3, 8), date(YEAR, 3, 31), "春季"), (date(YEAR, 9, 8), date(YEAR, 9, 28), "秋季"))
_FINANCE = {Skill.FINANCE.value: 1}
_MONITORED_DAYS = ((5, 25), (5, 26))
_MONITORED = ((InspecteeKind.PRIMARY, 12), (InspecteeKind.JUNIOR, 8))
_LEADER_DAYS = ((12, 1), (12, 7))
_BASIS = f"{PLAN}第六章第六节：围绕年度教育重点任务和热点难点问题开展专项督导"


@dataclass(frozen=True, slots=True)
class _Plan:
    """A topic as it is made for an office."""

    title: str
    days: tuple[date, date]
    kinds: list[InspecteeKind]
    sample_size: int
    requires: dict[str, int] = field(default_factory=dict)
    programme: str = "thematic"
    unannounced: bool = False


_OF_CITY = (
    _Plan("统编教材使用", _SPRING, _TAUGHT, 16),
    _Plan("教育经费投入", _SPRING, _TAUGHT, 10, _FINANCE),
    _Plan("“双减”工作落实", _AUTUMN, _COMPULSORY, 16),
    _Plan("防疫及校园安全", _AUTUMN, [InspecteeKind.KINDERGARTEN, *_TAUGHT], 16),
    _Plan("教师工资待遇", _AUTUMN, _TAUGHT, 10, _FINANCE),
)
_OF_BANNER = (
    _Plan("“双减”工作落实", _AUTUMN, _COMPULSORY, 6),
    _Plan("防疫及校园安全", _SPRING, [InspecteeKind.KINDERGARTEN, *_COMPULSORY], 8),
)


def _checks(sample_size: int) -> Iterator[_Plan]:
    for first, last, season in _OPENINGS:
        title = f"{YEAR}年{season}学期开学检查"
        yield _Plan(title, (first, last), _TAUGHT, sample_size, programme="opening_check", unannounced=True)


def load_topics(session: Session, offices: dict[str, int], city: str, now: datetime) -> Part:
    """Make the topics of the city and of some banners, and draw their units."""
    topics = [_topic(offices[city], plan) for plan in (*_OF_CITY, *_checks(8))]
    topics += [_topic(offices[banner], plan) for banner in BANNERS for plan in (*_OF_BANNER, *_checks(4))]
    draws = [_draw(session, topic, now) for topic in stored(session, topics)]
    return Part("专项督导主题", (("主题", len(topics)), ("抽取", len(stored(session, draws)))))


def _topic(office_id: int, plan: _Plan) -> Topic:
    first_on, last_on = plan.days
    return Topic(
        office_id=office_id,
        year=YEAR,
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


def load_monitoring(session: Session, offices: dict[str, int]) -> Part:
    """Make one sample a year: 12 primary and 8 junior schools of a banner, another banner each year."""
    samples = []
    for number, year in enumerate(MONITORED_YEARS):
        office_id = offices[BANNERS[number % len(BANNERS)]]
        units: list[int] = []
        for kind, size in _MONITORED:
            bounds = _topic(office_id, _Plan("", (date(year, 5, 25), date(year, 5, 26)), [kind], size))
            found = {unit.code: id_of(unit) for unit in candidates(session, bounds)}
            units += [found[code] for code in drawn(f"monitoring-{year}", found, size)]
        first, last = (date(year, *day) for day in _MONITORED_DAYS)
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
