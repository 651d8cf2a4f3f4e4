"""Who belongs to which responsibility area, and who in it is responsible for which school."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from app.inspectees.allotment import Giver, Ward, allot
from app.inspectors.allowance import monthly_half_days
from app.models import Inspectee, Inspector, PersonKind
from seed.rows import id_of
from seed.synthetic.ties import SKILL_FOR

PEOPLE_OF_AREA = 3
"""At least so many inspectors to an area; cities with a published division have three to five."""

People = dict[int, list[Inspector]]
"""The inspectors of each area."""


def staff_areas(people: Sequence[Inspector], schools: Sequence[Inspectee]) -> People:
    """The inspectors of each area, drawn from the office that owns its schools; some belong to several areas."""
    schools_of: dict[int, dict[int, list[Inspectee]]] = defaultdict(lambda: defaultdict(list))
    for school in schools:
        assert school.area_id is not None
        schools_of[school.owner_office_id][school.area_id].append(school)
    staffed: People = {}
    for office_id, areas in schools_of.items():
        office = [person for person in people if person.office_id == office_id and person.kind.is_inspector]
        staffed |= _staffed(office, areas)
    return staffed


def _staffed(office: Sequence[Inspector], areas: dict[int, list[Inspectee]]) -> People:
    """Each inspector goes where the half-days given are the fewest for the schools there, full-time ones first."""
    full_time = [person for person in office if person.kind is PersonKind.FULL_TIME]
    part_time = [person for person in office if person.kind is not PersonKind.FULL_TIME]
    each = -(-PEOPLE_OF_AREA * len(areas) // len(office))
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
        others = [person for person in office if person not in staffed[area_id]]
        staffed[area_id] += sorted(others, key=lambda person: (areas_of[person.code], person.code))[: max(missing, 0)]
        for skill in sorted({SKILL_FOR[school.kind] for school in schools}):
            if not any(skill in person.skills for person in staffed[area_id]):
                staffed[area_id].append(next(person for person in office if skill in person.skills))
    return staffed


def _worth(person: Inspector) -> int:
    return monthly_half_days(person.half_days_per_month)


def assign_responsible(staffed: People, schools: Sequence[Inspectee]) -> None:
    """Name for each school, sorted by area, an inspector of its area with the skill of its kind, by what each gives."""
    wards = []
    for school in schools:
        assert school.area_id is not None
        able = {id_of(person) for person in staffed[school.area_id] if SKILL_FOR[school.kind] in person.skills}
        wards.append(Ward(school.code, school.area_id, frozenset(able)))
    givers = {
        area_id: [Giver(id_of(person), person.half_days_per_month) for person in group]
        for area_id, group in staffed.items()
    }
    drawn = allot(wards, givers)
    for school in schools:
        school.responsible_inspector_id = drawn[school.code]
