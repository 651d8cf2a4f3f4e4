"""What ties people to schools: where they work or worked, from whom they are recused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from app.models import Employment, Inspectee, InspecteeKind, Inspector, PersonKind, Recusal, Skill
from seed.rows import id_of
from seed.synthetic.draw import Draw, day_between, some

SKILL_FOR = {
    InspecteeKind.KINDERGARTEN: Skill.PRESCHOOL,
    InspecteeKind.PRIMARY: Skill.COMPULSORY,
    InspecteeKind.TEACHING_POINT: Skill.COMPULSORY,
    InspecteeKind.JUNIOR: Skill.COMPULSORY,
    InspecteeKind.SPECIAL: Skill.SPECIAL,
    InspecteeKind.SENIOR: Skill.SENIOR,
    InspecteeKind.VOCATIONAL: Skill.VOCATIONAL,
}

_EMPLOYING = frozenset({InspecteeKind.KINDERGARTEN, InspecteeKind.PRIMARY, InspecteeKind.JUNIOR})
_RECUSALS = (1, 2, 2, 3, 3, 3, 4, 5)
_REASONS = (
    "系该校主要负责人近亲属",
    "近亲属在该校任职",
    "子女在该校就读",
    "曾任该校评估顾问",
    "与该校有经济往来，可能影响客观公正",
)
_CHILD = _REASONS[2]
_FIRST_KNOWN, _LAST_KNOWN = date(2020, 9, 1), date(2022, 8, 31)

_CITY_BEFORE = (("林西县教育局", "150424", date(2021, 8, 31)), ("敖汉旗教育局", "150430", date(2020, 6, 30)))
"""Where two members of the city's office worked before: banners whose governments they may not inspect for a time."""


def employments_of(
    draw: Draw, person: Inspector, schools: Sequence[Inspectee], banner: tuple[int, str] | None
) -> list[Employment]:
    """Where a member of a banner's office works and worked; ``schools`` are its office's, ``banner`` its id and name.

    Two part-time inspectors in three serve at a school, one in five has retired from one, the others work at the
    banner's research office. Some have worked at a second school within the years that still recuse.
    """
    if banner is None or not person.kind.is_inspector:
        return []
    random = draw.stream("employments", person.code)
    free = [
        school
        for school in schools
        if school.kind in _EMPLOYING and school.opened_on is None and school.responsible_inspector_id != person.id
    ]
    present, earlier = random.sample(free, 2)
    begin = date(random.randint(2003, 2016), 8, 15)
    change = date(random.randint(2017, 2021), 8, 14)
    if person.kind is PersonKind.FULL_TIME:
        return [_at(person, earlier, begin, change)] if random.random() < 0.5 else []
    fate = random.random()
    made = [_at(person, earlier, begin, change)] if random.random() < 0.2 else []
    start = change if made else begin
    if fate < 0.65:
        made.append(_at(person, present, start, None))
    elif fate < 0.85:
        made.append(_at(person, present, start, date(random.choice((2021, 2022)), 8, 31)))
    else:
        region_id, name = banner
        made.append(
            Employment(
                inspector_id=id_of(person), region_id=region_id, employer=f"{name}教育教学研究中心", first_on=start
            )
        )
    return made


def _at(person: Inspector, school: Inspectee, first_on: date, last_on: date | None) -> Employment:
    return Employment(
        inspector_id=id_of(person),
        inspectee_id=id_of(school),
        employer=school.name,
        first_on=first_on,
        last_on=last_on,
    )


def employments_of_city(people: Sequence[Inspector], regions: Mapping[str, int]) -> Iterator[Employment]:
    """Where two full-time members of the city's office, of no leading rank, worked before; ``regions`` by adcode."""
    members = [p for p in people if p.kind is PersonKind.FULL_TIME and not p.rank.may_lead]
    for person, (employer, adcode, last_on) in zip(members, _CITY_BEFORE, strict=False):
        yield Employment(
            inspector_id=id_of(person),
            region_id=regions[adcode],
            employer=employer,
            first_on=date(2012, 3, 1),
            last_on=last_on,
        )


def recusals_of(draw: Draw, person: Inspector, schools: Sequence[Inspectee]) -> list[Recusal]:
    """Schools of the office from which an inspector is recused, never those that the same person is responsible for."""
    if not person.kind.is_inspector:
        return []
    random = draw.stream("recusals", person.code)
    free = [school for school in schools if school.responsible_inspector_id != person.id]
    return [_recusal(random, person, school) for school in some(random, free, random.choice(_RECUSALS))]


def _recusal(random: Random, person: Inspector, school: Inspectee) -> Recusal:
    reason = random.choice(_REASONS)
    first_on = day_between(random, _FIRST_KNOWN, _LAST_KNOWN)
    last_on = date(random.randint(2023, 2025), 7, 31) if reason == _CHILD or random.random() < 0.15 else None
    if reason == _REASONS[0] and school.head_name:
        return Recusal(
            inspector_id=id_of(person),
            person_name=school.head_name,
            reason="近亲属",
            first_on=first_on,
            last_on=last_on,
        )
    return Recusal(
        inspector_id=id_of(person), inspectee_id=id_of(school), reason=reason, first_on=first_on, last_on=last_on
    )
