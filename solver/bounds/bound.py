"""Lower bounds of a problem: of the total, and of the weight left out by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.bounds.lagrange import Costs, Prices, Valuation
from solver.bounds.prices import climb, weight_prices
from solver.bounds.relaxation import LARGEST, Relaxation, relax
from solver.bounds.spans import Spans
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
    open_visits: Sequence[int] | None = None,
) -> Bound:
    """Prove what every plan costs at least; about ``seconds`` are used, more only to build the relaxation.

    Good bounds need some seconds for a banner, forty for a city; with less time they are weaker, never wrong.
    ``on_better`` hears each bound better than the one before, the last of which is the answer. ``open_visits`` are the
    numbers of those that a known plan leaves out. Where they weigh no more than is proved without prices, no time is
    spent on proving more: months are not cut, and the weight has no prices. Nor has it in a pool without such visits.
    """
    begun = time.monotonic()

    def time_used() -> float:
        return (time.monotonic() - begun) / max(seconds, _LEAST_SECONDS)

    best = Bound(0, 0)

    def take(total: int, unscheduled: int) -> None:
        nonlocal best
        proved = Bound.of(total, unscheduled, problem.weights)
        better = Bound(max(best.total, proved.total), max(best.unscheduled, proved.unscheduled))
        if better != best and on_better:
            on_better(better)
        best = better

    if not problem.visits:
        return best
    candidates = candidates or Candidates(problem)
    relaxation = relax(candidates, Spans.months(candidates))
    start, valuation, weight_only = Prices.none(relaxation), _of_total(relaxation, problem), _of_weight(relaxation)
    take(valuation.bound(start), weight_only.bound(start))
    if open_visits is None or best.unscheduled < sum(problem.visits[visit].weight for visit in open_visits):
        spans = Spans.cut(candidates)
        if len(spans.month_of) > len(relaxation.month_of_span):
            relaxation = relax(candidates, spans)
            valuation, weight_only = _of_total(relaxation, problem), _of_weight(relaxation)
        of_weight = weight_prices(relaxation, lambda: time_used() > _PART_FOR_WEIGHT, open_visits)
        scaled = _scaled(of_weight, min(problem.weights.unscheduled, LARGEST))
        priced, start = valuation.bound(scaled), Prices.none(relaxation)
        take(priced, weight_only.bound(of_weight))
        start = scaled if priced > valuation.bound(start) else start
    part = time_used()
    raise_shares(candidates, relaxation, lambda: time_used() > part + _PART_FOR_TOLLS * (1 - part))
    climb(relaxation, valuation, start, time_used, lambda total: take(total, 0))
    return best


def _of_total(relaxation: Relaxation, problem: Problem) -> Valuation:
    """The valuation that bounds the total."""
    return Valuation(relaxation, Costs.of_total(relaxation, problem.weights.unscheduled, problem.weights.preference))


def _of_weight(relaxation: Relaxation) -> Valuation:
    """The valuation that bounds the weight left out."""
    return Valuation(relaxation, Costs.of_unscheduled(relaxation))


def _scaled(prices: Prices, unit: int) -> Prices:
    """Prices of the weight as prices of the total, with what a unit of weight costs there."""
    return Prices(*(np.minimum(price, LARGEST // max(1, unit)) * unit for price in prices))
