"""Topics, monitoring, leaders' duties, outcomes and the unannounced in the planning problem."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.demand.coverage import Coverage
from app.demand.schemas import CoverageQuery
from app.demand.totals import held_of
from app.models import Assignment, MonitoringSample, OfficeDuty, Programme, PublishedVersion, Rank, VisitOutcome
from app.planning.labels import Names
from app.planning.to_problem import PlanningProblem, to_problem
from app.plans import store
from solver.problem import DateRange, Precedence
from tests.app import builders
from tests.app.builders import Places, added, id_of
from tests.app.planning.builders import (
    World,
    a_world,
    an_assignment,
    in_force,
    person_in,
    problem_of,
    somebody,
    unit_in,
    visit_in,
)
from tests.app.programmes.builders import a_plan, a_planned_visit
from tests.app.topics.builders import a_thematic_programme, a_topic

DAYS = DateRange(date(2022, 10, 17), date(2022, 10, 18))
MAY, JULY = date(2023, 5, 20), date(2023, 7, 9)
TERM = {"first_day": date(2022, 9, 1), "last_day": date(2022, 12, 31)}


@pytest.fixture
def world(session: Session, places: Places) -> World:
    found = a_world(session, places)
    a_thematic_programme(session)
    return found


def keys(found: PlanningProblem) -> list[str]:
    """The visits that are asked, by key."""
    return sorted(visit.key for visit in found.visits)


def test_a_citys_topic_visits_a_banners_school_with_the_citys_people(session: Session, world: World) -> None:
    topic = a_topic(session, world.places.city_office, inspectee_ids=[world.school.id], requires={"finance": 1})
    found = problem_of(session, world, world.places.city_office, **TERM)
    key = f"topic-{topic.id}-{world.school.id}"
    visit = visit_in(found, key)
    assert (visit.inspectee, visit.team.pool, visit.program) == (f"e{world.school.id}", ("pool:150400",), "thematic")
    assert dict(visit.team.requires) == {"finance": 1, "inspector": 3, "lead": 1}
    assert (visit.earliest, visit.latest) == (date(2022, 10, 10), date(2022, 10, 31))
    asked = next(each for each in found.visits if each.key == key)
    assert (asked.office_id, asked.unannounced) == (world.places.city_office.id, False)
    assert key not in keys(problem_of(session, world, **TERM))  # no matter of the banner's plan


def test_an_ended_topic_asks_for_no_visit_after_its_end(session: Session, world: World) -> None:
    office = world.places.banner_office
    a_topic(session, office, inspectee_ids=[world.school.id], ended_on=date(2022, 10, 5))
    half = a_topic(session, office, inspectee_ids=[world.school.id], ended_on=date(2022, 10, 20))
    found = problem_of(session, world, **TERM)
    topics = {visit.key: visit.latest for visit in found.visits if visit.key.startswith("topic-")}
    assert topics == {f"topic-{half.id}-{world.school.id}": date(2022, 10, 20)}


def test_monitoring_closes_the_sampled_schools_to_every_programme(session: Session, world: World) -> None:
    other = builders.an_inspectee(session, world.places.banner, world.places.banner_office)
    sample = MonitoringSample(
        name="质量监测", first_on=DAYS.first, last_on=DAYS.last, inspectee_ids=[id_of(world.school)]
    )
    added(session, sample)
    a_topic(session, world.places.banner_office, inspectee_ids=[world.school.id, other.id])
    found = problem_of(session, world, **TERM)
    assert DAYS in unit_in(found, world.school).closed
    assert DAYS not in unit_in(found, other).closed


@pytest.mark.parametrize(
    ("rank", "chiefs_only", "away"),
    [(Rank.DEPUTY_CHIEF, True, True), (Rank.MEMBER, True, False), (Rank.MEMBER, False, True)],
)
def test_the_regions_weeks_take_the_leaders_or_all(
    session: Session, world: World, rank: Rank, chiefs_only: bool, away: bool
) -> None:
    office = world.places.city_office
    duty = OfficeDuty(
        office_id=id_of(office), name="迎检", first_on=DAYS.first, last_on=DAYS.last, chiefs_only=chiefs_only
    )
    added(session, duty)
    person = somebody(session, office, rank=rank)
    other = somebody(session, world.places.banner_office, rank=Rank.CHIEF)
    a_topic(session, office, inspectee_ids=[world.school.id])
    found = problem_of(session, world, office, world.places.banner_office, **TERM)
    assert (DAYS in person_in(found, person).unavailable) is away
    assert DAYS not in person_in(found, other).unavailable


def with_recheck(session: Session) -> None:
    """The round's programme with half a day of one inspector 60 to 150 days after."""
    programme = session.exec(select(Programme).where(Programme.code == "round")).one()
    recheck = {
        "name": "recheck",
        "title": "整改复查",
        "half_days": 1,
        "size": 1,
        "pool": "owner",
        "requires": {"inspector": 1},
        "weight": 2,
    }
    programme.phases = [*programme.phases, recheck]
    session.flush()


def test_a_recheck_is_reserved_in_the_problem(session: Session, world: World) -> None:
    with_recheck(session)
    first = f"round-{world.round_id}-{world.school.id}"
    found = problem_of(session, world)
    assert found.problem.precedences == (Precedence(first, f"recheck-{first}", 60, 150),)
    assert (visit_in(found, f"recheck-{first}").team.size, visit_in(found, f"recheck-{first}").burden) == (1, 0)


@pytest.mark.parametrize(
    ("findings", "asked"),
    [
        (
            [{"text": "台账不全", "severity": "minor", "rectify_by": "2023-05-10"}],
            [(date(2023, 5, 20), date(2023, 7, 9))],
        ),
        ([], []),
    ],
)
def test_the_outcome_decides_and_coverage_says_so(
    session: Session, world: World, findings: list[dict[str, Any]], asked: list[tuple[date, date]]
) -> None:
    with_recheck(session)
    team = [somebody(session, world.places.banner_office)]
    in_force(session, world, world.school, team)
    first = f"round-{world.round_id}-{world.school.id}"
    outcome = VisitOutcome(
        visit_key=first,
        inspectee_id=id_of(world.school),
        office_id=id_of(world.places.banner_office),
        done_on=date(2023, 3, 14),
        findings=findings,
        recorded_at=datetime(2023, 3, 20, tzinfo=UTC),
    )
    added(session, outcome)
    office_ids = [id_of(world.places.banner_office)]
    plan = a_plan(session, world.places.city, office_ids, working_on=date(2023, 4, 3), first_day=date(2023, 1, 1))
    found = to_problem(session, plan)
    windows = [(visit.earliest, visit.latest) for visit in found.visits if visit.key == f"recheck-{first}"]
    assert windows == asked
    store.write_required(session, plan, {"pins": []}, found.visits, found.unplanned)
    rows = Coverage(session, plan).page(CoverageQuery(programme="round")).items
    told = [(row.phase, row.state.value, row.messages) for row in rows if row.phase == "recheck"]
    released = "2023-03-14 的督导未发现问题，不需复查，预留的日子已释放。"
    if findings:
        assert [state for _, state, _ in told] == ["uncovered"]  # nothing answered yet
    else:
        assert [(state, messages[0].endswith(released)) for _, state, messages in told] == [("unplanned", True)]


def test_a_secret_visit_of_another_office_is_an_absence_without_a_reason(session: Session, world: World) -> None:
    lent = somebody(session, world.places.banner_office)
    other = somebody(session, world.places.banner_office)
    city = world.places.city_office
    plan = a_plan(session, world.places.city, [id_of(city)])
    visit = a_planned_visit(session, plan, world.school, "thematic", key=f"topic-1-{world.school.id}")
    visit.unannounced, visit.office_id = True, id_of(city)
    an_assignment(session, visit, [lent])
    version = PublishedVersion(
        office_id=id_of(city),
        number=1,
        plan_id=id_of(plan),
        until=date(2023, 12, 31),
        published_at=datetime(2022, 10, 1, tzinfo=UTC),
    )
    added(session, version)
    day = date(2023, 3, 14)
    found = problem_of(session, world)
    assert found.problem.history == ()
    assert DateRange(day, day) in person_in(found, lent).unavailable
    assert DateRange(day, day) not in person_in(found, other).unavailable
    assert not any(each.holds(day) for each in unit_in(found, world.school).closed)
    known = problem_of(session, world, working_on=day)  # begun: history like any other
    assert [past.visit for past in known.problem.history] == [f"topic-1-{world.school.id}"]


def test_a_recheck_counts_as_a_visit_and_as_no_comprehensive_inspection(session: Session, world: World) -> None:
    plan = a_plan(session, world.places.city, [world.school.owner_office_id])
    for number, (phase, day) in enumerate((("evaluation", date(2023, 3, 14)), ("recheck", date(2023, 6, 14)))):
        visit = a_planned_visit(session, plan, world.school, "round", phase=phase, key=f"k{number}")
        an_assignment(session, visit, [], first_on=day, last_on=day)
    held = held_of(session, col(Assignment.plan_id) == plan.id)
    assert sorted((each.first_on, each.comprehensive) for each in held) == [
        (date(2023, 3, 14), True),
        (date(2023, 6, 14), False),
    ]


def test_topics_and_rechecks_have_words(session: Session, world: World) -> None:
    topic = a_topic(session, world.places.banner_office, title="教育经费投入")
    key = f"topic-{topic.id}-{world.school.id}"
    names = Names.of(session, [key, f"recheck-round-1-{world.school.id}"])
    assert names.visit(key) == "红山一小“教育经费投入”专项督导"
    assert names.visit(f"recheck-round-1-{world.school.id}") == "红山一小综合督导评估的复查"
