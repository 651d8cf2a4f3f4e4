"""Random problems built around a hidden plan: what the compiled search holds is what the checker finds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.candidates import Candidates
from solver.checker import CheckReport, check
from solver.plan import Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import Problem
from solver.reasons import Reason
from solver.search.arrays import THOUSANDTHS
from solver.search.improve import AreaSearch
from solver.search.moves.table import mix_of
from solver.search.session import Session
from tests.strategies import Hidden, hidden_plans

SLICES = 6
PROPOSALS = 400

thorough = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def report_of(problem: Problem, assignments: list[Assignment]) -> CheckReport:
    """What the checker says of a plan of these assignments."""
    planned = {assignment.visit for assignment in assignments}
    left_out = tuple(
        Unscheduled(visit.id, (Reason("capacity"),)) for visit in problem.visits if visit.id not in planned
    )
    return check(problem, Plan(problem.name, tuple(assignments), left_out, Score(), PlanStatus.FEASIBLE))


def broken_rules(problem: Problem, assignments: list[Assignment]) -> set[str]:
    """The codes of the rules broken, but for pins that are not planned, which construction alone may miss."""
    planned = {assignment.visit for assignment in assignments}
    return {
        violation.code
        for violation in report_of(problem, assignments).violations
        if violation.code != "pinned" or violation.visit in planned
    }


def anneal(session: Session, temperature: float, *, settles: bool = False, partners: int = 0) -> int:
    """Anneal every area by a fixed number of proposals of each thread; the change of cost in thousandths.

    ``settles`` brings each area back to its best plan before the next one begins, as the search does.
    """
    change = 0
    with ThreadPoolExecutor() as threads:
        for wave in session.waves:
            for search in wave:
                search.partners = search.partners_in(threads, partners)
                change += anneal_area(search, temperature, settles=settles)
    return change


def anneal_area(search: AreaSearch, temperature: float, *, settles: bool) -> int:
    """Anneal an area slice by slice; the change of cost."""
    search.look_again()
    for _ in range(SLICES):
        search.propose(mix_of(), temperature, PROPOSALS)
    change = search.change
    if settles:
        search.settle_on_best()
    return change


@thorough
@given(hidden_plans(most_visits=8))
def test_a_valid_plan_is_taken_over_whole(hidden: Hidden) -> None:
    session = Session(Candidates(hidden.problem), seed=1, workers=1)

    session.take_over(hidden.plan.assignments)

    def stated(assignments: tuple[Assignment, ...] | list[Assignment]) -> set[tuple[object, ...]]:
        return {(a.visit, a.day, a.half, frozenset(a.team)) for a in assignments}

    assert stated(session.assignments()) == stated(hidden.plan.assignments)
    assert session.score() == check(hidden.problem, hidden.plan).score


@thorough
@given(hidden_plans(most_visits=8), st.integers(0, 1000))
def test_construction_breaks_no_rule(hidden: Hidden, seed: int) -> None:
    session = Session(Candidates(hidden.problem), seed=seed, workers=1)

    session.construct(lambda: False, lambda: None)

    assert broken_rules(hidden.problem, session.assignments()) == set()
    assert session.score() == report_of(hidden.problem, session.assignments()).score


@thorough
@given(hidden_plans(most_visits=8), st.integers(0, 1000), st.sampled_from([1.0, 3e3, 1e6]), st.integers(0, 2))
def test_annealing_breaks_no_rule_and_knows_its_cost(
    hidden: Hidden, seed: int, temperature: float, partners: int
) -> None:
    """The changes that the moves reported add up to the difference of the costs, to the unit."""
    problem = hidden.problem
    session = Session(Candidates(problem), seed=seed, workers=1)
    session.take_over(hidden.plan.assignments)
    before = cost(session.score(), problem)

    change = anneal(session, temperature, partners=partners)

    assert broken_rules(problem, session.assignments()) == set()
    score = report_of(problem, session.assignments()).score
    assert session.score() == score
    assert cost(score, problem) == before + change


def cost(score: Score, problem: Problem) -> int:
    """The score in thousandths, travel by the metre; where unscheduled visits cost nothing, ties go to fewer."""
    rest = replace(score, travel=0).total(problem.weights) * THOUSANDTHS
    ties = score.unscheduled if problem.weights.unscheduled == 0 else 0
    return rest + problem.weights.travel * score.travel + ties


def rank(session: Session, problem: Problem) -> tuple[int, int]:
    """How many pinned visits are not planned, then the cost."""
    planned = {assignment.visit for assignment in session.assignments()}
    return sum(pin.visit not in planned for pin in problem.pins), cost(session.score(), problem)


@thorough
@given(hidden_plans(most_visits=8))
def test_the_best_plan_of_an_area_is_brought_back(hidden: Hidden) -> None:
    """Annealing so hot that nearly everything is kept, then back: at least as good as before, pins first of all."""
    problem = hidden.problem
    session = Session(Candidates(problem), seed=1, workers=1)
    session.construct(lambda: False, lambda: None)
    before = rank(session, problem)
    best = session.best()

    anneal(session, 1e9, settles=True)

    assert best.score() == report_of(problem, best.assignments()).score
    assert rank(session, problem) <= before
    assert broken_rules(problem, session.assignments()) == set()
