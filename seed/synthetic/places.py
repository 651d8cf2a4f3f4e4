"""Points of townships, which no source gives: the seat's own around the seat, the others spread over the banner.

Names, kinds and numbers of villages are those of the statistical division codes. The banner is taken as a disc of its
area around a point inside it. Townships outside the seat lie on a sunflower spiral within three quarters of the disc's
radius, so that a school a little way off is still inside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from seed.region import Banner
from seed.rows import read_csv

KM_PER_DEGREE = 111.195
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_OF_RADIUS = 0.75
_SEAT_KM = 3.0
_SETTLEMENTS = frozenset({"街道", "镇", "乡", "苏木"})
"""Kinds with people of their own; industrial parks and farms have no schools here."""


@dataclass(frozen=True, slots=True)
class Township:
    """A township with its point and how far its schools lie from it; ``at_seat`` tells those of the banner's seat."""

    name: str
    kind: str
    at_seat: bool
    villages: int
    lon: float
    lat: float
    spread_km: float

    @property
    def weight(self) -> float:
        """How many schools it has, compared with others: its villages, more at the seat, where people live closer."""
        return self.villages * (3.0 if self.at_seat else 1.0)


def radius_km(banner: Banner) -> float:
    """The radius of a disc of the banner's area."""
    return math.sqrt(banner.area_km2 / math.pi)


def moved(lon: float, lat: float, east_km: float, north_km: float) -> tuple[float, float]:
    """The point that lies so many kilometres to the east and north, to a metre."""
    new_lat = lat + north_km / KM_PER_DEGREE
    new_lon = lon + east_km / (KM_PER_DEGREE * math.cos(math.radians(lat)))
    return round(new_lon, 5), round(new_lat, 5)


def around(random: Random, lon: float, lat: float, within_km: float) -> tuple[float, float]:
    """A point within a distance, as likely in each part of the disc."""
    distance, angle = within_km * math.sqrt(random.random()), random.random() * 2 * math.pi
    return moved(lon, lat, distance * math.cos(angle), distance * math.sin(angle))


def townships_of(banner: Banner) -> tuple[Township, ...]:
    """The banner's townships that have schools, those of the seat first."""
    rows = [row for row in read_csv("townships.csv") if row["banner_adcode"] == banner.adcode]
    settled = [row for row in rows if row["kind"] in _SETTLEMENTS]
    seats = [row for row in settled if _is_at_seat(row, banner)]
    others = [row for row in settled if not _is_at_seat(row, banner)]
    return (*_at_seat(banner, seats), *_spread(banner, others))


def _is_at_seat(row: dict[str, str], banner: Banner) -> bool:
    return row["kind"] == "街道" or row["name"] == banner.seat


def _at_seat(banner: Banner, rows: list[dict[str, str]]) -> Iterable[Township]:
    for index, row in enumerate(rows):
        distance = _SEAT_KM * math.sqrt(index / len(rows))
        lon, lat = _on_spiral(banner.seat_lon, banner.seat_lat, distance, index)
        yield _township(row, banner, lon, lat, at_seat=True, spread_km=1.0)


def _spread(banner: Banner, rows: list[dict[str, str]]) -> Iterable[Township]:
    reach = _OF_RADIUS * radius_km(banner)
    for index, row in enumerate(rows):
        distance = reach * math.sqrt((index + 0.5) / len(rows))
        lon, lat = _on_spiral(banner.inside_lon, banner.inside_lat, distance, index)
        yield _township(row, banner, lon, lat, at_seat=False, spread_km=min(4.0, 0.2 * radius_km(banner)))


def _on_spiral(lon: float, lat: float, distance_km: float, index: int) -> tuple[float, float]:
    angle = index * _GOLDEN_ANGLE
    return moved(lon, lat, distance_km * math.cos(angle), distance_km * math.sin(angle))


def _township(
    row: dict[str, str], banner: Banner, lon: float, lat: float, *, at_seat: bool, spread_km: float
) -> Township:
    name = row["name"].removeprefix(banner.name).removeprefix("人民政府")
    return Township(
        name=name,
        kind=row["kind"],
        at_seat=at_seat,
        villages=int(row["villages"]),
        lon=lon,
        lat=lat,
        spread_km=spread_km,
    )
