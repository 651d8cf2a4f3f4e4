"""The parts that find plans, each as a function of the run; in what order they are tried is the order of the mappings.

What loads slowly is imported by the part that needs it: a small problem needs no compiled search, a city no CP-SAT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from solver.assign import assignment_of
from solver.closing import checked, holds_pins, plan_of, plan_to_keep, rank, valid_part
from solver.model.size import is_small
from solver.plan import Assignment
from solver.run import Run
from solver.search.stop import Deadline, StopRule, any_of
from solver.timetable import Placement, Timetable

Part = Callable[[Run], None]

EXACT_SHARE = 0.6
"""The most of the time for the exact solution of a small problem: the rest is for the search if it is not proved."""

REPAIR_SHARE, LEAST_SECONDS_WITH_REPAIR = 0.04, 20.0
"""How much of the time is kept for what annealing leaves unscheduled, if there is as much."""

BOUND_SHARE, HURRIED_BOUND_SHARE, MOST_BOUND_SECONDS = 0.2, 0.08, 60.0
"""How much of the time is spent on bounds: less where there is none for repair either."""

CHANGE_PRICE = 10**9
"""What a changed baseline assignment costs under least change, in thousandths: more than any detour saves."""

USUAL_LOADING_SECONDS = 2.0
"""Loading machine code is part of the time given; compiling it, once after an installation, comes on top."""

LEAST_HANDING_SECONDS, HANDING_FACTOR = 5.0, 30.0
"""Between two plans handed out while the search goes on: at least so long, and so much longer than handing takes."""

CHANGES_SHARE = 0.5
"""The most of the time for a plan with the fewest changes: the rest is for the search if they are not proved."""

SEARCHED = frozenset({"exact", "changes", "construct"})
"""The parts that place pinned visits first of all."""

CLOSING_SECONDS_PER_VISIT = 5e-5
"""How long the parts after the search take, before this machine's speed is known."""

CLOSING_PER_LAYING_OUT = 0.8
"""How long the parts after the search take, for each second that laying out took on the same machine."""


def take_given(run: Run) -> None:
    """Take the plans that are there before any search: the baseline, and the one to begin from.

    What of them breaks a rule is dropped, but only when they are needed, because nothing better is found.
    """
    run.reserve(CLOSING_SECONDS_PER_VISIT * len(run.problem.visits))
    visits, people = run.candidates.visit_numbers, run.candidates.inspector_numbers
    start = run.start.assignments if run.start else ()
    for name, assignments in (("baseline", run.problem.baseline), ("start", start)):
        usable = [
            Assignment(given.visit, given.day, given.half, given.team, given.leader)
            for given in assignments
            if given.visit in visits and people.keys() >= set(given.team)
        ]
        if usable:
            run.keep(name, partial(_valid_assignments, run, usable))


def _valid_assignments(run: Run, assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    plan = valid_part(run.problem, assignments)
    return plan.assignments if plan is not None else ()


def prove_pins_possible(run: Run) -> None:
    """Find pinned visits that have no possible start or team whatever the others do."""
    if run.candidates.pins:
        from solver.model.pins import impossible_pins

        run.pin_conflict = impossible_pins(run.candidates)


def solve_exactly(run: Run) -> None:
    """Solve a small problem to the optimum; what is not proved in its share of the time is a plan to begin from."""
    if not is_small(run.candidates) or run.must_stop():
        return
    from solver.model import exact

    run.tell("exact", 0)
    settings = run.settings
    plan = exact.solve_exactly(
        run.problem,
        run.candidates,
        least_change=settings.least_change,
        seed=settings.seed,
        is_over=any_of(run.must_stop, Deadline(EXACT_SHARE * run.search_deadline.left())),
    )
    if plan is None:
        return
    run.take_bound(plan.bound, plan.unscheduled_bound)
    run.changed_bound = plan.changed_bound
    found = run.keep("exact", lambda: _assignments_of(run, plan.placements))
    run.placed["exact"] = len(plan.placements)
    if plan.optimal:
        run.optimal = found


def change_little(run: Run) -> None:
    """Keep as much of the baseline as can be, if few changes are asked for; if the fewest are proved, that is all."""
    if not run.settings.least_change or run.optimal or run.must_stop():
        return
    from solver.repair import replan

    run.tell("changes", 0)
    share = Deadline(CHANGES_SHARE * run.search_deadline.left())
    found = replan(run.candidates, seed=run.settings.seed, is_over=any_of(run.must_stop, share))
    if found is None:
        return
    run.take_bound(run.problem.weights.unscheduled * found.unscheduled_bound, found.unscheduled_bound)
    run.changed_bound = max(run.changed_bound or 0, found.changed_bound)
    run.keep("changes", lambda: found.plan.assignments, found.plan)
    run.placed["changes"] = len(found.plan.assignments)
    run.take_score(found.plan.score)
    run.is_settled = found.is_fewest


def lay_out(run: Run) -> None:
    """Lay the problem out in arrays, and load or compile the search."""
    if run.optimal or run.must_stop():
        return
    from solver.search.session import Session

    run.tell("prepare", 0)
    settings = run.settings
    began = run.deadline.elapsed()
    change_price = CHANGE_PRICE if settings.least_change else 0
    session = Session(run.candidates, settings.seed, settings.workers, change_price=change_price, is_over=run.must_stop)
    run.reserve(CLOSING_PER_LAYING_OUT * (run.deadline.elapsed() - began))
    run.tell("compiling", 0)
    began = run.deadline.elapsed()
    session.warm_up()
    run.seconds["compile"] = run.deadline.elapsed() - began
    if run.seconds["compile"] > USUAL_LOADING_SECONDS:
        run.extend(run.seconds["compile"])
    run.session = session


def construct(run: Run) -> None:
    """Insert the visits one after another; plans that are there already are taken over first."""
    session = run.session
    if session is None:
        return
    unfinished = run.keep("construct", session.assignments)  # an error leaves what was inserted before it
    session.take_over(_assignments_of(run, run.pinned))
    if run.start:
        session.take_over(run.start.assignments)
    for found in run.found:
        if found.part in ("exact", "changes"):
            session.take_over(found.assignments())
    session.take_over(run.problem.baseline)
    session.construct(run.must_stop, lambda: run.tell("construct", session.scheduled()))
    run.found.remove(unfinished)
    run.keep("construct", session.best().assignments)
    run.placed["construct"] = session.scheduled()
    run.take_score(session.score())


def place_pins(run: Run) -> None:
    """Where construction has not placed all pinned visits: place them first, or prove that no plan holds them."""
    if not run.candidates.pins or run.optimal:
        return
    if any(holds_pins(run.problem, found.assignments()) for found in run.found if found.part in SEARCHED):
        return
    from solver.model.pins import judge_pins

    run.tell("pins", 0)
    verdict = judge_pins(run.candidates, seed=run.settings.seed, is_over=any_of(run.search_deadline, run.stop))
    run.pin_conflict = verdict.conflict
    if verdict.placements is not None:
        run.pinned = verdict.placements
        run.keep("pins", lambda: _assignments_of(run, run.pinned))
        if run.session is not None:
            run.session = None
            lay_out(run)
            construct(run)


def prove_bounds(run: Run) -> None:
    """Start a thread that proves bounds; each better one is taken when it is there."""
    if run.optimal or run.must_stop():
        return
    share = BOUND_SHARE if run.deadline.seconds >= LEAST_SECONDS_WITH_REPAIR else HURRIED_BOUND_SHARE
    seconds = min(MOST_BOUND_SECONDS, share * run.deadline.seconds)
    unscheduled = run.session.open_visits() if run.session is not None else None

    def prove(should_stop: StopRule) -> None:
        from solver.bounds import Bound, lower_bound

        def take(bound: Bound) -> None:
            run.take_bound(bound.total, bound.unscheduled)

        lower_bound(run.problem, seconds, run.candidates, take, unscheduled, should_stop)

    run.run_beside("bounds", prove)


def improve(run: Run) -> None:
    """Anneal until the time of the search is over."""
    session = run.session
    if session is None or run.must_stop():
        return
    before = session.score()
    origin = before.total(run.problem.weights) - session.change()
    began_with = session.scheduled()
    try:
        session.improve(
            lambda: _searching_seconds(run), run.must_stop, lambda: _tick(run, origin), lambda: _schedule_more(run)
        )
    except BaseException:
        run.keep("improve", session.best().assignments)
        raise
    run.keep("improve", session.assignments)
    score = session.score()
    run.placed["anneal"] = session.scheduled() - began_with
    run.improved["anneal"] = before.total(run.problem.weights) - score.total(run.problem.weights)
    run.take_score(score)


def _searching_seconds(run: Run) -> float:
    """What is left of the time less what repair needs, unless no plan can leave less unscheduled than this one."""
    left = run.search_deadline.left()
    if run.proved is None:
        return left if run.settings.seconds < LEAST_SECONDS_WITH_REPAIR else left * (1 - REPAIR_SHARE)
    return left if run.unscheduled == run.proved.unscheduled else left * (1 - REPAIR_SHARE)


def _schedule_more(run: Run) -> None:
    """Between two rounds of annealing: let CP-SAT schedule visits, unless it is proved that no more fit."""
    session = run.session
    if session is None or run.proved is None or session.score().unscheduled <= run.proved.unscheduled:
        return
    timetable = Timetable.of(run.candidates, session.assignments())
    before = len(timetable.placements)
    seconds = REPAIR_SHARE * run.search_deadline.left()
    _close_gap(run, timetable, any_of(run.must_stop, Deadline(seconds)))
    if len(timetable.placements) != before:
        session.replace_by(_assignments_of(run, timetable.placements))


def _close_gap(run: Run, timetable: Timetable, is_over: StopRule) -> None:
    from solver.model.gap import Gap

    assert run.proved is not None
    gap = Gap(
        run.candidates,
        timetable,
        run.proved.unscheduled,
        is_over,
        lambda placed: run.tell("repair", placed),
        run.settings.seed,
    )
    gap.close()


def _tick(run: Run, origin: int) -> None:
    """Report while the areas are searched, and hand out a plan now and then; changes count from ``origin``."""
    session = run.session
    assert session is not None
    run.total = origin + session.change()
    run.unscheduled = sum(run.problem.visits[number].weight for number in session.open_visits())
    run.tell("improve", session.scheduled())
    began = run.deadline.elapsed()
    if run.on_plan and began >= max(run.next_handing, LEAST_HANDING_SECONDS):
        run.attempt("checkpoint", lambda run: _hand_out(run))
        took = run.deadline.elapsed() - began
        run.next_handing = began + max(LEAST_HANDING_SECONDS, HANDING_FACTOR * took)


def _hand_out(run: Run) -> None:
    """Give the caller the best plan so far."""
    assert run.session is not None
    assert run.on_plan is not None
    best = run.session.best()
    plan = plan_to_keep(run, best.assignments(), best.score())
    if plan is not None:
        run.on_plan(plan)


def repair(run: Run) -> None:
    """Let CP-SAT try the unscheduled visits, unless it is proved that no plan leaves less unscheduled."""
    if run.session is None or run.proved is None or run.unscheduled is None or run.must_stop():
        return
    if run.unscheduled <= run.proved.unscheduled:
        return
    before, score = run.found[-1].assignments(), run.score
    timetable = Timetable.of(run.candidates, before)
    _close_gap(run, timetable, run.must_stop)
    if len(timetable.placements) == len(before):
        return
    after = _assignments_of(run, timetable.placements)
    plan = checked(run.problem, after)
    if rank(run, plan) >= rank(run, replace(plan_of(run.problem, before), score=score)):
        return
    run.keep("repair", lambda: after, plan)
    run.placed["repair"] = len(after) - len(before)
    run.take_score(plan.score)
    weights = run.problem.weights
    run.improved["repair"] = score.total(weights) - plan.score.total(weights)


def prefer_fewer_changes(run: Run) -> None:
    """Let the plan with the fewest changes be the last if the search, which only prices changes, found none better."""
    fewest = next((found for found in run.found if found.part == "changes"), None)
    if fewest is None or fewest.plan is None or run.found[-1] is fewest:
        return
    last = run.found.pop()
    plan = last.plan or checked(run.problem, last.assignments())
    run.found.append(last._replace(plan=plan))
    if rank(run, fewest.plan) < rank(run, plan):
        run.found.append(fewest)


def plan_by_cpsat(run: Run) -> None:
    """Plan by CP-SAT alone: the engine ``cpsat``, and what is left where the search could not be laid out."""
    if run.optimal or run.session is not None or run.must_stop():
        return
    timetable = Timetable(run.candidates)
    for number, placement in run.pinned.items():
        timetable.put(number, placement)
    if run.start and not run.pinned:
        timetable = Timetable.of(run.candidates, _valid_assignments(run, run.start.assignments))
    run.keep("stages", lambda: _assignments_of(run, timetable.placements))
    _plan_in_stages(run, timetable)
    run.placed["stages"] = len(timetable.placements)


def _plan_in_stages(run: Run, timetable: Timetable) -> None:
    from solver.model.staged import plan_in_stages

    plan_in_stages(
        run.candidates,
        seed=run.settings.seed,
        is_over=run.must_stop,
        on_stage=lambda stage: run.tell(stage.name, stage.placed),
        start=timetable,
    )


def _assignments_of(run: Run, placements: Mapping[int, Placement]) -> list[Assignment]:
    return [
        assignment_of(run.candidates, number, place.start, place.team) for number, place in sorted(placements.items())
    ]


SEARCH_PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "given": take_given,
        "impossible pins": prove_pins_possible,
        "exact": solve_exactly,
        "changes": change_little,
        "layout": lay_out,
        "construct": construct,
        "pins": place_pins,
        "bounds": prove_bounds,
        "improve": improve,
        "repair": repair,
        "fewer changes": prefer_fewer_changes,
        "stages": plan_by_cpsat,
    }
)
"""The parts of the engine ``auto``; the last plans only where the search could not."""

STAGED_PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "given": take_given,
        "impossible pins": prove_pins_possible,
        "pins": place_pins,
        "bounds": prove_bounds,
        "stages": plan_by_cpsat,
    }
)
"""The parts of the engine ``cpsat``."""
