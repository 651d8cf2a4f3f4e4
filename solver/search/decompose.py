"""Splits a problem into parts that have nothing in common, and a part into areas that are searched apart.

Parts share no inspector, inspectee, resource, precedence, separation or balance group: they could be problems of their
own. An area is the visits of one pool. Areas of one part stay in the same arrays, so nothing has to be joined; those
that have something in common are never searched at the same time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.calendar import IntArray
from solver.candidates import Candidates
from solver.problem import Problem

LEAST_PART = 1_000
"""Parts with fewer visits than this are taken together."""


class _Unions:
    """Disjoint sets of whatever is named."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def find(self, name: Hashable) -> Hashable:
        """The name that stands for the set."""
        parent = self._parent.setdefault(name, name)
        while parent != self._parent[parent]:
            self._parent[name] = self._parent[parent]
            name = self._parent[name]
            parent = self._parent[name]
        return parent

    def join(self, names: Iterable[Hashable]) -> None:
        """Make one set of the sets of these."""
        first: Hashable | None = None
        for name in names:
            if first is None:
                first = self.find(name)
            else:
                self._parent[self.find(name)] = first


@dataclass(frozen=True, slots=True)
class Part:
    """Visits and inspectors of a problem, by number, that have nothing in common with the others."""

    visits: tuple[int, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """Visits of one part that are searched together, by the part's numbers.

    ``touches`` are the things that the search of the area may change; areas that touch the same are searched one
    after the other, those with ``is_first`` before the others.
    """

    number: int
    visits: IntArray
    touches: frozenset[Hashable]
    is_first: bool


def split(candidates: Candidates) -> tuple[Part, ...]:
    """The parts of a problem, in the order of their first visits; inspectors without a visit are in none."""
    problem = candidates.problem
    unions = _Unions()
    for tag, people in _people_by_tag(problem).items():
        if tag in problem.balance_groups:
            unions.join(("person", k) for k in people)
    for names in _pool_names(candidates):
        unions.join(names)
    for visit in problem.visits:
        unions.join(
            [
                ("visit", visit.id),
                ("pool", visit.team.pool),
                ("inspectee", visit.inspectee),
                *(("resource", name) for name in visit.resources),
            ]
        )
    for one, other in problem.coupled_visits():
        unions.join([("visit", one), ("visit", other)])
    visits: dict[Hashable, list[int]] = {}
    for k, visit in enumerate(problem.visits):
        visits.setdefault(unions.find(("visit", visit.id)), []).append(k)
    people_of: dict[Hashable, list[int]] = {root: [] for root in visits}
    for k in range(len(problem.inspectors)):
        root = unions.find(("person", k))
        if root in people_of:
            people_of[root].append(k)
    return _gathered([(visits[root], people_of[root]) for root in visits])


def _pool_names(candidates: Candidates) -> list[list[Hashable]]:
    """Each pool with the people who bear one of its tags."""
    by_tag = _people_by_tag(candidates.problem)
    pools = dict.fromkeys(visit.team.pool for visit in candidates.problem.visits)
    return [[("pool", pool), *(("person", k) for tag in pool for k in by_tag.get(tag, ()))] for pool in pools]


def _people_by_tag(problem: Problem) -> dict[str, list[int]]:
    people: dict[str, list[int]] = {}
    for k, inspector in enumerate(problem.inspectors):
        for tag in inspector.tags:
            people.setdefault(tag, []).append(k)
    return people


def _gathered(pieces: Sequence[tuple[list[int], list[int]]]) -> tuple[Part, ...]:
    """The pieces as parts, neighbours taken together until a part has ``LEAST_PART`` visits."""
    parts: list[Part] = []
    visits: list[int] = []
    people: list[int] = []
    for piece_visits, piece_people in pieces:
        visits += piece_visits
        people += piece_people
        if len(visits) >= LEAST_PART:
            parts.append(Part(tuple(sorted(visits)), tuple(sorted(people))))
            visits, people = [], []
    if visits:
        parts.append(Part(tuple(sorted(visits)), tuple(sorted(people))))
    return tuple(parts)


def areas_of(problem: Problem, part: Part) -> tuple[Area, ...]:
    """The areas of a part: one for each set of pools with inspectors in common.

    A visit whose pool joins several of these belongs to that of the first tag that somebody bears; its area is
    searched first, and the visit stands fixed while the others are searched.
    """
    people = set(part.people)
    by_tag = {tag: [k for k in found if k in people] for tag, found in _people_by_tag(problem).items()}
    unions = _Unions()
    pools = dict.fromkeys(problem.visits[k].team.pool for k in part.visits)
    for pool in pools:
        if len(pool) == 1:
            unions.join([("pool", pool[0]), *(("person", k) for k in by_tag.get(pool[0], ()))])
    home: dict[tuple[str, ...], Hashable] = {}
    bridges: set[Hashable] = set()
    for pool in pools:
        bearers = [k for tag in pool for k in by_tag.get(tag, ())]
        home[pool] = unions.find(("person", bearers[0])) if bearers else ("pool", pool)
        if len({unions.find(("person", k)) for k in bearers}) > 1:
            bridges.add(home[pool])
    members: dict[Hashable, list[int]] = {}
    for local, k in enumerate(part.visits):
        members.setdefault(home[problem.visits[k].team.pool], []).append(local)
    return tuple(
        Area(number, np.array(locals_, dtype=np.int64), _touched(problem, part, locals_, by_tag), root in bridges)
        for number, (root, locals_) in enumerate(members.items())
    )


def _touched(problem: Problem, part: Part, members: Sequence[int], by_tag: dict[str, list[int]]) -> frozenset[Hashable]:
    """What the search of these visits may change or must not see changed."""
    touched: set[Hashable] = set()
    visits = [problem.visits[part.visits[local]] for local in members]
    ids = {visit.id for visit in visits}
    people = {k for pool in {visit.team.pool for visit in visits} for tag in pool for k in by_tag.get(tag, ())}
    groups = set(problem.balance_groups)
    for k in people:
        touched.add(("person", k))
        touched.update(("group", tag) for tag in groups.intersection(problem.inspectors[k].tags))
    for visit in visits:
        touched.add(("inspectee", visit.inspectee))
        touched.update(("resource", name) for name in visit.resources)
    for one, other in problem.coupled_visits():
        if one in ids or other in ids:
            touched.update((("visit", one), ("visit", other)))
    return frozenset(touched)


def waves(areas: Sequence[Area]) -> tuple[tuple[Area, ...], ...]:
    """The areas in groups of which no two touch the same: the members of a wave may be searched side by side."""
    found: list[tuple[list[Area], set[Hashable]]] = []
    for area in sorted(areas, key=lambda area: (not area.is_first, -len(area.visits), area.number)):
        for members, touched in found:
            if area.is_first == members[0].is_first and touched.isdisjoint(area.touches):
                members.append(area)
                touched.update(area.touches)
                break
        else:
            found.append(([area], set(area.touches)))
    return tuple(tuple(members) for members, _ in found)
