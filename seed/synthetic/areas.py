"""Who belongs to which responsibility area, and who in it is responsible for which school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.accounts.settings import RuleSettings
from app.core.distance import Point, drive_minutes
from app.inspectees.allotment import NEAR_MINUTES, Giver, Ward, allot
from app.inspectors.allowance import monthly_half_days
from app.models import Inspectee, Inspector, PersonKind
from seed.rows import id_of
from seed.synthetic.ties import SKILL_FOR

PEOPLE_OF_AREA = 3
"""At least so many inspectors to an area; cities with a published division have three to five."""

LENT_TO_AREA = 4
"""So many of a banner's people make the routine visits of the city's schools in one area of the banner."""

People = dict[int, list[Inspector]]
"""The inspectors of each area."""


@dataclass(frozen=True, slots=True)
class Offices:
    """The city's office with its point, the office of each banner by region, and the rules of drives."""

    city: int
    city_point: Point
    of_region: Mapping[int, int]
    rules: RuleSettings

    def local_of(self, school: Inspectee) -> int | None:
        """The banner's office that lends people to a school of the city; none where the city's own people are near."""
        if school.owner_office_id != self.city:
            return None
        minutes = self._drive(self.city_point, (school.lon, school.lat))
        return self.of_region[school.region_id] if minutes > self.rules.responsible_max_minutes else None

    def minutes(self, person: Inspector, school: Inspectee) -> int:
        """The drive from somebody's base to a school."""
        return self._drive((person.base_lon, person.base_lat), (school.lon, school.lat))

    def _drive(self, start: Point, end: Point) -> int:
        return drive_minutes(start, end, self.rules.detour_percent, self.rules.metres_per_minute)


def staff_areas(people: Sequence[Inspector], schools: Sequence[Inspectee], offices: Offices) -> People:
    """The inspectors of each area, some of several: of the office that owns its schools, and for the city's schools
    that are far from the city those of the banner around them."""
    near: dict[int, dict[int, list[Inspectee]]] = defaultdict(lambda: defaultdict(list))
    far: dict[int, dict[int, list[Inspectee]]] = defaultdict(lambda: defaultdict(list))
    for school in schools:
        assert school.area_id is not None
        local = offices.local_of(school)
        (near if local is None else far)[local or school.owner_office_id][school.area_id].append(school)
    staffed: People = defaultdict(list)
    for office_id, areas in near.items():
        for area_id, group in _staffed(_of_office(people, office_id), areas).items():
            staffed[area_id] += group
    for office_id, areas in far.items():
        for area_id, group_of_schools in areas.items():
            staffed[area_id] += _lent(_of_office(people, office_id), group_of_schools, offices)
    return staffed


def _of_office(people: Sequence[Inspector], office_id: int) -> list[Inspector]:
    return [person for person in people if person.office_id == office_id and person.kind.is_inspector]


def _lent(office: Sequence[Inspector], schools: Sequence[Inspectee], offices: Offices) -> list[Inspector]:
    """The banner's people for the city's schools there: no chiefs, the nearest first, then those who give most."""

    def order(person: Inspector) -> tuple[int, int, str]:
        drives = [offices.minutes(person, school) for school in schools]
        return sum(drives) // len(drives) // NEAR_MINUTES, -_worth(person), person.code

    return sorted((person for person in office if not person.rank.is_chief_rank), key=order)[:LENT_TO_AREA]


def _staffed(office: Sequence[Inspector], areas: dict[int, list[Inspectee]]) -> People:
    """Each inspector goes where the half-days given are the fewest for the schools there, full-time ones first.

    Chiefs and deputies join only where a skill is missing: they lead teams, and others make the routine visits.
    """
    chiefs = [person for person in office if person.rank.is_chief_rank]
    others = [person for person in office if not person.rank.is_chief_rank]
    full_time = [person for person in others if person.kind is PersonKind.FULL_TIME]
    part_time = [person for person in others if person.kind is not PersonKind.FULL_TIME]
    each = -(-PEOPLE_OF_AREA * len(areas) // len(others))
    staffed: People = {area_id: [] for area_id in areas}
    given = dict.fromkeys(areas, 0.0)

    def join(person: Inspector, number: int) -> None:
        emptiest = sorted(areas, key=lambda area_id: (given[area_id] / len(areas[area_id]), area_id))
        for area_id in emptiest[:number]:
            staffed[area_id].append(person)
            given[area_id] += _worth(person) / number

    for person in full_time:
        join(person, max(each, -(-len(areas) // len(full_time))))
    for person in part_time:
        join(person, each)
    areas_of = Counter(person.code for group in staffed.values() for person in group)
    for area_id, schools in areas.items():
        missing = PEOPLE_OF_AREA - len(staffed[area_id])
        free = [person for person in others if person not in staffed[area_id]]
        staffed[area_id] += sorted(free, key=lambda person: (areas_of[person.code], person.code))[: max(missing, 0)]
        for skill in sorted({SKILL_FOR[school.kind] for school in schools}):
            if not any(skill in person.skills for person in staffed[area_id]):
                staffed[area_id].append(next(each for each in (*others, *chiefs) if skill in each.skills))
    return staffed


def _worth(person: Inspector) -> int:
    return monthly_half_days(person.half_days_per_month)


def assign_responsible(staffed: People, schools: Sequence[Inspectee], offices: Offices) -> None:
    """Name for each school, sorted by area, an inspector of its area, near, with the skill of its kind and with time.

    A school that is far from its own office gets one of the banner's people, whatever their skill.
    """
    wards = []
    for school in schools:
        assert school.area_id is not None
        local, group = offices.local_of(school), staffed[school.area_id]
        able = [person for person in group if person.office_id == (local or school.owner_office_id)]
        if local is None:
            able = [person for person in able if SKILL_FOR[school.kind] in person.skills]
        able = [person for person in able if not person.rank.is_chief_rank] or able
        minutes = {id_of(person): offices.minutes(person, school) for person in able}
        wards.append(Ward(school.code, school.area_id, frozenset(minutes), minutes))
    givers = {
        area_id: [Giver(id_of(person), person.half_days_per_month) for person in group]
        for area_id, group in staffed.items()
    }
    drawn = allot(wards, givers, offices.rules.max_schools_per_inspector)
    for school in schools:
        school.responsible_inspector_id = drawn[school.code]
