"""Lower bounds of a problem: of the total, and of the weight of unscheduled visits by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from solver.bounds.duals import Demand, raise_shares
from solver.bounds.lagrange import Costs, Multipliers, Valuation
from solver.bounds.multipliers import (
    FIRST_ASCENT,
    LATER_ASCENT,
    AscentSchedule,
    subgradient_ascent,
    weight_multipliers,
)
from solver.bounds.relaxation import LARGEST, Relaxation, relax
from solver.bounds.spans import Spans
from solver.bounds.stopping import StopError, Watch, never
from solver.candidates import Candidates
from solver.problem import Problem, Weights

_THOUSANDTHS = 1000

_LEAST_SECONDS = 0.001

_PART_FOR_WEIGHT = 0.8
"""The part of the time after which the program of no further pool is solved for its weight."""

_PART_FOR_TRIPS = 0.55
"""The part of the time left after which the prices of trips are no longer raised; the rest is for multipliers."""

_WORTH_ANOTHER_TURN = 0.0005
"""What the bound must gain, as a part of it, for prices and multipliers to be improved by turns once more."""

_LEAST_PART = 1e-9


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan has a smaller ``total``, none has less weight unscheduled than ``unscheduled`` (the unweighted part)."""

    total: int
    unscheduled: int

    @classmethod
    def of(cls, total: int, unscheduled: int, weights: Weights) -> Bound:
        """The bounds in whole units from what is proved in thousandths of them."""
        least_weight = -(-max(0, unscheduled) // _THOUSANDTHS)
        whole = -(-max(0, total - weights.travel * (_THOUSANDTHS - 1)) // _THOUSANDTHS)
        return cls(max(whole, least_weight * weights.unscheduled), least_weight)


def lower_bound(
    problem: Problem,
    seconds: float,
    candidates: Candidates | None = None,
    on_better: Callable[[Bound], None] | None = None,
    unscheduled: Sequence[int] | None = None,
    should_stop: Callable[[], bool] = never,
) -> Bound:
    """Prove what every plan costs at least; about ``seconds`` are used, more only to build the relaxation.

    Good bounds need some seconds for a banner, forty for a city; with less time they are weaker, never wrong.
    ``on_better`` is called with each better bound; the last of them is the answer. ``unscheduled`` are the numbers of
    the visits that a known plan does not schedule. Where they weigh no more than is proved without multipliers, no time
    is spent on proving more: months are not cut, and no multipliers for the weight are sought. Nor are they for a pool
    without such visits.
    Within a fifth of a second after ``should_stop`` says yes the bound proved so far is returned.
    """
    if not problem.visits:
        return Bound(0, 0)
    proof = _Proof(candidates or Candidates(problem), seconds, on_better, should_stop)
    with suppress(StopError):
        proof.run(unscheduled)
    return proof.best


class _Proof:
    """One call of ``lower_bound``: the best bound so far, and the time used."""

    def __init__(
        self,
        candidates: Candidates,
        seconds: float,
        on_better: Callable[[Bound], None] | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self.best = Bound(0, 0)
        self._candidates = candidates
        self._problem = candidates.problem
        self._seconds = max(seconds, _LEAST_SECONDS)
        self._begun = time.monotonic()
        self._on_better = on_better
        self._watch = Watch(should_stop)

    def run(self, unscheduled: Sequence[int] | None) -> None:
        """Improve the bound until time is used up, or little more is gained, or ``StopError`` is raised."""
        candidates, watch = self._candidates, self._watch
        relaxation = relax(candidates, Spans.months(candidates), watch)
        of_total, of_weight = self._valuations(relaxation)
        start = Multipliers.none(relaxation)
        self._take(of_total.bound(start), of_weight.bound(start))
        if unscheduled is None or self.best.unscheduled < sum(self._problem.visits[k].weight for k in unscheduled):
            spans = Spans.cut(candidates, watch)
            if len(spans.month_of) > len(relaxation.month_of_span):
                relaxation = relax(candidates, spans, watch)
                of_total, of_weight = self._valuations(relaxation)
            start = self._weight_multipliers(relaxation, of_total, of_weight, unscheduled)
        self._improve(relaxation, of_total, start)

    def _weight_multipliers(
        self, relaxation: Relaxation, of_total: Valuation, of_weight: Valuation, unscheduled: Sequence[int] | None
    ) -> Multipliers:
        """Prove more about the weight; the multipliers that are best for the total after that."""
        found = weight_multipliers(relaxation, lambda: self._time_used() > _PART_FOR_WEIGHT, unscheduled, self._watch)
        scaled, none = _scaled(found, min(self._problem.weights.unscheduled, LARGEST)), Multipliers.none(relaxation)
        total = of_total.bound(scaled)
        self._take(total, of_weight.bound(found))
        return scaled if total > of_total.bound(none) else none

    def _improve(self, relaxation: Relaxation, valuation: Valuation, start: Multipliers) -> None:
        """Prices of trips and multipliers by turns: first for all members alike, then with the visits' preferences."""
        self._raise_shares(relaxation, Demand.spread(relaxation))
        multipliers = self._ascend(relaxation, valuation, start, FIRST_ASCENT)
        has_preferences = valuation.missed_preference > 0 and bool(relaxation.prefers.any())
        while has_preferences and self._time_used() < 1:
            before = self._rest()
            self._raise_shares(relaxation, Demand.of_use(relaxation, valuation.members, valuation.missed_preference))
            multipliers = self._ascend(relaxation, valuation, multipliers, LATER_ASCENT)
            if self._rest() < (1 + _WORTH_ANOTHER_TURN) * before:
                return

    def _raise_shares(self, relaxation: Relaxation, demand: Demand) -> None:
        used = self._time_used()
        end = used + _PART_FOR_TRIPS * (1 - used)
        raise_shares(
            self._candidates,
            relaxation,
            demand,
            Watch(lambda: self._watch.should_stop() or self._time_used() > end),
        )
        self._watch()

    def _ascend(
        self, relaxation: Relaxation, valuation: Valuation, start: Multipliers, schedule: AscentSchedule
    ) -> Multipliers:
        begun = self._time_used()

        def time_used() -> float:
            return (self._time_used() - begun) / max(1 - begun, _LEAST_PART)

        return subgradient_ascent(relaxation, valuation, start, time_used, lambda total: self._take(total, 0), schedule)

    def _time_used(self) -> float:
        """The part of the time that is used up."""
        return (time.monotonic() - self._begun) / self._seconds

    def _rest(self) -> int:
        """The best bound less what the unscheduled weight costs in it."""
        return self.best.total - self.best.unscheduled * self._problem.weights.unscheduled

    def _take(self, total: int, unscheduled: int) -> None:
        """Note what is proved, in thousandths."""
        proved = Bound.of(total, unscheduled, self._problem.weights)
        better = Bound(max(self.best.total, proved.total), max(self.best.unscheduled, proved.unscheduled))
        if better != self.best and self._on_better:
            self._on_better(better)
        self.best = better

    def _valuations(self, relaxation: Relaxation) -> tuple[Valuation, Valuation]:
        """Those that bound the total and the unscheduled weight."""
        weights = self._problem.weights
        of_total = Costs.of_total(relaxation, weights.unscheduled, weights.preference)
        of_weight = Costs.of_unscheduled(relaxation)
        return Valuation(relaxation, of_total, self._watch), Valuation(relaxation, of_weight, self._watch)


def _scaled(prices: Multipliers, unit: int) -> Multipliers:
    """Multipliers for the weight as multipliers for the total, with what a unit of weight costs there."""
    return Multipliers(*(np.minimum(price, LARGEST // max(1, unit)) * unit for price in prices))
