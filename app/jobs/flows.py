"""The work on a plan: what is required, the solver's answer, the check, the rows.

Each part may run again after a kill, on any machine: what the next one needs is in the database (``PlanWork``). Files
are scratch. What may pass (a full disk, a database that was restarted) is waited for, and the part is run again.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import reading
from app.core.errors import AppError
from app.core.trouble import may_pass
from app.jobs.durable import step
from app.jobs.held import Held, LostError, give_back, held_plan, read_held
from app.jobs.lease import HeldLease
from app.jobs.scratch import scratch_folder
from app.jobs.solve_process import (
    ChildEnd,
    ExitStatus,
    FaultyFileError,
    NoVerdictError,
    SolveOrder,
    SolveProgress,
    StoppedError,
    StopReason,
    check,
    solve,
)
from app.jobs.watch import Watch, keep_checkpoint
from app.models import DocumentKind, Plan, PlanDocument, PlanPhase, PlanState, PlanWork
from app.planning.documents import problem_document, unpacked
from app.planning.from_plan import led
from app.planning.to_problem import to_problem
from app.planning.violations import RuleViolation
from app.plans import store
from app.plans.figures import figures_of
from app.plans.violations import describe

log = structlog.get_logger(__name__)

LEAST_SECONDS = 1.0
MOST_CRASHES = 3
"""How often the solver may end without a plan before the plan counts as failed."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 5.0
"""Between two runs of a part that something passing has stopped; the wait doubles."""
MOST_SHOWN = 200
UNFORESEEN = "规划过程中出现内部错误，未得到结果。请重新提交；如再次出现，请将日程编号告知管理员（详情见服务日志）。"

AnswerT = TypeVar("AnswerT")


class PlanningFailed(Exception):  # noqa: N818 - it is the plan that failed
    """A part cannot give what it should: words for the user, and the rules that were broken."""

    def __init__(self, message: str, violations: tuple[RuleViolation, ...] = ()) -> None:
        super().__init__(message, violations)
        self.message = message
        self.violations = violations


class Interrupted(Exception):  # noqa: N818 - the work is interrupted and not at fault
    """The process stops or has lost the plan; the next worker runs the part again."""


class CrashedError(Exception):
    """A child ended without doing what it should, perhaps because something was full or it was killed."""


@dataclass(frozen=True, slots=True)
class WorkFiles:
    """The files of a plan's children, in a scratch folder."""

    folder: Path

    @property
    def problem(self) -> Path:
        """What is solved."""
        return self.folder / "problem.json.gz"

    @property
    def plan(self) -> Path:
        """The answer."""
        return self.folder / "plan.json.gz"

    @property
    def checkpoint(self) -> Path:
        """The best plan so far, which the solver replaces while it runs."""
        return self.folder / "checkpoint.json.gz"

    @property
    def start(self) -> Path:
        """What the run begins from."""
        return self.folder / "start.json.gz"

    def newest(self) -> bytes | None:
        """The newest plan that a run has written; none if it wrote none."""
        left = [path for path in (self.checkpoint, self.plan) if path.exists()]
        return max(left, key=lambda path: path.stat().st_mtime_ns).read_bytes() if left else None


class Planner:
    """Works on plans in the database of the settings until ``stopping`` is set."""

    def __init__(self, engine: sa.Engine, settings: Settings, clock: Clock, stopping: threading.Event) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._stopping = stopping

    def run(self, held: Held, lease: HeldLease) -> None:
        """All that is left to do for a plan; afterwards it has ended, or any worker may take it."""
        watch = Watch(self._engine, held, lease, self._stopping)
        try:
            with watch.looking():
                self._lasting(watch, lambda: self._start(held, watch))
                while self._lasting(watch, lambda: self._go_on(held, watch)):
                    pass
        except (Interrupted, LostError):
            log.info("plan_left", plan=held.plan_id, attempt=held.attempt, reason=watch.why_stop())
            give_back(self._engine, held)
        except PlanningFailed as failure:
            self._fail(held, watch, failure.message, failure.violations)
        except Exception:  # whatever it is, nobody waits for ever for a plan that nobody works on
            log.exception("plan_failed", plan=held.plan_id)
            self._fail(held, watch, UNFORESEEN, ())

    def _lasting(self, watch: Watch, part: Callable[[], AnswerT]) -> AnswerT:
        """Run a part; what may pass is waited for. Raises ``Interrupted`` when the process has to stop meanwhile."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                return part()
            except (sa.exc.SQLAlchemyError, OSError, CrashedError) as error:
                if not isinstance(error, CrashedError) and not may_pass(error):
                    raise
                log.warning("part_runs_again", seconds=wait, error=str(error).splitlines()[0])
            if watch.why_stop() in (StopReason.LOST, StopReason.SHUTDOWN) or self._stopping.wait(wait):
                raise Interrupted
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    def _start(self, held: Held, watch: Watch) -> None:
        with reading(self._engine) as session:
            plan = read_held(session, held)
            work = session.get(PlanWork, held.plan_id)
            watch.start(plan.elapsed_seconds, work.used_seconds if work is not None else 0.0)

    def _go_on(self, held: Held, watch: Watch) -> bool:
        """Run the part that comes next; whether there was one."""
        part = self._next(held)
        if part is not None:
            step(part.__name__, lambda: part(held, watch))
        return part is not None

    def _next(self, held: Held) -> Callable[[Held, Watch], None] | None:
        """The part that comes next, by what is in the database; none when the plan has ended."""
        with reading(self._engine) as session:
            plan = session.get(Plan, held.plan_id)
            if plan is None or plan.state is not PlanState.SOLVING:
                return None
            if read_held(session, held).cancel_requested_at is not None:
                return self.cancel
            work = session.get(PlanWork, held.plan_id)
            if work is None:
                return self.prepare
            return self.solve if work.answer is None else self.store

    def cancel(self, held: Held, _watch: Watch) -> None:
        """End a plan that somebody has cancelled."""
        self._end(held, PlanState.CANCELLED)

    # the first part

    def prepare(self, held: Held, watch: Watch) -> None:
        """Expand the rules into the problem, and write both down."""
        with reading(self._engine) as session:
            try:
                asked = to_problem(session, read_held(session, held), watch.enter)
            except AppError as error:
                raise PlanningFailed(error.message) from error
        document = problem_document(asked)
        with held_plan(self._engine, held) as (session, plan):
            store.write_required(session, plan, document, asked.visits, asked.unplanned)
            plan.visits = len(asked.visits)
            session.add(PlanWork(plan_id=held.plan_id))
        log.info("plan_prepared", plan=held.plan_id, visits=len(asked.visits))

    # the second part

    def solve(self, held: Held, watch: Watch) -> None:
        """Run the solver in a child; go on from the checkpoint with the seconds that are left."""
        watch.enter(PlanPhase.SOLVING)
        with reading(self._engine) as session:
            plan = read_held(session, held)
            work = session.get_one(PlanWork, held.plan_id)
            problem = session.get_one(PlanDocument, (held.plan_id, DocumentKind.PROBLEM)).content
        with scratch_folder(self._settings.work_dir) as folder:
            files = WorkFiles(folder)
            files.problem.write_bytes(problem)
            if work.checkpoint is not None:
                files.start.write_bytes(work.checkpoint)
            order = SolveOrder(
                folder=folder,
                problem=files.problem,
                plan=files.plan,
                checkpoint=files.checkpoint,
                seconds=max(plan.seconds - work.used_seconds, LEAST_SECONDS),
                workers=self._settings.solver_workers,
                least_change=plan.based_on_id is not None,
                start=files.start if work.checkpoint is not None else None,
            )
            log.info("plan_solving", plan=held.plan_id, seconds=order.seconds, resumed=order.start is not None)
            watch.progress, watch.used_seconds, watch.checkpoint = None, work.used_seconds, files.checkpoint
            end = solve(order, on_progress=lambda progress: _hear(watch, progress), why_stop=watch.why_stop)
            watch.checkpoint = None
            self._after_solving(held, watch, files, end)

    def _after_solving(self, held: Held, watch: Watch, files: WorkFiles, end: ChildEnd) -> None:
        if end.stopped is StopReason.LOST:
            raise Interrupted
        if end.stopped is StopReason.SHUTDOWN:
            self._keep(held, watch, files)
            raise Interrupted
        if end.stopped is StopReason.CANCELLED:
            return  # what comes next is its end
        if end.status == ExitStatus.INFEASIBLE:
            violations = _violations_of_pins(files.plan)
            message = (
                f"已固定的安排之间相互矛盾，违反 {len(violations)} 处规则，无法编制日程。请调整固定的安排后重新提交。"
            )
            self._lasting(watch, lambda: self._end(held, PlanState.INFEASIBLE, message, violations))
            return
        if end.status != ExitStatus.DONE:
            log.error("solver_ended_badly", plan=held.plan_id, status=end.status, messages=end.messages)
            self._lasting(watch, lambda: self._count_crash(held, end.status))
            raise CrashedError(f"the solver ended with status {end.status}")
        answer = files.plan.read_bytes()
        watch.enter(PlanPhase.CHECKING)
        self._lasting(watch, lambda: self._write_answer(held, answer))

    def _keep(self, held: Held, watch: Watch, files: WorkFiles) -> None:
        """Keep the best plan of a run that is stopped, if the database takes it now."""
        newest = files.newest()
        if newest is None:
            return
        try:
            with held_plan(self._engine, held) as (session, _):
                keep_checkpoint(session, held.plan_id, newest, watch.searched())
        except sa.exc.SQLAlchemyError as error:
            log.warning("checkpoint_not_kept", plan=held.plan_id, error=str(error).splitlines()[0])

    def _count_crash(self, held: Held, status: int) -> None:
        """Count an end that is the solver's own fault, as that for want of space is not."""
        if status == ExitStatus.CANNOT_WRITE:
            return
        with held_plan(self._engine, held) as (session, _):
            work = session.get_one(PlanWork, held.plan_id)
            work.crashes += 1
            session.add(work)
            crashes = work.crashes
        if crashes >= MOST_CRASHES or status == ExitStatus.FAULTY:
            raise PlanningFailed(f"求解程序异常结束（状态 {status}），未得到结果。请重新提交，或联系管理员。")

    def _write_answer(self, held: Held, answer: bytes) -> None:
        with held_plan(self._engine, held) as (session, _):
            work = session.get_one(PlanWork, held.plan_id)
            work.answer = answer
            session.add(work)

    # the third part

    def store(self, held: Held, watch: Watch) -> None:
        """Check the answer apart from the solver, then write it; an answer that breaks a rule is not stored."""
        watch.enter(PlanPhase.CHECKING)
        with reading(self._engine) as session:
            read_held(session, held)
            answer = session.get_one(PlanWork, held.plan_id).answer
            problem = session.get_one(PlanDocument, (held.plan_id, DocumentKind.PROBLEM)).content
        assert answer is not None
        solution = led(unpacked(problem), unpacked(answer))
        solution["score"] = self._verdict(watch, problem, answer)
        watch.enter(PlanPhase.STORING)
        with held_plan(self._engine, held) as (session, plan):
            if plan.cancel_requested_at is not None:
                return  # what comes next is its end
            store.write_answer(session, plan, solution)
            self._write_result(session, plan, solution, watch.elapsed())
        log.info("plan_solved", plan=held.plan_id, total=solution["score"]["total"])

    def _verdict(self, watch: Watch, problem: bytes, answer: bytes) -> dict[str, int]:
        """The score by the checker. Raises ``PlanningFailed`` when a rule is broken."""
        with scratch_folder(self._settings.work_dir) as folder:
            files = WorkFiles(folder)
            files.problem.write_bytes(problem)
            files.plan.write_bytes(answer)
            try:
                verdict = check(files.problem, files.plan, scratch=folder, why_stop=watch.why_stop)
            except FaultyFileError as error:
                log.error("answer_is_no_plan", messages=error.args)
                raise PlanningFailed("求解结果不是有效的日程，未予保存。请重新提交，或联系管理员。") from error
            except NoVerdictError as error:
                raise CrashedError(f"the checker ended with status {error.args}") from error
            except StoppedError as error:
                raise Interrupted from error
        if verdict.violations:
            raise PlanningFailed(
                f"求解结果违反 {len(verdict.violations)} 处规则，未予保存。请重新提交，或联系管理员。",
                tuple(_violation(each) for each in verdict.violations),
            )
        return verdict.score

    def _write_result(self, session: Session, plan: Plan, solution: Mapping[str, Any], elapsed: float) -> None:
        score = dict(solution["score"])
        plan.total = score.pop("total")
        plan.score = score
        plan.bound = solution.get("bound")
        plan.unscheduled_bound = solution.get("unscheduled_bound")
        plan.scheduled = len(solution["assignments"])
        plan.visits = plan.scheduled + len(solution["unscheduled"])
        problem = session.get_one(PlanDocument, (plan.id, DocumentKind.PROBLEM)).content
        plan.figures = figures_of(session, plan, unpacked(problem))
        plan.state = PlanState.SOLVED
        plan.phase = PlanPhase.DONE
        plan.elapsed_seconds = elapsed
        plan.finished_at = self._clock.now()
        store.end_work(session, plan)

    # ends without an answer

    def _fail(self, held: Held, watch: Watch, message: str, violations: tuple[RuleViolation, ...]) -> None:
        """End a plan as failed, as soon as that can be written."""
        try:
            self._lasting(watch, lambda: self._end(held, PlanState.FAILED, message, violations))
        except (Interrupted, LostError):
            give_back(self._engine, held)

    def _end(self, held: Held, state: PlanState, message: str = "", violations: tuple[RuleViolation, ...] = ()) -> None:
        with held_plan(self._engine, held) as (session, plan):
            plan.faults = describe(session, held.plan_id, violations[:MOST_SHOWN], {})
            store.end(session, plan, state, self._clock.now(), message)
        log.info("plan_ended", plan=held.plan_id, state=state.value)


def _hear(watch: Watch, progress: SolveProgress) -> None:
    watch.progress = progress


def _violation(violation: Mapping[str, Any]) -> RuleViolation:
    """A violation of the checker's report, whose details lie beside code and visit."""
    details = {name: value for name, value in violation.items() if name not in ("code", "visit")}
    return RuleViolation(str(violation["code"]), str(violation["visit"]), details)


def _violations_of_pins(path: Path) -> tuple[RuleViolation, ...]:
    """The rules that pins break, from the plan of nothing that the solver then writes."""
    solution = json.loads(gzip.decompress(path.read_bytes()))
    return tuple(
        _violation({"visit": entry["visit"], **reason})
        for entry in solution["unscheduled"]
        for reason in entry["reasons"]
        if "pins" not in reason
    )
