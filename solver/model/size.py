"""Whether a problem is small enough for one exact model."""

from __future__ import annotations

from solver.candidates import Candidates

SMALL_DUTIES = 2_500
"""The most duties (visit, inspector, start) of a problem that is worth an exact model."""


def is_small(candidates: Candidates) -> bool:
    """Whether an exact model of the whole problem is worth building."""
    duties = 0
    for visit in range(len(candidates.problem.visits)):
        duties += len(candidates.starts(visit)) * len(candidates.members(visit))
        if duties > SMALL_DUTIES:
            return False
    return True
