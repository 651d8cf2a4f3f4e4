"""Metres and minutes are the contract's to the unit, one by one and in tables."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from solver.problem import GreatCircle, Place
from solver.travel import Minutes, TravelTable, great_circle_metres
from tests.builders import a_matrix, a_place, a_problem, an_inspectee, an_inspector

ROADS = GreatCircle(detour_percent=130, metres_per_minute=900)


def as_in_the_contract(travel: GreatCircle, a: Place, b: Place) -> int:
    """⌊2·R·asin(√h) · detour / 100⌋, h the haversine."""
    f1, f2, dl = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon)
    h = math.sin((f2 - f1) / 2) ** 2 + math.cos(f1) * math.cos(f2) * math.sin(dl / 2) ** 2
    return math.floor(2 * 6_371_000 * math.asin(math.sqrt(h)) * travel.detour_percent / 100)


def test_one_degree_of_latitude() -> None:
    """2π · 6,371 km ÷ 360 = 111.194 926… km, by road 1.3 times that: 144,553.4 m; the 161st minute is begun."""
    a, b = a_place("a", lon=118, lat=42), a_place("b", lon=118, lat=43)
    problem = a_problem(places=(a_place(), a, b), travel=ROADS)

    assert great_circle_metres(ROADS, a, b) == 144_553
    assert Minutes(problem).between("a", "b") == 161
    assert TravelTable.of(problem, ["a", "b"]).minutes.tolist() == [[0, 161], [161, 0]]


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=8), st.integers(0, 10_000))
def test_table_has_the_metres_of_single_drives(points: list[tuple[float, float]], detour: int) -> None:
    places = tuple(Place(f"p{k}", lon, lat) for k, (lon, lat) in enumerate(points))
    travel = GreatCircle(detour_percent=detour, metres_per_minute=900)
    problem = a_problem(places=(a_place(), *places), travel=travel)
    table = TravelTable.of(problem, [place.id for place in places])

    assert table.metres.tolist() == [
        [0 if a is b else as_in_the_contract(travel, a, b) for b in places] for a in places
    ]


def test_matrix_is_read_in_the_drive_s_direction_its_diagonal_too() -> None:
    problem = a_problem(places=(a_place(), a_place("x")), travel=a_matrix(((1, 2), (3, 4))))
    table = TravelTable.of(problem, ["x", "town"])

    assert table.minutes.tolist() == [[4, 3], [2, 1]]
    assert table.metres.tolist() == [[4000, 3000], [2000, 1000]]
    assert (Minutes(problem).between("town", "x"), Minutes(problem).between("x", "x")) == (2, 4)


def test_a_far_drive_from_or_to_base_costs_a_night_more() -> None:
    """90 minutes out are not far, 91 back are."""
    problem = a_problem(
        places=(a_place(), a_place("x")), travel=a_matrix(((0, 90), (91, 0))), far_minutes=90, overnight_metres=500
    )

    assert TravelTable.of(problem, ["town", "x"]).base_metres.tolist() == [[0, 90_000], [91_500, 0]]


def test_drives_of_a_base_cost_the_price_of_a_night_where_they_are_far() -> None:
    """From the town to x it is 90 minutes, no more than allowed; back it is 91."""
    problem = a_problem(places=(a_place(), a_place("x")), travel=a_matrix(((0, 90), (91, 0))), far_minutes=90)

    out, back = TravelTable.of(problem, ["town", "x"]).base_drives(0, 700)

    assert (out.tolist(), back.tolist()) == ([0, 90_000], [0, 91_700])


def test_table_holds_the_least_price_of_a_night() -> None:
    """No drive from anybody's base costs less than the table says."""
    people = (an_inspector("i1", overnight_metres=300), an_inspector("i2"), an_inspector("i3", overnight_metres=900))
    problem = a_problem(
        places=(a_place(), a_place("x")),
        travel=a_matrix(((0, 90), (91, 0))),
        inspectors=people,
        far_minutes=90,
        overnight_metres=500,
    )

    table = TravelTable.of(problem, ["town", "x"])

    assert table.overnight_metres == 300
    assert table.base_metres.tolist() == [[0, 90_000], [91_300, 0]]


def test_default_table_holds_bases_and_inspectees() -> None:
    problem = a_problem(
        places=(a_place("town"), a_place("school"), a_place("nowhere")),
        inspectors=(an_inspector(base="town"),),
        inspectees=(an_inspectee(place="school"),),
        visits=(),
    )
    table = TravelTable.of(problem)

    assert list(table.index) == ["town", "school"]
    assert np.array_equal(table.metres, np.zeros((2, 2), dtype=np.int64))
