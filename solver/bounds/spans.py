"""The stretches of days that the relaxation distinguishes: months, cut where many visits begin or stop being possible.

Where a term begins in the middle of a month, the visits of the term share only the days after that with each other. A
month that is not cut there would offer them the room of all its days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from solver.bounds.stopping import Watch
from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates

MANY = 0.03
"""The part of all visits that must be possible on one of two days and not on the other for a month to be cut there."""

MOST_CUTS = 1
"""How many cuts there are at most for each month, all months together: the deepest."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Consecutive inspection days of one month: the span of each day, and the month of each span, by number."""

    of_day: IntArray
    month_of: IntArray

    @classmethod
    def months(cls, candidates: Candidates) -> Spans:
        """Each month of a problem whole."""
        return cls._beginning_after(candidates, np.zeros_like(_turns(candidates)))

    @classmethod
    def cut(cls, candidates: Candidates, watch: Watch | None = None) -> Spans:
        """The months of a problem, cut where ``MANY`` visits are possible on one side only."""
        changes = np.where(_turns(candidates), 0, _changes(candidates, watch or Watch()))
        deepest = np.argsort(-changes, kind="stable")[: MOST_CUTS * len(candidates.calendar.months)]
        is_cut = np.zeros(len(changes), dtype=np.bool_)
        is_cut[deepest] = changes[deepest] > MANY * len(candidates.problem.visits)
        return cls._beginning_after(candidates, is_cut)

    @classmethod
    def _beginning_after(cls, candidates: Candidates, is_cut: BoolArray) -> Spans:
        """The spans of months that are cut after these days."""
        months = candidates.calendar.month_numbers
        is_first = np.ones(len(months), dtype=np.bool_)
        is_first[1:] = is_cut | _turns(candidates)
        return cls(np.cumsum(is_first) - 1, months[is_first])


def _turns(candidates: Candidates) -> BoolArray:
    """Between each day and the next, whether the month ends."""
    months = candidates.calendar.month_numbers
    return np.asarray(months[1:] != months[:-1])


def _changes(candidates: Candidates, watch: Watch) -> IntArray:
    """Between each day and the next, how many visits are possible on one of them only."""
    alike = Counter(
        (candidates.starts(number).tobytes(), days_spanned(visit.half_days))
        for number, visit in watch.each(enumerate(candidates.problem.visits))
    )
    changes = np.zeros(max(0, len(candidates.calendar.month_numbers) - 1), dtype=np.int64)
    for (listed, day_count), visits in watch.each(alike.items()):
        first_days = np.frombuffer(listed, dtype=np.int64) // 2
        may_lie = np.zeros(len(candidates.calendar.month_numbers), dtype=np.bool_)
        for k in range(day_count):
            may_lie[first_days + k] = True
        changes += visits * (may_lie[1:] != may_lie[:-1])
    return changes
