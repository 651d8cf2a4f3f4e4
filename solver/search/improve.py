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
from solver.search.anneal import anneal
from solver.search.arrays import work_array
from solver.search.cooling import Cooling, mean_drive
from solver.search.decompose import Area
from solver.search.draft import Draft
from solver.search.moves.table import Phase, mix_of, new_tally
from solver.search.partner import Partner
from solver.search.stop import StopRule

SLICE_SECONDS = 0.04
"""How long compiled code runs before the next look at the clock."""

FIRST_PROPOSALS = 2_000
"""Proposals of an area's first slice, before its speed is known."""

PLACING_TEMPERATURE, PLACING_CHUNKS, PLACING_PROPOSALS = 5_000.0, 40, 1_000
"""How unscheduled visits are placed before the search begins: in chunks of so many proposals, while there are any."""

MEETING_PROPOSALS = 2_000
"""How many moves each thread of one area proposes until the threads bring their plans together."""

NO_JOURNAL = np.zeros(0, dtype=np.int64)

TICK_SECONDS = 0.2
"""Between two reports while the areas are searched."""


TRADING = Cooling(first=1.0, last=0.03)
"""Temperatures of the moves that trade visits, while it is selected which visits stay unscheduled. In costs of
leaving the area's lightest visit unscheduled."""

SELECTING_SHARE, MANY_UNSCHEDULED = 0.6, 8
"""The largest share of the time for that selection, and how many unscheduled visits are worth all of it. Fewer are
worth a share that falls with their square: many areas have a visit or two that fit nowhere.
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
    ``selecting_share`` is the part of a wave's time that the area spends on selecting which visits stay unscheduled.
    """

    draft: Draft
    area: Area
    work: IntArray
    draws: IntArray
    best_rows: IntArray
    best_unscheduled: int
    hopeless: int
    drive_metres: float
    change: int = 0
    gained: int = 0
    best_change: int = 0
    spent_seconds: float = 0.0
    proposals_per_second: float = FIRST_PROPOSALS / SLICE_SECONDS
    is_running: bool = False
    partners: Sequence[Partner] = ()
    selecting_share: float = 0.0
    is_selecting: bool = False
    tally: IntArray = field(default_factory=new_tally)

    @classmethod
    def of(cls, draft: Draft, area: Area, seed: int, stream: int) -> AreaSearch:
        """Start from the draft as it stands."""
        search = cls(
            draft=draft,
            area=area,
            work=work_array(draft.tables, seed, stream),
            draws=_draws(draft, area),
            best_rows=draft.plan[area.visits].copy(),
            best_unscheduled=0,
            hopeless=0,
            drive_metres=mean_drive(draft.tables, area),
        )
        search.look_again()
        return search

    @property
    def waiting(self) -> int:
        """How many visits of the plan as it is now are unscheduled but for the hopeless."""
        return int(self.work[self.draft.tables.given[layout.UNSCHEDULED_COUNT]])

    @property
    def share(self) -> float:
        """How much of the time the area needs, relative to others."""
        return float(len(self.draws))

    def look_again(self) -> None:
        """Take the draft as it stands for the best; others may have changed what the area does not own."""
        rows = self.draft.plan[self.area.visits]
        unscheduled = self.area.visits[rows[:, layout.START] == layout.UNSCHEDULED]
        hopeful = unscheduled[_is_hopeful(self.draft, unscheduled)]
        self.hopeless = len(unscheduled) - len(hopeful)
        waiting = int(self.draft.tables.given[layout.UNSCHEDULED_COUNT])
        self.work[waiting] = len(hopeful)
        self.work[waiting + 1 : waiting + 1 + len(hopeful)] = hopeful
        self.best_rows = rows.copy()
        self.best_unscheduled = len(unscheduled)
        self.change = self.best_change = 0

    @property
    def lightest(self) -> int:
        """What it costs to leave out the lightest visit that counts, in thousandths."""
        tables = self.draft.tables
        weights = tables.records[self.area.visits, layout.WEIGHT]
        return int(tables.price[layout.UNSCHEDULED_PRICE]) * int(weights[weights > 0].min(initial=HEAVIEST))

    def run_slice(self, mix: IntArray, temperature: float, seconds: float, trading_temperature: float = 0.0) -> None:
        """Anneal for about so many seconds at one temperature, or two of them (see ``propose``)."""
        proposals = max(100, int(self.proposals_per_second * seconds))
        began = time.monotonic()
        step = MEETING_PROPOSALS if self.partners else proposals
        for _ in range(0, proposals, step):
            self.propose(mix, temperature, step, trading_temperature)
        took = max(1e-6, time.monotonic() - began)
        self.spent_seconds += took
        self.proposals_per_second = proposals / took

    def propose(self, mix: IntArray, temperature: float, proposals: int, trading_temperature: float = 0.0) -> None:
        """Anneal by so many proposals of each thread at one temperature, and keep the plan if it is the best.

        Moves that trade visits have a temperature of their own if that is the higher; then partners rest, since
        their moves would seldom fit.
        """
        tables, state = self.draft.tables, self.draft.state
        partners = self.partners if trading_temperature <= temperature else ()
        running = []
        for partner in partners:
            partner.take_over(state, self.work)
            running.append(partner.thread.submit(partner.propose, self.draws, mix, temperature, proposals))
        self.change += anneal(
            tables.given,
            tables.price,
            state,
            self.work,
            self.draws,
            mix,
            temperature,
            max(temperature, trading_temperature),
            proposals,
            self.tally,
            NO_JOURNAL,
        )
        for partner, job in zip(partners, running, strict=True):
            job.result()
            self.change += partner.repeat_in(state, self.work, temperature)
        if self.change < self.best_change:
            self.best_change = self.change
            self.best_unscheduled = self.hopeless + self.waiting
            self.best_rows = self.draft.plan[self.area.visits]

    def partners_in(self, threads: ThreadPoolExecutor, count: int) -> tuple[Partner, ...]:
        """So many partners with random streams of their own, which follow from the search's."""
        tables, word = self.draft.tables, int(self.work[layout.RANDOM]) & (2**63 - 1)
        return tuple(
            Partner(tables, self.draft.state.copy(), work_array(tables, word, number), threads)
            for number in range(1, count + 1)
        )

    def place_unscheduled(self, stop: StopRule) -> None:
        """Schedule what construction has left unscheduled: first by ejection, then in trade for others."""
        self.place_by_ejection(stop, PLACING_CHUNKS)
        cooling = [self.lightest * TRADING.at(chunk / PLACING_CHUNKS) for chunk in range(PLACING_CHUNKS)]
        self._place(mix_of(Phase.SELECT), cooling, stop)
        self.settle_on_best()

    def place_by_ejection(self, stop: StopRule, chunks: int) -> None:
        """Schedule what construction has left unscheduled by ejection of other visits, in so many chunks."""
        self.look_again()
        self._place(mix_of(Phase.PLACE), [0.0] * chunks, stop)
        self.settle_on_best()

    def _place(self, mix: IntArray, trading_temperatures: Iterable[float], stop: StopRule) -> None:
        for trading_temperature in trading_temperatures:
            if self.waiting == 0 or stop():
                return
            self.propose(mix, PLACING_TEMPERATURE, PLACING_PROPOSALS, trading_temperature)

    def begin_selecting(self) -> None:
        """Begin by selecting which visits stay unscheduled, the longer the more there are."""
        self.selecting_share = SELECTING_SHARE * min(1.0, self.waiting / MANY_UNSCHEDULED) ** 2
        self.is_selecting = self.selecting_share > 0

    def end_selecting(self) -> None:
        """Go on from the plan that leaves out least."""
        if self.is_selecting:
            self.is_selecting = False
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
        """First the selection of what stays unscheduled, at temperatures of its own; then the cooling begins."""
        selecting, cooling = search.selecting_share, Cooling.for_effort(self.effort, search.drive_metres)
        if fraction < selecting:
            temperature = search.lightest * TRADING.at(fraction / selecting)
            search.run_slice(mix_of(Phase.SELECT), cooling.first, seconds, temperature)
        else:
            search.end_selecting()
            search.run_slice(self.mix, cooling.at((fraction - selecting) / (1.0 - selecting)), seconds)


def search_wave(wave: Wave, workers: int, on_tick: Callable[[], None]) -> None:
    """Search the areas of a wave until its time is over, and settle each on its best plan."""
    for search in wave.searches:
        search.spent_seconds = 0.0
        search.begin_selecting()
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
