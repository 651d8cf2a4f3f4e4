"""The one entry: a problem, settings and a stop rule give a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from solver.candidates import Candidates
from solver.checker import check_pins
from solver.model.exact import ExactPlan, is_small, solve_exactly
from solver.plan import Plan, PlanStatus, Reason, Unscheduled
from solver.problem import Problem
from solver.result import Progress, Result, Status
from solver.search.improve import Cooling
from solver.search.session import Session
from solver.search.stop import Deadline, StopRule, any_of
from solver.settings import SolveSettings

CLOSING_SECONDS_PER_VISIT = 3e-5
"""What turning the arrays into a plan takes of the time given."""

CHANGE_PRICE = 10**9
"""What a changed baseline assignment costs under least change, in thousandths: more than any detour saves."""

REPORT_SECONDS = 0.5


@dataclass(slots=True)
class _Reporter:
    """Tells the caller where the run stands, not more often than it wants to know."""

    problem: Problem
    deadline: Deadline
    on_progress: Callable[[Progress], None] | None
    reported_at: float = field(default=-1.0)

    def tell(self, phase: str, scheduled: int, total: int | None, bound: int | None = None) -> None:
        """Report now."""
        self.reported_at = self.deadline.elapsed()
        if self.on_progress:
            self.on_progress(Progress(self.reported_at, phase, scheduled, len(self.problem.visits), total, bound))


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

    ``start`` is a plan to begin from. ``stop`` ends the search early; the best plan so far is returned.
    ``on_progress`` hears at least once a second where the run stands, ``on_plan`` each plan worth keeping.
    """
    settings = settings or SolveSettings()
    deadline = Deadline(settings.seconds)
    must_stop = any_of(deadline, stop) if stop else deadline
    reporter = _Reporter(problem, deadline, on_progress)
    if violations := check_pins(problem):
        return Result(Status.INFEASIBLE, None, tuple(violations))
    candidates = Candidates(problem)
    exact: ExactPlan | None = None
    if is_small(candidates):
        reporter.tell("exact", 0, None)
        exact = solve_exactly(problem, candidates, least_change=settings.least_change, seed=settings.seed)
    reporter.tell("compiling", 0, None)
    session = Session(
        candidates, settings.seed, settings.workers, change_price=CHANGE_PRICE if settings.least_change else 0
    )
    if start:
        session.take_over(start.assignments)
    session.take_over(problem.baseline)
    session.construct(must_stop, lambda: reporter.tell("construct", session.scheduled(), None))
    total = session.score().total(problem.weights)
    if on_plan:
        on_plan(_plan(session))
    seconds = deadline.left() - CLOSING_SECONDS_PER_VISIT * len(problem.visits)
    if seconds > 0 and not must_stop():
        session.improve(
            seconds, Cooling(10_000.0, 300.0), must_stop, lambda: reporter.tell("improve", session.scheduled(), total)
        )
    plan = _plan(session)
    reporter.tell("done", len(plan.assignments), plan.score.total(problem.weights))
    return Result(Status.STOPPED if stop and stop() else Status.FEASIBLE, plan)


def _plan(session: Session) -> Plan:
    """The session's plan, with a reason for each visit left out."""
    problem = session.problem
    assignments = session.assignments()
    planned = {assignment.visit for assignment in assignments}
    unscheduled = tuple(
        Unscheduled(visit.id, (_reason(session.candidates, number),))
        for number, visit in enumerate(problem.visits)
        if visit.id not in planned
    )
    return Plan(problem.name, tuple(assignments), unscheduled, session.score(), PlanStatus.FEASIBLE)


def _reason(candidates: Candidates, visit: int) -> Reason:
    if not np.size(candidates.starts(visit)):
        return Reason("no_day")
    if len(candidates.members(visit)) < candidates.problem.visits[visit].team.size:
        return Reason("no_team")
    return Reason("capacity")
