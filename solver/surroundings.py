"""The part of a plan around some visits, as a timetable: all that these visits can meet, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from solver.candidates import Candidates
from solver.timetable import Placement, Timetable


class Surroundings:
    """A timetable that grows by what newly covered visits can meet; the rest of the plan stays as it was given."""

    def __init__(self, candidates: Candidates, placements: Mapping[int, Placement]) -> None:
        self.timetable = Timetable(candidates)
        self._candidates = candidates
        self._outside = dict(placements)
        self._days_covered: set[int] = set()
        self._covered: set[int] = set()
        self._coupled = _coupled_visits(candidates)

    def cover_days(self, visits: Iterable[int]) -> None:
        """Take in what rules about days look at: the inspectees' other visits, resources, order and separation."""
        new = set(visits) - self._days_covered
        if not new:
            return
        self._days_covered |= new
        problem = self._candidates.problem
        coupled = new.union(*(self.coupled_with(number) for number in new))
        inspectees = {problem.visits[number].inspectee for number in new}
        resources = {name for number in new for name in problem.visits[number].resources}
        self._take_in(
            number
            for number in self._outside
            if number in coupled
            or problem.visits[number].inspectee in inspectees
            or not resources.isdisjoint(problem.visits[number].resources)
        )

    def cover(self, visits: Iterable[int]) -> None:
        """Take in all that the visits can meet: also the assignments of all people who can be in their teams."""
        new = set(visits) - self._covered
        if not new:
            return
        self._covered |= new
        self.cover_days(new)
        people = {member for number in new for member in self._candidates.members(number).tolist()}
        self._take_in(number for number, place in self._outside.items() if not people.isdisjoint(place.team))

    def _take_in(self, visits: Iterable[int]) -> None:
        for number in list(visits):
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


def _coupled_visits(candidates: Candidates) -> dict[int, set[int]]:
    numbers = candidates.visit_numbers
    coupled: dict[int, set[int]] = {}
    for names in candidates.problem.coupled_visits():
        known = {numbers[name] for name in names if name in numbers}
        for number in known:
            coupled.setdefault(number, set()).update(known)
    return coupled
