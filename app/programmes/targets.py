"""What may be done with validation targets, external stages and burden rules, and its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require, require_change
from app.accounts.settings import load_rules
from app.core.errors import Conflict, Refused
from app.core.fields import End, require_order
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of, referred, unknown_reference
from app.models import (
    BurdenRule,
    ExternalStage,
    Inspectee,
    Programme,
    Region,
    RegionLevel,
    TargetStatus,
    ValidationTarget,
)
from app.programmes import queries
from app.programmes.schemas import (
    BurdenCreate,
    BurdenPatch,
    ChainStepOut,
    PhaseName,
    StageCreate,
    StageOut,
    StagePatch,
    TargetCreate,
    TargetOut,
    TargetPatch,
    TargetQuery,
    phases_of,
)
from app.programmes.words import RECOGNITIONS, TARGET_STATUSES
from app.regions.queries import region_names


def list_targets(session: Session, user: Actor, query: TargetQuery) -> Page[TargetOut]:
    """A page of targets with stages and chains; the number of queries does not depend on how many there are."""
    require(user, Noun.TARGET, Act.READ)
    rows, total = fetch_page(session, queries.listed_targets(user, query), query)
    return page_of(describe_targets(session, rows), total, query)


def describe_targets(session: Session, rows: Sequence[ValidationTarget]) -> list[TargetOut]:
    """Targets with the stages dated from outside and the chain that their year asks for."""
    stages = queries.stages_of(session, [id_of(row) for row in rows])
    names = region_names(session, (row.region_id for row in rows))
    programmes = queries.chain_programmes(session)
    rules = load_rules(session)
    return [
        TargetOut.model_validate(
            {
                **row.model_dump(),
                "region": names[row.region_id],
                "stages": [StageOut.model_validate(stage) for stage in stages.get(id_of(row), [])],
                "application_on": rules.application_on(row.target_year),
                "chain": _chain(programmes, row),
            }
        )
        for row in rows
    ]


def _chain(programmes: Mapping[str, Sequence[Programme]], target: ValidationTarget) -> list[ChainStepOut]:
    """Launch and review in the calendar years that lie their lead years before the target year."""
    steps: list[ChainStepOut] = []
    for programme in programmes.get(target.recognition.value, ())[-1:]:
        for phase in phases_of(programme.phases):
            if phase.name is not PhaseName.PROGRESS:
                year = target.target_year - phase.lead_years
                steps.append(
                    ChainStepOut(
                        phase=phase.name, title=phase.title, first_on=date(year, 1, 1), last_on=date(year, 12, 31)
                    )
                )
    return steps


def create_target(ledger: Ledger, wanted: TargetCreate) -> ValidationTarget:
    """Set the year in which a banner is to be validated."""
    region = referred(ledger.session, Region, wanted.region_id, "region_id", "行政区划")
    require_change(ledger.asker, Noun.TARGET, region_id=region.id)
    if region.level is not RegionLevel.BANNER:
        raise Refused("target_level", f"“{region.name}”不是旗县区；验收目标以旗县区为单位。", {"region_id": region.id})
    target = ValidationTarget(**wanted.model_dump())
    _require_new(ledger.session, target, wanted.target_year)
    return ledger.add(target)


def change_target(ledger: Ledger, target_id: int, patch: TargetPatch) -> ValidationTarget:
    """Change a target; the chain follows its year, and stays in the audit with the year before."""
    target = _changeable_target(ledger, target_id)
    changes = patch.changes()
    if "target_year" in changes:
        _require_new(ledger.session, target, changes["target_year"])
    return ledger.change(target, changes)


def end_target(ledger: Ledger, target_id: int, end: End) -> ValidationTarget:
    """Withdraw a target; nothing more is asked for it."""
    target = _changeable_target(ledger, target_id)
    if target.status is not TargetStatus.PLANNED:
        raise Conflict(
            "already_ended", f"该验收目标{TARGET_STATUSES[target.status]}，不能撤回。", {"status": target.status.value}
        )
    reason = f"{end.on}：{end.reason}"
    return ledger.change(target, {"status": TargetStatus.WITHDRAWN}, action="end", reason=reason)


def _changeable_target(ledger: Ledger, target_id: int) -> ValidationTarget:
    target = queries.get_target(ledger.session, ledger.asker, target_id)
    require_change(ledger.asker, Noun.TARGET, region_id=target.region_id)
    return target


def _require_new(session: Session, target: ValidationTarget, year: int) -> None:
    present = queries.same_target(session, target.region_id, target.recognition, year, target.id)
    if present is not None:
        raise Conflict(
            "target_exists",
            f"该旗县区已有 {year} 年{RECOGNITIONS[target.recognition]}的验收目标。请更改现有目标。",
            {"target_id": present.id, "target_year": year},
        )


def add_stage(ledger: Ledger, target_id: int, wanted: StageCreate) -> ExternalStage:
    """Enter the dates of a stage that the region or the nation has set."""
    target = _changeable_target(ledger, target_id)
    require_order(wanted.first_on, wanted.last_on)
    _require_sampled(ledger.session, target, wanted.sampled_inspectee_ids)
    return ledger.add(ExternalStage(target_id=target_id, **wanted.model_dump()))


def change_stage(ledger: Ledger, target_id: int, stage_id: int, patch: StagePatch) -> ExternalStage:
    """Change the dates or the sample of an external stage."""
    stage = queries.get_stage(ledger.session, ledger.asker, target_id, stage_id)
    target = _changeable_target(ledger, target_id)
    changes = patch.changes()
    require_order(changes.get("first_on", stage.first_on), changes.get("last_on", stage.last_on))
    _require_sampled(ledger.session, target, changes.get("sampled_inspectee_ids", []))
    return ledger.change(stage, changes)


def remove_stage(ledger: Ledger, target_id: int, stage_id: int) -> None:
    """Delete an external stage that was entered in error or called off."""
    stage = queries.get_stage(ledger.session, ledger.asker, target_id, stage_id)
    _changeable_target(ledger, target_id)
    ledger.remove(stage, "外部环节")


def _require_sampled(session: Session, target: ValidationTarget, inspectee_ids: Sequence[int]) -> None:
    """Sampled schools exist and lie in the target's banner."""
    for inspectee_id in inspectee_ids:
        inspectee = session.get(Inspectee, inspectee_id)
        if inspectee is None:
            raise unknown_reference("sampled_inspectee_ids", "被督导单位", inspectee_id)
        if inspectee.region_id != target.region_id:
            raise Refused(
                "sample_elsewhere",
                f"“{inspectee.name}”不在该验收目标的旗县区内，不能列为抽样学校。",
                {"inspectee_id": inspectee_id, "region_id": inspectee.region_id},
            )


def create_burden(ledger: Ledger, wanted: BurdenCreate) -> BurdenRule:
    """Add a burden rule."""
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    _require_free_burden(ledger.session, wanted.first_on, wanted.last_on, None)
    return ledger.add(BurdenRule(**wanted.model_dump()))


def change_burden(ledger: Ledger, rule_id: int, patch: BurdenPatch) -> BurdenRule:
    """Change a burden rule."""
    rule = queries.get_burden(ledger.session, ledger.asker, rule_id)
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    changes = patch.changes()
    first_on, last_on = changes.get("first_on", rule.first_on), changes.get("last_on", rule.last_on)
    _require_free_burden(ledger.session, first_on, last_on, rule.id)
    return ledger.change(rule, changes)


def end_burden(ledger: Ledger, rule_id: int, end: End) -> BurdenRule:
    """Let a burden rule be in force no longer than a day."""
    rule = queries.get_burden(ledger.session, ledger.asker, rule_id)
    require(ledger.asker, Noun.PROGRAMME, Act.CHANGE)
    if rule.last_on is not None and rule.last_on <= end.on:
        raise Conflict("already_ended", f"该减负规定已于 {rule.last_on} 失效。", {"last_on": rule.last_on})
    require_order(rule.first_on, end.on)
    return ledger.change(rule, {"last_on": end.on}, action="end", reason=end.reason)


def _require_free_burden(session: Session, first_on: date, last_on: date | None, besides: int | None) -> None:
    require_order(first_on, last_on)
    present = queries.overlapping_burden(session, first_on, last_on, besides)
    if present is not None:
        raise Conflict(
            "burden_rules_overlap",
            f"自 {present.first_on} 起已有减负规定“{present.basis}”，日期不能重叠。请先更改那一条的结束日期。",
            {"rule_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )
