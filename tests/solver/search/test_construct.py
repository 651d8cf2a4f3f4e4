"""Construction: chains are complete, and what has few places comes before those who could take them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from solver.candidates import Candidates
from solver.problem import Precedence, Problem
from solver.search.construct import hardest_first
from solver.search.session import Session
from tests.builders import a_problem, a_visit, an_assignment, an_inspectee, an_inspector

FIRST_DAY = date(2025, 1, 1)


def a_chain(length: int, days: int, max_days: int | None = None) -> Problem:
    """Visits of one person each that follow each other, at least a day apart, over so many days; the last first."""
    calendar = tuple(FIRST_DAY + timedelta(days=k) for k in range(days))
    return a_problem(
        days=calendar,
        inspectors=(an_inspector("i1"), an_inspector("i2")),
        inspectees=tuple(an_inspectee(f"e{k}") for k in range(length)),
        visits=tuple(
            a_visit(f"v{k}", inspectee=f"e{k}", earliest=calendar[0], latest=calendar[-1])
            for k in reversed(range(length))
        ),
        precedences=tuple(Precedence(f"v{k}", f"v{k + 1}", min_days=1, max_days=max_days) for k in range(length - 1)),
    )


def constructed(problem: Problem) -> Session:
    """A session after construction."""
    session = Session(Candidates(problem), seed=1, workers=1)
    session.construct(lambda: False, lambda: None)
    return session


@pytest.mark.parametrize(("length", "days", "max_days"), [(300, 300, None), (300, 330, None), (100, 110, 3)])
def test_a_chain_is_complete(length: int, days: int, max_days: int | None) -> None:
    assert constructed(a_chain(length, days, max_days)).score().unscheduled == 0


def test_a_long_chain_is_sorted_without_recursion() -> None:
    session = Session(Candidates(a_chain(2000, 2000)), seed=1, workers=1)

    order = hardest_first(session.parts[0].draft.tables)

    assert order.tolist() == list(range(1999, -1, -1))
    assert np.array_equal(np.sort(order), np.arange(2000))


def a_team_with_one_turn() -> Problem:
    """A visit of six half-days whose two members have four a month: it fits over one turn of months alone.

    Another of four half-days may take either of them, or somebody of another pool, on the same days.
    """
    days = tuple(date(2025, 1, 27) + timedelta(days=k) for k in range(12))
    people = (
        an_inspector("a1", tags=frozenset({"a"}), half_days_per_month=4),
        an_inspector("a2", tags=frozenset({"a"}), half_days_per_month=4),
        an_inspector("b1", tags=frozenset({"b"})),
    )
    turn = a_visit("turn", inspectee="e1", half_days=6, size=2, pool=("a",), earliest=days[0], latest=days[-1])
    other = a_visit("other", inspectee="e2", half_days=4, pool=("b", "a"), latest=days[-1])
    return a_problem(
        days=days,
        inspectors=people,
        inspectees=(an_inspectee("e1"), an_inspectee("e2")),
        visits=(replace(other, earliest=days[0], weight=100), turn),
    )


def test_a_team_with_few_starts_comes_before_visits_that_borrow_its_members() -> None:
    assert constructed(a_team_with_one_turn()).score().unscheduled == 0


def test_ejection_crosses_pools() -> None:
    """The borrowed member is given back, since another pool's person can make the visit that is in the way."""
    session = Session(Candidates(a_team_with_one_turn()), seed=1, workers=1)
    session.take_over((an_assignment("other", date(2025, 1, 31), "am", team=("a1",)),))
    for wave in session.waves:
        for search in wave:
            search.place_unscheduled(lambda: False)
    assert session.score().unscheduled > 0

    (part,) = session.parts
    part.place_across_areas(lambda: False)

    assert session.score().unscheduled == 0
