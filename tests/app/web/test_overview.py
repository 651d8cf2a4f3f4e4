"""The first page's facts against a small calendar whose every number is counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from app.core.clock import Clock, DateSource
from app.web.views.overview import (
    Overview,
    PeopleCount,
    ProgrammeFacts,
    RoundFacts,
    SchoolCount,
    TargetFacts,
    VersionFacts,
    YearFacts,
    read_overview,
)
from tests.app.web.rows import SOURCE, TODAY, a_small_calendar

SCHOOLS = RoundFacts(
    name="学校轮",
    subject="学校、幼儿园",
    first_on=date(2023, 1, 1),
    last_on=date(2025, 12, 31),
    source=SOURCE,
    units=4,
    planned=2,
    done=1,
)


def test_overview_of_a_small_calendar(session: Session) -> None:
    a_small_calendar(session)

    assert read_overview(session, Clock(working_date=TODAY)) == Overview(
        place="赤峰市",
        today=TODAY,
        today_source=DateSource.ENVIRONMENT,
        banners=2,
        # the kindergarten that closed in 2022 is no more, the other opens in 2024
        schools=(SchoolCount("幼儿园", 0, 1), SchoolCount("小学", 3, 0)),
        # the second part-time inspector left
        people=(PeopleCount("专职督学", 1, True), PeopleCount("兼职督学", 1, True), PeopleCount("专家", 1, False)),
        synthetic_units=3,
        synthetic_people=1,
        rounds=(
            # three primary schools and the kindergarten to come; of three visits one is past and one is outlook
            SCHOOLS,
            # the one government's visit is planned, but its office has published nothing
            replace(SCHOOLS, name="政府轮", subject="旗县区人民政府", units=1, planned=0, done=0),
        ),
        targets=(
            TargetFacts("松山区", "学前教育普及普惠", 2024, None, "计划中", SOURCE, synthetic=True),
            TargetFacts("红山区", "义务教育优质均衡", 2025, None, "计划中", SOURCE, synthetic=False),
        ),
        versions=(VersionFacts("红山区督导室", 2, date(2023, 6, 30), date(2022, 12, 31), 2),),
        offices=3,
        # neither what is out of force nor what is not yet in force on the working date
        programmes=(
            ProgrammeFacts("学校综合督导", 1, "学校综合督导的依据"),
            ProgrammeFacts("履行教育职责评价", 1, "履行教育职责评价的依据"),
        ),
        years=(YearFacts(2023, "正式", True), YearFacts(2027, "暂定", False)),
    )


def test_overview_of_an_empty_database(session: Session) -> None:
    nothing = read_overview(session, Clock(working_date=TODAY))

    assert nothing == Overview(
        place="",
        today=TODAY,
        today_source=DateSource.ENVIRONMENT,
        banners=0,
        schools=(),
        people=(),
        synthetic_units=0,
        synthetic_people=0,
        rounds=(),
        targets=(),
        versions=(),
        offices=0,
        programmes=(),
        years=(),
    )


def test_only_a_whole_round_shows_hundred_percent() -> None:
    """199 of 200 units are 99.5 percent, shown as 99; a round without units covers nothing."""
    assert replace(SCHOOLS, units=200, planned=199).planned_percent == 99
    assert replace(SCHOOLS, units=200, planned=200).planned_percent == 100
    assert replace(SCHOOLS, units=0, planned=0).planned_percent == 0
