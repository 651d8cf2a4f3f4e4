"""The queue of plans in the database: a plan is taken, held under a lease and an attempt, and given back.

A transaction that writes for a plan first locks its row and compares both (``held_plan``): whoever has lost the plan
is refused there, however late it comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.core.clock import Clock
from app.core.db import reading, writing
from app.models import Lease, Plan, PlanState

log = structlog.get_logger(__name__)

UNFINISHED = (PlanState.QUEUED, PlanState.SOLVING)
"""The states in which a plan is to be worked on."""


class LostError(Exception):
    """The plan is another worker's by now, or has ended: nothing may be written."""


@dataclass(frozen=True, slots=True)
class Held:
    """A plan that this process works on: under which lease, and the how manieth attempt it is."""

    plan_id: int
    executor: str
    attempt: int

    def condition(self) -> sa.ColumnElement[bool]:
        """That the plan is still held so."""
        return sa.and_(
            col(Plan.id) == self.plan_id,
            col(Plan.executor) == self.executor,
            col(Plan.attempts) == self.attempt,
            col(Plan.state) == PlanState.SOLVING,
        )


def take(engine: sa.Engine, clock: Clock, executor: str, at_work: Collection[int]) -> Held | None:
    """Take the oldest plan that nobody works on; ``at_work`` are those that this process works on.

    It is free when it was never taken or given back, when its worker's lease has ended, or when this process has it
    without working on it.
    """
    with reading(engine) as session:
        if session.exec(_free(executor, at_work).limit(1)).first() is None:
            return None
    with writing(engine) as session:
        plan = session.exec(
            _free(executor, at_work).order_by(col(Plan.id)).limit(1).with_for_update(skip_locked=True)
        ).first()
        if plan is None or not _is_living(session, executor):
            return None
        if plan.executor is not None and plan.executor != executor:
            if _is_living(session, plan.executor):  # it was taken between the look and the lock
                return None
            log.warning("plan_taken_over", plan=plan.id, from_executor=plan.executor)
        plan.executor = executor
        plan.attempts += 1
        plan.state = PlanState.SOLVING
        plan.started_at = plan.started_at or clock.now()
        session.add(plan)
        return Held(plan.id or 0, executor, plan.attempts)


def _free(executor: str, at_work: Collection[int]) -> SelectOfScalar[Plan]:
    owner = col(Plan.executor)
    is_free = sa.or_(owner.is_(None), owner.not_in(sa.select(col(Lease.executor))), owner == executor)
    return select(Plan).where(col(Plan.state).in_(UNFINISHED), is_free, col(Plan.id).not_in(at_work))


def _is_living(session: Session, executor: str) -> bool:
    return session.get(Lease, executor) is not None


def give_back(engine: sa.Engine, held: Held) -> None:
    """Let any worker go on with a plan."""
    with writing(engine) as session:
        session.execute(sa.update(Plan).where(held.condition()).values(executor=None))


@contextmanager
def held_plan(engine: sa.Engine, held: Held) -> Iterator[tuple[Session, Plan]]:
    """A transaction in which nobody else can take the plan. Raises ``LostError`` when somebody has."""
    with writing(engine) as session:
        plan = session.exec(select(Plan).where(held.condition()).with_for_update()).first()
        if plan is None:
            raise LostError(held)
        yield session, plan


def read_held(session: Session, held: Held) -> Plan:
    """The plan for reading. Raises ``LostError`` when another worker has it."""
    plan = session.exec(select(Plan).where(held.condition())).first()
    if plan is None:
        raise LostError(held)
    return plan
