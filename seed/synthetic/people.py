"""Made-up people: inspectors, experts and department members of each office, with ranks, skills and allowances.

How many there are follows the staffing norm of one inspector to five schools, a sixth of them full-time; how many
half-days they can give follows what offices report: 16 to 18 a month full-time, 4 part-time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from app.models import Inspector, PersonKind, Rank, Skill
from seed.region import Banner, Tree
from seed.rows import read_csv
from seed.synthetic import names
from seed.synthetic.draw import Draw, some
from seed.synthetic.places import Township, around, townships_of

FULL_TIME_HALF_DAYS = 16
PART_TIME_HALF_DAYS = 4
WILLING_HALF_DAYS = 8
"""Half-days a month of a full-time inspector, of most part-time ones, and of those who can give more."""

_NORTHERN = frozenset({"150421", "150422", "150423", "150425", "150426"})
_SHARES = {
    PersonKind.FULL_TIME: {Skill.COMPULSORY: 0.9, Skill.PRESCHOOL: 0.85, Skill.SPECIAL: 0.6},
    PersonKind.PART_TIME: {Skill.COMPULSORY: 0.65, Skill.PRESCHOOL: 0.75, Skill.SPECIAL: 0.33},
}
_FEWEST_FOR_INVITED = 17
_BASE_WITHIN_KM = 2.5
_DEPARTMENTS = ("赤峰市财政局", "赤峰市人力资源和社会保障局", "赤峰市市场监督管理局")


def draw_people(draw: Draw, tree: Tree) -> list[Inspector]:
    """Everybody of the city's office, then of each banner's, not yet written."""
    of_banners = {row["adcode"]: row for row in read_csv("people_per_office.csv")}
    people = list(_of_city(draw, tree))
    for banner in tree.banners:
        row = of_banners[banner.adcode]
        counts = {key: int(row[key]) for key in ("full_time", "part_time", "leads", "finance")}
        people.extend(_of_banner(draw, banner, counts))
    return people


def _of_city(draw: Draw, tree: Tree) -> Iterator[Inspector]:
    random = draw.stream("people", "city")
    people = names.people(random, 0.1)
    departments = iter(_DEPARTMENTS)
    for number, row in enumerate(read_csv("city_people.csv"), start=1):
        kind = PersonKind(row["kind"])
        yield Inspector(
            code=_code("150400", number),
            name=next(people),
            kind=kind,
            rank=Rank(row["rank"]),
            office_id=tree.office_id,
            base_name=next(departments) if kind is PersonKind.DEPARTMENT_MEMBER else "赤峰市区",
            base_lon=tree.seat_lon,
            base_lat=tree.seat_lat,
            skills=row["skills"].split(),
            half_days_per_month=int(row["half_days_per_month"] or PART_TIME_HALF_DAYS),
            load_before_half_days=random.randint(1, 24) if random.random() < 0.1 else 0,
            card_number=_card(kind, "150400", number),
            synthetic=True,
        )


def _of_banner(draw: Draw, banner: Banner, counts: dict[str, int]) -> Iterator[Inspector]:
    random = draw.stream("people", banner.adcode)
    people = names.people(random, 0.3 if banner.adcode in _NORTHERN else 0.08)
    townships = townships_of(banner)
    inspectors = counts["full_time"] + counts["part_time"]
    for number in range(1, inspectors + 1):
        full_time = number <= counts["full_time"]
        kind = PersonKind.FULL_TIME if full_time else PersonKind.PART_TIME
        if number == inspectors and counts["part_time"] >= _FEWEST_FOR_INVITED:
            kind = PersonKind.INVITED
        base, lon, lat = banner.seat, banner.seat_lon, banner.seat_lat
        if not full_time:
            lon, lat = around(random, lon, lat, _BASE_WITHIN_KM)
            home = _township_of(draw.stream("homes", banner.adcode, str(number)), townships)
            if home is not None:
                base, lon, lat = home.name, home.lon, home.lat
        yield Inspector(
            code=_code(banner.adcode, number),
            name=next(people),
            kind=kind,
            rank=_rank(number, counts),
            office_id=banner.office_id,
            base_name=base,
            base_lon=lon,
            base_lat=lat,
            skills=_skills(random, banner, number, full_time=full_time, finance=number <= counts["finance"]),
            weekdays=None if full_time else _weekdays(random),
            half_days_per_month=FULL_TIME_HALF_DAYS if full_time else _part_time_half_days(random),
            half_days_per_year=_yearly(random, full_time=full_time),
            load_before_half_days=_load_before(random, full_time=full_time),
            card_number=_card(kind, banner.adcode, number),
            synthetic=True,
        )
    yield _expert(banner, inspectors + 1, next(people))


def _township_of(random: Random, townships: Sequence[Township]) -> Township | None:
    """The township outside the seat in which a part-time inspector lives and works; none for those of the seat.

    Part-time inspectors are serving or retired heads, teachers and researchers, so they live where the schools are.
    """
    home = random.choices(townships, [township.weight for township in townships])[0]
    return None if home.at_seat else home


def _expert(banner: Banner, number: int, name: str) -> Inspector:
    return Inspector(
        code=_code(banner.adcode, number),
        name=name,
        kind=PersonKind.EXPERT,
        office_id=banner.office_id,
        base_name=banner.seat,
        base_lon=banner.seat_lon,
        base_lat=banner.seat_lat,
        skills=[Skill.PRESCHOOL.value],
        half_days_per_month=PART_TIME_HALF_DAYS,
        synthetic=True,
    )


def _code(adcode: str, number: int) -> str:
    return f"{adcode}-{number:03}"


def _card(kind: PersonKind, adcode: str, number: int) -> str:
    return f"示例{adcode}{number:03}" if kind.is_inspector else ""


def _rank(number: int, counts: dict[str, int]) -> Rank:
    """The first full-time inspector is the chief, the second the deputy where there are three, then the leaders."""
    if number == 1:
        return Rank.CHIEF
    if number == 2 and counts["full_time"] >= 3:
        return Rank.DEPUTY_CHIEF
    return Rank.LEADER if number <= counts["leads"] else Rank.MEMBER


def _skills(random: Random, banner: Banner, number: int, *, full_time: bool, finance: bool) -> list[str]:
    shares = _SHARES[PersonKind.FULL_TIME if full_time else PersonKind.PART_TIME]
    skills = {skill for skill, share in shares.items() if random.random() < share}
    if number <= 2:
        skills |= {Skill.COMPULSORY, Skill.PRESCHOOL, Skill.SPECIAL}  # somebody leads each kind of team everywhere
    if not skills & {Skill.COMPULSORY, Skill.PRESCHOOL}:
        skills.add(Skill.PRESCHOOL)
    if finance:
        skills.add(Skill.FINANCE)
    if random.random() < (0.3 if banner.adcode in _NORTHERN else 0.08):
        skills.add(Skill.MONGOLIAN)
    return [skill.value for skill in Skill if skill in skills]


def _weekdays(random: Random) -> list[int] | None:
    """The days on which the own work lets somebody go; make-up days at weekends are always possible."""
    if random.random() < 0.6:
        return None
    taken = some(random, range(1, 6), random.choice((1, 1, 2)))
    return [day for day in range(1, 8) if day not in taken]


def _part_time_half_days(random: Random) -> int:
    return WILLING_HALF_DAYS if random.random() < 0.08 else PART_TIME_HALF_DAYS


def _yearly(random: Random, *, full_time: bool) -> int | None:
    if random.random() >= 0.05:
        return None
    return 7 * FULL_TIME_HALF_DAYS if full_time else 8 * PART_TIME_HALF_DAYS


def _load_before(random: Random, *, full_time: bool) -> int:
    if random.random() >= 0.15:
        return 0
    return random.randint(4, 24) if full_time else random.randint(1, 9)
