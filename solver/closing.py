"""The parts after the search: the best plan that keeps every rule, its reasons, and what was proved of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from solver.checker import check
from solver.errors import WrongResult
from solver.explain import explain_unscheduled, unexplained
from solver.plan import Assignment, Plan, PlanStatus, Score
from solver.problem import Problem
from solver.result import Result, Status
from solver.run import Found, Run
from solver.score import certain_changes, changed_assignments

MOST_DROPS = 4
"""How often the visits at which a plan breaks a rule are dropped, until it is given up."""

GRACE_SECONDS = 0.2
"""How long visits are still explained after the caller wants to stop."""


def check_best(run: Run) -> None:
    """Take the last plan found in which the checker finds no violation.

    One that breaks a rule is an error of the part that found it; the plan of the part before it is tried next.
    """
    run.end_background()
    for take in (_take_if_valid, _take_valid_part):
        for found in reversed(run.found):
            run.attempt(found.part, partial(take, found=found))
            if run.plan is not None:
                _prefer_nothing(run)
                return


def _prefer_nothing(run: Run) -> None:
    """Take the plan of nothing where its total is less: where weights make visits cost more than they are worth."""
    if run.plan is None or run.problem.pins or run.is_optimal or run.settings.least_change:
        return
    if run.plan.score.total(run.problem.weights) > run.problem.weights.unscheduled * _all_weight(run.problem):
        nothing = checked(run.problem, ())
        run.plan = min(run.plan, nothing, key=lambda plan: rank(run, plan))


def _all_weight(problem: Problem) -> int:
    return sum(visit.weight for visit in problem.visits)


def check_with_more_memory(run: Run) -> None:
    """Check once more after the search has been forgotten; a plan that cannot be checked is better than none."""
    for found in run.found:
        found.assignments()
    run.session = None
    gc.collect()
    check_best(run)
    if run.plan is None and run.found and holds_pins(run.problem, run.found[-1].assignments()):
        run.tell_error("check", WrongResult("the plan is not checked"))
        run.plan = replace(plan_of(run.problem, run.found[-1].assignments()), score=run.score)


def _take_if_valid(run: Run, found: Found) -> None:
    if found.plan is None and not holds_pins(run.problem, found.assignments()):
        return
    run.plan = found.plan or checked(run.problem, found.assignments())
    run.is_optimal = found is run.optimal


def _take_valid_part(run: Run, found: Found) -> None:
    run.plan = valid_part(run.problem, found.assignments())


def checked(problem: Problem, assignments: Iterable[Assignment]) -> Plan:
    """The plan of these assignments with the checker's score; no visit is explained yet.

    Raises ``WrongResult`` if it breaks a rule.
    """
    plan = plan_of(problem, assignments)
    report = check(problem, plan)
    if report.violations:
        first = report.violations[0]
        raise WrongResult(f"its plan breaks {first.code} at {first.visit}", report.violations)
    return replace(plan, score=report.score)


def valid_part(problem: Problem, assignments: Iterable[Assignment]) -> Plan | None:
    """The plan without the visits at which it breaks a rule; ``None`` if the rest breaks rules again and again."""
    for _ in range(MOST_DROPS):
        plan = plan_of(problem, assignments)
        report = check(problem, plan)
        if not report.violations:
            return replace(plan, score=report.score)
        broken = {violation.visit for violation in report.violations}
        assignments = [assignment for assignment in plan.assignments if assignment.visit not in broken]
    return None


def plan_of(problem: Problem, assignments: Iterable[Assignment]) -> Plan:
    """The plan of these assignments, neither checked nor explained."""
    planned = tuple(assignments)
    return Plan(problem.name, planned, unexplained(problem, planned), Score(), PlanStatus.FEASIBLE)


def explain(run: Run) -> None:
    """Give each unscheduled visit its reasons, as long as there is time."""
    if run.plan is not None:
        began = run.deadline.elapsed()

        def is_over() -> bool:
            return run.deadline() or (run.stop() and run.deadline.elapsed() > began + GRACE_SECONDS)

        unscheduled = explain_unscheduled(run.problem, run.plan.assignments, run.candidates, is_over)
        run.plan = replace(run.plan, unscheduled=unscheduled)


def compare(run: Run) -> None:
    """Count the changes, where they are to be few, and state the bounds; a plan that meets them is optimal."""
    if run.plan is not None:
        run.plan = with_bounds(run, with_changes(run, run.plan))


def with_changes(run: Run, plan: Plan) -> Plan:
    """The plan with the number of its changes, if few are asked for, and the least possible number."""
    if not run.settings.least_change:
        return plan
    if run.changed_bound is None:
        run.changed_bound = certain_changes(run.candidates)
    changed = changed_assignments(run.problem, plan.assignments)
    return replace(plan, changed=changed, changed_bound=run.changed_bound)


def with_bounds(run: Run, plan: Plan) -> Plan:
    """The plan with the bounds proved so far."""
    if run.proved is not None:
        plan = replace(plan, bound=run.proved.total, unscheduled_bound=run.proved.unscheduled)
    is_least = run.is_optimal or plan.bound == plan.score.total(run.problem.weights)
    if run.settings.least_change and not run.is_optimal:
        is_least &= plan.unscheduled_bound == plan.score.unscheduled and plan.changed == plan.changed_bound
    return replace(plan, status=PlanStatus.OPTIMAL) if is_least else plan


def rank(run: Run, plan: Plan) -> tuple[int, ...]:
    """What is compared of two plans, the less the better: of least change, or of totals with ties broken by visits."""
    total, unscheduled = plan.score.total(run.problem.weights), len(plan.unscheduled)
    if run.settings.least_change:
        return plan.score.unscheduled, changed_assignments(run.problem, plan.assignments), total
    return total, unscheduled, plan.score.unscheduled


def plan_to_keep(run: Run, assignments: Iterable[Assignment], score: Score) -> Plan | None:
    """A plan for the caller while the search goes on; ``None`` if it lacks a pinned visit."""
    planned = tuple(assignments)
    if not holds_pins(run.problem, planned):
        return None
    unscheduled = explain_unscheduled(run.problem, planned, run.candidates)
    plan = Plan(run.problem.name, planned, unscheduled, score, PlanStatus.FEASIBLE)
    return with_bounds(run, with_changes(run, plan))


def holds_pins(problem: Problem, assignments: Iterable[Assignment]) -> bool:
    """Whether every pinned visit is assigned; where, the checker sees."""
    planned = {assignment.visit for assignment in assignments}
    return all(pin.visit in planned for pin in problem.pins)


def result_of(run: Run) -> Result:
    """The end of the run: its plan, or that none with all pins was found."""
    statistics = run.statistics()
    if run.plan is None:
        return Result(Status.UNKNOWN, None, statistics=statistics)
    run.take_score(run.plan.score)
    run.tell("done", len(run.plan.assignments), statistics)
    if run.plan.status is PlanStatus.OPTIMAL:
        return Result(Status.OPTIMAL, run.plan, statistics=statistics)
    return Result(Status.STOPPED if run.stop() else Status.FEASIBLE, run.plan, statistics=statistics)


CLOSING_PARTS: Mapping[str, Callable[[Run], None]] = MappingProxyType(
    {"check": check_best, "explain": explain, "compare": compare}
)
"""The parts after the search, in their order."""
