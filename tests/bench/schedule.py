"""Which runs make up the measurement, the most important first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.bench.runs import PLAIN, PLANNER, STAGES, TIMEFOLD, Task

BANNERS = ("banner-core", "banner-full")
CITIES = ("city-core", "city-full", "city-tight", "city-short")
PROVINCE = "province-core"
OF_PEERS = ("banner-core", "banner-full", "city-core")
"""Problems on which the peers plan too."""

TINY_SECONDS, ALONE_SECONDS = 3.0, 25.0
SEEDS, FEW_SEEDS = tuple(range(1, 11)), (1, 2, 3)

AREA_COUNTS = (1, 2, 4, 8)
"""How many prefectures of the province are planned to see what doubling costs; all together are planned anyway."""


def area_name(number: int) -> str:
    """The name of the problem of one prefecture by itself."""
    return f"{PROVINCE}-area-{number:02}"


def some_areas_name(count: int) -> str:
    """The name of the problem of the first prefectures together."""
    return f"{PROVINCE}-first-{count:02}"


def schedule(tiny: Iterable[str], areas: int) -> Iterator[Task]:
    """All tasks of the measurement; the province has so many prefectures."""
    yield from (Task(name, PLANNER, TINY_SECONDS, 1) for name in tiny)
    yield from (Task(name, PLANNER, 10, seed) for name in BANNERS for seed in SEEDS)
    yield from (Task(name, PLANNER, 10, seed) for name in CITIES[:2] for seed in FEW_SEEDS)
    yield from (Task(name, PLANNER, 60, seed) for seed in FEW_SEEDS for name in (*BANNERS, *CITIES, PROVINCE))
    yield from (Task(name, PLANNER, 300, 1) for name in (*BANNERS, *CITIES))
    yield from (Task(name, who, 60, 1) for who in (STAGES, PLAIN, TIMEFOLD) for name in OF_PEERS)
    yield Task(PROVINCE, PLANNER, 300, 1)
    yield from (Task(area_name(number), PLANNER, ALONE_SECONDS, 1) for number in range(1, areas + 1))
    yield from (Task(some_areas_name(count), PLANNER, 60, 1) for count in AREA_COUNTS if count < areas)
    yield from (Task(name, who, 300, 1) for who in (PLAIN, TIMEFOLD) for name in OF_PEERS)
