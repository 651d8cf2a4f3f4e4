"""The made-up register: marked as such, consistent in itself, and within the law."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

from sqlmodel import Session, col, select

from app.accounts.settings import RuleSettings
from app.core.distance import drive_minutes
from app.inspectors.terms import require_lawful_terms
from app.models import (
    Absence,
    AbsenceKind,
    Appointment,
    Area,
    Closure,
    Employment,
    Inspectee,
    InspecteeKind,
    Inspector,
    Office,
    PastInspection,
    PersonKind,
    Rank,
    Recusal,
    Region,
    RegionLevel,
    Training,
)
from seed.rows import read_csv

KM_PER_DEGREE = 111.195
SKILL_FOR = {
    InspecteeKind.KINDERGARTEN: "preschool",
    InspecteeKind.PRIMARY: "compulsory",
    InspecteeKind.TEACHING_POINT: "compulsory",
    InspecteeKind.JUNIOR: "compulsory",
    InspecteeKind.SPECIAL: "special",
    InspecteeKind.SENIOR: "senior",
    InspecteeKind.VOCATIONAL: "vocational",
}


def schools_of(session: Session) -> list[Inspectee]:
    """Every school, without the governments."""
    return list(session.exec(select(Inspectee).where(col(Inspectee.kind) != InspecteeKind.GOVERNMENT)).all())


def test_schools_people_and_past_inspections_are_marked_as_synthetic(seeded: Session) -> None:
    assert {school.synthetic for school in schools_of(seeded)} == {True}
    assert {school.source.startswith("合成数据：") for school in schools_of(seeded)} == {True}
    assert set(seeded.exec(select(Inspector.synthetic)).all()) == {True}
    assert set(seeded.exec(select(PastInspection.synthetic)).all()) == {True}
    governments = seeded.exec(select(Inspectee).where(Inspectee.kind == InspecteeKind.GOVERNMENT)).all()
    assert [government.synthetic for government in governments] == [False] * 12


def test_no_name_and_no_code_stands_twice(seeded: Session) -> None:
    schools = schools_of(seeded)
    assert len({school.name for school in schools}) == len(schools) == 1522 + 83
    assert len({school.code for school in schools}) == len(schools)


def test_a_name_holds_the_banner_the_township_and_the_kind(seeded: Session) -> None:
    endings = {
        InspecteeKind.KINDERGARTEN: "幼儿园",
        InspecteeKind.PRIMARY: "小学",
        InspecteeKind.TEACHING_POINT: "教学点",
        InspecteeKind.JUNIOR: "初级中学",
        InspecteeKind.SPECIAL: "特殊教育学校",
        InspecteeKind.SENIOR: "高级中学",
        InspecteeKind.VOCATIONAL: "职业高中",
    }
    regions = dict(seeded.exec(select(Region.id, Region.name)).all())
    for school in schools_of(seeded):
        start = regions[school.region_id] + school.township.removesuffix("街道")
        assert school.name.startswith(start)
        assert school.name.endswith(endings[school.kind])


def test_83_new_sites_open_during_the_plan_and_can_be_inspected_in_their_round(seeded: Session) -> None:
    new = [school for school in schools_of(seeded) if school.opened_on is not None]
    assert Counter(school.kind.value for school in new) == {
        "kindergarten": 64,
        "primary": 7,
        "junior": 4,
        "senior": 4,
        "vocational": 4,
    }
    # the last one opens on 2025-09-01, settles for 30 days, and has October to December left
    opened = [school.opened_on for school in new if school.opened_on is not None]
    assert (min(opened), max(opened)) == (date(2022, 9, 1), date(2025, 9, 1))


def test_every_school_lies_within_its_banner(seeded: Session) -> None:
    """Within a disc of the banner's area around a point inside it, or within five kilometres of the seat."""
    facts = {row["name"]: row for row in read_csv("banners.csv")}
    regions = dict(seeded.exec(select(Region.id, Region.name)).all())
    for school in schools_of(seeded):
        banner = facts[regions[school.region_id]]
        radius = math.sqrt(int(banner["area_km2"]) / math.pi)
        inside = apart_km(school, float(banner["inside_lon"]), float(banner["inside_lat"])) <= radius
        assert inside or apart_km(school, float(banner["seat_lon"]), float(banner["seat_lat"])) <= 5


def apart_km(school: Inspectee, lon: float, lat: float) -> float:
    """Kilometres from a school to a point, on a plane."""
    east = (school.lon - lon) * KM_PER_DEGREE * math.cos(math.radians(lat))
    return math.hypot(east, (school.lat - lat) * KM_PER_DEGREE)


def test_owner_offices_follow_the_kinds(seeded: Session) -> None:
    offices = {office.id: office.region_id for office in seeded.exec(select(Office)).all()}
    levels = dict(seeded.exec(select(Region.id, Region.level)).all())
    owners = {(unit.kind.value, levels[offices[unit.owner_office_id]]) for unit in seeded.exec(select(Inspectee)).all()}
    assert owners == {
        *((kind, RegionLevel.CITY) for kind in ("senior", "vocational", "government")),
        *((kind, RegionLevel.BANNER) for kind in ("kindergarten", "primary", "teaching_point", "junior", "special")),
    }


def test_a_teaching_point_has_a_primary_school_of_its_banner_as_parent_and_no_head(seeded: Session) -> None:
    schools = {school.id: school for school in schools_of(seeded)}
    points = [school for school in schools.values() if school.kind is InspecteeKind.TEACHING_POINT]
    assert len(points) == 132
    for point in points:
        parent = schools[point.parent_id]
        assert (parent.kind, parent.region_id) == (InspecteeKind.PRIMARY, point.region_id)
        assert (point.head_name, point.head_term_ends_on) == ("", None)
    others = [school for school in schools.values() if school.kind is not InspecteeKind.TEACHING_POINT]
    assert all(school.parent_id is None and school.head_name and school.head_term_ends_on for school in others)


def test_an_area_holds_at_most_twenty_schools_of_one_banner(seeded: Session) -> None:
    areas = {area.id: area.region_id for area in seeded.exec(select(Area)).all()}
    by_area: dict[int | None, list[Inspectee]] = defaultdict(list)
    for school in schools_of(seeded):
        by_area[school.area_id].append(school)
    assert set(by_area) == set(areas)
    for area_id, group in by_area.items():
        assert len(group) <= 20
        assert {school.region_id for school in group} == {areas[area_id]}


def test_the_responsible_inspector_is_near_has_the_skill_and_is_not_tied_to_the_school(seeded: Session) -> None:
    people = {person.id: person for person in seeded.exec(select(Inspector)).all()}
    recused = {(row.inspector_id, row.inspectee_id) for row in seeded.exec(select(Recusal)).all()}
    by_name = {(row.inspector_id, row.person_name) for row in seeded.exec(select(Recusal)).all() if row.person_name}
    employed = {(row.inspector_id, row.inspectee_id) for row in seeded.exec(select(Employment)).all()}
    offices = {office.id: office for office in seeded.exec(select(Office)).all()}
    city = seeded.exec(select(Office).join(Region).where(Region.adcode == "150400")).one()
    seat = next((each.base_lon, each.base_lat) for each in people.values() if each.office_id == city.id)
    for school in schools_of(seeded):
        person = people[school.responsible_inspector_id]
        assert person.kind.is_inspector
        if person.office_id == school.owner_office_id:
            assert SKILL_FOR[school.kind] in person.skills
        else:  # a school of the city that is more than an hour from it has one of its banner's people
            assert school.owner_office_id == city.id
            assert offices[person.office_id].region_id == school.region_id
            assert drive_minutes(seat, (school.lon, school.lat), 130, 900) > 60
        if school.owner_office_id == city.id:
            assert drive_minutes((person.base_lon, person.base_lat), (school.lon, school.lat), 130, 900) <= 150
        assert (person.id, school.id) not in recused | employed
        assert (person.id, school.head_name) not in by_name


def test_nobody_is_responsible_for_more_than_twenty_schools_and_no_chief_for_any(seeded: Session) -> None:
    people = {person.id: person for person in seeded.exec(select(Inspector)).all()}
    numbers = Counter(school.responsible_inspector_id for school in schools_of(seeded))
    assert max(numbers.values()) <= 20
    assert not any(people[person_id].rank.is_chief_rank for person_id in numbers)


def test_inspectors_are_as_many_as_the_norm_asks_a_sixth_full_time(seeded: Session) -> None:
    kinds = Counter(person.kind for person in seeded.exec(select(Inspector)).all())
    # 8 + 46 full-time; of 262 others the last of each of the nine larger banners is invited
    assert kinds == {
        PersonKind.FULL_TIME: 54,
        PersonKind.PART_TIME: 253,
        PersonKind.INVITED: 9,
        PersonKind.EXPERT: 17,
        PersonKind.DEPARTMENT_MEMBER: 3,
    }


def test_allowances(seeded: Session) -> None:
    months: dict[bool, Counter[int | None]] = defaultdict(Counter)
    for person in seeded.exec(select(Inspector)).all():
        if person.kind.is_inspector:
            months[person.kind is PersonKind.FULL_TIME][person.half_days_per_month] += 1
    assert set(months[True]) == {16, 18}
    assert set(months[False]) == {4, 8}
    assert months[False][8] < months[False][4] / 5


def test_every_office_has_a_chief_and_the_city_its_deputies_with_finance(seeded: Session) -> None:
    ranks: dict[int, Counter[Rank]] = defaultdict(Counter)
    for person in seeded.exec(select(Inspector)).all():
        ranks[person.office_id][person.rank] += 1
        if not person.kind.is_inspector:
            assert person.rank is Rank.MEMBER
    assert {count[Rank.CHIEF] for count in ranks.values()} == {1}
    city = seeded.exec(select(Office).join(Region).where(Region.adcode == "150400")).one()
    assert ranks[city.id or 0][Rank.DEPUTY_CHIEF] == 3


def test_terms_of_office_are_lawful_and_begin_after_the_entry_training(seeded: Session) -> None:
    terms: dict[int, list[Appointment]] = defaultdict(list)
    for row in seeded.exec(select(Appointment)).all():
        terms[row.inspector_id].append(row)
    entries = {row.inspector_id: row.last_on for row in seeded.exec(select(Training).where(col(Training.entry))).all()}
    for person in seeded.exec(select(Inspector)).all():
        own = terms[person.id or 0]
        require_lawful_terms(
            person.name, person.kind, [(term.number, term.first_on, term.last_on) for term in own], RuleSettings()
        )
        assert bool(own) == person.kind.is_inspector
        if own:
            assert entries[person.id or 0] < min(term.first_on for term in own)


def test_some_appointments_end_inside_the_plan_but_no_leaders(seeded: Session) -> None:
    last: dict[int, date] = {}
    for row in seeded.exec(select(Appointment)).all():
        last[row.inspector_id] = max(last.get(row.inspector_id, date.min), row.last_on or date.max)
    leaving = [
        person
        for person in seeded.exec(select(Inspector)).all()
        if person.kind.is_inspector and last[person.id or 0] < date(2025, 12, 31)
    ]
    assert 10 <= len(leaving) <= 60
    assert {person.rank for person in leaving} == {Rank.MEMBER}


def test_absences_of_one_person_never_overlap_and_hold_five_training_days_a_year(seeded: Session) -> None:
    absences: dict[int, list[Absence]] = defaultdict(list)
    for row in seeded.exec(select(Absence).order_by(col(Absence.first_on))).all():
        absences[row.inspector_id].append(row)
    for person in seeded.exec(select(Inspector)).all():
        own = absences[person.id or 0]
        for earlier, later in pairwise(own):
            assert earlier.last_on < later.first_on
        training = [(row.first_on, row.last_on) for row in own if row.kind is AbsenceKind.TRAINING]
        expected = [(date(year, 8, 24), date(year, 8, 28)) for year in (2023, 2024, 2025)]
        assert training == (expected if person.kind.is_inspector else [])


def test_a_recusal_names_a_school_or_a_head_that_exists(seeded: Session) -> None:
    heads = {school.head_name for school in schools_of(seeded)}
    recusals = seeded.exec(select(Recusal)).all()
    assert all(row.inspectee_id is not None or row.person_name in heads for row in recusals)
    assert any(row.inspectee_id is None for row in recusals)
    assert any(row.last_on is not None for row in recusals)


def test_past_inspections_lie_on_school_days_and_their_deadlines_inside_the_round(seeded: Session) -> None:
    for past in seeded.exec(select(PastInspection)).all():
        assert past.first_on.isoweekday() <= 5
        assert date(2018, 9, 20) <= past.first_on < date(2022, 9, 1)
    due_in_2023 = [
        past
        for past in seeded.exec(select(PastInspection).where(PastInspection.programme_code == "round")).all()
        if past.first_on + timedelta(days=5 * 365) < date(2024, 1, 1)
    ]
    # some deadlines bite in the first year of the round, fewer than that year's third of 1,522
    assert 100 < len(due_in_2023) < 1522 / 3


def test_building_work_closes_a_few_existing_schools_for_half_a_spring_term(seeded: Session) -> None:
    schools = {school.id: school for school in schools_of(seeded)}
    rows = seeded.exec(select(Closure)).all()
    assert 10 < len(rows) < 40
    for row in rows:
        school = schools[row.inspectee_id]
        assert school.kind in (InspecteeKind.PRIMARY, InspecteeKind.JUNIOR)
        assert school.opened_on is None
        assert (row.first_on, row.last_on) == (date(row.first_on.year, 4, 17), date(row.first_on.year, 8, 31))
        assert 2023 <= row.first_on.year <= 2025
