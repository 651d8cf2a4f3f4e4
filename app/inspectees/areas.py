"""What may be done with responsibility areas and evaluation methods, and its rules."""

from __future__ import annotations

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require, require_change
from app.core.errors import Conflict, Refused
from app.core.fields import require_order
from app.core.rows import referred
from app.inspectees import queries
from app.inspectees.schemas import AreaCreate, AreaPatch, EvaluationMethodCreate, EvaluationMethodPatch
from app.models import Area, EvaluationMethod, InspecteeKind, Region, RegionLevel


def create_area(ledger: Ledger, wanted: AreaCreate) -> Area:
    """Set up a responsibility area inside one banner (教育督导条例, article 13)."""
    region = referred(ledger.session, Region, wanted.region_id, "region_id", "行政区划")
    require_change(ledger.asker, Noun.AREA, region_id=wanted.region_id)
    if region.level is not RegionLevel.BANNER:
        raise Refused("region_level", f"责任区设在旗县区，“{region.name}”不是旗县区。")
    _require_free_name(ledger.session, wanted.region_id, wanted.name, None)
    return ledger.add(Area(**wanted.model_dump()))


def change_area(ledger: Ledger, area_id: int, patch: AreaPatch) -> Area:
    """Change an area; its schools stay."""
    area = _changeable_area(ledger, area_id)
    changes = patch.changes()
    _require_free_name(ledger.session, area.region_id, changes.get("name", area.name), area.id)
    return ledger.change(area, changes)


def remove_area(ledger: Ledger, area_id: int) -> None:
    """Delete an area in which there is no school any more."""
    area = _changeable_area(ledger, area_id)
    ledger.remove(area, f"责任区“{area.name}”")


def _changeable_area(ledger: Ledger, area_id: int) -> Area:
    area = queries.get_area(ledger.session, ledger.asker, area_id)
    require_change(ledger.asker, Noun.AREA, region_id=area.region_id)
    return area


def _require_free_name(session: Session, region_id: int, name: str, besides: int | None) -> None:
    bearer = queries.area_named(session, region_id, name)
    if bearer is not None and bearer.id != besides:
        raise Conflict("area_exists", f"该旗县区已有责任区“{name}”。请换一个名称。", {"area_id": bearer.id})


def create_method(ledger: Ledger, wanted: EvaluationMethodCreate) -> EvaluationMethod:
    """Add a method, or a new version of one."""
    require(ledger.asker, Noun.EVALUATION_METHOD, Act.CHANGE)
    require_order(wanted.in_force_from, wanted.in_force_to, "生效日期与失效日期")
    _require_new(ledger.session, wanted.kind, wanted.title, wanted.version, None)
    return ledger.add(EvaluationMethod(**wanted.model_dump()))


def change_method(ledger: Ledger, method_id: int, patch: EvaluationMethodPatch) -> EvaluationMethod:
    """Change a method, or end it with a last day in force."""
    method = _changeable_method(ledger, method_id)
    changes = patch.changes()
    fields = method.model_dump() | changes
    require_order(fields["in_force_from"], fields["in_force_to"], "生效日期与失效日期")
    _require_new(ledger.session, method.kind, fields["title"], fields["version"], method.id)
    return ledger.change(method, changes)


def remove_method(ledger: Ledger, method_id: int) -> None:
    """Delete a method that was entered by mistake."""
    method = _changeable_method(ledger, method_id)
    ledger.remove(method, f"评估办法“{method.title}”")


def _changeable_method(ledger: Ledger, method_id: int) -> EvaluationMethod:
    method = queries.get_method(ledger.session, ledger.asker, method_id)
    require(ledger.asker, Noun.EVALUATION_METHOD, Act.CHANGE)
    return method


def _require_new(session: Session, kind: InspecteeKind, title: str, version: str, besides: int | None) -> None:
    if (present := queries.same_method(session, kind, title, version, besides)) is not None:
        raise Conflict(
            "evaluation_method_exists",
            f"评估办法“{title}”{version} 已经登记。请换一个版本号。",
            {"evaluation_method_id": present.id},
        )
