"""Which responsibility areas have people enough for the routine inspection of their units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from app.core.rows import id_of
from app.inspectors.allowance import monthly_half_days
from app.models import InspecteeKind
from app.planning.register import Register

LEAST_PEOPLE = 3
"""With fewer, a leave or a recusal leaves a unit without anybody of its area (areas of 3 to 5 people are usual)."""

CAPACITY_FACTOR = 2
"""People of an area make the team inspections of their office, too: about half their time is routine's."""

VISITS_PER_YEAR, MONTHS_PER_YEAR = 4, 9
"""Two in each of two terms (条例 art. 14), in about nine months of open days."""


def area_tag(area_id: int) -> str:
    """The tag of the people of a responsibility area."""
    return f"area:{area_id}"


def area_pools(register: Register) -> Mapping[int, str]:
    """By unit the tag of its area's people, where they are its owner office's and can do the area's routine.

    Elsewhere the routine is done by anybody of the owner office.
    """
    units = Counter(unit.area_id for unit in register.inspectees if unit.kind is not InspecteeKind.GOVERNMENT)
    staffed: dict[int, int] = {}
    for area_id, people in register.area_people.items():
        half_days = sum(monthly_half_days(person.half_days_per_month) for person in people)
        offices = {person.office_id for person in people}
        needed = CAPACITY_FACTOR * units[area_id] * VISITS_PER_YEAR
        if len(people) >= LEAST_PEOPLE and len(offices) == 1 and half_days * MONTHS_PER_YEAR >= needed:
            staffed[area_id] = offices.pop()
    return {
        id_of(unit): area_tag(unit.area_id)
        for unit in register.inspectees
        if unit.area_id is not None and staffed.get(unit.area_id) == unit.owner_office_id
    }
