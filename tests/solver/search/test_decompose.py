"""What falls apart, what is searched together, and what must not be searched at the same time."""

from __future__ import annotations

import pytest

from solver.candidates import Candidates
from solver.problem import Precedence, Problem, Separation
from solver.search import decompose
from solver.search.decompose import Part, areas_of, split, waves
from tests.builders import a_problem, a_resource, a_visit, an_inspectee, an_inspector

A, B, CITY = frozenset({"a"}), frozenset({"b"}), frozenset({"city"})

OFFICES = a_problem(
    inspectors=(an_inspector("i-city", tags=CITY), an_inspector("i-a", tags=A), an_inspector("i-b", tags=B)),
    inspectees=(an_inspectee("e1"), an_inspectee("e2"), an_inspectee("e3")),
    visits=(
        a_visit("v-a", inspectee="e1", pool=("a",)),
        a_visit("v-b", inspectee="e2", pool=("b",)),
        a_visit("v-city", inspectee="e3", pool=("city",)),
    ),
)
"""Three offices, each with an inspector and a visit, that have nothing in common."""


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts are not taken together for being small."""
    monkeypatch.setattr(decompose, "LEAST_PART", 1)


@pytest.mark.usefixtures("_small_parts")
def test_offices_with_nothing_in_common_are_parts() -> None:
    assert split(Candidates(OFFICES)) == (Part((0,), (1,)), Part((1,), (2,)), Part((2,), (0,)))


def test_small_parts_are_taken_together() -> None:
    assert split(Candidates(OFFICES)) == (Part((0, 1, 2), (0, 1, 2)),)


def changed(**changes: object) -> Problem:
    """The three offices with something in common."""
    fields = {name: getattr(OFFICES, name) for name in ("inspectors", "inspectees", "visits")}
    return a_problem(**(fields | changes))


@pytest.mark.parametrize(
    "problem",
    [
        changed(precedences=(Precedence("v-a", "v-b", 1),)),
        changed(separations=(Separation(("v-b", "v-a"), 1),)),
        changed(
            resources=(a_resource(),),
            visits=(
                a_visit("v-a", inspectee="e1", pool=("a",), resources=("car",)),
                a_visit("v-b", inspectee="e2", pool=("b",), resources=("car",)),
                a_visit("v-city", inspectee="e3", pool=("city",)),
            ),
        ),
        changed(
            visits=(
                a_visit("v-a", inspectee="e1", pool=("a",)),
                a_visit("v-b", inspectee="e1", pool=("b",)),
                a_visit("v-city", inspectee="e3", pool=("city",)),
            ),
        ),
        changed(
            inspectors=(
                an_inspector("i-city", tags=CITY),
                an_inspector("i-a", tags=A | {"fair"}),
                an_inspector("i-b", tags=B | {"fair"}),
            ),
            balance_groups=("fair",),
        ),
    ],
    ids=["precedence", "separation", "resource", "inspectee", "balance group"],
)
@pytest.mark.usefixtures("_small_parts")
def test_what_two_offices_share_makes_one_part_of_two_areas_one_after_the_other(problem: Problem) -> None:
    part, _ = split(Candidates(problem))
    areas = areas_of(problem, part)

    assert part == Part((0, 1), (1, 2))
    assert [area.visits.tolist() for area in areas] == [[0], [1]]
    assert [[area.number for area in wave] for wave in waves(areas)] == [[0], [1]]


def test_a_visit_with_borrowed_members_is_searched_first_with_the_first_pool() -> None:
    """The city's review borrows from a and b: it belongs to the city's area, and a and b follow side by side."""
    problem = changed(visits=(*OFFICES.visits, a_visit("v-review", inspectee="e3", pool=("city", "a", "b"), size=2)))
    (part,) = split(Candidates(problem))
    areas = areas_of(problem, part)

    assert [area.visits.tolist() for area in areas] == [[0], [1], [2, 3]]
    assert [[area.visits.tolist() for area in wave] for wave in waves(areas)] == [[[2, 3]], [[0], [1]]]
