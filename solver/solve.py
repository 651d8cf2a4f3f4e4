"""The one entry: a problem, settings and a stop rule give a result.

Small problems are solved exactly. Of others a first plan is constructed and annealed until the time is nearly over,
while a thread of its own proves bounds; CP-SAT then tries the unscheduled visits. At the end the best plan is checked
and its unscheduled visits are explained. With the engine ``cpsat`` every problem is planned by CP-SAT alone.

The planner is a list of parts. Each may fail, with an error of any kind: then it is told, the plans of the parts
before it stay, and the other parts go on (``solver.run``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from solver.candidates import Candidates
from solver.checker import check_pins
from solver.closing import CLOSING_PARTS, check_with_more_memory, result_of
from solver.parts import SEARCH_PARTS, STAGED_PARTS
from solver.plan import Plan
from solver.problem import Problem
from solver.result import Progress, Result, Status
from solver.run import Run
from solver.search.stop import Deadline, StopRule
from solver.settings import Engine, SolveSettings

Part = Callable[[Run], None]

PARTS: Mapping[Engine, Mapping[str, Part]] = MappingProxyType(
    {"auto": {**SEARCH_PARTS, **CLOSING_PARTS}, "cpsat": {**STAGED_PARTS, **CLOSING_PARTS}}
)
"""The parts of each engine in their order; ``closing`` parts run whatever has happened before them."""


def solve(
    problem: Problem,
    settings: SolveSettings | None = None,
    *,
    start: Plan | None = None,
    stop: StopRule | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_error: Callable[[str], None] | None = None,
) -> Result:
    """The best plan found in the time given; the checker has found no violation in it.

    ``start`` is a plan to begin from; what of it breaks a rule is dropped. ``stop`` ends the search early; the best
    plan so far is returned. ``on_progress`` hears the progress at least once a second, ``on_plan`` each plan worth
    keeping, ``on_error`` in one line each part that failed. Without a plan the result's status says why: the pins
    break rules, or no plan with them was found in the time.
    """
    settings = settings or SolveSettings()
    deadline = Deadline(settings.seconds)
    if violations := check_pins(problem):
        return Result(Status.INFEASIBLE, None, tuple(violations))
    run = Run(
        Candidates(problem),
        settings,
        deadline,
        stop or (lambda: False),
        start=start,
        on_progress=on_progress,
        on_plan=on_plan,
        on_error=on_error,
    )
    try:
        for name, part in PARTS[settings.engine].items():
            run.attempt(name, part)
            if run.pin_conflict:
                return Result(Status.INFEASIBLE, None, run.pin_conflict, run.statistics())
        if run.plan is None:
            run.attempt("check", check_with_more_memory)
    finally:
        run.end_background()
    return result_of(run)
