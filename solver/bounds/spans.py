"""The stretches of days that the relaxation tells apart: months, cut where many visits begin or cease to be possible.

Where a term begins in the middle of a month, the visits of the term share only the days after that with each other. A
month that is not cut there would offer them the room of all its days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from solver.calendar import BoolArray, IntArray, days_spanned
from solver.candidates import Candidates

MANY = 0.03
"""The part of all visits that must be possible on one of two days and not on the other for a month to be cut there."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Consecutive inspection days of one month: the span of each day, and the month of each span, by number."""

    of_day: IntArray
    month_of: IntArray

    @classmethod
    def months(cls, candidates: Candidates) -> Spans:
        """Each month of a problem whole."""
        return cls._beginning_where(candidates, np.zeros(_turns(candidates), dtype=np.bool_))

    @classmethod
    def cut(cls, candidates: Candidates) -> Spans:
        """The months of a problem, cut where ``MANY`` visits are possible on one side only."""
        return cls._beginning_where(candidates, _changes(candidates) > MANY * len(candidates.problem.visits))

    @classmethod
    def _beginning_where(cls, candidates: Candidates, is_cut: BoolArray) -> Spans:
        months = candidates.calendar.month_numbers
        is_first = np.ones(len(months), dtype=np.bool_)
        is_first[1:] = is_cut | (months[1:] != months[:-1])
        return cls(np.cumsum(is_first) - 1, months[is_first])


def _turns(candidates: Candidates) -> int:
    """How many inspection days follow another."""
    return max(0, len(candidates.calendar.month_numbers) - 1)


def _changes(candidates: Candidates) -> IntArray:
    """Between each day and the next, how many visits are possible on one of them only."""
    alike = Counter(
        (candidates.starts(number).tobytes(), days_spanned(visit.half_days))
        for number, visit in enumerate(candidates.problem.visits)
    )
    changes = np.zeros(_turns(candidates), dtype=np.int64)
    for (listed, day_count), visits in alike.items():
        first_days = np.frombuffer(listed, dtype=np.int64) // 2
        may_lie = np.zeros(len(candidates.calendar.month_numbers), dtype=np.bool_)
        for k in range(day_count):
            may_lie[first_days + k] = True
        changes += visits * (may_lie[1:] != may_lie[:-1])
    return changes
