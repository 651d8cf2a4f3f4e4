"""Rows and bodies of programmes for tests: the smallest valid thing of each kind, changed by keyword."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from app.models import (
    BurdenRule,
    ExternalStage,
    ExternalStageKind,
    Inspectee,
    Plan,
    PlannedVisit,
    Programme,
    ProgrammeRule,
    Recognition,
    Region,
    Round,
    RoundSubject,
    ServedProgramme,
    ValidationTarget,
)
from tests.app.builders import added, id_of

Json = dict[str, Any]


def a_phase(**changes: Any) -> Json:
    """Two half-days of three inspectors of the owner office, one of whom leads."""
    phase: Json = {
        "name": "evaluation",
        "title": "综合督导评估",
        "half_days": 2,
        "size": 3,
        "pool": "owner",
        "requires": {"inspector": 3, "lead": 1},
        "weight": 10,
    }
    return phase | changes


def chain_phases(**changes: Any) -> list[Json]:
    """Launch two years before the target, a review one year before it, with cross-banner members."""
    launch = a_phase(name="launch", title="启动专项督导推动", lead_years=2, pool="city", half_days=4, size=4)
    review = a_phase(
        name="review",
        title="市级复核",
        lead_years=1,
        pool="cross",
        half_days=6,
        size=4,
        city_members=2,
        excludes_own_banner=True,
    )
    return [launch | changes, review | changes]


def programme_body(**changes: Any) -> Json:
    """The body that makes the round's programme over primary schools."""
    body: Json = {
        "code": "round",
        "name": "综合督导评估",
        "rule": "round",
        "legal_basis": "《教育督导条例》第十四条",
        "in_force_from": "2022-06-28",
        "covers": ["primary"],
        "phases": [a_phase()],
    }
    return body | changes


def a_programme(session: Session, **changes: Any) -> Programme:
    """The round's programme over primary schools, in force from 2022-06-28."""
    fields: Json = {
        "code": "round",
        "name": "综合督导评估",
        "rule": ProgrammeRule.ROUND,
        "legal_basis": "《教育督导条例》第十四条",
        "in_force_from": date(2022, 6, 28),
        "covers": ["primary"],
        "max_interval_years": 5,
        "phases": [a_phase()],
    }
    return added(session, Programme(**fields | changes))


def a_government_programme(session: Session, **changes: Any) -> Programme:
    """Three of the city's people, one of chief rank, none of the banner, at each government."""
    phase = a_phase(
        title="履行教育职责评价",
        pool="city",
        requires={"inspector": 3, "lead": 1, "chief": 1},
        excludes_own_banner=True,
        weight=100,
    )
    fields: Json = {
        "code": "government",
        "name": "对旗县区人民政府履行教育职责评价",
        "rule": ProgrammeRule.GOVERNMENT,
        "covers": ["government"],
        "phases": [phase],
    }
    return a_programme(session, **fields | changes)


def a_chain_programme(session: Session, **changes: Any) -> Programme:
    """The chain of 优质均衡, launch and review."""
    fields: Json = {
        "code": "compulsory_quality",
        "name": "义务教育优质均衡发展督导",
        "rule": ProgrammeRule.CHAIN,
        "covers": ["primary"],
        "comprehensive": False,
        "max_interval_years": None,
        "phases": chain_phases(),
    }
    return a_programme(session, **fields | changes)


def a_round(session: Session, **changes: Any) -> Round:
    """The round over schools, 2023 to 2025."""
    fields: Json = {
        "name": "2023—2025 年督导轮次",
        "subject": RoundSubject.SCHOOLS,
        "first_on": date(2023, 1, 1),
        "last_on": date(2025, 12, 31),
    }
    return added(session, Round(**fields | changes))


def a_target(session: Session, banner: Region, **changes: Any) -> ValidationTarget:
    """A banner is to pass 优质均衡 in 2024."""
    fields: Json = {"region_id": banner.id, "recognition": Recognition.COMPULSORY_QUALITY, "target_year": 2024}
    return added(session, ValidationTarget(**fields | changes))


def a_stage(session: Session, target: ValidationTarget, **changes: Any) -> ExternalStage:
    """The region evaluates the banner from 2024-03-04 to 2024-03-08."""
    fields: Json = {
        "target_id": target.id,
        "kind": ExternalStageKind.REGIONAL_EVALUATION,
        "first_on": date(2024, 3, 4),
        "last_on": date(2024, 3, 8),
    }
    return added(session, ExternalStage(**fields | changes))


def a_burden_rule(session: Session, **changes: Any) -> BurdenRule:
    """One comprehensive inspection a year, a local setting from 2022 on."""
    fields: Json = {"comprehensive_per_year": 1, "first_on": date(2022, 1, 1), "law": False, "basis": "本地设置"}
    return added(session, BurdenRule(**fields | changes))


def a_plan(session: Session, region: Region, office_ids: list[int], **changes: Any) -> Plan:
    """A plan of some offices from 2022-09-01 to 2025-12-31, asked on its first day."""
    fields: Json = {
        "name": "测试日程",
        "region_id": region.id,
        "first_day": date(2022, 9, 1),
        "last_day": date(2025, 12, 31),
        "seconds": 10,
        "working_on": date(2022, 9, 1),
        "office_ids": office_ids,
        "created_at": datetime(2022, 9, 1, tzinfo=UTC),
    }
    return added(session, Plan(**fields | changes))


def a_planned_visit(session: Session, plan: Plan, unit: Inspectee, programme: str, **changes: Any) -> PlannedVisit:
    """A visit of the round that a plan was asked for, in all of 2023."""
    fields: Json = {
        "plan_id": plan.id,
        "key": f"round-1-{unit.id}",
        "inspectee_id": unit.id,
        "office_id": unit.owner_office_id,
        "half_days": 2,
        "earliest": date(2023, 1, 1),
        "latest": date(2023, 12, 31),
    }
    phase = changes.pop("phase", "evaluation")
    visit = added(session, PlannedVisit(**fields | changes))
    added(session, ServedProgramme(visit_id=id_of(visit), programme_code=programme, phase=phase))
    return visit
