"""The real region: Chifeng and its 12 banners, the offices with their cars, the banners' governments, the targets.

Seats, areas and the point inside each banner were computed from public boundary maps (WGS 84); the population is the
census of 2020. Each row says where its figures come from and which of them are derived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.models import (
    Inspectee,
    InspecteeKind,
    Office,
    OfficeCars,
    Recognition,
    Region,
    RegionLevel,
    ValidationTarget,
)
from seed.report import Part
from seed.rows import PLAN, id_of, read_csv, stored

AUTONOMOUS_REGION, CITY = "150000", "150400"
CARS_FROM = date(2022, 1, 1)
CITY_CARS = 4
"""No document gives the number of cars: a default of the demonstration, to be replaced by the office."""

_MAP = "驻地坐标与面积由公开边界图计算（WGS 84）"
_CENSUS = {
    "verified": "人口为2020年普查常住人口（已核对）",
    "rounded": "人口为2020年普查常住人口（公布至千人）",
    "derived": "人口按2020年普查全市总数推算，待核实",
}


@dataclass(frozen=True, slots=True)
class Banner:
    """A banner as the rest of the seed needs it; the inside point lies near the middle of its territory."""

    adcode: str
    name: str
    seat: str
    seat_lon: float
    seat_lat: float
    inside_lon: float
    inside_lat: float
    area_km2: int
    population: int
    region_id: int
    office_id: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The city's region and office, and the banners in the order of their codes."""

    region_id: int
    office_id: int
    seat_lon: float
    seat_lat: float
    banners: tuple[Banner, ...]


def load_regions(session: Session) -> Part:
    """Make the region tree, an office with cars for the city and each banner, and the banners' governments."""
    facts = read_csv("banners.csv")
    (top,) = stored(session, [_autonomous_region()])
    (city,) = stored(session, [_city(id_of(top))])
    banners = stored(session, [_banner(row, id_of(city)) for row in facts])
    offices = stored(session, [_office(region) for region in (city, *banners)])
    cars = [CITY_CARS, *(int(row["cars"]) for row in facts)]
    stored(
        session,
        [
            OfficeCars(office_id=id_of(office), number=number, first_on=CARS_FROM)
            for office, number in zip(offices, cars, strict=True)
        ],
    )
    governments = stored(session, [_government(region, id_of(offices[0])) for region in banners])
    return Part(
        "地区与机构",
        (
            ("地区", 2 + len(banners)),
            ("督导机构", len(offices)),
            ("公务车辆", sum(cars)),
            ("旗县区政府", len(governments)),
        ),
    )


def load_targets(session: Session, regions: Mapping[str, int]) -> Part:
    """Make the nine validation targets of the plan; ``regions`` maps an adcode to its region's id."""
    targets = stored(
        session,
        [
            ValidationTarget(
                region_id=regions[row["adcode"]],
                recognition=Recognition(row["recognition"]),
                target_year=int(row["target_year"]),
                source=f"{PLAN}第六章第六节，原文作“{row['as_printed']}”",
            )
            for row in read_csv("targets.csv")
        ],
    )
    return Part("国家督导评估验收目标", (("目标", len(targets)),))


def tree_of(regions: Mapping[str, Region], offices: Mapping[int, int]) -> Tree:
    """The tree with its ids; ``regions`` by adcode, ``offices`` maps a region's id to its office's."""
    city = regions[CITY]
    return Tree(
        region_id=id_of(city),
        office_id=offices[id_of(city)],
        seat_lon=city.seat_lon,
        seat_lat=city.seat_lat,
        banners=tuple(
            Banner(
                adcode=row["adcode"],
                name=row["name"],
                seat=row["seat"],
                seat_lon=float(row["seat_lon"]),
                seat_lat=float(row["seat_lat"]),
                inside_lon=float(row["inside_lon"]),
                inside_lat=float(row["inside_lat"]),
                area_km2=int(row["area_km2"]),
                population=int(row["population"]),
                region_id=id_of(regions[row["adcode"]]),
                office_id=offices[id_of(regions[row["adcode"]])],
            )
            for row in read_csv("banners.csv")
        ),
    )


def _autonomous_region() -> Region:
    return Region(
        adcode=AUTONOMOUS_REGION,
        name="内蒙古自治区",
        short_name="内蒙古",
        level=RegionLevel.REGION,
        seat="呼和浩特市",
        seat_lon=111.75,
        seat_lat=40.84,
        source="行政区划代码；驻地坐标为约数，待核实",
    )


def _city(parent_id: int) -> Region:
    return Region(
        adcode=CITY,
        name="赤峰市",
        short_name="赤峰",
        level=RegionLevel.CITY,
        parent_id=parent_id,
        seat="市政府所在地",
        seat_lon=118.881,
        seat_lat=42.257,
        area_km2=86_954,
        population=4_035_967,
        source=f"{_MAP}；{_CENSUS['verified']}",
    )


def _banner(row: Mapping[str, str], parent_id: int) -> Region:
    return Region(
        adcode=row["adcode"],
        name=row["name"],
        short_name=row["short_name"],
        level=RegionLevel.BANNER,
        parent_id=parent_id,
        seat=row["seat"],
        seat_lon=float(row["seat_lon"]),
        seat_lat=float(row["seat_lat"]),
        area_km2=int(row["area_km2"]),
        population=int(row["population"]),
        source=f"{_MAP}；{_CENSUS[row['population_status']]}",
    )


def _office(region: Region) -> Office:
    return Office(region_id=id_of(region), name=f"{region.name}人民政府教育督导委员会办公室")


def _government(region: Region, city_office_id: int) -> Inspectee:
    return Inspectee(
        code=f"{region.adcode}-GOV",
        name=f"{region.name}人民政府",
        kind=InspecteeKind.GOVERNMENT,
        region_id=id_of(region),
        owner_office_id=city_office_id,
        township=region.seat,
        lon=region.seat_lon,
        lat=region.seat_lat,
        source=f"{PLAN}第六章第六节：对旗县区政府每3年至少完成一轮督导评估",
    )
