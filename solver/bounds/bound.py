"""Lower bounds of a problem: of the total, and of the weight left out by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from solver.bounds.lagrange import Costs, Prices, Valuation
from solver.bounds.prices import climb, weight_prices
from solver.bounds.relaxation import LARGEST, Relaxation, relax
from solver.bounds.spans import Spans
from solver.bounds.stopping import StopError, Watch, never
from solver.bounds.tolls import raise_shares
from solver.candidates import Candidates
from solver.problem import Problem, Weights

_THOUSANDTHS = 1000

_LEAST_SECONDS = 0.001

_PART_FOR_WEIGHT, _PART_FOR_TOLLS = 0.8, 0.55
"""The part of the time after which no further pool is priced for its weight, and that of what is then left after which
no further toll is raised."""


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan has a smaller ``total``, none leaves out less weight than ``unscheduled`` (the unweighted part)."""

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
    ``on_better`` hears each bound better than the one before, the last of which is the answer. ``unscheduled`` are the
    numbers of the visits that a known plan leaves out. Where they weigh no more than is proved without prices, no time
    is spent on proving more: months are not cut, and the weight has no prices. Nor has it in a pool without such
    visits.
    Within a fifth of a second after ``should_stop`` says yes the bound proved so far is returned.
    """
    begun = time.monotonic()

    def time_used() -> float:
        return (time.monotonic() - begun) / max(seconds, _LEAST_SECONDS)

    best = Bound(0, 0)

    def take(total: int, weight: int) -> int:
        nonlocal best
        proved = Bound.of(total, weight, problem.weights)
        better = Bound(max(best.total, proved.total), max(best.unscheduled, proved.unscheduled))
        if better != best and on_better:
            on_better(better)
        best = better
        return best.unscheduled

    if not problem.visits:
        return best
    candidates = candidates or Candidates(problem)
    with suppress(StopError):
        _prove(candidates, unscheduled, take, time_used, Watch(should_stop))
    return best


def _prove(
    candidates: Candidates,
    unscheduled: Sequence[int] | None,
    take: Callable[[int, int], int],
    time_used: Callable[[], float],
    watch: Watch,
) -> None:
    """Tell ``take`` bounds of total and weight, in thousandths, until time is used up or ``StopError`` is raised.

    ``take`` answers the least weight proved so far.
    """
    problem = candidates.problem
    relaxation = relax(candidates, Spans.months(candidates), watch)
    valuation, weight_only = _valuations(relaxation, problem, watch)
    start = Prices.none(relaxation)
    least_weight = take(valuation.bound(start), weight_only.bound(start))
    if unscheduled is None or least_weight < sum(problem.visits[visit].weight for visit in unscheduled):
        spans = Spans.cut(candidates, watch)
        if len(spans.month_of) > len(relaxation.month_of_span):
            relaxation = relax(candidates, spans, watch)
            valuation, weight_only = _valuations(relaxation, problem, watch)
        of_weight = weight_prices(relaxation, lambda: time_used() > _PART_FOR_WEIGHT, unscheduled, watch)
        scaled = _scaled(of_weight, min(problem.weights.unscheduled, LARGEST))
        priced, start = valuation.bound(scaled), Prices.none(relaxation)
        take(priced, weight_only.bound(of_weight))
        start = scaled if priced > valuation.bound(start) else start

    def take_total(total: int) -> None:
        take(total, 0)

    end = time_used() + _PART_FOR_TOLLS * (1 - time_used())
    raise_shares(candidates, relaxation, Watch(lambda: watch.should_stop() or time_used() > end))
    watch()
    climb(relaxation, valuation, start, time_used, take_total)


def _valuations(relaxation: Relaxation, problem: Problem, watch: Watch) -> tuple[Valuation, Valuation]:
    """Those that bound the total and the weight left out."""
    of_total = Costs.of_total(relaxation, problem.weights.unscheduled, problem.weights.preference)
    return Valuation(relaxation, of_total, watch), Valuation(relaxation, Costs.of_unscheduled(relaxation), watch)


def _scaled(prices: Prices, unit: int) -> Prices:
    """Prices of the weight as prices of the total, with what a unit of weight costs there."""
    return Prices(*(np.minimum(price, LARGEST // max(1, unit)) * unit for price in prices))
