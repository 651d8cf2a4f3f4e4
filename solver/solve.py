"""The one entry: a problem, settings and a stop rule give a result.

Small problems are solved exactly. Of others a first plan is constructed and annealed until the time is nearly over,
while a thread of its own proves bounds; CP-SAT then tries what was left out, and what still is gets its reasons. With
the engine ``cpsat`` every problem is planned by CP-SAT alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from solver.bounds import Bound, lower_bound
from solver.candidates import Candidates
from solver.checker import check, check_pins
from solver.explain import explain_unscheduled
from solver.model.exact import ExactPlan, is_small, solve_exactly
from solver.model.staged import plan_in_stages
from solver.plan import Assignment, Plan, PlanStatus, Score
from solver.problem import Problem, Weights
from solver.result import Progress, Result, Statistics, Status
from solver.score import certain_changes, changed_assignments
from solver.search.session import Session, assignment_of
from solver.search.stop import Deadline, StopRule, any_of
from solver.settings import SolveSettings
from solver.timetable import Placement, Timetable

CLOSING_SECONDS_PER_VISIT, CLOSING_SECONDS_PER_OPEN_VISIT = 2.5e-5, 1e-3
"""What turning the arrays into a plan takes of the time given, and finding the reasons of what is left out."""

MOST_CLOSING_SHARE = 0.1
"""No more of what is left of the time is kept for these."""

REPAIR_SHARE, LEAST_SECONDS_WITH_REPAIR = 0.04, 20.0
"""How much of the time is kept for what annealing leaves out, if there is as much."""

BOUND_SHARE, HURRIED_BOUND_SHARE, MOST_BOUND_SECONDS = 0.2, 0.08, 60.0
"""How much of the time is spent on bounds: less where there is none for repair either."""

CHANGE_PRICE = 10**9
"""What a changed baseline assignment costs under least change, in thousandths: more than any detour saves."""

USUAL_LOADING_SECONDS = 2.0
"""Loading machine code is part of the time given; compiling it, once after an installation, comes on top."""

LEAST_HANDING_SECONDS, HANDING_FACTOR = 5.0, 30.0
"""Between two plans handed out while the search goes on: at least so long, and so much longer than handing takes."""


@dataclass(slots=True, eq=False)
class _Run:
    """A run of the planner: what was asked, what the caller wants to hear, and what is known so far."""

    candidates: Candidates
    settings: SolveSettings
    deadline: Deadline
    must_stop: StopRule
    on_progress: Callable[[Progress], None] | None
    on_plan: Callable[[Plan], None] | None
    bound: Bound | None = None
    total: int | None = None
    left_out: int | None = None
    open_visits: Sequence[int] | None = None
    next_handing: float = LEAST_HANDING_SECONDS
    placed: dict[str, int] = field(default_factory=dict)
    improved: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.candidates.problem

    def take_score(self, score: Score) -> None:
        """Note what the best plan so far scores."""
        self.total, self.left_out = score.total(self.problem.weights), score.unscheduled

    def tell(self, phase: str, scheduled: int, statistics: Statistics | None = None) -> None:
        """Report where the run stands."""
        if self.on_progress:
            bound = None if self.bound is None else self.bound.total
            elapsed, visits = self.deadline.elapsed(), len(self.problem.visits)
            self.on_progress(Progress(elapsed, phase, scheduled, visits, self.total, bound, self.left_out, statistics))

    def searching_seconds(self) -> float:
        """What is left of the time less what repair needs, unless no plan can leave out less than this one."""
        left = self.deadline.left()
        is_least = self.bound is not None and self.left_out == self.bound.unscheduled
        return left if is_least or self.settings.seconds < LEAST_SECONDS_WITH_REPAIR else left * (1 - REPAIR_SHARE)

    def prove_bounds(self) -> None:
        """Prove bounds in a thread that does not outlive the process; each better one is taken when it is there."""
        share = BOUND_SHARE if self.deadline.seconds >= LEAST_SECONDS_WITH_REPAIR else HURRIED_BOUND_SHARE
        seconds = min(MOST_BOUND_SECONDS, share * self.deadline.seconds)

        def take(bound: Bound) -> None:
            self.bound = bound

        def prove() -> None:
            lower_bound(self.problem, seconds, Candidates(self.problem), take, self.open_visits)

        threading.Thread(target=prove, name="bound", daemon=True).start()

    def statistics(self) -> Statistics:
        """What each part of the planner did."""
        return Statistics(self.placed, self.improved, self.seconds)


def solve(
    problem: Problem,
    settings: SolveSettings | None = None,
    *,
    start: Plan | None = None,
    stop: StopRule | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_plan: Callable[[Plan], None] | None = None,
) -> Result:
    """The best plan found in the time given.

    ``start`` is a plan to begin from; what of it breaks a rule is dropped. ``stop`` ends the search early; the best
    plan so far is returned. ``on_progress`` hears at least once a second where the run stands, ``on_plan`` each plan
    worth keeping. Without a plan the result's status says why: the pins break rules, or no plan with them was found.
    """
    settings = settings or SolveSettings()
    deadline = Deadline(settings.seconds)
    if violations := check_pins(problem):
        return Result(Status.INFEASIBLE, None, tuple(violations))
    must_stop = any_of(deadline, stop) if stop else deadline
    run = _Run(Candidates(problem), settings, deadline, must_stop, on_progress, on_plan)
    was_stopped = stop or (lambda: False)
    if settings.engine == "cpsat":
        return _staged(run, start, was_stopped)
    exact: ExactPlan | None = None
    if is_small(run.candidates):
        run.tell("exact", 0)
        exact = solve_exactly(problem, run.candidates, least_change=settings.least_change, seed=settings.seed)
        if exact is not None and exact.optimal:
            return _proven(run, exact)
    return _searched(run, start, exact, was_stopped)


def _proven(run: _Run, exact: ExactPlan) -> Result:
    """The result of a problem solved to the optimum."""
    plan = replace(
        _scored(run, _assignments_of(run, exact.placements)),
        status=PlanStatus.OPTIMAL,
        bound=exact.bound,
        unscheduled_bound=exact.unscheduled_bound,
    )
    if run.settings.least_change:
        plan = replace(plan, changed_bound=exact.changed_bound, bound=lower_bound(run.problem, 1.0).total)
    run.placed["exact"] = len(plan.assignments)
    run.take_score(plan.score)
    run.tell("done", len(plan.assignments), run.statistics())
    return Result(Status.OPTIMAL, plan, statistics=run.statistics())


def _assignments_of(run: _Run, placements: Mapping[int, Placement]) -> list[Assignment]:
    return [
        assignment_of(run.candidates, number, place.start, place.team) for number, place in sorted(placements.items())
    ]


def _searched(run: _Run, start: Plan | None, exact: ExactPlan | None, was_stopped: StopRule) -> Result:
    """The result of construction and annealing."""
    problem = run.problem
    run.tell("prepare", 0)
    change_price = CHANGE_PRICE if run.settings.least_change else 0
    session = Session(run.candidates, run.settings.seed, run.settings.workers, change_price=change_price)
    run.tell("compiling", 0)
    began = run.deadline.elapsed()
    session.warm_up()
    run.seconds["compile"] = run.deadline.elapsed() - began
    if run.seconds["compile"] > USUAL_LOADING_SECONDS:
        run.deadline.extend(run.seconds["compile"])
    session.take_over(start.assignments if start else ())
    session.take_over(_assignments_of(run, exact.placements) if exact else ())
    session.take_over(problem.baseline)
    session.construct(was_stopped, lambda: run.tell("construct", session.scheduled()))
    run.placed["construct"] = session.scheduled()
    first = session.score()
    run.take_score(first)
    run.open_visits = session.open_visits()
    constructed = first.total(problem.weights)
    origin = constructed - session.change()
    run.prove_bounds()
    closing = CLOSING_SECONDS_PER_VISIT * len(problem.visits)
    closing += CLOSING_SECONDS_PER_OPEN_VISIT * len(run.open_visits)
    run.deadline.extend(-min(closing, MOST_CLOSING_SHARE * run.deadline.left()))
    if not run.must_stop():
        session.improve(run.searching_seconds, run.must_stop, lambda: _tick(run, session, origin))
        run.placed["anneal"] = session.scheduled() - run.placed["construct"]
    score = session.score()
    run.take_score(score)
    run.improved["anneal"] = constructed - score.total(problem.weights)
    plan = _repaired(run, replace(_plan(run, session.assignments()), score=score))
    return _finished(run, plan, was_stopped)


def _staged(run: _Run, start: Plan | None, was_stopped: StopRule) -> Result:
    """The result of CP-SAT alone, which decides a few visits at a time."""
    run.prove_bounds()
    timetable = plan_in_stages(
        run.candidates,
        seed=run.settings.seed,
        is_over=run.must_stop,
        on_stage=lambda stage: run.tell(stage.name, stage.placed),
        start=_valid_part(run, start) if start else None,
    )
    run.placed["stages"] = len(timetable.placements)
    plan = _scored(run, _assignments_of(run, timetable.placements))
    run.take_score(plan.score)
    return _finished(run, plan, was_stopped)


def _valid_part(run: _Run, start: Plan) -> Timetable:
    """What stands of a plan to begin from: what of it breaks a rule is dropped."""
    session = Session(run.candidates, run.settings.seed, 1)
    session.take_over(start.assignments)
    return Timetable.of(run.candidates, session.assignments())


def _repaired(run: _Run, plan: Plan) -> Plan:
    """The plan after CP-SAT has tried what it leaves out, unless more is known not to be possible."""
    if run.bound is None or plan.score.unscheduled <= run.bound.unscheduled or run.must_stop():
        return plan
    timetable = plan_in_stages(
        run.candidates,
        seed=run.settings.seed,
        is_over=run.must_stop,
        on_stage=lambda stage: run.tell("repair", stage.placed),
        start=Timetable.of(run.candidates, plan.assignments),
    )
    repaired = _scored(run, _assignments_of(run, timetable.placements))
    weights = run.problem.weights
    if not _is_better(repaired, plan, weights):
        return plan
    run.placed["repair"] = len(repaired.assignments) - len(plan.assignments)
    run.take_score(repaired.score)
    run.improved["repair"] = plan.score.total(weights) - repaired.score.total(weights)
    return repaired


def _is_better(plan: Plan, other: Plan, weights: Weights) -> bool:
    """Whether a plan comes first in the order asked for: of totals, or of least change."""

    def rank(plan: Plan) -> tuple[int, ...]:
        total = plan.score.total(weights)
        return (total,) if plan.changed is None else (plan.score.unscheduled, plan.changed, total)

    return rank(plan) < rank(other)


def _scored(run: _Run, assignments: Iterable[Assignment]) -> Plan:
    """The plan of these assignments with its score."""
    plan = _plan(run, assignments)
    return replace(plan, score=check(run.problem, plan).score)


def _finished(run: _Run, plan: Plan, was_stopped: StopRule) -> Result:
    """The result with what was proved meanwhile; none without the pins."""
    if not _keeps_pins(run.problem, plan.assignments):
        return Result(Status.UNKNOWN, None, statistics=run.statistics())
    plan = _with_bounds(run, plan)
    run.tell("done", len(plan.assignments), run.statistics())
    if plan.status is PlanStatus.OPTIMAL:
        return Result(Status.OPTIMAL, plan, statistics=run.statistics())
    return Result(Status.STOPPED if was_stopped() else Status.FEASIBLE, plan, statistics=run.statistics())


def _tick(run: _Run, session: Session, origin: int) -> None:
    """Report while the areas are searched, and hand out a plan now and then; changes count from ``origin``."""
    run.total = origin + session.change()
    run.left_out = sum(run.problem.visits[number].weight for number in session.open_visits())
    run.tell("improve", session.scheduled())
    began = run.deadline.elapsed()
    if run.on_plan and began >= run.next_handing:
        best = session.best()
        plan = replace(_plan(run, best.assignments()), score=best.score())
        if _keeps_pins(run.problem, plan.assignments):
            run.on_plan(_with_bounds(run, plan))
        took = run.deadline.elapsed() - began
        run.next_handing = began + max(LEAST_HANDING_SECONDS, HANDING_FACTOR * took)


def _plan(run: _Run, assignments: Iterable[Assignment]) -> Plan:
    """The plan with a reason for each visit left out; its score is yet to be said."""
    planned = tuple(assignments)
    unscheduled = explain_unscheduled(run.problem, planned, run.candidates)
    plan = Plan(run.problem.name, planned, unscheduled, Score(), PlanStatus.FEASIBLE)
    if run.settings.least_change:
        changed = changed_assignments(run.problem, planned)
        plan = replace(plan, changed=changed, changed_bound=certain_changes(run.candidates))
    return plan


def _with_bounds(run: _Run, plan: Plan) -> Plan:
    """The plan with the bounds proved so far; it is optimal if they meet it."""
    if run.bound is None:
        return plan
    plan = replace(plan, bound=run.bound.total, unscheduled_bound=run.bound.unscheduled)
    is_least = plan.bound == plan.score.total(run.problem.weights)
    if run.settings.least_change:
        is_least &= plan.unscheduled_bound == plan.score.unscheduled and plan.changed == plan.changed_bound
    return replace(plan, status=PlanStatus.OPTIMAL) if is_least else plan


def _keeps_pins(problem: Problem, assignments: Iterable[Assignment]) -> bool:
    """Whether every pinned visit is planned; where, its candidates allow nothing but the pin."""
    planned = {assignment.visit for assignment in assignments}
    return all(pin.visit in planned for pin in problem.pins)
