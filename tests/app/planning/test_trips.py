"""Drives and nights by visit and day: worked out by hand, and in all the same as the checker's travel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from app.accounts.settings import RuleSettings
from app.planning.trips import Stop, TripPart, trip_parts
from solver.checker import check
from solver.problem import GreatCircle
from tests.strategies import Hidden, hidden_plans

MONDAY = date(2023, 3, 6)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
BASE = (119.0, 42.0)
NEAR, FAR = (119.0, 42.1), (119.0, 43.0)
# along a meridian: a degree is 6371 km · π / 180 = 111.195 km, by road a third more than 10 % of it …
NEAR_METRES = 14_455  # ⌊11 119.5 · 1.3⌋
FAR_METRES = 144_553  # ⌊111 194.9 · 1.3⌋: 161 minutes at 900 metres a minute, more than 150


def stops(*places: tuple[int, tuple[float, float], date, int]) -> list[Stop]:
    """Half-days of one person: visit, place, day, half."""
    return [Stop(1, BASE, visit, place, day, half) for visit, place, day, half in places]


def test_out_and_home_belong_to_the_visit() -> None:
    assert list(trip_parts(stops((7, NEAR, MONDAY, 0), (7, NEAR, MONDAY, 1)), RuleSettings())) == [
        TripPart(7, MONDAY, NEAR_METRES, 0),
        TripPart(7, MONDAY, NEAR_METRES, 0),
    ]


def test_the_way_on_belongs_to_the_visit_that_it_leads_to() -> None:
    found = list(trip_parts(stops((7, NEAR, MONDAY, 0), (8, BASE, MONDAY, 1)), RuleSettings()))
    assert found == [
        TripPart(7, MONDAY, NEAR_METRES, 0),
        TripPart(8, MONDAY, NEAR_METRES, 0),
        TripPart(8, MONDAY, 0, 0),
    ]


def test_near_one_goes_home_between_two_days() -> None:
    # home and back is 29 km, a night away counts as 60
    found = list(trip_parts(stops((7, NEAR, MONDAY, 0), (8, NEAR, TUESDAY, 0)), RuleSettings()))
    assert [(part.visit_id, part.day, part.metres, part.nights) for part in found] == [
        (7, MONDAY, NEAR_METRES, 0),
        (7, MONDAY, NEAR_METRES, 0),
        (8, TUESDAY, NEAR_METRES, 0),
        (8, TUESDAY, NEAR_METRES, 0),
    ]


def test_far_away_one_stays_and_sets_out_the_evening_before() -> None:
    found = list(trip_parts(stops((7, FAR, MONDAY, 0), (8, FAR, TUESDAY, 0)), RuleSettings()))
    assert found == [
        TripPart(7, MONDAY, FAR_METRES, 1),  # the evening before
        TripPart(7, MONDAY, 0, 1),  # Monday's night, of the visit of Monday
        TripPart(8, TUESDAY, 0, 0),
        TripPart(8, TUESDAY, FAR_METRES, 1),  # home the morning after
    ]


def test_days_that_are_not_consecutive_are_two_trips() -> None:
    found = list(trip_parts(stops((7, FAR, MONDAY, 0), (8, FAR, WEDNESDAY, 0)), RuleSettings()))
    assert sum(part.metres for part in found) == 4 * FAR_METRES


@given(hidden_plans())
def test_all_shares_add_up_to_the_travel_of_the_contract(hidden: Hidden) -> None:
    given_travel = hidden.problem.travel
    travel = given_travel if isinstance(given_travel, GreatCircle) else GreatCircle(130, 900)
    problem, plan = replace(hidden.problem, travel=travel), hidden.plan
    rules = RuleSettings(
        detour_percent=travel.detour_percent,
        metres_per_minute=travel.metres_per_minute,
        overnight_metres=problem.overnight_metres,
        far_minutes=problem.far_minutes,
    )
    by_person: dict[int, list[Stop]] = defaultdict(list)
    for stop in _stops(replace(hidden, problem=problem)):
        by_person[stop.person_id].append(stop)
    total = 0
    for stops_ in by_person.values():
        price = problem.overnight_metres if stops_[0].night_metres is None else stops_[0].night_metres
        total += sum(part.metres + part.nights * price for part in trip_parts(stops_, rules))
    assert total == check(problem, plan).score.travel


def _stops(hidden: Hidden) -> Iterator[Stop]:
    problem = hidden.problem
    points = {place.id: (place.lon, place.lat) for place in problem.places}
    bases = {each.id: points[each.base] for each in problem.inspectors}
    places = {each.id: points[each.place] for each in problem.inspectees}
    visits = {visit.id: (number, visit) for number, visit in enumerate(problem.visits)}
    people = {each.id: number for number, each in enumerate(problem.inspectors)}
    prices = {each.id: each.overnight_metres for each in problem.inspectors}
    for assignment in hidden.plan.assignments:
        number, visit = visits[assignment.visit]
        first = 0 if assignment.half == "am" else 1
        for member in assignment.team:
            for half_day in range(first, first + visit.half_days):
                day = assignment.day + timedelta(days=half_day // 2)
                place = places[visit.inspectee]
                yield Stop(people[member], bases[member], number, place, day, half_day % 2, prices[member])
