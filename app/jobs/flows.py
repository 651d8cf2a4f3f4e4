"""The flow of a plan: what the rules ask, the solver's answer, the check, the rows.

Each part may run again after a kill. Between the parts nothing is kept in memory: rows and the files of the work
folder carry the plan from one to the next.
"""

from __future__ import annotations

import gzip
import json
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import Session, col, select

from app.core.clock import Clock
from app.core.config import Settings
from app.core.db import reading, writing
from app.core.errors import AppError
from app.jobs.engine import Interrupted, places_for, step
from app.jobs.solve_process import (
    ChildEnd,
    ExitStatus,
    FaultyFileError,
    SolveOrder,
    SolveProgress,
    StopReason,
    check,
    solve,
)
from app.models import DocumentKind, Plan, PlanDocument, PlanState
from app.planning.documents import problem_document, unpacked
from app.planning.from_plan import led
from app.planning.to_problem import to_problem
from app.planning.violations import RuleViolation as Fault
from app.plans import store
from app.plans.figures import figures_of
from app.plans.violations import describe

log = structlog.get_logger(__name__)

READY, SOLVED, ENDED = "ready", "solved", "ended"
"""What a part answers: go on with the next one, or the plan has ended."""

UNFINISHED = (PlanState.QUEUED, PlanState.SOLVING)
"""The states in which a part may still write; a part that is run again after a kill finds that it has ended."""

PROGRESS_SECONDS = 1.0
LEAST_SECONDS = 1.0
MOST_FAULTS = 200
UNFORESEEN = "规划过程中出现内部错误，未得到结果。请重新提交；如再次出现，请将排程编号告知管理员（详情见服务日志）。"


class PlanningFailed(Exception):  # noqa: N818 - it is the plan that failed
    """A part cannot give what it should: words for the user, and the rules that were broken."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message, faults)
        self.message = message
        self.faults = faults


@dataclass(frozen=True, slots=True)
class WorkFiles:
    """The files of a plan's children, in a folder of its own."""

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
        """What the next run begins from."""
        return self.folder / "start.json.gz"

    def take_start(self) -> Path | None:
        """The newest plan that an interrupted run left, put aside to begin from; none if it left none."""
        left = [path for path in (self.checkpoint, self.plan) if path.exists()]
        if not left:
            return None
        shutil.copyfile(max(left, key=lambda path: path.stat().st_mtime_ns), self.start)
        return self.start


class Planner:
    """Works on plans, in the database and the work folder of the settings, until ``stopping`` is set."""

    def __init__(self, engine: sa.Engine, settings: Settings, clock: Clock, stopping: threading.Event) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._stopping = stopping
        self._work = places_for(settings).work

    def waiting(self) -> Mapping[str, int]:
        """The plans that wait or are worked on; the engine knows the latter already, unless its database was lost.

        The keys tell apart plans of databases that were made anew under the same name.
        """
        with reading(self._engine) as session:
            rows = session.execute(sa.select(col(Plan.id), col(Plan.created_at)).where(col(Plan.state).in_(UNFINISHED)))
            return {_key(number, created_at): number for number, created_at in rows if number is not None}

    def run(self, plan_id: int) -> str:
        """The whole flow; however it goes, the plan ends in one of its final states."""
        try:
            if step("prepare", self.prepare, plan_id) == ENDED:
                return ENDED
            if step("solve", self.solve, plan_id) == ENDED:
                return ENDED
            return step("store", self.store, plan_id)
        except PlanningFailed as failure:
            message, faults = failure.message, failure.faults
        except Exception:  # whatever it is, nobody waits for ever for a plan that nobody works on
            log.exception("plan_failed", plan=plan_id)
            message, faults = UNFORESEEN, ()
        return step("fail", lambda number: self._end(number, PlanState.FAILED, message, faults), plan_id)

    # the first part

    def prepare(self, plan_id: int) -> str:
        """Expand the rules into the problem, and write both down."""
        with writing(self._engine) as session:
            plan = store.locked_plan(session, plan_id)
            if plan is None or plan.state not in UNFINISHED:
                return ENDED
            plan.state = PlanState.SOLVING
            plan.started_at = plan.started_at or self._clock.now()
            plan.phase = "expand"
        with reading(self._engine) as session:
            try:
                asked = to_problem(session, session.get_one(Plan, plan_id))
            except AppError as error:
                raise PlanningFailed(error.message) from error
        with writing(self._engine) as session:
            plan = session.get_one(Plan, plan_id)
            if plan.cancel_requested_at is not None:
                return self._end_in(session, plan, PlanState.CANCELLED)
            store.write_asked(session, plan, problem_document(asked), asked.visits, asked.unplanned)
            plan.visits = len(asked.visits)
        log.info("plan_prepared", plan=plan_id, visits=len(asked.visits))
        return READY

    # the second part

    def solve(self, plan_id: int) -> str:
        """Run the solver in a child; take up what an interrupted run left, with the seconds that it left."""
        with writing(self._engine) as session:
            plan = store.locked_plan(session, plan_id)
            if plan is None or plan.state not in UNFINISHED:
                return ENDED
            problem = session.get_one(PlanDocument, (plan_id, DocumentKind.PROBLEM)).content
            files = self._files(plan)
            start = files.take_start()
            used = plan.elapsed_seconds if start is not None else 0.0
            order = SolveOrder(
                problem=files.problem,
                plan=files.plan,
                checkpoint=files.checkpoint,
                seconds=max(plan.seconds - used, LEAST_SECONDS),
                workers=self._settings.solver_workers,
                least_change=plan.based_on_id is not None,
                start=start,
            )
            plan.attempts += 1
        files.folder.mkdir(parents=True, exist_ok=True)
        files.problem.write_bytes(problem)
        log.info("plan_solving", plan=plan_id, seconds=order.seconds, resumed=start is not None)
        reporter = _Reporter(self._engine, plan_id, used)
        end = solve(order, on_progress=reporter.hear, why_stop=lambda: self._why_stop(plan_id))
        reporter.write()
        return self._after_solving(plan_id, files, end)

    def _why_stop(self, plan_id: int) -> StopReason | None:
        if self._stopping.is_set():
            return StopReason.SHUTDOWN
        with reading(self._engine) as session:
            asked = session.exec(select(Plan.cancel_requested_at).where(Plan.id == plan_id)).first()
        return StopReason.CANCELLED if asked is not None else None

    def _after_solving(self, plan_id: int, files: WorkFiles, end: ChildEnd) -> str:
        if end.stopped is StopReason.SHUTDOWN:
            raise Interrupted
        if end.stopped is StopReason.CANCELLED:
            return self._end(plan_id, PlanState.CANCELLED)
        if end.status == ExitStatus.INFEASIBLE:
            faults = _faults_of_pins(files.plan)
            message = f"已固定的安排之间相互矛盾，违反 {len(faults)} 处规则，无法排程。请调整固定的安排后重新提交。"
            return self._end(plan_id, PlanState.INFEASIBLE, message, faults)
        if end.status != ExitStatus.DONE:
            log.error("solver_ended_badly", plan=plan_id, status=end.status, messages=end.messages)
            raise PlanningFailed(f"求解程序异常结束（状态 {end.status}），未得到结果。请重新提交，或联系管理员。")
        return SOLVED

    # the third part

    def store(self, plan_id: int) -> str:
        """Check the answer apart from the solver, then write it; an answer that breaks a rule is not stored."""
        with reading(self._engine) as session:
            plan = session.get(Plan, plan_id)
            if plan is None or plan.state not in UNFINISHED:
                return ENDED  # killed after it was written: what an office has done with it since stays
            files = self._files(plan)
        try:
            verdict = check(files.problem, files.plan)
        except FaultyFileError as error:
            log.error("answer_is_no_plan", plan=plan_id, messages=error.args)
            raise PlanningFailed("求解结果不是有效的排程，未予保存。请重新提交，或联系管理员。") from error
        if verdict.violations:
            raise PlanningFailed(
                f"求解结果违反 {len(verdict.violations)} 处规则，未予保存。请重新提交，或联系管理员。",
                tuple(_fault(each) for each in verdict.violations),
            )
        solution = led(unpacked(files.problem.read_bytes()), unpacked(files.plan.read_bytes()))
        solution["score"] = verdict.score
        with writing(self._engine) as session:
            plan = store.locked_plan(session, plan_id)
            if plan is None or plan.state not in UNFINISHED:
                return ENDED
            if plan.cancel_requested_at is not None:
                return self._end_in(session, plan, PlanState.CANCELLED)
            store.write_answer(session, plan, solution)
            self._write_result(session, plan, solution)
        shutil.rmtree(files.folder, ignore_errors=True)
        log.info("plan_solved", plan=plan_id, total=verdict.score["total"])
        return SOLVED

    def _write_result(self, session: Session, plan: Plan, solution: Mapping[str, Any]) -> None:
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
        plan.phase = "done"
        plan.finished_at = self._clock.now()
        session.add(plan)

    # ends without an answer

    def _end(self, plan_id: int, state: PlanState, message: str = "", faults: tuple[Fault, ...] = ()) -> str:
        with writing(self._engine) as session:
            plan = store.locked_plan(session, plan_id)
            if plan is None or plan.state not in UNFINISHED:
                return ENDED
            return self._end_in(session, plan, state, message, faults)

    def _end_in(
        self, session: Session, plan: Plan, state: PlanState, message: str = "", faults: tuple[Fault, ...] = ()
    ) -> str:
        plan.faults = describe(session, plan.id or 0, faults[:MOST_FAULTS], {})
        store.end(session, plan, state, self._clock.now(), message)
        shutil.rmtree(self._files(plan).folder, ignore_errors=True)
        log.info("plan_ended", plan=plan.id, state=state.value)
        return ENDED

    def _files(self, plan: Plan) -> WorkFiles:
        return WorkFiles(self._work / _key(plan.id or 0, plan.created_at))


def _key(plan_id: int, created_at: Any) -> str:
    return f"{plan_id}-{created_at:%Y%m%dT%H%M%S%f}"


def _fault(violation: Mapping[str, Any]) -> Fault:
    """A violation of the checker's report, whose details stand beside code and visit."""
    details = {name: value for name, value in violation.items() if name not in ("code", "visit")}
    return Fault(str(violation["code"]), str(violation["visit"]), details)


def _faults_of_pins(path: Path) -> tuple[Fault, ...]:
    """The rules that pins break, from the plan of nothing that the solver then writes."""
    solution = json.loads(gzip.decompress(path.read_bytes()))
    return tuple(
        _fault({"visit": entry["visit"], **reason})
        for entry in solution["unscheduled"]
        for reason in entry["reasons"]
        if "pins" not in reason
    )


class _Reporter:
    """Writes the progress to the plan's row, at most once a second; the seconds of earlier runs come on top."""

    def __init__(self, engine: sa.Engine, plan_id: int, used_seconds: float) -> None:
        self._engine = engine
        self._plan_id = plan_id
        self._used_seconds = used_seconds
        self._written_at = 0.0
        self._latest: SolveProgress | None = None

    def hear(self, progress: SolveProgress) -> None:
        """Keep the latest; write it when the last writing is a second ago."""
        self._latest = progress
        if time.monotonic() - self._written_at >= PROGRESS_SECONDS:
            self.write()

    def write(self) -> None:
        """Write the latest."""
        progress = self._latest
        if progress is None:
            return
        self._latest = None
        self._written_at = time.monotonic()
        with writing(self._engine) as session:
            session.execute(
                sa.update(Plan)
                .where(col(Plan.id) == self._plan_id)
                .values(
                    phase=progress.phase,
                    elapsed_seconds=self._used_seconds + progress.elapsed_seconds,
                    scheduled=progress.scheduled,
                    visits=progress.visits,
                    total=progress.total,
                    bound=progress.bound,
                )
            )
