"""What may be done with cost rates and actual costs, and its rules (督导经费单独预算、单独列支)."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require, require_change
from app.core.errors import Conflict, Refused
from app.core.fields import require_order
from app.core.rows import referred
from app.models import ActualCost, CostKind, CostRate, Office, Region
from app.reports import queries
from app.reports.schemas import CostCreate, CostPatch, RateCreate, RatePatch
from app.reports.words import COST_KINDS


def create_rate(ledger: Ledger, wanted: RateCreate) -> CostRate:
    """Say what one costs from a day on."""
    require(ledger.asker, Noun.COST_RATE, Act.CHANGE)
    if wanted.kind is CostKind.OTHER:
        raise Refused("kind_without_rate", "“其他”支出没有费用标准，只登记实际支出。", {"kind": wanted.kind.value})
    _require_free_days(ledger.session, wanted.kind, wanted.first_on, wanted.last_on, None)
    return ledger.add(CostRate(**wanted.model_dump()))


def change_rate(ledger: Ledger, rate_id: int, patch: RatePatch) -> CostRate:
    """Change a rate."""
    rate = queries.get_rate(ledger.session, ledger.asker, rate_id)
    require(ledger.asker, Noun.COST_RATE, Act.CHANGE)
    changes = patch.changes()
    first_on, last_on = changes.get("first_on", rate.first_on), changes.get("last_on", rate.last_on)
    _require_free_days(ledger.session, rate.kind, first_on, last_on, rate.id)
    return ledger.change(rate, changes)


def remove_rate(ledger: Ledger, rate_id: int) -> None:
    """Delete a rate that was entered in error."""
    rate = queries.get_rate(ledger.session, ledger.asker, rate_id)
    require(ledger.asker, Noun.COST_RATE, Act.CHANGE)
    ledger.remove(rate, "费用标准")


def _require_free_days(
    session: Session, kind: CostKind, first_on: date, last_on: date | None, besides: int | None
) -> None:
    require_order(first_on, last_on)
    present = queries.overlapping_rate(session, kind, first_on, last_on, besides)
    if present is not None:
        raise Conflict(
            "cost_rates_overlap",
            f"{COST_KINDS[kind]}自 {present.first_on} 至 {present.last_on or '另行通知'} 已有费用标准，日期不能重叠。"
            "请先更改那一条的结束日期。",
            {"rate_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )


def record_cost(ledger: Ledger, wanted: CostCreate) -> ActualCost:
    """Record what an office spent."""
    office = referred(ledger.session, Office, wanted.office_id, "office_id", "督导机构")
    require_change(ledger.asker, Noun.COST, office_id=office.id)
    _require_known(ledger.session, wanted.programme_code, wanted.region_id)
    return ledger.add(ActualCost(**wanted.model_dump()))


def change_cost(ledger: Ledger, cost_id: int, patch: CostPatch) -> ActualCost:
    """Change what was recorded."""
    cost = _changeable(ledger, cost_id)
    changes = patch.changes()
    _require_known(
        ledger.session, changes.get("programme_code", cost.programme_code), changes.get("region_id", cost.region_id)
    )
    return ledger.change(cost, changes)


def remove_cost(ledger: Ledger, cost_id: int) -> None:
    """Delete what was recorded in error; its last state stays in the audit."""
    ledger.remove(_changeable(ledger, cost_id), "支出记录")


def _changeable(ledger: Ledger, cost_id: int) -> ActualCost:
    cost = queries.get_cost(ledger.session, ledger.asker, cost_id)
    require_change(ledger.asker, Noun.COST, office_id=cost.office_id)
    return cost


def _require_known(session: Session, programme_code: str, region_id: int) -> None:
    referred(session, Region, region_id, "region_id", "行政区划")
    if not queries.programme_exists(session, programme_code):
        raise Refused(
            "unknown_reference",
            f"没有代码为“{programme_code}”的督导项目。请核对“督导项目代码”（programme_code）。",
            {"field": "programme_code", "code": programme_code},
        )
