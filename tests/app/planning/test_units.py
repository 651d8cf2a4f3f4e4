"""Days and units in the problem: working days, terms, exams, external stages, yearly limits, cars."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from app.models import ClosedDays, DayKind, ExternalStageKind, InspecteeKind, Season
from solver.problem import DateRange, PastVisit, Resource
from tests.app import builders
from tests.app.builders import Places, added
from tests.app.planning.builders import World, a_setting, a_world, problem_of, unit_in, visit_in
from tests.app.programmes.builders import a_burden_rule, a_stage, a_target

AUTUMN = {"first_day": date(2022, 9, 1), "last_day": date(2023, 3, 31)}
"""Out of term, the first and the last week of a term counted in: 09-01 to 09-07, 01-02 to 03-07."""

OUT_OF_TERM = [DateRange(date(2022, 9, 1), date(2022, 9, 7)), DateRange(date(2023, 1, 2), date(2023, 3, 7))]


@pytest.fixture
def world(session: Session, places: Places) -> World:
    return a_world(session, places)


def _closed(session: Session, world: World) -> list[DateRange]:
    """The school's closed ranges in autumn and the begin of spring."""
    last = date(2023, 3, 31)
    found = unit_in(problem_of(session, world, **AUTUMN), world.school).closed
    return [each for each in found if each.first <= last]


@pytest.mark.parametrize(("setting", "days"), [(False, [4, 5, 6, 7, 10]), (True, [4, 5, 6, 7, 8, 10])])
def test_inspection_days_are_weekdays_without_holidays_and_with_a_setting_the_days_worked_instead(
    session: Session, world: World, setting: bool, days: list[int]
) -> None:
    # 2022-10-03 is a Monday, 2022-10-08 a Saturday.
    a_setting(session, "visits_on_make_up_days", setting)
    builders.a_calendar_day(session, date(2022, 10, 3))
    builders.a_calendar_day(session, date(2022, 10, 8), DayKind.MAKE_UP_DAY)
    found = problem_of(session, world, first_day=date(2022, 10, 1), last_day=date(2022, 10, 10)).problem
    assert [day.day for day in found.days] == days


def test_a_school_is_closed_outside_the_terms_and_in_their_first_and_last_week(session: Session, world: World) -> None:
    assert _closed(session, world) == OUT_OF_TERM


def _government_closed(session: Session, world: World) -> list[DateRange]:
    """The government's closed ranges in autumn and the begin of spring; seniors are in term a week longer."""
    for season, first, last in (
        (Season.AUTUMN, date(2022, 8, 21), date(2023, 1, 25)),
        (Season.SPRING, date(2023, 2, 24), date(2023, 7, 10)),
    ):
        builders.a_school_term(
            session, kind=InspecteeKind.SENIOR, year=first.year, season=season, first_on=first, last_on=last
        )
    found = unit_in(problem_of(session, world, world.places.city_office), world.government).closed
    return [each for each in found if each.first <= date(2023, 3, 31)]


def test_a_government_is_visited_only_while_all_kinds_of_school_are_in_term(session: Session, world: World) -> None:
    assert _government_closed(session, world)[:2] == OUT_OF_TERM


def test_a_setting_lets_governments_be_visited_out_of_term(session: Session, world: World) -> None:
    a_setting(session, "governments_in_term", False)
    assert _government_closed(session, world) == []


def test_a_school_is_closed_on_its_own_closures(session: Session, world: World) -> None:
    builders.a_closure(session, world.school, first_on=date(2022, 10, 10), last_on=date(2022, 10, 12))
    assert DateRange(date(2022, 10, 10), date(2022, 10, 12)) in _closed(session, world)


@pytest.mark.parametrize(
    ("kinds", "elsewhere", "closed"),
    [(["primary"], False, True), ([], False, True), (["senior"], False, False), (["primary"], True, False)],
)
def test_exam_days_close_the_units_of_their_kinds_and_region(
    session: Session, world: World, kinds: list[str], elsewhere: bool, closed: bool
) -> None:
    days = DateRange(date(2022, 11, 14), date(2022, 11, 15))
    region = world.places.other if elsewhere else world.places.banner
    exam = ClosedDays(name="考试", first_on=days.first, last_on=days.last, kinds=kinds, region_id=region.id)
    added(session, exam)
    assert (days in _closed(session, world)) is closed


def test_an_external_stage_takes_the_government_and_the_sampled_schools(session: Session, world: World) -> None:
    target = a_target(session, world.places.banner)
    days = DateRange(date(2024, 5, 13), date(2024, 5, 16))
    a_stage(
        session,
        target,
        kind=ExternalStageKind.VALIDATION,
        first_on=days.first,
        last_on=days.last,
        sampled_inspectee_ids=[world.school.id],
    )
    unsampled = builders.an_inspectee(session, world.places.banner, world.places.banner_office)
    found = problem_of(session, world, world.places.banner_office, world.places.city_office)
    closed = {unit.id: days in unit.closed for unit in found.problem.inspectees}
    assert closed == {f"e{world.school.id}": True, f"e{unsampled.id}": False, f"e{world.government.id}": True}


def test_a_unit_is_closed_before_its_opening(session: Session, world: World) -> None:
    world.school.opened_on = date(2023, 9, 1)
    session.add(world.school)
    session.flush()
    closed = unit_in(problem_of(session, world), world.school).closed
    assert closed[0] == DateRange(date(2022, 9, 1), date(2023, 9, 7))  # with the first week of term


def test_a_school_receives_as_many_comprehensive_inspections_a_year_as_the_rules_allow(
    session: Session, world: World
) -> None:
    # The setting of 1 ends on 2025-10-13, the law of 1 follows; a unit of the city's government is no school.
    found = problem_of(session, world, world.places.banner_office, world.places.city_office)
    limits = {"2022": 1, "2023": 1, "2024": 1, "2025": 1}
    assert unit_in(found, world.school).max_burden == limits
    assert unit_in(found, world.government).max_burden == {}


def test_the_stricter_rule_of_a_year_holds_for_all_of_it(session: Session, world: World) -> None:
    rule = a_burden_rule(session, first_on=date(2025, 10, 14), comprehensive_per_year=0)
    limits = unit_in(problem_of(session, world), world.school).max_burden
    assert (rule.comprehensive_per_year, limits["2024"], limits["2025"]) == (0, 1, 0)


def test_an_inspection_outside_this_service_counts_in_its_year(session: Session, world: World) -> None:
    other = builders.an_inspectee(session, world.places.banner, world.places.banner_office)
    past = builders.a_past_inspection(session, world.school, first_on=date(2022, 4, 20))
    builders.a_past_inspection(session, other, first_on=date(2021, 4, 20))
    found = problem_of(session, world).problem.history
    assert found == (PastVisit(f"past-{past.id}", f"e{world.school.id}", date(2022, 4, 20), "am", 2, (), 1),)


def test_cars_that_an_office_lacks_on_some_days_are_taken(session: Session, world: World) -> None:
    # Three cars but from 2022-09-05 to 2022-09-13 only one: two are missing on nine days, in blocks of five days.
    office = world.places.banner_office
    builders.some_cars(session, office, number=3, last_on=date(2022, 9, 4))
    builders.some_cars(session, office, number=1, first_on=date(2022, 9, 5), last_on=date(2022, 9, 13))
    builders.some_cars(session, office, number=3, first_on=date(2022, 9, 14))
    found = problem_of(session, world)
    assert found.problem.resources == (Resource("cars:150402", 3),)
    blocks = [(past.day, past.half_days, past.resources) for past in found.problem.history]
    assert blocks == [
        (date(2022, 9, 5), 10, ("cars:150402",)),
        (date(2022, 9, 5), 10, ("cars:150402",)),
        (date(2022, 9, 10), 8, ("cars:150402",)),
        (date(2022, 9, 10), 8, ("cars:150402",)),
    ]
    assert visit_in(found, f"round-{world.round_id}-{world.school.id}").resources == ("cars:150402",)


def test_an_office_that_registered_no_cars_is_not_limited_by_them(session: Session, world: World) -> None:
    found = problem_of(session, world)
    assert found.problem.resources == ()
    assert visit_in(found, f"round-{world.round_id}-{world.school.id}").resources == ()
