"""Every select of regions, offices and cars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.rights import Act, Actor, Noun, condition
from app.core.errors import NotFound
from app.models import Office, OfficeCars, Region, RegionLevel
from app.regions.schemas import OfficeQuery, RegionQuery

MOST_DIGITS = 18
"""Digits of a number that every database takes as an id."""


def visible_regions(user: Actor) -> SelectOfScalar[Region]:
    """The regions that the user may see."""
    return select(Region).where(condition(user, Noun.REGION, Act.READ, region=col(Region.id)))


def visible_offices(user: Actor) -> SelectOfScalar[Office]:
    """The offices that the user may see."""
    return select(Office).where(
        condition(user, Noun.OFFICE, Act.READ, office=col(Office.id), region=col(Office.region_id))
    )


def listed_regions(user: Actor, query: RegionQuery) -> SelectOfScalar[Region]:
    """The list of regions, by adcode."""
    statement = visible_regions(user)
    if query.level is not None:
        statement = statement.where(Region.level == query.level)
    if query.parent_id is not None:
        statement = statement.where(Region.parent_id == query.parent_id)
    if query.q:
        name, adcode = col(Region.name), col(Region.adcode)
        statement = statement.where(
            sa.or_(name.contains(query.q, autoescape=True), adcode.contains(query.q, autoescape=True))
        )
    return statement.order_by(col(Region.adcode))


def listed_offices(user: Actor, query: OfficeQuery) -> SelectOfScalar[Office]:
    """The list of offices, by the adcode of their region."""
    statement = visible_offices(user).join(Region, col(Region.id) == col(Office.region_id))
    if query.region_id is not None:
        statement = statement.where(Office.region_id == query.region_id)
    if query.level is not None:
        statement = statement.where(Region.level == query.level)
    if query.ended is not None:
        ended_on = col(Office.ended_on)
        statement = statement.where(ended_on.is_not(None) if query.ended else ended_on.is_(None))
    return statement.order_by(col(Region.adcode))


def get_region(session: Session, user: Actor, region_id: int) -> Region:
    """One region among those that the user may see."""
    found = session.exec(visible_regions(user).where(Region.id == region_id)).first()
    if found is None:
        raise NotFound("region_not_found", f"没有编号为 {region_id} 的行政区划。请核对编号。", {"id": region_id})
    return found


def get_office(session: Session, user: Actor, office_id: int) -> Office:
    """One office among those that the user may see."""
    found = session.exec(visible_offices(user).where(Office.id == office_id)).first()
    if found is None:
        raise NotFound("office_not_found", f"没有编号为 {office_id} 的督导机构。请核对编号。", {"id": office_id})
    return found


def get_cars(session: Session, user: Actor, office_id: int, cars_id: int) -> OfficeCars:
    """One entry of an office's cars."""
    office = get_office(session, user, office_id)
    found = session.get(OfficeCars, cars_id)
    if found is None or found.office_id != office.id:
        raise NotFound("cars_not_found", f"“{office.name}”没有编号为 {cars_id} 的车辆记录。", {"id": cars_id})
    return found


def cars_of(session: Session, office_ids: Iterable[int | None]) -> Mapping[int, list[OfficeCars]]:
    """The cars of some offices, by first day: one query."""
    rows = session.exec(
        select(OfficeCars)
        .where(col(OfficeCars.office_id).in_(list(office_ids)))
        .order_by(col(OfficeCars.office_id), col(OfficeCars.first_on))
    ).all()
    by_office: dict[int, list[OfficeCars]] = defaultdict(list)
    for row in rows:
        by_office[row.office_id].append(row)
    return by_office


def overlapping_cars(
    session: Session, office_id: int, first_on: date, last_on: date | None, besides: int | None
) -> OfficeCars | None:
    """An entry of the office's cars that shares a day with these dates."""
    statement = select(OfficeCars).where(
        OfficeCars.office_id == office_id,
        sa.or_(col(OfficeCars.last_on).is_(None), col(OfficeCars.last_on) >= first_on),
    )
    if last_on is not None:
        statement = statement.where(OfficeCars.first_on <= last_on)
    if besides is not None:
        statement = statement.where(OfficeCars.id != besides)
    return session.exec(statement).first()


def region_of_adcode(session: Session, adcode: str) -> Region | None:
    """The region that bears the adcode."""
    return session.exec(select(Region).where(Region.adcode == adcode)).first()


def office_of_region(session: Session, region_id: int) -> Office | None:
    """The office of a region."""
    return session.exec(select(Office).where(Office.region_id == region_id)).first()


def owner_office(session: Session, region: Region, level: str) -> Office | None:
    """The office of the region itself or, for ``city``, of its city."""
    wanted = region.parent_id if level == RegionLevel.CITY and region.level is RegionLevel.BANNER else region.id
    return office_of_region(session, wanted) if wanted is not None else None


def region_names(session: Session, region_ids: Iterable[int]) -> dict[int, str]:
    """The names of some regions."""
    rows = session.execute(sa.select(col(Region.id), col(Region.name)).where(col(Region.id).in_(set(region_ids))))
    return {number: name for number, name in rows if number is not None}


def all_region_names(session: Session) -> dict[int, str]:
    """The name of every region."""
    rows = session.execute(sa.select(col(Region.id), col(Region.name)))
    return {number: name for number, name in rows if number is not None}


def find_region(session: Session, adcode_or_id: str) -> Region | None:
    """A region by its adcode, or by its id."""
    region = region_of_adcode(session, adcode_or_id)
    if region is None and adcode_or_id.isdecimal() and len(adcode_or_id) <= MOST_DIGITS:
        region = session.get(Region, int(adcode_or_id))
    return region


def offices_in(session: Session, region: Region, on: date) -> list[Office]:
    """The offices of a region and of all regions below it that have not ended, the region's own first."""
    below = sa.select(col(Region.id)).where(col(Region.id) == region.id).cte("below", recursive=True)
    below = below.union_all(sa.select(col(Region.id)).join(below, col(Region.parent_id) == below.c.id))
    statement = (
        select(Office)
        .join(Region, col(Region.id) == col(Office.region_id))
        .where(
            col(Office.region_id).in_(sa.select(below.c.id)),
            has_not_ended(on),
        )
        .order_by(col(Office.region_id) != region.id, Region.adcode)
    )
    return list(session.exec(statement).all())


def office_names(session: Session) -> Mapping[int, str]:
    """The name of every office."""
    rows = session.execute(sa.select(col(Office.id), col(Office.name)))
    return {number: name for number, name in rows if number is not None}


def place_name(session: Session) -> str:
    """The name of the city, or of several."""
    names = select(Region.name).where(Region.level == RegionLevel.CITY).order_by(Region.adcode)
    return "、".join(session.exec(names))


def number_of_banners(session: Session) -> int:
    """How many banners there are."""
    of_level = sa.select(sa.func.count()).where(col(Region.level) == RegionLevel.BANNER)
    return session.scalar(of_level) or 0


def has_not_ended(on: date) -> sa.ColumnElement[bool]:
    """The condition that an office has not ended by a day."""
    return sa.or_(col(Office.ended_on).is_(None), col(Office.ended_on) > on)


def number_of_offices(session: Session, on: date) -> int:
    """How many offices have not ended by a day."""
    return session.scalar(sa.select(sa.func.count()).where(has_not_ended(on))) or 0
