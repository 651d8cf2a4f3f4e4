"""Who makes the routine visits of each inspectee: the people of its responsibility area, or of its office.

Chiefs and deputies make routine visits only where the others cannot: where they are too few, or give too little time.
That is a default of this product and a setting, not a law.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.rows import id_of
from app.inspectors.allowance import monthly_half_days
from app.models import InspecteeKind, Inspector, RegionLevel
from app.planning.register import Register

LEAST_PEOPLE = 3
"""With fewer, a leave or a recusal leaves an inspectee without anybody of its area (areas of 3 to 5 are usual)."""

CAPACITY_FACTOR = 2
"""People of an area make the team inspections of their office, too: about half their time is for routine visits."""

VISITS_PER_YEAR, MONTHS_PER_YEAR = 4, 9
"""Two in each of two terms (条例 art. 14), in about nine months of open days."""


def area_tag(area_id: int) -> str:
    """The tag of the people who make the routine visits of a responsibility area."""
    return f"area:{area_id}"


def routine_tag(adcode: str) -> str:
    """The tag of the people of an office who make the routine visits of inspectees outside a staffed area."""
    return f"routine:{adcode}"


@dataclass(frozen=True, slots=True)
class RoutinePools:
    """The tag of each inspectee's pool, where it has one, and the tags of each person."""

    of_inspectee: Mapping[int, str] = field(default_factory=dict)
    of_person: Mapping[int, frozenset[str]] = field(default_factory=dict)
    offices: frozenset[int] = frozenset()

    @classmethod
    def of(cls, register: Register) -> RoutinePools:
        """The pools of the inspectees of the register; those without one take anybody of their office."""
        return _Building(register).pools()


class _Building:
    """The pools, area by area, then office by office."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._people: dict[str, Sequence[Inspector]] = {}
        self._inspectees = [row for row in register.inspectees if row.kind is not InspecteeKind.GOVERNMENT]

    def pools(self) -> RoutinePools:
        of_area = dict(self._areas())
        of_inspectee = {
            id_of(row): tag
            for row in self._inspectees
            if (tag := of_area.get((row.area_id, row.owner_office_id))) is not None
        }
        of_office = dict(self._offices(of_inspectee))
        for row in self._inspectees:
            tag = of_office.get(row.owner_office_id)
            if tag is not None:
                of_inspectee.setdefault(id_of(row), tag)
        tags: dict[int, set[str]] = defaultdict(set)
        for tag, people in self._people.items():
            for person in people:
                tags[id_of(person)].add(tag)
        offices = {person.office_id for people in self._people.values() for person in people}
        return RoutinePools(
            of_inspectee, {number: frozenset(each) for number, each in tags.items()}, frozenset(offices)
        )

    def _areas(self) -> Iterator[tuple[tuple[int | None, int], str]]:
        """Area and owner office of the inspectees of each area whose people can make its routine visits."""
        numbers = Counter((row.area_id, row.owner_office_id) for row in self._inspectees if row.area_id is not None)
        for (area_id, office_id), number in sorted(numbers.items()):
            people = self._register.area_people.get(area_id, [])
            if not {person.office_id for person in people} <= self._lending(area_id, office_id):
                continue
            chosen = self._able(people, number, LEAST_PEOPLE)
            if chosen is not None:
                tag = area_tag(area_id)
                self._people[tag] = chosen
                yield (area_id, office_id), tag

    def _lending(self, area_id: int, office_id: int) -> set[int]:
        """The offices whose people an owner may appoint for its inspectees of an area."""
        offices = self._register.offices
        owner = self._register.regions[offices[office_id].region_id]
        if owner.level is not RegionLevel.CITY or not self._register.rules.banners_lend_for_city_schools:
            return {office_id}
        regions = {self._register.region_of_area[area_id]}
        return {office_id, *(number for number, office in offices.items() if office.region_id in regions)}

    def _offices(self, staffed: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """The pool of each office that has chiefs and others who can make the routine visits without them."""
        numbers = Counter(row.owner_office_id for row in self._inspectees if id_of(row) not in staffed)
        for office_id, number in sorted(numbers.items()):
            people = self._register.people_of_office.get(office_id, [])
            chosen = self._able(people, number, 1)
            if chosen is not None and len(chosen) < len(people):
                tag = routine_tag(self._register.adcode_of_office(office_id))
                self._people[tag] = chosen
                yield office_id, tag

    def _able(self, people: Sequence[Inspector], number: int, least: int) -> Sequence[Inspector] | None:
        """The people without chiefs where they can make the visits, else with them, else none."""
        others = [person for person in people if not person.rank.is_chief_rank]
        for group in (others, people) if not self._register.rules.chiefs_make_routine_visits else (people,):
            needed = CAPACITY_FACTOR * number * VISITS_PER_YEAR
            if len(group) >= least and sum(map(_half_days, group)) * MONTHS_PER_YEAR >= needed:
                return group
        return None


def _half_days(person: Inspector) -> int:
    return monthly_half_days(person.half_days_per_month)
