"""Metres and minutes between places, worked out for the checker alone."""

from __future__ import annotations

import math

from solver.problem import GreatCircle, Problem

EARTH_RADIUS_METRES = 6_371_000


class Roads:
    """The drives of a problem, each worked out when first asked for."""

    def __init__(self, problem: Problem) -> None:
        self._travel = problem.travel
        self._places = {place.id: place for place in problem.places}
        self._position = {place.id: position for position, place in enumerate(problem.places)}
        self._metres: dict[tuple[str, str], int] = {}
        self._minutes: dict[tuple[str, str], int] = {}

    def metres(self, start: str, end: str) -> int:
        """The length of the drive from one place to another, both given by id."""
        if not isinstance(self._travel, GreatCircle):
            return self._travel.metres[self._position[start]][self._position[end]]
        known = self._metres.get((start, end))
        if known is None:
            known = self._metres[start, end] = self._along_great_circle(self._travel, start, end)
        return known

    def minutes(self, start: str, end: str) -> int:
        """The time of the drive, rounded up."""
        if not isinstance(self._travel, GreatCircle):
            return self._travel.minutes[self._position[start]][self._position[end]]
        known = self._minutes.get((start, end))
        if known is None:
            known = self._minutes[start, end] = -(-self.metres(start, end) // self._travel.metres_per_minute)
        return known

    def _along_great_circle(self, travel: GreatCircle, start: str, end: str) -> int:
        """⌊2·R·asin(√h)·detour_percent / 100⌋ with h the haversine, in doubles and in this order."""
        one, other = self._places[start], self._places[end]
        latitude, other_latitude = math.radians(one.lat), math.radians(other.lat)
        haversine = (
            math.sin((other_latitude - latitude) / 2) ** 2
            + math.cos(latitude) * math.cos(other_latitude) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
        )
        # Rounding may lift the haversine of opposite points above 1, where the arc sine is undefined.
        distance = 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, haversine)))
        return math.floor(distance * travel.detour_percent / 100)
