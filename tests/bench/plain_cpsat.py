"""A peer: one plain CP-SAT model of the whole problem, as it would be written first.

A visit has a first day and an optional interval of days, an inspector an optional interval for each visit that they may
be sent to, and nothing overlaps. Three simplifications keep it plain, each of which only forbids or overrates: visits
begin in the morning and take their last day whole, none lies across the turn of a month, and every duty pays its own
way there and back. It shares nothing with the planner.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from math import asin, cos, radians, sin, sqrt

from ortools.sat.python import cp_model

from solver.plan import Assignment
from solver.problem import Inspector, Matrix, Problem, Visit
from tests.bench.peer import Order, run

WORKERS = 2
METRES_PER_KILOMETRE = 1000
EARTH_RADIUS_METRES = 6_371_000


class Drives:
    """Metres and minutes from place to place."""

    def __init__(self, problem: Problem) -> None:
        self._travel = problem.travel
        self._at = {place.id: number for number, place in enumerate(problem.places)}
        self._places = problem.places

    def metres(self, start: str, end: str) -> int:
        """How far it is."""
        one, other = self._at[start], self._at[end]
        if isinstance(self._travel, Matrix):
            return self._travel.metres[one][other]
        if one == other:
            return 0
        here, there = self._places[one], self._places[other]
        north, further_north = radians(here.lat), radians(there.lat)
        half = sin((further_north - north) / 2) ** 2
        half += cos(north) * cos(further_north) * sin(radians(there.lon - here.lon) / 2) ** 2
        return int(2 * EARTH_RADIUS_METRES * asin(sqrt(half)) * self._travel.detour_percent / 100)

    def minutes(self, start: str, end: str) -> int:
        """How long it takes."""
        one, other = self._at[start], self._at[end]
        if isinstance(self._travel, Matrix):
            return self._travel.minutes[one][other]
        return -(-self.metres(start, end) // self._travel.metres_per_minute)


class PlainModel:
    """The model and its variables; days are proleptic ordinals."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.drives = Drives(problem)
        self.unit_of = {inspectee.id: inspectee for inspectee in problem.inspectees}
        self.all_days = {day.toordinal() for day in problem.days}
        self.starts = {visit.id: self._possible_starts(visit) for visit in problem.visits}
        self.placed: dict[str, cp_model.IntVar] = {}
        self.day: dict[str, cp_model.IntVar] = {}
        self.member: dict[tuple[str, str], cp_model.IntVar] = {}
        self.duties: dict[str, list[cp_model.IntervalVar]] = defaultdict(list)
        self.in_month: dict[tuple[str, tuple[int, int]], cp_model.IntVar] = {}
        self.cost: list[cp_model.LinearExprT] = []
        for visit in problem.visits:
            self._add_visit(visit)
        for inspector in problem.inspectors:
            self.model.add_no_overlap(self.duties[inspector.id])
            self._cap(inspector)
        self._units()
        self._resources()
        self._orders_and_pins()
        self._balance()
        self.model.minimize(sum(self.cost))

    def _possible_starts(self, visit: Visit) -> list[int]:
        """The days on which the visit may begin, by its window, the inspection days and its unit's closures."""
        closed = [(span.first.toordinal(), span.last.toordinal()) for span in self.unit_of[visit.inspectee].closed]
        days = days_of(visit)
        return [
            first
            for first in sorted(self.all_days)
            if visit.earliest.toordinal() <= first
            and first + days - 1 <= visit.latest.toordinal()
            and date.fromordinal(first).month == date.fromordinal(first + days - 1).month
            and all(day in self.all_days for day in range(first, first + days))
            and not any(low <= day <= high for day in range(first, first + days) for low, high in closed)
        ]

    def _add_visit(self, visit: Visit) -> None:
        model, starts = self.model, self.starts[visit.id]
        placed = self.placed[visit.id] = model.new_bool_var(f"placed {visit.id}")
        self.cost.append(self.problem.weights.unscheduled * visit.weight * (1 - placed))
        able = [who for who in self.problem.inspectors if self._may_come(who, visit)]
        if not starts or len(able) < visit.team.size:
            model.add(placed == 0)
            return
        day = model.new_int_var_from_domain(cp_model.Domain.from_values(starts), f"day {visit.id}")
        self.day[visit.id] = day
        for who in able:
            self._add_duty(who, visit, placed)
        members = [self.member[visit.id, who.id] for who in able]
        model.add(sum(members) == visit.team.size * placed)
        for tag, count in visit.team.requires.items():
            bearers = [self.member[visit.id, who.id] for who in able if tag in who.tags]
            model.add(sum(bearers) >= count * placed)
        months = sorted({month_of(start) for start in starts})
        for month in months:
            inside = self.in_month[visit.id, month] = model.new_bool_var(f"{visit.id} in {month}")
            of_month = cp_model.Domain.from_values([start for start in starts if month_of(start) == month])
            model.add_linear_expression_in_domain(day, of_month).only_enforce_if(inside)
        model.add(sum(self.in_month[visit.id, month] for month in months) == placed)
        self._buffer_and_preference(visit, placed, day)

    def _may_come(self, who: Inspector, visit: Visit) -> bool:
        return who.id not in visit.excluded and not who.tags.isdisjoint(visit.team.pool)

    def _add_duty(self, who: Inspector, visit: Visit, placed: cp_model.IntVar) -> None:
        """An optional stay of a possible member, on days on which they work."""
        days, weights = days_of(visit), self.problem.weights
        free = [start for start in self.starts[visit.id] if works(who, range(start, start + days))]
        member = self.member[visit.id, who.id] = self.model.new_bool_var(f"{who.id} at {visit.id}")
        if not free:
            self.model.add(member == 0)
            return
        self.model.add_implication(member, placed)
        self.model.add_linear_expression_in_domain(
            self.day[visit.id], cp_model.Domain.from_values(free)
        ).only_enforce_if(member)
        self.duties[who.id].append(
            self.model.new_optional_fixed_size_interval_var(self.day[visit.id], days, member, f"{who.id}, {visit.id}")
        )
        self.cost.append(weights.travel * self._way(who, visit) // METRES_PER_KILOMETRE * member)

    def _way(self, who: Inspector, visit: Visit) -> int:
        """Metres there and back, and for each night the lesser of going home and staying."""
        problem, place = self.problem, self.unit_of[visit.inspectee].place
        there, back = ((who.base, place), (place, who.base))
        far = [self.drives.minutes(*leg) > problem.far_minutes for leg in (there, back)]
        trip = self.drives.metres(*there) + self.drives.metres(*back) + problem.overnight_metres * sum(far)
        stay = self.drives.metres(place, place) + problem.overnight_metres
        return trip + (days_of(visit) - 1) * min(trip, stay)

    def _buffer_and_preference(self, visit: Visit, placed: cp_model.IntVar, day: cp_model.IntVar) -> None:
        problem = self.problem
        short = self.model.new_int_var(0, problem.buffer_days, f"short {visit.id}")
        slack = visit.latest.toordinal() - (day + days_of(visit) - 1)
        self.model.add(short >= problem.buffer_days - slack).only_enforce_if(placed)
        self.cost.append(problem.weights.buffer * short)
        if visit.prefers:
            missed = self.model.new_bool_var(f"missed {visit.id}")
            wanted = [self.member[visit.id, who] for who in visit.prefers if (visit.id, who) in self.member]
            self.model.add(missed >= placed - sum(wanted))
            self.cost.append(problem.weights.preference * missed)

    def _cap(self, who: Inspector) -> None:
        """Month and year caps: half-days of the duties that lie in a month."""
        if who.half_days_per_month is None and who.half_days_per_year is None:
            return
        by_month: dict[tuple[int, int], list[cp_model.LinearExprT]] = defaultdict(list)
        for visit in self.problem.visits:
            member = self.member.get((visit.id, who.id))
            if member is None or visit.id not in self.day:
                continue
            for month in {month_of(start) for start in self.starts[visit.id]}:
                both = self.model.new_bool_var(f"{who.id} at {visit.id} in {month}")
                self.model.add(both >= member + self.in_month[visit.id, month] - 1)
                by_month[month].append(visit.half_days * both)
        if who.half_days_per_month is not None:
            for terms in by_month.values():
                self.model.add(sum(terms) <= who.half_days_per_month)
        if who.half_days_per_year is not None:
            for year in {year for year, _ in by_month}:
                terms = [term for month, some in by_month.items() if month[0] == year for term in some]
                self.model.add(sum(terms) <= who.half_days_per_year)

    def _units(self) -> None:
        """Visits of one unit do not overlap, keep the gap if they burden it, and stay within its limits."""
        of_unit: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.problem.visits:
            if visit.id in self.day:
                of_unit[visit.inspectee].append(visit)
        periods = {period.id: period for period in self.problem.periods}
        for inspectee in self.problem.inspectees:
            visits = of_unit[inspectee.id]
            if len(visits) > 1:
                self.model.add_no_overlap([self._stay(visit, 0) for visit in visits])
                gap = max(0, (inspectee.min_gap_days or 0) - 1)
                self.model.add_no_overlap([self._stay(visit, gap) for visit in visits if visit.burden])
            for name, limit in inspectee.max_burden.items():
                period = periods[name]
                terms = list(self._burdens(visits, period.first.toordinal(), period.last.toordinal()))
                self.model.add(sum(terms) <= limit)

    def _stay(self, visit: Visit, longer: int) -> cp_model.IntervalVar:
        return self.model.new_optional_fixed_size_interval_var(
            self.day[visit.id], days_of(visit) + longer, self.placed[visit.id], f"stay {visit.id} {longer}"
        )

    def _burdens(self, visits: Iterable[Visit], first: int, last: int) -> Iterator[cp_model.LinearExprT]:
        for visit in visits:
            outside = [start for start in self.starts[visit.id] if not first <= start <= last]
            if visit.burden and len(outside) < len(self.starts[visit.id]):
                inside = self.model.new_bool_var(f"{visit.id} within {first}")
                if outside:
                    self.model.add_linear_expression_in_domain(
                        self.day[visit.id], cp_model.Domain.from_values(outside)
                    ).only_enforce_if(inside.negated(), self.placed[visit.id])
                else:
                    self.model.add(inside >= self.placed[visit.id])
                yield visit.burden * inside

    def _resources(self) -> None:
        for resource in self.problem.resources:
            stays = [
                self._stay(visit, 0)
                for visit in self.problem.visits
                if resource.id in visit.resources and visit.id in self.day
            ]
            self.model.add_cumulative(stays, [1] * len(stays), resource.capacity)

    def _orders_and_pins(self) -> None:
        visits = {visit.id: visit for visit in self.problem.visits}
        for order in self.problem.precedences:
            if order.after not in self.day:
                continue
            self.model.add_implication(self.placed[order.after], self.placed[order.before])
            if order.before in self.day:
                between = self.day[order.after] - self.day[order.before] - (days_of(visits[order.before]) - 1)
                self.model.add(between >= order.min_days).only_enforce_if(self.placed[order.after])
                if order.max_days is not None:
                    self.model.add(between <= order.max_days).only_enforce_if(self.placed[order.after])
        for pin in self.problem.pins:
            if pin.half == "pm":
                raise SystemExit("the plain model lets every visit begin in the morning")
            self.model.add(self.placed[pin.visit] == 1)
            self.model.add(self.day[pin.visit] == pin.day.toordinal())
            for who in pin.team or ():
                self.model.add(self.member[pin.visit, who] == 1)

    def _balance(self) -> None:
        """The deviation of each load from its share, within a half-day."""
        for group in self.problem.balance_groups:
            people = [who for who in self.problem.inspectors if group in who.tags]
            shares = sum(who.share for who in people)
            loads = {who.id: self._load(who) for who in people}
            for who in people if shares else ():
                deviation = self.model.new_int_var(0, 10**6, f"deviation {group} {who.id}")
                difference = shares * loads[who.id] - who.share * sum(loads.values())
                self.model.add(shares * (deviation + 1) >= difference + 1)
                self.model.add(shares * (deviation + 1) >= 1 - difference)
                self.cost.append(self.problem.weights.balance * deviation)

    def _load(self, who: Inspector) -> cp_model.IntVar:
        load = self.model.new_int_var(0, 10**6, f"load {who.id}")
        worked = [
            visit.half_days * self.member[visit.id, who.id]
            for visit in self.problem.visits
            if (visit.id, who.id) in self.member
        ]
        self.model.add(load == sum(worked) + who.load_before)
        return load


class Listener(cp_model.CpSolverSolutionCallback):
    """Tells each solution found."""

    def __init__(self, order: Order, plain: PlainModel) -> None:
        super().__init__()
        self._order, self._plain = order, plain

    def on_solution_callback(self) -> None:
        """Tell what is left out and what the model's own account of the rest is."""
        problem = self._order.problem
        out = [visit for visit in problem.visits if not self.boolean_value(self._plain.placed[visit.id])]
        left_out = sum(visit.weight for visit in out)
        rest = round(self.objective_value) - problem.weights.unscheduled * left_out
        self._order.tell(len(problem.visits) - len(out), left_out, rest)


def solve(order: Order) -> list[Assignment]:
    """The best solution found in the time given; nothing is planned if there is none."""
    plain = PlainModel(order.problem)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = order.left()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = order.seed
    status = solver.solve(plain.model, Listener(order, plain))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return [
        Assignment(
            visit.id,
            date.fromordinal(solver.value(plain.day[visit.id])),
            "am",
            tuple(
                who.id
                for who in order.problem.inspectors
                if (visit.id, who.id) in plain.member and solver.boolean_value(plain.member[visit.id, who.id])
            ),
        )
        for visit in order.problem.visits
        if solver.boolean_value(plain.placed[visit.id])
    ]


def days_of(visit: Visit) -> int:
    """How many days a visit takes that begins in the morning."""
    return (visit.half_days + 1) // 2


def month_of(day: int) -> tuple[int, int]:
    """Year and month of a day."""
    at = date.fromordinal(day)
    return at.year, at.month


def works(who: Inspector, days: Iterable[int]) -> bool:
    """Whether somebody works on all of these days."""
    dates = [date.fromordinal(day) for day in days]
    return all(
        (who.weekdays is None or day.isoweekday() in who.weekdays)
        and not any(absence.holds(day) for absence in who.unavailable)
        for day in dates
    )


if __name__ == "__main__":
    sys.exit(run(solve))
