"""What the plan and the calendar state, held to the number."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from app.models import (
    BurdenRule,
    CalendarDay,
    CalendarStatus,
    CalendarYear,
    ClosedDays,
    DayKind,
    Inspectee,
    InspecteeKind,
    Office,
    OfficeCars,
    Programme,
    Region,
    Round,
    RoundSubject,
    SchoolTerm,
    Season,
    ValidationTarget,
)
from app.programmes.schemas import ProgrammeCreate

BANNERS = {
    "150402": "红山区",
    "150403": "元宝山区",
    "150404": "松山区",
    "150421": "阿鲁科尔沁旗",
    "150422": "巴林左旗",
    "150423": "巴林右旗",
    "150424": "林西县",
    "150425": "克什克腾旗",
    "150426": "翁牛特旗",
    "150428": "喀喇沁旗",
    "150429": "宁城县",
    "150430": "敖汉旗",
}

KINDS = ("kindergarten", "primary", "teaching_point", "junior", "special", "senior", "vocational")
SCHOOLS = {
    "150402": (109, 26, 0, 11, 1, 4, 3),
    "150403": (67, 17, 7, 7, 1, 3, 3),
    "150404": (165, 39, 18, 16, 1, 6, 5),
    "150421": (53, 19, 15, 7, 1, 3, 2),
    "150422": (64, 18, 10, 7, 1, 3, 2),
    "150423": (36, 12, 10, 5, 0, 2, 2),
    "150424": (44, 14, 7, 5, 1, 2, 2),
    "150425": (41, 15, 8, 6, 0, 2, 2),
    "150426": (84, 23, 15, 9, 1, 4, 3),
    "150428": (61, 18, 10, 7, 1, 3, 2),
    "150429": (113, 32, 18, 13, 1, 5, 4),
    "150430": (105, 27, 14, 11, 1, 4, 3),
}
"""The plan's totals apportioned by the largest remainder: population, townships and villages as weights."""


def test_twelve_banners_lie_in_the_city_and_the_city_in_the_region(seeded: Session) -> None:
    regions = {region.id: region for region in seeded.exec(select(Region)).all()}

    def path(region: Region) -> tuple[str, ...]:
        parent = None if region.parent_id is None else regions[region.parent_id]
        return (region.adcode,) if parent is None else (*path(parent), region.adcode)

    expected = {("150000",), ("150000", "150400")} | {("150000", "150400", adcode) for adcode in BANNERS}
    assert {path(region) for region in regions.values()} == expected
    names = {region.adcode: region.name for region in regions.values()}
    assert names == {"150000": "内蒙古自治区", "150400": "赤峰市", **BANNERS}
    assert all(region.source for region in regions.values())


def test_city_and_banners_have_an_office_with_two_to_four_cars(seeded: Session) -> None:
    statement = select(Region.adcode, OfficeCars.number).join(Office, col(Office.region_id) == Region.id)
    rows = seeded.exec(statement.join(OfficeCars, col(OfficeCars.office_id) == Office.id)).all()
    assert {adcode for adcode, _ in rows} == {"150400", *BANNERS}
    assert len(rows) == 13
    assert {number for _, number in rows} == {2, 3, 4}


def test_schools_of_each_banner_and_kind(seeded: Session) -> None:
    adcodes = dict(seeded.exec(select(Region.id, Region.adcode)).all())
    units = seeded.exec(select(Inspectee).where(col(Inspectee.opened_on).is_(None))).all()
    schools = [unit for unit in units if unit.kind is not InspecteeKind.GOVERNMENT]
    counted = Counter((adcodes[school.region_id], school.kind.value) for school in schools)
    table = {(adcode, kind): n for adcode, row in SCHOOLS.items() for kind, n in zip(KINDS, row, strict=True)}
    assert dict(counted) == {key: number for key, number in table.items() if number}
    # the columns of the table add up to the plan's totals, and these to 1,522
    assert tuple(sum(column) for column in zip(*SCHOOLS.values(), strict=True)) == (942, 260, 132, 104, 10, 41, 33)
    assert counted.total() == 1522


def test_pupils_of_each_kind_add_up_to_the_plan(seeded: Session) -> None:
    pupils: Counter[str] = Counter()
    for school in seeded.exec(select(Inspectee).where(col(Inspectee.opened_on).is_(None))).all():
        # the plan counts teaching points among the primary schools
        kind = InspecteeKind.PRIMARY if school.kind is InspecteeKind.TEACHING_POINT else school.kind
        pupils[kind.value] += school.pupils
    assert dict(pupils) == {
        "kindergarten": 113_990,
        "primary": 255_540,
        "junior": 126_313,
        "special": 1_388,
        "senior": 78_527,
        "vocational": 34_787,
        "government": 0,
    }


def test_nine_targets_of_the_plan(seeded: Session) -> None:
    names = dict(seeded.exec(select(Region.id, Region.name)).all())
    targets = seeded.exec(select(ValidationTarget)).all()
    assert sorted((row.recognition.value, row.target_year, names[row.region_id]) for row in targets) == sorted(
        [
            ("compulsory_quality", 2024, "林西县"),
            ("compulsory_quality", 2025, "元宝山区"),
            ("compulsory_quality", 2025, "阿鲁科尔沁旗"),
            ("preschool_universal", 2022, "阿鲁科尔沁旗"),
            ("preschool_universal", 2023, "巴林右旗"),
            ("preschool_universal", 2024, "克什克腾旗"),
            ("preschool_universal", 2024, "红山区"),
            ("preschool_universal", 2025, "翁牛特旗"),
            ("preschool_universal", 2025, "林西县"),
        ]
    )


def test_a_target_quotes_the_damaged_name_of_the_plan(seeded: Session) -> None:
    statement = select(ValidationTarget.source).join(Region, col(ValidationTarget.region_id) == Region.id)
    (source,) = seeded.exec(statement.where(Region.name == "巴林右旗")).all()
    assert source.endswith("第六章第六节，原文作“林右旗于2023年”")


def test_make_up_days_of_the_official_years(seeded: Session) -> None:
    rows = seeded.exec(select(CalendarDay).order_by(col(CalendarDay.day))).all()
    days = [row.day for row in rows if row.kind is DayKind.MAKE_UP_DAY and row.day >= date(2024, 3, 1)]
    assert [day.isoformat() for day in days] == [
        *("2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"),
        *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
        *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    ]
    assert {day.isoweekday() for day in days} == {6, 7}


@pytest.mark.parametrize(
    ("first", "last", "working_days"),
    [
        (date(2024, 3, 1), date(2024, 7, 10), 91),
        (date(2025, 3, 1), date(2025, 7, 10), 90),
        (date(2026, 3, 1), date(2026, 7, 10), 91),
        (date(2024, 9, 1), date(2024, 12, 31), 83),
        (date(2025, 9, 1), date(2025, 12, 31), 84),
        (date(2026, 9, 1), date(2026, 12, 31), 84),
    ],
)
def test_working_days_of_a_term(seeded: Session, first: date, last: date, working_days: int) -> None:
    days = {row.day: row.kind for row in seeded.exec(select(CalendarDay)).all()}
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    worked = [
        day for day in span if days.get(day) is DayKind.MAKE_UP_DAY or (day not in days and day.isoweekday() <= 5)
    ]
    assert len(worked) == working_days


def test_years_without_a_notice_are_provisional_and_have_no_make_up_days(seeded: Session) -> None:
    years = seeded.exec(select(CalendarYear)).all()
    assert {year.year for year in years if year.status is CalendarStatus.OFFICIAL} == {2022, 2023, 2024, 2025, 2026}
    assert {year.year for year in years if year.status is CalendarStatus.PROVISIONAL} == {2027, 2028}
    assert {day.kind for day in seeded.exec(select(CalendarDay).where(CalendarDay.year >= 2027)).all()} == {
        DayKind.HOLIDAY
    }


def test_terms_and_exams_are_marked_as_defaults_that_nobody_verified(seeded: Session) -> None:
    terms = seeded.exec(select(SchoolTerm)).all()
    closed = seeded.exec(select(ClosedDays)).all()
    assert {row.source for row in terms} | {row.source for row in closed} == {"默认值，待核实"}
    # 11 kinds of school, 7 years, 2 terms; a government has none
    assert len(terms) == 11 * 7 * 2
    of_2022 = {(term.kind, term.season): (term.first_on, term.last_on) for term in terms if term.year == 2022}
    assert of_2022[InspecteeKind.PRIMARY, Season.AUTUMN] == (date(2022, 9, 1), date(2023, 1, 8))
    assert of_2022[InspecteeKind.JUNIOR, Season.AUTUMN] == (date(2022, 9, 1), date(2023, 1, 15))
    assert of_2022[InspecteeKind.SENIOR, Season.AUTUMN] == (date(2022, 8, 21), date(2023, 1, 25))
    assert of_2022[InspecteeKind.SENIOR, Season.SPRING] == (date(2022, 2, 24), date(2022, 7, 10))


def test_kindergartens_have_no_finals(seeded: Session) -> None:
    finals = seeded.exec(select(ClosedDays).where(ClosedDays.code == "finals")).all()
    kinds = {kind for row in finals for kind in row.kinds}
    assert kinds == {kind.value for kind in InspecteeKind} - {"kindergarten", "attached_class", "government"}


def test_programmes_would_be_accepted_from_an_administrator(seeded: Session) -> None:
    programmes = seeded.exec(select(Programme)).all()
    assert {programme.code for programme in programmes} == {
        "round",
        "government",
        "compulsory_quality",
        "preschool_universal",
        "principal_term",
        "routine",
        "thematic",
        "opening_check",
    }
    for programme in programmes:
        fields = programme.model_dump(exclude={"id", "version"})
        accepted = ProgrammeCreate.model_validate(fields)
        assert accepted.model_dump(mode="json") == programme.model_dump(mode="json", exclude={"id", "version"})


def test_both_chains_are_launched_two_years_ahead_and_reviewed_one_year_ahead(seeded: Session) -> None:
    chains = {
        programme.code: {phase["name"]: (phase["title"], phase["lead_years"]) for phase in programme.phases}
        for programme in seeded.exec(select(Programme).where(col(Programme.rule) == "chain")).all()
    }
    launch, progress = ("专项督导启动工作", 2), ("过程性督导", 0)
    assert chains == {
        "compulsory_quality": {"launch": launch, "progress": progress, "review": ("市级复核", 1)},
        "preschool_universal": {"launch": launch, "progress": progress, "review": ("市级初核", 1)},
    }


def test_rounds_of_schools_and_governments(seeded: Session) -> None:
    rounds = seeded.exec(select(Round)).all()
    assert {row.subject: (row.first_on, row.last_on) for row in rounds} == {
        RoundSubject.SCHOOLS: (date(2023, 1, 1), date(2025, 12, 31)),
        RoundSubject.GOVERNMENTS: (date(2023, 1, 1), date(2025, 12, 31)),
    }


def test_one_comprehensive_inspection_a_year_is_law_only_from_its_date(seeded: Session) -> None:
    rules = seeded.exec(select(BurdenRule).order_by(col(BurdenRule.first_on))).all()
    assert [(rule.law, rule.first_on, rule.last_on, rule.comprehensive_per_year) for rule in rules] == [
        (False, date(2022, 6, 28), date(2025, 10, 13), 1),
        (True, date(2025, 10, 14), None, 1),
    ]
    # the local rule quotes the plan, which is of 2022-06-28
    assert ["教师厅〔2025〕2号" in rule.basis for rule in rules] == [False, True]
