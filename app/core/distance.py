"""How long a drive between two points takes, as the settings reckon it: straight distance, detour, and speed."""

from __future__ import annotations

import math

EARTH_RADIUS_METRES = 6_371_000

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS 84."""


def straight_metres(start: Point, end: Point) -> float:
    """The great-circle distance, by the haversine formula."""
    (lon, lat), (other_lon, other_lat) = (tuple(map(math.radians, point)) for point in (start, end))
    haversine = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, haversine)))


def drive_minutes(start: Point, end: Point, detour_percent: int, metres_per_minute: int) -> int:
    """Minutes of the drive, rounded up; ``detour_percent`` is the road's length for 100 of the straight line."""
    return math.ceil(straight_metres(start, end) * detour_percent / 100 / metres_per_minute)
