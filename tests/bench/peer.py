"""What the peers' commands have in common: arguments, progress in JSON lines, and the plan that they write."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.checker import check
from solver.io import read_problem, write_plan
from solver.plan import Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import LEAD, Problem
from solver.reasons import Reason

CLOSING_SECONDS = 1.0
"""Kept for writing the plan."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a peer was asked for; ``ends_at`` is by the monotonic clock."""

    problem: Problem
    began: float
    ends_at: float
    seed: int

    def left(self) -> float:
        """Seconds left for searching."""
        return max(1.0, self.ends_at - CLOSING_SECONDS - time.monotonic())

    def tell(self, scheduled: int, left_out: int, rest: int) -> None:
        """Say where the search stands, by the peer's own account."""
        total = self.problem.weights.unscheduled * left_out + rest
        elapsed = round(time.monotonic() - self.began, 1)
        line = {"elapsed_seconds": elapsed, "scheduled": scheduled, "left_out": left_out, "total": total}
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


def run(solve: Callable[[Order], Iterable[Assignment]], arguments: Sequence[str] | None = None) -> int:
    """Read the problem, let the peer plan it, write the plan."""
    began = time.monotonic()
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    problem = read_problem(options.problem)
    if problem.history or problem.baseline:
        raise SystemExit("the peers' models know neither history nor a plan in force")
    assignments = solve(Order(problem, began, began + options.seconds, options.seed))
    write_plan(plan_of(problem, assignments), problem, options.out)
    return 0


def plan_of(problem: Problem, assignments: Iterable[Assignment]) -> Plan:
    """The plan of these assignments; the first who may lead does, where somebody must."""
    may_lead = {inspector.id for inspector in problem.inspectors if LEAD in inspector.tags}
    visits = {visit.id: visit for visit in problem.visits}
    led = []
    for entry in assignments:
        leaders = [who for who in entry.team if who in may_lead] if visits[entry.visit].team.requires.get(LEAD) else []
        led.append(Assignment(entry.visit, entry.day, entry.half, entry.team, leaders[0] if leaders else None))
    planned = {entry.visit for entry in led}
    left = tuple(Unscheduled(visit, (Reason("capacity"),)) for visit in visits if visit not in planned)
    plan = Plan(problem.name, tuple(led), left, Score(), PlanStatus.FEASIBLE)
    return Plan(problem.name, plan.assignments, left, check(problem, plan).score, PlanStatus.FEASIBLE)
