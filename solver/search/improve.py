"""The loop of the search: areas are annealed side by side, slice by slice, and the best of each is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from solver.calendar import BoolArray, IntArray
from solver.search import layout
from solver.search.anneal import MIX, MOVE_COUNT, OPENING_MIX, PLACING_MIX, TALLY_WIDTH, anneal
from solver.search.arrays import work_array
from solver.search.cooling import Cooling, mean_drive
from solver.search.decompose import Area
from solver.search.draft import Draft
from solver.search.partner import Partner
from solver.search.stop import StopRule

SLICE_SECONDS = 0.04
"""How long compiled code runs before the next look at the clock."""

FIRST_PROPOSALS = 2_000
"""Proposals of an area's first slice, before its speed is known."""

PLACING_TEMPERATURE, PLACING_CHUNKS, PLACING_PROPOSALS = 5_000.0, 40, 1_000
"""How open visits are placed before the search begins: after so many proposals it is asked whether there are any."""

MEETING_PROPOSALS = 2_000
"""How many moves each thread of one area proposes until the threads bring their plans together."""

NO_JOURNAL = np.zeros(0, dtype=np.int64)

TICK_SECONDS = 0.2
"""Between two reports while the areas are searched."""


OPENING = Cooling(first=1.0, last=0.03)
"""Temperatures of the moves that place open visits, while these are cared for: what is left out may change against
other visits. In costs of leaving out the area's lightest visit."""

OPENING_SHARE, MANY_OPEN = 0.6, 8
"""The most of the time in which open visits are cared for, and how many of them are worth all of it. Fewer are worth a
share that falls with their square: in many an area a visit or two stay open that nobody could place.
"""

HEAVIEST = 2**31
"""Stands for the lightest visit where none counts."""


@dataclass(slots=True, eq=False)
class AreaSearch:
    """The search of one area: where it stands, and the best that it has found.

    ``change`` is how the cost has changed since the start, in thousandths, ``best_change`` how it had at best, and
    ``best_rows`` the plan of the area's visits then; ``gained`` is the change that earlier searches have brought.
    ``hopeless`` visits have no start or too few members whatever the plan; ``partners`` are further threads.
    ``drive_metres`` is how far its people drive (``mean_drive``).
    ``opening_share`` is the part of a wave's time in which the area cares for its open visits first of all.
    """

    draft: Draft
    area: Area
    work: IntArray
    draws: IntArray
    open_visits: IntArray
    best_rows: IntArray
    best_open: int
    hopeless: int
    drive_metres: float
    change: int = 0
    gained: int = 0
    best_change: int = 0
    spent_seconds: float = 0.0
    proposals_per_second: float = FIRST_PROPOSALS / SLICE_SECONDS
    is_running: bool = False
    partners: Sequence[Partner] = ()
    opening_share: float = 0.0
    is_opening: bool = False
    tally: IntArray = field(default_factory=lambda: np.zeros(MOVE_COUNT * TALLY_WIDTH, dtype=np.int64))

    @classmethod
    def of(cls, draft: Draft, area: Area, seed: int, stream: int) -> AreaSearch:
        """Start from the draft as it stands."""
        search = cls(
            draft=draft,
            area=area,
            work=work_array(draft.tables, seed, stream),
            draws=_draws(draft, area),
            open_visits=np.zeros(len(area.visits) + 2, dtype=np.int64),
            best_rows=draft.plan[area.visits].copy(),
            best_open=0,
            hopeless=0,
            drive_metres=mean_drive(draft.tables, area),
        )
        search.look_again()
        return search

    @property
    def share(self) -> float:
        """How much of the time the area needs, relative to others."""
        return float(len(self.draws))

    def look_again(self) -> None:
        """Take the draft as it stands for the best; others may have changed what the area does not own."""
        rows = self.draft.plan[self.area.visits]
        opened = self.area.visits[rows[:, layout.START] == layout.OPEN]
        hopeful = opened[_is_hopeful(self.draft, opened)]
        self.hopeless = len(opened) - len(hopeful)
        self.open_visits[0] = len(hopeful)
        self.open_visits[1 : 1 + len(hopeful)] = hopeful
        self.best_rows = rows.copy()
        self.best_open = len(opened)
        self.change = self.best_change = 0

    @property
    def lightest(self) -> int:
        """What it costs to leave out the lightest visit that counts, in thousandths."""
        tables = self.draft.tables
        weights = tables.records[self.area.visits, layout.WEIGHT]
        return int(tables.price[layout.UNSCHEDULED_PRICE]) * int(weights[weights > 0].min(initial=HEAVIEST))

    def run_slice(self, mix: IntArray, temperature: float, seconds: float, opening_temperature: float = 0.0) -> None:
        """Anneal for about so many seconds at one temperature, or two of them (see ``propose``)."""
        proposals = max(100, int(self.proposals_per_second * seconds))
        began = time.monotonic()
        step = MEETING_PROPOSALS if self.partners else proposals
        for _ in range(0, proposals, step):
            self.propose(mix, temperature, step, opening_temperature)
        took = max(1e-6, time.monotonic() - began)
        self.spent_seconds += took
        self.proposals_per_second = proposals / took

    def propose(self, mix: IntArray, temperature: float, proposals: int, opening_temperature: float = 0.0) -> None:
        """Anneal by so many proposals of each thread at one temperature, and keep the plan if it is the best.

        Moves that place open visits have a temperature of their own if that is the higher; then partners rest, since
        what they place would seldom fit.
        """
        tables, state = self.draft.tables, self.draft.state
        partners = self.partners if opening_temperature <= temperature else ()
        running = []
        for partner in partners:
            partner.take_over(state, self.open_visits)
            running.append(partner.thread.submit(partner.propose, self.draws, mix, temperature, proposals))
        self.change += anneal(
            tables.given,
            tables.price,
            state,
            self.work,
            self.draws,
            self.open_visits,
            mix,
            temperature,
            max(temperature, opening_temperature),
            proposals,
            self.tally,
            NO_JOURNAL,
        )
        for partner, job in zip(partners, running, strict=True):
            job.result()
            self.change += partner.repeat_in(state, self.work, self.open_visits, temperature)
        if self.change < self.best_change:
            self.best_change = self.change
            self.best_open = self.hopeless + int(self.open_visits[0])
            self.best_rows = self.draft.plan[self.area.visits]

    def partners_in(self, threads: ThreadPoolExecutor, count: int) -> tuple[Partner, ...]:
        """So many partners with random streams of their own, which follow from the search's."""
        tables, word = self.draft.tables, int(self.work[layout.RANDOM]) & (2**63 - 1)
        return tuple(
            Partner(tables, self.draft.state.copy(), work_array(tables, word, number), self.open_visits.copy(), threads)
            for number in range(1, count + 1)
        )

    def place_open(self, stop: StopRule) -> None:
        """Place what construction has left open: by shifting others about, then by exchanging it for others."""
        self.look_again()
        self._place_open(PLACING_MIX, [0.0] * PLACING_CHUNKS, stop)
        self.settle_on_best()
        cooling = [self.lightest * OPENING.at(chunk / PLACING_CHUNKS) for chunk in range(PLACING_CHUNKS)]
        self._place_open(OPENING_MIX, cooling, stop)
        self.settle_on_best()

    def _place_open(self, mix: IntArray, opening_temperatures: Iterable[float], stop: StopRule) -> None:
        for opening_temperature in opening_temperatures:
            if self.open_visits[0] == 0 or stop():
                return
            self.propose(mix_of(mix), PLACING_TEMPERATURE, PLACING_PROPOSALS, opening_temperature)

    def begin_opening(self) -> None:
        """Care for open visits first of all, the longer the more there are."""
        self.opening_share = OPENING_SHARE * min(1.0, int(self.open_visits[0]) / MANY_OPEN) ** 2
        self.is_opening = self.opening_share > 0

    def end_opening(self) -> None:
        """Go on from the plan that leaves out least."""
        if self.is_opening:
            self.is_opening = False
            self.settle_on_best()

    def settle_on_best(self) -> None:
        """Bring the draft back to the best plan of the area."""
        if self.change != self.best_change:
            self.draft.restore(self.area.visits, self.best_rows)
        self.gained += self.best_change
        self.look_again()


def _draws(draft: Draft, area: Area) -> IntArray:
    """The area's visits, each as often as it is to be drawn: as it has half-days of all its members."""
    records = draft.tables.records[area.visits]
    return np.repeat(area.visits, records[:, layout.TEAM_SIZE] * records[:, layout.HALF_DAYS])


def _is_hopeful(draft: Draft, visits: IntArray) -> BoolArray:
    """Which of the visits have a start and enough members, so that looking for a place is not in vain."""
    records = draft.tables.records[visits]
    has_team = records[:, layout.MEMBERS_COUNT] >= records[:, layout.TEAM_SIZE]
    return np.asarray((records[:, layout.STARTS_COUNT] > 0) & has_team, dtype=np.bool_)


@dataclass(slots=True, eq=False)
class Wave:
    """Areas that are searched side by side for some time; each thread takes the one that has had the least of it.

    ``effort`` is the seconds of one thread for each half-day of a person.
    """

    searches: Sequence[AreaSearch]
    effort: float
    seconds: float
    stop: StopRule
    mix: IntArray
    started: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fraction(self) -> float:
        """How much of the time is over."""
        return (time.monotonic() - self.started) / self.seconds if self.seconds > 0 else 1.0

    def take(self) -> AreaSearch | None:
        """The idle area that has had the least time for its size."""
        with self.lock:
            idle = [search for search in self.searches if not search.is_running]
            if not idle:
                return None
            search = min(idle, key=lambda search: search.spent_seconds / search.share)
            search.is_running = True
            return search

    def work(self) -> None:
        """Search slice by slice until the time is over."""
        while (fraction := self.fraction()) < 1.0 and not self.stop():
            search = self.take()
            if search is None:
                return
            self._run_slice(search, fraction, min(SLICE_SECONDS, self.seconds * (1.0 - fraction)))
            search.is_running = False

    def _run_slice(self, search: AreaSearch, fraction: float, seconds: float) -> None:
        """First open visits are cared for, at temperatures of their own; then the cooling begins."""
        opening, cooling = search.opening_share, Cooling.for_effort(self.effort, search.drive_metres)
        if fraction < opening:
            temperature = search.lightest * OPENING.at(fraction / opening)
            search.run_slice(mix_of(OPENING_MIX), cooling.first, seconds, temperature)
        else:
            search.end_opening()
            search.run_slice(self.mix, cooling.at((fraction - opening) / (1.0 - opening)), seconds)


def search_wave(wave: Wave, workers: int, on_tick: Callable[[], None]) -> None:
    """Search the areas of a wave until its time is over, and settle each on its best plan."""
    for search in wave.searches:
        search.spent_seconds = 0.0
        search.begin_opening()
    threads = min(workers, len(wave.searches))
    spare = workers // threads - 1
    with (
        ThreadPoolExecutor(max_workers=threads, thread_name_prefix="anneal") as pool,
        ThreadPoolExecutor(max_workers=max(1, threads * spare), thread_name_prefix="partner") as spare_pool,
    ):
        for search in wave.searches:
            search.partners = search.partners_in(spare_pool, spare)
        running = [pool.submit(wave.work) for _ in range(threads)]
        while wait(running, timeout=TICK_SECONDS).not_done:
            on_tick()
    for future in running:
        future.result()
    for search in wave.searches:
        search.partners = ()
        search.settle_on_best()


def mix_of(shares: IntArray = MIX) -> IntArray:
    """The shares of the moves, cumulated as the compiled loop wants them."""
    return np.cumsum(shares)
