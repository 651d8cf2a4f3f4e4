"""Made-up schools: the plan's counts per kind, apportioned to the banners, with names, places and sizes drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count, islice
from random import Random

from app.models import InspecteeKind
from seed.region import Banner
from seed.rows import PLAN, apportioned, read_csv
from seed.synthetic import names
from seed.synthetic.draw import Draw, years_later
from seed.synthetic.places import Township, around, townships_of

HEAD_TERM_YEARS = 5
"""How long heads are taken to serve; no document of the region gives it, so each record has its own date."""

_CODE_LETTERS = {
    InspecteeKind.KINDERGARTEN: "Y",
    InspecteeKind.PRIMARY: "X",
    InspecteeKind.TEACHING_POINT: "D",
    InspecteeKind.JUNIOR: "C",
    InspecteeKind.SPECIAL: "T",
    InspecteeKind.SENIOR: "G",
    InspecteeKind.VOCATIONAL: "Z",
}
KINDS = tuple(_CODE_LETTERS)
_AT_SEAT = frozenset({InspecteeKind.SPECIAL, InspecteeKind.SENIOR, InspecteeKind.VOCATIONAL})
_URBAN = frozenset({"150402", "150403", "150404"})


@dataclass(frozen=True, slots=True)
class Size:
    """Pupils in a class, a unit's least classes and least pupils, how much units differ (σ of a log-normal)."""

    class_size: int
    least_classes: int
    least_pupils: int
    sigma: float
    classes_when_new: tuple[int, int] = (1, 1)


SIZES = {
    InspecteeKind.KINDERGARTEN: Size(27, 1, 15, 0.6, (6, 12)),
    InspecteeKind.PRIMARY: Size(42, 6, 60, 0.5, (24, 36)),
    InspecteeKind.TEACHING_POINT: Size(12, 1, 6, 0.0),
    InspecteeKind.JUNIOR: Size(46, 3, 150, 0.5, (24, 36)),
    InspecteeKind.SPECIAL: Size(12, 3, 40, 0.4),
    InspecteeKind.SENIOR: Size(45, 9, 500, 0.4, (30, 48)),
    InspecteeKind.VOCATIONAL: Size(40, 6, 200, 0.5, (24, 40)),
}
_MOST_PUPILS_OF_TEACHING_POINT = 60
_MOST_SIGMAS = 1.6
"""No site is larger or smaller than so many standard deviations make it, so that a few days suffice for each."""

_OPENINGS = {
    InspecteeKind.KINDERGARTEN: (
        (date(2022, 9, 1), 14),
        (date(2023, 3, 1), 8),
        (date(2023, 9, 1), 16),
        (date(2024, 3, 1), 6),
        (date(2024, 9, 1), 14),
        (date(2025, 3, 1), 4),
        (date(2025, 9, 1), 2),
    ),
    InspecteeKind.PRIMARY: ((date(2022, 9, 1), 2), (date(2023, 9, 1), 3), (date(2024, 9, 1), 2)),
    InspecteeKind.JUNIOR: ((date(2022, 9, 1), 1), (date(2023, 9, 1), 2), (date(2024, 9, 1), 1)),
    InspecteeKind.SENIOR: ((date(2023, 9, 1), 2), (date(2024, 9, 1), 2)),
    InspecteeKind.VOCATIONAL: ((date(2023, 9, 1), 2), (date(2024, 9, 1), 1), (date(2025, 3, 1), 1)),
}
"""When the new sites of chapter 7 open, and how many; drawn so that each can still be inspected in its round."""


@dataclass(frozen=True, slots=True)
class Site:
    """A school as it was drawn; ``order`` sorts the sites of a banner by township."""

    banner: Banner
    township: Township
    order: int
    kind: InspecteeKind
    code: str
    name: str
    lon: float
    lat: float
    pupils: int
    classes: int
    boarding: bool
    opened_on: date | None
    head_name: str
    head_term_ends_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """A site before its size is known."""

    banner: Banner
    township: Township
    order: int
    kind: InspecteeKind
    number: int
    name: str
    opened_on: date | None


def draw_sites(draw: Draw, banners: Sequence[Banner]) -> tuple[Site, ...]:
    """Every school of the region with those that open during the plan, in the order of their codes."""
    openings = _openings(draw, banners)
    spots = [
        spot for banner in banners for spot in _spots(banner, {kind: openings[kind, banner.adcode] for kind in KINDS})
    ]
    pupils = _pupils(draw, spots)
    heads = {banner.adcode: names.people(draw.stream("heads", banner.adcode), 0.1) for banner in banners}
    return tuple(
        _site(draw, spot, number, next(heads[spot.banner.adcode])) for spot, number in zip(spots, pupils, strict=True)
    )


def _openings(draw: Draw, banners: Sequence[Banner]) -> Mapping[tuple[InspecteeKind, str], list[date]]:
    """The opening days of the new sites of each kind in each banner, apportioned by population."""
    new_sites = {kind: int(row["new_sites"]) for row in read_csv("totals.csv") for kind in row["kinds"].split()[:1]}
    openings = {}
    for kind in KINDS:
        days = [day for day, number in _OPENINGS.get(kind, ()) for _ in range(number)]
        draw.stream("openings", kind).shuffle(days)
        shares = apportioned(new_sites.get(kind, 0), [banner.population for banner in banners])
        remaining = iter(days)
        for banner, share in zip(banners, shares, strict=True):
            openings[kind, banner.adcode] = sorted(islice(remaining, share))
    return openings


def _spots(banner: Banner, openings: Mapping[InspecteeKind, list[date]]) -> Iterator[_Spot]:
    """The banner's sites by kind: those that exist, spread over its townships, then those that open."""
    (counts,) = (row for row in read_csv("schools_per_banner.csv") if row["adcode"] == banner.adcode)
    townships = townships_of(banner)
    for kind in KINDS:
        existing = _homes(kind, townships, int(counts[kind]))
        new = [(townships[index % len(townships)], index % len(townships)) for index in range(len(openings[kind]))]
        made = _names(banner, kind, [township for township, _ in chain(existing, new)])
        opened: Iterable[date | None] = chain((None for _ in existing), openings[kind])
        homes = chain(existing, new)
        for number, (township, order), name, opened_on in zip(count(1), homes, made, opened, strict=False):
            yield _Spot(banner, township, order, kind, number, name, opened_on)


def _homes(kind: InspecteeKind, townships: Sequence[Township], number: int) -> list[tuple[Township, int]]:
    """The township of each of that many sites, with its place among the townships."""
    if kind in _AT_SEAT:
        seats = [index for index, township in enumerate(townships) if township.at_seat]
        return [(townships[seats[index % len(seats)]], seats[index % len(seats)]) for index in range(number)]
    candidates = townships
    if kind is InspecteeKind.TEACHING_POINT:
        candidates = [township for township in townships if not township.at_seat]
    if not number:
        return []
    each = 1 if number >= len(candidates) and kind is not InspecteeKind.TEACHING_POINT else 0
    shares = apportioned(number, [township.weight for township in candidates], floor=each)
    return [
        (township, townships.index(township))
        for township, share in zip(candidates, shares, strict=True)
        for _ in range(share)
    ]


def _names(banner: Banner, kind: InspecteeKind, townships: Sequence[Township]) -> Iterator[str]:
    """A name for each site of a kind: its township, its number or word there, its kind."""
    before: dict[str, int] = {}
    for township in townships:
        number = before.get(township.name, 0) + 1
        before[township.name] = number
        yield banner.name + _local_name(kind, township, number)


def _local_name(kind: InspecteeKind, township: Township, number: int) -> str:
    place = township.name.removesuffix("街道")
    rural = township.kind != "街道"
    which = names.ordinal(number) if number > 1 or not (rural or kind is InspecteeKind.SPECIAL) else ""
    if kind is InspecteeKind.KINDERGARTEN:
        return place + _kindergarten(number, rural)
    if kind is InspecteeKind.TEACHING_POINT:
        return f"{place}{names.VILLAGE_WORDS[(number - 1) % len(names.VILLAGE_WORDS)]}教学点"
    if kind is InspecteeKind.PRIMARY:
        return f"{place}中心小学" if rural and number == 1 else f"{place}{which}小学"
    endings = {
        InspecteeKind.JUNIOR: "初级中学",
        InspecteeKind.SENIOR: "高级中学",
        InspecteeKind.VOCATIONAL: "职业高中",
        InspecteeKind.SPECIAL: "特殊教育学校",
    }
    return place + which + endings[kind]


def _kindergarten(number: int, rural: bool) -> str:
    if rural and number == 1:
        return "中心幼儿园"
    index = number - 2 if rural else number - 1
    words = names.KINDERGARTEN_WORDS
    return f"{words[index]}幼儿园" if index < len(words) else f"{names.ordinal(number)}幼儿园"


def _pupils(draw: Draw, spots: Sequence[_Spot]) -> list[int]:
    """Pupils of each site: those that exist add up to the plan's total of their kinds, new ones fill their classes."""
    pupils = [0] * len(spots)
    for row in read_csv("totals.csv"):
        left = int(row["pupils"])
        for kind in reversed([InspecteeKind(word) for word in row["kinds"].split()]):
            random = draw.stream("pupils", kind)
            there = [i for i, spot in enumerate(spots) if spot.kind is kind and spot.opened_on is None]
            if kind is InspecteeKind.TEACHING_POINT:
                shares = [random.randint(SIZES[kind].least_pupils, _MOST_PUPILS_OF_TEACHING_POINT) for _ in there]
            else:
                weights = [_attraction(random, spots[i]) for i in there]
                shares = apportioned(left, weights, floor=SIZES[kind].least_pupils)
            for i, share in zip(there, shares, strict=True):
                pupils[i] = share
                left -= share
    random = draw.stream("pupils", "new")
    for i, spot in enumerate(spots):
        if spot.opened_on is not None:
            size = SIZES[spot.kind]
            pupils[i] = random.randint(*size.classes_when_new) * size.class_size
    return pupils


def _attraction(random: Random, spot: _Spot) -> float:
    urban = 1.6 if spot.banner.adcode in _URBAN else 1.0
    at_seat = 1.5 if spot.township.at_seat else 1.0
    apart = max(-_MOST_SIGMAS, min(_MOST_SIGMAS, random.gauss(0.0, 1.0)))
    return urban * at_seat * math.exp(SIZES[spot.kind].sigma * apart)


def _site(draw: Draw, spot: _Spot, pupils: int, head: str) -> Site:
    code = f"{spot.banner.adcode}-{_CODE_LETTERS[spot.kind]}{spot.number:03}"
    random = draw.stream("site", code)
    size = SIZES[spot.kind]
    lon, lat = around(random, spot.township.lon, spot.township.lat, spot.township.spread_km)
    has_head = spot.kind is not InspecteeKind.TEACHING_POINT  # a teaching point is run by its parent school's head
    return Site(
        banner=spot.banner,
        township=spot.township,
        order=spot.order,
        kind=spot.kind,
        code=code,
        name=spot.name,
        lon=lon,
        lat=lat,
        pupils=pupils,
        classes=max(size.least_classes, math.ceil(pupils / size.class_size)),
        boarding=random.random() < _boarding_share(spot),
        opened_on=spot.opened_on,
        head_name=head if has_head else "",
        head_term_ends_on=_term_end(random, spot.opened_on) if has_head else None,
        source=_source(spot),
    )


def _boarding_share(spot: _Spot) -> float:
    if spot.kind in (InspecteeKind.SENIOR, InspecteeKind.VOCATIONAL):
        return 0.95
    if spot.kind is InspecteeKind.JUNIOR:
        return 0.3 if spot.township.kind == "街道" else 0.9
    if spot.kind is InspecteeKind.PRIMARY:
        return 0.0 if spot.township.at_seat else 0.5
    return 0.5 if spot.kind is InspecteeKind.SPECIAL else 0.0


def _term_end(random: Random, opened_on: date | None) -> date:
    year = random.randint(2023, 2022 + HEAD_TERM_YEARS)
    return date(year, 7, 31) if opened_on is None else years_later(opened_on, HEAD_TERM_YEARS)


def _source(spot: _Spot) -> str:
    what = "第一章第一节各类学校总数" if spot.opened_on is None else "第七章新建学校数"
    return f"合成数据：{PLAN}{what}按人口等分摊到旗县区，名称、位置、规模为示例"
