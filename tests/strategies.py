"""Random small problems built around a hidden plan that keeps every rule.

The plan is drawn first; windows, closures, absences, caps, limits, gaps, capacities, orders and pins are then drawn so
that it still stands. Nothing here asks the solver or its checker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import combinations, permutations
from typing import TypeVar

from hypothesis import strategies as st

from solver.plan import Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import (
    BaselineAssignment,
    DateRange,
    GreatCircle,
    Half,
    Inspectee,
    Inspector,
    Matrix,
    PastVisit,
    Period,
    Pin,
    Place,
    Precedence,
    Problem,
    Resource,
    Separation,
    TeamNeed,
    Travel,
    Visit,
    Weights,
)
from solver.reasons import Reason

POOLS = ("pool:a", "pool:b")
SKILLS = ("lead", "finance")
HALVES: tuple[Half, Half] = ("am", "pm")
LENGTHS = (1, 1, 1, 2, 2, 3, 4, 5)

T = TypeVar("T")
HalfDay = tuple[date, Half]


@dataclass(frozen=True)
class Hidden:
    """A problem and a plan of it that keeps every rule."""

    problem: Problem
    plan: Plan


@dataclass(frozen=True)
class Stand:
    """A visit where the hidden plan, or the history, has it."""

    id: str
    inspectee: str
    half_days: tuple[HalfDay, ...]
    burden: int
    team: tuple[str, ...]
    resources: tuple[str, ...]
    past: bool

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({day for day, _ in self.half_days}))


@st.composite
def hidden_plans(draw: st.DrawFn, most_visits: int = 5) -> Hidden:
    """A problem of at most so many visits with a valid plan; some visits are left out of it."""
    return _Builder(draw).build(most_visits)


class _Builder:
    """Draws the frame, then where each visit stands, then rules around that."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.days = self._inspection_days()
        self.places = tuple(
            Place(f"p{k}", lon=118 + self.number(0, 99) / 100, lat=42 + self.number(0, 99) / 100)
            for k in range(self.number(1, 3))
        )
        self.travel = self._travel()
        self.transfer_max_minutes = self.number(0, 60)
        self.inspectors = tuple(f"i{k}" for k in range(self.number(1, 4)))
        self.tags = {who: frozenset({self.one_of(POOLS), *self.some_of((*POOLS, *SKILLS))}) for who in self.inspectors}
        self.place_of = {f"e{k}": self.number(0, len(self.places) - 1) for k in range(self.number(1, 3))}
        self.resources = tuple(f"r{k}" for k in range(self.number(0, 2)))
        self.stands: list[Stand] = []
        self.is_second_edition = self.number(0, 3) > 0

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def perhaps(self) -> bool:
        return self.draw(st.booleans())

    def one_of(self, choices: Sequence[T]) -> T:
        return self.draw(st.sampled_from(choices))

    def some_of(self, choices: Iterable[T]) -> tuple[T, ...]:
        return tuple(choice for choice in choices if self.perhaps())

    def build(self, most_visits: int) -> Hidden:
        past = [f"h{k}" for k in range(self.number(0, 2))]
        history = tuple(self._past_visit(stand) for name in past if (stand := self._stand(name, past=True)))
        planned: dict[str, Stand | None] = {
            f"v{k}": self._stand(f"v{k}", past=False) for k in range(self.number(1, most_visits))
        }
        visits = tuple(self._visit(name, stand) for name, stand in planned.items())
        assignments = tuple(
            self._assignment(visit, stand) for visit in visits if (stand := planned[visit.id]) is not None
        )
        periods = self._periods()
        problem = Problem(
            name="drawn",
            days=self.days,
            places=self.places,
            travel=self.travel,
            transfer_max_minutes=self.transfer_max_minutes,
            overnight_metres=self.number(0, 60_000),
            far_minutes=self.number(0, 120),
            periods=periods,
            inspectors=tuple(self._inspector(who) for who in self.inspectors),
            inspectees=tuple(self._inspectee(which, periods) for which in self.place_of),
            resources=tuple(self._resource(which) for which in self.resources),
            visits=visits,
            precedences=tuple(self._precedences(planned)),
            pins=tuple(self._pin(assignment) for assignment in self.some_of(assignments)),
            baseline=tuple(self._baseline(visits)),
            balance_groups=self.some_of((*POOLS, "finance")),
            buffer_days=self.number(0, 9),
            weights=self._weights(),
            history=history,
            evening_max_minutes=self._evening_max_minutes(),
            separations=tuple(self._separations(planned)) if self.is_second_edition else (),
        )
        left_out = [name for name, stand in planned.items() if stand is None]
        plan = Plan(
            problem=problem.name,
            assignments=assignments,
            unscheduled=tuple(Unscheduled(name, (Reason("capacity"),)) for name in left_out),
            score=Score(),
            status=PlanStatus.FEASIBLE,
        )
        return Hidden(problem, plan)

    def second_edition(self, low: int, high: int) -> int | None:
        """A number for a key of edition 2, or none."""
        return self.number(low, high) if self.is_second_edition and self.perhaps() else None

    # The frame

    def _inspection_days(self) -> tuple[date, ...]:
        first = self.one_of((date(2024, 12, 27), date(2025, 2, 24), date(2025, 3, 3)))
        kept = self.draw(st.lists(st.booleans(), min_size=3, max_size=10))
        return (first, *(first + timedelta(days=k) for k, keep in enumerate(kept, start=1) if keep))

    def _weights(self) -> Weights:
        weights = {field.name: self.number(0, 9) for field in fields(Weights)}
        return Weights(**weights) if self.is_second_edition else replace(Weights(**weights), overload=None)

    def _travel(self) -> Travel:
        if self.perhaps():
            return GreatCircle(detour_percent=self.number(100, 150), metres_per_minute=self.number(300, 1000))
        count = len(self.places)
        metres, minutes = (
            tuple(tuple(self.number(0, most) for _ in range(count)) for _ in range(count)) for most in (90_000, 90)
        )
        return Matrix(metres, minutes)

    # Where the visits stand

    def _stand(self, name: str, *, past: bool) -> Stand | None:
        """Where the visit stands beside those before it; ``None`` if there is no room.

        The history has dates that are no inspection days, too.
        """
        length = self.one_of(LENGTHS)
        inspectee = self.one_of(tuple(self.place_of))
        first, last = (self.days[0].toordinal() - 2, self.days[-1].toordinal() + 2)
        days = tuple(date.fromordinal(k) for k in range(first, last + 1)) if past and self.perhaps() else self.days
        starts = [run for run in self._runs(days, length) if self._is_free(inspectee, run)]
        if not starts or (not past and self.number(0, 9) == 5):
            return None
        half_days = self.one_of(starts)
        able = [who for who in self.inspectors if self._can_be_there(who, inspectee, half_days)]
        if not able:
            return None
        team = tuple(self.draw(st.permutations(able))[: self.number(1, min(3, len(able)))])
        stand = Stand(name, inspectee, half_days, self.number(0, 2), team, self.some_of(self.resources), past)
        self.stands.append(stand)
        return stand

    def _runs(self, days: Sequence[date], length: int) -> Iterator[tuple[HalfDay, ...]]:
        if length == 1:
            yield from (((day, half),) for day in days for half in HALVES)
            return
        for first in days:
            run = tuple((first + timedelta(days=k // 2), HALVES[k % 2]) for k in range(length))
            if all(day in days for day, _ in run):
                yield run

    def _is_free(self, inspectee: str, run: Iterable[HalfDay]) -> bool:
        taken = {half_day for stand in self.stands if stand.inspectee == inspectee for half_day in stand.half_days}
        return taken.isdisjoint(run)

    def _can_be_there(self, who: str, inspectee: str, run: Sequence[HalfDay]) -> bool:
        """Free in all half-days; on the first and last day, every other visit is one in the same place.

        Or by table within the longest transfer; along the great circle nobody changes places within a day.
        """
        for stand in self.stands:
            if who not in stand.team:
                continue
            if not set(stand.half_days).isdisjoint(run):
                return False
            for day, half in stand.half_days:
                for other_day, other_half in run:
                    if day == other_day and half != other_half:
                        order = (stand.inspectee, inspectee) if half == "am" else (inspectee, stand.inspectee)
                        if not self._is_near(*order):
                            return False
        return True

    def _is_near(self, morning: str, afternoon: str) -> bool:
        start, end = self.place_of[morning], self.place_of[afternoon]
        if isinstance(self.travel, Matrix):
            return self.travel.minutes[start][end] <= self.transfer_max_minutes
        return start == end

    # The rules around them

    def _visit(self, name: str, stand: Stand | None) -> Visit:
        earliest, latest = self.one_of(self.days), self.one_of(self.days)
        team = TeamNeed(size=self.number(1, 3), pool=self.one_of((("pool:a",), POOLS)), requires={})
        excluded = frozenset(self.some_of(self.inspectors))
        if stand is not None:
            earliest = stand.days[0] - timedelta(days=self.number(0, 3))
            latest = stand.days[-1] + timedelta(days=self.number(0, 3))
            team = self._team_need(stand.team)
            excluded -= set(stand.team)
        return Visit(
            id=name,
            inspectee=stand.inspectee if stand else self.one_of(tuple(self.place_of)),
            program=self.one_of(("comprehensive", "routine")),
            half_days=len(stand.half_days) if stand else self.one_of(LENGTHS),
            earliest=earliest,
            latest=latest,
            team=team,
            weight=self.number(1, 3),
            burden=stand.burden if stand else self.number(0, 2),
            excluded=excluded,
            prefers=frozenset(self.some_of(self.inspectors)) - excluded,
            resources=stand.resources if stand else self.some_of(self.resources),
            buffer_days=self.second_edition(0, 9),
        )

    def _team_need(self, team: Sequence[str]) -> TeamNeed:
        borne = Counter(tag for who in team for tag in self.tags[who])
        pool = POOLS if self.perhaps() or any("pool:a" not in self.tags[who] for who in team) else ("pool:a",)
        requires = {tag: self.number(0, borne[tag]) for tag in self.some_of(SKILLS)}
        return TeamNeed(size=len(team), pool=pool, requires=requires)

    def _assignment(self, visit: Visit, stand: Stand) -> Assignment:
        day, half = stand.half_days[0]
        leaders = [who for who in stand.team if "lead" in self.tags[who]]
        must_lead = visit.team.requires.get("lead", 0) >= 1
        leader = self.one_of(leaders) if must_lead or (leaders and self.perhaps()) else None
        return Assignment(visit.id, day, half, stand.team, leader)

    def _past_visit(self, stand: Stand) -> PastVisit:
        day, half = stand.half_days[0]
        team = (*stand.team, "left")[: len(stand.team) + self.number(0, 1)]
        return PastVisit(
            stand.id, stand.inspectee, day, half, len(stand.half_days), team, stand.burden, stand.resources
        )

    def _inspector(self, who: str) -> Inspector:
        worked = [half_day for stand in self.stands if who in stand.team for half_day in stand.half_days]
        planned = [day for stand in self.stands if who in stand.team and not stand.past for day in stand.days]
        by_month = Counter((day.year, day.month) for day, _ in worked)
        by_year = Counter(day.year for day, _ in worked)
        weekdays = {day.isoweekday() for day in planned} | set(self.some_of(range(1, 8))) or {1}
        return Inspector(
            id=who,
            base=self.one_of(self.places).id,
            tags=self.tags[who],
            share=self.number(0, 3),
            unavailable=self._ranges_beside(planned),
            weekdays=frozenset(weekdays) if self.perhaps() else None,
            half_days_per_month=max(by_month.values(), default=0) + self.number(0, 2) if self.perhaps() else None,
            half_days_per_year=max(by_year.values(), default=0) + self.number(0, 2) if self.perhaps() else None,
            load_before=self.number(0, 5),
            level=self.second_edition(0, 4),
            overnight_metres=self.second_edition(0, 60_000),
        )

    def _inspectee(self, which: str, periods: Sequence[Period]) -> Inspectee:
        stands = [stand for stand in self.stands if stand.inspectee == which]
        planned = [day for stand in stands if not stand.past for day in stand.days]
        gaps = [
            abs((later.days[0] - earlier.days[-1]).days)
            for one, other in combinations((stand for stand in stands if stand.burden), 2)
            for earlier, later in [sorted((one, other), key=lambda stand: stand.half_days[0])]
        ]
        max_burden = {
            period.id: sum(stand.burden for stand in stands if period.first <= stand.days[0] <= period.last)
            + self.number(0, 1)
            for period in self.some_of(periods)
        }
        return Inspectee(
            id=which,
            place=self.places[self.place_of[which]].id,
            closed=self._ranges_beside(planned),
            max_burden=max_burden,
            min_gap_days=self.number(0, min(gaps, default=5)) if self.perhaps() else None,
        )

    def _ranges_beside(self, days: Sequence[date]) -> tuple[DateRange, ...]:
        """Up to two ranges of dates that hold none of the days."""
        ranges = []
        for _ in range(self.number(0, 2)):
            first = self.one_of(self.days)
            last = first + timedelta(days=self.number(0, 3))
            if not any(first <= day <= last for day in days):
                ranges.append(DateRange(first, last))
        return tuple(ranges)

    def _periods(self) -> tuple[Period, ...]:
        return tuple(
            Period(f"t{k}", first, first + timedelta(days=self.number(0, 20)))
            for k in range(self.number(0, 2))
            for first in [self.one_of(self.days)]
        )

    def _resource(self, which: str) -> Resource:
        under_way = Counter(
            half_day for stand in self.stands if which in stand.resources for half_day in stand.half_days
        )
        return Resource(which, capacity=max(under_way.values(), default=0) + self.number(0, 1))

    def _precedences(self, planned: dict[str, Stand | None]) -> Iterator[Precedence]:
        for one, other in combinations(sorted(self.stands, key=lambda stand: stand.half_days[0]), 2):
            days = (other.days[0] - one.days[-1]).days
            if not other.past and one.half_days[-1] < other.half_days[0] and self.number(0, 3) == 0:
                most = days + self.number(0, 2) if self.perhaps() else None
                yield Precedence(one.id, other.id, self.number(0, days), most)
        for name in (name for name, stand in planned.items() if stand is None):
            if self.stands and self.perhaps():
                yield Precedence(self.one_of(self.stands).id, name, self.number(0, 3))

    def _evening_max_minutes(self) -> int | None:
        """The longest drive between an afternoon and the next morning of the hidden plan, and some minutes more.

        Along the great circle there is a limit only if nobody changes places overnight.
        """
        drives = [0, *self._evening_drives()]
        if None in drives:
            return None
        return self.second_edition(longest := max(minutes for minutes in drives if minutes is not None), longest + 30)

    def _evening_drives(self) -> Iterator[int | None]:
        """Minutes of each, ``None`` if not known."""
        for evening, morning in permutations(self.stands, 2):
            follows = any(
                half == "pm" and (day + timedelta(days=1), "am") in morning.half_days for day, half in evening.half_days
            )
            if follows and not (evening.past and morning.past) and set(evening.team) & set(morning.team):
                start, end = self.place_of[evening.inspectee], self.place_of[morning.inspectee]
                if isinstance(self.travel, Matrix):
                    yield self.travel.minutes[start][end]
                else:
                    yield 0 if start == end else None

    def _separations(self, planned: dict[str, Stand | None]) -> Iterator[Separation]:
        """Between stands as many days as there are, or fewer; of a visit without a stand any number."""
        for one, other in combinations(sorted(self.stands, key=lambda stand: stand.half_days[0]), 2):
            days = (other.days[0] - one.days[-1]).days
            if days >= 1 and self.number(0, 3) == 0:
                yield Separation(tuple(self.draw(st.permutations((one.id, other.id)))), self.number(1, days))
        for name in (name for name, stand in planned.items() if stand is None):
            if self.stands and self.perhaps():
                yield Separation((name, self.one_of(self.stands).id), self.number(1, 5))

    def _pin(self, assignment: Assignment) -> Pin:
        team = assignment.team if self.perhaps() else None
        return Pin(assignment.visit, assignment.day, assignment.half, team)

    def _baseline(self, visits: Iterable[Visit]) -> Iterator[BaselineAssignment]:
        for visit in self.some_of(visits):
            half = "am" if visit.half_days > 1 else self.one_of(HALVES)
            team = self.some_of((*self.inspectors, "left"))
            yield BaselineAssignment(visit.id, self.one_of(self.days), half, team)
        if self.perhaps():
            yield BaselineAssignment("left", self.days[0], "am", self.inspectors[:1])
