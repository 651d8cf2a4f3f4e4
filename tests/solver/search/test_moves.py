"""The table of moves: each move is proposed for visits of its kind, and can succeed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from solver.candidates import Candidates
from solver.problem import Problem
from solver.search.improve import AreaSearch
from solver.search.moves.table import ACCEPTED, MOVES, POSSIBLE, PROPOSED, Phase, mix_of, mix_of_only
from solver.search.session import Session
from tests.builders import a_matrix, a_place, a_problem, a_visit, an_inspectee, an_inspector

HOT, ROUNDS, PROPOSALS = 1e6, 20, 500


def a_busy_fortnight() -> Problem:
    """Three people with ten half-days each, a town and a far place, and more visits than they can make."""
    days = tuple(date(2025, 3, 3) + timedelta(days=k) for k in range(12))
    visits = [
        a_visit(
            f"v{k}", inspectee=f"e{k % 8}", half_days=1 + k % 2, size=1 + k % 3 // 2, latest=days[-1], weight=1 + k % 3
        )
        for k in range(24)
    ]
    return a_problem(
        days=days,
        places=(a_place("town"), a_place("far")),
        travel=a_matrix(minutes=((0, 60), (60, 0)), metres=((0, 100_000), (100_000, 0))),
        inspectors=tuple(an_inspector(f"i{k}", base="town", half_days_per_month=10) for k in range(3)),
        inspectees=tuple(an_inspectee(f"e{k}", place=("town", "far")[k % 2]) for k in range(8)),
        visits=tuple(visits),
    )


def searched() -> AreaSearch:
    """The search of the fortnight's only area, after construction."""
    session = Session(Candidates(a_busy_fortnight()), seed=1, workers=1)
    session.construct(lambda: False, lambda: None)
    (wave,) = session.waves
    (search,) = wave
    assert search.waiting > 0
    return search


@pytest.mark.parametrize("number", range(len(MOVES)), ids=[move.name for move in MOVES])
def test_each_move_succeeds(number: int) -> None:
    """Alternated with all moves, so that it meets many plans; only its own proposals are counted."""
    search = searched()
    accepted = 0
    for _ in range(ROUNDS):
        search.propose(mix_of(), HOT, PROPOSALS)
        before = int(search.tally[number, ACCEPTED])
        search.propose(mix_of_only(MOVES[number].name), HOT, PROPOSALS, HOT)
        accepted += int(search.tally[number, ACCEPTED]) - before

    assert accepted > 0


def test_a_tally_counts_each_proposal_once() -> None:
    search = searched()
    search.tally[:] = 0

    search.propose(mix_of(Phase.SELECT), HOT, PROPOSALS)

    assert search.tally[:, PROPOSED].sum() == PROPOSALS
    assert (search.tally[:, PROPOSED] >= search.tally[:, POSSIBLE]).all()
    assert (search.tally[:, POSSIBLE] >= search.tally[:, ACCEPTED]).all()


def test_names_of_moves_are_distinct() -> None:
    assert len({move.name for move in MOVES}) == len(MOVES)
