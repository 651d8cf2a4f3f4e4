"""A solved plan as the planner sees it, so that changes by hand are judged by the same checker as its own answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from app.planning.documents import unpacked
from app.planning.from_plan import with_leaders
from app.planning.names import inspector_name, row_of
from app.planning.violations import RuleViolation
from solver.candidates import Candidates
from solver.checker import check
from solver.io import details_to_json, parse_problem
from solver.plan import Assignment, Plan, PlanStatus, Score, Unscheduled
from solver.problem import Problem, Visit

KEPT_PROBLEMS = 2
"""Problems that stay read: an office changes one draft at a time, and a large problem takes a second to read."""


class DraftProblem:
    """A problem file that has been read, with what follows from it alone."""

    def __init__(self, content: bytes) -> None:
        self.written: Mapping[str, Any] = unpacked(content)
        """The file's JSON value, which nobody changes."""
        self.problem: Problem = parse_problem(dict(self.written))
        self.visits: Mapping[str, Visit] = {visit.id: visit for visit in self.problem.visits}
        self.people = frozenset(row_of(inspector.id) for inspector in self.problem.inspectors)
        self.days = frozenset(self.problem.days)

    @cached_property
    def candidates(self) -> Candidates:
        """Days and people left for each visit, whatever is locked: who changes a draft may unlock first."""
        return Candidates(replace(self.problem, pins=()))


@lru_cache(maxsize=KEPT_PROBLEMS)
def draft_problem(content: bytes) -> DraftProblem:
    """A stored problem file, read once for all changes of a draft."""
    return DraftProblem(content)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checker says of a draft: its faults, and the score with its total."""

    faults: tuple[RuleViolation, ...]
    score: Mapping[str, int]


def judged(given: DraftProblem, solution: Mapping[str, Any]) -> Judgement:
    """The faults and the score of a draft's plan file."""
    plan = Plan(
        problem=given.problem.name,
        assignments=tuple(assignments_of(solution["assignments"])),
        unscheduled=tuple(Unscheduled(entry["visit"], ()) for entry in solution["unscheduled"]),
        score=Score(),
        status=PlanStatus.FEASIBLE,
    )
    report = check(given.problem, plan)
    faults = tuple(RuleViolation(each.code, each.visit, details_to_json(each.details)) for each in report.violations)
    score = asdict(report.score) | {"total": report.score.total(given.problem.weights)}
    return Judgement(faults, score)


def assignments_of(entries: Iterable[Mapping[str, Any]]) -> Iterable[Assignment]:
    """The assignments of a plan file that this service wrote."""
    return (
        Assignment(
            visit=entry["visit"],
            day=date.fromisoformat(entry["day"]),
            half="am" if entry["half"] == "am" else "pm",
            team=tuple(entry["team"]),
            leader=entry.get("leader"),
        )
        for entry in entries
    )


def leader_of(given: DraftProblem, visit: str, team: Sequence[int], leader: int | None) -> int | None:
    """Who leads a team by rank; among equals the one who led it before. Nobody where nobody may lead."""
    kept = inspector_name(leader) if leader is not None and leader in team else None
    chosen = Assignment(visit, given.problem.days[0], "am", tuple(map(inspector_name, team)), kept)
    plan = Plan(given.problem.name, (chosen,), (), Score(), PlanStatus.FEASIBLE)
    named = with_leaders(given.problem, plan).assignments[0].leader
    return row_of(named) if named is not None else None
