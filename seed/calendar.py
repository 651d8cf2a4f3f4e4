"""The calendar: holidays and make-up days, school terms and closed days, each year with its status and source.

Holidays come from the ``holidays`` package; tests hold its make-up days and working days to numbers found elsewhere.
Terms and exam days are defaults of the field, not notices of the city: the office replaces them year by year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import holidays
from sqlmodel import Session

from app.models import (
    CalendarDay,
    CalendarStatus,
    CalendarYear,
    ClosedDays,
    DayKind,
    InspecteeKind,
    SchoolTerm,
    Season,
)
from seed.report import Part
from seed.rows import UNVERIFIED, stored

YEARS = range(2022, 2029)
LAST_OFFICIAL_YEAR = 2026
"""The last year whose holidays stand in a notice; what the package gives for later ones is its estimate."""

_YOUNGEST = (InspecteeKind.KINDERGARTEN, InspecteeKind.ATTACHED_CLASS)
_PRIMARY = (InspecteeKind.PRIMARY, InspecteeKind.TEACHING_POINT, InspecteeKind.SPECIAL)
_JUNIOR = (InspecteeKind.JUNIOR, InspecteeKind.NINE_YEAR)
_SENIOR = (InspecteeKind.SENIOR, InspecteeKind.COMPLETE_SECONDARY, InspecteeKind.TWELVE_YEAR)
_WITH_EXAMS_OF_JUNIOR = (*_JUNIOR, InspecteeKind.COMPLETE_SECONDARY, InspecteeKind.TWELVE_YEAR)

MonthDay = tuple[int, int]

_TERMS: tuple[tuple[tuple[InspecteeKind, ...], MonthDay, MonthDay, MonthDay, MonthDay], ...] = (
    ((*_YOUNGEST, *_PRIMARY), (3, 1), (7, 10), (9, 1), (1, 8)),
    (_JUNIOR, (3, 1), (7, 10), (9, 1), (1, 15)),
    ((*_SENIOR, InspecteeKind.VOCATIONAL), (2, 24), (7, 10), (8, 21), (1, 25)),
)
"""Kinds (a government has no terms), then the spring term's days and the autumn term's, which ends in the next year."""

_FINALS_DAYS = 14


def load_calendar(session: Session, years: list[int]) -> Part:
    """Make these calendar years with their days, terms and closed days."""
    stored(session, [_year(year) for year in years])
    days = stored(session, [day for year in years for day in _days(year)])
    terms = stored(session, [term for year in years for term in _terms(year)])
    closed = stored(session, [row for year in years for row in _closed_days(year)])
    if not years:
        return Part("日历")
    return Part(
        "日历",
        (
            ("年", len(years)),
            ("节假日与调休上班日", len(days)),
            ("学期（默认值）", len(terms)),
            ("考试等停排时段（默认值）", len(closed)),
        ),
    )


def _year(year: int) -> CalendarYear:
    if year <= LAST_OFFICIAL_YEAR:
        source = f"国务院办公厅关于{year}年部分节假日安排的通知（据 holidays 软件包）"
        return CalendarYear(year=year, status=CalendarStatus.OFFICIAL, source=source)
    source = "尚无国务院办公厅通知：按法定节假日推算，无调休，仅供预排"
    return CalendarYear(year=year, status=CalendarStatus.PROVISIONAL, source=source)


def _days(year: int) -> Iterator[CalendarDay]:
    """Holidays that fall on a weekday, and weekend days that are worked."""
    known = holidays.country_holidays("CN", years=year, language="zh_CN")
    for day, name in sorted(known.items()):
        if day.year == year and day.isoweekday() <= 5:
            yield CalendarDay(day=day, year=year, kind=DayKind.HOLIDAY, name=name)
    if year > LAST_OFFICIAL_YEAR:
        return
    for day in sorted(known.weekend_workdays):
        if day.year == year:
            yield CalendarDay(day=day, year=year, kind=DayKind.MAKE_UP_DAY, name="调休上班")


def _terms(year: int) -> Iterator[SchoolTerm]:
    for kinds, spring_first, spring_last, autumn_first, autumn_last in _TERMS:
        for kind in kinds:
            for season, first_on, last_on in (
                (Season.SPRING, date(year, *spring_first), date(year, *spring_last)),
                (Season.AUTUMN, date(year, *autumn_first), date(year + 1, *autumn_last)),
            ):
                yield SchoolTerm(
                    kind=kind, year=year, season=season, first_on=first_on, last_on=last_on, source=UNVERIFIED
                )


def _closed_days(year: int) -> Iterator[ClosedDays]:
    """What closes units in the year: exams, the last two weeks of term, the region's field work."""
    fixed: tuple[tuple[str, str, MonthDay, MonthDay, tuple[InspecteeKind, ...]], ...] = (
        ("gaokao", "高考", (6, 6), (6, 10), _SENIOR),
        ("zhongkao", "中考", (6, 24), (6, 26), _WITH_EXAMS_OF_JUNIOR),
        ("proficiency_exam", "高中学业水平合格性考试（夏）", (6, 28), (7, 4), _SENIOR),
        ("proficiency_exam", "高中学业水平合格性考试（冬）", (12, 28), (12, 31), _SENIOR),
        ("regional_evaluation", "自治区对盟市履行教育职责评价实地督查", (12, 1), (12, 7), (InspecteeKind.GOVERNMENT,)),
    )
    for code, name, first, last, kinds in fixed:
        yield _closed(code, name, date(year, *first), date(year, *last), kinds)
    for kinds, _, spring_last, _, autumn_last in _TERMS:
        examined = tuple(kind for kind in kinds if kind not in _YOUNGEST)
        for last_on, name in (
            (date(year, *spring_last), "春季学期期末"),
            (date(year + 1, *autumn_last), "秋季学期期末"),
        ):
            yield _closed("finals", name, last_on - timedelta(days=_FINALS_DAYS - 1), last_on, examined)


def _closed(code: str, name: str, first_on: date, last_on: date, kinds: tuple[InspecteeKind, ...]) -> ClosedDays:
    return ClosedDays(
        name=name,
        first_on=first_on,
        last_on=last_on,
        kinds=[kind.value for kind in kinds],
        code=code,
        source=UNVERIFIED,
    )
