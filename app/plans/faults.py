"""Broken rules for people: who, where, when, and which other office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models import Assignment, Inspectee, Inspector, Office, PlannedVisit
from app.planning.publication import Fault

RULE_WORDS = {
    "once": "督导事项未安排或重复安排",
    "slots": "不在工作日或半天不连续",
    "window": "超出了应督导的时段",
    "closed": "该单位当天不能接受督导",
    "team_size": "督导组人数不对",
    "team_pool": "组员不属于可用人员",
    "team_requires": "督导组缺少必需的专长或组长",
    "excluded": "组员应当回避",
    "available": "组员当天不在岗",
    "double_booked": "组员同一时间已有另一次督导",
    "transfer": "组员上下午两处之间车程过长",
    "month_cap": "组员当月半天数超过上限",
    "year_cap": "组员当年半天数超过上限",
    "inspectee_overlap": "该单位同一时间已有另一次督导",
    "inspectee_gap": "与该单位另一次督导相隔太近",
    "burden": "该单位当期督导次数超过上限",
    "resource": "车辆或接待组不够",
    "precedence": "前一阶段未安排，或间隔不合要求",
    "pinned": "已固定的安排未能保留",
}
"""What each hard rule says when it is broken."""


def describe(
    session: Session, plan_id: int, faults: Sequence[Fault], offices: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Each fault with its words; ``offices`` names the office of each visit outside the plan. Three queries."""
    units, days = _visits(session, plan_id, {fault.visit for fault in faults})
    people = _names(session, Inspector, {number for fault in faults if (number := _inspector(fault)) is not None})
    office_names = _names(session, Office, set(offices.values()))
    return [_described(fault, units, days, people, office_names, offices) for fault in faults]


def _described(
    fault: Fault,
    units: Mapping[str, str],
    days: Mapping[str, date],
    people: Mapping[int, str],
    office_names: Mapping[int, str],
    offices: Mapping[str, int],
) -> dict[str, Any]:
    unit = units.get(fault.visit, fault.visit)
    day = fault.details.get("day") or (days[fault.visit].isoformat() if fault.visit in days else None)
    number = _inspector(fault)
    person = people.get(number) if number is not None else None
    other = fault.details.get("other")
    other_office = office_names.get(offices[other]) if isinstance(other, str) and other in offices else None
    where = "，".join(str(part) for part in (unit, day, person) if part)
    around = f"（{other_office}的现行安排）" if other_office else ""
    return {
        "code": fault.code,
        "message": f"{where}：{RULE_WORDS.get(fault.code, fault.code)}{around}。",
        "visit": fault.visit,
        "inspectee": unit,
        "day": day,
        "inspector": person,
        "other_visit": other,
        "other_office": other_office,
        "details": dict(fault.details),
    }


def _inspector(fault: Fault) -> int | None:
    """The inspector that a fault names by the solver's id."""
    name = str(fault.details.get("inspector", ""))
    return int(name[1:]) if name.startswith("i") and name[1:].isdecimal() else None


def _visits(session: Session, plan_id: int, keys: set[str]) -> tuple[dict[str, str], dict[str, date]]:
    rows = session.execute(
        sa.select(col(PlannedVisit.key), col(Inspectee.name), col(Assignment.first_on))
        .join(Inspectee, col(Inspectee.id) == col(PlannedVisit.inspectee_id))
        .join(Assignment, col(Assignment.visit_id) == col(PlannedVisit.id), isouter=True)
        .where(col(PlannedVisit.plan_id) == plan_id, col(PlannedVisit.key).in_(keys))
    ).all()
    return {key: unit for key, unit, _ in rows}, {key: day for key, _, day in rows if day is not None}


def _names(session: Session, kind: type[Inspector] | type[Office], ids: set[int]) -> dict[int, str]:
    rows = session.execute(sa.select(col(kind.id), col(kind.name)).where(col(kind.id).in_(ids)))
    return {number: name for number, name in rows.tuples() if number is not None}
