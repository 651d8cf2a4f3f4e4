"""People in the problem: on which days they count, what they bear, from whom they are kept away."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from app.models import Inspector, PersonKind, Rank
from solver.problem import DateRange
from tests.app import builders
from tests.app.builders import Places
from tests.app.planning.builders import World, a_setting, a_world, person_in, problem_of, somebody, visit_in

AFTER_THE_APPOINTMENT = DateRange(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def world(session: Session, places: Places) -> World:
    return a_world(session, places)


def _unavailable(session: Session, world: World, person: Inspector) -> list[DateRange]:
    return list(person_in(problem_of(session, world), person).unavailable)


def test_somebody_counts_inside_an_appointment(session: Session, world: World) -> None:
    person = somebody(session, world.places.banner_office)
    assert _unavailable(session, world, person) == [AFTER_THE_APPOINTMENT]


def test_appointments_that_follow_one_another_leave_no_gap(session: Session, world: World) -> None:
    person = somebody(session, world.places.banner_office)
    builders.an_appointment(session, person, first_on=date(2025, 1, 1), last_on=None, number=2)
    assert _unavailable(session, world, person) == []


def test_an_inspector_without_an_appointment_never_counts(session: Session, world: World) -> None:
    person = builders.an_inspector(session, world.places.banner_office)
    builders.an_entry_training(session, person)
    assert _unavailable(session, world, person) == [DateRange(date(2022, 9, 1), date(2025, 12, 31))]


def test_an_inspector_counts_after_the_entry_training(session: Session, world: World) -> None:
    # Trained until 2022-10-14: from the next day on.
    person = builders.an_inspector(session, world.places.banner_office)
    builders.an_appointment(session, person, last_on=None)
    builders.an_entry_training(session, person, first_on=date(2022, 10, 10), last_on=date(2022, 10, 14))
    assert _unavailable(session, world, person) == [DateRange(date(2022, 9, 1), date(2022, 10, 14))]


def test_an_inspector_who_was_never_trained_never_counts(session: Session, world: World) -> None:
    person = builders.an_inspector(session, world.places.banner_office)
    builders.an_appointment(session, person)
    assert _unavailable(session, world, person) == [DateRange(date(2022, 9, 1), date(2025, 12, 31))]


def test_absences_and_the_day_of_leaving_are_days_away(session: Session, world: World) -> None:
    person = somebody(session, world.places.banner_office, ended_on=date(2024, 7, 1))
    builders.an_absence(session, person)
    assert _unavailable(session, world, person) == [
        DateRange(date(2022, 10, 10), date(2022, 10, 14)),
        DateRange(date(2024, 7, 1), date(2025, 12, 31)),
    ]


def test_an_expert_needs_no_appointment(session: Session, world: World) -> None:
    expert = builders.an_inspector(session, world.places.banner_office, kind=PersonKind.EXPERT)
    assert _unavailable(session, world, expert) == []


@pytest.mark.parametrize(
    ("kind", "rank", "tags"),
    [
        (PersonKind.FULL_TIME, Rank.CHIEF, {"full_time", "inspector", "lead", "chief"}),
        (PersonKind.PART_TIME, Rank.LEADER, {"part_time", "inspector", "lead"}),
        (PersonKind.INVITED, Rank.MEMBER, {"invited", "inspector"}),
        (PersonKind.EXPERT, Rank.CHIEF, {"expert"}),
        (PersonKind.DEPARTMENT_MEMBER, Rank.LEADER, {"department_member"}),
    ],
)
def test_only_inspectors_bear_inspector_and_a_rank(
    session: Session, world: World, kind: PersonKind, rank: Rank, tags: set[str]
) -> None:
    person = somebody(session, world.places.banner_office, kind=kind, rank=rank, skills=["finance"])
    assert person_in(problem_of(session, world), person).tags == tags | {"pool:150402", "finance"}


def test_allowance_weekdays_and_load_are_passed_on(session: Session, world: World) -> None:
    person = somebody(
        session,
        world.places.banner_office,
        half_days_per_month=4,
        half_days_per_year=30,
        weekdays=[1, 2],
        load_before_half_days=6,
    )
    found = person_in(problem_of(session, world), person)
    assert (found.half_days_per_month, found.share, found.half_days_per_year) == (4, 4, 30)
    assert (found.weekdays, found.load_before) == (frozenset({1, 2}), 6)


@pytest.mark.parametrize(
    ("half_days", "percent", "level"), [(16, 70, 11), (4, 70, 3), (None, 70, 28), (16, 100, 16), (4, 0, 0)]
)
def test_a_month_is_heavy_above_a_percentage_of_the_allowance(
    session: Session, world: World, half_days: int | None, percent: int, level: int
) -> None:
    a_setting(session, "level_percent", percent)
    person = somebody(session, world.places.banner_office, half_days_per_month=half_days)
    assert person_in(problem_of(session, world), person).level == level


def test_an_evenings_drive_has_the_longest_of_the_setting(session: Session, world: World) -> None:
    a_setting(session, "evening_max_minutes", 90)
    assert problem_of(session, world).problem.evening_max_minutes == 90


def test_people_of_offices_that_no_team_is_drawn_from_are_left_out(session: Session, world: World) -> None:
    somebody(session, world.places.other_office)
    own = somebody(session, world.places.banner_office)
    assert [person.id for person in problem_of(session, world).problem.inspectors] == [f"i{own.id}"]


def _excluded(session: Session, world: World) -> frozenset[str]:
    """Who is kept away from the school's visit, asked from 2023-01-01 to 2025-12-31."""
    return visit_in(problem_of(session, world), f"round-{world.round_id}-{world.school.id}").excluded


@pytest.mark.parametrize(
    ("first_on", "last_on", "excluded"),
    [
        (date(2022, 1, 1), None, True),
        (date(2022, 1, 1), date(2022, 12, 31), False),  # over before the window
        (date(2022, 1, 1), date(2023, 1, 1), True),  # touches its first day
        (date(2025, 12, 31), None, True),  # touches its last day
        (date(2026, 1, 1), None, False),
    ],
)
def test_a_recusal_excludes_from_every_visit_whose_window_it_touches(
    session: Session, world: World, first_on: date, last_on: date | None, excluded: bool
) -> None:
    person = somebody(session, world.places.banner_office)
    builders.a_recusal(
        session, person, inspectee_id=world.school.id, person_name=None, first_on=first_on, last_on=last_on
    )
    assert _excluded(session, world) == (frozenset({f"i{person.id}"}) if excluded else frozenset())


@pytest.mark.parametrize(("head", "excluded"), [("王校长", True), ("李校长", False)])
def test_a_recusal_from_a_person_is_one_from_the_unit_that_the_person_heads(
    session: Session, world: World, head: str, excluded: bool
) -> None:
    person = somebody(session, world.places.banner_office)
    builders.a_recusal(session, person, person_name="王校长")
    world.school.head_name = head
    session.add(world.school)
    session.flush()
    assert _excluded(session, world) == (frozenset({f"i{person.id}"}) if excluded else frozenset())


@pytest.mark.parametrize(
    ("last_on", "excluded"),
    [
        (None, True),  # the own employer
        (date(2020, 1, 1), True),  # three years later is 2023-01-01, the first day of the window
        (date(2019, 12, 31), False),
    ],
)
def test_employers_are_recused_for_three_years(
    session: Session, world: World, last_on: date | None, excluded: bool
) -> None:
    person = somebody(session, world.places.banner_office)
    builders.an_employment(session, person, inspectee_id=world.school.id, first_on=date(2010, 1, 1), last_on=last_on)
    assert _excluded(session, world) == (frozenset({f"i{person.id}"}) if excluded else frozenset())


def test_who_works_at_the_parent_school_is_kept_from_its_teaching_point(session: Session, world: World) -> None:
    person = somebody(session, world.places.banner_office)
    builders.an_employment(session, person, inspectee_id=world.school.id, first_on=date(2010, 1, 1), last_on=None)
    point = builders.an_inspectee(session, world.places.banner, world.places.banner_office, parent_id=world.school.id)
    found = visit_in(problem_of(session, world), f"round-{world.round_id}-{point.id}")
    assert found.excluded == frozenset({f"i{person.id}"})


def test_the_banners_own_people_are_kept_from_its_government(session: Session, world: World) -> None:
    # Two of the city's people: one works at a school of the banner, one in the city's bureau.
    works_there, works_elsewhere = (somebody(session, world.places.city_office) for _ in range(2))
    builders.an_employment(session, works_there, inspectee_id=world.school.id, first_on=date(2020, 1, 1), last_on=None)
    builders.an_employment(
        session,
        works_elsewhere,
        inspectee_id=None,
        region_id=world.places.city.id,
        employer="市教育局",
        first_on=date(2020, 1, 1),
        last_on=None,
    )
    found = problem_of(session, world, world.places.city_office)
    visit = visit_in(found, f"government-{world.government_round_id}-{world.government.id}")
    assert visit.excluded == frozenset({f"i{works_there.id}"})


def test_the_responsible_inspector_is_preferred_unless_recused(session: Session, world: World) -> None:
    person = somebody(session, world.places.banner_office)
    world.school.responsible_inspector_id = person.id
    session.add(world.school)
    session.flush()
    key = f"round-{world.round_id}-{world.school.id}"
    assert visit_in(problem_of(session, world), key).prefers == frozenset({f"i{person.id}"})
    builders.a_recusal(session, person, inspectee_id=world.school.id, person_name=None)
    assert visit_in(problem_of(session, world), key).prefers == frozenset()
