"""The region tree and the supervision offices with their cars."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.models.base import NAME_LENGTH, in_order, not_negative, on_earth, word_type


class RegionLevel(StrEnum):
    """The levels of the tree: autonomous region, league or city, banner-level unit."""

    REGION = "region"
    CITY = "city"
    BANNER = "banner"


class Region(SQLModel, table=True):
    """An autonomous region, city or banner; its seat is a point, WGS 84."""

    __table_args__ = (on_earth("seat_lon", "seat_lat"), not_negative("area_km2"), not_negative("population"))

    id: int | None = Field(default=None, primary_key=True)
    adcode: str = Field(max_length=6, unique=True)
    name: str = Field(max_length=NAME_LENGTH)
    short_name: str = Field(max_length=NAME_LENGTH)
    level: RegionLevel = Field(sa_type=word_type(RegionLevel))
    parent_id: int | None = Field(default=None, foreign_key="region.id", index=True)
    seat: str = Field(max_length=NAME_LENGTH)
    seat_lon: float
    seat_lat: float
    area_km2: int | None = None
    population: int | None = None
    source: str = ""


class Office(SQLModel, table=True):
    """The education-supervision office of a city or banner."""

    id: int | None = Field(default=None, primary_key=True)
    region_id: int = Field(foreign_key="region.id", unique=True)
    name: str = Field(max_length=NAME_LENGTH)
    ended_on: date | None = None


class OfficeCars(SQLModel, table=True):
    """How many cars an office has from a first to a last day; no last day is until further notice."""

    __tablename__ = "office_cars"
    __table_args__ = (in_order(), not_negative("number"))

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id", index=True)
    number: int
    first_on: date
    last_on: date | None = None
