"""What a plan scores, as the search keeps it: summed over its parts, and how much of the baseline it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from solver.baseline import Baseline
from solver.candidates import Candidates
from solver.plan import Assignment, Score
from solver.problem import BaselineAssignment, Problem


def sum_of(scores: Iterable[Score]) -> Score:
    """The scores added part by part."""
    columns = zip(*(astuple(score) for score in scores), strict=True)
    return Score(*(sum(column) for column in columns))


def changed_assignments(problem: Problem, assignments: Iterable[Assignment]) -> int:
    """How many baseline assignments, of visits in the problem, differ in day, half or team or are not planned."""
    planned = {assignment.visit: assignment for assignment in assignments}
    known = {visit.id for visit in problem.visits}
    return sum(before.visit in known and not _is_kept(before, planned.get(before.visit)) for before in problem.baseline)


def _is_kept(before: BaselineAssignment, now: Assignment | None) -> bool:
    if now is None:
        return False
    return (before.day, before.half, frozenset(before.team)) == (now.day, now.half, frozenset(now.team))


def certain_changes(candidates: Candidates) -> int:
    """How many baseline assignments can be in no plan: a lower bound of ``changed_assignments``.

    Their day, half or team is gone, or is no longer allowed to the visit.
    """
    return len(Baseline.of(candidates).impossible)
