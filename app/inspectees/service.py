"""What may be done with inspected inspectees, and its rules; areas and methods are in ``areas.py``."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Noun, require_change
from app.accounts.settings import load_rules
from app.core.errors import Conflict, Refused
from app.core.fields import End, require_order
from app.core.rows import id_of, referred
from app.inspectees import queries
from app.inspectees.schemas import (
    ClosureCreate,
    ClosureOut,
    ClosurePatch,
    InspecteeCreate,
    InspecteeDetail,
    InspecteeOut,
    InspecteePatch,
    PastInspectionCreate,
    PastInspectionOut,
    PastInspectionPatch,
)
from app.models import Area, Closure, Inspectee, InspecteeKind, Inspector, Office, PastInspection, Region, RegionLevel
from app.regions.queries import owner_office

PARTS = frozenset({InspecteeKind.TEACHING_POINT, InspecteeKind.ATTACHED_CLASS})
"""Kinds that belong to a parent school and are no bodies of their own."""


def create(ledger: Ledger, wanted: InspecteeCreate) -> Inspectee:
    """Add an inspectee to the register."""
    region = referred(ledger.session, Region, wanted.region_id, "region_id", "行政区划")
    if region.level is not RegionLevel.BANNER:
        raise Refused("region_level", f"被督导单位应登记在旗县区，“{region.name}”不是旗县区。请填写所在旗县区。")
    fields = wanted.model_dump()
    fields["owner_office_id"] = wanted.owner_office_id or _owner_by_kind(ledger.session, region, wanted.kind)
    require_change(ledger.asker, Noun.INSPECTEE, office_id=fields["owner_office_id"])
    _require_consistent(ledger.session, fields, None, ledger.clock.today())
    return ledger.add(Inspectee(**fields))


def change(ledger: Ledger, inspectee_id: int, patch: InspecteePatch) -> Inspectee:
    """Change an inspectee; to change its owner takes the right to change the inspectees of both offices."""
    inspectee = changeable(ledger, inspectee_id)
    changes = patch.changes()
    if "owner_office_id" in changes:
        require_change(ledger.asker, Noun.INSPECTEE, office_id=changes["owner_office_id"])
    _require_consistent(ledger.session, inspectee.model_dump() | changes, inspectee, ledger.clock.today())
    return ledger.change(inspectee, changes)


def end(ledger: Ledger, inspectee_id: int, wanted: End) -> Inspectee:
    """An inspectee closes on a day, the first without it; it and its history are kept."""
    inspectee = changeable(ledger, inspectee_id)
    if inspectee.closed_on is not None:
        raise Conflict(
            "already_ended", f"“{inspectee.name}”已于 {inspectee.closed_on} 停办。", {"closed_on": inspectee.closed_on}
        )
    require_order(inspectee.opened_on, wanted.on, "开办日期与停办日期")
    changes = {"closed_on": wanted.on, "closing_reason": wanted.reason}
    return ledger.change(inspectee, changes, action="end", reason=wanted.reason)


def describe(session: Session, inspectee: Inspectee) -> InspecteeDetail:
    """An inspectee with its closures and past inspections: two queries."""
    return InspecteeDetail(
        **InspecteeOut.model_validate(inspectee).model_dump(),
        closures=[ClosureOut.model_validate(row) for row in session.exec(queries.closures(inspectee))],
        past_inspections=[
            PastInspectionOut.model_validate(row) for row in session.exec(queries.past_inspections(inspectee))
        ],
    )


def changeable(ledger: Ledger, inspectee_id: int) -> Inspectee:
    """An inspectee that the user may change; locked until the transaction ends."""
    inspectee = queries.get(ledger.session, ledger.asker, inspectee_id)
    require_change(ledger.asker, Noun.INSPECTEE, office_id=inspectee.owner_office_id)
    queries.lock(ledger.session, inspectee)
    return inspectee


def _owner_by_kind(session: Session, region: Region, kind: InspecteeKind) -> int:
    level = load_rules(session).owner_of(kind)
    office = owner_office(session, region, level)
    if office is None:
        raise Refused(
            "no_owner_office",
            f"“{region.name}”{'所属盟市' if level == 'city' else ''}还没有督导机构，无法确定由谁负责。"
            "请先设立机构，或填写“责任机构”（owner_office_id）。",
            {"region_id": region.id, "level": level},
        )
    return id_of(office)


def _require_consistent(session: Session, fields: dict[str, Any], present: Inspectee | None, today: date) -> None:
    """Check the fields that an inspectee will have against each other and against other inspectees."""
    require_order(fields["opened_on"], fields.get("closed_on"), "开办日期与停办日期")
    _require_free_code(session, fields["code"], present)
    _require_one_government(session, fields, present)
    _require_owner(session, fields)
    _require_parent(session, fields, present)
    _require_area(session, fields, present, today)
    if present is None or fields["responsible_inspector_id"] != present.responsible_inspector_id:
        _require_responsible(session, fields)


def _require_free_code(session: Session, code: str, present: Inspectee | None) -> None:
    bearer = queries.by_code(session, code)
    if bearer is not None and bearer is not present:
        raise Conflict("code_taken", f"单位编号“{code}”已被使用。请换一个编号。", {"code": code})


def _require_one_government(session: Session, fields: dict[str, Any], present: Inspectee | None) -> None:
    if fields["kind"] is not InspecteeKind.GOVERNMENT:
        return
    other = queries.government_of(session, fields["region_id"])
    if other is not None and other is not present:
        raise Conflict(
            "government_exists",
            f"该旗县区的政府已登记为“{other.name}”。请更改已有的一条。",
            {"inspectee_id": other.id},
        )


def _require_owner(session: Session, fields: dict[str, Any]) -> None:
    """The office of the inspectee's banner or of its city."""
    office = referred(session, Office, fields["owner_office_id"], "owner_office_id", "督导机构")
    region = referred(session, Region, fields["region_id"], "region_id", "行政区划")
    if office.region_id not in (region.id, region.parent_id):
        raise Refused(
            "owner_elsewhere",
            f"“{office.name}”不负责“{region.name}”的单位。请选择该旗县区或其盟市的督导机构。",
            {"owner_office_id": office.id, "region_id": region.id},
        )


def _require_parent(session: Session, fields: dict[str, Any], present: Inspectee | None) -> None:
    """A teaching point or attached class names a school of the same banner that is no such part itself."""
    kind, parent_id = fields["kind"], fields["parent_id"]
    if kind not in PARTS:
        if parent_id is not None:
            raise Refused("parent_not_allowed", "只有教学点和附设幼儿班才有所属学校。请去掉“所属学校”（parent_id）。")
        return
    if parent_id is None:
        raise Refused(
            "parent_required", "教学点和附设幼儿班须注明所属学校。请填写“所属学校”（parent_id）。", {"kind": kind}
        )
    parent = referred(session, Inspectee, parent_id, "parent_id", "被督导单位")
    if parent.kind in PARTS or parent.kind is InspecteeKind.GOVERNMENT or parent is present:
        raise Refused(
            "parent_kind", f"“{parent.name}”不能作为所属学校。请选择一所独立的学校。", {"parent_id": parent_id}
        )
    if parent.region_id != fields["region_id"]:
        raise Refused(
            "parent_elsewhere",
            f"所属学校“{parent.name}”不在同一旗县区。请选择同一旗县区的学校。",
            {"parent_id": parent_id},
        )
    if present is not None and queries.has_children(session, present):
        raise Refused("has_parts", f"“{present.name}”自己还有教学点或附设幼儿班，不能改为其他学校的一部分。")


def _require_area(session: Session, fields: dict[str, Any], present: Inspectee | None, today: date) -> None:
    """An area of the same banner, with room for one more school where the inspectee joins it."""
    if fields["area_id"] is None:
        return
    area = referred(session, Area, fields["area_id"], "area_id", "督学责任区")
    if area.region_id != fields["region_id"]:
        raise Refused(
            "area_elsewhere", f"责任区“{area.name}”不在该单位的旗县区。责任区不跨旗县区。", {"area_id": area.id}
        )
    if fields["kind"] is InspecteeKind.GOVERNMENT or (present is not None and present.area_id == area.id):
        return
    most = load_rules(session).max_schools_per_area
    if queries.inspectees_in_area(session, id_of(area), today, present.id if present is not None else None) >= most:
        raise Refused(
            "area_full",
            f"责任区“{area.name}”已有 {most} 所学校，达到上限。请选择其他责任区，或新设责任区。",
            {"area_id": area.id, "max_schools_per_area": most},
        )


def _require_responsible(session: Session, fields: dict[str, Any]) -> None:
    """A responsible inspector is an inspector of the owning office, or of the banner in which the inspectee lies."""
    inspector_id: int | None = fields["responsible_inspector_id"]
    if inspector_id is None:
        return
    inspector = referred(session, Inspector, inspector_id, "responsible_inspector_id", "督学")
    if not inspector.kind.is_inspector:
        raise Refused(
            "responsible_not_inspector",
            f"“{inspector.name}”不是督学，不能任责任督学。请选择专职、兼职或特约督学。",
            {"responsible_inspector_id": inspector_id},
        )
    office = session.get_one(Office, inspector.office_id)
    if office.id != fields["owner_office_id"] and office.region_id != fields["region_id"]:
        raise Refused(
            "responsible_of_another_office",
            f"“{inspector.name}”属于“{office.name}”，既不是责任机构的督学，也不是该单位所在旗县区的督学。请另选责任督学。",
            {"responsible_inspector_id": inspector_id, "office_id": office.id},
        )


def add_closure(ledger: Ledger, inspectee_id: int, wanted: ClosureCreate) -> Closure:
    """Say that an inspectee cannot be visited; two closures of one inspectee share no day."""
    inspectee = changeable(ledger, inspectee_id)
    _require_free_days(ledger.session, inspectee, (wanted.first_on, wanted.last_on), None)
    return ledger.add(Closure(inspectee_id=inspectee_id, **wanted.model_dump()))


def change_closure(ledger: Ledger, inspectee_id: int, closure_id: int, patch: ClosurePatch) -> Closure:
    """Change a closure."""
    inspectee, closure = _closure(ledger, inspectee_id, closure_id)
    changes = patch.changes()
    days = (changes.get("first_on", closure.first_on), changes.get("last_on", closure.last_on))
    _require_free_days(ledger.session, inspectee, days, closure.id)
    return ledger.change(closure, changes)


def remove_closure(ledger: Ledger, inspectee_id: int, closure_id: int) -> None:
    """Delete a closure; its last state stays in the audit."""
    inspectee, closure = _closure(ledger, inspectee_id, closure_id)
    ledger.remove(closure, f"“{inspectee.name}”的停课记录")


def _closure(ledger: Ledger, inspectee_id: int, closure_id: int) -> tuple[Inspectee, Closure]:
    inspectee = queries.get(ledger.session, ledger.asker, inspectee_id)
    closure = queries.get_closure(ledger.session, inspectee, closure_id)
    return changeable(ledger, inspectee_id), closure


def _require_free_days(session: Session, inspectee: Inspectee, days: tuple[date, date], besides: int | None) -> None:
    require_order(*days)
    present = queries.overlapping_closure(session, inspectee, *days, besides)
    if present is not None:
        raise Conflict(
            "closures_overlap",
            f"“{inspectee.name}”在 {present.first_on} 至 {present.last_on} 已登记停课，与 {days[0]} 至 {days[1]} 重叠。"
            "请更改已有的一条，或更正日期。",
            {"closure_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )


def add_past_inspection(ledger: Ledger, inspectee_id: int, wanted: PastInspectionCreate) -> PastInspection:
    """Record an inspection that took place outside this service, before the working date."""
    inspectee = changeable(ledger, inspectee_id)
    _require_past(ledger, inspectee, wanted.programme_code, wanted.first_on, None)
    return ledger.add(PastInspection(inspectee_id=inspectee_id, **wanted.model_dump()))


def change_past_inspection(
    ledger: Ledger, inspectee_id: int, past_id: int, patch: PastInspectionPatch
) -> PastInspection:
    """Change the record of a past inspection."""
    inspectee, past = _past_inspection(ledger, inspectee_id, past_id)
    changes = patch.changes()
    programme_code = changes.get("programme_code", past.programme_code)
    _require_past(ledger, inspectee, programme_code, changes.get("first_on", past.first_on), past.id)
    return ledger.change(past, changes)


def remove_past_inspection(ledger: Ledger, inspectee_id: int, past_id: int) -> None:
    """Delete the record of a past inspection; its last state stays in the audit."""
    inspectee, past = _past_inspection(ledger, inspectee_id, past_id)
    ledger.remove(past, f"“{inspectee.name}”的既往督导")


def _past_inspection(ledger: Ledger, inspectee_id: int, past_id: int) -> tuple[Inspectee, PastInspection]:
    inspectee = queries.get(ledger.session, ledger.asker, inspectee_id)
    past = queries.get_past_inspection(ledger.session, inspectee, past_id)
    return changeable(ledger, inspectee_id), past


def _require_past(
    ledger: Ledger, inspectee: Inspectee, programme_code: str, first_on: date, besides: int | None
) -> None:
    today = ledger.clock.today()
    if first_on > today:
        raise Refused(
            "not_past",
            f"既往督导的日期 {first_on} 晚于系统日期 {today}。将来的督导由日程产生。",
            {"first_on": first_on, "working_on": today},
        )
    if queries.same_past_inspection(ledger.session, inspectee, programme_code, first_on, besides) is not None:
        raise Conflict(
            "past_inspection_exists",
            f"“{inspectee.name}”{first_on} 的这次督导（{programme_code}）已经登记。",
            {"programme_code": programme_code, "first_on": first_on},
        )
