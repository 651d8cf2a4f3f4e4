"""Who drives how far and sleeps away how often, by visit and day: the contract's travel, split into its drives.

The planner's score sums the same drives (docs/contract.md, ``travel``): from base to the first place of the day, on to
the second, and home; between two consecutive dates of duty home or a night away, whichever is less; a drive between
base and a place that takes longer than ``far_minutes`` costs a night more. Each drive and each night belongs to one
visit, so what is split by visit adds up to the whole: a drive belongs to the visit that it leads to, the drive home to
the one that it comes from, and a night away to the last visit of the day before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from app.accounts.settings import RuleSettings
from app.planning.drive import Drive, Point, drive

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """Half a day of somebody on duty: ``half`` is 0 in the morning and 1 in the afternoon.

    ``night_metres`` is the person's price of a night away, the one of the rules where it is ``None``.
    """

    person_id: int
    base: Point
    visit_id: int
    place: Point
    day: date
    half: int
    night_metres: int | None = None


@dataclass(frozen=True, slots=True)
class TripPart:
    """What a visit costs somebody on a day: metres on the road, and nights away."""

    visit_id: int
    day: date
    metres: int
    nights: int


@dataclass(slots=True)
class Roads:
    """Drives by the rules' detour and speed, each worked out once."""

    rules: RuleSettings
    _known: dict[tuple[Point, Point], Drive] = field(default_factory=dict)

    def _drive(self, one: Point, other: Point) -> Drive:
        key = (one, other) if one <= other else (other, one)
        if key not in self._known:
            self._known[key] = drive(self.rules, *key) if one != other else Drive(0, 0)
        return self._known[key]

    def metres(self, one: Point, other: Point) -> int:
        """The length of the drive."""
        return self._drive(one, other).metres

    def is_far(self, base: Point, place: Point) -> bool:
        """Whether one sets out the evening before, or comes home the morning after."""
        return self._drive(base, place).minutes > self.rules.far_minutes

    def stays_away(self, last: Stop, place: Point) -> bool:
        """Whether a night away costs less than going home after a stop and out to the next day's first place."""
        overnight = self.rules.overnight_metres if last.night_metres is None else last.night_metres
        far = self.is_far(last.base, last.place) + self.is_far(last.base, place)
        home = self.metres(last.place, last.base) + self.metres(last.base, place) + far * overnight
        return self.metres(last.place, place) + overnight < home


def trip_parts(stops: Iterable[Stop], rules: RuleSettings) -> Iterator[TripPart]:
    """The drives and nights of everybody, each with the visit and the day to which it belongs."""
    roads = Roads(rules)
    by_person: dict[int, list[Stop]] = defaultdict(list)
    for stop in stops:
        by_person[stop.person_id].append(stop)
    for person_id in sorted(by_person):
        yield from _of_person(by_person[person_id], roads)


def _of_person(stops: Sequence[Stop], roads: Roads) -> Iterator[TripPart]:
    days = _by_day(stops)
    slept_at: Stop | None = None
    for day in sorted(days):
        today = days[day]
        first, last = today[0], today[-1]
        yield _way_out(first, slept_at, roads)
        for before, after in pairwise(today):
            yield TripPart(after.visit_id, day, roads.metres(before.place, after.place), 0)
        tomorrow = days.get(day + DAY)
        if tomorrow is not None and roads.stays_away(last, tomorrow[0].place):
            slept_at = last
            yield TripPart(last.visit_id, day, 0, 1)
        else:
            slept_at = None
            far = int(roads.is_far(last.base, last.place))
            yield TripPart(last.visit_id, day, roads.metres(last.place, last.base), far)


def _by_day(stops: Sequence[Stop]) -> Mapping[date, list[Stop]]:
    """The visits of each day in their order, each once."""
    days: dict[date, list[Stop]] = defaultdict(list)
    for stop in sorted(stops, key=lambda stop: (stop.day, stop.half)):
        today = days[stop.day]
        if not today or today[-1].visit_id != stop.visit_id:
            today.append(stop)
    return days


def _way_out(first: Stop, slept_at: Stop | None, roads: Roads) -> TripPart:
    """From where one slept to the first place: from base, which may take the evening before, or from the last place."""
    if slept_at is not None:
        return TripPart(first.visit_id, first.day, roads.metres(slept_at.place, first.place), 0)
    return TripPart(
        first.visit_id, first.day, roads.metres(first.base, first.place), int(roads.is_far(first.base, first.place))
    )
