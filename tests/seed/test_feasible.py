"""Whether the people suffice: what is required of each office against the half-days that it has, by arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

import seed
from app.models import Closure, Inspectee, Office, Plan, Region, Topic
from app.planning.to_problem import PlanningProblem, to_problem
from solver.problem import Inspector, Problem, Visit

FIRST, LAST = date(2022, 9, 1), date(2025, 12, 31)
VACATION_MONTHS = frozenset({1, 2, 7, 8})
"""Months with few school days or none: what could be done in them is the margin's margin."""


@pytest.fixture(scope="module")
def asked(seeded_engine: sa.Engine, report: seed.SeedReport) -> Iterator[PlanningProblem]:
    """What the rules ask of all offices, from the first to the last day of the demonstration."""
    assert report.changed
    with Session(seeded_engine) as session:
        city = session.exec(select(Region).where(Region.adcode == "150400")).one()
        plan = Plan(
            name="示例",
            region_id=city.id or 0,
            first_day=FIRST,
            last_day=LAST,
            seconds=60,
            working_on=FIRST,
            office_ids=[office.id or 0 for office in session.exec(select(Office)).all()],
            created_at=datetime(2022, 9, 1, tzinfo=UTC),
        )
        yield to_problem(session, plan)


def test_every_school_of_the_round_and_every_government_is_asked_for_once(
    asked: PlanningProblem, seeded: Session
) -> None:
    evaluations = {("round", "evaluation"), ("government", "evaluation")}
    visits = [visit.inspectee_id for visit in asked.visits if evaluations & set(visit.serves)]
    later = [duty.inspectee_id for duty in asked.unplanned if duty.reason == "opens_too_late"]
    assert sorted([*visits, *later]) == sorted(unit.id or 0 for unit in seeded.exec(select(Inspectee)).all())
    # 1,522 schools, 83 that open, 12 governments; two schools open less than 180 days before the end of the round
    assert (len(visits), len(later)) == (1522 + 83 + 12 - 2, 2)


def test_only_the_chain_whose_years_are_gone_is_missed(asked: PlanningProblem, seeded: Session) -> None:
    banners = {unit.id: unit.name for unit in seeded.exec(select(Inspectee)).all()}
    missed = [
        (banners[duty.inspectee_id], duty.programme_code, duty.phase, duty.reason)
        for duty in asked.unplanned
        if duty.reason not in ("no_day", "opens_too_late") and duty.phase != "recheck"
    ]
    assert missed == [
        ("阿鲁科尔沁旗人民政府", "preschool_universal", "launch", "missed"),
        ("阿鲁科尔沁旗人民政府", "preschool_universal", "review", "missed"),
    ]


def test_every_topic_is_served_once_at_each_of_its_units(asked: PlanningProblem, seeded: Session) -> None:
    served = [
        (phase, visit.inspectee_id)
        for visit in asked.visits
        for code, phase in visit.serves
        if code in ("thematic", "opening_check")
    ]
    topics = seeded.exec(select(Topic)).all()
    assert sorted(served) == sorted((f"topic-{topic.id}", unit) for topic in topics for unit in topic.inspectee_ids)
    secret = {visit.key for visit in asked.visits if visit.unannounced}
    # two openings of term a year, 8 schools of the city's and 4 of each of 12 banners
    of_secret = [phase for visit in asked.visits if visit.unannounced for _code, phase in visit.serves]
    assert len(of_secret) == 3 * 2 * (8 + 12 * 4)
    assert all(key.startswith("topic-") for key in secret)  # none of them joined another visit


def test_a_recheck_is_reserved_with_every_visit_of_the_round_that_leaves_room(asked: PlanningProblem) -> None:
    # five kindergartens settle, and topics join seventeen visits, so late that 60 days later the plan is over
    of_round = [visit for visit in asked.visits if ("round", "evaluation") in visit.serves]
    rechecks = [visit for visit in asked.visits if ("round", "recheck") in visit.serves]
    waiting = [duty for duty in asked.unplanned if duty.phase == "recheck"]
    assert (len(of_round), len(rechecks), len(waiting)) == (1603, 1581, 22)
    assert {duty.reason for duty in waiting} == {"not_yet_due"}


def test_only_building_work_leaves_a_half_of_a_term_without_routine(asked: PlanningProblem, seeded: Session) -> None:
    # the building work from 17 April to August takes the second half of a spring term
    without = [(duty.inspectee_id, duty.programme_code, duty.due_on) for duty in asked.unplanned]
    closures = seeded.exec(select(Closure)).all()
    assert sorted(each for each in without if each[1] == "routine") == sorted(
        (row.inspectee_id, "routine", date(row.first_on.year, 7, 10)) for row in closures
    )


def test_every_unit_is_visited_twice_a_term_by_people_of_its_area(asked: PlanningProblem, seeded: Session) -> None:
    areas = {f"e{unit.id}": f"area:{unit.area_id}" for unit in seeded.exec(select(Inspectee)).all()}
    routine = [visit for visit in asked.problem.visits if visit.program == "routine"]
    # 1,522 schools in 7 terms of two halves; 83 that open later, and 33 halves that building work takes
    assert 1522 * 14 - 33 < len(routine) < (1522 + 83) * 14
    assert {visit.id for visit in routine if visit.team.pool != (areas[visit.inspectee],)} == set()


def test_launches_and_reviews_lie_in_the_years_that_the_plan_asks_for(asked: PlanningProblem, seeded: Session) -> None:
    names = {unit.id: unit.name.removesuffix("人民政府") for unit in seeded.exec(select(Inspectee)).all()}
    chains = {
        (code, names[visit.inspectee_id], phase): (visit.latest.year, visit.late)
        for visit in asked.visits
        for code, phase in visit.serves
        if phase in ("launch", "review")
    }
    assert chains == {
        ("compulsory_quality", "林西县", "launch"): (2022, False),
        ("compulsory_quality", "林西县", "review"): (2023, False),
        ("compulsory_quality", "元宝山区", "launch"): (2023, False),
        ("compulsory_quality", "元宝山区", "review"): (2024, False),
        ("compulsory_quality", "阿鲁科尔沁旗", "launch"): (2023, False),
        ("compulsory_quality", "阿鲁科尔沁旗", "review"): (2024, False),
        ("preschool_universal", "巴林右旗", "launch"): (2022, True),
        ("preschool_universal", "巴林右旗", "review"): (2022, False),
        ("preschool_universal", "克什克腾旗", "launch"): (2022, False),
        ("preschool_universal", "克什克腾旗", "review"): (2023, False),
        ("preschool_universal", "红山区", "launch"): (2022, False),
        ("preschool_universal", "红山区", "review"): (2023, False),
        ("preschool_universal", "翁牛特旗", "launch"): (2023, False),
        ("preschool_universal", "翁牛特旗", "review"): (2024, False),
        ("preschool_universal", "林西县", "launch"): (2023, False),
        ("preschool_universal", "林西县", "review"): (2024, False),
    }


def test_every_visit_finds_more_people_than_its_team_needs(asked: PlanningProblem) -> None:
    """In all and of each required tag one person more than is asked, counting only who can give the half-days."""
    problem = asked.problem
    for visit in problem.visits:
        able = [person for person in problem.inspectors if can_serve(person, visit)]
        assert len(able) > visit.team.size, visit.id
        for tag, number in visit.team.requires.items():
            assert sum(tag in person.tags for person in able) > number, (visit.id, tag)


def can_serve(person: Inspector, visit: Visit) -> bool:
    """Whether somebody is of the pool, not excluded, and has a month's half-days for the visit."""
    cap = person.half_days_per_month
    return (
        not person.tags.isdisjoint(visit.team.pool)
        and person.id not in visit.excluded
        and (cap is None or cap >= visit.half_days)
    )


def test_what_is_due_by_the_end_of_a_month_takes_at_most_two_thirds_of_an_offices_half_days(
    asked: PlanningProblem,
) -> None:
    """For each office and month: Σ half-days × people of the visits due until then ≤ 2/3 of the half-days given so far.

    Reviews that may borrow from other banners are put on the city alone.
    """
    due = due_by_month(asked.problem)
    for pool, given in given_by_month(asked.problem).items():
        demanded = available = 0
        for month in sorted({*given, *due[pool]}):
            demanded += due[pool][month]
            available += given[month]
            assert 3 * demanded <= 2 * available, (pool, month)


Month = tuple[int, int]


def due_by_month(problem: Problem) -> dict[str, dict[Month, int]]:
    """Half-days of people that each pool must have given when a month ends."""
    due: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    for visit in problem.visits:
        month = (visit.latest.year, visit.latest.month)
        due[visit.team.pool[0]][month] += visit.half_days * visit.team.size
    return due


def given_by_month(problem: Problem) -> dict[str, dict[Month, int]]:
    """Half-days that the inspectors of each pool can give in a month of school: their allowance, or two a free day."""
    given: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    for person in problem.inspectors:
        if "inspector" not in person.tags:
            continue
        (pool,) = (tag for tag in person.tags if tag.startswith("pool:"))
        free: dict[Month, int] = defaultdict(int)
        for day in problem.days:
            if day.month not in VACATION_MONTHS and is_free(person, day):
                free[day.year, day.month] += 2
        for month, half_days in free.items():
            given[pool][month] += min(half_days, person.half_days_per_month or half_days)
    return given


def is_free(person: Inspector, day: date) -> bool:
    """Whether somebody can work on a day."""
    if person.weekdays is not None and day.isoweekday() not in person.weekdays:
        return False
    return not any(away.first <= day <= away.last for away in person.unavailable)
