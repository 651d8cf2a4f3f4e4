"""A run of the planner: what was asked, what is known so far, and the plans that its parts have found."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from solver.candidates import Candidates
from solver.plan import Assignment, Plan, Score
from solver.problem import Problem
from solver.reasons import Violation
from solver.result import Progress, Statistics
from solver.search.stop import Deadline, StopError, StopRule, any_of
from solver.settings import SolveSettings

if TYPE_CHECKING:
    from solver.search.session import Session
    from solver.timetable import Placement

log = logging.getLogger(__name__)


class Proved(NamedTuple):
    """No plan has a smaller total, none leaves less weight unscheduled."""

    total: int
    unscheduled: int


class Found(NamedTuple):
    """A plan that a part has found: its assignments are read only when they are asked for.

    ``plan`` is there if the checker has found no violation in it already.
    """

    part: str
    assignments: Callable[[], tuple[Assignment, ...]]
    plan: Plan | None = None


@dataclass(slots=True, eq=False)
class Run:
    """What was asked, what the caller wants to hear, and what is known so far.

    ``found`` are the plans in the order of the parts, so the best is the last; ``plan`` is the one that was chosen,
    ``optimal`` the one that was proved to be optimal in the order asked for. ``search_deadline`` is earlier than
    ``deadline``: the time between is needed to check and to explain the plan. ``is_settled`` ends the search before it.
    ``pinned`` are placements of all pinned visits.
    """

    candidates: Candidates
    settings: SolveSettings
    deadline: Deadline
    stop: StopRule
    start: Plan | None = None
    on_progress: Callable[[Progress], None] | None = None
    on_plan: Callable[[Plan], None] | None = None
    on_error: Callable[[str], None] | None = None
    session: Session | None = None
    plan: Plan | None = None
    score: Score = field(default_factory=Score)
    is_optimal: bool = False
    is_settled: bool = False
    search_deadline: Deadline = field(init=False)
    must_stop: StopRule = field(init=False)
    found: list[Found] = field(default_factory=list)
    optimal: Found | None = None
    proved: Proved | None = None
    changed_bound: int | None = None
    pinned: Mapping[int, Placement] = field(default_factory=dict)
    pin_conflict: tuple[Violation, ...] = ()
    total: int | None = None
    unscheduled: int | None = None
    next_handing: float = 0.0
    placed: dict[str, int] = field(default_factory=dict)
    improved: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    _background: list[Background] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.search_deadline = Deadline(self.deadline.seconds, self.deadline.started)
        self.must_stop = any_of(self.search_deadline, self.stop, lambda: self.is_settled)
        if not self.problem.pins:
            self.keep("nothing", tuple)

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.candidates.problem

    def attempt(self, name: str, part: Callable[[Run], None]) -> bool:
        """Run a part; whether it ended without an error.

        An error of any kind is told, and what other parts have found stays.
        """
        began = self.deadline.elapsed()
        try:
            part(self)
        except StopError:
            return False
        except Exception as error:
            self.tell_error(name, error)
            return False
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self.deadline.elapsed() - began
        return True

    def tell_error(self, name: str, error: BaseException) -> None:
        """Tell the caller in one line that a part failed; the traceback goes to the log at level DEBUG."""
        log.debug("the part %s failed", name, exc_info=error)
        if isinstance(error, MemoryError):
            gc.collect()
        if self.on_error:
            self.on_error(f"{name} failed ({type(error).__name__}: {error}); the plan so far is kept")

    def keep(self, part: str, assignments: Callable[[], Iterable[Assignment]], plan: Plan | None = None) -> Found:
        """Note a plan that a part has found; it is the best so far."""
        found = Found(part, cache(lambda: tuple(assignments())), plan)
        self.found.append(found)
        return found

    def reserve(self, seconds: float) -> None:
        """Keep so many seconds, at most half of what is left, for the parts after the search."""
        self.search_deadline.seconds = self.deadline.seconds
        self.search_deadline.extend(-min(seconds, self.search_deadline.left() / 2))

    def extend(self, seconds: float) -> None:
        """Give the whole run more time."""
        self.deadline.extend(seconds)
        self.search_deadline.extend(seconds)

    def take_bound(self, total: int, unscheduled: int) -> None:
        """Note what was proved of every plan, in addition to what is known."""
        known = self.proved or Proved(0, 0)
        self.proved = Proved(max(known.total, total), max(known.unscheduled, unscheduled))

    def take_score(self, score: Score) -> None:
        """Note what the best plan so far scores."""
        self.score = score
        self.total, self.unscheduled = score.total(self.problem.weights), score.unscheduled

    def tell(self, phase: str, scheduled: int, statistics: Statistics | None = None) -> None:
        """Report the progress."""
        if self.on_progress:
            bound = None if self.proved is None else self.proved.total
            elapsed, visits = self.deadline.elapsed(), len(self.problem.visits)
            self.on_progress(
                Progress(elapsed, phase, scheduled, visits, self.total, bound, self.unscheduled, statistics)
            )

    def statistics(self) -> Statistics:
        """What each part of the planner did."""
        return Statistics(self.placed, self.improved, self.seconds)

    def run_beside(self, name: str, job: Callable[[StopRule], None]) -> None:
        """Start a job in a thread of its own; it is told to stop, and joined, by ``end_background``."""
        background = Background(name, job, self)
        self._background.append(background)
        background.start()

    def end_background(self) -> None:
        """Stop all jobs that run beside, and wait for them: no thread is left."""
        for background in self._background:
            background.stop()
        self._background.clear()


class Background:
    """A job in a thread of its own, which ends soon after it is told to stop; its errors are told like a part's."""

    def __init__(self, name: str, job: Callable[[StopRule], None], run: Run) -> None:
        self._should_stop = threading.Event()
        self._thread = threading.Thread(
            target=lambda: run.attempt(name, lambda _: job(self._should_stop.is_set)), name=name
        )

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Tell the job to stop, and wait until its thread has ended."""
        self._should_stop.set()
        self._thread.join()
