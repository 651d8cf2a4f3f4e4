"""Lower bounds of a problem: of the total, and of the weight left out by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from solver.bounds.lagrange import Costs, Prices, Valuation
from solver.bounds.prices import climb, weight_prices
from solver.bounds.relaxation import LARGEST, relax
from solver.candidates import Candidates
from solver.problem import Problem

_THOUSANDTHS = 1000

_LEAST_SECONDS = 0.001

_PART_FOR_WEIGHT = 0.6
"""The part of the time after which no further pool is priced for its weight."""


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan has a smaller ``total``, none leaves out less weight than ``unscheduled`` (the unweighted part)."""

    total: int
    unscheduled: int


def lower_bound(problem: Problem, seconds: float, candidates: Candidates | None = None) -> Bound:
    """Prove what every plan costs at least; about ``seconds`` are used, more only to build the relaxation.

    Good bounds need some seconds for a banner, some twenty for a city; with less time they are weaker, never wrong.
    """
    begun = time.monotonic()

    def time_used() -> float:
        return (time.monotonic() - begun) / max(seconds, _LEAST_SECONDS)

    candidates = candidates or Candidates(problem)
    if not problem.visits:
        return Bound(0, 0)
    relaxation = relax(candidates)
    weights = problem.weights
    free = Prices.none(relaxation)
    of_weight = weight_prices(relaxation, lambda: time_used() > _PART_FOR_WEIGHT)
    weight_only = Valuation(relaxation, Costs.of_unscheduled(relaxation))
    unscheduled = max(weight_only.bound(free), weight_only.bound(of_weight), 0)
    valuation = Valuation(relaxation, Costs.of_total(relaxation, weights.unscheduled, weights.preference))
    unit = min(weights.unscheduled, LARGEST)
    scaled = Prices(*(np.minimum(price, LARGEST // max(1, unit)) * unit for price in of_weight))
    start = max((free, scaled), key=valuation.bound)
    total, _ = climb(relaxation, valuation, start, time_used)
    least_weight = -(-unscheduled // _THOUSANDTHS)
    whole = -(-max(0, total - weights.travel * (_THOUSANDTHS - 1)) // _THOUSANDTHS)
    return Bound(max(whole, least_weight * weights.unscheduled), least_weight)
