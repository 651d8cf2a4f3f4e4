"""What Timefold plans: visits with a start, seats with a person; what the search looks up are whole numbers.

Timefold compiles these classes and the constraints to Java, which knows no dates: days are
counted from the first, a start is twice the day and one more in the afternoon. Things are equal only to themselves:
comparing them field by field would take most of the time.
"""

from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import HardMediumSoftScore


@dataclass(eq=False)
class Half:
    """A half-day."""

    slot: int


@dataclass(eq=False)
class Start:
    """When a visit of a length may begin, what it then takes, and where that lies.

    ``last`` is the last day; ``month`` and ``year`` are numbers, and so is ``run``, which days without a day between
    have in common.
    """

    slot: int
    day: int
    last: int
    month: int
    year: int
    run: int
    halves: list[Half]


@dataclass(eq=False)
class Place:
    """A place with the metres to each other."""

    number: int
    drives: list[int]


@dataclass(eq=False)
class Unit:
    """Where visits take place."""

    gap: int


@dataclass(eq=False)
class Limit:
    """What may be borne within something: a unit in a period, or a resource in a half-day."""

    most: int


@dataclass(eq=False)
class LimitedPeriod:
    """The days, from the first to the last, of a limit."""

    first: int
    last: int
    limit: Limit


@dataclass(eq=False)
class Car:
    """A resource with a limit for each half-day."""

    halves: list[Limit]


@dataclass(eq=False)
class Person:
    """An inspector; ``ways`` are metres to each place, far surcharge included, ``target`` the fair load.

    ``free`` is by day from the first: how many days in a row they work.
    """

    number: int
    month_cap: int
    year_cap: int
    target: int
    night: int
    tags: list[int]
    ways: list[int]
    free: list[int]


@planning_entity
@dataclass(eq=False)
class Visit:
    """A visit; it stands if it has a start. ``reach`` is how far in metres one may drive at noon."""

    id: Annotated[int, PlanningId]
    place: Place
    unit: Unit
    half_days: int
    days: int
    latest: int
    buffer: int
    weight: int
    burden: int
    reach: int
    requires: list[int]
    requires_count: list[int]
    prefers: list[int]
    cars: list[Car]
    periods: list[LimitedPeriod]
    starts: Annotated[list[Start], ValueRangeProvider(id="starts")]
    start: Annotated[Start | None, PlanningVariable(value_range_provider_refs=["starts"], allows_unassigned=True)] = (
        field(default=None)
    )

    def end(self) -> int:
        """The half-day after the last."""
        return self.start.slot + self.half_days

    def taken(self) -> list[Limit]:
        """Each half-day of a resource that the visit takes."""
        taken = []
        for car in self.cars:
            for half in self.start.halves:
                taken.append(car.halves[half.slot])
        return taken

    def limits(self) -> list[Limit]:
        """The limited periods in which the visit begins."""
        limits = []
        for period in self.periods:
            if period.first <= self.start.day and self.start.day <= period.last:
                limits.append(period.limit)
        return limits


@dataclass(eq=False)
class Precedence:
    """Which visit follows which, by their ids, after how many days.

    Not the visits themselves: Timefold works on copies of them.
    """

    before: int
    after: int
    least: int
    most: int


@planning_entity
@dataclass(eq=False)
class Seat:
    """One place in the team of a visit."""

    id: Annotated[int, PlanningId]
    visit: Visit
    people: Annotated[list[Person], ValueRangeProvider(id="people")]
    person: Annotated[Person | None, PlanningVariable(value_range_provider_refs=["people"])] = field(default=None)


@planning_solution
@dataclass(eq=False)
class Schedule:
    """The whole problem and, once solved, its plan."""

    people: Annotated[list[Person], ProblemFactCollectionProperty]
    precedences: Annotated[list[Precedence], ProblemFactCollectionProperty]
    visits: Annotated[list[Visit], PlanningEntityCollectionProperty]
    seats: Annotated[list[Seat], PlanningEntityCollectionProperty]
    score: Annotated[HardMediumSoftScore, PlanningScore] = field(default=None)
