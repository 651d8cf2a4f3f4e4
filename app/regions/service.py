"""What may be done with regions, offices and cars, and its rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Actor, Noun, require
from app.core.errors import Conflict, Refused
from app.core.fields import End, require_order
from app.core.paging import Page, fetch_page, page_of
from app.core.rows import id_of, referred
from app.models import Office, OfficeCars, Region, RegionLevel
from app.regions import queries
from app.regions.schemas import (
    CarsCreate,
    CarsOut,
    CarsPatch,
    OfficeCreate,
    OfficeOut,
    OfficePatch,
    OfficeQuery,
    RegionCreate,
    RegionPatch,
)

_PARENT_LEVEL = {RegionLevel.CITY: RegionLevel.REGION, RegionLevel.BANNER: RegionLevel.CITY}


def create_region(ledger: Ledger, wanted: RegionCreate) -> Region:
    """Add a region to the tree."""
    require(ledger.asker, Noun.REGION, Act.CHANGE)
    _require_free_adcode(ledger.session, wanted.adcode, None)
    _require_parent(ledger.session, wanted.level, wanted.parent_id)
    return ledger.add(Region(**wanted.model_dump()))


def change_region(ledger: Ledger, region_id: int, patch: RegionPatch) -> Region:
    """Change a region."""
    region = _changeable_region(ledger, region_id)
    changes = patch.changes()
    if "adcode" in changes:
        _require_free_adcode(ledger.session, changes["adcode"], region.id)
    if "parent_id" in changes:
        _require_parent(ledger.session, region.level, changes["parent_id"])
    return ledger.change(region, changes)


def remove_region(ledger: Ledger, region_id: int) -> None:
    """Delete a region to which nothing refers."""
    region = _changeable_region(ledger, region_id)
    ledger.remove(region, f"行政区划“{region.name}”")


def _changeable_region(ledger: Ledger, region_id: int) -> Region:
    region = queries.get_region(ledger.session, ledger.asker, region_id)
    require(ledger.asker, Noun.REGION, Act.CHANGE)
    return region


def _require_free_adcode(session: Session, adcode: str, besides: int | None) -> None:
    bearer = queries.region_of_adcode(session, adcode)
    if bearer is not None and bearer.id != besides:
        raise Conflict(
            "adcode_taken",
            f"行政区划代码 {adcode} 已属于“{bearer.name}”。请核对代码。",
            {"adcode": adcode, "region_id": bearer.id},
        )


def _require_parent(session: Session, level: RegionLevel, parent_id: int | None) -> None:
    """A banner lies in a city, a city in an autonomous region or, where none is kept, in nothing."""
    if parent_id is None:
        if level is RegionLevel.BANNER:
            raise Refused(
                "parent_required", "旗县区须注明所属盟市。请填写“所属盟市”（parent_id）。", {"level": level.value}
            )
        return
    parent = referred(session, Region, parent_id, "parent_id", "行政区划")
    if parent.level is not _PARENT_LEVEL.get(level):
        raise Refused(
            "parent_level",
            f"“{parent.name}”的层级不对：旗县区属于盟市，盟市属于自治区，自治区没有上级。",
            {"level": level.value, "parent_level": parent.level.value},
        )


def list_offices(session: Session, user: Actor, query: OfficeQuery) -> Page[OfficeOut]:
    """A page of offices with their cars: three queries."""
    require(user, Noun.OFFICE, Act.READ)
    offices, total = fetch_page(session, queries.listed_offices(user, query), query)
    return page_of(describe_offices(session, offices), total, query)


def describe_offices(session: Session, offices: Sequence[Office]) -> list[OfficeOut]:
    """Offices with their cars: one query."""
    cars = queries.cars_of(session, (office.id for office in offices))
    return [
        OfficeOut(
            id=id_of(office),
            region_id=office.region_id,
            name=office.name,
            ended_on=office.ended_on,
            cars=[CarsOut.model_validate(entry) for entry in cars.get(id_of(office), [])],
        )
        for office in offices
    ]


def create_office(ledger: Ledger, wanted: OfficeCreate) -> Office:
    """Set up the office of a city or banner that has none."""
    require(ledger.asker, Noun.OFFICE, Act.CHANGE)
    region = referred(ledger.session, Region, wanted.region_id, "region_id", "行政区划")
    if region.level is RegionLevel.REGION:
        raise Refused("office_level", f"“{region.name}”是自治区。这里只设盟市和旗县区的督导机构。")
    if (present := queries.office_of_region(ledger.session, wanted.region_id)) is not None:
        raise Conflict(
            "office_exists",
            f"“{region.name}”已有督导机构“{present.name}”。请更改现有机构。",
            {"region_id": region.id, "office_id": present.id},
        )
    return ledger.add(Office(**wanted.model_dump()))


def change_office(ledger: Ledger, office_id: int, patch: OfficePatch) -> Office:
    """Change an office."""
    return ledger.change(_changeable_office(ledger, office_id), patch.changes())


def end_office(ledger: Ledger, office_id: int, end: End) -> Office:
    """Close an office; it and its history are kept."""
    office = _changeable_office(ledger, office_id)
    if office.ended_on is not None:
        raise Conflict("already_ended", f"“{office.name}”已于 {office.ended_on} 撤销。", {"ended_on": office.ended_on})
    return ledger.change(office, {"ended_on": end.on}, action="end", reason=end.reason)


def _changeable_office(ledger: Ledger, office_id: int) -> Office:
    office = queries.get_office(ledger.session, ledger.asker, office_id)
    require(ledger.asker, Noun.OFFICE, Act.CHANGE)
    return office


def add_cars(ledger: Ledger, office_id: int, wanted: CarsCreate) -> OfficeCars:
    """Say how many cars an office has from a day on."""
    office = _changeable_office(ledger, office_id)
    _require_free_days(ledger.session, office, wanted.first_on, wanted.last_on, None)
    return ledger.add(OfficeCars(office_id=office_id, **wanted.model_dump()))


def change_cars(ledger: Ledger, office_id: int, cars_id: int, patch: CarsPatch) -> OfficeCars:
    """Change how many cars an office has, or on which days."""
    cars = queries.get_cars(ledger.session, ledger.asker, office_id, cars_id)
    office = _changeable_office(ledger, office_id)
    changes = patch.changes()
    first_on, last_on = changes.get("first_on", cars.first_on), changes.get("last_on", cars.last_on)
    _require_free_days(ledger.session, office, first_on, last_on, cars.id)
    return ledger.change(cars, changes)


def remove_cars(ledger: Ledger, office_id: int, cars_id: int) -> None:
    """Delete an entry of an office's cars."""
    cars = queries.get_cars(ledger.session, ledger.asker, office_id, cars_id)
    office = _changeable_office(ledger, office_id)
    ledger.remove(cars, f"“{office.name}”的车辆记录")


def _require_free_days(
    session: Session, office: Office, first_on: date, last_on: date | None, besides: int | None
) -> None:
    require_order(first_on, last_on)
    present = queries.overlapping_cars(session, id_of(office), first_on, last_on, besides)
    if present is not None:
        raise Conflict(
            "cars_overlap",
            f"“{office.name}”在 {present.first_on} 至 {present.last_on or '另行通知'} 已登记 {present.number} 辆车，"
            "日期不能重叠。请先更改那一条的结束日期。",
            {"cars_id": present.id, "first_on": present.first_on, "last_on": present.last_on},
        )
