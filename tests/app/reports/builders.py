"""Rows of costs and aims for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from app.models import ActualCost, Aim, AimSubject, CostKind, CostRate, Office, Region
from tests.app.builders import added, id_of


def a_rate(session: Session, kind: CostKind, fen: int, **changes: Any) -> CostRate:
    """A rate from 2022 on."""
    fields: dict[str, Any] = {"kind": kind, "fen": fen, "first_on": date(2022, 1, 1)}
    return added(session, CostRate(**fields | changes))


def a_cost(session: Session, office: Office, region: Region, fen: int, **changes: Any) -> ActualCost:
    """Travel for the round in 2022."""
    fields: dict[str, Any] = {
        "office_id": id_of(office),
        "programme_code": "round",
        "region_id": id_of(region),
        "spent_on": date(2022, 11, 1),
        "kind": CostKind.TRAVEL,
        "fen": fen,
        "voucher": "记账凭证 12",
    }
    return added(session, ActualCost(**fields | changes))


def an_aim(session: Session, subject: AimSubject, **changes: Any) -> Aim:
    """All of the subject by the end of 2025."""
    fields: dict[str, Any] = {
        "code": subject.value,
        "title": "目标",
        "subject": subject,
        "percent": 100,
        "due_on": date(2025, 12, 31),
        "source": "规划第二章第三节",
    }
    return added(session, Aim(**fields | changes))
