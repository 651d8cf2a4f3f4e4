"""The one entry: a problem, settings and a stop rule give a result."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.checker import check, check_pins
from solver.plan import Assignment, Plan, PlanStatus, Reason, Score, Unscheduled
from solver.problem import LEAD, Problem
from solver.result import Progress, Result, Status
from solver.search.arrays import compile_tables, work_array
from solver.search.construct import CROWDING_PRICE, TRIES, hardest_first, insert_each
from solver.search.draft import Draft
from solver.search.stop import Deadline, StopRule, any_of
from solver.settings import SolveSettings

CHUNK = 500
"""Visits inserted between two questions to the stop rule."""


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
    if violations := check_pins(problem):
        return Result(Status.INFEASIBLE, None, tuple(violations))
    candidates = Candidates(problem)
    tables = compile_tables(candidates, range(len(problem.visits)), range(len(problem.inspectors)))
    draft = Draft.blank(tables)
    order = hardest_first(tables)
    work = work_array(tables, settings.seed, 0)
    placed = 0
    for first in range(0, len(order), CHUNK):
        if on_progress:
            phase = "construct" if first else "compiling"
            on_progress(Progress(deadline.elapsed(), phase, placed, len(order), None, None))
        chunk = order[first : first + CHUNK]
        placed += insert_each(
            tables.given, tables.price, draft.state, chunk, TRIES, CROWDING_PRICE, work
        )
        if must_stop():
            break
    plan = _plan(problem, candidates, draft)
    if on_plan:
        on_plan(plan)
    if on_progress:
        total = plan.score.total(problem.weights)
        on_progress(Progress(deadline.elapsed(), "done", placed, len(order), total, None))
    return Result(Status.STOPPED if must_stop() else Status.FEASIBLE, plan)


def _plan(problem: Problem, candidates: Candidates, draft: Draft) -> Plan:
    assignments = []
    unscheduled = []
    for number, visit in enumerate(problem.visits):
        slot = int(draft.starts[number])
        if slot < 0:
            unscheduled.append(Unscheduled(visit.id, (_reason(candidates, number),)))
            continue
        team = tuple(problem.inspectors[member].id for member in draft.team(number))
        leaders = [problem.inspectors[m].id for m in draft.team(number) if LEAD in problem.inspectors[m].tags]
        leader = leaders[0] if visit.team.requires.get(LEAD) else None
        day = candidates.calendar.date_of(Slot(slot))
        assignments.append(Assignment(visit.id, day, candidates.calendar.half_of(Slot(slot)), team, leader))
    plan = Plan(problem.name, tuple(assignments), tuple(unscheduled), Score(), PlanStatus.FEASIBLE)
    score = check(problem, plan).score
    return Plan(problem.name, plan.assignments, plan.unscheduled, score, PlanStatus.FEASIBLE)


def _reason(candidates: Candidates, visit: int) -> Reason:
    if not np.size(candidates.starts(visit)):
        return Reason("no_day")
    if len(candidates.members(visit)) < candidates.problem.visits[visit].team.size:
        return Reason("no_team")
    return Reason("capacity")
