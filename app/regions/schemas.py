"""Inputs and outputs of regions, offices and cars."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.core.fields import (
    Count,
    Day,
    Input,
    Latitude,
    Longitude,
    Name,
    OptionalName,
    Output,
    Patch,
    QueryId,
    RowId,
    Text,
    example,
    unset,
)
from app.core.paging import PageQuery
from app.models import RegionLevel

Adcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class RegionCreate(Input):
    """A new region; a banner names its city as parent."""

    model_config = example(
        adcode="150424",
        name="林西县",
        short_name="林西",
        level="banner",
        parent_id=1,
        seat="林西镇",
        seat_lon=118.05,
        seat_lat=43.61,
    )

    adcode: Adcode
    name: Name
    short_name: Name
    level: RegionLevel
    parent_id: RowId | None = None
    seat: Name
    seat_lon: Longitude
    seat_lat: Latitude
    area_km2: Count | None = None
    population: Count | None = None
    source: Text = ""


class RegionPatch(Patch):
    """What may change of a region; its level may not."""

    model_config = example(population=470_000, source="第七次人口普查")

    adcode: Adcode = unset()
    name: Name = unset()
    short_name: Name = unset()
    parent_id: RowId | None = None
    seat: Name = unset()
    seat_lon: Longitude = unset()
    seat_lat: Latitude = unset()
    area_km2: Count | None = None
    population: Count | None = None
    source: Text = unset()


class RegionOut(Output):
    """A region."""

    id: int
    adcode: str
    name: str
    short_name: str
    level: RegionLevel
    parent_id: int | None
    seat: str
    seat_lon: float
    seat_lat: float
    area_km2: int | None
    population: int | None
    source: str


class RegionQuery(PageQuery):
    """Filters of the list of regions."""

    level: RegionLevel | None = None
    parent_id: QueryId | None = None
    q: OptionalName = Field(default="", description="名称或行政区划代码包含 (name or adcode contains)")


class CarsCreate(Input):
    """Cars of an office from a day on; no last day is until further notice."""

    model_config = example(number=1, first_on="2020-01-01", last_on="2021-12-31")

    number: Count
    first_on: Day
    last_on: Day | None = None


class CarsPatch(Patch):
    """What may change of an office's cars."""

    model_config = example(number=3)

    number: Count = unset()
    first_on: Day = unset()
    last_on: Day | None = None


class CarsOut(Output):
    """Cars of an office."""

    id: int
    office_id: int
    number: int
    first_on: date
    last_on: date | None


class OfficeCreate(Input):
    """A new office of a city or banner that has none."""

    model_config = example(region_id=4, name="林西县人民政府教育督导室")

    region_id: RowId
    name: Name


class OfficePatch(Patch):
    """What may change of an office."""

    model_config = example(name="红山区人民政府教育督导室")

    name: Name = unset()


class OfficeOut(Output):
    """An office with its cars."""

    id: int
    region_id: int
    name: str
    ended_on: date | None
    cars: list[CarsOut]


class OfficeQuery(PageQuery):
    """Filters of the list of offices."""

    region_id: QueryId | None = None
    level: RegionLevel | None = None
    ended: bool | None = Field(default=None, description="是否已撤销 (ended or not)")
