"""Metres and minutes exactly as the contract computes them, and what a day or a night of travel costs.

Great circle: d = 2·R·asin(√h) with R = 6 371 000 m and h the haversine, in IEEE doubles; metres =
⌊d · detour_percent / 100⌋ in that order; minutes = ⌈metres / metres_per_minute⌉ (docs/contract.md section 1).
A matrix is read in the drive's own direction, its diagonal too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.problem import GreatCircle, Matrix, Place, Problem

EARTH_RADIUS_METRES = 6_371_000

_DOUBTFUL_METRES, _DOUBTFUL_PART = 1e-4, 1e-12
"""A length this near (plus this part of it) to a whole number is computed again one by one: numpy's sine may differ
in the last bit from that of the C library."""

_ILL_CONDITIONED = 0.99
"""Above this haversine the arc sine turns a last bit into decimetres: such lengths are computed one by one."""


def great_circle_metres(travel: GreatCircle, a: Place, b: Place) -> int:
    """Metres of the drive between two places, in the contract's order of operations."""
    if a.id == b.id:
        return 0
    f1, f2 = math.radians(a.lat), math.radians(b.lat)
    dl = math.radians(b.lon - a.lon)
    h = math.sin((f2 - f1) / 2) ** 2 + math.cos(f1) * math.cos(f2) * math.sin(dl / 2) ** 2
    arc = math.asin(min(1.0, math.sqrt(h)))
    return math.floor(2 * EARTH_RADIUS_METRES * arc * travel.detour_percent / 100)


@dataclass(frozen=True, slots=True, eq=False)
class TravelTable:
    """Metres and minutes between some of a problem's places; row is where the drive begins.

    ``index`` gives the row of a place id; ``is_far`` says of a drive that it lasts longer than ``far_minutes``.
    ``base_metres`` is ``metres`` with the surcharge of a far drive between base and a place (either direction), at
    the least price of a night that an inspector has: no such drive costs less.
    """

    index: dict[str, int]
    metres: NDArray[np.int64]
    minutes: NDArray[np.int64]
    is_far: NDArray[np.bool_]
    base_metres: NDArray[np.int64]
    overnight_metres: int
    """The least price of a night that an inspector has."""

    @classmethod
    def of(cls, problem: Problem, places: Iterable[str] | None = None) -> TravelTable:
        """The table between the places named, all that people and inspectees of the problem use by default.

        It takes 24 bytes a pair: of a province name the places of one part at a time.
        """
        ids = list(dict.fromkeys(places if places is not None else places_in_use(problem)))
        position = {place.id: k for k, place in enumerate(problem.places)}
        rows = [position[place] for place in ids]
        travel = problem.travel
        if isinstance(travel, Matrix):
            metres = _table_part(travel.metres, rows)
            minutes = _table_part(travel.minutes, rows)
        else:
            metres = _great_circle_table(travel, [problem.places[row] for row in rows])
            minutes = -(-metres // travel.metres_per_minute)
        is_far = minutes > problem.far_minutes
        night = min(map(problem.night_metres_of, problem.inspectors), default=problem.overnight_metres)
        return cls(
            index={place: k for k, place in enumerate(ids)},
            metres=metres,
            minutes=minutes,
            is_far=is_far,
            base_metres=metres + np.where(is_far, night, 0),
            overnight_metres=night,
        )

    def base_drives(self, base: int, night: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What the drives from a base to each place and back cost somebody for whom a night away costs so much."""
        out: NDArray[np.int64] = self.metres[base] + np.where(self.is_far[base], night, 0)
        back: NDArray[np.int64] = self.metres[:, base] + np.where(self.is_far[:, base], night, 0)
        return out, back


def places_in_use(problem: Problem) -> list[str]:
    """The places of bases and inspectees, each once."""
    bases = [inspector.base for inspector in problem.inspectors]
    return list(dict.fromkeys([*bases, *(inspectee.place for inspectee in problem.inspectees)]))


def _table_part(table: Sequence[Sequence[int]], rows: Sequence[int]) -> NDArray[np.int64]:
    part = np.empty((len(rows), len(rows)), dtype=np.int64)
    for k, row in enumerate(rows):
        part[k] = np.array(table[row], dtype=np.int64)[rows]
    return part


def _great_circle_table(travel: GreatCircle, places: Sequence[Place]) -> NDArray[np.int64]:
    """The lengths at once, and those that lie too near to a whole number again one by one."""
    lat = np.radians(np.array([place.lat for place in places], dtype=np.float64))
    lon = np.array([place.lon for place in places], dtype=np.float64)
    cosines = np.cos(lat)
    h = np.sin((lat[None, :] - lat[:, None]) / 2) ** 2
    h += np.outer(cosines, cosines) * np.sin(np.radians(lon[None, :] - lon[:, None]) / 2) ** 2
    length = 2 * EARTH_RADIUS_METRES * np.arcsin(np.minimum(1.0, np.sqrt(h))) * travel.detour_percent / 100
    near = np.abs(length - np.rint(length)) < _DOUBTFUL_METRES + _DOUBTFUL_PART * length
    doubtful = near | (h > _ILL_CONDITIONED)
    metres: NDArray[np.int64] = np.floor(length).astype(np.int64)
    for a, b in np.argwhere(np.triu(doubtful, 1)):
        metres[a, b] = metres[b, a] = great_circle_metres(travel, places[a], places[b])
    np.fill_diagonal(metres, 0)
    return metres


class Minutes:
    """Minutes of single drives, each computed when first asked for: where few of many places matter."""

    def __init__(self, problem: Problem) -> None:
        self._travel = problem.travel
        self._places = {place.id: (k, place) for k, place in enumerate(problem.places)}
        self._known: dict[tuple[str, str], int] = {}

    def between(self, start: str, end: str) -> int:
        """Minutes of the drive from one place to another, by their ids."""
        key = (start, end)
        if key not in self._known:
            (row, a), (column, b) = self._places[start], self._places[end]
            if isinstance(self._travel, Matrix):
                self._known[key] = self._travel.minutes[row][column]
            else:
                self._known[key] = -(-great_circle_metres(self._travel, a, b) // self._travel.metres_per_minute)
        return self._known[key]
