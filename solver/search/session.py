"""One run of the search: the parts of a problem with their drafts, constructed, improved, and read as a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from solver.assign import assignment_of
from solver.calendar import IntArray, Slot
from solver.candidates import Candidates
from solver.plan import Assignment, Score
from solver.problem import BaselineAssignment, Problem
from solver.score import sum_of
from solver.search import layout
from solver.search.arrays import THOUSANDTHS, Tables, compile_tables, work_array
from solver.search.construct import CROWDING_PRICE, TRIES, hardest_first, insert_each, rare_visits
from solver.search.cooling import FIRST_TEMPERATURE
from solver.search.decompose import Area, Part, areas_of, split, waves
from solver.search.draft import Draft
from solver.search.improve import AreaSearch, Wave, search_wave
from solver.search.moves.table import mix_of
from solver.search.stop import StopRule
from solver.windows import Windows

CONSTRUCT_CHUNK = 200
"""Visits inserted between two questions to the stop rule."""

LONG_SECONDS, FIRST_ROUNDS_SHARE = 20.0, 0.2
"""From so many seconds on the search has rounds, and the rounds before the last take this share of the time."""

CHUNKS_ACROSS_AREAS = 10
"""Chunks of proposals for the ejection of visits of other areas: what is left mostly fits nowhere."""

LEAST_WAVE_SHARE = 0.03
"""The least part of the time that a wave is given."""


@dataclass(frozen=True, slots=True, eq=False)
class PartSearch:
    """The draft of a part of the problem, and the searches of its areas, wave by wave.

    ``whole`` is the search of all its visits at once, whatever their areas; ``None`` if there is one area only.
    """

    draft: Draft
    waves: tuple[tuple[AreaSearch, ...], ...]
    whole: AreaSearch | None

    def place_across_areas(self, stop: StopRule) -> None:
        """Schedule what its area could not, by ejection of visits of other areas too; nothing else may search now."""
        if self.whole is None:
            return
        self.whole.look_again()
        if self.whole.waiting == 0:
            return
        areas = self.draft.tables.records[:, layout.AREA]
        numbers = areas.copy()
        areas[:] = self.whole.area.number
        self.whole.place_by_ejection(stop, CHUNKS_ACROSS_AREAS)
        areas[:] = numbers


class Session:
    """The search of a whole problem in the arrays of its parts.

    ``change_price`` is what a baseline assignment costs, in thousandths and beyond the score, if it differs at all.
    Laying out raises ``StopError`` when ``is_over`` says yes.
    """

    def __init__(
        self,
        candidates: Candidates,
        seed: int,
        workers: int,
        *,
        change_price: int = 0,
        is_over: StopRule = lambda: False,
    ) -> None:
        self.candidates = candidates
        self.problem: Problem = candidates.problem
        self.workers = workers
        self.seed = seed
        windows = Windows(candidates)
        self.parts = [
            self._part_search(number, part, change_price, windows, is_over)
            for number, part in enumerate(split(candidates))
        ]
        self.waves: list[list[AreaSearch]] = [
            [search for wave in group if wave is not None for search in wave]
            for group in zip_longest(*(part.waves for part in self.parts))
        ]

    def _part_search(
        self, number: int, part: Part, change_price: int, windows: Windows, is_over: StopRule
    ) -> PartSearch:
        tables = compile_tables(
            self.candidates, part.visits, part.people, change_price=change_price, windows=windows, is_over=is_over
        )
        areas = areas_of(self.problem, part)
        _mark_areas(tables, areas)
        draft = Draft.blank(tables)
        searches = tuple(
            tuple(AreaSearch.of(draft, area, self.seed, 1000 * number + area.number) for area in wave)
            for wave in waves(areas)
        )
        whole = None
        if len(areas) > 1:
            everything = Area(len(areas), np.arange(len(part.visits), dtype=np.int64), frozenset(), is_first=False)
            whole = AreaSearch.of(draft, everything, self.seed, 1000 * number + len(areas))
        return PartSearch(draft, searches, whole)

    def warm_up(self) -> None:
        """Call every compiled function once for nothing: the first run after an installation compiles them."""
        nothing = np.zeros(0, dtype=np.int64)
        for part in self.parts[:1]:
            part.draft.restore(nothing, part.draft.plan[nothing])
            part.draft.score()
            self._insert(part.draft, nothing, work_array(part.draft.tables, self.seed, 0))
            with ThreadPoolExecutor(max_workers=1) as pool:
                for search in part.waves[0]:
                    search.partners = search.partners_in(pool, 1)
                    search.propose(mix_of(), FIRST_TEMPERATURE, 0)
                    search.partners = ()

    def take_over(self, assignments: Iterable[Assignment | BaselineAssignment]) -> None:
        """Put these assignments into the plan, the earliest first; those that break a rule are dropped."""
        stated = sorted(assignments, key=lambda assignment: (assignment.day, assignment.half))
        for part in self.parts:
            part.draft.put(*self._rows(part, stated))

    def replace_by(self, assignments: Iterable[Assignment]) -> None:
        """Make the plan consist of these assignments, which break no rule."""
        for part in self.parts:
            rows = np.full_like(part.draft.plan, layout.UNSCHEDULED)
            part.draft.restore(np.arange(len(rows), dtype=np.int64), rows)
        self.take_over(assignments)

    def _rows(self, part: PartSearch, stated: Iterable[Assignment | BaselineAssignment]) -> tuple[IntArray, IntArray]:
        """The part's unscheduled visits among these assignments, and their rows of the plan."""
        tables = part.draft.tables
        local = {self.problem.visits[int(v)].id: k for k, v in enumerate(tables.visits)}
        people = {self.problem.inspectors[int(v)].id: k for k, v in enumerate(tables.people)}
        visits: list[int] = []
        rows: list[list[int]] = []
        width = part.draft.plan.shape[1]
        for assignment in stated:
            visit = local.get(assignment.visit)
            slot = self.candidates.calendar.slot(assignment.day, assignment.half)
            team = [people[member] for member in assignment.team if member in people]
            if visit is None or slot is None or part.draft.plan[visit, layout.START] != layout.UNSCHEDULED:
                continue
            if len(team) == len(assignment.team) == part.draft.team_size(visit):
                visits.append(visit)
                rows.append([slot, *team, *[layout.UNSCHEDULED] * (width - 1 - len(team))])
        return np.array(visits, dtype=np.int64), np.array(rows, dtype=np.int64).reshape(-1, width)

    def construct(self, stop: StopRule, on_tick: Callable[[], None]) -> None:
        """Insert every unscheduled visit where it fits; areas that allow it side by side.

        Pinned visits come first, then those with few starts, before areas that borrow people are constructed.
        """
        for part in self.parts:
            pinned = [visit for visit in hardest_first(part.draft.tables) if self._is_pinned(part, int(visit))]
            work = work_array(part.draft.tables, self.seed, 0)
            self._insert(part.draft, np.array(pinned, dtype=np.int64), work)
            self._insert(part.draft, rare_visits(part.draft.tables), work)
        for wave in self.waves:
            with ThreadPoolExecutor(max_workers=self.workers, thread_name_prefix="construct") as pool:
                jobs = [pool.submit(self._construct_area, search, stop) for search in wave]
                for job in jobs:
                    job.result()
                    on_tick()
        self._place_across_areas(stop)

    def _place_across_areas(self, stop: StopRule) -> None:
        for part in self.parts:
            if not stop():
                part.place_across_areas(stop)
        for wave in self.waves:
            for search in wave:
                search.look_again()

    def _construct_area(self, search: AreaSearch, stop: StopRule) -> None:
        order = hardest_first(search.draft.tables, search.area.visits)
        for first in range(0, len(order), CONSTRUCT_CHUNK):
            if stop():
                return
            self._insert(search.draft, order[first : first + CONSTRUCT_CHUNK], search.work)
        search.place_unscheduled(stop)

    def _insert(self, draft: Draft, order: IntArray, work: IntArray) -> None:
        tables = draft.tables
        insert_each(tables.given, tables.price, draft.state, order, TRIES, CROWDING_PRICE, work)

    def _is_pinned(self, part: PartSearch, visit: int) -> bool:
        return self.problem.visits[int(part.draft.tables.visits[visit])].id in self.candidates.pins

    def improve(
        self,
        left: Callable[[], float],
        stop: StopRule,
        on_tick: Callable[[], None],
        between_rounds: Callable[[], None] = lambda: None,
    ) -> None:
        """Anneal in rounds, in each every wave for its share of the time.

        ``left`` tells the seconds that are left; it is called again before the last round, which takes them all.
        ``between_rounds`` may schedule what is unscheduled before that.
        """
        shares = [sum(search.share for search in wave) for wave in self.waves]
        least = LEAST_WAVE_SHARE * sum(shares)
        shares = [max(least, share) for share in shares]
        rounds = rounds_of(left())
        for number, planned in enumerate(rounds, start=1):
            round_seconds = planned if number < len(rounds) else left()
            for wave, share in zip(self.waves, shares, strict=True):
                time = round_seconds * share / sum(shares)
                self._search_wave(wave, time, stop, on_tick)
            if number < len(rounds):
                self._place_across_areas(stop)
                between_rounds()

    def _search_wave(
        self, searches: Sequence[AreaSearch], seconds: float, stop: StopRule, on_tick: Callable[[], None]
    ) -> None:
        for search in searches:
            search.look_again()
        effort = seconds * self.workers / max(1.0, sum(search.share for search in searches))
        search_wave(Wave(searches, effort, seconds, stop, mix_of()), self.workers, on_tick)

    def scheduled(self) -> int:
        """How many visits the best plan so far holds, also while the areas are searched."""
        unscheduled = sum(search.best_unscheduled for wave in self.waves for search in wave)
        return len(self.problem.visits) - unscheduled

    def open_visits(self) -> list[int]:
        """The numbers of the visits that the best plan so far leaves unscheduled, also while the areas are searched."""
        found: list[int] = []
        for part in self.parts:
            for search in (search for wave in part.waves for search in wave):
                unscheduled = search.area.visits[search.best_rows[:, layout.START] == layout.UNSCHEDULED]
                found += part.draft.tables.visits[unscheduled].tolist()
        return found

    def change(self) -> int:
        """By how much the total of the best plan has changed since its visits were inserted, in whole units."""
        searches = [search for wave in self.waves for search in wave]
        searches += [part.whole for part in self.parts if part.whole is not None]
        return sum(search.gained + search.best_change for search in searches) // THOUSANDTHS

    def score(self) -> Score:
        """The score of the plan as it stands."""
        return sum_of(part.draft.score() for part in self.parts)

    def assignments(self) -> list[Assignment]:
        """The plan as it stands, in the order of the problem's visits."""
        return _assignments(self.candidates, [part.draft for part in self.parts])

    def best(self) -> Snapshot:
        """The best plan so far, also while the areas are searched."""
        drafts = []
        for part in self.parts:
            rows = part.draft.plan.copy()
            for wave in part.waves:
                for search in wave:
                    rows[search.area.visits] = search.best_rows
            draft = Draft.blank(part.draft.tables)
            draft.restore(np.arange(len(rows)), rows)
            drafts.append(draft)
        return Snapshot(self.candidates, tuple(drafts))


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A plan that the search has moved on from."""

    candidates: Candidates
    drafts: tuple[Draft, ...]

    def assignments(self) -> list[Assignment]:
        """Its assignments, in the order of the problem's visits."""
        return _assignments(self.candidates, self.drafts)

    def score(self) -> Score:
        """Its score."""
        return sum_of(draft.score() for draft in self.drafts)


def _assignments(candidates: Candidates, drafts: Iterable[Draft]) -> list[Assignment]:
    found: dict[int, Assignment] = {}
    for draft in drafts:
        tables = draft.tables
        for visit in np.flatnonzero(draft.plan[:, layout.START] != layout.UNSCHEDULED):
            number = int(tables.visits[visit])
            team = [int(tables.people[member]) for member in draft.team(int(visit))]
            found[number] = assignment_of(candidates, number, Slot(int(draft.plan[visit, layout.START])), team)
    return [found[number] for number in sorted(found)]


def rounds_of(seconds: float) -> list[float]:
    """How the time is split into rounds, each from hot to cold: short ones first, so that an early stop finds a plan.

    Most of the time goes to the last, since one long round does better than several short ones.
    """
    if seconds < LONG_SECONDS:
        return [seconds]
    return [*rounds_of(FIRST_ROUNDS_SHARE * seconds), (1 - FIRST_ROUNDS_SHARE) * seconds]


def _mark_areas(tables: Tables, areas: Sequence[Area]) -> None:
    """Note in each visit's record the area that may move it."""
    for area in areas:
        tables.records[area.visits, layout.AREA] = area.number
