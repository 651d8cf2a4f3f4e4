"""The topics, samples and weeks of the demonstration."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlmodel import Session, select

from app.models import Inspectee, InspecteeKind, MonitoringSample, Office, OfficeDuty, Region, Topic, TopicDraw
from app.topics.draw import drawn
from seed.rows import UNVERIFIED


def test_the_five_topics_of_the_plan_are_the_citys_and_funds_need_finance(seeded: Session) -> None:
    topics = seeded.exec(select(Topic).where(Topic.programme_code == "thematic")).all()
    of_city = {topic.title: topic.requires for topic in topics if topic.office_id == topics[0].office_id}
    assert of_city == {
        "统编教材使用": {},
        "教育经费投入": {"finance": 1},
        "“双减”工作落实": {},
        "防疫及校园安全": {},
        "教师工资待遇": {"finance": 1},
    }
    assert all(UNVERIFIED in topic.legal_basis for topic in topics)


def test_every_sample_is_repeated_from_its_log(seeded: Session) -> None:
    codes = {unit.id: unit.code for unit in seeded.exec(select(Inspectee)).all()}
    draws = {draw.topic_id: draw for draw in seeded.exec(select(TopicDraw)).all()}
    topics = seeded.exec(select(Topic)).all()
    # the city's five topics and two checks, and each banner's two and two, in each of three years
    assert len(topics) == len(draws) == 3 * (5 + 2 + 12 * 4)
    for topic in topics:
        log = draws[topic.id or 0]
        again = drawn(log.seed, log.candidates, log.number)
        assert again == log.drawn == [codes[number] for number in topic.inspectee_ids]
        assert len(again) == topic.sample_size


def test_funds_and_salaries_are_topics_of_governments_and_banners_draw_what_they_own(seeded: Session) -> None:
    units = {unit.id: unit for unit in seeded.exec(select(Inspectee)).all()}
    city = seeded.exec(select(Office).join(Region).where(Region.adcode == "150400")).one()
    for topic in seeded.exec(select(Topic)).all():
        drawn_ones = [units[number] for number in topic.inspectee_ids]
        if topic.requires:
            assert {unit.kind for unit in drawn_ones} == {InspecteeKind.GOVERNMENT}
        if topic.office_id != city.id:
            assert {unit.owner_office_id for unit in drawn_ones} == {topic.office_id}


def test_terms_open_with_unannounced_checks(seeded: Session) -> None:
    checks = seeded.exec(select(Topic).where(Topic.programme_code == "opening_check")).all()
    assert Counter((topic.first_on, topic.unannounced) for topic in checks) == {
        (date(year, month, 8), True): 13 for year in (2023, 2024, 2025) for month in (3, 9)
    }
    assert all((topic.last_on - topic.first_on).days < 10 for topic in checks)


def test_twelve_primary_and_eight_junior_schools_are_monitored_each_year(seeded: Session) -> None:
    units = {unit.id: unit for unit in seeded.exec(select(Inspectee)).all()}
    samples = seeded.exec(select(MonitoringSample)).all()
    assert [sample.first_on.year for sample in samples] == [2023, 2024, 2025]
    for sample in samples:
        kinds = Counter(units[number].kind for number in sample.inspectee_ids)
        assert kinds == {InspecteeKind.PRIMARY: 12, InspecteeKind.JUNIOR: 8}
        assert len({units[number].region_id for number in sample.inspectee_ids}) == 1
        assert sample.source == UNVERIFIED
        assert (sample.first_on.isoweekday(), sample.last_on.isoweekday(), sample.first_on.month) == (4, 5, 5)


def test_the_regions_weeks_take_the_citys_leaders(seeded: Session) -> None:
    duties = seeded.exec(select(OfficeDuty)).all()
    assert [duty.first_on for duty in duties] == [date(year, 12, 1) for year in range(2022, 2029)]
    assert {(duty.office_id, duty.chiefs_only, duty.source) for duty in duties} == {
        (duties[0].office_id, True, UNVERIFIED)
    }
