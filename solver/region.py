"""The part of a plan around some visits, as a timetable: all that these visits can meet, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from solver.candidates import Candidates
from solver.timetable import Placement, Timetable


class Region:
    """A timetable that grows by what newly covered visits can meet; the rest of the plan stays as it was given."""

    def __init__(self, candidates: Candidates, placements: Mapping[int, Placement]) -> None:
        self.timetable = Timetable(candidates)
        self._candidates = candidates
        self._outside = dict(placements)
        self._covered: set[int] = set()
        self._people: set[int] = set()
        self._inspectees: set[str] = set()
        self._resources: set[str] = set()
        self._coupled: dict[int, set[int]] = {}
        numbers = candidates.visit_numbers
        for names in candidates.problem.coupled_visits():
            pair = {numbers[name] for name in names if name in numbers}
            for number in pair:
                self._coupled.setdefault(number, set()).update(pair)

    def cover(self, visits: Iterable[int]) -> None:
        """Take in the assignments of all people who can be at these visits, of their inspectees and resources."""
        new = set(visits) - self._covered
        if not new:
            return
        self._covered |= new
        coupled = set(new)
        for number in new:
            visit = self._candidates.problem.visits[number]
            self._people.update(self._candidates.members(number).tolist())
            self._inspectees.add(visit.inspectee)
            self._resources.update(visit.resources)
            coupled |= self.coupled_with(number)
        visits_of = self._candidates.problem.visits
        inside = [
            number
            for number, placement in self._outside.items()
            if number in coupled
            or not self._people.isdisjoint(placement.team)
            or visits_of[number].inspectee in self._inspectees
            or not self._resources.isdisjoint(visits_of[number].resources)
        ]
        for number in inside:
            self.timetable.put(number, self._outside.pop(number))

    def coupled_with(self, number: int) -> set[int]:
        """The visits that precedences and separations tie to a visit."""
        return self._coupled.get(number, set())

    def placements(self) -> dict[int, Placement]:
        """The whole plan."""
        return self._outside | self.timetable.placements

    def near(self, visits: Iterable[int]) -> set[int]:
        """The assigned visits that some start and team of these visits could meet or share a cap with."""
        candidates, calendar = self._candidates, self._candidates.calendar
        problem = candidates.problem
        visits = list(visits)
        people: set[int] = set()
        months: set[int] = set()
        inspectees: set[str] = set()
        resources: set[str] = set()
        coupled: set[int] = set()
        for number in visits:
            visit, starts = problem.visits[number], candidates.starts(number)
            people.update(candidates.members(number).tolist())
            inspectees.add(visit.inspectee)
            resources.update(visit.resources)
            coupled |= self.coupled_with(number)
            for end in (0, visit.half_days - 1):
                months.update(calendar.month_numbers[(starts + end) // 2].tolist())
        years = {calendar.months[month].year for month in months}
        capped = {member for member in people if problem.inspectors[member].half_days_per_year is not None}
        found = set()
        for number, placement in self.timetable.placements.items():
            visit = problem.visits[number]
            last = placement.start + visit.half_days - 1
            touched = {int(calendar.month_numbers[slot // 2]) for slot in (placement.start, last)}
            if (
                number in coupled
                or visit.inspectee in inspectees
                or (not touched.isdisjoint(months) and not resources.isdisjoint(visit.resources))
                or (not touched.isdisjoint(months) and not people.isdisjoint(placement.team))
                or (
                    any(calendar.months[month].year in years for month in touched)
                    and not capped.isdisjoint(placement.team)
                )
            ):
                found.add(number)
        return found - set(visits)
