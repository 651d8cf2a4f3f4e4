"""The planning problem as immutable values: what is given (docs/contract.md section 1).

Units are in the names: half-days, metres, minutes, days. Every id is a string and unique among its kind.
A ``Problem`` that exists is valid: its references and ranges were checked when it was built.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, NamedTuple

from solver.errors import InputError, InvalidInput
from solver.limits import MAX_DAYS, MAX_NUMBER, MAX_PERSON_DAYS, MAX_STARTS, MAX_TOTAL, MAX_VISITS
from solver.validation import (
    Distinct,
    Holds,
    Identifies,
    MayBeAbsent,
    RefersTo,
    Since,
    Within,
    errors_in,
    ids_of,
    repeated_ids,
    shown,
)

Half = Literal["am", "pm"]

LEAD = "lead"
"""The tag that a team's leader bears where a visit requires it."""

MAX_HALF_DAYS = 10
"""The longest visit, in half-days."""

SHOWN_OF_CYCLE = 12
"""Visits of a cycle of precedences that its error names."""

Id = Annotated[str, Identifies()]
PlaceId = Annotated[str, RefersTo(("places",))]
PeriodId = Annotated[str, RefersTo(("periods",))]
InspectorId = Annotated[str, RefersTo(("inspectors",))]
InspecteeId = Annotated[str, RefersTo(("inspectees",))]
ResourceId = Annotated[str, RefersTo(("resources",))]
VisitId = Annotated[str, RefersTo(("visits",))]
KnownVisitId = Annotated[str, RefersTo(("visits", "history"))]

Count = Annotated[int, Within(0, MAX_NUMBER)]
PositiveCount = Annotated[int, Within(1, MAX_NUMBER)]
VisitLength = Annotated[int, Within(1, MAX_HALF_DAYS)]
Weekday = Annotated[int, Within(1, 7)]


class DateRange(NamedTuple):
    """Days from ``first`` to ``last``, both inclusive; empty when they are reversed."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in the range."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Place:
    """A point, WGS 84 degrees."""

    id: Id
    lon: Annotated[float, Within(-180, 180)]
    lat: Annotated[float, Within(-90, 90)]


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """Travel along the great circle, lengthened by a detour and driven at one speed."""

    model: ClassVar[str] = "great_circle"

    detour_percent: Count
    metres_per_minute: PositiveCount


@dataclass(frozen=True, slots=True)
class Matrix:
    """Travel read from tables in the order of the places; rows are where the drive begins."""

    model: ClassVar[str] = "matrix"

    metres: tuple[tuple[Count, ...], ...]
    minutes: tuple[tuple[Count, ...], ...]

    def shape_errors(self, places: int) -> Iterator[InputError]:
        """Both tables have a row per place, and in each row a number per place."""
        for name, table in (("metres", self.metres), ("minutes", self.minutes)):
            if len(table) != places:
                yield InputError(f".travel.{name}", f"has {len(table)} rows for {places} places")
            for position, row in enumerate(table):
                if len(row) != places:
                    yield InputError(f".travel.{name}[{position}]", f"has {len(row)} columns for {places} places")


Travel = GreatCircle | Matrix


@dataclass(frozen=True, slots=True)
class Period:
    """A school term, a calendar year, …; periods may overlap."""

    id: Id
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who can be in a team; the caps are half-days on duty, ``None`` is no cap.

    ``level`` is the half-days in a calendar month above which the part ``overload`` counts, ``None`` is no level;
    ``overnight_metres`` replaces the problem's price of a night.
    """

    id: Id
    base: PlaceId
    tags: frozenset[str]
    share: Count
    unavailable: tuple[DateRange, ...] = ()
    weekdays: Annotated[frozenset[Weekday], Holds(1, 7)] | None = None
    half_days_per_month: Count | None = None
    half_days_per_year: Count | None = None
    load_before: Annotated[Count, MayBeAbsent()] = 0
    level: Annotated[Count | None, Since(2)] = None
    overnight_metres: Annotated[Count | None, Since(2)] = None


@dataclass(frozen=True, slots=True)
class Inspectee:
    """A school or a banner's government, where visits take place."""

    id: Id
    place: PlaceId
    closed: tuple[DateRange, ...] = ()
    max_burden: Annotated[Mapping[PeriodId, Count], MayBeAbsent()] = field(default_factory=dict)
    min_gap_days: Count | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """Cars of an office, one host team of a banner, …: so many visits at once."""

    id: Id
    capacity: Count


@dataclass(frozen=True, slots=True)
class TeamNeed:
    """How many members, from which pool (any of its tags), with how many bearers of which tags."""

    size: PositiveCount
    pool: tuple[str, ...]
    requires: Mapping[str, Count] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection to plan; ``earliest`` bounds its first day, ``latest`` its last.

    ``buffer_days`` replaces the problem's.
    """

    id: Id
    inspectee: InspecteeId
    program: str
    half_days: VisitLength
    earliest: date
    latest: date
    team: TeamNeed
    weight: PositiveCount
    burden: Count
    excluded: frozenset[InspectorId] = frozenset()
    prefers: frozenset[InspectorId] = frozenset()
    resources: Annotated[tuple[ResourceId, ...], Distinct()] = ()
    buffer_days: Annotated[Count | None, Since(2)] = None

    def own_errors(self) -> Iterator[InputError]:
        """Nobody is excluded and preferred at once."""
        if both := self.excluded & self.prefers:
            yield InputError(".prefers", f"{', '.join(sorted(both))} is excluded too")


@dataclass(frozen=True, slots=True)
class Precedence:
    """``after`` begins ``min_days`` to ``max_days`` after the last day of ``before``."""

    before: KnownVisitId
    after: KnownVisitId
    min_days: Count
    max_days: Count | None = None


@dataclass(frozen=True, slots=True)
class Separation:
    """Two visits in either order: the later begins at least ``min_days`` after the last day of the earlier."""

    visits: Annotated[tuple[KnownVisitId, ...], Holds(2, 2)]
    min_days: PositiveCount

    def own_errors(self) -> Iterator[InputError]:
        """The two visits differ."""
        if len(self.visits) > len(set(self.visits)):
            yield InputError(".visits", f"{shown(self.visits[0])} cannot be separated from itself")


@dataclass(frozen=True, slots=True)
class Pin:
    """A visit that must stand on this day and half, and with this team unless ``team`` is ``None``."""

    visit: VisitId
    day: date
    half: Half
    team: Annotated[tuple[InspectorId, ...], Distinct()] | None = None
    leader: InspectorId | None = None


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit carried out or under way; it may name people, units and resources that are gone."""

    visit: Id
    inspectee: str
    day: date
    half: Half
    half_days: VisitLength
    team: Annotated[tuple[str, ...], Distinct()]
    burden: Count
    resources: Annotated[tuple[str, ...], Distinct()] = ()

    def own_errors(self) -> Iterator[InputError]:
        """More than one half-day begins in the morning; the last day is a date."""
        if self.half_days > 1 and self.half != "am":
            yield InputError(".half", f"{self.half_days} half-days begin am")
        if self.day.toordinal() + (self.half_days - 1) // 2 > date.max.toordinal():
            yield InputError(".day", "the last day is beyond the calendar")


@dataclass(frozen=True, slots=True)
class BaselineAssignment:
    """Where a visit stands in the plan now in force; it may name what has left the problem."""

    visit: Id
    day: date
    half: Half
    team: Annotated[tuple[str, ...], Distinct()]
    leader: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each score part costs; the part ``travel`` is weighted by the kilometre.

    A problem of edition 1 has no part ``overload``: the weight is ``None``.
    """

    unscheduled: Count
    travel: Count
    balance: Count
    buffer: Count
    preference: Count
    change_day: Count
    change_half: Count
    change_member: Count
    overload: Annotated[Count | None, Since(2, required=True)] = None


@dataclass(frozen=True, slots=True)
class Problem:
    """All that is given; building one raises ``InvalidInput`` with every error found."""

    name: str
    days: Annotated[tuple[date, ...], Holds(0, MAX_DAYS)]
    places: tuple[Place, ...]
    travel: Travel
    transfer_max_minutes: Count
    overnight_metres: Count
    far_minutes: Count
    periods: tuple[Period, ...]
    inspectors: tuple[Inspector, ...]
    inspectees: tuple[Inspectee, ...]
    resources: tuple[Resource, ...]
    visits: Annotated[tuple[Visit, ...], Holds(0, MAX_VISITS)]
    precedences: tuple[Precedence, ...]
    pins: tuple[Pin, ...]
    baseline: tuple[BaselineAssignment, ...]
    balance_groups: tuple[str, ...]
    buffer_days: Count
    weights: Weights
    history: Annotated[tuple[PastVisit, ...], MayBeAbsent()] = ()
    evening_max_minutes: Annotated[Count | None, Since(2)] = None
    separations: Annotated[tuple[Separation, ...], Since(2), MayBeAbsent()] = ()

    def __post_init__(self) -> None:
        if errors := errors_in(self, ids_of(self)):
            raise InvalidInput(errors)

    @property
    def edition(self) -> int:
        """The edition of the contract that the problem follows: 2 if the part ``overload`` is weighted, else 1."""
        return 1 if self.weights.overload is None else 2

    def night_metres_of(self, inspector: Inspector) -> int:
        """What a night away from home costs the inspector, in metres."""
        return self.overnight_metres if inspector.overnight_metres is None else inspector.overnight_metres

    def buffer_days_of(self, visit: Visit) -> int:
        """The days that the visit should leave between its end and its latest day."""
        return self.buffer_days if visit.buffer_days is None else visit.buffer_days

    def coupled_visits(self) -> Iterator[tuple[str, str]]:
        """Pairs of visits, some of the history, whose days depend on each other: by a precedence or a separation."""
        for precedence in self.precedences:
            yield precedence.before, precedence.after
        for separation in self.separations:
            one, other = separation.visits
            yield one, other

    def own_errors(self) -> Iterator[InputError]:
        """What must hold between the lists, beyond the references that each field names."""
        yield from repeated_ids(self)
        for position, (before, after) in enumerate(pairwise(self.days), start=1):
            if before >= after:
                yield InputError(f".days[{position}]", f"{after} does not come after {before}")
        if isinstance(self.travel, Matrix):
            yield from self.travel.shape_errors(len(self.places))
        yield from self._history_errors()
        yield from self._cycle_errors()
        yield from self._separation_errors()
        if self.edition == 1 and (used := next(self._uses_of_edition_2(), None)):
            yield InputError(".weights", f'the key "overload" is missing; {used} is of edition 2, which needs it')
        if self.weights.unscheduled * sum(visit.weight for visit in self.visits) > MAX_TOTAL:
            yield InputError(".weights.unscheduled", f"with the visits' weights it adds up to more than {MAX_TOTAL}")
        yield from self._size_errors()

    def _size_errors(self) -> Iterator[InputError]:
        """Sizes that each list keeps to by itself, but not together with the days."""
        days = len(self.days)
        if len(self.inspectors) * days > MAX_PERSON_DAYS:
            why = f"{len(self.inspectors)} inspectors on {days} days are more than {MAX_PERSON_DAYS}; plan fewer days"
            yield InputError(".inspectors", why)
        if 2 * days * len(self.visits) > MAX_STARTS:
            starts = sum(
                2 * max(0, bisect_right(self.days, visit.latest) - bisect_left(self.days, visit.earliest))
                for visit in self.visits
            )
            if starts > MAX_STARTS:
                why = f"their windows hold {starts} half-days, more than {MAX_STARTS}; plan fewer visits or days"
                yield InputError(".visits", why)

    def _history_errors(self) -> Iterator[InputError]:
        planned = {visit.id for visit in self.visits}
        for position, past in enumerate(self.history):
            if past.visit in planned:
                yield InputError(f".history[{position}].visit", f"{shown(past.visit)} is one of the visits to plan too")

    def _separation_errors(self) -> Iterator[InputError]:
        """Pairs that a separation further up names, in either order."""
        seen: dict[frozenset[str], int] = {}
        for position, separation in enumerate(self.separations):
            first = seen.setdefault(frozenset(separation.visits), position)
            if first < position:
                pair = " and ".join(shown(visit) for visit in separation.visits)
                yield InputError(f".separations[{position}]", f"{pair} are separated by separations[{first}] already")

    def _uses_of_edition_2(self) -> Iterator[str]:
        """The keys of edition 2 that the problem uses, beside the weight."""
        if self.evening_max_minutes is not None:
            yield "evening_max_minutes"
        if self.separations:
            yield "separations"
        for name, keys, entries in (
            ("inspectors", ("level", "overnight_metres"), self.inspectors),
            ("visits", ("buffer_days",), self.visits),
        ):
            for position, entry in enumerate(entries):
                yield from (f"{name}[{position}].{key}" for key in keys if getattr(entry, key) is not None)

    def _cycle_errors(self) -> Iterator[InputError]:
        """A visit that waits for itself, directly or through others."""
        waits_for: dict[str, list[str]] = {}
        for precedence in self.precedences:
            waits_for.setdefault(precedence.after, []).append(precedence.before)
        try:
            TopologicalSorter(waits_for).prepare()
        except CycleError as error:
            around = error.args[1]
            shortened = around if len(around) <= SHOWN_OF_CYCLE else [*around[:SHOWN_OF_CYCLE], "…"]
            yield InputError(".precedences", "a cycle: " + " before ".join(shortened))
