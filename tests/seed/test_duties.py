"""The office's duties on the loaded data: yearly lists, aims, rates and the pools, held to the plan's numbers."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session, col, select

from app.models import (
    Aim,
    CostKind,
    CostRate,
    Inspectee,
    InspecteeKind,
    Office,
    Programme,
    Region,
    RegionLevel,
    YearList,
    YearListItem,
    YearListRule,
)
from app.pool.figures import describe as pools_of
from app.reports.aims import describe as aims_of
from app.reports.schemas import AimOut, AimState
from seed.rows import UNVERIFIED

TODAY = date(2022, 9, 1)


def the_aims(session: Session, on: date = TODAY) -> dict[str, AimOut]:
    """Where the aims stand, by code."""
    return {aim.code: aim for aim in aims_of(session, session.exec(select(Aim)).all(), on)}


def test_half_of_the_banners_are_named_for_preschool(seeded: Session) -> None:
    aim = the_aims(seeded)["preschool_universal"]
    # ch. 2 section 3: 50 % of twelve; ch. 6 section 6 names six banners
    assert (aim.of, aim.wanted, aim.planned, aim.named_percent) == (12, 6, 6, 50.0)
    assert (aim.reached, aim.state) == (0, AimState.ON_THE_WAY)
    assert "第二章第三节" in aim.source


def test_the_list_for_compulsory_schools_is_a_quarter_where_the_plan_says_about_a_fifth(seeded: Session) -> None:
    aim = the_aims(seeded)["compulsory_quality"]
    # 20 % of twelve is 2.4, to the nearest 2; ch. 6 section 6 names three banners
    assert (aim.of, aim.about, aim.wanted, aim.planned, aim.named_percent) == (12, True, 2, 3, 25.0)
    assert aim.notes == ["名单共 3 个旗县区，占 12 个的 25%（规划为 20%左右）。"]


def test_every_school_and_every_government_is_in_the_round(seeded: Session) -> None:
    found = the_aims(seeded)
    schools, governments = found["schools"], found["governments"]
    covered = seeded.exec(
        select(Inspectee).where(
            col(Inspectee.kind) != InspecteeKind.GOVERNMENT,
            col(Inspectee.opened_on).is_(None) | (col(Inspectee.opened_on) <= date(2025, 12, 31)),
        )
    ).all()
    assert schools.of == schools.wanted == len(covered)
    assert governments.of == governments.wanted == 12
    # nothing is published yet: none is inspected in the round, and none has a day in force
    for aim in (schools, governments):
        assert (aim.reached, aim.planned, aim.open, aim.state) == (0, 0, aim.of, AimState.SHORT)


def test_a_year_that_passed_without_a_result_is_asked_for(seeded: Session) -> None:
    # 阿鲁科尔沁旗 was to pass in 2022
    notes = the_aims(seeded, date(2023, 1, 1))["preschool_universal"].notes
    assert notes[0] == "1 个目标的年份已过而尚无结果，请登记。"


@pytest.mark.parametrize("year", range(2022, 2026))
def test_every_programme_is_on_the_list_of_the_offices_that_carry_it_out(seeded: Session, year: int) -> None:
    rows = seeded.exec(
        select(Region.level, YearListItem.programme_code, YearList.office_id)
        .join(Office, col(Office.region_id) == col(Region.id))
        .join(YearList, col(YearList.office_id) == col(Office.id))
        .join(YearListItem, col(YearListItem.list_id) == col(YearList.id))
        .where(YearList.year == year)
    ).all()
    assert len({office for _, _, office in rows}) == 13
    by_level = {
        level: {code for at, code, _ in rows if at is level} for level in (RegionLevel.CITY, RegionLevel.BANNER)
    }
    codes = set(seeded.exec(select(Programme.code)).all())
    assert by_level[RegionLevel.CITY] == codes  # senior schools, governments and both chains are the city's
    of_governments = {"government", "compulsory_quality", "preschool_universal"}
    assert by_level[RegionLevel.BANNER] == codes - of_governments


def test_the_list_is_law_from_the_day_of_the_notice(seeded: Session) -> None:
    rules = seeded.exec(select(YearListRule).order_by(col(YearListRule.first_on))).all()
    assert [(rule.required, rule.law, rule.first_on, rule.last_on) for rule in rules] == [
        (True, False, date(2022, 6, 28), date(2025, 10, 13)),
        (True, True, date(2025, 10, 14), None),
    ]
    assert "2025" not in rules[0].basis


def test_rates_are_marked_as_unverified(seeded: Session) -> None:
    rates = seeded.exec(select(CostRate)).all()
    assert {rate.kind for rate in rates} == {CostKind.TRAVEL, CostKind.NIGHT, CostKind.EXPERT}
    assert {rate.source for rate in rates} == {UNVERIFIED}


def test_the_pools_inspect_all_schools(seeded: Session) -> None:
    offices = seeded.exec(select(Office).join(Region).order_by(col(Region.adcode))).all()
    pools = pools_of(seeded, offices, TODAY)
    schools = seeded.exec(select(Inspectee).where(col(Inspectee.kind) != InspecteeKind.GOVERNMENT)).all()
    are_open = [each for each in schools if each.opened_on is None or each.opened_on <= TODAY]
    # senior and vocational schools are the city's: 74 (the plan, at the end of 2020); a person has five, rounded up
    assert (len(pools), pools[0].schools, sum(pool.schools for pool in pools)) == (13, 74, len(are_open))
    assert (pools[0].wanted, pools[0].missing) == (15, max(15 - pools[0].inspectors, 0))
    assert all(pool.chief for pool in pools)
