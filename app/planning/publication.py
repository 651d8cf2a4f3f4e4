"""The check of a publication: a plan's share against all that stays in force of other offices.

Every share was checked with its own plan. What a publication adds to the calendar in force is checked once more as
a plan, with what stays in force around it as its history, so that each violation shows what two offices do together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.assignments.reader import AssignmentRecord
from app.planning.documents import StoredProblem
from app.planning.names import inspectee_name, inspector_name
from app.planning.values import solver_half
from app.planning.violations import RuleViolation
from solver.checker import check
from solver.io import details_to_json, parse_plan
from solver.plan import Plan, Unscheduled
from solver.problem import PastVisit, Problem
from solver.reasons import Reason

ELSEWHERE = "@"
"""Ends the id of a visit that two offices have in force at once, so that both are counted."""


def violations_of_publication(
    problem: StoredProblem,
    solution: Mapping[str, Any],
    published: Collection[str],
    around: Iterable[AssignmentRecord],
    problems_around: Mapping[int, StoredProblem],
) -> list[RuleViolation]:
    """Every hard rule that ``published`` visits of a plan break, alone or together with what is ``around`` them.

    Those of them that are in the plan's history were not planned anew. ``problems_around`` holds the problem file of
    each plan that something around comes from.
    """
    whole = problem.problem
    given = parse_plan(solution, whole)
    # whatever has no team is no visit of an office but a fact that blocks: an earlier inspection, a car that is missing
    kept = {past.visit: past for past in whole.history if past.visit in published or not past.team}
    planned = {visit.id for visit in whole.visits}
    history = list(kept.values())
    names = planned | kept.keys()
    known = _History(problems_around)
    for record in around:
        past = known.past_visit(record)
        while past.visit in names:
            past = replace(past, visit=past.visit + ELSEWHERE)
        names.add(past.visit)
        history.append(past)
    report = check(_problem_of_share(whole, published, tuple(history)), _share(given, whole, published))
    return [RuleViolation(each.code, each.visit, details_to_json(each.details)) for each in report.violations]


def _problem_of_share(whole: Problem, published: Collection[str], history: tuple[PastVisit, ...]) -> Problem:
    """The problem with what is in force as history; a precedence that names a visit no longer known is void."""
    known = {visit.id for visit in whole.visits} | {past.visit for past in history}
    return replace(
        whole,
        history=history,
        pins=tuple(pin for pin in whole.pins if pin.visit in published),
        precedences=tuple(each for each in whole.precedences if {each.before, each.after} <= known),
        baseline=(),
    )


def _share(given: Plan, whole: Problem, published: Collection[str]) -> Plan:
    """The published visits of a plan; the others are left out, which breaks no rule by itself."""
    assignments = tuple(each for each in given.assignments if each.visit in published)
    shown = {each.visit for each in assignments}
    return replace(
        given,
        assignments=assignments,
        unscheduled=tuple(
            Unscheduled(visit.id, (Reason("no_day"),)) for visit in whole.visits if visit.id not in shown
        ),
    )


class _History:
    """Burden and resources of visits, looked up in the problem files of their plans."""

    def __init__(self, problems: Mapping[int, StoredProblem]) -> None:
        self._entries: dict[int, dict[str, Mapping[str, Any]]] = {
            plan_id: {
                **{past["visit"]: past for past in problem.written.get("history", ())},
                **{visit["id"]: visit for visit in problem.written["visits"]},
            }
            for plan_id, problem in problems.items()
        }

    def past_visit(self, record: AssignmentRecord) -> PastVisit:
        """A visit in force as an entry of a history; a file leaves out what was over before its first year."""
        entry = self._entries[record.plan_id].get(record.key, {})
        return PastVisit(
            visit=record.key,
            inspectee=inspectee_name(record.inspectee_id),
            day=record.first_on,
            half=solver_half(record.half),
            half_days=record.half_days,
            team=tuple(map(inspector_name, record.team)),
            burden=entry.get("burden", 0),
            resources=tuple(entry.get("resources", ())),
        )
