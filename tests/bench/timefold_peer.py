"""A peer: Timefold with its default construction and late acceptance. It plans with great circles only."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    EnvironmentMode,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)

from solver.plan import Assignment
from solver.problem import GreatCircle, Inspectee, Inspector, Problem
from solver.problem import Visit as GivenVisit
from tests.bench.peer import Order, run
from tests.bench.plain_cpsat import Drives, days_of, works
from tests.bench.timefold_constraints import constraints
from tests.bench.timefold_domain import (
    Car,
    Limit,
    LimitedPeriod,
    Person,
    Place,
    Precedence,
    Schedule,
    Seat,
    Start,
    Unit,
    Visit,
)

NO_CAP = 10**6
CONVERTING_SHARE = 0.05
"""Of the time, for turning the problem into Java objects and the plan back."""


PHASES = """
<solver>
  <constructionHeuristic><queuedEntityPlacer><entitySelector id="v">
    <entityClass>org.jpyinterpreter.user.tests.bench.timefold_domain.Visit</entityClass>
  </entitySelector></queuedEntityPlacer></constructionHeuristic>
  <constructionHeuristic><queuedEntityPlacer><entitySelector id="s">
    <entityClass>org.jpyinterpreter.user.tests.bench.timefold_domain.Seat</entityClass>
  </entitySelector></queuedEntityPlacer></constructionHeuristic>
  <localSearch>
    <localSearchType>LATE_ACCEPTANCE</localSearchType>
    <changeMoveSelector/>
  </localSearch>
</solver>
"""
"""The default phases; swaps are left out, since most find that the other visit cannot have the value."""


class Translation:
    """The problem in the words of the model."""

    def __init__(self, problem: Problem, seed: int) -> None:
        if not isinstance(problem.travel, GreatCircle):
            raise SystemExit("this model plans with great circles only")
        self.problem, self.travel = problem, problem.travel
        self.random = Random(seed)
        self.origin = min(problem.days)
        self.drives = Drives(problem)
        self.places = list(dict.fromkeys(inspectee.place for inspectee in problem.inspectees))
        self.tags = {tag: k for k, tag in enumerate(sorted({tag for who in problem.inspectors for tag in who.tags}))}
        self.place = {
            one: Place(number, [self.drives.metres(one, other) for other in self.places])
            for number, one in enumerate(self.places)
        }
        self.people = [self._person(number, who) for number, who in enumerate(problem.inspectors)]
        self.numbers = {who.id: number for number, who in enumerate(problem.inspectors)}
        self.days = set(problem.days)
        self.given_units = {inspectee.id: inspectee for inspectee in problem.inspectees}
        self.units = {inspectee.id: Unit(inspectee.min_gap_days or 0) for inspectee in problem.inspectees}
        self.at_unit = Counter(visit.inspectee for visit in problem.visits)
        self.cars = {resource.id: self._car(resource.capacity) for resource in problem.resources}
        self.periods = {inspectee.id: self._limited(inspectee) for inspectee in problem.inspectees}
        self.start_of: dict[int, Start] = {}
        self.visits = [self._visit(number, visit) for number, visit in enumerate(problem.visits)]
        self.seats = list(self._seats())

    def schedule(self) -> Schedule:
        """What Timefold is given."""
        ids = {given.id: visit for given, visit in zip(self.problem.visits, self.visits, strict=True)}
        orders = [
            Precedence(
                ids[order.before],
                ids[order.after],
                order.min_days,
                NO_CAP if order.max_days is None else order.max_days,
            )
            for order in self.problem.precedences
        ]
        return Schedule(self.people, orders, self.visits, self.seats)

    def _person(self, number: int, who: Inspector) -> Person:
        problem = self.problem
        ways = []
        for place in self.places:
            metres = self.drives.metres(who.base, place)
            far = self.drives.minutes(who.base, place) > problem.far_minutes
            ways.append(metres + problem.overnight_metres * far)
        horizon = range((max(problem.days) - self.origin).days + 10)
        dates = [self.origin + timedelta(days=day) for day in horizon]
        free = [0] * (len(dates) + 1)
        for day in reversed(horizon):
            free[day] = free[day + 1] + 1 if works(who, [dates[day].toordinal()]) else 0
        return Person(
            number=number,
            month_cap=NO_CAP if who.half_days_per_month is None else who.half_days_per_month,
            year_cap=NO_CAP if who.half_days_per_year is None else who.half_days_per_year,
            target=self._target(who),
            night=problem.overnight_metres,
            tags=[self.tags[tag] for tag in sorted(who.tags)],
            ways=ways,
            free=free,
            months=[(day.year - self.origin.year) * 12 + day.month - 1 for day in dates],
        )

    def _target(self, who: Inspector) -> int:
        """The fair load if everything is planned by the pools that it is meant for."""
        target = 0.0
        for tag in who.tags:
            shares = sum(other.share for other in self.problem.inspectors if tag in other.tags)
            if shares and tag in self.problem.balance_groups:
                work = sum(v.half_days * v.team.size for v in self.problem.visits if v.team.pool == (tag,))
                target += who.share * work / shares
        return round(target)

    def _visit(self, number: int, visit: GivenVisit) -> Visit:
        unit = self.given_units[visit.inspectee]
        return Visit(
            id=number,
            place=self.place[unit.place],
            unit=self.units[unit.id],
            half_days=visit.half_days,
            days=days_of(visit),
            latest=(visit.latest - self.origin).days,
            buffer=self.problem.buffer_days,
            weight=visit.weight,
            parts=1 + visit.team.size + sum(visit.team.requires.values()),
            skills=sum(visit.team.requires.values()),
            burden=visit.burden,
            reach=self.problem.transfer_max_minutes * self.travel.metres_per_minute,
            requires=[self.tags[tag] for tag in visit.team.requires if tag in self.tags],
            requires_count=[count for tag, count in visit.team.requires.items() if tag in self.tags],
            prefers=[self.numbers[who] for who in visit.prefers],
            cars=[self.cars[name] for name in visit.resources],
            periods=self.periods[unit.id] if self.at_unit[unit.id] > 1 else [],
            starts=self._shuffled(self._starts(visit, unit.closed)),
        )

    def _shuffled(self, starts: Iterable[Start]) -> list[Start]:
        """The starts in random order: construction takes the first of equals, which would crowd the earliest days."""
        shuffled = list(starts)
        self.random.shuffle(shuffled)
        return shuffled

    def _car(self, capacity: int) -> Car:
        days = (max(self.problem.days) - self.origin).days + 1
        return Car([Limit(capacity) for _ in range(2 * days)])

    def _limited(self, inspectee: Inspectee) -> list[LimitedPeriod]:
        periods = {period.id: period for period in self.problem.periods}
        return [
            LimitedPeriod(
                (periods[name].first - self.origin).days, (periods[name].last - self.origin).days, Limit(most)
            )
            for name, most in inspectee.max_burden.items()
        ]

    def _starts(self, visit: GivenVisit, closed: Iterable[tuple[date, date]]) -> Iterator[Start]:
        """The starts that window, inspection days and closures leave."""
        length = days_of(visit)
        for day in self.problem.days:
            dates = [day + timedelta(days=k) for k in range(length)]
            if day < visit.earliest or dates[-1] > visit.latest or any(at not in self.days for at in dates):
                continue
            if any(first <= at <= last for at in dates for first, last in closed):
                continue
            slot = 2 * (day - self.origin).days
            for start in (slot, slot + 1) if visit.half_days == 1 else (slot,):
                yield self.start_of.setdefault(start, Start(start))

    def _seats(self) -> Iterator[Seat]:
        number = 0
        for visit, given in zip(self.visits, self.problem.visits, strict=True):
            able = [
                person
                for person, who in zip(self.people, self.problem.inspectors, strict=True)
                if who.id not in given.excluded and not who.tags.isdisjoint(given.team.pool)
            ]
            for _ in range(given.team.size):
                yield Seat(number, visit, able)
                number += 1

    def assignments(self, schedule: Schedule) -> Iterator[Assignment]:
        """The visits that stand: with a start, and a whole team of different people."""
        teams: dict[int, list[str]] = {}
        for seat in schedule.seats:
            if seat.person is not None:
                teams.setdefault(seat.visit.id, []).append(self.problem.inspectors[seat.person.number].id)
        for visit in schedule.visits:
            given = self.problem.visits[visit.id]
            team = teams.get(visit.id, [])
            if visit.start is not None and len(team) == len(set(team)) == given.team.size:
                day = self.origin + timedelta(days=visit.start.slot // 2)
                yield Assignment(given.id, day, "pm" if visit.start.slot % 2 else "am", tuple(team))


def solve(order: Order) -> list[Assignment]:
    """The best solution that Timefold finds in the time given; what of it breaks a rule is for others to find."""
    translation = Translation(order.problem, order.seed)
    if order.problem.pins:
        raise SystemExit("this model knows no pins")
    schedule = translation.schedule()
    left = order.left()
    config = SolverConfig(
        xml_source_text=PHASES,
        solution_class=Schedule,
        entity_class_list=[Visit, Seat],
        environment_mode=EnvironmentMode.NON_REPRODUCIBLE,
        random_seed=order.seed,
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(
            spent_limit=Duration(milliseconds=int(1000 * max(1.0, left - CONVERTING_SHARE * left - 2)))
        ),
    )
    solved = SolverFactory.create(config).build_solver().solve(schedule)
    sys.stderr.write(f"Timefold's own score: {solved.score}\n")
    return list(translation.assignments(solved))


if __name__ == "__main__":
    sys.exit(run(solve))
