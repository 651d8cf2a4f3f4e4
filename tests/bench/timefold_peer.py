"""A peer: Timefold with its default construction and two simulated annealings. It plans with great circles only.

A visit has a start or is left out, a seat always has a person. One simplification keeps it plain, which only forbids:
no visit lies across the turn of a month.
"""

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
    Half,
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
  <constructionHeuristic><queuedEntityPlacer><entitySelector id="s">
    <entityClass>org.jpyinterpreter.user.tests.bench.timefold_domain.Seat</entityClass>
  </entitySelector></queuedEntityPlacer></constructionHeuristic>
  <constructionHeuristic><queuedEntityPlacer><entitySelector id="v">
    <entityClass>org.jpyinterpreter.user.tests.bench.timefold_domain.Visit</entityClass>
  </entitySelector></queuedEntityPlacer></constructionHeuristic>
  <localSearch>
    <termination><millisecondsSpentLimit>{placing}</millisecondsSpentLimit></termination>
    <changeMoveSelector/>
    <acceptor>
      <simulatedAnnealingStartingTemperature>0hard/1medium/100soft</simulatedAnnealingStartingTemperature>
    </acceptor>
    <forager><acceptedCountLimit>1</acceptedCountLimit></forager>
  </localSearch>
  <localSearch>
    <changeMoveSelector/>
    <acceptor>
      <simulatedAnnealingStartingTemperature>0hard/0medium/30soft</simulatedAnnealingStartingTemperature>
    </acceptor>
    <forager><acceptedCountLimit>1</acceptedCountLimit></forager>
  </localSearch>
</solver>
"""
"""Teams before starts, so that a start is left open where the team cannot come; then changes of one thing at a time.

The first annealing is hot enough to make room for what is left out, the second makes the rest cheap. Swaps are left
out, since most find that the other visit cannot have the value.
"""

PLACING_SHARE = 0.5
"""Of the time of Timefold, for the first annealing."""


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
        self.halves = [Half(slot) for slot in range(2 * ((max(problem.days) - self.origin).days + 1))]
        self.runs = self._runs()
        self.start_of: dict[tuple[int, int], Start] = {}
        self.visits = list(self._visits())
        self.seats = list(self._seats())

    def schedule(self) -> Schedule:
        """What Timefold is given."""
        ids = {self.problem.visits[visit.id].id: visit for visit in self.visits}
        orders = [
            Precedence(
                ids[order.before].id,
                ids[order.after].id,
                order.min_days,
                NO_CAP if order.max_days is None else order.max_days,
            )
            for order in self.problem.precedences
            if order.before in ids and order.after in ids
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

    def _visits(self) -> Iterator[Visit]:
        """The visits for which there are people and days enough, the weightiest first, for the construction.

        A visit must not come without the one before it.
        """
        visits = {}
        for number, given in enumerate(self.problem.visits):
            visit = self._visit(number, given)
            able = [self.problem.inspectors[person.number] for person in self._able(given)]
            bearers = Counter(tag for who in able for tag in who.tags)
            short = any(bearers[tag] < count for tag, count in given.team.requires.items())
            if visit.starts and len(able) >= given.team.size and not short:
                visits[given.id] = visit
        for order in self.problem.precedences:
            if order.before not in visits:
                visits.pop(order.after, None)
        yield from sorted(visits.values(), key=lambda visit: (-visit.weight, visit.latest))

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
            burden=visit.burden,
            reach=self.problem.transfer_max_minutes * self.travel.metres_per_minute,
            requires=[self.tags[tag] for tag in visit.team.requires],
            requires_count=list(visit.team.requires.values()),
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
            if day.month == dates[-1].month:
                for half in (0, 1) if visit.half_days == 1 else (0,):
                    yield self._start((day - self.origin).days, half, visit.half_days)

    def _start(self, day: int, half: int, half_days: int) -> Start:
        """The start for visits of a length in the half of a day; equal ones are one."""
        slot = 2 * day + half
        if (slot, half_days) not in self.start_of:
            date_of = self.origin + timedelta(days=day)
            halves = self.halves[slot : slot + half_days]
            year = date_of.year - self.origin.year
            month = 12 * year + date_of.month
            self.start_of[slot, half_days] = Start(slot, day, halves[-1].slot // 2, month, year, self.runs[day], halves)
        return self.start_of[slot, half_days]

    def _runs(self) -> dict[int, int]:
        """For each day, as a number, the first of the inspection days without a day between them and it."""
        runs: dict[int, int] = {}
        for day in sorted((at - self.origin).days for at in self.problem.days):
            runs[day] = runs.get(day - 1, day)
        return runs

    def _able(self, given: GivenVisit) -> list[Person]:
        """Who may be in the team."""
        return [
            person
            for person, who in zip(self.people, self.problem.inspectors, strict=True)
            if who.id not in given.excluded and not who.tags.isdisjoint(given.team.pool)
        ]

    def _seats(self) -> Iterator[Seat]:
        number = 0
        for visit in self.visits:
            given = self.problem.visits[visit.id]
            able = self._able(given)
            for _ in range(given.team.size):
                yield Seat(number, visit, able)
                number += 1

    def assignments(self, schedule: Schedule) -> Iterator[Assignment]:
        """The visits that stand."""
        teams: dict[int, list[str]] = {}
        for seat in schedule.seats:
            if seat.person is not None:
                teams.setdefault(seat.visit.id, []).append(self.problem.inspectors[seat.person.number].id)
        for visit in schedule.visits:
            if visit.start is not None:
                day = self.origin + timedelta(days=visit.start.day)
                team = tuple(teams.get(visit.id, ()))
                yield Assignment(self.problem.visits[visit.id].id, day, "pm" if visit.start.slot % 2 else "am", team)


def solve(order: Order) -> list[Assignment]:
    """The best solution that Timefold finds in the time given; what of it breaks a rule is for others to find."""
    translation = Translation(order.problem, order.seed)
    if order.problem.pins:
        raise SystemExit("this model knows no pins")
    schedule = translation.schedule()
    left = order.left()
    milliseconds = int(1000 * max(1.0, left - CONVERTING_SHARE * left - 2))
    config = SolverConfig(
        xml_source_text=PHASES.format(placing=int(PLACING_SHARE * milliseconds)),
        solution_class=Schedule,
        entity_class_list=[Visit, Seat],
        environment_mode=EnvironmentMode.NON_REPRODUCIBLE,
        random_seed=order.seed,
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=milliseconds)),
    )
    solved = SolverFactory.create(config).build_solver().solve(schedule)
    sys.stderr.write(f"Timefold's own score: {solved.score}\n")
    return list(translation.assignments(solved))


if __name__ == "__main__":
    sys.exit(run(solve))
