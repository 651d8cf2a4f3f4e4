"""A re-plan: a plan near a baseline, with the least unscheduled weight, then the fewest changes, then the least total.

Only what may move is laid out: the visits whose assignments are impossible or missing, and what is around them. All
other assignments of the baseline are kept. The visits are placed by CP-SAT; if that takes more changes than are
certain, the fewest are proved by a relaxation that grows by the visits that it changes (``solver.model.changes``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.assign import assignment_of
from solver.baseline import Baseline
from solver.calendar import IntArray
from solver.candidates import Candidates
from solver.checker import check
from solver.model.build import never
from solver.model.changes import FewestChanges, fewest_changes, least_unscheduled_at
from solver.model.repair import Effort, Repair
from solver.plan import METRES_PER_KILOMETRE, Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import LEAD
from solver.reasons import Violation
from solver.retry import Retry
from solver.surroundings import Surroundings
from solver.timetable import Placement, Timetable
from solver.travel import TravelTable

MOST_TO_PLACE = 200
"""Visits to place beyond which the whole problem is better searched."""

MOST_CONFLICTS = 12
"""How often the visits at which the kept assignments break a rule are taken out; a cap is broken at one at a time."""

BATCH = 4
"""Visits that one model places."""

PLACING = Effort(starts=8, members=8, deterministic_seconds=0.3, is_exact=True)
COMPLETING = Effort(starts=60, members=40, deterministic_seconds=0.5)
"""The first is near to the cost of the contract, the second leaves a visit more choice."""

MOST_PASSES = 2
"""How often all changed visits are placed again to lower the total: once more after each pass that lowered it."""


@dataclass(frozen=True, slots=True, eq=False)
class Replan:
    """The plan found, checked, and its bounds: of unscheduled weight, and of changes in plans with no more of it."""

    plan: Plan
    changed: int
    changed_bound: int
    unscheduled_bound: int

    @property
    def is_fewest(self) -> bool:
        """Whether the plan has the least unscheduled weight and the fewest changes, both proved."""
        unscheduled = self.plan.score.unscheduled
        return (unscheduled, self.changed) == (self.unscheduled_bound, self.changed_bound)


def replan(candidates: Candidates, *, seed: int = 1, is_over: Callable[[], bool] = never) -> Replan | None:
    """The plan that keeps as much of the baseline as can be; it ends by itself, or soon after ``is_over`` says yes.

    ``None`` if there is no baseline, or if so much of it cannot be kept that the whole problem is better searched.
    """
    if not candidates.baseline:
        return None
    baseline = Baseline.of(candidates)
    found = _replan(candidates, baseline, baseline.placements, seed, is_over)
    if found is None or not found[1]:
        return found[0] if found else None
    kept = _without_conflicts(candidates, baseline.placements, is_over)  # rare, and as slow as all the rest
    found = _replan(candidates, baseline, kept, seed, is_over) if kept is not None else None
    return found[0] if found and not found[1] else None


def _replan(
    candidates: Candidates,
    baseline: Baseline,
    kept: Mapping[int, Placement],
    seed: int,
    is_over: Callable[[], bool],
) -> tuple[Replan, Sequence[Violation]] | None:
    """A plan with these assignments kept, as far as possible, and the rules that it breaks because of them."""
    given = _Given.of(candidates, baseline, kept, seed)
    if len(given.to_place) > MOST_TO_PLACE or is_over():
        return None
    work = _Replanning(candidates, given, seed, is_over)
    work.place_all()
    work.prove_and_displace()
    work.lower_total()
    return work.result()


@dataclass(frozen=True, slots=True, eq=False)
class _Blocked:
    """Visits of one inspectee: every plan leaves ``weight`` of them unscheduled; ``unplaced`` ones weigh no more."""

    visits: frozenset[int]
    unplaced: frozenset[int]
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """What is certain before any search.

    ``possible`` and ``impossible`` are the assignments of the baseline; of these ``kept`` stay if no visit needs their
    place. ``to_place`` are the other visits. ``hopeless`` ones have no start or no team; those of ``blocked`` have no
    place beside the other visits of their inspectees.
    """

    possible: Mapping[int, Placement]
    impossible: frozenset[int]
    kept: Mapping[int, Placement]
    to_place: tuple[int, ...]
    hopeless: frozenset[int]
    blocked: tuple[_Blocked, ...]

    @classmethod
    def of(cls, candidates: Candidates, baseline: Baseline, kept: Mapping[int, Placement], seed: int) -> _Given:
        """Split the visits."""
        rest = [number for number in range(len(candidates.problem.visits)) if number not in kept]
        hopeless = _with_followers(candidates, {number for number in rest if not len(candidates.starts(number))})
        impossible = baseline.impossible | hopeless.intersection(baseline.placements)
        kept = {number: place for number, place in kept.items() if number not in hopeless}
        hopeful = [number for number in rest if number not in hopeless]
        blocked = tuple(_blocked(candidates, kept, hopeful, seed)) if len(hopeful) <= MOST_TO_PLACE else ()
        beside = {number for each in blocked for number in each.unplaced}
        to_place = tuple(number for number in hopeful if number not in beside)
        return cls(baseline.placements, impossible, kept, to_place, hopeless, blocked)


def _with_followers(candidates: Candidates, hopeless: Iterable[int]) -> frozenset[int]:
    """These visits, and all that must come after one of them."""
    numbers = candidates.visit_numbers
    pairs = [(numbers.get(rule.before), numbers[rule.after]) for rule in candidates.problem.precedences
             if rule.after in numbers]  # fmt: skip
    found = set(hopeless)
    while followers := {after for before, after in pairs if before in found} - found:
        found |= followers
    return frozenset(found)


def _blocked(
    candidates: Candidates, kept: Mapping[int, Placement], to_place: Collection[int], seed: int
) -> Iterator[_Blocked]:
    """The inspectees of which every plan leaves as much unscheduled as visits without a baseline weigh.

    Asked where these find no start beside the kept visits, or where other visits of the inspectee are to be placed too.
    """
    visits = candidates.problem.visits
    wanted: dict[str, set[int]] = {}
    for number in to_place:
        wanted.setdefault(visits[number].inspectee, set()).add(number)
    siblings: dict[str, set[int]] = {}
    for number in kept:
        if visits[number].inspectee in wanted:
            siblings.setdefault(visits[number].inspectee, set()).add(number)
    timetable = Timetable(candidates)
    for number in set().union(*siblings.values()):
        timetable.put(number, kept[number])
    retry = Retry(candidates, timetable)
    for inspectee, numbers in wanted.items():
        new = {number for number in numbers if number not in candidates.baseline}
        if new == numbers:
            new = {n for n in new if not retry.allowed_starts(visits[n], candidates.starts(n)).size}
        if not new:
            continue
        group = sorted(new | {n for n in numbers | siblings.get(inspectee, set()) if visits[n].burden})
        weight = sum(visits[number].weight for number in new)
        if least_unscheduled_at(candidates, group, seed=seed) == weight:
            yield _Blocked(frozenset(group), frozenset(new), weight)


def _without_conflicts(
    candidates: Candidates, placements: Mapping[int, Placement], is_over: Callable[[], bool]
) -> Mapping[int, Placement] | None:
    """The placements that break no rule together; ``None`` if some still do after several rounds, or ``is_over``."""
    for _ in range(MOST_CONFLICTS):
        if is_over():
            break
        assignments = _assignments(candidates, placements, placements)
        report = check(candidates.problem, _plan_of(candidates, assignments))
        broken = {candidates.visit_numbers[each.visit] for each in report.violations}.intersection(placements)
        if not broken:
            return placements
        placements = {number: place for number, place in placements.items() if number not in broken}
    return None


class _Replanning:
    """The work on one plan: ``surroundings`` holds it, ``bounds`` what was proved so far."""

    def __init__(self, candidates: Candidates, given: _Given, seed: int, is_over: Callable[[], bool]) -> None:
        self._candidates = candidates
        self._given = given
        self._seed = seed
        self._is_over = is_over
        self._weights = [visit.weight for visit in candidates.problem.visits]
        self._surroundings = Surroundings(candidates, given.kept)
        self._surroundings.cover(given.to_place)
        self._travel = TravelTable.of(candidates.problem, self._places())
        self._load_prices = _load_prices(candidates, given.kept)
        self._bounds: list[tuple[FewestChanges, frozenset[int]]] = []

    def _places(self) -> list[str]:
        """The places of the people and inspectees around the visits."""
        problem, inspectees = self._candidates.problem, self._candidates.inspectees
        stays = self._surroundings.timetable.stays
        people = {member for number in self._given.to_place for member in self._candidates.members(number).tolist()}
        visited = {stay.inspectee for stay in stays if stay.inspectee in inspectees}
        visited |= {problem.visits[number].inspectee for number in self._given.to_place}
        return [
            *(problem.inspectors[member].base for member in sorted(people)),
            *(inspectees[name].place for name in sorted(visited)),
        ]

    # placing

    def place_all(self) -> None:
        """Place what is to be placed beside all that is kept, the visits with the least choice first."""
        choice = {
            number: len(self._candidates.starts(number)) * len(self._candidates.members(number))
            for number in self._given.to_place
        }
        self._place(sorted(choice, key=lambda number: (choice[number], number)), PLACING)
        self._place(self._unplaced(), COMPLETING)
        self._drop_orphans()

    def _place(self, visits: Sequence[int], effort: Effort) -> None:
        repair = Repair(self._candidates, self._surroundings.timetable, self._travel, effort, self._load_prices)
        for first in range(0, len(visits), BATCH):
            if self._is_over():
                return
            repair.place(visits[first : first + BATCH])

    def _unplaced(self) -> list[int]:
        """The visits that have no place though they might: those to place, and orphans."""
        placements = self._surroundings.placements()
        return [number for number in (*self._given.to_place, *self._given.kept) if number not in placements]

    def _drop_orphans(self) -> None:
        """Take out the visits that must come after one that has no place."""
        numbers = self._candidates.visit_numbers
        pairs = [
            (numbers[rule.before], numbers[rule.after])
            for rule in self._candidates.problem.precedences
            if rule.before in numbers
        ]
        placements = self._surroundings.placements()
        while orphans := {after for before, after in pairs if before not in placements and after in placements}:
            self._surroundings.cover(orphans)
            for number in orphans:
                self._surroundings.timetable.take(number)
                del placements[number]

    # fewest changes

    def prove_and_displace(self) -> None:
        """Change kept assignments where that places more, and prove how few changes are enough.

        A relaxation of the free visits tells which kept assignments to change. If these, and the other visits that are
        to be placed, find places around it, its solution is a plan; otherwise those that found none become free too.
        """
        free = set(self._unplaced()) | self._avoidable()
        while free and not self._is_over():
            free |= {n for each in self._given.blocked if not free.isdisjoint(each.visits) for n in each.unplaced}
            found = fewest_changes(
                self._candidates, sorted(free), self._loose(free), seed=self._seed, is_over=self._is_over
            )
            if found is None:
                return
            self._bounds.append((found, frozenset(free)))
            failed = self._complete(found, free)
            if not failed or not found.is_optimal:
                return
            free |= failed

    def _avoidable(self) -> set[int]:
        """The visits to place whose assignments of the baseline are possible."""
        return {number for number in self._given.to_place if number in self._given.possible}

    def _loose(self, free: Collection[int]) -> dict[int, Placement]:
        """The kept assignments near the free visits."""
        self._surroundings.cover(free)
        kept = self._given.kept
        return {number: kept[number] for number in sorted(self._surroundings.near(free)) if number in kept}

    def _complete(self, found: FewestChanges, free: Collection[int]) -> set[int]:
        """Make a plan of a solution of the relaxation, and take it if it is better; the visits that found no place."""
        others = {*found.changed, *self._given.to_place} - set(free)
        self._surroundings.cover(others)
        before, rank = dict(self._surroundings.timetable.placements), self._rank()
        kept = {number: self._given.kept[number] for number in before if number in self._given.kept}
        self._assign({number: kept[number] for number in kept.keys() - others - set(free)} | dict(found.placements))
        self._place(sorted(others), COMPLETING)
        self._drop_orphans()
        failed = set(self._unplaced()) - set(free)
        if self._rank() >= rank:
            self._assign(before)
        return failed

    def _assign(self, wanted: Mapping[int, Placement]) -> None:
        """Let the surroundings hold exactly these assignments."""
        timetable = self._surroundings.timetable
        now = dict(timetable.placements)
        for number in [number for number, placement in now.items() if wanted.get(number) != placement]:
            timetable.take(number)
        for number, placement in wanted.items():
            if now.get(number) != placement:
                timetable.put(number, placement)

    def _rank(self) -> tuple[int, int]:
        """Unscheduled weight and changes."""
        placements = self._surroundings.placements()
        unscheduled = sum(weight for number, weight in enumerate(self._weights) if number not in placements)
        return unscheduled, len(self._changed(placements))

    def _changed(self, placements: Mapping[int, Placement]) -> list[int]:
        """The visits whose assignment is not that of the baseline."""
        possible = self._given.possible
        return [
            number
            for number in self._candidates.baseline
            if number in self._given.impossible or placements.get(number) != possible[number]
        ]

    # total

    def lower_total(self) -> None:
        """Place the changed visits again, in other groups, until a pass lowers the total no more."""
        shuffle = random.Random(self._seed)
        for _ in range(MOST_PASSES):
            timetable = self._surroundings.timetable
            moved = [number for number, place in timetable.placements.items() if self._given.kept.get(number) != place]
            if len(moved) <= BATCH or self._is_over():
                return
            before = dict(timetable.placements)
            shuffle.shuffle(moved)
            self._place(moved, PLACING)
            if timetable.placements == before:
                return

    def result(self) -> tuple[Replan, Sequence[Violation]]:
        """The plan with its bounds, and the rules that it breaks."""
        given = self._given
        plan = _plan_of(
            self._candidates, _assignments(self._candidates, self._surroundings.placements(), given.possible)
        )
        report = check(self._candidates.problem, plan)
        unscheduled = report.score.unscheduled
        unscheduled_bound, changed_bound = self._certainly_unscheduled(frozenset()), len(given.impossible)
        for found, free in self._bounds:
            certain = self._certainly_unscheduled(free)
            unscheduled_bound = max(unscheduled_bound, certain + found.bound // found.price)
            changes = found.bound - found.price * (unscheduled - certain)
            changed_bound = max(changed_bound, len(given.impossible - free) + changes)
        changed = self._rank()[1]
        plan = replace(plan, score=report.score, changed=changed, changed_bound=changed_bound)
        return Replan(plan, changed, changed_bound, unscheduled_bound), report.violations

    def _certainly_unscheduled(self, free: Collection[int]) -> int:
        """The weight that every plan leaves unscheduled of visits that are not free."""
        blocked = sum(each.weight for each in self._given.blocked if each.visits.isdisjoint(free))
        return blocked + sum(self._weights[number] for number in self._given.hopeless)


def _assignments(
    candidates: Candidates, placements: Mapping[int, Placement], possible: Mapping[int, Placement]
) -> Iterable[Assignment]:
    """The placements in the words of the plan; what is as in the baseline keeps its leader."""
    inspectors, numbers = candidates.problem.inspectors, candidates.inspector_numbers
    for number, place in sorted(placements.items()):
        given = candidates.baseline.get(number)
        if given is None or possible.get(number) != place:
            yield assignment_of(candidates, number, place.start, place.team)
            continue
        leader = None
        if candidates.problem.visits[number].team.requires.get(LEAD):
            leader = given.leader
            if leader not in given.team or LEAD not in inspectors[numbers[leader]].tags:
                leader = assignment_of(candidates, number, place.start, place.team).leader
        yield Assignment(given.visit, given.day, given.half, given.team, leader)


def _plan_of(candidates: Candidates, assignments: Iterable[Assignment]) -> Plan:
    """A plan for the checker."""
    planned = tuple(assignments)
    known = {assignment.visit for assignment in planned}
    unscheduled = tuple(Unscheduled(visit.id, ()) for visit in candidates.problem.visits if visit.id not in known)
    return Plan(candidates.problem.name, planned, unscheduled, Score(), PlanStatus.FEASIBLE)


def _load_prices(candidates: Candidates, placements: Mapping[int, Placement]) -> IntArray:
    """What a half-day more costs each inspector in ``balance``, in thousandths: less than nothing below the share."""
    problem = candidates.problem
    loads = np.array(
        [who.load_before + candidates.history.total_half_days(who.id) for who in problem.inspectors], dtype=np.int64
    )
    for number, placement in placements.items():
        for member in placement.team:
            loads[member] += problem.visits[number].half_days
    prices: IntArray = np.zeros(len(loads), dtype=np.int64)
    share = np.array([who.share for who in problem.inspectors], dtype=np.int64)
    for group in problem.balance_groups:
        bears = candidates.bearers(group)
        shares, together = int(share[bears].sum()), int(loads[bears].sum())
        beyond = loads * shares - share * together
        prices += np.where(bears & (np.abs(beyond) >= shares), np.sign(beyond), 0)
    return prices * problem.weights.balance * METRES_PER_KILOMETRE
