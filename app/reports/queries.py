"""Every select of cost rates and actual costs, and the names that reports show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.assignments.in_force import is_in_force
from app.assignments.visibility import may_know_assignment
from app.core.errors import NotFound
from app.core.rows import id_of
from app.models import ActualCost, Aim, Assignment, CostKind, CostRate, Office, Programme, Region
from app.reports.schemas import BudgetFilter, CostQuery, RateQuery


def visible_rates(user: Actor) -> SelectOfScalar[CostRate]:
    """The rates that the user may see."""
    return select(CostRate).where(condition(user, Noun.COST_RATE, Act.READ))


def listed_rates(user: Actor, query: RateQuery) -> SelectOfScalar[CostRate]:
    """The rates, by kind and first day."""
    statement = visible_rates(user)
    if query.kind is not None:
        statement = statement.where(CostRate.kind == query.kind)
    if query.in_force_on is not None:
        statement = statement.where(_touches(query.in_force_on, query.in_force_on))
    return statement.order_by(col(CostRate.kind), col(CostRate.first_on), col(CostRate.id))


def get_rate(session: Session, user: Actor, rate_id: int) -> CostRate:
    """One rate among those that the user may see."""
    found = session.exec(visible_rates(user).where(CostRate.id == rate_id)).first()
    if found is None:
        raise NotFound("cost_rate_not_found", f"没有编号为 {rate_id} 的费用标准。请核对编号。", {"id": rate_id})
    return found


def overlapping_rate(
    session: Session, kind: CostKind, first: date, last: date | None, besides: int | None
) -> CostRate | None:
    """A rate of the kind in force on one of these days."""
    statement = select(CostRate).where(CostRate.kind == kind, _touches(first, last))
    if besides is not None:
        statement = statement.where(CostRate.id != besides)
    return session.exec(statement).first()


def _touches(first: date, last: date | None) -> sa.ColumnElement[bool]:
    ends = col(CostRate.last_on)
    begun = sa.true() if last is None else col(CostRate.first_on) <= last
    return sa.and_(sa.or_(ends.is_(None), ends >= first), begun)


def visible_costs(user: Actor) -> SelectOfScalar[ActualCost]:
    """The actual costs that the user may see."""
    return select(ActualCost).where(condition(user, Noun.COST, Act.READ, office=col(ActualCost.office_id)))


def listed_costs(user: Actor, query: CostQuery) -> SelectOfScalar[ActualCost]:
    """The actual costs, newest first."""
    statement = visible_costs(user)
    if query.office_id is not None:
        statement = statement.where(ActualCost.office_id == query.office_id)
    if query.region_id is not None:
        statement = statement.where(ActualCost.region_id == query.region_id)
    if query.programme is not None:
        statement = statement.where(ActualCost.programme_code == query.programme)
    if query.year is not None:
        statement = statement.where(col(ActualCost.spent_on).between(date(query.year, 1, 1), date(query.year, 12, 31)))
    return statement.order_by(col(ActualCost.spent_on).desc(), col(ActualCost.id).desc())


def get_cost(session: Session, user: Actor, cost_id: int) -> ActualCost:
    """One actual cost among those that the user may see."""
    found = session.exec(visible_costs(user).where(ActualCost.id == cost_id)).first()
    if found is None:
        raise NotFound("actual_cost_not_found", f"没有编号为 {cost_id} 的支出记录。请核对编号。", {"id": cost_id})
    return found


def spent(session: Session, user: Actor, wanted: BudgetFilter) -> Sequence[ActualCost]:
    """The actual costs that the report is of: one query."""
    query = CostQuery(
        office_id=wanted.office_id, region_id=wanted.region_id, programme=wanted.programme, year=wanted.year
    )
    return session.exec(listed_costs(user, query)).all()


def offices_of_costs(session: Session, user: Actor) -> set[int]:
    """The offices whose costs the user may see."""
    rows = session.exec(select(Office.id).where(condition(user, Noun.COST, Act.READ, office=col(Office.id)))).all()
    return {number for number in rows if number is not None}


def assignments_of(user: Actor, plan_id: int | None) -> sa.ColumnElement[bool]:
    """The assignments of a plan or, without one, those in force, as far as the user may know of them."""
    which = is_in_force() if plan_id is None else col(Assignment.plan_id) == plan_id
    return sa.and_(which, may_know_assignment(user))


@dataclass(frozen=True, slots=True)
class ReportNames:
    """What lines are called."""

    offices: Mapping[int, str]
    regions: Mapping[int, Region]
    programmes: Mapping[str, str]

    @classmethod
    def of(cls, session: Session) -> ReportNames:
        """All names: three queries."""
        return cls(
            offices={id_of(row): row.name for row in session.exec(select(Office)).all()},
            regions={id_of(row): row for row in session.exec(select(Region)).all()},
            programmes=dict(
                session.exec(select(Programme.code, Programme.name).order_by(col(Programme.version))).all()
            ),
        )

    def programme(self, code: str) -> str:
        """A programme's name."""
        return self.programmes.get(code, code)


def visible_aims(user: Actor) -> SelectOfScalar[Aim]:
    """The aims that the user may see."""
    return select(Aim).where(condition(user, Noun.AIM, Act.READ))


def get_aim(session: Session, user: Actor, aim_id: int) -> Aim:
    """One aim among those that the user may see."""
    found = session.exec(visible_aims(user).where(Aim.id == aim_id)).first()
    if found is None:
        raise NotFound("aim_not_found", f"没有编号为 {aim_id} 的规划目标。请核对编号。", {"id": aim_id})
    return found


def aim_of_code(session: Session, code: str) -> Aim | None:
    """The aim that bears the code."""
    return session.exec(select(Aim).where(Aim.code == code)).first()


def programme_exists(session: Session, code: str) -> bool:
    """Whether there is a programme with the code."""
    return session.exec(select(Programme.id).where(Programme.code == code).limit(1)).first() is not None
