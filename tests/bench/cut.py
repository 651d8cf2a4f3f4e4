"""A problem cut into the areas that have nothing in common: neither people nor units, cars, orders of visits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from solver.plan import Plan
from solver.problem import GreatCircle, Problem


def areas(problem: Problem) -> list[Problem]:
    """The problem's independent areas, in the order of their first visits."""
    links = _Links()
    pools = {tag for visit in problem.visits for tag in visit.team.pool}
    for visit in problem.visits:
        names = [("visit", visit.id), ("inspectee", visit.inspectee)]
        names += [("tag", tag) for tag in visit.team.pool] + [("resource", name) for name in visit.resources]
        links.join(names)
    for inspector in problem.inspectors:
        groups = sorted(inspector.tags & (pools | set(problem.balance_groups)))
        links.join([("inspector", inspector.id), *(("tag", tag) for tag in groups)])
    for order in problem.precedences:
        links.join([("visit", order.before), ("visit", order.after)])
    roots = dict.fromkeys(links.root(("visit", visit.id)) for visit in problem.visits)
    return [_cut(problem, links, {root}) for root in roots]


def joined(parts: Sequence[Problem], problem: Problem) -> Problem:
    """The problem with some of its areas only."""
    kept = {visit.id for part in parts for visit in part.visits}
    people = {inspector.id for part in parts for inspector in part.inspectors}
    units = {inspectee.id for part in parts for inspectee in part.inspectees}
    cars = {resource.id for part in parts for resource in part.resources}
    return _kept(problem, kept, people, units, cars)


def plan_of(part: Problem, plan: Plan) -> Plan:
    """What a plan has for an area."""
    visits = {visit.id for visit in part.visits}
    return replace(
        plan,
        problem=part.name,
        assignments=tuple(assignment for assignment in plan.assignments if assignment.visit in visits),
        unscheduled=tuple(entry for entry in plan.unscheduled if entry.visit in visits),
    )


class _Links:
    """Names that belong together."""

    def __init__(self) -> None:
        self._above: dict[tuple[str, str], tuple[str, str]] = {}

    def root(self, name: tuple[str, str]) -> tuple[str, str]:
        above = self._above.setdefault(name, name)
        while above != self._above[above]:
            above = self._above[above]
        self._above[name] = above
        return above

    def join(self, names: Iterable[tuple[str, str]]) -> None:
        for one, other in pairwise(names):
            self._above[self.root(one)] = self.root(other)


def _cut(problem: Problem, links: _Links, roots: set[tuple[str, str]]) -> Problem:
    def of(kind: str, names: Iterable[str]) -> set[str]:
        return {name for name in names if links.root((kind, name)) in roots}

    return _kept(
        problem,
        of("visit", (visit.id for visit in problem.visits)),
        of("inspector", (inspector.id for inspector in problem.inspectors)),
        of("inspectee", (inspectee.id for inspectee in problem.inspectees)),
        of("resource", (resource.id for resource in problem.resources)),
    )


def _kept(problem: Problem, visits: set[str], people: set[str], units: set[str], cars: set[str]) -> Problem:
    """The problem with these visits, people, units and cars; great circles need no places but theirs."""
    inspectors = tuple(inspector for inspector in problem.inspectors if inspector.id in people)
    inspectees = tuple(inspectee for inspectee in problem.inspectees if inspectee.id in units)
    places = {inspector.base for inspector in inspectors} | {inspectee.place for inspectee in inspectees}
    tags = {tag for inspector in inspectors for tag in inspector.tags}
    past = {entry.visit for entry in problem.history}
    return replace(
        problem,
        places=tuple(p for p in problem.places if p.id in places or not isinstance(problem.travel, GreatCircle)),
        inspectors=inspectors,
        inspectees=inspectees,
        resources=tuple(resource for resource in problem.resources if resource.id in cars),
        visits=tuple(
            replace(visit, excluded=visit.excluded & people, prefers=visit.prefers & people)
            for visit in problem.visits
            if visit.id in visits
        ),
        precedences=tuple(
            order for order in problem.precedences if order.after in visits and order.before in visits | past
        ),
        pins=tuple(pin for pin in problem.pins if pin.visit in visits),
        baseline=tuple(entry for entry in problem.baseline if entry.visit in visits),
        balance_groups=tuple(group for group in problem.balance_groups if group in tags),
    )
