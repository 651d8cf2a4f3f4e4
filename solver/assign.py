"""A placement, which is numbers, in the words of the plan."""

from __future__ import annotations

from collections.abc import Sequence

from solver.calendar import Slot
from solver.candidates import Candidates
from solver.plan import Assignment
from solver.problem import LEAD


def assignment_of(candidates: Candidates, number: int, slot: Slot, team: Sequence[int]) -> Assignment:
    """The assignment of a visit by numbers; where a leader is needed, the first member who may lead does."""
    visit = candidates.problem.visits[number]
    members = [candidates.problem.inspectors[member] for member in team]
    leader = next((who.id for who in members if LEAD in who.tags), None) if visit.team.requires.get(LEAD) else None
    return Assignment(
        visit=visit.id,
        day=candidates.calendar.date_of(slot),
        half=candidates.calendar.half_of(slot),
        team=tuple(who.id for who in members),
        leader=leader,
    )
