"""No bound exceeds any plan, and small ones are as strong as their reasoning says."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.linear_solver import pywraplp

from solver.bounds import Bound, lower_bound
from solver.bounds.lagrange import Costs, Multipliers, Valuation
from solver.bounds.multipliers import weight_multipliers
from solver.bounds.relaxation import relax
from solver.bounds.spans import Spans
from solver.bounds.stopping import solve_program
from solver.bounds.team import cheapest_team
from solver.candidates import Candidates
from solver.checker import check
from solver.io import read_problem
from solver.model.exact import solve_exactly
from solver.problem import Precedence
from tests.builders import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    a_matrix,
    a_place,
    a_problem,
    a_visit,
    an_inspectee,
    an_inspector,
    weights,
)
from tests.strategies import Hidden, hidden_plans

GOLDEN = Path(__file__).parent / "golden"
TOTALS = json.loads((GOLDEN / "optimal_totals.json").read_text())
SECONDS = 30.0
"""More than small problems ever need: the ascent ends by its rounds."""

HURRIED = 0.05
"""Too little to find good prices; the bound must hold all the same."""


@pytest.mark.parametrize(("name", "total"), TOTALS.items())
def test_no_bound_exceeds_the_optimum_of_a_tiny_problem(name: str, total: int) -> None:
    problem = read_problem(GOLDEN / f"{name}.json")
    exact = solve_exactly(problem)
    assert exact is not None
    bound = lower_bound(problem, HURRIED)

    assert bound.total <= total
    assert bound.unscheduled <= exact.unscheduled_bound


@given(hidden_plans(), st.integers(1, 1000))
@settings(max_examples=60)
def test_no_bound_exceeds_a_hidden_plan(hidden: Hidden, unscheduled: int) -> None:
    problem = replace(hidden.problem, weights=replace(hidden.problem.weights, unscheduled=unscheduled))
    score = check(problem, hidden.plan).score
    bound = lower_bound(problem, HURRIED)

    assert bound.total <= score.total(problem.weights)
    assert bound.unscheduled <= score.unscheduled


def cut_at_random(candidates: Candidates, random: np.random.Generator) -> Spans:
    """Months of which one turn of days in three is cut."""
    months = candidates.calendar.month_numbers
    is_first = np.r_[True, (months[1:] != months[:-1]) | (random.random(len(months) - 1) < 1 / 3)]
    return Spans(np.cumsum(is_first) - 1, months[is_first])


@given(hidden_plans(), st.integers(0, 2**32 - 1), st.sampled_from([1, 1_000, 1_000_000, 10**9]))
@settings(max_examples=40)
def test_no_multipliers_make_the_bound_exceed_a_plan(hidden: Hidden, seed: int, largest: int) -> None:
    """The proof only needs that multipliers are not negative; months may be cut anywhere."""
    problem, candidates = hidden.problem, Candidates(hidden.problem)
    random = np.random.default_rng(seed)
    relaxation = relax(candidates, cut_at_random(candidates, random))
    balance = min(largest, relaxation.balance.price)
    prices = Multipliers(
        random.integers(0, largest, relaxation.capacity.shape),
        random.integers(0, largest, relaxation.month_capacity.shape),
        random.integers(0, largest, relaxation.year_capacity.shape),
        random.integers(0, largest, relaxation.overload_capacity.shape),
        random.integers(-balance, balance + 1, relaxation.balance.share.shape),
    )
    score = check(problem, hidden.plan).score
    of_weight = Valuation(relaxation, Costs.of_unscheduled(relaxation))
    of_total = Valuation(
        relaxation, Costs.of_total(relaxation, problem.weights.unscheduled, problem.weights.preference)
    )

    assert of_weight.bound(prices._replace(balance=0 * prices.balance)) <= 1000 * score.unscheduled
    assert of_total.bound(prices) <= 1000 * score.total(problem.weights) + 999 * problem.weights.travel


def test_month_cap_leaves_out_what_it_has_no_room_for() -> None:
    """Three visits of weight 5, 4 and 3, each of two half-days; the month has room for two of them."""
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_month=4),),
        visits=tuple(a_visit(f"v{weight}", half_days=2, weight=weight) for weight in (5, 4, 3)),
        weights=weights(unscheduled=100),
    )

    assert lower_bound(problem, SECONDS) == Bound(total=300, unscheduled=3)


def test_days_on_which_no_visit_can_lie_are_no_room() -> None:
    """Three visits of a whole day have all week for their inspector, but windows of two days."""
    problem = a_problem(
        inspectors=(an_inspector(),),
        visits=tuple(a_visit(f"v{k}", half_days=2, earliest=MONDAY, latest=TUESDAY, weight=k) for k in (5, 4, 3)),
        weights=weights(unscheduled=100),
    )

    assert lower_bound(problem, SECONDS) == Bound(total=300, unscheduled=3)


def test_days_before_the_term_are_no_room_for_its_visits() -> None:
    """A visit of half a day makes use of all the week; three of a whole day can lie on Monday and Tuesday only."""
    of_term = (a_visit(f"v{k}", half_days=2, earliest=MONDAY, latest=TUESDAY, weight=k) for k in (5, 4, 3))
    problem = a_problem(visits=(a_visit("always"), *of_term), weights=weights(unscheduled=100))

    assert lower_bound(problem, SECONDS).unscheduled == 3


def test_a_cut_month_has_no_more_room_than_a_whole_one() -> None:
    """Two visits of a whole day may lie on either side of the cut; the month has room for one."""
    early = a_visit("early", half_days=2, earliest=MONDAY, latest=TUESDAY, weight=2)
    late = a_visit("late", half_days=2, earliest=THURSDAY, latest=FRIDAY, weight=3)
    problem = a_problem(inspectors=(an_inspector(half_days_per_month=2),), visits=(early, late))

    assert len(Spans.cut(Candidates(problem)).month_of) > 1
    assert lower_bound(problem, SECONDS).unscheduled == 2


def test_balance_counts_all_half_days_of_a_visit_that_lies_in_three_spans() -> None:
    """B has worked ten half-days, so A's week makes both alike; with three days of it left out they would not be."""
    problem = a_problem(
        inspectors=(an_inspector("A"), an_inspector("B", load_before=10)),
        visits=(a_visit(half_days=10),),
        balance_groups=("pool",),
        weights=weights(unscheduled=100),
    )
    relaxation = relax(Candidates(problem), Spans(np.array([0, 1, 1, 1, 2]), np.array([0, 0, 0])))
    prices = Multipliers.none(relaxation)._replace(balance=np.array([[-1000, 1000]]))

    assert Valuation(relaxation, Costs.of_total(relaxation, unscheduled=100, preference=1)).bound(prices) <= 0


def test_a_month_in_which_visits_come_and_go_each_day_is_cut_where_most_do() -> None:
    """Four of five visits begin on Wednesday; one cut is allowed for the one month."""
    visits = (
        a_visit("all week"),
        *(a_visit(f"v{k}", earliest=WEDNESDAY) for k in range(4)),
        a_visit("last", earliest=FRIDAY),
    )

    assert Spans.cut(Candidates(a_problem(visits=visits))).of_day.tolist() == [0, 0, 1, 1, 1]


def test_weight_is_priced_where_a_plan_leaves_out_some_and_where_it_leaves_out_most_first() -> None:
    """Three people with room for one visit each, two visits for each of them; the third leaves out the most weight."""
    people = tuple(an_inspector(f"i{k}", tags=frozenset({f"p{k}"}), half_days_per_month=1) for k in range(3))
    visits = tuple(a_visit(f"v{k}{n}", pool=(f"p{k}",), weight=k + 1) for k in range(3) for n in range(2))
    candidates = Candidates(a_problem(inspectors=people, visits=visits))
    relaxation = relax(candidates, Spans.months(candidates))
    turns = iter([False, True])

    some = weight_multipliers(relaxation, lambda: False, [0, 4])
    first = weight_multipliers(relaxation, lambda: next(turns), [0, 4])

    assert [some.span[:, 0].tolist(), first.span[:, 0].tolist()] == [[1000, 0, 3000], [0, 0, 3000]]


def test_burden_limit_leaves_out_the_lighter_of_two() -> None:
    problem = a_problem(
        inspectees=(an_inspectee(max_burden={"year": 1}),),
        visits=(a_visit("v1", burden=1, weight=7), a_visit("v2", burden=1, weight=4)),
        weights=weights(unscheduled=10),
    )

    assert lower_bound(problem, SECONDS) == Bound(total=40, unscheduled=4)


def test_what_must_follow_an_impossible_visit_is_impossible() -> None:
    problem = a_problem(
        visits=(a_visit("never", earliest=FRIDAY, latest=MONDAY, weight=2), a_visit("after", weight=3)),
        precedences=(Precedence("never", "after", min_days=0),),
        weights=weights(unscheduled=10),
    )

    assert lower_bound(problem, SECONDS) == Bound(total=50, unscheduled=5)


def test_trips_share_the_way_by_the_half_days_that_they_can_have() -> None:
    """100 km to the school and 100 back. Alone for one half-day: 200 km. Two visits fill one day: 200 km for both,
    where they can meet on it; otherwise each needs its own trip, or a night of 60 km between two days."""
    towns = {
        "places": (a_place("home"), a_place("school")),
        "travel": a_matrix(((0, 100), (100, 0))),
        "inspectors": (an_inspector(base="home"),),
        "inspectees": (an_inspectee("e1", place="school"),),
        "weights": weights(unscheduled=1000),
    }
    one = a_problem(visits=(a_visit("v1", half_days=2, earliest=MONDAY, latest=MONDAY),), days=(MONDAY,), **towns)
    two = a_problem(
        visits=tuple(a_visit(f"v{day}", half_days=2, earliest=day, latest=day) for day in (MONDAY, TUESDAY)),
        days=(MONDAY, TUESDAY),
        **towns,
    )
    apart = a_problem(
        visits=tuple(a_visit(f"v{day}", half_days=2, earliest=day, latest=day) for day in (MONDAY, THURSDAY)),
        days=(MONDAY, THURSDAY),
        **towns,
    )

    assert [lower_bound(problem, SECONDS).total for problem in (one, two, apart)] == [200, 260, 400]


def test_a_matrix_may_make_the_way_by_a_third_place_shorter() -> None:
    """School a is 100 km from home but 10 by way of b, which is 5 km from both: out and back by b are 20 km."""
    problem = a_problem(
        places=(a_place("home"), a_place("a"), a_place("b")),
        travel=a_matrix(((0, 100, 5), (100, 0, 5), (5, 5, 0))),
        inspectors=(an_inspector(base="home"),),
        inspectees=(an_inspectee("ea", place="a"), an_inspectee("eb", place="b")),
        visits=(a_visit("va", inspectee="ea"), a_visit("vb1", inspectee="eb"), a_visit("vb2", inspectee="eb")),
        overnight_metres=0,
        weights=weights(unscheduled=1000),
    )
    exact = solve_exactly(problem)
    assert exact is not None

    assert exact.bound == 20
    assert lower_bound(problem, SECONDS).total <= 20


def test_a_night_may_be_shorter_than_any_drive() -> None:
    """10 km to the school, which is 100 km from any other; a night away costs 1 km: 10 + 1 + 10 for both days."""
    problem = a_problem(
        places=(a_place("home"), a_place("school"), a_place("other")),
        travel=a_matrix(((0, 10, 100), (10, 0, 100), (100, 100, 0))),
        inspectors=(an_inspector(base="home", half_days_per_month=2),),
        inspectees=(an_inspectee("e1", place="school"), an_inspectee("e2", place="other")),
        visits=tuple(a_visit(f"v{day}", earliest=day, latest=day) for day in (MONDAY, TUESDAY)),
        overnight_metres=1000,
        weights=weights(unscheduled=1000),
    )
    exact = solve_exactly(problem)
    assert exact is not None

    assert (lower_bound(problem, SECONDS).total, exact.bound) == (21, 21)


def test_a_missed_preference_counts_where_the_preferred_cannot_come() -> None:
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2", tags=frozenset({"other"}))),
        visits=(a_visit(prefers=frozenset({"i2"})),),
        weights=weights(unscheduled=1000, preference=30),
    )

    assert lower_bound(problem, SECONDS) == Bound(total=30, unscheduled=0)


def test_balance_keeps_the_nearest_from_doing_everything() -> None:
    """Four half-days, two people with equal shares, i2 has 10 km to the school, i1 none. Fair are two each: 20 km for
    one trip of i2. If i1 did everything each would be 2 off: 2 · 2 · 20 = 80. One visit of i2: 1 off each, 40 and the
    20 km. The rounding may take up to one half-day of each person off the bound."""
    problem = a_problem(
        places=(a_place("school"), a_place("town")),
        travel=a_matrix(((0, 10), (10, 0))),
        inspectors=(an_inspector("i1", base="school"), an_inspector("i2", base="town")),
        inspectees=(an_inspectee(place="school"),),
        visits=tuple(a_visit(f"v{k}") for k in range(4)),
        balance_groups=("pool",),
        weights=weights(unscheduled=1000, balance=20),
        overnight_metres=100_000,
    )
    exact = solve_exactly(problem)
    assert exact is not None
    without = replace(problem, balance_groups=())

    assert exact.bound == 20
    assert lower_bound(without, SECONDS).total == 0
    assert 0 < lower_bound(problem, SECONDS).total <= 20


def test_huge_weights_do_not_overflow() -> None:
    problem = a_problem(
        visits=tuple(a_visit(f"v{k}", earliest=FRIDAY, latest=MONDAY, weight=10**6) for k in range(50)),
        weights=weights(unscheduled=10**9, travel=10**9, buffer=10**9, preference=10**9),
        buffer_days=10**9,
    )

    assert lower_bound(problem, SECONDS) == Bound(total=5 * 10**16, unscheduled=5 * 10**7)


def test_no_time_at_all_still_gives_a_bound() -> None:
    """The visit that has no day is out whatever the prices are."""
    problem = a_problem(visits=(a_visit("never", earliest=FRIDAY, latest=MONDAY, weight=3), a_visit("v2")))

    assert lower_bound(problem, 0.0).unscheduled == 3


def test_bounds_are_told_as_they_get_better() -> None:
    """Without prices the month cap is not seen; the last bound told is the answer."""
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_month=2),),
        visits=(a_visit("v1", half_days=2), a_visit("v2", half_days=2)),
        weights=weights(unscheduled=100),
    )
    told: list[Bound] = []
    answer = lower_bound(problem, SECONDS, on_better=told.append)

    assert told == [Bound(total=100, unscheduled=1)] == [answer]


def test_no_prices_of_the_weight_are_sought_where_a_plan_leaves_out_no_more_than_is_proved() -> None:
    """The month cap, which only prices see, is seen unless a plan is known that leaves out nothing."""
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_month=2),),
        visits=(a_visit("v1", half_days=2), a_visit("v2", half_days=2)),
        weights=weights(unscheduled=100),
    )

    assert [lower_bound(problem, SECONDS, unscheduled=visits).unscheduled for visits in ([0], [])] == [1, 0]


@pytest.mark.parametrize("looks", [0, 1, 2, 5, 10, 20, 40, 80, 160])
def test_a_stop_rule_ends_the_proof_at_its_next_look_and_leaves_no_thread(looks: int) -> None:
    """What was proved before holds: the month cap leaves out one visit, and every member drives 2 m."""
    problem = a_problem(
        inspectors=(an_inspector(half_days_per_month=2),),
        visits=(a_visit("v1", half_days=2), a_visit("v2", half_days=2)),
        weights=weights(unscheduled=100),
    )
    threads, asked = threading.enumerate(), 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > looks

    bound = lower_bound(problem, SECONDS, should_stop=should_stop)

    assert bound in (Bound(0, 0), Bound(total=100, unscheduled=1))
    assert asked <= looks + 2
    assert threading.enumerate() == threads


def test_a_linear_program_is_not_solved_after_the_end() -> None:
    program = pywraplp.Solver.CreateSolver("GLOP")
    program.Maximize(program.NumVar(0, 1, "x"))

    assert not solve_program(program, lambda: True)
    assert solve_program(program, lambda: False)


def test_a_visit_that_meets_its_like_on_one_day_pays_not_too_much_on_another() -> None:
    """Two visits fill Monday at school a: 20 km. So v3, which may be there too on Monday, is on Thursday with v4, which
    is at b, 1 km off: 21 km. On Monday each of the three could pay 10; v3 and v4 together pay 21 at most."""
    problem = a_problem(
        days=(MONDAY, THURSDAY),
        places=(a_place("home"), a_place("a"), a_place("b")),
        travel=a_matrix(((0, 10, 10), (10, 0, 1), (10, 1, 0))),
        inspectors=(an_inspector(base="home"),),
        inspectees=(an_inspectee("e1", place="a"), an_inspectee("e2", place="a"), an_inspectee("eb", place="b")),
        visits=(
            a_visit("v1", inspectee="e1", earliest=MONDAY, latest=MONDAY),
            a_visit("v2", inspectee="e2", earliest=MONDAY, latest=MONDAY),
            a_visit("v3", inspectee="e1", earliest=MONDAY, latest=THURSDAY),
            a_visit("v4", inspectee="eb", earliest=THURSDAY, latest=THURSDAY),
        ),
        weights=weights(unscheduled=1000),
    )
    exact = solve_exactly(problem)
    assert exact is not None

    assert exact.bound == 41
    assert 20 <= lower_bound(problem, SECONDS).total <= 41


def test_a_trip_that_mixes_the_schools_of_two_preferred_inspectors_is_charged_for_it() -> None:
    """Schools a and b are 10 km from home and 1 km apart. One trip costs 21 km and a missed preference of 30, two cost
    20 km each: 40. Without preferences each half-day would pay 10.5 km of the trip to both."""
    problem = a_problem(
        places=(a_place("home"), a_place("a"), a_place("b")),
        travel=a_matrix(((0, 10, 10), (10, 0, 1), (10, 1, 0))),
        inspectors=(an_inspector("i1", base="home"), an_inspector("i2", base="home")),
        inspectees=(an_inspectee("ea", place="a"), an_inspectee("eb", place="b")),
        visits=(
            a_visit("va", inspectee="ea", prefers=frozenset({"i1"})),
            a_visit("vb", inspectee="eb", prefers=frozenset({"i2"})),
        ),
        weights=weights(unscheduled=1000, preference=30),
    )
    exact = solve_exactly(problem)
    assert exact is not None

    assert exact.bound == 40
    assert 39 <= lower_bound(problem, SECONDS).total <= 40


def test_half_days_above_the_level_of_a_month_count() -> None:
    """Three whole days in a month, of which two half-days are not above the level."""
    problem = a_problem(
        inspectors=(an_inspector(level=2),),
        visits=tuple(a_visit(f"v{k}", half_days=2) for k in range(3)),
        weights=weights(unscheduled=1000, overload=5),
    )

    assert lower_bound(problem, SECONDS).total == 20


@pytest.mark.parametrize(("half_days", "deviation"), [(1, 0), (2, 2), (3, 2), (4, 4)])
def test_a_known_load_is_rounded_as_the_contract_does(half_days: int, deviation: int) -> None:
    """One of two with equal shares makes all visits: both deviate by half of the load, rounded down."""
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2")),
        visits=tuple(a_visit(f"v{k}", excluded=frozenset({"i2"})) for k in range(half_days)),
        balance_groups=("pool",),
        weights=weights(unscheduled=1000, balance=20),
    )

    assert lower_bound(problem, SECONDS).total == 20 * deviation


def test_a_load_in_doubt_is_rounded_in_the_way_that_costs_least() -> None:
    """Each of three visits may be left out for 1: with two of them placed the deviation is 1 each, with one it is 0."""
    problem = a_problem(
        inspectors=(an_inspector("i1"), an_inspector("i2")),
        visits=tuple(a_visit(f"v{k}", excluded=frozenset({"i2"})) for k in range(3)),
        balance_groups=("pool",),
        weights=weights(unscheduled=1, balance=20),
    )
    exact = solve_exactly(problem)
    assert exact is not None

    assert exact.bound == 2
    assert lower_bound(problem, SECONDS).total <= 2


def test_a_problem_without_visits_costs_nothing() -> None:
    assert lower_bound(a_problem(visits=()), SECONDS) == Bound(0, 0)


@given(st.data())
def test_cheapest_team_is_the_best_of_all_teams(data: st.DataObject) -> None:
    """Against all combinations: up to 6 people, a team of up to 3 with two needs, a penalty without mark 8."""
    count, size = data.draw(st.integers(0, 6)), data.draw(st.integers(1, 3))
    cost = data.draw(st.lists(st.integers(0, 50), min_size=count, max_size=count))
    marks = data.draw(st.lists(st.sampled_from([0, 1, 2, 3, 8, 9, 10, 11]), min_size=count, max_size=count))
    needed = [data.draw(st.integers(0, 2)), data.draw(st.integers(0, 1)), 0]
    penalty = data.draw(st.integers(0, 40))
    values = [
        sum(cost[k] for k in team) + (0 if any(marks[k] & 8 for k in team) else penalty)
        for team in combinations(range(count), size)
        if all(sum(marks[k] >> t & 1 for k in team) >= needed[t] for t in range(3))
    ]
    chosen = np.zeros(max(1, count, size), dtype=np.int64)
    least = cheapest_team(
        size,
        np.array(needed),
        penalty,
        np.array(cost, dtype=np.int64),
        np.arange(count, dtype=np.int64),
        np.array(marks, dtype=np.int64),
        count,
        chosen,
    )

    assert (least if values else None) == min(values, default=None)
    if values:
        team = chosen[:size].tolist()
        assert len(set(team)) == size
        assert sum(cost[k] for k in team) + (0 if any(marks[k] & 8 for k in team) else penalty) == least
